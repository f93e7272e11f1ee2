"""The platform's rules for the texts of a message template: lengths, variables and their samples."""

import re

from django.utils.translation import gettext as _

from conversations.whatsapp.template_rules import limits
from conversations.whatsapp.template_rules.problems import Problems
from conversations.whatsapp.template_rules.sketch import Samples
from conversations.whatsapp.template_text.parts import VARIABLE, names

STRAY = re.compile(r"\{\{|\}\}")
EDGE_START = re.compile(r"\s*\{\{")
EDGE_END = re.compile(r"\}\}[\s.,!?;:…]*\Z")
WORD = re.compile(r"\w+")
EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")
MANY_LINES = re.compile(r"\n{3,}")


def check_header(problems: Problems, written: str, samples: Samples) -> None:
    """A heading: one line without marks, one variable at most."""
    place = "header_text"
    if problems.missing(place, written) or problems.too_long(place, written.strip(), limits.MAX_HEADER_CHARS):
        return
    if "\n" in written or EMOJI.search(written) or re.search(r"[*_~`]", VARIABLE.sub("", written)):
        problems.add(place, _("A heading is one plain line: no line breaks, emoji or signs like * _ ~."))
    if len(names(written)) > 1:
        problems.add(place, _("A heading can have one variable. Move the others to the text."))
    _check_variables(problems, place, written)
    check_samples(problems, "header_sample", written, samples)


def check_body(
    problems: Problems, written: str, samples: Samples, *, limit: int = limits.MAX_BODY_CHARS, prefix: str = ""
) -> None:
    """The text itself, or that of a card."""
    place = f"{prefix}body"
    if not prefix and problems.missing(place, written):
        return
    words = written.strip()
    problems.too_long(place, words, limit)
    if EDGE_START.match(words):
        problems.add(place, _("WhatsApp refuses a text that begins with a variable. Put a word before it."))
    elif EDGE_END.search(words):
        problems.add(place, _("WhatsApp refuses a text that ends with a variable. Write something after it."))
    if MANY_LINES.search(words):
        problems.add(place, _("Leave at most one empty line between two paragraphs."))
    _check_variables(problems, place, words)
    _check_ratio(problems, place, words)
    check_samples(problems, f"{prefix}sample", words, samples)


def check_footer(problems: Problems, written: str) -> None:
    problems.too_long("footer", written.strip(), limits.MAX_FOOTER_CHARS)
    if "{{" in written:
        problems.add("footer", _("The last line cannot have variables."))
    if "\n" in written.strip():
        problems.add("footer", _("The last line is one line."))


def check_samples(problems: Problems, place: str, written: str, samples: Samples) -> None:
    """Every variable has a sample: the people who review the template see it with those."""
    for name in names(written):
        sample, spot = samples.get(name, ""), f"{place}.{name}"
        if not sample.strip():
            problems.add(spot, _("Give a sample: the reviewers at WhatsApp read the text with it."), empty=True)
        elif re.search(r"[\n\t]| {5,}|\{\{", sample):
            problems.add(spot, _("A sample is one line without many spaces or variables."))


def check_same_kind(problems: Problems, texts: dict[str, str]) -> None:
    """All variables of a template are numbered, or all are named."""
    kinds = {name.isdecimal() for written in texts.values() for name in names(written)}
    if len(kinds) > 1:
        place = next(spot for spot, written in texts.items() if names(written))
        problems.add(place, _("Use numbers for all variables, as in {{1}}, or names for all, as in {{first_name}}."))


def _check_variables(problems: Problems, place: str, written: str) -> None:
    if STRAY.search(VARIABLE.sub("", written)):
        problems.add(place, _("A variable is written as {{1}} or {{first_name}}: two braces on each side."))
        return
    found = list(dict.fromkeys(VARIABLE.findall(written)))
    numbers = sorted(int(name) for name in found if name.isdecimal())
    if numbers and len(numbers) == len(found) and numbers != list(range(1, len(numbers) + 1)):
        problems.add(place, _("Number the variables from {{1}} on without leaving one out."))
    for name in found:
        if not name.isdecimal() and not limits.VARIABLE_NAME.match(name):
            words = _("{{%(name)s}}: the name of a variable has small letters, digits and _, and begins with a letter.")
            problems.add(place, words % {"name": name})


def _check_ratio(problems: Problems, place: str, written: str) -> None:
    count = len(set(VARIABLE.findall(written)))
    words = len(WORD.findall(VARIABLE.sub(" ", written)))
    needed = limits.WORDS_PER_VARIABLE * count + 1
    if count and words < needed:
        told = _("Too many variables for so few words. %(count)d need %(needed)d other words or more.")
        problems.add(place, told % {"count": count, "needed": needed})
