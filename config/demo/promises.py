"""What the demo's companies promise, and what became of it: hours, intents, labels, fields; kept and broken ones."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from config.demo.book import Book
from config.demo.companies import CompanyPlan
from conversations.business_hours import WEEKDAYS
from conversations.models import Contact, Conversation, Intent, Label
from conversations.services.promise import promise_records, promise_watch
from conversations.services.promise.promise import Promise
from conversations.services.promise.promise_records import Ended


@dataclass(frozen=True, slots=True)
class Words:
    """What a company sorts with. Intents with their minutes, labels with their hue, fields of contacts."""

    intents: tuple[tuple[str, int | None], ...]
    labels: tuple[tuple[str, int], ...]
    fields: tuple[dict[str, object], ...]


WORDS = {
    "fietsland": Words(
        (("Pech onderweg", 20), ("Reparatie", None), ("Bestelling", None), ("Vraag over een fiets", 120)),
        (("Proefrit", 5), ("Garantie", 9), ("E-bike", 15), ("Vaste klant", 20)),
        (
            {"key": "klantnummer", "name": "Klantnummer", "kind": "text"},
            {"key": "fiets", "name": "Fiets", "kind": "text"},
            {"key": "vestiging", "name": "Vestiging", "kind": "choice", "choices": ["Utrecht", "Zeist", "Houten"]},
            {"key": "onderhoud", "name": "Laatste onderhoud", "kind": "date"},
        ),
    ),
    "zorgvast": Words(
        (("Zorg vandaag", 15), ("Afspraak", None), ("Mantelzorg", 60), ("Indicatie", 240)),
        (("Nieuwe cliënt", 3), ("Familie", 12), ("Wijkteam Noord", 17), ("Terugbellen", 8)),
        (
            {"key": "clientnummer", "name": "Cliëntnummer", "kind": "number"},
            {"key": "team", "name": "Wijkteam", "kind": "choice", "choices": ["Noord", "Midden", "Zuid"]},
            {"key": "dossier", "name": "Dossier", "kind": "link"},
        ),
    ),
    "omroepdelta": Words(
        (("Tip voor de redactie", 30), ("Reactie op uitzending", None), ("Prijsvraag", 480)),
        (("Luisteraar", 2), ("Tipgever", 11), ("Foto of film", 22)),
        (
            {"key": "woonplaats", "name": "Woonplaats", "kind": "text"},
            {"key": "programma", "name": "Programma", "kind": "choice", "choices": ["Ochtend", "Middag", "Nacht"]},
        ),
    ),
}
WITH_INTENT = 2, 3  # so many of so many
SHORT_DAY = [["10:00", "16:00"]]


def hours(plan: CompanyPlan) -> dict[str, list[list[str]]]:
    """The company's week as its settings keep it."""
    opens, closes = plan.hours
    return {
        name: [[f"{opens:02d}:00", f"{closes:02d}:00"]] if day in plan.weekdays else []
        for day, name in enumerate(WEEKDAYS)
    }


def settings(plan: CompanyPlan, *, at: datetime) -> dict[str, Any]:
    """What the inbox settings of a company say that knows when it is open."""
    christmas_eve = {"date": f"{at.year}-12-24", "hours": SHORT_DAY, "note": "Kerstavond"}
    return {
        "hours": hours(plan),
        "special_days": [christmas_eve, {"holiday": "Goede vrijdag", "note": ""}],
        "contact_fields": list(WORDS[plan.subdomain].fields),
    }


def write(plan: CompanyPlan, book: Book, *, now: datetime) -> None:
    """Intents and labels on what was told, then what every wait came to; in the caller's transaction."""
    dice, words = Random(plan.subdomain), WORDS[plan.subdomain]
    intents = Intent.objects.bulk_create(
        Intent(name=name, response_minutes=minutes, position=order)
        for order, (name, minutes) in enumerate(words.intents)
    )
    labels = Label.objects.bulk_create(Label(name=name, hue=hue) for name, hue in words.labels)
    chosen = {row["id"]: dice.choice(intents) for row in book.conversations if dice.randrange(WITH_INTENT[1])}
    for intent in intents:
        Conversation.objects.filter(pk__in=[pk for pk, one in chosen.items() if one is intent]).update(intent=intent)
    for label in labels:
        rows = dice.sample(book.conversations, len(book.conversations) // 8)
        Conversation.objects.filter(pk__in=[row["id"] for row in rows]).update(labels=[label.pk])
        some = dice.sample(book.contacts, len(book.contacts) // 6)
        Contact.objects.filter(pk__in=[row["id"] for row in some], labels=[]).update(labels=[label.pk])
    _answers(book, {pk: intent.pk for pk, intent in chosen.items()}, now=now)
    promise_watch.reckon("")
    promise_watch.watch("")


def _answers(book: Book, intents: dict[UUID, UUID], *, now: datetime) -> None:
    """A record for every wait that somebody ended with an answer."""
    promise, waits, ended = Promise.current(), dict[UUID, datetime](), list[Ended]()
    imported = {row["id"] for row in book.conversations if row["close_reason"] == Conversation.IMPORTED}
    for row in sorted(book.messages, key=lambda message: message["at"]):
        pk = row["conversation_id"]
        if pk in imported or row["type"] in ("reaction", "system"):
            continue
        if row["direction"] == "in":
            waits.setdefault(pk, row["at"])
        elif since := waits.pop(pk, None):
            intent = intents.get(pk)
            due = promise.due(since, intent=intent)
            if due is not None:
                by = row["author_id"]
                ended.append(Ended(pk, since, due, intent, answered_at=row["at"], answered_by=by))
    promise_records.write(ended, at=now)
