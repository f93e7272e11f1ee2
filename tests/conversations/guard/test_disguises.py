"""Numbers and words in the letters, digits, gaps and dashes of other scripts are found like the plain ones."""

import random
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.detectors import SURE, disguise, scan
from conversations.detectors.asks import asks_for
from conversations.detectors.danger import DangerWords
from conversations.own_identifiers import Own
from tests.conversations.guard.test_detectors import NAMES, examples

Disguise = Callable[[str], str]
SAMPLES = [
    text
    for name in NAMES
    for wanted, text in examples(name)
    if wanted and text.isascii() and any(hit.confidence >= SURE for hit in scan(text))
]


def letters(plain: str, others: str) -> Disguise:
    table = dict(zip(plain, others, strict=True))
    return lambda sign: table.get(sign, sign)


def digits(zero: int) -> Disguise:
    return lambda sign: chr(zero + int(sign)) if sign.isdecimal() else sign


def behind(unseen: str) -> Disguise:
    return lambda sign: sign + unseen if sign.isalnum() else sign


DISGUISES: dict[str, Disguise] = {
    "cyrillic": letters("ABEKMHOPCTXaeopcyxsij", "АВЕКМНОРСТХаеорсухѕіј"),
    "greek": letters("ABEZHIKMNOPTYXovi", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι"),
    "without a dot": letters("ijg", "ıȷɡ"),
    "small capitals": letters("bcdeghjkmnoprt", "ʙᴄᴅᴇɢʜᴊᴋᴍɴᴏᴘʀᴛ"),
    "wide": lambda sign: chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign,
    "bold": lambda sign: chr(0x1D400 + ord(sign) - 65) if "A" <= sign <= "Z" else sign,
    "squared": lambda sign: chr(0x1F170 + ord(sign) - 65) if "A" <= sign <= "Z" else sign,
    "arabic": digits(0x660),
    "persian": digits(0x6F0),
    "devanagari": digits(0x966),
    "mathematical": digits(0x1D7CE),
    "circled": lambda sign: chr(0x245F + int(sign)) if sign in "123456789" else sign,
    "keycaps": lambda sign: sign + "\ufe0f\u20e3" if sign.isdecimal() else sign,
    "struck out": lambda sign: sign + "\u0336" if sign.isdecimal() else sign,
    "zero width": behind("\u200b"),
    "joined": behind("\u2060"),
    "soft hyphens": behind("\u00ad"),
    "right to left": behind("\u2067"),
    "control": behind("\x02"),
    "no break": letters(" ", "\u00a0"),
    "narrow": letters(" ", "\u202f"),
    "ideographic": letters(" ", "\u3000"),
    "en dash": letters("-", "–"),
    "minus": letters("-", "\u2212"),
    "not breaking": letters("-", "\u2011"),
    "wave": letters("-", "\u301c"),
    "middle dot": letters(".", "·"),
}


def dressed(text: str, worn: Sequence[Disguise]) -> tuple[str, list[int]]:
    """The text in disguise, and where each sign of it begins, with its end."""
    parts, places, at = [], [], 0
    for sign in text:
        for wear in worn:
            sign = "".join(wear(one) for one in sign)
        places.append(at)
        parts.append(sign)
        at += len(sign)
    return "".join(parts), [*places, at]


def check(text: str, worn: Sequence[Disguise]) -> None:
    plain = [hit for hit in scan(text) if hit.confidence >= SURE]
    other, places = dressed(text, worn)
    found = [hit for hit in scan(other) if hit.confidence >= SURE]

    assert [hit.detector for hit in found] == [hit.detector for hit in plain], other
    for hit, was in zip(found, plain, strict=True):
        first, last = places[was.hide_start], places[was.hide_end - 1]
        assert hit.hide_start <= first and last < hit.hide_end <= places[was.hide_end], other


@pytest.mark.parametrize("name", DISGUISES)
def test_every_sample_is_found_in_every_disguise(name: str) -> None:
    for text in SAMPLES:
        check(text, [DISGUISES[name]])


@given(st.sampled_from(SAMPLES), st.lists(st.sampled_from(sorted(DISGUISES)), min_size=2, max_size=4, unique=True))
def test_disguises_on_top_of_each_other_hide_nothing_either(text: str, names: list[str]) -> None:
    check(text, [DISGUISES[name] for name in names])


@given(st.text(max_size=200))
def test_whatever_is_written_every_sign_keeps_its_place_and_order(text: str) -> None:
    seen, starts, ends = disguise.seen(text)

    assert len(disguise.in_place(text)) == len(text)
    assert len(starts) == len(ends) == (len(seen) if starts else 0)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert list(starts) == sorted(starts)


@pytest.mark.parametrize("text", ["Ich möchte zwölf Stück für Frau Müller", "Één café, à la crème … „gut“ 😀"])
def test_what_people_here_write_stays_as_it_is(text: str) -> None:
    assert disguise.seen(text) == (text, (), ())


def test_a_letter_and_its_accent_are_one() -> None:
    assert disguise.seen("cre\u0301dit")[0] == "crédit"
    assert [hit.detector for hit in scan("numero de passeport, passeport nume\u0301ro: NXB1C2D34")] == ["document"]


@pytest.mark.parametrize("text", ["suıcide", "ѕuісіdе", "s\u200buicide", "ｓｕｉｃｉｄｅ", "SUÏCIDE", "sui\u0308cide"])
def test_danger_words_are_seen_through_disguises(text: str) -> None:
    assert DangerWords.of({"nl": ["suicide"]}).find(f"ik denk aan {text}") == ["suicide"]


def test_danger_words_of_other_scripts_are_found_as_they_are() -> None:
    danger = DangerWords.of({"*": ["пожар", "حريق", "gevaar", "112"]})

    assert danger.find("У нас пожар") == danger.find("у нас ПОЖАР!")
    assert len(danger.find("У нас пожар")) == len(danger.find("هناك حريق هنا")) == 1
    assert danger.find("bel １１２") == ["112"]


def test_the_own_account_is_known_in_any_dress() -> None:
    own = Own.of(accounts=["NL91ABNA0417164300"], numbers=[], mails=[])
    text = "Naar ΝL91\u200b ΑΒΝΑ 0417–1643–00"

    assert [hit.detector for hit in scan(text)] == ["iban"]
    assert own.without(text, scan(text)) == []


def test_what_a_template_asks_for_is_asked_in_any_dress() -> None:
    assert asks_for("Stuur ons uw bѕn") == ["bsn"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("4111\n1111\n1111\n1111", ["card"]),
        ("Mijn kaart is 4111\r\n1111\r\n1111\r\n1111 groet", ["card"]),
        ("NL91\nABNA\n0417\n1643\n00", ["iban"]),
        ("bsn\n123\n456\n782", ["bsn"]),
        ("4lll 1111 111I 1111", ["card"]),
        ("bsn 12345678Z", []),
        ("1234\n5678\n2026\nGroet", []),
        ("10l water, 20l olie", []),
    ],
)
def test_numbers_in_lines_and_with_letters_among_them(text: str, names: list[str]) -> None:
    assert [hit.detector for hit in scan(text)] == names


ORDINARY = """
Bestelnummer 2026-004512, geleverd op 12–11–2026 tussen 10.00–12.00 uur.
Uw order № 100045127 en № 100045128 zijn onderweg.
Track & trace: 3SABCD0123456789, postcode 3511 AB, huisnummer 12‑A.
Sendungsnummer 00340434161094042557 kommt am 24.12.2026.
Colis n° 6A12345678901 livré à 14 h 30.
Bel 030 – 123 45 67 of +31 6 12 34 56 78, of 0800‑1234.
Tel. (030) 123‑45‑67 / 06–12345678.
EAN 8710400000013, artikel 4006381333931, ISBN 978–90–274–3964–2.
Prijs € 1.299,00 → nu € 1.049,95 (−19 %).
Afmeting 120×60×75 cm, 12½ m², 5 ㎡ tuin, ③ stuks.
Kenteken XX‑123‑Y, chassisnummer WVWZZZ1JZXW000001.
IMEI 356938035643809 (serie № A1B2C3).
IP 192.168.178.23, MAC 00:1A:2B:3C:4D:5E, versie 10.15.7.
Factuur 20261122 van € 412,50; kenmerk 5555‑2026‑17.
Здравствуйте, когда будет готов мой велосипед? Заказ 4512, телефон 8 912 345‑67‑89.
Καλημέρα, πότε θα είναι έτοιμο το ποδήλατό μου; Παραγγελία 4512.
Merhaba, siparişim ne zaman hazır olur? Sipariş numarası 100045127.
مرحبا، متى تكون دراجتي جاهزة؟ رقم الطلب ١٠٠٠٤٥١٢٧
Dzień dobry, kiedy będzie gotowy mój rower? Zamówienie 100045127.
❤️ super bedankt 👍🏽 tot 12:30 ☺️
""".strip().splitlines()


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_of_many_kinds_hold_nothing(text: str) -> None:
    assert [hit for hit in scan(text) if hit.confidence >= SURE] == []


def test_numbers_that_people_count_with_are_nothing_in_any_dress_or_in_lines() -> None:
    chance = random.Random(11)
    words = ("Bestelling", "Ordernummer", "Factuur", "Sendungsnummer", "Klantnummer", "Serienummer")
    worn = [[wear] for wear in DISGUISES.values()]
    texts = []
    for _ in range(1500):
        number = "".join(chance.choices("0123456789", k=chance.choice((8, 9, 10, 11, 13, 16))))
        texts.append(dressed(f"{chance.choice(words)} {number}", chance.choice(worn))[0])
        texts.append("\n".join([f"{chance.choice(words)}:", number, str(chance.randrange(1000, 9999))]))

    assert sum(any(hit.confidence >= SURE for hit in scan(text)) for text in texts) <= 6


@pytest.mark.parametrize(
    "text",
    [
        "\u200b" * 60_000,
        "４１１１ " * 12_000,
        "1\u0336" * 30_000,
        "4\n" * 30_000,
        "NL91\nABNA\n" * 6_000,
        "4l" * 30_000,
    ],
    ids=["unseen", "wide", "struck out", "lines", "accounts in lines", "letters for digits"],
)
def test_no_disguise_makes_a_look_long(text: str) -> None:
    scan("é warm")
    begun = time.process_time()

    scan(text)

    assert time.process_time() - begun < 2
