"""What becomes of a template: reviewed, rated, paused, archived, moved to another category; each by webhook."""

from functools import partial
from typing import Any

from simulator.payloads import template_status_change
from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Template, Waba, WorldError

STATUSES: tuple[str, ...] = (
    "PENDING",
    "APPROVED",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "FLAGGED",
    "REINSTATED",
)
STATUSES += ("LIMIT_EXCEEDED", "LOCKED", "PENDING_DELETION", "DELETED", "ARCHIVED")
_SCORES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
_REMEDY = "Change the text so that it follows the rules for templates, and submit it again."


def emit(sim: Simulation, template: Template, field: str, value: dict[str, Any]) -> None:
    """An event of a template: its ids and what is new."""
    ids = {
        "message_template_id": int(template.id) if template.id.isdigit() else template.id,
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
    _send(sim, sim.world.wabas[template.waba_id], {"field": field, "value": {**ids, **value}})


def _send(sim: Simulation, waba: Waba, change: dict[str, Any]) -> None:
    sim.webhooks.emit(Event(waba=waba, change=change, entry_time=int(now())))


def set_status(sim: Simulation, template: Template, status: str, *, reason: str = "NONE", **more: Any) -> None:
    """A template has another status; the app hears it."""
    template.status = status
    template.extra["rejected_reason"] = reason if status == "REJECTED" else "NONE"
    sim.keep(template)
    change = template_status_change(template, event=status, reason=reason)
    change["value"] |= more
    _send(sim, sim.world.wabas[template.waba_id], change)


def submit(sim: Simulation, template: Template) -> None:
    """A template waits for review; by the rules of the options it ends after a while."""
    template.status = "PENDING"
    sim.keep(template)
    if sim.options.review == "auto":
        version = template.components
        sim.later(sim.options.review_ms / 1000, lambda: _review(sim, template, version))


def resume(sim: Simulation) -> None:
    """Go on with reviews and pauses that an earlier process left half-way."""
    for template in sim.world.templates.values():
        if template.status == "PENDING" and template.state:
            submit(sim, template)
        elif until := template.state.get("paused_until"):
            sim.later(max(until - now(), 0), partial(wake, sim, template))


def _review(sim: Simulation, template: Template, version: list[dict[str, Any]]) -> None:
    if template.status != "PENDING" or template.components is not version or template.id not in sim.world.templates:
        return
    text = str(template.components).lower()
    refused = next((word for word in sim.options.refused_words if word.lower() in text), None)
    if refused:
        review(sim, template, "REJECTED", reason="PROMOTIONAL" if template.category == "UTILITY" else "ABUSIVE_CONTENT")
        return
    review(sim, template, "APPROVED")
    promotional = any(word.lower() in text for word in sim.options.promotional_words)
    if promotional and template.category == "UTILITY":
        announce_category(sim, template, "MARKETING")
        sim.later(sim.options.review_ms / 1000, lambda: change_category(sim, template, "MARKETING"))


def review(sim: Simulation, template: Template, status: str, *, reason: str = "NONE") -> None:
    """End a review, or set any other status by hand. Raises WorldError."""
    if status not in STATUSES:
        raise WorldError(f"status must be one of {', '.join(STATUSES)}")
    more: dict[str, Any] = {}
    if status == "APPROVED":
        template.state.setdefault("approved_at", now())
    if status == "REJECTED":
        more["rejection_info"] = {"reason": f"The template was rejected for {reason}.", "recommendation": _REMEDY}
    if status == "DISABLED":
        more["disable_info"] = {"disable_date": int(now())}
        more["other_info"] = {"title": "DISABLED", "description": "The template was paused too often."}
    set_status(sim, template, status, reason=reason, **more)


def rate(sim: Simulation, template: Template, score: str) -> None:
    """People like or dislike a template; RED pauses it, the third time for good. Raises WorldError."""
    if score not in _SCORES:
        raise WorldError(f"quality must be one of {', '.join(_SCORES)}")
    before = template.extra.get("quality_score", {}).get("score", "UNKNOWN")
    template.extra["quality_score"] = {"score": score, "date": int(now())}
    sim.keep(template)
    if score != before:
        scores = {"previous_quality_score": before, "new_quality_score": score}
        emit(sim, template, "message_template_quality_update", scores)
    if score == "RED" and before != "RED":
        pause(sim, template)


def pause(sim: Simulation, template: Template) -> None:
    """Paused for quality: three hours, then six, then disabled."""
    times = int(template.state.get("pauses", 0)) + 1
    template.state["pauses"] = times
    if times > len(sim.options.pause_seconds):
        review(sim, template, "DISABLED")
        return
    seconds = sim.options.pause_seconds[times - 1]
    template.state["paused_until"] = now() + seconds
    title = "FIRST_PAUSE" if times == 1 else "SECOND_PAUSE"
    text = f"The template is paused for {seconds / 3600:g} hours because of its quality."
    set_status(sim, template, "PAUSED", other_info={"title": title, "description": text})
    sim.later(seconds, lambda: wake(sim, template))


def pace(sim: Simulation, template: Template) -> None:
    """Paused by pacing: only the business ends this one."""
    template.state["paced"] = True
    text = "The template was paused after its first messages were not liked."
    set_status(sim, template, "PAUSED", other_info={"title": "RATE_LIMITING_PAUSE", "description": text})


def wake(sim: Simulation, template: Template) -> None:
    """End a pause for quality whose time is over."""
    until = template.state.get("paused_until")
    if template.status == "PAUSED" and until and now() >= until - 0.01:
        unpause(sim, template)


def unpause(sim: Simulation, template: Template) -> None:
    """The template sends again."""
    for name in ("paused_until", "paced"):
        template.state.pop(name, None)
    template.extra["quality_score"] = {"score": "UNKNOWN", "date": int(now())}
    text = "The template can be sent again."
    set_status(sim, template, "APPROVED", other_info={"title": "UNPAUSE", "description": text})


def archive(sim: Simulation, template: Template, *, back: bool) -> None:
    """Put a template away, or take it out again."""
    if back:
        status = str(template.state.pop("before_archive", "APPROVED"))
        set_status(sim, template, status)
        emit(sim, template, "message_template_status_update", {"event": "UNARCHIVED", "reason": "NONE"})
        return
    template.state["before_archive"] = template.status
    set_status(sim, template, "ARCHIVED")


def announce_category(sim: Simulation, template: Template, category: str) -> None:
    """The early notice that the platform will see a template in another category."""
    template.extra["correct_category"] = category
    sim.keep(template)
    value = {"category": template.category, "correct_category": category}
    emit(sim, template, "template_correct_category_detection", value)


def change_category(sim: Simulation, template: Template, category: str) -> None:
    """The platform moves a template to another category."""
    before, template.category = template.category, category
    template.extra.pop("correct_category", None)
    template.extra["previous_category"] = before
    sim.keep(template)
    emit(sim, template, "template_category_update", {"previous_category": before, "new_category": category})


def tell_components(sim: Simulation, template: Template) -> None:
    """The app hears that the components of a template are others now."""
    parts = {str(part["type"]).upper(): part for part in template.components}
    value: dict[str, Any] = {"message_template_element": parts.get("BODY", {}).get("text", "")}
    if "text" in parts.get("HEADER", {}):
        value["message_template_title"] = parts["HEADER"]["text"]
    if "FOOTER" in parts:
        value["message_template_footer"] = parts["FOOTER"].get("text", "")
    if "BUTTONS" in parts:
        rows = parts["BUTTONS"]["buttons"]
        value["message_template_buttons"] = [_button(row) for row in rows]
    emit(sim, template, "message_template_components_update", value)


def _button(row: dict[str, Any]) -> dict[str, Any]:
    named = {"message_template_button_type": row.get("type"), "message_template_button_text": row.get("text", "")}
    if row.get("url"):
        named["message_template_button_url"] = row["url"]
    if row.get("phone_number"):
        named["message_template_button_phone_number"] = row["phone_number"]
    return named
