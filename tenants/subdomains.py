"""Which names a company may have in front of our domain. Pure rules."""

import re

MAX_CHARS = 40
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")

# Names that mean something to browsers, mail programs, certificate authorities or to us.
_RESERVED = """
    about account accounts admin administrator agency api app apps assets auth autoconfig autodiscover balie beta
    billing    blog cdn console dashboard dev developer developers dns docs download email events example files ftp
    health help host hostmaster id imap img info internal invoice invoices legal live localhost login logout mail
    mailer media metrics monitor mx news noreply ns ns1 ns2 oauth operator pay payments pop postmaster privacy proxy
    public root secure security server signin signup simulator smtp sso stage staging static stats status
    store support system terms test tests uploads usenet vpn wa web webhook webhooks webmaster whatsapp wildcard wpad
    www www1 www2
"""
RESERVED = frozenset(_RESERVED.split())


def normalised(text: str) -> str:
    return text.strip().lower()


def is_well_formed(subdomain: str) -> bool:
    """A DNS label (RFC 1035 2.3.1, RFC 1123 2.1) of 2 to 40 characters that is not punycode and not digits alone."""
    return (
        2 <= len(subdomain) <= MAX_CHARS
        and LABEL.fullmatch(subdomain) is not None
        and subdomain[2:4] != "--"
        and not subdomain.isdecimal()
    )


def is_reserved(subdomain: str) -> bool:
    return subdomain in RESERVED
