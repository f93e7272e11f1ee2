"""Filters and sorts of the queue kept under a name: one's own, or for everybody in the company."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models import SavedView
from conversations.services.queue import Asked
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MOST_OF_ONE = 12
MAX_NAME_CHARS = 60


class ViewNameOdd(DomainError):
    code = "view_name_odd"
    http_status = 422
    user_message = _("Give the view a name of 1 to 60 characters that no other view has.")


class TooManyViews(DomainError):
    code = "too_many_views"
    http_status = 422
    user_message = _("Twelve saved views are the most. Delete one first.")


def of(user: User) -> list[SavedView]:
    """The saved views this person sees: everybody's first, then her own."""
    rows = SavedView.objects.filter(Q(owner=None) | Q(owner=user))
    return sorted(rows.order_by("position", "name")[: 2 * MOST_OF_ONE], key=lambda one: one.owner_id is not None)


def counted(views: Iterable[SavedView]) -> list[SavedView]:
    """Those that show a number: looking for a name costs too much to be done with every change of the queue."""
    return [one for one in views if "q" not in one.as_query()]


@transaction.atomic
def save(asked: Asked, *, name: str, by: User, shared: bool) -> SavedView:
    """Keep what an address asks for under a name; the same name again is changed.

    The words of somebody's name are not kept: they are about one person, and nothing would take them away in time.

    shared  for everybody in the company
    Raises  ViewNameOdd, TooManyViews
    """
    name = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(name) <= MAX_NAME_CHARS:
        raise ViewNameOdd
    owner, asked = None if shared else by, asked.without("q")
    mine = SavedView.objects.filter(owner=owner)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_OF_ONE:
        raise TooManyViews
    last = mine.count()
    view, made = SavedView.objects.update_or_create(
        owner=owner,
        name=name,
        defaults={"query": asked.query},
        create_defaults={"query": asked.query, "position": last},
    )
    if shared:
        audit.record("view.shared", actor=by, subject=view, name=name, again=not made)
    return view


@transaction.atomic
def rename(view: SavedView, *, name: str, by: User) -> None:
    """Another name. Raises ViewNameOdd."""
    name = " ".join(name.replace("\x00", "").split())
    others = SavedView.objects.filter(owner=view.owner_id, name=name).exclude(pk=view.pk)
    if not 1 <= len(name) <= MAX_NAME_CHARS or others.exists():
        raise ViewNameOdd
    SavedView.objects.filter(pk=view.pk).update(name=name)
    if view.owner_id is None:
        audit.record("view.shared", actor=by, subject=view, name=name, again=True)


@transaction.atomic
def delete(view: SavedView, *, by: User) -> None:
    """Forget a view; the conversations stay where they are."""
    if view.owner_id is None:
        audit.record("view.unshared", actor=by, subject=view, name=view.name)
    view.delete()
