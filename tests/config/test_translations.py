"""Every text that people read is there in Dutch and German, with the same blanks and in the same voice."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from config.assets.catalogs import read_catalog, untranslated
from config.assets.extracting import collect

LANGUAGES = ("nl", "de")
NOT_OURS = {
    "en": re.compile(r"\bplease\b|\bsorry\b|!(?!=)", re.I),
    "nl": re.compile(r"\buw\b|\balstublieft\b|!(?!=)", re.I),
    "de": re.compile(r"\b(du|dein|deine|dir|dich|bitte)\b|!(?!=)", re.I),
}


NAMES = re.compile(r"\bje\W+du\b")  # the forms of address themselves, side by side


@cache
def marked() -> Catalog:
    return collect(settings.BASE_DIR)


@cache
def translated(language: str) -> Catalog:
    return read_catalog(settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po", language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_without_a_translation(language: str) -> None:
    there = {(message.id, message.context) for message in translated(language) if message.id}
    missing = [message.id for message in marked() if message.id and (message.id, message.context) not in there]

    assert missing + untranslated(translated(language)) == [], (
        "run manage.py update_translations and fill in what is empty"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_blanks_in_a_translation_are_those_of_the_text(language: str) -> None:
    catalog = translated(language)
    wrong = [(message.id, str(error)) for message in catalog for error in message.check(catalog)]

    assert wrong == []
    for message in catalog:
        if isinstance(message.id, str) and message.id:
            braces = re.findall(r"\{\w+\}", message.id)
            assert sorted(braces) == sorted(re.findall(r"\{\w+\}", str(message.string))), message.id


def test_the_voice_is_calm_in_every_language() -> None:
    texts = {"en": [message.id for message in marked() if message.id]}
    texts |= {language: [message.string for message in translated(language) if message.id] for language in LANGUAGES}

    for language, found in texts.items():
        flat = [part for text in found for part in ([text] if isinstance(text, str) else text)]
        assert [text for text in flat if NOT_OURS[language].search(text) and not NAMES.search(text)] == []
