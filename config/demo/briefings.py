"""What everybody who answers in the demo knows of its companies: tone, notices, articles, links, house rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.demo.opening import Opened
from conversations.models import Article, Notice, NoticeRead
from conversations.services.knowledge import briefing
from tenants.accounts.models import User
from tenants.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Told:
    """One notice. ``days``: since and until when it holds, from now; ``read``: how many have read it."""

    title: str
    body: str
    days: tuple[float, float | None]
    urgent: bool = False
    read: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    tone: str
    form_of_address: str
    links: tuple[tuple[str, str], ...]
    notices: tuple[Told, ...]
    articles: tuple[tuple[str, str, str, tuple[str, ...]], ...] = field(default_factory=tuple)
    house_rules: str = ""


PLANS = {
    "fietsland": Plan(
        tone="Vrolijk en kort. Noem de naam van de klant één keer. Beloof nooit een levertijd die niet in de winkel"
        " bevestigd is; zeg liever dat je het uitzoekt.",
        form_of_address="informal",
        links=(
            ("Retourformulier", "https://fietsland.example/retour"),
            ("Maatwijzer", "https://fietsland.example/maten"),
            ("Voorraad", "https://fietsland.example/voorraad"),
        ),
        notices=(
            Told(
                "Accu's van 500 Wh later",
                "Levering van de accu's van 500 Wh is twee weken later. Bied aan om de"
                " klant te bellen zodra ze er zijn.",
                (-2, 12),
                urgent=True,
                read=2,
            ),
            Told(
                "Zaterdag tot vijf uur open",
                "Komende zaterdag sluiten we om vijf uur in plaats van zes uur.",
                (-0.2, 6),
            ),
        ),
        articles=(
            (
                "Retour sturen",
                "Je kunt je bestelling binnen 30 dagen terugsturen. Vul het retourformulier in, plak het"
                " label op de doos en geef hem af bij een servicepunt. Je geld staat binnen vijf werkdagen op je"
                " rekening.",
                "nl",
                ("retour", "geld terug"),
            ),
            (
                "Rücksendung",
                "Du kannst deine Bestellung innerhalb von 30 Tagen zurücksenden. Fülle das Formular aus,"
                " klebe das Etikett auf das Paket und gib es bei einer Servicestelle ab.",
                "de",
                ("retour",),
            ),
            (
                "Maat kiezen",
                "Meet je binnenbeenlengte tegen de muur, zonder schoenen. Reken die keer 0,66: dat is de"
                " framehoogte in centimeters die bij je past.",
                "nl",
                ("maat", "frame"),
            ),
            (
                "Onderhoudsbeurt plannen",
                "Een onderhoudsbeurt duurt een dag. Breng je fiets voor tien uur 's ochtends,"
                " dan is hij om vijf uur klaar. Zonder afspraak kan ook op woensdag.",
                "nl",
                ("werkplaats",),
            ),
        ),
    ),
    "zorgvast": Plan(
        tone="Rustig en precies. Geen uitroeptekens, geen verkleinwoorden. Vraag nooit naar medische gegevens; verwijs"
        " daarvoor naar de telefoon of het beveiligde formulier.",
        form_of_address="formal",
        links=(
            ("Beveiligd formulier", "https://zorgvast.example/formulier"),
            ("Rooster wijkteams", "https://zorgvast.example/wijkteams"),
        ),
        notices=(
            Told(
                "Griepprik",
                "Afspraken voor de griepprik lopen alleen via de huisarts. Verwijs iedereen door, ook"
                " wie zegt al gebeld te hebben.",
                (-9, None),
                read=3,
            ),
            Told(
                "Nieuw nummer van het wijkteam Oost",
                "Het wijkteam Oost heeft sinds maandag een nieuw nummer; het staat bij de wijkteams.",
                (-1, 20),
                urgent=True,
            ),
        ),
        articles=(
            (
                "Wie belt u buiten kantoortijd",
                "Buiten kantoortijd belt u de achterwacht. Bij spoed belt u 112. Stuur"
                " in een spoedgeval geen bericht: dat wordt niet altijd meteen gelezen.",
                "nl",
                ("spoed", "achterwacht"),
            ),
            (
                "Verzetten van een huisbezoek",
                "Een huisbezoek verzet u tot 24 uur van tevoren. Noem de datum en het"
                " dagdeel dat u past; wij bevestigen binnen een werkdag.",
                "nl",
                ("afspraak",),
            ),
        ),
        house_rules="Noem buiten het gesprek geen namen van cliënten.\nSla niets op buiten dit systeem.\n"
        "Werk alleen in een ruimte waar niemand meeleest.",
    ),
    "omroepdelta": Plan(
        tone="Nieuwsgierig en kort, als een redacteur. Bedank voor elke tip, beloof nooit dat hij wordt uitgezonden.",
        form_of_address="informal",
        links=(("Programmagids", "https://omroepdelta.example/gids"),),
        notices=(
            Told(
                "Verkiezingsavond",
                "Woensdag zijn we tot middernacht live; tips over uitslagen gaan naar de nieuwsdienst.",
                (-3, 4),
                read=1,
            ),
        ),
        articles=(
            (
                "Tip insturen",
                "Dank voor je tip! Stuur foto's of film het liefst zonder ze te bewerken, en vertel waar"
                " en wanneer ze gemaakt zijn.",
                "nl",
                ("tip",),
            ),
        ),
    ),
}


def write(opened: Opened, *, at: datetime) -> None:
    """Put what is known of the entered company into it."""
    told = PLANS[opened.plan.subdomain]
    given = {
        "tone": told.tone,
        "form_of_address": told.form_of_address,
        "links": [{"name": name, "url": url} for name, url in told.links],
        "house_rules": told.house_rules,
    }
    admin = User.objects.filter(role=Role.ADMIN, staff_id=None).order_by("created_at")[0]
    briefing.save(opened.company, given=given, by=admin)
    writer = User.objects.filter(role=Role.SUPERVISOR, staff_id=None).first()
    readers = list(User.objects.filter(staff_id=None).order_by("name"))
    for notice in told.notices:
        since, until = notice.days
        row = Notice.objects.create(
            title=notice.title,
            body=notice.body,
            urgent=notice.urgent,
            starts_at=at + timedelta(days=since),
            ends_at=at + timedelta(days=until) if until else None,
            written_by=writer,
        )
        NoticeRead.objects.bulk_create(NoticeRead(notice=row, user=reader) for reader in readers[: notice.read])
    Article.objects.bulk_create(
        Article(title=title, body=body, language=language, tags=list(tags), written_by=writer, changed_at=at)
        for title, body, language, tags in told.articles
    )
