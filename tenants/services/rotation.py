"""Brings stored secrets under the newest key, so that the older ones can be thrown away."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.db.models.functions import Cast

from tenants import secrets
from tenants.secrets import EncryptedTextField

BATCH = 500


def rotate_fields() -> int:
    """Re-encrypt every encrypted field of the schema we are in; returns how many values changed."""
    return sum(_rotate(model, field.name) for model, field in _encrypted_fields())


def _encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        if model._meta.db_table in tables:
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    yield model, field


def _rotate(model: type[models.Model], name: str) -> int:
    """A value that somebody changes meanwhile is left alone: it is under the newest key already."""
    stored = model._base_manager.annotate(stored=Cast(name, models.TextField())).exclude(stored="")
    changed = 0
    for pk, secret in stored.values_list("pk", "stored").iterator(chunk_size=BATCH):
        if not secrets.is_newest(secret):
            fresh = models.Value(secrets.rotate(secret), output_field=models.TextField())
            changed += stored.filter(pk=pk, stored=secret).update(**{name: Cast(fresh, models.TextField())})
    return changed
