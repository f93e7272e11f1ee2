"""Takes the files that are due, one by one; a claim has a lease, so that a worker that dies leaves none behind.

Inbound ones are fetched from the platform, outbound ones from the address that an integrator named; then they are
made to fit before their message leaves.
"""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import hints
from conversations.models import Conversation, Direction, MediaFile
from conversations.services import media_files
from conversations.services.media_convert import converting
from conversations.services.media_fetch import fetching, links
from tenants import wake, work
from tenants.context import current_schema

SECONDS = 60.0  # then other companies get their turn
LEASE = timedelta(minutes=10)
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 43200))


def drain(*, seconds: float = SECONDS) -> None:
    """Fetch or convert every file of the entered company that is due."""
    schema_name = current_schema()
    wake.started(schema_name, work.Kind.MEDIA)
    until = time.monotonic() + seconds
    marks = work.take(work.Kind.MEDIA)
    while media := _claim():
        _finish(media, _work(media))
        if time.monotonic() > until:
            wake.worker(schema_name, work.Kind.MEDIA)
            return
    work.done(marks)


def _work(media: MediaFile) -> fetching.Result:
    if media.direction == Direction.INBOUND:
        return fetching.fetch(media)
    return links.fetch(media) if media.link else converting.convert(media)


@transaction.atomic
def _claim() -> MediaFile | None:
    """The next file that is due; until its lease ends nobody else takes it, and then somebody will."""
    now = timezone.now()
    waiting = MediaFile.objects.filter(state=MediaFile.State.PENDING, due_at__lte=now)
    media = waiting.select_for_update(skip_locked=True).order_by("due_at").first()
    if media is None:
        return None
    media.attempts, media.due_at = media.attempts + 1, now + LEASE
    media.save(update_fields=["attempts", "due_at"])
    work.mark(work.Kind.MEDIA, due_at=media.due_at)
    return media


@transaction.atomic
def _finish(media: MediaFile, result: fetching.Result) -> None:
    """Keep what came of it; a file that was removed meanwhile stays removed."""
    changes = dict(result.changes)
    if result.again:
        wait = WAITS[min(media.attempts, len(WAITS)) - 1]
        if media.platform_id_until and timezone.now() + wait > media.platform_id_until:
            changes |= {"state": MediaFile.State.FAILED, "due_at": None}
        else:
            changes["due_at"] = timezone.now() + wait
            work.mark(work.Kind.MEDIA, due_at=changes["due_at"])
    pending = MediaFile.objects.filter(pk=media.pk, state=MediaFile.State.PENDING)
    if not pending.update(**changes):
        fetching.discard(result)
        return
    if media.direction == Direction.OUTBOUND:
        media_files.drop_replaced(media, changes)
        work.mark(work.Kind.OUTBOUND, key=str(media.phone_number_id))
    spells = Conversation.objects.filter(messages__media=media.pk)
    ids = list(spells.values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=ids).update(version=F("version") + 1)
    hints.conversations_changed(ids)
