"""Samples of templates that nothing shows any more: replaced by another file, or left by a draft thrown away."""

import json
import re
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.models import MediaFile, MessageTemplate
from conversations.services import media_files

A_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SPARED = timedelta(days=1)  # a file may be here before the draft that names it
BATCH = 200


def tidy() -> int:
    """Delete the samples that no template names, neither what was submitted nor a draft, in any language. How many."""
    long_ago = timezone.now() - SPARED
    samples = MediaFile.objects.filter(direction=MediaFile.OF_A_TEMPLATE, received_at__lt=long_ago)
    found = set(samples.values_list("pk", flat=True))
    unused = sorted(found - _named()) if found else []
    for start in range(0, len(unused), BATCH):
        _discard(unused[start : start + BATCH])
    return len(unused)


def _named() -> set[UUID]:
    """Every file that a template names, whatever place of its draft it stands in."""
    named: set[UUID] = set()
    for draft, header_file in MessageTemplate.objects.values_list("draft", "header_file_id").iterator():
        named.update(UUID(one) for one in A_UUID.findall(json.dumps(draft)))
        if header_file:
            named.add(header_file)
    return named


@transaction.atomic
def _discard(unused: list[UUID]) -> None:
    for media in MediaFile.objects.filter(pk__in=unused).select_for_update(skip_locked=True):
        media_files.discard(media)
