"""Which migrations make a company's schema, and the stock way of running them."""

import hashlib
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tenants.context import in_public, inside

Target = tuple[str, str]


def company_labels() -> list[str]:
    """The apps that stand in every company's schema, those that need no migration included."""
    return [config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]


def company_targets(loader: MigrationLoader) -> list[Target]:
    """The newest migrations of the company apps; shared apps stay out, so that they touch no company."""
    labels = set(company_labels())
    return [(label, name) for label, name in loader.graph.leaf_nodes() if label in labels]


def fingerprint() -> str:
    """The state of all company migrations on disk; it changes with any byte of any of them."""
    digest = hashlib.sha256()
    for label in sorted(company_labels()):
        for file in _migration_files(label):
            digest.update(f"{label}/{file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _migration_files(label: str) -> list[Path]:
    module_name, _ = MigrationLoader.migrations_module(label)
    if module_name is None:
        return []
    folder = Path(str(import_module(module_name).__file__)).parent
    return sorted(file for file in folder.glob("*.py") if file.name[0] not in "_~")


def run_in(schema_name: str, *, lock_ms: int = 0) -> None:
    """Run what is missing in one company's schema through Django's executor; ``lock_ms`` 0 waits for ever."""
    with inside(schema_name):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [str(lock_ms)])
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
        executor.migrate(company_targets(executor.loader))


def run_in_public(*labels: str) -> bool:
    """Run what is missing on the agency's side, of some apps or of all; whether there was anything."""
    with in_public():
        executor = MigrationExecutor(connection)
        targets = [node for node in executor.loader.graph.leaf_nodes() if not labels or node[0] in labels]
        if not executor.migration_plan(targets):
            return False
        executor.recorder.ensure_schema()
        executor.migrate(targets)
        return True
