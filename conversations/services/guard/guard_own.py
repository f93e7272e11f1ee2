"""Shows in older messages what the company says since is its own account, and hides again what it no longer says.

A worker does it, a batch in a transaction; how many messages it changed stands in the trail, by nobody's hand.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations.detectors import iban
from conversations.guard_policy import Action
from conversations.models import InboxSettings, SensitiveFinding
from conversations.own_identifiers import account
from conversations.services.guard import guard_reviewing, guarding
from tenants import work
from tenants.accounts import audit

KEY = "own"
BATCH = 200
Verdict = SensitiveFinding.Verdict


def changed() -> None:
    """The list is another one; in the caller's transaction."""
    work.mark(work.Kind.HOUSEKEEPING, key=KEY, due_at=timezone.now())


def reconcile(_about: str = "") -> bool:
    """Go through every account number that was found in a message which is still there."""
    after, shown, hidden = UUID(int=0), 0, 0
    while True:
        with transaction.atomic():
            accounts = frozenset(InboxSettings.load().own_accounts)
            rows = list(_found().filter(pk__gt=after)[:BATCH])
            for finding in rows:
                became = _settle(finding, accounts=accounts)
                shown, hidden = shown + (became == Verdict.WRONG), hidden + (became == Verdict.OPEN)
        if not rows:
            break
        after = rows[-1].pk
    if shown or hidden:
        audit.record("sensitive.own_changed", actor=None, shown=shown, hidden=hidden)
    return True


def _found() -> QuerySet[SensitiveFinding]:
    """What nobody judged: whoever said that a finding is one, or none, is not overruled."""
    unjudged = Q(reviewed_by=None) | Q(action=Action.OVERRIDDEN)
    rows = SensitiveFinding.objects.filter(unjudged, detector=iban.NAME, message__removed_at=None)
    rows = rows.filter(action__in=guard_reviewing.HIDES, message__isnull=False).exclude(verdict=Verdict.RIGHT)
    return rows.select_related("message", "conversation").order_by("pk")


def _settle(finding: SensitiveFinding, *, accounts: frozenset[str]) -> str | None:
    """What the finding counts as now, where that changed."""
    own = _account_of(finding) in accounts
    if own == (finding.verdict == Verdict.WRONG):
        return None
    finding.verdict = Verdict.WRONG if own else Verdict.OPEN
    finding.save(update_fields=["verdict"])
    guard_reviewing.show_or_hide(finding, by=None)
    return str(finding.verdict)


def _account_of(finding: SensitiveFinding) -> str:
    message = finding.message
    assert message is not None  # noqa: S101  the query asks for it
    for text in (message.body, *guarding.texts_in(message.content)):
        if found := _at(text, finding):
            return found
    return ""


def _at(text: str, finding: SensitiveFinding) -> str:
    """The account at the finding's place, if this is the text that it was found in."""
    part = text[finding.start : finding.end]
    return account(part) if part[: iban.ENDS_SHOWN] == finding.preview[: iban.ENDS_SHOWN] else ""
