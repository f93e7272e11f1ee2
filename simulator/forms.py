"""The questions of a flow, found in its document, as a phone asks them."""

import json
from collections.abc import Iterator
from typing import Any

from simulator.simulation import Simulation

_KINDS = {
    "TextInput": "text",
    "TextArea": "area",
    "DatePicker": "date",
    "Dropdown": "choice",
    "RadioButtonsGroup": "choice",
    "CheckboxGroup": "choices",
    "ChipsSelector": "choices",
    "OptIn": "choice",
}
_YES_NO = [{"id": "true", "title": "Yes"}, {"id": "false", "title": "No"}]
_PLAIN = [{"name": "answer", "label": "Your answer", "type": "area", "required": True}]


def flow_form(sim: Simulation, content: dict[str, Any], flow_id: str) -> dict[str, Any]:
    """The token of this form and its questions; one plain question where its document is not known."""
    parameters = content.get("action", {}).get("parameters", {})
    flow = sim.world.flows.get(flow_id)
    found = list(_questions(_document(flow.json))) if flow else []
    return {
        "token": str(parameters.get("flow_token") or content.get("flow_token") or "unused"),
        "fields": found or _PLAIN,
    }


def _document(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _questions(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for each in part:
            yield from _questions(each)
    if not isinstance(part, dict):
        return
    kind = _KINDS.get(str(part.get("type")))
    if kind and part.get("name"):
        yield {
            "name": str(part["name"]),
            "label": str(part.get("label") or part["name"]),
            "type": "number" if part.get("input-type") == "number" else kind,
            "options": _YES_NO if part["type"] == "OptIn" else _options(part.get("data-source")),
            "required": part.get("required") is True,
        }
    for name in ("screens", "layout", "children"):
        yield from _questions(part.get(name))


def _options(source: Any) -> list[dict[str, str]]:
    rows = source if isinstance(source, list) else []
    return [{"id": str(row.get("id")), "title": str(row.get("title"))} for row in rows if isinstance(row, dict)]
