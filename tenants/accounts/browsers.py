"""What a browser says it is, in words its owner recognises. A courtesy: nothing is decided by it."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(agent: str) -> str:
    """``Firefox, Linux``; what is not known is left out, and nothing known gives an empty text."""
    return ", ".join(part for part in (_first(_BROWSERS, agent), _first(_SYSTEMS, agent)) if part)


def is_phone(agent: str) -> bool:
    return any(mark in agent for mark in ("iPhone", "Android", "iPad"))


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in table if mark in agent), "")
