"""Opens agencies and the hosts they are reached at."""

import re

from django.db import transaction
from django.utils.text import slugify

from tenants.context import in_public
from tenants.models import Agency, AgencyHost, Domain
from tenants.services.errors import HostOdd, HostTaken, NameMissing

HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def create_agency(name: str, *, slug: str, host: str, language: str = "nl", country: str = "NL") -> Agency:
    """Open an agency, or give it one more host; the same twice changes nothing.

    Raises  NameMissing, HostOdd, HostTaken (an agency's or a company's)
    """
    name, host = name.strip(), host.strip().lower().rstrip(".")
    if not name or not name.isprintable() or not slug or slugify(slug) != slug:
        raise NameMissing
    if not HOST.fullmatch(host):
        raise HostOdd
    with in_public(), transaction.atomic():
        agency, _ = Agency.objects.get_or_create(
            slug=slug, defaults={"name": name, "language": language, "country": country.upper()}
        )
        if Domain.objects.filter(domain=host).exists():
            raise HostTaken
        known, _ = AgencyHost.objects.get_or_create(host=host, defaults={"agency": agency})
        if known.agency_id != agency.pk:
            raise HostTaken
    return agency
