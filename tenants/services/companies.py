"""Opens client companies: the row, the host and the schema, in one transaction."""

import zoneinfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from phonenumbers import SUPPORTED_REGIONS

from tenants import provisioning, subdomains
from tenants.addresses import company_host
from tenants.context import company_id_of, current_schema, in_public, schema_of
from tenants.ids import uuid7
from tenants.models import Agency, AgencyHost, ClientCompany, Domain
from tenants.models.company import HUES
from tenants.services.errors import (
    CountryUnknown,
    LanguageUnknown,
    NameMissing,
    SubdomainOdd,
    SubdomainReserved,
    SubdomainTaken,
    TimeZoneUnknown,
)

MAX_NAME_CHARS = 120


def entered() -> ClientCompany:
    """The company whose schema this runs in, with its agency."""
    company_id = company_id_of(current_schema())
    with in_public():
        return ClientCompany.objects.select_related("agency").get(pk=company_id)


def create_company(
    agency: Agency,
    *,
    name: str,
    subdomain: str,
    language: str,
    country: str,
    time_zone: str = "Europe/Amsterdam",
    sector: str = "",
    risk_class: str = ClientCompany.RiskClass.NORMAL,
) -> ClientCompany:
    """Open a company with an empty schema and the host ``<subdomain>.<BASE_DOMAIN>``; the same twice gives the first.

    language  one of LANGUAGES; what its people see until they choose
    country   ISO 3166-1 alpha-2; decides which rules of tax and privacy apply
    Raises    NameMissing, SubdomainOdd, SubdomainReserved, SubdomainTaken, LanguageUnknown, CountryUnknown,
              TimeZoneUnknown
    """
    name, subdomain, country = name.strip(), subdomains.normalised(subdomain), country.strip().upper()
    _check_name(name)
    _check_subdomain(subdomain)
    _check_place(language=language, country=country, time_zone=time_zone)
    with in_public():
        existing = _existing(agency, subdomain)
        if existing is not None:
            return existing
        company = ClientCompany(
            agency=agency,
            name=name,
            subdomain=subdomain,
            language=language,
            country=country,
            time_zone=time_zone,
            sector=sector.strip(),
            risk_class=risk_class,
        )
        try:
            return _insert(company)
        except IntegrityError:  # somebody else was faster
            existing = _existing(agency, subdomain)
            if existing is None:
                raise
            return existing


def _insert(company: ClientCompany) -> ClientCompany:
    company.id = uuid7()
    company.schema_name = schema_of(company.id)
    company.hue = _next_hue(company.agency)
    with transaction.atomic():
        company.save()
        Domain.objects.create(domain=company_host(company.subdomain), tenant=company, is_primary=True)
        company.schema_fingerprint = provisioning.create_schema(company.schema_name)
        company.save(update_fields=["schema_fingerprint"])
    return company


def _existing(agency: Agency, subdomain: str) -> ClientCompany | None:
    """The agency's own company of that name; another's is not told apart from a host of ours."""
    company: ClientCompany | None = ClientCompany.objects.filter(subdomain=subdomain).first()
    if company is not None and company.agency_id == agency.pk:
        return company
    host = company_host(subdomain)
    taken = Domain.objects.filter(domain=host).exists() or AgencyHost.objects.filter(host=host).exists()
    if company is not None or taken:
        raise SubdomainTaken
    return None


def _next_hue(agency: Agency) -> int:
    """The least used of the prepared colours, so that they go round; two at once may get the same."""
    rows = ClientCompany.objects.filter(agency=agency).values("hue").annotate(n=Count("id"))
    used = {row["hue"]: row["n"] for row in rows}
    return min(range(1, HUES + 1), key=lambda hue: (used.get(hue, 0), hue))


def _check_name(name: str) -> None:
    if not name or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise NameMissing


def _check_subdomain(subdomain: str) -> None:
    if not subdomains.is_well_formed(subdomain):
        raise SubdomainOdd
    if subdomains.is_reserved(subdomain):
        raise SubdomainReserved


def _check_place(*, language: str, country: str, time_zone: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise LanguageUnknown
    if country not in SUPPORTED_REGIONS:
        raise CountryUnknown
    if time_zone not in zoneinfo.available_timezones():
        raise TimeZoneUnknown
