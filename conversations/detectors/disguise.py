"""Signs that look like others: letters and digits of other scripts and forms, dashes, gaps, and what nobody sees.

People copy numbers out of documents full of them, and some dress up what would be hidden otherwise. The tables are
ours; what Unicode itself calls compatible (NFKC) needs no line here.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Nothing of these looks like anything else, so a text of them alone is taken as it is.
_QUIET = re.compile("[\t\n -~¡-§©«¬®±´¶»¿-İĴ-ľŁ-ňŊ-ž‘-„…€\u2600-\u2767\U0001f300-\U0001faff]*")
_FORMS = {
    # Cyrillic
    "АВЕКМНОРСТУХЅІЈԚԜҮҺӀ": "ABEKMHOPCTYXSIJQWYHI",
    "аеорсухѕіјԛԝһӏԁкѵүьв": "aeopcyxsijqwhldkvybb",
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX",
    "αοινρυκεητχγϲϳω": "aoivpukentxycjw",
    # Armenian and Cherokee
    "ոօսհցզԼՏ": "nouhgqLS",
    "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ": "ABCDEGHJKLMPRSTVWZ",
    # Latin letters without a dot, with another shape, or small and upright
    "ıȷɑɡɩɪʟꞁƖǀᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "ijagiillllabcdefghjkmnoprstuvwyz",
    # Dots, strokes and gaps
    "·•‧∙⋅・᛫": ".......",
    "⁄∕╱⧸": "////",
    "\u2212\u2043\u02d7\u207b\u208b\u223c\u30fc\u2500": "--------",
    "\r\t\u2028\u2029\u115f\u1160\u3164\uffa0\u2800": "         ",
}
_ALIKE = {sign: common for signs, commons in _FORMS.items() for sign, common in zip(signs, commons, strict=True)}
_ALIKE |= {chr(0x1F150 + n): chr(65 + n) for n in range(26)} | {chr(0x1F170 + n): chr(65 + n) for n in range(26)}
_MARKS = ("Mn", "Me")


def seen(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text as it looks, in common signs, and where each of them began and ended; no places where none moved."""
    if _QUIET.fullmatch(text):
        return (text.replace("\t", " ") if "\t" in text else text), (), ()
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, sign in enumerate(text):
        common = _common(sign)
        if not common and ends and unicodedata.category(sign) in _MARKS:
            signs[-1] = _with_mark(signs[-1], sign)
            ends[-1] = at + 1  # what hides a letter hides what stands on it
        for one in common:
            signs.append(one)
            starts.append(at)
            ends.append(at + 1)
    found = "".join(signs)
    return (found, (), ()) if len(starts) == len(text) and len(found) == len(text) else (found, starts, ends)


def in_place(text: str) -> str:
    """The same, as far as every sign keeps its place: what would need more room or none stays as it is."""
    if _QUIET.fullmatch(text):
        return text
    return "".join(common if len(common := _common(sign)) == 1 else sign for sign in text)


@lru_cache(maxsize=4096)
def _common(sign: str) -> str:
    """What a sign looks like: one or more common ones, itself, or nothing where nobody sees it."""
    if sign == "\n" or " " <= sign <= "~":
        return sign
    if sign in _ALIKE:
        return _ALIKE[sign]
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Cc", *_MARKS):
        return ""
    if kind in ("Pd", "Zs"):
        return "-" if kind == "Pd" else " "
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    forms = unicodedata.normalize("NFKC", sign)
    return "".join(_ALIKE.get(one, one) for one in forms if unicodedata.category(one) not in _MARKS) or sign


def _with_mark(letter: str, mark: str) -> str:
    """A letter and what stands on it as one, as people type it; a digit, or what makes no letter, stays itself."""
    both = unicodedata.normalize("NFC", letter + mark)
    return both if len(both) == 1 and letter.isalpha() else letter
