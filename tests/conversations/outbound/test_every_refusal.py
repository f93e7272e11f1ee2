"""Every documented refusal of the platform, given by the simulator: what becomes of message, number, others and words.

One case for each rule of the catalogue, with all of its codes; what is expected is written down here a second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from conversations.models import Alarm, Contact, Conversation, Message, MessageTemplate, PhoneNumber
from conversations.services import message_templates
from conversations.services.contacts import consent
from conversations.services.numbers import account_calls, number_probe
from conversations.status import MessageStatus
from conversations.whatsapp.errors import CATALOGUE, rule_for
from tenants import work
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tests.conversations.outbound.people import Outbound, send_until_quiet
from tests.conversations.outbound.postbox import Postbox
from tests.fixtures.people import browser, browser_of
from tests.fixtures.work import RunDue

FAILED, QUEUED, ACCEPTED = MessageStatus.FAILED, MessageStatus.QUEUED, MessageStatus.ACCEPTED
MANY = 20  # of a longer range whose codes each stop the number, its ends and one between are tried


@dataclass(frozen=True)
class Case:
    """Codes with one meaning. number: its state after it; waits: seconds at least until the message may go again."""

    codes: tuple[int, ...]
    actor: str
    retry: str = "never"
    message: MessageStatus = FAILED
    number: str = "live"
    waits: float = 0

    def __str__(self) -> str:
        return str(self.codes[0])


def fails(*codes: int, actor: str, retry: str = "never") -> Case:
    return Case(codes, actor, retry)


def stops(*codes: int, actor: str, number: str = "paused") -> Case:
    return Case(codes, actor, "after_fix", QUEUED, number)


def waits(*codes: int, actor: str, seconds: float) -> Case:
    return Case(codes, actor, "automatic", QUEUED, waits=seconds)


def passes(*codes: int, actor: str, seconds: float) -> Case:
    return Case(codes, actor, "automatic", ACCEPTED, waits=seconds)


CASES = [
    stops(0, 190, actor="company_admin"),
    waits(1, 2, 131000, 131016, actor="meta", seconds=6),
    stops(3, 10, 131005, *range(200, 300), actor="agency"),
    waits(4, actor="nobody", seconds=0),
    waits(80007, actor="nobody", seconds=0),  # apart: each holds up the number, and with it the other
    stops(33, actor="agency", number="stopped"),
    fails(100, 131008, 131009, 135000, actor="developer"),
    stops(368, 131031, 141008, 141014, actor="company_admin"),
    waits(613, actor="agent", seconds=3600),
    fails(130403, actor="agent"),
    passes(130429, actor="nobody", seconds=1),
    fails(130472, actor="nobody"),
    fails(130497, actor="agent"),
    fails(131020, 131041, 131059, *range(131201, 131216), actor="agent"),
    fails(131021, actor="agent"),
    fails(131026, actor="agent"),
    fails(131030, actor="agency", retry="after_fix"),
    stops(131037, actor="company_admin"),
    stops(131042, 131044, actor="company_admin"),
    stops(131045, 133010, actor="agency"),
    fails(131047, actor="agent"),
    waits(131048, actor="company_admin", seconds=300),
    fails(131049, actor="nobody"),
    fails(131050, actor="nobody"),
    fails(131051, 131055, actor="agent"),
    fails(131052, 131060, actor="agent"),
    fails(131053, actor="agent"),
    waits(131056, actor="nobody", seconds=4),
    waits(131057, actor="meta", seconds=100),
    fails(131062, actor="agent", retry="after_fix"),
    fails(131063, actor="agency", retry="after_fix"),
    fails(131064, actor="agent"),
    fails(132000, 132005, 132008, 132012, 132018, actor="agent"),
    fails(132001, actor="agent"),
    fails(132007, actor="company_admin"),
    fails(132015, actor="company_admin"),
    fails(132016, actor="company_admin"),
    fails(132068, *range(139000, 139005), actor="company_admin", retry="after_fix"),
    waits(132069, actor="company_admin", seconds=3600),
    waits(133000, 133004, actor="agency", seconds=6),
    fails(133005, 133008, 133009, actor="agency", retry="after_fix"),
    fails(133006, 2388012, 2388091, 2388093, 2388103, 2494100, actor="agency", retry="after_fix"),
    waits(133015, actor="agency", seconds=300),
    stops(133016, actor="agency"),
    fails(134011, actor="company_admin", retry="after_fix"),
    fails(134100, 134101, 134102, actor="agency", retry="after_fix"),
    fails(137000, actor="agent"),
    fails(*range(138000, 138019), actor="agent"),
    fails(*range(139100, 139104), actor="agent"),
    fails(*range(147001, 147006), actor="company_admin", retry="after_fix"),
    fails(*range(200005, 200008), actor="company_admin", retry="after_fix"),
    fails(2388019, actor="company_admin", retry="after_fix"),
    fails(2388024, actor="company_admin", retry="after_fix"),
    fails(2388039, actor="company_admin", retry="after_fix"),
    fails(2388040, 2388047, 2388072, 2388073, 2388293, 2388299, actor="company_admin", retry="after_fix"),
    fails(2593107, 2593108, actor="agency"),
    fails(2593109, actor="company_admin"),
    fails(7654321, actor="developer"),  # a code that nobody has seen
]
# What may come as a failed status long after the platform accepted the message.
LATE = (131026, 131042, 131047, 131049, 131050, 131053, 130472, 132015, 132016, 131048, 131031, 7654321)


def test_the_cases_name_every_code_of_the_catalogue_once() -> None:
    named = [code for case in CASES for code in case.codes if code != 7654321]

    assert sorted(named) == sorted(CATALOGUE)


def tried(case: Case) -> tuple[int, ...]:
    """All codes; of a long range that would stop the number a hundred times, a few."""
    if case.number == "live" or len(case.codes) <= MANY:
        return case.codes
    return (*case.codes[:4], case.codes[len(case.codes) // 2], case.codes[-1])


def refused(shop: Outbound, code: int, *, where: str = "send", times: int | None = 1) -> Message:
    """A text to somebody for whom the platform has this answer, so many times or always."""
    key = f"{where}{code}"
    conversation = shop.conversation(key)
    shop.simulator.fault(kind="refuse", where=where, code=code, person=key, count=times)
    return shop.text(conversation, f"about {code}")


def state_of(shop: Outbound) -> PhoneNumber:
    with inside(shop.company.schema_name):
        return PhoneNumber.objects.get()


def revive(shop: Outbound) -> None:
    shop.update(shop.number, state="live", state_reason="", not_before=None, marketing_not_before=None)


@pytest.fixture
def rested(shop: Outbound) -> Iterator[None]:
    """No account rests from the case before."""
    account_calls.forget(shop.number.waba_id)
    yield
    account_calls.forget(shop.number.waba_id)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_refusal_in_the_answer(shop: Outbound, care: Outbound, run_due: RunDue, case: Case, rested: None) -> None:
    messages = []
    for code in tried(case):
        messages.append(refused(shop, code, times=None if case.message == QUEUED else 1))
        if case.number != "live":
            run_due("outbound")
            number = state_of(shop)
            reason = "token_dead" if code in (0, 190) else f"error_{code}"
            assert (number.state, number.state_reason) == (case.number, reason)
            revive(shop)
            shop.update(messages[-1], not_before=timezone.now() + timedelta(hours=1))
    untouched = care.text(care.conversation("cor"), "of another company")
    if case.message == ACCEPTED:
        send_until_quiet(shop, run_due, seconds=60)
    run_due("outbound")

    for code, message in zip(tried(case), messages, strict=True):
        stored = shop.fresh(message)
        passed = case.message == ACCEPTED
        assert (stored.status, stored.error_code) == (case.message, None if passed else code)
        if case.waits:
            again = stored.sending_at if passed else stored.not_before
            before = stored.created_at if passed else stored.sending_at
            assert again and before
            assert again - before >= timedelta(seconds=case.waits)
    assert care.fresh(untouched).status == ACCEPTED
    assert state_of(care).state == "live"
    assert state_of(shop).state == "live"
    with inside(shop.company.schema_name):
        assert Alarm.objects.filter(severity=Alarm.Severity.CRITICAL).exists() is (case.number != "live")
    if case.message != ACCEPTED:
        assert_says(shop, shop.fresh(messages[0]), case)


def assert_says(shop: Outbound, message: Message, case: Case) -> None:
    """Bubble and API give the reason, who acts and what to do, in words."""
    code = case.codes[0]
    rule = rule_for(code)
    page = browser_of(shop.agent, company=shop.company).get(f"/inbox/{message.conversation_id}/").content.decode()
    for words in (rule.title, rule.cause, rule.next_step):
        assert str(escape(str(words))) in page

    with inside(shop.company.schema_name):
        _key, secret = api_keys.create_key("Shop", scopes=list(Scope), created_by=None)
    client = browser(f"{shop.company.subdomain}.test")
    answer = client.get(f"/api/v1/messages/{message.pk}", headers={"Authorization": f"Bearer {secret}"})
    told = answer.json()
    assert told["status"] == ("failed" if case.message == FAILED else "queued")
    assert (told["error"]["code"], told["error"]["actor"]) == (str(code), case.actor)
    assert told["error"]["retry"] == case.retry


@pytest.mark.parametrize("code", LATE)
def test_a_refusal_in_a_status_fails_the_message_and_has_the_same_consequences(
    shop: Outbound, care: Outbound, postbox: Postbox, run_due: RunDue, code: int
) -> None:
    message = refused(shop, code, where="status")
    other = shop.text(shop.conversation("other"), "goes")
    run_due("outbound")
    assert shop.fresh(message).status == ACCEPTED

    for letter in postbox.take(at_least=3):
        postbox.hand_on(letter)
    run_due("inbound")

    stored = shop.fresh(message)
    assert (stored.status, stored.error_code) == (FAILED, code)
    assert shop.fresh(other).status == MessageStatus.DELIVERED
    case = next(case for case in CASES if code in case.codes)
    number = state_of(shop)
    assert number.state == case.number
    assert (number.marketing_not_before is not None) is (code == 131048)
    assert state_of(care).state == "live"


# --- what each slows, and nothing else ------------------------------------------------------------------------------


def test_complaints_hold_back_marketing_and_no_reply(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    agreed = [shop.conversation(key) for key in ("ana", "ben", "cem")]
    news = [marketing(shop, conversation) for conversation in agreed]
    shop.simulator.fault(kind="refuse", code=131048, person="ana", count=1)
    shop.update(shop.number, messages_per_second=2)  # one at a time, so that it is the first that is refused
    run_due("outbound")
    shop.update(shop.number, messages_per_second=80)

    reply = shop.text(agreed[2], "An answer to you")
    run_due("outbound")

    number = state_of(shop)
    assert number.marketing_not_before and number.marketing_not_before > timezone.now() + timedelta(hours=3)
    assert number.state == "live"
    assert [shop.fresh(one).status for one in news] == [QUEUED] * 3
    assert shop.fresh(reply).status == ACCEPTED, "it does not wait behind the marketing of its own conversation"

    shop.update(shop.number, marketing_not_before=timezone.now())
    for one in news:
        shop.update(one, not_before=None)
    with inside(shop.company.schema_name):
        work.mark(work.Kind.OUTBOUND, key=str(shop.number.pk))
    send_until_quiet(shop, run_due)
    assert {shop.fresh(one).status for one in news} == {ACCEPTED}


def marketing(shop: Outbound, conversation: Conversation) -> Message:
    """A free text that counts as marketing, to somebody who agreed."""
    message = shop.text(conversation, "Our spring offer", priority=Message.Priority.BROADCAST)
    with inside(shop.company.schema_name):
        consent.give(conversation.contact, source="web_form", text="Yes, please")
    shop.update(message, purpose=Message.Purpose.MARKETING)
    return message


def test_a_limit_on_management_calls_holds_up_those_and_not_other_numbers(
    shop: Outbound, care: Outbound, run_due: RunDue, rested: None
) -> None:
    refused(shop, 80007)
    run_due("outbound")

    with inside(shop.company.schema_name):
        with pytest.raises(message_templates.TemplatesUnavailable):
            message_templates.sync(shop.number.waba_id)
        assert number_probe.probe(shop.number.phone_number_id) is False, "it is asked again later"
        assert account_calls.wait(shop.number.waba_id) > 50
    assert account_calls.wait(care.number.waba_id) == 0


def test_a_template_that_is_paused_in_the_middle_is_not_offered_and_the_rest_does_not_hammer(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    content = {"template": {"name": "order_update", "language": "nl", "category": "utility"}, "components": []}
    with inside(shop.company.schema_name):
        template = MessageTemplate.objects.create(
            waba_id=shop.number.waba_id, name="order_update", language="nl", category="UTILITY", status="APPROVED"
        )
    shop.simulator.post(
        "world",
        templates=[
            {
                "waba_id": shop.number.waba_id,
                "name": "order_update",
                "language": "nl",
                "category": "UTILITY",
                "status": "PAUSED",
                "components": [{"type": "BODY", "text": "On its way"}],
            }
        ],
    )
    queued = [shop.text(shop.conversation(f"p{who}"), "On its way") for who in range(4)]
    for one in queued:
        shop.update(one, type="template", content=content)
    shop.update(shop.number, messages_per_second=2)
    send_until_quiet(shop, run_due)

    with inside(shop.company.schema_name):
        assert MessageTemplate.objects.get(pk=template.pk).status == "PAUSED"
    stored = [shop.fresh(one) for one in queued]
    assert {one.status for one in stored} == {FAILED}
    assert [one.error_code for one in stored].count(132015) < len(queued)
    assert {one.refusal for one in stored} == {"", "template_unusable"}


def test_a_person_who_was_spared_marketing_is_left_alone_for_a_day(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    conversation = shop.conversation("ana")
    first = marketing(shop, conversation)
    shop.simulator.fault(kind="refuse", code=131049, person="ana", count=1)
    run_due("outbound")
    assert shop.fresh(first).error_code == 131049

    again = marketing(shop, conversation)
    run_due("outbound")
    assert shop.fresh(again).refusal == "marketing_rests"

    shop.update(first, failed_at=timezone.now() - timedelta(hours=25))
    later = marketing(shop, conversation)
    run_due("outbound")
    assert shop.fresh(later).status == ACCEPTED


def test_a_window_that_the_platform_calls_closed_is_closed_and_templates_are_offered(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    message = refused(shop, 131047)
    run_due("outbound")

    page = browser_of(shop.agent, company=shop.company).get(f"/inbox/{message.conversation_id}/").content.decode()
    assert "data-templates" in page
    assert "data-send-close" not in page


def test_who_stopped_marketing_at_the_platform_or_is_blocked_is_noted(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    stopped, blocked = refused(shop, 131050), refused(shop, 130403)
    run_due("outbound")

    with inside(shop.company.schema_name):
        assert Contact.objects.get(channels__messages=stopped).opted_out_at
        assert Contact.objects.get(channels__messages=blocked).blocked_at
