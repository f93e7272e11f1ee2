"""Labels: the words a company sorts conversations and contacts with. A label's id stands on what carries it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.models import Contact, Conversation, ConversationEvent, Label, SavedView
from conversations.services import summary
from conversations.services.handling import conversations
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError
from tenants.models.company import HUES

MOST_LABELS = 200
MOST_ON_ONE = 20
MAX_NAME_CHARS = 40


class LabelNameTaken(DomainError):
    code = "label_name_taken"
    user_message = _("There is a label of this name already.")


class LabelNameOdd(DomainError):
    code = "label_name_odd"
    user_message = _("Give the label a name of 1 to 40 characters.")


class TooManyLabels(DomainError):
    code = "too_many_labels"
    user_message = _("A company has 200 labels at most, and one conversation or contact carries 20.")


def offered() -> list[Label]:
    """The labels that may be put on, by name."""
    return list(Label.objects.filter(retired_at=None).order_by("name")[:MOST_LABELS])


def by_id(ids: Iterable[UUID]) -> dict[UUID, Label]:
    """The labels of these ids, retired ones too: what rows and cards show. One query."""
    wanted = set(ids)
    return {label.pk: label for label in Label.objects.filter(pk__in=wanted)} if wanted else {}


@transaction.atomic
def create(*, name: str, hue: int, by: User) -> Label:
    """A new label. Raises LabelNameOdd, LabelNameTaken, TooManyLabels."""
    if Label.objects.count() >= MOST_LABELS:
        raise TooManyLabels
    label = Label.objects.create(name=_free_name(name), hue=_prepared(hue))
    audit.record("label.created", actor=by, subject=label, name=label.name)
    return label


@transaction.atomic
def change(label: Label, *, name: str, hue: int, by: User) -> Label:
    """Another name or colour, wherever it stands. Raises LabelNameOdd, LabelNameTaken."""
    before = label.name
    label.name, label.hue = _free_name(name, but=label), _prepared(hue)
    label.save(update_fields=["name", "hue"])
    audit.record("label.changed", actor=by, subject=label, before=before, after=label.name)
    return label


@transaction.atomic
def retire(label: Label, *, by: User) -> None:
    """No longer offered; it stays where it stands. Twice is once."""
    if Label.objects.filter(pk=label.pk, retired_at=None).update(retired_at=timezone.now()):
        audit.record("label.retired", actor=by, subject=label, name=label.name)


@transaction.atomic
def restore(label: Label, *, by: User) -> None:
    """Offered again."""
    if Label.objects.filter(pk=label.pk).exclude(retired_at=None).update(retired_at=None):
        audit.record("label.restored", actor=by, subject=label, name=label.name)


@transaction.atomic
def merge(label: Label, *, into: Label, by: User) -> None:
    """Everything that carries ``label`` carries ``into`` from now on, once, and kept views look for it instead.

    ``label`` is gone.
    """
    if label.pk == into.pk:
        return
    with connection.cursor() as cursor:
        for model in (Conversation, Contact):
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET labels ="  # noqa: S608  a table's own name
                " array_append(array_remove(array_remove(labels, %s), %s), %s) WHERE labels @> ARRAY[%s]::uuid[]",
                [label.pk, into.pk, into.pk, label.pk],
            )
    for view in SavedView.objects.select_for_update().filter(query__contains=str(label.pk)):
        view.query = view.query.replace(str(label.pk), str(into.pk))
        view.save(update_fields=["query"])
    audit.record("label.merged", actor=by, subject=into, before=label.name, after=into.name)
    label.delete()


@transaction.atomic
def put_on(conversation: Conversation, label: Label, *, by: User) -> bool:
    """Label a conversation; tells whether it is new there. Raises TooManyLabels."""
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if label.pk in row.labels:
        return False
    if len(row.labels) >= MOST_ON_ONE:
        raise TooManyLabels
    _write(row, [*row.labels, label.pk], label=label, by=by, put=True)
    return True


@transaction.atomic
def take_off(conversation: Conversation, label: Label, *, by: User) -> bool:
    """Take a label off a conversation; tells whether it was there."""
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if label.pk not in row.labels:
        return False
    _write(row, [pk for pk in row.labels if pk != label.pk], label=label, by=by, put=False)
    return True


@transaction.atomic
def put_on_contact(contact: Contact, label: Label) -> None:
    """Label a person. Twice is once. Raises TooManyLabels."""
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if label.pk in row.labels:
        return
    if len(row.labels) >= MOST_ON_ONE:
        raise TooManyLabels
    Contact.objects.filter(pk=row.pk).update(labels=[*row.labels, label.pk])


@transaction.atomic
def take_off_contact(contact: Contact, label: Label) -> None:
    """Take a label off a person. Twice is once."""
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    Contact.objects.filter(pk=row.pk).update(labels=[pk for pk in row.labels if pk != label.pk])


def _write(row: Conversation, labels: Sequence[UUID], *, label: Label, by: User, put: bool) -> None:
    Conversation.objects.filter(pk=row.pk).update(labels=labels, version=F("version") + 1)
    conversations.note_event(row, ConversationEvent.Kind.LABELLED, actor=by, label=label.name, put=put)
    summary.refresh([row.pk])
    hints.conversations_changed([row.pk])


def _free_name(name: str, *, but: Label | None = None) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(name) <= MAX_NAME_CHARS:
        raise LabelNameOdd
    others = Label.objects.filter(name__iexact=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise LabelNameTaken
    return name


def _prepared(hue: int) -> int:
    return min(max(hue, 1), HUES)
