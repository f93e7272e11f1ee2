"""Guards every address that is called for this channel: only the platform's hosts, never an inner network."""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

META_HOSTS = {"graph.facebook.com", "api.facebook.com"}
META_DOMAINS = (".fbsbx.com", ".whatsapp.net")
DEFAULT_PORTS = {"https": 443, "http": 80}
_EMBEDDED_V4 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind a NAT64 gateway


class AddressRefused(ValueError):
    """This address may not be called. The text names the reason, never the address."""


@dataclass(slots=True, frozen=True)
class Target:
    """Where a request may go. ``configured`` is the operator's own Graph address, which may be an inner one."""

    scheme: str
    host: str
    port: int
    configured: bool


def check(url: str, *, base: str) -> Target:
    """The target of an address, if it is the platform's or exactly scheme, host and port of ``base``.

    Raises  AddressRefused
    """
    scheme, host, port = _parts(url)
    if (scheme, host, port) == _parts(base):
        return Target(scheme, host, port, configured=True)
    if scheme != "https" or port != DEFAULT_PORTS["https"]:
        raise AddressRefused("The address is not a secure one.")
    if host not in META_HOSTS and not host.endswith(META_DOMAINS):
        raise AddressRefused("The address does not belong to the platform.")
    return Target(scheme, host, port, configured=False)


def check_link(url: str, *, trusted: Collection[str] = ()) -> Target:
    """The target of an address that a stranger named: a secure one on the usual port, or one of ``trusted`` origins.

    An address that is a number is judged at once; a name when it is resolved, just before it is called.
    Raises  AddressRefused
    """
    parts = scheme, host, port = _parts(url)
    if parts in {_parts(one) for one in trusted}:
        return Target(scheme, host, port, configured=True)
    if scheme != "https" or port != DEFAULT_PORTS["https"]:
        raise AddressRefused("The address is not a secure one.")
    if _is_number(host) and not is_public(host):
        raise AddressRefused("The address leads into an inner network.")
    return Target(scheme, host, port, configured=False)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet, also when an IPv4 address hides in an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _EMBEDDED_V4:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.teredo is not None:
            return False
    return found.is_global and not found.is_multicast


def usable(addresses: list[str], *, configured: bool) -> list[str]:
    """The resolved addresses that may be connected to; one inner address spoils the whole answer.

    Raises  AddressRefused
    """
    if not addresses or (not configured and not all(map(is_public, addresses))):
        raise AddressRefused("The address leads into an inner network.")
    return addresses


def resolve(host: str, port: int, *, configured: bool) -> list[str]:
    """The IP addresses of a host that may be connected to.

    Raises  AddressRefused, OSError when the name cannot be resolved
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return usable([str(answer[4][0]) for answer in answers], configured=configured)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _parts(url: str) -> tuple[str, str, int]:
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError as error:
        raise AddressRefused("The address cannot be read.") from error
    if found.scheme not in DEFAULT_PORTS or not found.hostname or "@" in found.netloc or "\\" in url:
        raise AddressRefused("The address cannot be read.")
    return found.scheme, found.hostname.rstrip("."), port or DEFAULT_PORTS[found.scheme]
