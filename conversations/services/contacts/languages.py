"""In which language a person is written to."""

from conversations.models import Contact

# The first language of a market; where several are spoken, the person's own choice is all that helps.
OF_MARKET = {
    "NL": "nl",
    "BE": "nl",
    "SR": "nl",
    "AW": "nl",
    "CW": "nl",
    "SX": "nl",
    "DE": "de",
    "AT": "de",
    "LI": "de",
    "GB": "en",
    "IE": "en",
    "US": "en",
    "CA": "en",
    "AU": "en",
    "NZ": "en",
    "FR": "fr",
    "ES": "es",
    "IT": "it",
    "PT": "pt",
    "PL": "pl",
    "TR": "tr",
}


# How a person is addressed, formally and informally, where a language tells the two apart.
ADDRESS = {
    "nl": ("u", "je"),
    "de": ("Sie", "du"),
    "fr": ("vous", "tu"),
    "es": ("usted", "tú"),
    "it": ("Lei", "tu"),
    "pl": ("Pan/Pani", "ty"),
    "tr": ("siz", "sen"),
}


def address_in(language: str, *, form: str) -> str:
    """The word for whom one writes to, by the company's form of address; empty where there is no such word or wish."""
    formal, informal = ADDRESS.get(language[:2].lower(), ("", ""))
    return {"formal": formal, "informal": informal}.get(form, "")


def order_for(contact: Contact, *, company_language: str) -> list[str]:
    """Languages to write in, the best first: the person's own, the one of the market, the company's."""
    found = (contact.language[:2].lower(), OF_MARKET.get(contact.market, ""), company_language[:2].lower())
    return list(dict.fromkeys(code for code in found if code))
