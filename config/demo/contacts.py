"""The people who write: invented names, numbers that nobody can have, some of them without any number."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

NAMES = {
    "nl": (
        "Anouk Bart Carlijn Dirk Esther Fleur Gijs Hidde Ilse Jasper Karin Lars Mirjam Noor Olaf Pien Quinten Roos "
        "Sjoerd Tessa Ursula Vincent Willemijn Youssef Zoë Fatima Chantal Ahmed Joke Henk Ria Cor Truus Wout Sietske",
        "Bakker|van den Berg|de Boer|Dijkstra|van Dongen|El Amrani|Faber|Groen|Haverkamp|Jansma|Kaya|Kramer|Lammers|"
        "van der Linden|Mol|Nijland|Okafor|Peters|Prins|Rietveld|Schipper|Smeets|Stam|Terpstra|Vermeer|Visscher|"
        "de Vries|Wagenaar|Westra|Yildiz|Zijlstra",
    ),
    "de": (
        "Heike Jürgen Sabine Torsten Katrin Uwe Annika Björn Greta Matthias Ulrike Stefan",
        "Brandt|Fischer|Großmann|Hartmann|Köhler|Lehmann|Möller|Petersen|Schäfer|Schröder|Vogel|Zimmermann",
    ),
    "en": (
        "Alice Ben Charlotte Declan Emily Fergus Grace Harry Imogen Jack Niamh Oliver Priya Rhys",
        "Ashworth|Bennett|Carter|Doyle|Evans|Gallagher|Hughes|Kapoor|Lewis|Morgan|Nolan|Price|Walsh",
    ),
}
COUNTRY = {"nl": "NL", "de": "DE", "en": "GB"}
# Nobody can have these: no Dutch mobile number begins with 060; the German and British regulators keep 0171 39200 00 to
# 99 and 07700 900000 to 900999 for films.
NUMBER = {"nl": "31600{:06d}", "de": "4917139200{:02d}", "en": "447700900{:03d}"}
ROOM = {"nl": 1000, "de": 100, "en": 1000}  # numbers of a language
SHIFT = {"fietsland": 0.0, "zorgvast": 0.3, "omroepdelta": 0.6}  # where a company's people begin, as a part of the room
FIRST_SPECIAL = 900
HIDDEN_EVERY = 9  # every ninth person has a username and no number


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a simulated phone. ``key`` names them at the simulator."""

    key: str
    name: str
    given: str
    language: str
    country: str
    phone: str | None
    bsuid: str
    username: str = ""
    read_receipts: bool = True


SPECIAL = {
    "fietsland": (
        ("Maximiliaan-Alexander van Nieuwenhuijsen-Oosterwijk tot Zuylen", "Maximiliaan", "nl"),
        ("🚲 Pedaalpost Utrecht 📦", "Femke", "nl"),
        ("ليلى المنصوري", "Leila", "en"),
    ),
    "zorgvast": (("Anneke (dochter mw. Dekker)", "Anneke", "nl"), ("נועה לוי", "Noa", "nl")),
    "omroepdelta": (("Bertus de Weerman ⛅", "Bertus", "nl"), ("ليث الحكيم", "Leith", "en")),
}


def special(place: str) -> list[Person]:
    """The few whose names try out a page: long, right to left, with emoji."""
    dice = Random(f"special {place}")
    found = SPECIAL[place]
    return [
        _person(dice, name, given, language, FIRST_SPECIAL + n, place)
        for n, (name, given, language) in enumerate(found)
    ]


def crowd(place: str, language: str) -> Iterator[Person]:
    """Ever new people of one language, no name twice."""
    dice = Random(f"crowd {place} {language}")
    givens, families = NAMES[language][0].split(), NAMES[language][1].split("|")
    pairs = [(given, family) for given in givens for family in families]
    dice.shuffle(pairs)
    for n, (given, family) in enumerate(pairs):
        yield _person(dice, f"{given} {family}", given, language, n, place)


def _person(dice: Random, name: str, given: str, language: str, n: int, place: str) -> Person:
    hidden = n % HIDDEN_EVERY == HIDDEN_EVERY - 1
    room = ROOM[language]
    phone = None if hidden else NUMBER[language].format((n + int(SHIFT[place] * room)) % room)
    plain = "".join(letter for letter in name.lower() if letter.isascii() and (letter.isalnum() or letter == " "))
    key = f"{place}-{'-'.join(plain.split())[:30] or given.lower()}-{n}"
    return Person(
        key=key,
        name=name,
        given=given,
        language=language,
        country=COUNTRY[language],
        phone=phone,
        bsuid=f"{COUNTRY[language]}.{dice.randrange(10**19, 10**20)}",
        username=f"{given.lower()}.{dice.randrange(10, 99)}" if hidden else "",
        read_receipts=n % 8 != 7 or n >= FIRST_SPECIAL,
    )
