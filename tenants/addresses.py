"""The addresses people open: scheme, host and port as the world sees them."""

from django.conf import settings

from tenants.models import Agency, ClientCompany


def company_host(subdomain: str) -> str:
    """The host name of a company of this installation, without port."""
    return f"{subdomain}.{settings.BASE_DOMAIN}"


def address_of(side: Agency | ClientCompany) -> str:
    """Where the side's pages begin, without a slash at the end; empty for an agency that has no host yet."""
    if isinstance(side, ClientCompany):
        domain = side.domains.filter(is_primary=True).first()
        return address_at(domain.domain) if domain else ""
    host = side.hosts.order_by("id").first()
    return address_at(host.host) if host else ""


def address_at(host: str) -> str:
    scheme, usual = ("https", 443) if settings.HTTPS else ("http", 80)
    port = "" if usual == settings.PUBLIC_PORT else f":{settings.PUBLIC_PORT}"
    return f"{scheme}://{host}{port}"
