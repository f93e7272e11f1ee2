"""Articles of a catalogue that is kept at the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from conversations.whatsapp import limits
from conversations.whatsapp.fields import Missing
from conversations.whatsapp.interactive.frame import Frame, Payload, interactive


@dataclass(slots=True, frozen=True)
class Product:
    """One article; its text may be missing and it has no heading of its own."""

    kind: ClassVar[str] = "product"
    catalog_id: str
    product_id: str
    body: str = ""
    footer: str = ""

    def part(self) -> Payload:
        action = {
            "catalog_id": limits.text(self.kind, "catalog_id", self.catalog_id),
            "product_retailer_id": limits.text(self.kind, "product_id", self.product_id),
        }
        around = Frame(footer=self.footer).parts(self.kind)
        return interactive(self.kind, "product", body=self.body, action=action, around=around)


@dataclass(slots=True, frozen=True)
class ProductSection:
    """Articles under a heading."""

    product_ids: Sequence[str]
    title: str = ""

    def part(self, place: str, *, alone: bool) -> Payload:
        if not self.product_ids:
            raise Missing(f"{place}.product_ids", name=limits.of("product_list", "products").name)
        items = [
            {
                "product_retailer_id": limits.text(
                    "product_list", "product_id", one, place=f"{place}.product_ids.{number}"
                )
            }
            for number, one in enumerate(self.product_ids)
        ]
        found: Payload = {"product_items": items}
        if self.title or not alone:
            found["title"] = limits.text("product_list", "section_title", self.title, place=f"{place}.title")
        return found


@dataclass(slots=True, frozen=True)
class ProductList:
    """Up to thirty articles in up to ten sections; a heading is needed."""

    kind: ClassVar[str] = "product_list"
    body: str
    header: str
    catalog_id: str
    sections: Sequence[ProductSection]
    footer: str = ""

    def part(self) -> Payload:
        if not self.header.strip():
            raise Missing("header", name=limits.of(self.kind, "header").name)
        limits.count(self.kind, "sections", self.sections)
        limits.count(self.kind, "products", [one for s in self.sections for one in s.product_ids], place="sections")
        alone = len(self.sections) == 1
        action = {
            "catalog_id": limits.text(self.kind, "catalog_id", self.catalog_id),
            "sections": [one.part(f"sections.{place}", alone=alone) for place, one in enumerate(self.sections)],
        }
        around = Frame(header=self.header, footer=self.footer).parts(self.kind)
        return interactive(self.kind, "product_list", body=self.body, action=action, around=around)


@dataclass(slots=True, frozen=True)
class Catalog:
    """A text with a button that opens the whole catalogue; an article may lend its picture."""

    kind: ClassVar[str] = "catalog"
    body: str
    product_id: str = ""
    footer: str = ""

    def part(self) -> Payload:
        action: Payload = {"name": "catalog_message"}
        if self.product_id:
            picture = limits.text(self.kind, "product_id", self.product_id)
            action["parameters"] = {"thumbnail_product_retailer_id": picture}
        around = Frame(footer=self.footer).parts(self.kind)
        return interactive(self.kind, "catalog_message", body=self.body, action=action, around=around)
