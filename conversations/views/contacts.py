"""The list of contacts and the page of one: what they are known by, and two that are one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.models import Contact, ContactMerge, Conversation, PhoneNumber
from conversations.services.contacts import blocking, cards, contact_merges, contacts
from conversations.services.handling import labels
from conversations.views.contact import consents_of
from conversations.views.opening import record_opening
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

HISTORY = 50
CONVERSATIONS = 20
CANDIDATES = 10
FILTERS = {
    contacts.Filter.ALL: gettext_lazy("Everybody"),
    contacts.Filter.OPTED_OUT: gettext_lazy("No marketing"),
    contacts.Filter.BLOCKED: gettext_lazy("Blocked"),
    contacts.Filter.NO_NUMBER: gettext_lazy("Without a phone number"),
    contacts.Filter.GROUPS: gettext_lazy("Groups"),
}


@require_GET
@requires(Permission.CONTACT_VIEW)
def contact_list(request: CompanyRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    told = request.GET.get("filter", "")
    chosen = contacts.Filter(told) if told in set(contacts.Filter) else contacts.Filter.ALL
    after = contacts.Key.read(request.GET.get("after", ""))
    page = contacts.page(user=request.user, query=query, chosen=chosen, after=after)
    audit.record("contacts.listed", actor=request.user, request=request, count=len(page.rows))
    filters = [(value.value, name, value == chosen) for value, name in FILTERS.items()]
    context = {"page": page, "query": query, "chosen": chosen.value, "filters": filters, "first": after is None}
    return render(request, "contacts/list.html", context)


@require_GET
@requires(Permission.CONTACT_VIEW)
def contact_page(request: CompanyRequest, contact_id: UUID) -> HttpResponse:
    row = get_object_or_404(Contact, pk=contact_id)
    if row.merged_into_id is not None:
        return redirect("conversations:contact_page", row.merged_into_id)
    record_opening("contact.opened", user=request.user, subject=row, request=request)
    return _page(request, row)


@require_POST
@never_cache
@requires(Permission.CONTACT_REVEAL)
def reveal(request: CompanyRequest, contact_id: UUID) -> HttpResponse:
    row = get_object_or_404(Contact, pk=contact_id, merged_into=None)
    try:
        number = contacts.reveal(row, by=request.user, reason=request.POST.get("reason", ""), request=request)
    except DomainError as refusal:
        return _page(request, row, reveal_problem=str(refusal.user_message), status=422)
    return _page(request, row, number=number)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONTACT_MERGE)
def merge(request: CompanyRequest, contact_id: UUID) -> HttpResponse:
    """Choose another contact who is the same person, see what happens, and make one of the two."""
    row = get_object_or_404(Contact, pk=contact_id, merged_into=None)
    other = _other(request)
    problem = ""
    if request.method == "POST" and other is not None:
        reason = request.POST.get("reason", "").strip()
        try:
            if not reason:
                raise contacts.ReasonMissing
            kept = contact_merges.merge_by_hand(row, other, by=request.user, reason=reason)
        except contacts.ReasonMissing:
            problem = _("Say how you know that they are one person. The reason is kept.")
        except DomainError as refusal:
            problem = str(refusal.user_message)
        else:
            messages.success(request, _("They are one contact now. It can be undone here."))
            return redirect("conversations:contact_page", kept.pk)
    query = request.GET.get("q", "").strip()
    people = contacts.search(query, user=request.user).filter(kind=Contact.Kind.PERSON)
    found = people.exclude(pk=row.pk)[:CANDIDATES] if query else []
    context = {
        "contact": row,
        "other": other,
        "query": query,
        "found": found,
        "suggested": [] if query else contacts.suggestions(row),
        "problem": problem,
    }
    return render(request, "contacts/merge.html", context, status=422 if problem else 200)


@require_POST
@requires(Permission.CONTACT_MERGE)
def undo_merge(request: CompanyRequest, contact_id: UUID, merge_id: UUID) -> HttpResponse:
    done = get_object_or_404(ContactMerge, pk=merge_id, kept=contact_id)
    try:
        contact_merges.undo(done.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("They are two contacts again."))
    return redirect("conversations:contact_page", contact_id)


def _page(
    request: CompanyRequest, row: Contact, *, number: str = "", reveal_problem: str = "", status: int = 200
) -> HttpResponse:
    merges = list(row.merges.select_related("other").order_by("-at", "-id")[:HISTORY])
    people = dict(
        User.objects.filter(pk__in=[one.actor_id for one in merges if one.actor_id]).values_list("pk", "name")
    )
    newest = next((one.pk for one in merges if one.undone_at is None), None)
    spells = Conversation.objects.visible_to(request.user).filter(contact=row).select_related("assignee", "intent")
    block_at = _number_to_block_at(request, row)
    context = {
        "contact": row,
        "number": number,
        "fields": [] if row.is_group else [(one, value) for one, value in cards.values(row, cards.fields()) if value],
        "labels": list(labels.by_id(row.labels).values()),
        "reveal_problem": reveal_problem,
        "identities": row.identities.order_by("-valid_from", "-id")[:HISTORY],
        "merges": [(one, people.get(one.actor_id, "") if one.actor_id else "", one.pk == newest) for one in merges],
        "conversations": spells.order_by("-opened_at", "-id")[:CONVERSATIONS],
        "consents": consents_of(row, user=request.user, limit=HISTORY),
        "block_at": block_at,
        "blocked_here": block_at is not None and blocking.is_blocked(row, at=block_at),
        "may_reveal": request.user.may(Permission.CONTACT_REVEAL),
        "may_merge": request.user.may(Permission.CONTACT_MERGE) and row.kind == Contact.Kind.PERSON,
    }
    return render(request, "contacts/page.html", context, status=status)


def _number_to_block_at(request: CompanyRequest, row: Contact) -> PhoneNumber | None:
    """The number this person wrote to last, for whoever may block them there."""
    if row.kind != Contact.Kind.PERSON or not request.user.may(Permission.NUMBERS_MANAGE):
        return None
    return blocking.number_of(row)


def _other(request: CompanyRequest) -> Contact | None:
    told = request.POST.get("other") or request.GET.get("other") or ""
    try:
        return Contact.objects.filter(pk=UUID(told), merged_into=None).first()
    except ValueError:
        return None
