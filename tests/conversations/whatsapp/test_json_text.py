"""Reading and writing JSON word for word, quickly where that is the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from conversations.whatsapp import json_text

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(some.characters(codec=None)),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_was_written_is_read_again(value: object) -> None:
    assert json_text.read(json_text.write(value).encode()) == value
    assert json_text.read(json.dumps(value).encode()) == value


@given(VALUES)
def test_a_text_column_takes_whatever_was_written(value: object) -> None:
    written = json_text.write(value)
    assert "\x00" not in written
    assert written.encode("utf-8")  # no half of a surrogate pair


@pytest.mark.parametrize(
    "text", ["123456789012345678901234567890", "[1,-98765432109876543210]", '{"a": 18446744073709551616}']
)
def test_long_numbers_keep_their_digits(text: str) -> None:
    assert json_text.read(text.encode()) == json.loads(text)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"a": }', b"nope"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        json_text.read(raw)
