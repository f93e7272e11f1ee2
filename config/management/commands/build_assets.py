"""``manage.py build_assets``: makes typeface, icons and compiled translations; quick when nothing is to do."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.assets.catalogs import compile_catalogs
from config.assets.fonts import build_fonts
from config.assets.icons import build_icons


class Command(BaseCommand):
    help = "Make the typeface and icons (static/build/) and the compiled translations, where they are missing or old."
    requires_system_checks: list[str] = []  # runs beside the set-up of the database

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        written = build_fonts(base / "static" / "build")
        written += build_icons(base / "static" / "icons" / "balie.svg", base / "static" / "build")
        for folder in settings.LOCALE_PATHS:
            written += compile_catalogs(Path(folder))
        for path in written:
            self.stdout.write(f"made {path.relative_to(base)}")
