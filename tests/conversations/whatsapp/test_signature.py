"""Only a body signed with a known secret is accepted."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.signature import sign, verify

BODY = b'{"object":"whatsapp_business_account","name":"\\u00e4"}'
SECRETS = [("old", "first-secret"), ("new", "second-secret")]


def test_the_key_whose_secret_signed_is_named():
    header = "sha256=" + hmac.new(b"second-secret", BODY, hashlib.sha256).hexdigest()

    assert verify(BODY, header, SECRETS) == "new"
    assert verify(BODY, sign(BODY, "first-secret"), SECRETS) == "old"


@pytest.mark.parametrize(
    "header",
    ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "sha256=" + "ä" * 64, sign(BODY, "third-secret")],
)
def test_another_signature_is_refused(header):
    assert verify(BODY, header, SECRETS) is None


def test_a_changed_body_is_refused():
    assert verify(BODY + b" ", sign(BODY, "first-secret"), SECRETS) is None


def test_an_empty_secret_never_fits():
    assert verify(BODY, sign(BODY, ""), [("none", "")]) is None
    assert verify(BODY, sign(BODY, "x"), []) is None


@given(st.binary(), st.text(), st.text(min_size=1))
def test_any_header_gets_an_answer(body, header, secret):
    assert verify(body, header, [("k", secret.encode("utf-8", "replace").decode())]) in {None, "k"}
