"""Every address of ours with the permission its view asks for."""

import inspect
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


def readable(urlconf: str) -> list[str]:
    """The path patterns that answer a GET; those of libraries are left out."""
    found = {}
    for path, callback in _walk(get_resolver(urlconf).url_patterns):
        if not callback.__module__.startswith(LIBRARIES) and _answers_get(callback):
            found[path] = None
    return list(found)


def _answers_get(callback: Any) -> bool:
    """Whether none of the decorators around a view refuses the method."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is not None:
        return hasattr(view, "get")
    while callback is not None:
        methods = inspect.getclosurevars(callback).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        callback = getattr(callback, "__wrapped__", None)
    return True
