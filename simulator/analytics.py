"""Figures of what was really sent, delivered, read and charged, in the shapes of the platform's analytics."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.chats import Message
from simulator.errors import GraphError
from simulator.simulation import Simulation, now
from simulator.world import Waba, country_of

_STEPS = {"HALF_HOUR": 1800, "DAILY": 86400, "DAY": 86400}
_CALL = re.compile(r"\.(\w+)\(([^()]*)\)")
_DIMENSIONS = {"PRICING_CATEGORY", "PRICING_TYPE", "COUNTRY", "PHONE", "TIER"}
_READING = ("read", "played")


def _asked(expression: str) -> dict[str, list[str]]:
    """The calls in a field such as pricing_analytics.start(1).dimensions(["PHONE"]), each as a list of words."""
    return {name: re.findall(r"[A-Za-z0-9_+-]+", inside) for name, inside in _CALL.findall(expression)}


def _span(asked: Mapping[str, list[str]]) -> tuple[float, float]:
    try:
        return float(asked["start"][0]), float(asked["end"][0])
    except (KeyError, IndexError, ValueError):
        raise GraphError(100, message="(#100) start and end are required, in seconds since 1970.") from None


def _bin(at: float, granularity: str) -> tuple[int, int]:
    """Start and end of the stretch of time in which a moment lies."""
    if granularity in _STEPS:
        step = _STEPS[granularity]
        begin = int(at // step * step)
        return begin, begin + step
    if granularity != "MONTHLY" and granularity != "MONTH":
        raise GraphError(100, message="(#100) granularity must be HALF_HOUR, DAILY or MONTHLY.")
    day = datetime.fromtimestamp(at, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return int(day.timestamp()), int(after.timestamp())


def _outbound(sim: Simulation, waba: Waba) -> Iterator[Message]:
    numbers = {number.id for number in sim.world.numbers_of(waba.id)}
    return (message for message in sim.chats.outbound if message.number_id in numbers)


def _country(sim: Simulation, message: Message) -> str:
    return country_of(message.to) if message.to.isdigit() else message.to.partition(".")[0]


def cost(sim: Simulation, waba: Waba, *, country: str, category: str) -> float:
    """What one delivered message costs on this account's rate card; service and authentication as utility."""
    card = sim.rates.get(waba.currency) or sim.rates.get("EUR") or {}
    rates = card.get(country) or card.get("*") or {}
    return float(rates.get(category, rates.get("utility", 0.0)))


def pricing(sim: Simulation, waba: Waba, expression: str) -> dict[str, Any]:
    """pricing_analytics: volume and cost of what was delivered, by the dimensions asked for."""
    asked = _asked(expression)
    start, end = _span(asked)
    granularity = (asked.get("granularity") or ["DAILY"])[0]
    wished = asked.get("dimensions", [])
    if set(wished) - _DIMENSIONS:
        raise GraphError(100, message=f"(#100) dimensions must be among {{{', '.join(sorted(_DIMENSIONS))}}}.")
    points: dict[tuple[Any, ...], dict[str, Any]] = {}
    for message in _outbound(sim, waba):
        at = message.times.get("delivered", 0.0)
        if not message.pricing or not start <= at < end or not _wanted(sim, message, asked):
            continue
        labels = {name: label for name, label in _labels(sim, message).items() if name in wished}
        begin, until = _bin(at, granularity)
        point = points.setdefault((begin, *labels.values()), _point(begin, until, labels))
        point["volume"] += 1
        point["cost"] = round(point["cost"] + _charge(sim, waba, message), 6)
    metrics = [name.lower() for name in asked.get("metric_types") or ["COST", "VOLUME"]]
    dropped = {"cost", "volume"} - set(metrics)
    rows = [{name: value for name, value in points[key].items() if name not in dropped} for key in sorted(points)]
    return {"data": [{"data_points": rows}]}


def _point(begin: int, until: int, labels: dict[str, str]) -> dict[str, Any]:
    names = {"PHONE": "phone_number"}
    shown = {names.get(name, name.lower()): label for name, label in labels.items()}
    return {"start": begin, "end": until, **shown, "volume": 0, "cost": 0.0}


def _labels(sim: Simulation, message: Message) -> dict[str, str]:
    pricing = message.pricing or {}
    return {
        "PRICING_CATEGORY": str(pricing.get("category", "")).upper(),
        "PRICING_TYPE": str(pricing.get("type", "")).upper(),
        "COUNTRY": _country(sim, message),
        "PHONE": sim.world.numbers[message.number_id].digits,
        "TIER": "0:MAX",
    }


def _wanted(sim: Simulation, message: Message, asked: Mapping[str, list[str]]) -> bool:
    labels = _labels(sim, message)
    filters = {
        "phone_numbers": "PHONE",
        "country_codes": "COUNTRY",
        "pricing_types": "PRICING_TYPE",
        "pricing_categories": "PRICING_CATEGORY",
    }
    return all(not asked.get(name) or labels[label] in asked[name] for name, label in filters.items())


def _charge(sim: Simulation, waba: Waba, message: Message) -> float:
    pricing = message.pricing or {}
    if pricing.get("type") != "regular":
        return 0.0
    return cost(sim, waba, country=_country(sim, message), category=str(pricing.get("category", "")))


def messages(sim: Simulation, waba: Waba, expression: str) -> dict[str, Any]:
    """analytics: how many messages were sent and delivered."""
    asked = _asked(expression)
    start, end = _span(asked)
    granularity = (asked.get("granularity") or ["DAY"])[0]
    points: dict[int, dict[str, int]] = {}
    for message in _outbound(sim, waba):
        for name in ("sent", "delivered"):
            at = message.times.get(name, 0.0)
            if start <= at < end:
                begin, until = _bin(at, granularity)
                point = points.setdefault(begin, {"start": begin, "end": until, "sent": 0, "delivered": 0})
                point[name] += 1
    numbers = [number.digits for number in sim.world.numbers_of(waba.id)]
    rows = [points[begin] for begin in sorted(points)]
    return {"phone_numbers": numbers, "granularity": granularity, "data_points": rows}


def templates(sim: Simulation, waba: Waba, query: Mapping[str, str]) -> dict[str, Any]:
    """template_analytics: sent, delivered, read and clicked, by template and day. Raises GraphError."""
    ids = re.findall(r"\d+", query.get("template_ids", ""))
    if not 1 <= len(ids) <= 10:
        raise GraphError(100, message="(#100) template_ids must name 1 to 10 templates.")
    start, end = _span({name: [query.get(name, "")] for name in ("start", "end")})
    if now() - start > 91 * 86400:
        raise GraphError(100, message="(#100) start may lie 90 days back at most.")
    points: dict[tuple[str, int], dict[str, Any]] = {}
    for message in _outbound(sim, waba):
        id = message.template_id or ""
        if id not in ids or not start <= message.at < end:
            continue
        begin, until = _bin(message.at, "DAILY")
        blank = {"template_id": id, "start": begin, "end": until, "sent": 0, "delivered": 0, "read": 0, "clicked": []}
        point = points.setdefault((id, begin), blank)
        point["sent"] += "sent" in message.times
        point["delivered"] += "delivered" in message.times
        point["read"] += any(name in message.times for name in _READING)
        _click(point, sim, message)
    rows = [points[key] for key in sorted(points)]
    return {"data": [{"granularity": "DAILY", "product_type": "cloud_api", "data_points": rows}]}


def _click(point: dict[str, Any], sim: Simulation, message: Message) -> None:
    for label in message.clicks:
        kind = {"type": "quick_reply_button", "button_content": label}
        known = next((row for row in point["clicked"] if row["button_content"] == label), None)
        if known is None:
            known = {**kind, "count": 0}
            point["clicked"].append(known)
        known["count"] += 1
