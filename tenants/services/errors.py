"""Refusals when agencies and companies are opened."""

from django.utils.translation import gettext_lazy as _

from tenants.errors import DomainError


class NameMissing(DomainError):
    code = "name_missing"
    http_status = 422
    user_message = _("Fill in a name of at most 120 characters.")


class SubdomainOdd(DomainError):
    code = "subdomain_invalid"
    http_status = 422
    user_message = _("This web address cannot be used. Choose 2 to 40 small letters, digits and hyphens.")


class SubdomainReserved(DomainError):
    code = "subdomain_reserved"
    http_status = 422
    user_message = _("This web address is kept for the system. Choose another one.")


class SubdomainTaken(DomainError):
    code = "subdomain_taken"
    user_message = _("This web address is already in use. Choose another one.")


class HostTaken(DomainError):
    code = "host_taken"
    user_message = _("This host name is already in use.")


class HostOdd(DomainError):
    code = "host_invalid"
    http_status = 422
    user_message = _("This is not a host name. Give it without http and without port, like desk.example.com.")


class LanguageUnknown(DomainError):
    code = "language_unknown"
    http_status = 422
    user_message = _("This language is not available. Choose one of those offered.")


class CountryUnknown(DomainError):
    code = "country_unknown"
    http_status = 422
    user_message = _("This is not a country. Give its two letters, like NL.")


class TimeZoneUnknown(DomainError):
    code = "time_zone_unknown"
    http_status = 422
    user_message = _("This time zone is not known. Give it like Europe/Amsterdam.")
