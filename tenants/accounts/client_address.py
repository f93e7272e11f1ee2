"""Where a request came from: the connection's other end, or what our own load balancer says it was."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The caller's IP address; None when there is none to be known (a unix socket).

    Only the last entry of X-Forwarded-For counts, and only behind a proxy of ours: callers may write the others.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    told = forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(told))
    except ValueError:
        return None
