"""People leave by one word however they write it, and each person belongs to one market."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.consent_words import is_keyword, is_stop, leaves_list, normalised
from conversations.whatsapp.market import market


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", " Stop! ", "*STOP*", "«stop»", "Stopp.", "AFMELDEN", "abmelden", "Unsubscribe", "ARRÊT"),
        *("arret", "désinscrire", "De\u0301sinscrire", "ＳＴＯＰ", "st\u200bop", "stop 🙏", "_stop_", "STOP\n"),
    ],
)
def test_a_message_that_is_only_the_word_leaves_every_list(text):
    assert is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", None, "stop de levering niet", "nonstop", "stop stop", "s t o p", "don't stop", "stopcontact", "uit"),
        *("🛑", "stop" + " " * 5000),
    ],
)
def test_other_messages_leave_nothing(text):
    assert not is_stop(text)


@pytest.mark.parametrize("text", ["FIETS UIT", "fiets stop", "Fiets, aus!", "fiëts off"])
def test_a_list_is_left_by_its_keyword_and_a_word(text):
    assert leaves_list(text, keyword="Fiets")


@pytest.mark.parametrize("text", ["fiets", "uit", "auto uit", "fiets uit graag", "fiets aan", None, "", "fietsuit"])
def test_a_list_is_not_left_by_anything_else(text):
    assert not leaves_list(text, keyword="Fiets")


def test_a_keyword_is_the_whole_message():
    assert is_keyword("  Fiëts! ", keyword="fiets")
    assert not is_keyword("mijn fiets", keyword="fiets")
    assert not is_keyword("...", keyword="!!!")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("wa_id", "bsuid", "country"),
    [
        ("31612345678", None, "NL"),
        ("4915112345678", "NL.1", "DE"),
        ("12125550123", None, "US"),
        ("14165550123", None, "CA"),
        ("447911123456", None, "GB"),
        ("5511987654321", None, "BR"),
        (None, "BE.123", "BE"),
        ("99912345", "FR.9", "FR"),
        ("31", None, None),
        ("77012345678", None, "KZ"),
        ("18765550123", None, "JM"),
        ("0", None, None),
        ("abc", "x", None),
        (None, None, None),
        ("", "1A.3", None),
    ],
)
def test_the_market_follows_the_number_else_the_id(wa_id, bsuid, country):
    assert market(wa_id=wa_id, bsuid=bsuid) == country
