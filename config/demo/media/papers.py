"""Small documents as PDF: invoices, plans, programmes, and the signed agreement."""

import io
from dataclasses import dataclass

TYPST = """
#set document(title: "{title}")
#set page(paper: "a5", margin: 16mm)
#set text(size: 10pt, lang: "{language}")
#text(16pt, weight: "bold")[{title}]
#v(2mm)
#text(fill: luma(90))[{sender}]
#line(length: 100%, stroke: 0.5pt + luma(160))
{rows}
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that people send each other. In ``rows``, ``left | right`` is a line of a table, the rest is text."""

    filename: str
    title: str
    sender: str
    rows: tuple[str, ...]
    language: str = "nl"


PAPERS = {
    "offerte": Paper("offerte-reparatie.pdf", "Offerte reparatie", "Fietsland Utrecht", (
        "Ketting en tandwielen vervangen | € 89,00", "Remblokken voor en achter | € 24,50", "Grote beurt | € 79,00",
        "Totaal inclusief btw | € 192,50", "Deze offerte is dertig dagen geldig. We beginnen pas na jouw akkoord.")),
    "factuur": Paper("factuur-20417.pdf", "Factuur F-20417", "Fietsland Utrecht", (
        "Stadsfiets, 53 cm, zeegroen | € 749,00", "Kettingslot ART 2 | € 49,95", "Totaal inclusief btw | € 798,95",
        "Betaald met pin op de dag van aankoop. Twee jaar garantie.")),
    "lease": Paper("lease-zakelijk.pdf", "Fietslease voor bedrijven", "Fietsland Utrecht", (
        "Bakfiets elektrisch, 60 maanden | € 129,00", "Onderhoud en pechhulp | inbegrepen",
        "Vervangend vervoer binnen 24 uur | inbegrepen", "Bedragen per maand, exclusief btw.")),
    "rechnung": Paper("rechnung-20433.pdf", "Rechnung F-20433", "Fietsland Utrecht", (
        "Hollandrad, 57 cm, schwarz | 699,00 €", "Korb | 34,95 €", "Summe einschließlich MwSt. | 733,95 €"), "de"),
    "zorgplan": Paper("zorgplan.pdf", "Zorgplan thuis", "Zorgvast, team West", (
        "Wassen en aankleden | dagelijks 8.15 uur", "Steunkousen uit | dagelijks 21.00 uur",
        "Medicijnen aanreiken | volgens toedienlijst", "Evaluatie | over zes weken",
        "Doel: zo lang mogelijk veilig thuis. Familie leest mee.")),
    "rooster": Paper("bezoekrooster.pdf", "Bezoekrooster deze week", "Zorgvast, team West", (
        "Maandag | Nadia, 8.15 en 21.00 uur", "Dinsdag | Nadia, 8.15 en 21.00 uur",
        "Woensdag | Tineke, 8.30 en 21.15 uur",
        "Donderdag | Tineke, 8.30 en 21.15 uur", "Tijden kunnen een kwartier schuiven. Bij meer bellen wij.")),
    "machtiging": Paper("machtiging-familie.pdf", "Machtiging familie", "Zorgvast", (
        "Ik geef toestemming om informatie over mijn zorg te delen met de persoon hieronder.",
        "Naam | ………………………………", "Relatie | ………………………………", "Datum en handtekening | ………………………………")),
    "programma": Paper("programma-deltafestival.pdf", "Deltafestival", "Omroep Delta", (
        "14.00 uur | Jeugdorkest De Sluis", "15.30 uur | Dichters op de dijk", "17.00 uur | Band van de Streek, finale",
        "20.00 uur | Live uitzending vanaf het plein")),
    "draaiboek": Paper("draaiboek-uitzending.pdf", "Draaiboek ochtendshow", "Omroep Delta", (
        "07.03 | Nieuws en weer", "07.20 | Gesprek: de nieuwe veerpont", "07.40 | Luisteraars aan de lijn",
        "08.05 | Reportage van de markt")),
    "presse": Paper("presseakkreditierung.pdf", "Presseakkreditierung", "Omroep Delta", (
        "Veranstaltung | Eröffnung der Grenzbahn", "Ort | Bahnhof, Gleis 2",
        "Einlass | ab 9.30 Uhr mit Ausweis"), "de"),
}  # fmt: skip


def pdf(name: str) -> bytes:
    """A paper by its name. Raises KeyError."""
    paper = PAPERS[name]
    return printed(paper.title, sender=paper.sender, rows=paper.rows, language=paper.language)


def printed(title: str, *, sender: str, rows: tuple[str, ...], language: str) -> bytes:
    """A page with a title, the sender and lines."""
    import typst

    lines = "\n".join(_row(row) for row in rows)
    source = TYPST.format(title=title, sender=_plain(sender), rows=lines, language=language)
    made = typst.compile(io.BytesIO(source.encode()).read())
    return bytes(made)


def _row(row: str) -> str:
    left, split, right = row.partition(" | ")
    if not split:
        return f"#v(3mm)\n{_plain(row)}"
    return f"#grid(columns: (1fr, auto), [{_plain(left)}], [{_plain(right)}])\n#v(1mm)"


def _plain(text: str) -> str:
    for sign in "\\#$*_`<>@[]":
        text = text.replace(sign, "\\" + sign)
    return text
