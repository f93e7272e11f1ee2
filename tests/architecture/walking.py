"""Every address of ours with the permission its view asks for."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

LIBRARIES = ("allauth.",)


def routes_of(urlconf: str) -> dict[str, str | None]:
    """Path pattern to permission; None where a view names none. Sign-in pages of the library are left out."""
    found = {}
    for path, callback in _walk(get_resolver(urlconf).url_patterns):
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
        if not callback.__module__.startswith(LIBRARIES):
            permission = getattr(callback, "permission", None) or getattr(view, "scope", None)
            found[path] = str(permission) if permission else None
    return found


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback
