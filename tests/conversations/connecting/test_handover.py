"""What a number on the phone app hands over: nothing is asked before the ground is recorded, and everything once."""

import pytest

from conversations.models import NumberSync
from tenants.accounts.models import AuditEntry
from tests.architecture import html_rules
from tests.conversations.connecting.conftest import Finish, Hand
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")

BOTH = {"contacts": "on", "history": "on", "ground": "contract", "note": "Customers with open orders"}


@pytest.fixture
def shared(hand: Hand, finish: Finish) -> Hand:
    """A number that stays on the phone app, connected a moment ago."""
    hand.begin("coexistence")
    ended = finish("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING")
    hand.tell(ended["session"]["event"], **ended["session"]["data"])
    hand.code(ended["code"])
    hand.worked()
    return hand


def asked(simulator: Simulator, hand: Hand) -> list[str]:
    rows = simulator.get("world")["numbers"]
    number = next(one for one in rows if one["id"] == hand.last().phone_number_id)
    return sorted(number.get("state", {}).get("syncs", {}))


def test_nothing_is_asked_before_the_ground_is_recorded(shared: Hand, business: Simulator, enter: Enter) -> None:
    assert shared.answer("handover", history="on").status_code == 422
    assert shared.answer("handover", history="on", ground="contract").status_code == 422
    shared.worked()

    assert asked(business, shared) == []
    with enter(shared.company):
        assert not NumberSync.objects.exists()


def test_contacts_and_history_are_asked_for_once_with_their_ground(
    shared: Hand, business: Simulator, enter: Enter
) -> None:
    assert shared.answer("handover", **BOTH).status_code == 302
    shared.worked()

    assert asked(business, shared) == ["history", "smb_app_state_sync"]
    assert shared.steps()["handover"] == "handover_running"
    with enter(shared.company):
        syncs = list(NumberSync.objects.all())
        assert {sync.kind for sync in syncs} == {"contacts", "history"}
        assert all(sync.request_id and sync.legal_basis.startswith("contract: ") for sync in syncs)
        entry = AuditEntry.objects.get(action="number.handover_decided")
        assert (entry.ground, entry.details["kinds"]) == ("contract", ["contacts", "history"])
    page = shared.page("handover")
    assert html_rules.breaches_in(page) == []
    assert "Customers with open orders" in page
    assert shared.answer("handover", **BOTH).status_code == 422


def test_taking_nothing_over_is_a_choice_too(shared: Hand, business: Simulator) -> None:
    assert shared.answer("handover").status_code == 302
    shared.worked()

    assert asked(business, shared) == []
    assert shared.steps()["handover"] == "done"
    assert "nothing is taken over" in shared.page("handover")


@pytest.mark.parametrize(
    ("before", "problem"), [({"syncs": {"history": "1"}}, "handover_asked"), ({"onboarded_at": 1}, "handover_late")]
)
def test_what_the_platform_refuses_is_said_in_words(
    shared: Hand, business: Simulator, before: dict[str, object], problem: str
) -> None:
    number = next(one for one in business.get("world")["numbers"] if one["id"] == shared.last().phone_number_id)
    business.post("world", numbers=[{**number, "state": {**number["state"], **before}}])

    shared.answer("handover", history="on", ground="consent", note="Asked by letter")
    shared.worked()

    assert shared.steps()["handover"] == problem
    assert shared.number().state == "live"


def test_a_number_that_is_not_on_the_phone_hands_nothing_over(hand: Hand, business: Simulator) -> None:
    hand.by_hand()

    assert "handover" not in hand.steps()
    assert hand.answer("handover", **BOTH).status_code == 422
