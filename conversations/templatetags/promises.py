"""Promises in templates."""

from typing import Any

from django import template

from conversations.looks import promises
from conversations.models import Conversation
from conversations.services.promise.promise import Promise

register = template.Library()
KEPT = "_promise"  # on the request: a page of forty rows reads the hours once


@register.simple_tag(takes_context=True)
def promise_of(context: template.Context, row: Conversation) -> promises.ShownPromise | None:
    """What is left of the promise to somebody who waits in this conversation."""
    if row.waiting_since is None or row.due_at is None:
        return None
    return promises.shown(row, _promise(context.get("request")))


def _promise(request: Any) -> Promise:
    kept: Promise | None = getattr(request, KEPT, None)
    if kept is None:
        kept = Promise.current()
        if request is not None:
            setattr(request, KEPT, kept)
    return kept
