"""What was found stays where it is hidden: no page, answer, mail, log or other table has it as it was written."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.detectors import BULLET, DETECTORS, SURE, TERMS, scan
from conversations.models import Contact, Conversation, Draft, MediaFile, Message, Note, PhoneNumber, SensitiveFinding
from conversations.services.guard import guard_purging
from conversations.services.search import indexing
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Scope
from tenants.models import ClientCompany, WorkMark
from tests.architecture.walking import readable
from tests.conversations.api.conftest import Integrator, integrator_of
from tests.conversations.inbox.conftest import HX, Inbox
from tests.conversations.inbox.test_questions import ask, mail_out
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.webhooks import Deliver, change, envelope, text_message

SAMPLES = {
    "iban": "Mijn rekening is NL91 ABNA 0417 1643 00 graag",
    "card": "Mijn kaart is 4111 1111 1111 1111 geldig",
    "kvnr": "Meine Versichertennummer ist A123456780",
    "ehic": "Mijn EHIC is 80528123456789012345",
    "de_tax_id": "Meine Steuer-ID ist 36574261809",
    "be_national": "Mijn rijksregisternummer is 85.07.30-033.28",
    "fr_nir": "NIR 295109912611193",
    "de_pension": "Rentenversicherungsnummer 15 070649 C 103",
    "document": "mijn paspoortnummer is NXB1C2D34",
    "bsn": "Mijn BSN is 123456782",
    "secret": "mijn wachtwoord is Welkom123!",
}
# Doubtful ones only tell, what is too long to read has no text of its own, and words are hidden where the risk is high.
NOT_HIDDEN = TERMS | {"policy", "unread"}
NEEDLES = {
    name: text[hit.hide_start : hit.hide_end]
    for name, text in SAMPLES.items()
    for hit in scan(text, with_terms=False)
    if hit.confidence >= SURE
}
# Where the texts themselves are kept, to be hidden whenever they are shown.
ORIGINALS = {"conversations_message": ("body", "content"), "conversations_webhookcall": ("body",)}
BLANK = re.compile(r"<\w+:(\w+)>")


def test_there_is_a_sample_of_everything_that_is_hidden() -> None:
    assert set(SAMPLES) == set(NEEDLES) == set(DETECTORS) - NOT_HIDDEN


def planted(text: str, *, phone: str) -> list[dict[str, Any]]:
    """One text in every place where somebody who writes can put it."""
    asked = text_message(text, phone=phone)
    edited = text_message(text, phone=phone)
    chosen = {"type": "list_reply", "list_reply": {"id": "1", "title": "Dit", "description": text}}
    form = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": f'{{"a": "{text}"}}'}}
    card: dict[str, Any] = {"name": {"formatted_name": text, "first_name": "Ana"}, "org": {"company": text}}
    card |= {"addresses": [{"street": text}], "phones": [{"phone": "0612345678"}]}
    file = {"id": "7001", "mime_type": "application/pdf", "sha256": "x"}
    order = {"catalog_id": "1", "text": text, "product_items": [{"product_retailer_id": "f", "quantity": 1}]}
    change_of_it = {"original_message_id": edited["id"], "message": {"type": "text", "text": {"body": "De blauwe"}}}
    more: list[dict[str, Any]] = [
        {"type": "image", "image": {"id": "7002", "mime_type": "image/jpeg", "sha256": "x", "caption": text}},
        {"type": "document", "document": file | {"filename": f"{text}.pdf", "caption": text}},
        {"type": "location", "location": {"latitude": 52.1, "longitude": 5.1, "name": text, "address": text}},
        {"type": "contacts", "contacts": [card]},
        {"type": "interactive", "interactive": chosen},
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": text}}},
        {"type": "interactive", "interactive": form},
        {"type": "button", "button": {"payload": text, "text": text}},
        {"type": "order", "order": order},
        {"type": "edit", "edit": change_of_it},
    ]
    quoting = text_message("Dat bedoel ik", phone=phone, context={"from": phone, "id": asked["id"]})
    return [asked, edited, *(text_message(phone=phone, **one) for one in more), quoting]


def leaks(text: str) -> list[str]:
    """The samples that stand in a text as they were written, or without their gaps."""
    plain = html.unescape(text)
    return [name for name, raw in NEEDLES.items() if raw in plain or re.sub(r"\W", "", raw) in plain]


@pytest.fixture
def everything(
    company: ClientCompany,
    enter: Enter,
    number: PhoneNumber,
    deliver: Deliver,
    run_due: Callable[..., int],
    inbox: Inbox,
    as_agent: Client,
) -> list[Conversation]:
    """A conversation for each sample that holds it everywhere, also in what was sent and in the reason for that."""
    trusted = integrator_of(company, scopes=[Scope.MESSAGES_SEND, Scope.SENSITIVE_OVERRIDE])
    for at, text in enumerate(SAMPLES.values()):
        deliver(envelope(number.waba_id, change(number, messages=planted(text, phone=f"31612000{at:03d}"))))
    run_due("inbound")
    with enter(company):
        rows = list(Conversation.objects.select_related("contact").order_by("opened_at", "id"))
        MediaFile.objects.update(state="failed")
    by_phone = {row.contact.wa_id: row for row in rows}
    for at, text in enumerate(SAMPLES.values()):
        row = by_phone[f"31612000{at:03d}"]
        said = {"body": text, "token": str(uuid4()), "confirmed": f"sensitive_content:{text}"}
        assert as_agent.post(f"/inbox/{row.pk}/reply/", said, headers=HX).status_code == 200
    for row, text in ((by_phone[f"31612000{at:03d}"], text) for at, text in list(enumerate(SAMPLES.values()))[:2]):
        sent = {"conversation_id": str(row.pk), "text": {"body": text}, "override_reason": text}
        assert trusted.send(sent, key=text[:8]).status_code == 202
        stopped = {"body": f"Stop: {text}", "token": str(uuid4())}
        assert as_agent.post(f"/inbox/{row.pk}/reply/", stopped, headers=HX).status_code == 422
    with enter(company):
        indexing.index()
    return rows


def paths(routes: list[str], **known: list[Any]) -> Iterator[str]:
    """The addresses of these routes: each with every object of its first blank that is known, and any of the others."""
    for route in routes:
        blanks = BLANK.findall(route)
        if any(blank not in known for blank in blanks) or route.startswith("^"):
            continue
        for one in known[blanks[0]] if blanks else [None]:
            values = {blank: one if at == 0 else known[blank][0] for at, blank in enumerate(blanks)}
            yield "/" + BLANK.sub(lambda found, values=values: str(values[found[1]]), route)  # type: ignore[misc]


def test_nobody_meets_what_is_hidden_on_any_page_in_any_answer_mail_log_or_other_table(
    everything: list[Conversation],
    company: ClientCompany,
    enter: Enter,
    as_second_agent: Client,
    as_admin: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with enter(company):
        known: dict[str, list[Any]] = {
            "conversation_id": [row.pk for row in everything],
            "contact_id": list(Contact.objects.values_list("pk", flat=True)[:2]),
            "message_id": list(Message.objects.exclude(masks=None).values_list("pk", flat=True)[:1]),
            "media_id": list(MediaFile.objects.values_list("pk", flat=True)[:1]),
            "number_id": list(PhoneNumber.objects.values_list("pk", flat=True)),
            "user_id": list(User.objects.values_list("pk", flat=True)[:1]),
        }
        messages = list(Message.objects.values_list("pk", flat=True))
    found: dict[str, list[str]] = {}
    seen: list[str] = []

    def look(name: str, answer: Any) -> None:
        assert answer.status_code < 500, name
        body = (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace")
        seen.extend([name] if answer.status_code == 200 else [])
        assert name not in threads or body.count("Hidden here") >= 10, name  # or nothing was looked at
        told = leaks(body + str(answer.headers))
        if told:
            found[name] = told

    pages = [route for route in readable("config.urls_company") if not route.startswith(("api/", "accounts/"))]
    of_one = [route for route in pages if route.startswith("inbox/<")]
    first = dict(known, conversation_id=known["conversation_id"][:1])
    threads = list(paths(["inbox/<uuid:conversation_id>/"], **known))
    for path in [*threads[1:], *paths(of_one, **first)]:
        look(path, as_second_agent.get(path, headers=HX))
    for path in paths([route for route in pages if route not in of_one], **known):
        look(path, as_second_agent.get(path))
        look(f"admin {path}", as_admin.get(path))
    for text in ("mijn", "meine", "pdf"):
        for path in (f"/search/?q={text}", f"/command/?q={text}"):
            look(path, as_second_agent.get(path))
    reader = integrator_of(company, scopes=[one for one in Scope if not one.startswith("sensitive")])
    look_at_the_api(reader, look, rows=everything, messages=messages, known=known)

    assert found == {}
    assert len(seen) > 100
    assert [letter.subject for letter in mail.outbox if leaks(f"{letter.subject} {letter.body}")] == []
    assert leaks(caplog.text) == []
    assert leaking_tables(company, kept=ORIGINALS) == {}
    bare = leaking_tables(company, kept={})
    assert set(bare) == set(ORIGINALS) and all(sorted(told) == sorted(SAMPLES) for told in bare.values())


def look_at_the_api(
    reader: Integrator,
    look: Callable[[str, Any], None],
    *,
    rows: list[Conversation],
    messages: list[Any],
    known: dict[str, list[Any]],
) -> None:
    routes = [route for route in readable("config.urls_company") if route.startswith("api/v1/")]
    for path in [
        *paths([route for route in routes if "<" not in route]),
        *paths([route for route in routes if "conversations/<" in route], pk=[row.pk for row in rows]),
        *paths([route for route in routes if "messages/<" in route], pk=messages[::9]),
        *paths([route for route in routes if "contacts/<" in route], pk=known["contact_id"]),
    ]:
        look(path, reader.get(path))


def leaking_tables(company: ClientCompany, *, kept: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """The tables of the company, and the public ones, in which a sample stands elsewhere than in these columns."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema IN (%s, 'public') GROUP BY 1, 2",
            [company.schema_name],
        )
        for schema, table, columns in cursor.fetchall():
            names = ", ".join(f'"{name}"' for name in columns if name not in kept.get(table, ()))
            cursor.execute(f'SELECT string_agg(ROW({names})::text, chr(10)) FROM "{schema}"."{table}"')  # noqa: S608
            told = leaks(cursor.fetchone()[0] or "")
            if told:
                found[table] = told
    return found


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_looking_for_a_hidden_number_finds_nothing_that_would_tell_where_it_stands(
    inbox: Inbox, company: ClientCompany, enter: Enter, as_second_agent: Client, text: str
) -> None:
    hit = scan(text, with_terms=False)[0]
    raw = text[hit.hide_start : hit.hide_end]
    row = inbox.conversation("Ana", said="Hallo")
    inbox.message(row, body=text, masks=[[hit.hide_start, hit.hide_end, hit.detector]])
    with enter(company):
        indexing.queue_everything()
        indexing.index()

    for asked in (raw, re.sub(r"\W", "", raw)):
        assert f"/inbox/{row.pk}/" not in as_second_agent.get("/search/", {"q": asked}).content.decode()
        assert as_second_agent.get(f"/inbox/{row.pk}/find/", {"q": asked}).json()["ids"] == []


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)
def test_a_note_with_such_a_number_is_refused_and_what_was_typed_stays(
    inbox: Inbox, as_agent: Client, text: str
) -> None:
    row = inbox.conversation()

    refused = as_agent.post(f"/inbox/{row.pk}/note/", {"body": text}, headers=HX)

    assert refused.status_code == 422
    shown = html.unescape(refused.content.decode())
    assert "Leave that out" in shown and text in shown
    with inbox.inside():
        assert not Note.objects.exists()
    assert as_agent.post(f"/inbox/{row.pk}/note/", {"body": "Terugbelafspraak om 12:30"}, headers=HX).status_code == 200


def test_what_the_client_answers_is_refused_in_the_same_way_and_can_be_answered_again(
    inbox: Inbox, as_agent: Client
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    [path] = re.findall(r"https?://[^/\s]+(/answer/\w+/)", str(mail.outbox[-1].body))
    client = browser("fietsland.test")

    refused = client.post(path, {"name": "Jan", "body": SAMPLES["iban"]})
    assert refused.status_code == 422 and "Laat dat weg" in refused.content.decode()
    assert client.post(path, {"name": "Jan", "body": "Het staat in zijn dossier"}).status_code == 200
    with inbox.inside():
        assert Note.objects.get().body == "Het staat in zijn dossier"


def test_a_draft_is_its_writers_alone(inbox: Inbox, as_agent: Client, as_second_agent: Client) -> None:
    row = inbox.conversation()
    as_agent.post(f"/inbox/{row.pk}/draft/", {"body": SAMPLES["bsn"], "mode": "reply"}, headers=HX)
    with inbox.inside():
        assert Draft.objects.get().body == SAMPLES["bsn"]

    assert leaks(as_second_agent.get(f"/inbox/{row.pk}/").content.decode()) == []
    assert leaks(as_agent.get(f"/inbox/{row.pk}/").content.decode()) == ["bsn"]


def test_a_number_in_a_reason_is_no_part_of_the_trail(inbox: Inbox, as_agent: Client) -> None:
    row = inbox.conversation()
    text = SAMPLES["bsn"]
    message = inbox.message(row, body=text, masks=[[12, 21, "bsn"]])

    as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/reveal/", {"reason": f"Zij zei: {text}"}, headers=HX)
    said = {"body": text, "token": str(uuid4()), "confirmed": f"sensitive_content:Zij zei: {text}"}
    as_agent.post(f"/inbox/{row.pk}/reply/", said, headers=HX)

    with inbox.inside():
        reasons = AuditEntry.objects.filter(action__startswith="sensitive.").values_list("reason", flat=True)
        assert set(reasons) == {"Zij zei: Mijn BSN is ••••••"}
        assert SensitiveFinding.objects.get().reason == "Zij zei: Mijn BSN is ••••••"


def test_what_was_stopped_does_not_lie_in_a_draft_for_longer_than_a_message_may(inbox: Inbox, as_agent: Client) -> None:
    row = inbox.conversation()
    for text, hours in ((f"{SAMPLES['bsn']}, {SAMPLES['iban']}", 21), (SAMPLES["card"], 1)):
        as_agent.post(f"/inbox/{row.pk}/draft/", {"body": text, "mode": "reply" if hours > 1 else "note"}, headers=HX)
        with inbox.inside():
            Draft.objects.filter(body=text).update(changed_at=timezone.now() - timedelta(hours=hours))
    said = {"body": SAMPLES["bsn"], "token": str(uuid4())}
    assert as_agent.post(f"/inbox/{row.pk}/reply/", said, headers=HX).status_code == 422

    with inbox.inside():
        assert WorkMark.objects.filter(key=guard_purging.KEY).exists()
        guard_purging.purge()
        burnt = f"Mijn BSN is {BULLET * 9}, {SAMPLES['iban']}"
        assert set(Draft.objects.values_list("body", flat=True)) == {burnt, SAMPLES["card"]}
