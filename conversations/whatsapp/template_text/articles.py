"""Articles of a catalogue in a message template: one above the text, or a list of them behind a button.

A list is an object, ``{"thumbnail": "SKU-1", "sections": [{"title": "City", "product_ids": ["SKU-1", "SKU-2"]}]}``, or
as people write it, one section a line: ``City: SKU-1, SKU-2``. Without a thumbnail the first article lends its picture.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField, Missing
from conversations.whatsapp.payloads.clean import record, rows

LISTED = "product_list"  # its limits are those of the message with several articles


def article(key: str, value: Any) -> dict[str, str]:
    """One article: ``catalog_id`` and ``product_id``. Raises Missing, InvalidField"""
    given = record(value)
    return {
        name: limits.text("product", name, str(given.get(name) or "").strip(), place=key)
        for name in ("catalog_id", "product_id")
    }


def articles(key: str, value: Any) -> dict[str, Any]:
    """Sections with their articles, and the one that lends its picture. Raises Missing, InvalidField"""
    given = read(value) if isinstance(value, str) else record(value)
    listed = [record(one) for one in rows(given.get("sections"))]
    if not listed:
        raise Missing(key, name=limits.of(LISTED, "products").name)
    limits.count(LISTED, "sections", listed, place=key)
    sections = [_section(key, one, alone=len(listed) == 1) for one in listed]
    every = [pk for section in sections for pk in section["product_ids"]]
    limits.count(LISTED, "products", every, place=key)
    if len(set(every)) != len(every):
        raise InvalidField(key, _("An article stands there twice."))
    thumbnail = str(given.get("thumbnail") or "").strip() or every[0]
    return {"thumbnail": limits.text(LISTED, "product_id", thumbnail, place=key), "sections": sections}


def _section(key: str, given: dict[str, Any], *, alone: bool) -> dict[str, Any]:
    title = str(given.get("title") or "").strip()
    if title or not alone:
        limits.text(LISTED, "section_title", title, place=key)
    ids = [limits.text(LISTED, "product_id", str(one).strip(), place=key) for one in rows(given.get("product_ids"))]
    if not ids:
        raise Missing(key, name=limits.of(LISTED, "products").name)
    return {"title": title, "product_ids": ids}


def read(written: str) -> dict[str, Any]:
    """What somebody wrote, one section a line; what stands before a colon is the heading."""
    sections = []
    for line in written.splitlines():
        title, colon, ids = line.rpartition(":")
        found = [one.strip() for one in ids.split(",") if one.strip()]
        if found or colon:
            sections.append({"title": title.strip(), "product_ids": found})
    return {"sections": sections}


def written(value: Any) -> str:
    """The same as ``read`` takes, for a form that comes back."""
    if isinstance(value, str):
        return value
    sections = [record(one) for one in rows(record(value).get("sections"))]
    return "\n".join(
        ": ".join(filter(None, (str(one.get("title") or ""), ", ".join(map(str, rows(one.get("product_ids")))))))
        for one in sections
    )


def as_action(value: dict[str, Any]) -> dict[str, Any]:
    """The same as the platform takes it."""
    sections = [
        {
            **({"title": one["title"]} if one["title"] else {}),
            "product_items": [{"product_retailer_id": pk} for pk in one["product_ids"]],
        }
        for one in value["sections"]
    ]
    return {"thumbnail_product_retailer_id": value["thumbnail"], "sections": sections}
