"""The simulator's world: the same app, accounts, numbers, templates and people, and what they have said already."""

import json
import os
from pathlib import Path
from typing import Any

from config.demo import message_templates, past
from config.demo.book import Book
from config.demo.companies import CompanyPlan
from config.demo.opening import template_id
from config.demo.sandbox import Sandbox

World = dict[str, list[dict[str, Any]]]


def empty(sandbox: Sandbox) -> World:
    app = {"id": sandbox.app_id, "secret": sandbox.secret, "verify_token": sandbox.verify_token}
    return {"apps": [app], "wabas": [], "numbers": [], "people": [], "templates": [], "groups": [], "history": []}


def add(world: World, plan: CompanyPlan, *, sandbox: Sandbox, book: Book) -> None:
    """One company and everybody who writes to it."""
    world["wabas"].append(
        {"id": plan.account_id, "name": plan.name, "app_id": sandbox.app_id, "token": sandbox.token(plan.order)}
    )
    world["numbers"].append(
        {
            "id": plan.number_id,
            "waba_id": plan.account_id,
            "display_phone_number": plan.display_number,
            "verified_name": plan.name,
            "quality_rating": past.quality_of(plan),
            "whatsapp_business_manager_messaging_limit": "TIER_10K",
            "is_on_biz_app": plan.on_phone_app,
            **({} if plan.on_phone_app else {"pin": plan.pin}),
        }
    )
    world["templates"] += [
        {
            "id": template_id(plan, order),
            "waba_id": plan.account_id,
            "name": one.name,
            "language": one.language,
            "category": one.category,
            "status": one.status,
            "components": one.components,
        }
        for order, one in enumerate(message_templates.of(plan.subdomain))
    ]
    stopped = {row["bsuid"] for row in book.contacts if row["opted_out_at"]}
    for person in book.people:
        world["people"].append(person | {"stopped": [plan.account_id] if person["bsuid"] in stopped else []})
    world["groups"] += book.groups
    world["history"] += book.history


def save(world: World, path: Path) -> None:
    """Write the file, readable by its owner alone, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(world, file, ensure_ascii=True)
    draft.replace(path)
