"""The event stream: who may listen to what, how soon, and what happens when Valkey or a token ends."""

import time

import pytest
import requests
from django.conf import settings
from django.core import signing

from tenants import live
from tests.conversations.live.conftest import OURS, THEIRS, Listener, Live, mint, until

pytestmark = pytest.mark.fault


def test_a_hint_reaches_the_pages_of_its_company_within_a_second_and_nobody_elses(live_process: Live) -> None:
    ours, theirs = live_process.listen(mint()), live_process.listen(mint(THEIRS))
    assert ours.next("ready") == theirs.next("ready") == {"away": False}

    def seconds_to(page: Listener) -> float:
        begun = time.monotonic()
        live_process.valkey.publish(live.company_topic(OURS), name="conversations", ids=["a"])
        assert page.next("hint") == [{"name": "conversations", "ids": ["a"], "more": False}]
        return time.monotonic() - begun

    assert min(seconds_to(ours) for _ in range(4)) < 1  # the quickest: the others may have waited for a processor
    assert theirs.silent(0.5)


def test_hints_of_one_moment_come_as_one(live_process: Live) -> None:
    page = live_process.listen(mint())
    page.next("ready")

    for number in range(50):
        live_process.valkey.publish(live.company_topic(OURS), name="conversations", ids=[f"c{number % 5}"])
    live_process.valkey.publish(live.company_topic(OURS), name="number", ids=["n"])

    seen: dict[str, set[str]] = {"conversations": set(), "number": set()}
    events = 0
    while seen["conversations"] != {f"c{number}" for number in range(5)} or not seen["number"]:
        events += 1
        for hint in page.next("hint"):
            seen[hint["name"]].update(hint["ids"])
    assert events <= 3


def test_more_than_a_page_can_show_is_told_as_such(live_process: Live) -> None:
    page = live_process.listen(mint())
    page.next("ready")

    live_process.valkey.publish(live.company_topic(OURS), name="conversations", ids=[f"c{n}" for n in range(500)])

    assert page.next("hint") == [{"name": "conversations", "ids": [], "more": True}]


def test_what_is_no_hint_is_dropped_and_the_next_one_comes(live_process: Live) -> None:
    page = live_process.listen(mint())
    page.next("ready")

    live_process.valkey.publish(live.company_topic(OURS), nonsense=True)
    live_process.valkey.publish(live.company_topic(OURS), name="conversations", ids=["a"])

    assert page.next("hint")[0]["ids"] == ["a"]


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", mint()[:-2] + "xx"])
def test_a_token_that_is_not_ours_opens_nothing(live_process: Live, token: str) -> None:
    assert live_process.listen(token).status == 401


def test_a_token_signed_with_another_key_opens_nothing(live_process: Live) -> None:
    forged = signing.dumps([OURS, "u1", [live.company_topic(OURS)], ""], key="another", salt=live.SALT)

    assert live_process.listen(forged).status == 401


def test_a_page_of_ours_on_another_address_may_listen_and_a_strangers_may_not(live_process: Live) -> None:
    token = mint(origin="https://service.brand.example")

    own = live_process.listen(token, Origin="https://service.brand.example")
    sister = live_process.listen(token, Origin="http://fietsland.test:8000")
    stranger = live_process.listen(token, Origin="https://fietsland.test.evil.example")

    assert own.headers["access-control-allow-origin"] == "https://service.brand.example"
    assert sister.headers["access-control-allow-origin"] == "http://fietsland.test:8000"
    assert "access-control-allow-credentials" not in sister.headers
    assert stranger.status == 403


class SignedBefore(signing.TimestampSigner):
    """Signs as somebody did some seconds ago."""

    ago = 0.0

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time() - self.ago))


def test_a_stream_ends_with_renew_before_its_token_does(live_process: Live) -> None:
    signer = SignedBefore(key=settings.LIVE_KEY, salt=live.SALT)
    signer.ago = live.LIFETIME.total_seconds() - 22  # streams end 20 to 60 seconds before their token
    page = live_process.listen(signer.sign_object([OURS, "u1", [live.company_topic(OURS)], ""]))

    page.next("ready")
    assert page.next("renew") == {}
    assert page.ended()


def test_a_token_whose_time_is_over_opens_nothing(live_process: Live) -> None:
    signer = SignedBefore(key=settings.LIVE_KEY, salt=live.SALT)
    signer.ago = live.LIFETIME.total_seconds() + 1

    assert live_process.listen(signer.sign_object([OURS, "u1", [live.company_topic(OURS)], ""])).status == 401


def test_while_valkey_is_away_pages_are_told_and_afterwards_hints_come_again(live_process: Live) -> None:
    page = live_process.listen(mint())
    page.next("ready")

    live_process.valkey.stop()
    page.next("away")
    late = live_process.listen(mint())
    assert late.next("ready") == {"away": True}
    live_process.valkey.start()
    page.next("back")
    late.next("back")
    live_process.valkey.publish(live.company_topic(OURS), name="conversations", ids=["a"])

    assert page.next("hint")[0]["ids"] == ["a"]
    assert late.next("hint")[0]["ids"] == ["a"]


def test_a_page_that_leaves_is_forgotten(live_process: Live) -> None:
    page = live_process.listen(mint())
    page.next("ready")
    assert live_process.health()["streams"] == 1

    page.close()

    until(lambda: live_process.health()["streams"] == 0, "the stream stayed")


def test_other_addresses_and_methods_are_answered_plainly(live_process: Live) -> None:
    assert requests.get(f"{live_process.url}/", timeout=5).status_code == 404
    assert requests.post(f"{live_process.url}/stream", timeout=5).status_code == 405


def test_when_somebodys_rights_change_her_stream_asks_for_a_new_token_and_the_old_one_opens_nothing(
    live_process: Live,
) -> None:
    old = mint(user="hers")
    hers, anothers = live_process.listen(old), live_process.listen(mint(user="his"))
    assert hers.next("ready") == anothers.next("ready")

    live_process.valkey.publish(live.user_topic(OURS, "hers"), name=live.ACCESS, ids=[])

    assert hers.next("hint") == [{"name": "access", "ids": [], "more": False}]
    assert hers.next("renew") == {}
    assert hers.ended()
    assert live_process.listen(old).status == 401
    assert live_process.listen(mint(user="hers")).status == 200  # asked for afterwards
    assert anothers.silent(0.2)
