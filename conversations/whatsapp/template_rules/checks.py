"""Everything that the platform would refuse about a message template, found before it is submitted."""

import re

from django.utils.translation import gettext as _

from conversations.whatsapp.template_rules import buttons, limits, texts
from conversations.whatsapp.template_rules.problems import Problem, Problems
from conversations.whatsapp.template_rules.sketch import SHOPS, Card, Sketch

PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+\Z")


def problems_of(sketch: Sketch) -> list[Problem]:
    """What has to be put right, in the order of the form."""
    problems = Problems()
    check_name(problems, sketch.name)
    if sketch.language not in limits.LANGUAGES:
        problems.add("language", _("Choose a language."), empty=True)
    _check_category(problems, sketch)
    if sketch.kind == "code":
        _check_code(problems, sketch)
    else:
        _check_content(problems, sketch)
    _check_ttl(problems, sketch)
    return problems.found


def check_name(problems: Problems, name: str) -> None:
    """A name that the platform takes."""
    if problems.missing("name", name) or problems.too_long("name", name, limits.MAX_NAME_CHARS):
        return
    if not limits.NAME.match(name):
        problems.add("name", _("A name has small letters, digits and _ only, as in order_ready."))


def _check_category(problems: Problems, sketch: Sketch) -> None:
    if sketch.category not in limits.CATEGORIES:
        problems.add("category", _("Choose what the template is for."), empty=True)
    elif (sketch.kind == "code") != (sketch.category == "AUTHENTICATION"):
        problems.add("category", _("A template for sign-in codes has its own form, and nothing but a code in it."))
    elif sketch.kind == "offer" and sketch.category != "MARKETING":
        problems.add("category", _("An offer is marketing."))


def _check_content(problems: Problems, sketch: Sketch) -> None:
    carousel = sketch.kind == "carousel"
    if sketch.kind == "shop":
        _check_shop(problems, sketch)
    elif not carousel:
        _check_header(problems, sketch)
    if sketch.kind == "offer":
        _check_offer(problems, sketch)
    limit = limits.MAX_OFFER_BODY_CHARS if sketch.kind == "offer" else limits.MAX_BODY_CHARS
    texts.check_body(problems, sketch.body, sketch.samples, limit=limit)
    if sketch.kind in ("standard", "shop"):
        texts.check_footer(problems, sketch.footer)
    written = {"body": sketch.body}
    if sketch.has_header_text:
        written["header_text"] = sketch.header_text
    if carousel:
        written |= {f"card.{at}.body": card.body for at, card in enumerate(sketch.cards)}
        _check_cards(problems, sketch.cards)
    elif sketch.kind != "shop":
        buttons.check_buttons(problems, sketch.buttons)
    texts.check_same_kind(problems, written)


def _check_shop(problems: Problems, sketch: Sketch) -> None:
    if sketch.shop not in SHOPS:
        problems.add("shop", _("Choose what it shows."), empty=True)
    elif sketch.has_header_text:
        texts.check_header(problems, sketch.header_text, sketch.header_samples)


def _check_header(problems: Problems, sketch: Sketch) -> None:
    if sketch.header == "text":
        texts.check_header(problems, sketch.header_text, sketch.header_samples)
    elif sketch.has_media and not sketch.file:
        problems.add("header_file", _("Add a file as sample. Another one can go with each message."), empty=True)


def _check_offer(problems: Problems, sketch: Sketch) -> None:
    if not problems.missing("offer", sketch.offer):
        problems.too_long("offer", sketch.offer.strip(), limits.MAX_OFFER_CHARS)
    if sketch.header not in ("none", "image", "video"):
        problems.add("header", _("Above an offer stands a picture, a film or nothing."))
    kinds = [button.kind for button in sketch.buttons]
    if "URL" not in kinds or any(kind not in ("COPY_CODE", "URL") for kind in kinds):
        problems.add(
            "buttons", _("An offer has a button that opens a page, and may have one that copies a code."), empty=True
        )
    if sketch.offer_ends and kinds[:1] != ["COPY_CODE"]:
        problems.add("buttons", _("An offer that ends needs a code to copy as its first button."), empty=True)


def _check_cards(problems: Problems, cards: list[Card]) -> None:
    fewest, most = limits.CARDS
    if not fewest <= len(cards) <= most:
        problems.add("cards", _("A carousel has two to ten cards."), empty=True)
    for at, card in enumerate(cards):
        prefix = f"card.{at}."
        if not card.file:
            problems.add(f"{prefix}file", _("Add a file for this card."), empty=True)
        if card.body.strip():
            texts.check_body(problems, card.body, card.samples, limit=limits.MAX_CARD_BODY_CHARS, prefix=prefix)
        buttons.check_buttons(problems, card.buttons, prefix=prefix)
        few, many = limits.CARD_BUTTONS
        if not few <= len(card.buttons) <= many:
            problems.add(f"{prefix}buttons", _("Each card has one or two buttons."), empty=True)
    _check_alike(problems, cards)


def _check_alike(problems: Problems, cards: list[Card]) -> None:
    for at, card in enumerate(cards[1:], start=1):
        if [one.kind for one in card.buttons] != [one.kind for one in cards[0].buttons]:
            problems.add(f"card.{at}.buttons", _("All cards have the same kinds of buttons in the same order."))
        if bool(card.body.strip()) != bool(cards[0].body.strip()):
            problems.add(f"card.{at}.body", _("Either all cards have a text, or none has."))


def _check_code(problems: Problems, sketch: Sketch) -> None:
    code = sketch.code
    least, most = limits.CODE_MINUTES
    if code.minutes.strip() and not (code.minutes.strip().isdecimal() and least <= int(code.minutes) <= most):
        problems.add("code_minutes", _("A code can be valid for 1 to 90 minutes."))
    for place, label in (("code_label", code.label), ("code_autofill", code.autofill)):
        problems.too_long(place, label.strip(), limits.MAX_LABEL_CHARS)
    if code.type == "ONE_TAP":
        _check_apps(problems, code.apps)


def _check_apps(problems: Problems, apps: list[dict[str, str]]) -> None:
    if not 1 <= len(apps) <= limits.MAX_APPS:
        problems.add("code_apps", _("Name one to five of your apps that may fill in the code."), empty=True)
    for at, app in enumerate(apps):
        package, mark = app["package"].strip(), app["hash"].strip()
        if not PACKAGE.match(package) or len(package) > limits.MAX_PACKAGE_CHARS:
            problems.add(f"app.{at}.package", _("Write the package name of the app, as in com.example.shop."))
        if len(mark) != limits.APP_HASH_CHARS:
            problems.add(f"app.{at}.hash", _("The signing hash of an app has eleven characters."))


def _check_ttl(problems: Problems, sketch: Sketch) -> None:
    bounds, written = limits.TTL_SECONDS.get(sketch.category), sketch.ttl.strip()
    if not written or bounds is None:
        return
    if not written.isdecimal() or not bounds[0] <= int(written) <= bounds[1]:
        words = _("Write a number of seconds from %(least)d to %(most)d, or leave it empty.")
        problems.add("ttl", words % {"least": bounds[0], "most": bounds[1]})
