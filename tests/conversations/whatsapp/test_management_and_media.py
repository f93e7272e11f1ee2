"""Numbers, accounts, templates and tokens can be asked about, and files go and come whole."""

import base64
import hashlib
import io
import socket

import pytest

from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.credentials import Access, BadCredentials
from conversations.whatsapp.management import GraphManagement, GraphRefused, GraphUnreachable, graph_for
from conversations.whatsapp.media import MediaClient, MediaDamaged, MediaGone, MediaTooBig, same_hash
from tests.conversations.whatsapp.conftest import StandIn, drops, drops_half_way, hangs, raw, refuses, says

FILE = bytes(range(256)) * 4000
HASH = hashlib.sha256(FILE)


def info(platform: StandIn, **changes: object):
    values = {"url": f"{platform.url}/bytes", "mime_type": "image/jpeg", "sha256": HASH.hexdigest(), "id": "77"}
    return says({**values, "file_size": len(FILE), **changes})


def test_fields_of_number_and_account_are_asked_for(platform):
    platform.will(says({"id": "1065", "quality_rating": "GREEN"}))

    with graph_for(platform.number(app_secret="s3cret")) as graph:
        assert graph.phone_number("1065")["quality_rating"] == "GREEN"
        assert graph.waba("1022")["id"] == "1065"
    number, waba = platform.seen
    assert number.path == "/v25.0/1065"
    assert "health_status" in number.query["fields"]
    assert "primary_funding_id" in waba.query["fields"]
    assert len(number.query["appsecret_proof"]) == 64


def test_a_field_that_the_platform_no_longer_knows_does_not_hide_the_others(platform):
    platform.will(refuses(100), says({"id": "1065", "status": "CONNECTED"}), refuses(100, error_subcode=33))

    with graph_for(platform.number()) as graph:
        assert graph.phone_number("1065")["status"] == "CONNECTED"
        with pytest.raises(GraphRefused):
            graph.phone_number("1066")
    assert len(platform.seen) == 3
    assert "health_status" not in platform.seen[1].query["fields"]


def test_templates_come_page_by_page_with_our_own_address(platform):
    more = {"cursors": {"after": "A2"}, "next": "https://example.org/steal?access_token=x"}
    platform.will(says({"data": [{"name": "one"}, 7], "paging": more}), says({"data": [{"name": "two"}], "paging": {}}))

    with graph_for(platform.number()) as graph:
        assert [row["name"] for row in graph.templates("1022")] == ["one", "two"]
    assert [seen.query.get("after") for seen in platform.seen] == [None, "A2"]


def test_a_list_that_turns_in_circles_ends(platform):
    platform.will(says({"data": [{"name": "x"}], "paging": {"cursors": {"after": "A"}, "next": "again"}}))

    with graph_for(platform.number()) as graph:
        assert len(graph.templates("1022")) == 2


def test_subscriptions_are_made_listed_and_ended(platform):
    platform.will(says({"success": True}), says({"data": [{"whatsapp_business_api_data": {"id": "5"}}]}), says({}))

    with graph_for(platform.number()) as graph:
        graph.subscribe("1022")
        assert len(graph.subscribed_apps("1022")) == 1
        graph.unsubscribe("1022")
    assert [seen.method for seen in platform.seen] == ["POST", "GET", "DELETE"]


def test_a_token_is_looked_at_with_the_apps_own(platform):
    platform.will(says({"data": {"is_valid": True, "expires_at": 0, "scopes": ["whatsapp_business_messaging"]}}))

    with GraphManagement(Access(platform.url, "v25.0", "123|s3cret")) as graph:
        assert graph.debug_token("EAAother")["is_valid"] is True
    assert platform.seen[0].query == {"input_token": "EAAother"}


def test_a_refusal_names_its_rule(platform):
    platform.will(refuses(190, status=401))

    with graph_for(platform.number()) as graph, pytest.raises(GraphRefused) as refused:
        graph.phone_number("1065")
    assert (refused.value.code, refused.value.http_status, refused.value.details) == (190, 401, "Because.")
    assert "EAAtoken" not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    [
        *(drops, drops_half_way, hangs, raw(b"<html>"), raw(b"[]"), raw(b"", status=503), raw(b"", status=302)),
        raw(b"x" * 9_000_000),
    ],
)
def test_an_answer_that_cannot_be_read_says_so(platform, answer):
    platform.will(answer)

    with GraphManagement(platform.number(), read_seconds=0.4) as graph, pytest.raises(GraphUnreachable):
        graph.phone_number("1065")


def test_an_address_where_nobody_listens_is_unreachable(platform):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with graph_for(platform.number(graph_url=f"http://127.0.0.1:{port}")) as graph, pytest.raises(GraphUnreachable):
        graph.phone_number("1065")


def test_ids_and_tokens_that_lead_elsewhere_are_never_sent(platform):
    with graph_for(platform.number()) as graph:
        for odd in ("../me", "1/2", ""):
            with pytest.raises(BadCredentials):
                graph.phone_number(odd)
    with graph_for(platform.number(token="a\nb")) as graph, pytest.raises(BadCredentials):
        graph.phone_number("1065")
    assert platform.seen == []


def test_a_file_is_brought_to_the_platform(platform):
    platform.will(says({"id": "4490709327384033"}))

    with MediaClient(platform.number()) as media:
        media_id = media.upload(io.BytesIO(FILE), size=len(FILE), mime_type="image/jpeg", filename='fo"to\r\n.jpg')

    (seen,) = platform.seen
    assert media_id == "4490709327384033"
    assert seen.path == "/v25.0/1065/media"
    assert int(seen.headers["Content-Length"]) == len(seen.body)
    assert FILE in seen.body
    assert b'name="type"\r\n\r\nimage/jpeg\r\n' in seen.body
    assert b'filename="foto.jpg"' in seen.body


def test_a_refused_file_names_its_rule(platform):
    platform.will(refuses(131053))

    with MediaClient(platform.number()) as media, pytest.raises(GraphRefused):
        media.upload(io.BytesIO(b"x"), size=1, mime_type="image/jpeg", filename="a.jpg")


@pytest.mark.parametrize("announced", ["", HASH.hexdigest().upper(), base64.b64encode(HASH.digest()).decode()])
def test_a_file_is_fetched_whole_with_the_token_and_its_hash_compared(platform, announced):
    platform.will(info(platform), raw(FILE))
    into = io.BytesIO()

    with MediaClient(platform.number()) as media:
        found = media.download("77", into, sha256=announced)

    assert into.getvalue() == FILE
    assert (found.size, found.sha256, found.mime_type, found.verified) == (
        len(FILE),
        HASH.hexdigest(),
        "image/jpeg",
        True,
    )
    assert platform.seen[0].query == {"phone_number_id": "1065"}
    assert platform.seen[1].headers["Authorization"] == "Bearer EAAtoken"


def test_an_address_that_has_expired_is_asked_for_once_more(platform):
    platform.will(info(platform), raw(b"gone", status=404), info(platform), raw(FILE))
    into = io.BytesIO()

    with MediaClient(platform.number()) as media:
        assert media.download("77", into).size == len(FILE)
    assert into.getvalue() == FILE


def test_a_file_that_stays_away_is_gone(platform):
    platform.will(info(platform), raw(b"", status=404), info(platform), raw(b"", status=404))

    with MediaClient(platform.number()) as media, pytest.raises(MediaGone):
        media.download("77", io.BytesIO())
    assert len(platform.seen) == 4


@pytest.mark.parametrize("size", [None, len(FILE)])
def test_a_file_that_is_too_big_is_stopped_announced_or_not(platform, size):
    platform.will(info(platform, file_size=size), raw(FILE))

    with MediaClient(platform.number()) as media, pytest.raises(MediaTooBig):
        media.download("77", io.BytesIO(), max_bytes=1000)


def test_a_damaged_file_is_not_taken(platform):
    platform.will(info(platform), raw(FILE[:-1] + b"x"))

    with MediaClient(platform.number()) as media, pytest.raises(MediaDamaged):
        media.download("77", io.BytesIO())


@pytest.mark.parametrize("answer", [drops_half_way, raw(b"", status=500), hangs])
def test_a_file_that_does_not_arrive_whole_is_unreachable(platform, answer):
    platform.will(info(platform), answer)

    with MediaClient(platform.number(), read_seconds=0.4) as media, pytest.raises(GraphUnreachable):
        media.download("77", io.BytesIO())


@pytest.mark.parametrize(
    "url", ["https://example.org/x", "http://127.0.0.1:9/x", "file:///etc/passwd", "https://[::1]/x"]
)
def test_a_file_is_never_fetched_from_elsewhere(platform, url):
    platform.will(info(platform, url=url))

    with MediaClient(platform.number()) as media, pytest.raises(AddressRefused):
        media.download("77", io.BytesIO())


def test_a_redirect_is_followed_within_and_refused_elsewhere(platform):
    platform.will(info(platform), raw(b"", status=302, headers={"Location": "/moved"}), raw(FILE))
    with MediaClient(platform.number()) as media:
        assert media.download("77", io.BytesIO()).verified
    assert platform.seen[-1].path == "/moved"

    platform.answers.clear()
    platform.will(info(platform), raw(b"", status=302, headers={"Location": "http://169.254.169.254/latest"}))
    with MediaClient(platform.number()) as media, pytest.raises(AddressRefused):
        media.download("77", io.BytesIO())


def test_redirects_that_never_end_are_given_up(platform):
    platform.will(info(platform), raw(b"", status=302, headers={"Location": "/round"}))

    with MediaClient(platform.number()) as media, pytest.raises(GraphUnreachable):
        media.download("77", io.BytesIO())


@pytest.mark.parametrize("announced", ["x", "ä", "0" * 64, "====", base64.b64encode(b"short").decode()])
def test_an_odd_hash_is_no_match(announced):
    assert not same_hash(announced, HASH.digest())


def test_a_hash_may_be_base64_without_padding_or_for_urls():
    assert same_hash(base64.b64encode(HASH.digest()).decode().rstrip("="), HASH.digest())
    assert same_hash(base64.urlsafe_b64encode(HASH.digest()).decode(), HASH.digest())
