"""Migrations that only exist in a test: the next release of one company app."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

APP = "integrations"
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("{app}", "{after}")]
    operations = [{operations}]
"""

NextRelease = Callable[..., None]


@pytest.fixture
def next_release(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> NextRelease:
    """``next_release("migrations.RunSQL(…)")`` puts one more migration of a company app on disk."""
    made = 0

    def release(operations: str, *, atomic: bool = True) -> None:
        nonlocal made
        made += 1
        package = f"release_{tmp_path.name.replace('-', '_')}_{made}"
        folder = tmp_path / package
        before = Path(apps.get_app_config(APP).path) / "migrations" if made == 1 else _folder_in_use()
        shutil.copytree(before, folder, ignore=shutil.ignore_patterns("__pycache__"))
        after = max(file.stem for file in folder.glob("[0-9]*.py"))
        text = MIGRATION.format(app=APP, after=after, operations=operations, atomic=atomic)
        (folder / f"9{made:03d}_next.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        settings.MIGRATION_MODULES = {APP: package}

    return release


def _folder_in_use() -> Path:
    name, _ = MigrationLoader.migrations_module(APP)
    return Path(str(sys.modules[str(name)].__file__)).parent
