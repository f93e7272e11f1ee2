"""Nobody real can be one of the demo's people: their numbers belong to nobody and never will."""

import re
from itertools import islice

import phonenumbers
import pytest

from config.demo import contacts
from config.demo.companies import COMPANIES

PLACES = [plan.subdomain for plan in COMPANIES]
TOLD = {"nl": 70, "de": 30, "en": 30}  # more than a company has of a language
FILMS = {"de": r"4917139200\d\d", "en": r"447700900\d{3}"}  # kept for them by the regulators of telephony


def numbers(place: str, language: str) -> list[str]:
    people = islice(contacts.crowd(place, language), TOLD[language])
    return [person.phone for person in people if person.phone]


@pytest.mark.parametrize("place", PLACES)
def test_a_dutch_number_has_the_right_length_and_cannot_exist(place: str) -> None:
    for phone in [*numbers(place, "nl"), *(one.phone for one in contacts.special(place) if one.phone)]:
        parsed = phonenumbers.parse(f"+{phone}")
        assert phonenumbers.is_possible_number(parsed), phone
        assert not phonenumbers.is_valid_number(parsed) or re.fullmatch(FILMS["en"], phone), phone


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_german_or_british_number_is_one_of_those_kept_for_films(place: str, language: str) -> None:
    assert all(re.fullmatch(FILMS[language], phone) for phone in numbers(place, language))


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_no_number_is_given_twice(language: str) -> None:
    given = [phone for place in PLACES for phone in numbers(place, language)]

    assert len(set(given)) == len(given)
