"""At which field of the form a refusal of the platform belongs."""

import re

BY_CODE = {
    2388019: "",
    2388024: "name",
    2388039: "",
    2388047: "header_text",
    2388072: "body",
    2388073: "footer",
    2388293: "body",
    2388299: "body",
}
BY_WORD = (
    (re.compile(r"\bheader", re.IGNORECASE), "header_text"),
    (re.compile(r"\bfooter", re.IGNORECASE), "footer"),
    (re.compile(r"\bbutton|\burl\b|phone number", re.IGNORECASE), "buttons"),
    (re.compile(r"\bcard|carousel", re.IGNORECASE), "cards"),
    (re.compile(r"\bcategory", re.IGNORECASE), "category"),
    (re.compile(r"\blanguage", re.IGNORECASE), "language"),
    (re.compile(r"\bname\b", re.IGNORECASE), "name"),
    (re.compile(r"\bbody|\bvariable|\bparam|\bexample|\bsample", re.IGNORECASE), "body"),
)


def field_of(code: int | None, details: str) -> str:
    """The field that a refusal speaks of, by its code, else by its words; empty when it speaks of the whole."""
    if code in BY_CODE:
        return BY_CODE[code]
    return next((field for pattern, field in BY_WORD if pattern.search(details)), "")
