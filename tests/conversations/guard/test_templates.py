"""A message template may neither hold personal numbers nor ask for them."""

import pytest

from conversations.detectors.asks import asks_for
from conversations.services.message_templates.template_guard import problems_of
from conversations.whatsapp.template_rules import Sketch


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Stuur ons uw IBAN, dan storten wij het bedrag terug.", ["iban"]),
        ("Wat is uw burgerservicenummer?", ["bsn"]),
        ("Bitte senden Sie uns Ihre Kontonummer.", ["iban"]),
        ("Please reply with your password to go on.", ["secret"]),
        ("Envoyez votre numéro de carte, merci.", ["card"]),
        ("Geef ons een kopie van uw paspoort.", ["national"]),
        ("Stuur nooit uw pincode via WhatsApp.", []),
        ("We never ask you to share your password.", []),
        ("Het bedrag staat op uw rekening.", []),
        ("Stuur ons een foto van uw fiets. Uw IBAN hebben wij al.", []),
    ],
)
def test_asking_is_told_from_mentioning_and_warning(text: str, asked: list[str]) -> None:
    assert asks_for(text) == asked


def test_the_check_names_the_field_and_what_to_do() -> None:
    sketch = Sketch(kind="standard", body="Stuur ons uw IBAN.", footer="NL91 ABNA 0417 1643 00")

    body, footer = problems_of(sketch)

    assert (body.field, footer.field) == ("body", "footer")
    assert "account number" in str(body.message) and "Take this out" in str(footer.message)


def test_an_ordinary_template_and_a_code_pass() -> None:
    assert problems_of(Sketch(kind="standard", body="Uw fiets is klaar, {{1}}. U kunt hem ophalen.")) == []
    assert problems_of(Sketch(kind="code", body="")) == []
