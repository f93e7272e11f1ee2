"""Reads a place from what people paste: coordinates, or the address of a map. Nothing is fetched."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
PAIR = re.compile(rf"{NUMBER}\s*[,; ]\s*{NUMBER}")
PIN = re.compile(rf"!3d{NUMBER}!4d{NUMBER}")  # the pin itself; after @ stands the middle of the picture
MIDDLE = re.compile(rf"@{NUMBER},{NUMBER}")
OSM = re.compile(rf"map=\d+/{NUMBER}/{NUMBER}")
DEGREES = re.compile(
    r"(\d{1,3})°\s*(\d{1,2})['′]\s*(\d{1,2}(?:\.\d+)?)[\"″]?\s*([NS])[,\s]+"
    r"(\d{1,3})°\s*(\d{1,2})['′]\s*(\d{1,2}(?:\.\d+)?)[\"″]?\s*([EWO])",
    re.IGNORECASE,
)
QUERIES = ("q", "query", "ll", "coordinate", "daddr", "destination", "cp")
MAX_CHARS = 2000

Place = tuple[float, float]


def read(pasted: str) -> Place | None:
    """Latitude and longitude, or nothing: a short address of a map, for example, does not tell where it leads."""
    text = pasted.strip()[:MAX_CHARS]
    if text.lower().startswith("geo:"):
        return _valid(PAIR.match(text[4:]))
    if text.lower().startswith(("http://", "https://")):
        return _from_address(unquote(text))
    return _from_degrees(text) or _valid(PAIR.fullmatch(text.strip("()")))


def _from_address(text: str) -> Place | None:
    parts = urlsplit(text)
    query = parse_qs(parts.query)
    if "mlat" in query and "mlon" in query:
        return _valid(PAIR.fullmatch(f"{query['mlat'][0]},{query['mlon'][0]}"))
    named = [query[name][0].removeprefix("loc:") for name in QUERIES if name in query]
    found = [PIN.search(text), *(PAIR.fullmatch(value.replace("~", ",")) for value in named)]
    found += [OSM.search(parts.fragment), MIDDLE.search(text)]
    found += [PAIR.fullmatch(step) for step in parts.path.split("/")]
    return next((place for match in found if (place := _valid(match))), None)


def _from_degrees(text: str) -> Place | None:
    match = DEGREES.fullmatch(text)
    if match is None:
        return None
    parts = match.groups()
    north = _angle(*parts[:3]) * (-1 if parts[3].upper() == "S" else 1)
    east = _angle(*parts[4:7]) * (-1 if parts[7].upper() == "W" else 1)
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def _angle(degrees: str, minutes: str, seconds: str) -> float:
    return round(int(degrees) + int(minutes) / 60 + float(seconds) / 3600, 6)


def _valid(match: "re.Match[str] | None") -> Place | None:
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
