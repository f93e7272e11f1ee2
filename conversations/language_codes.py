"""How codes of languages are compared: ``pt``, ``pt_BR`` or ``pt-br``. A language finds its regions everywhere."""

from collections.abc import Iterable

from django.db.models import Q


def primary(code: str) -> str:
    """The language without its region: ``pt_BR`` and ``pt`` are answered by the same people."""
    return code.lower().replace("_", "-").partition("-")[0]


def normal(code: str) -> str:
    """One way to write a code: ``pt``, ``pt_BR``."""
    language, _dash, region = code.replace("_", "-").partition("-")
    return f"{language.lower()}_{region.upper()}" if region else language.lower()


def finds(field: str, code: str) -> Q:
    """Rows whose column is in this language: ``pt`` in any region, ``pt_BR`` in that one alone."""
    dashed = code.replace("_", "-")
    found = Q(**{f"{field}__iexact": dashed}) | Q(**{f"{field}__iexact": dashed.replace("-", "_")})
    if "-" in dashed:
        return found
    return found | Q(**{f"{field}__istartswith": f"{dashed}-"}) | Q(**{f"{field}__istartswith": f"{dashed}_"})


def offered(codes: Iterable[str]) -> list[str]:
    """What to choose from where people speak these: every language once, and the regions that are told apart."""
    known = {normal(code) for code in codes if code}
    return sorted(known | {primary(code) for code in known})
