"""``manage.py update_translations``: brings locale/*.po in line with the texts that are marked now."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.assets.catalogs import compile_catalogs, untranslated, update_catalog
from config.assets.extracting import collect


class Command(BaseCommand):
    help = "Collect what is marked for translation into locale/*/LC_MESSAGES/django.po, and say what is missing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        template = collect(base)
        folder = Path(settings.LOCALE_PATHS[0])
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            target = folder / language / "LC_MESSAGES" / "django.po"
            missing = untranslated(update_catalog(target, template=template, language=language))
            self.stdout.write(f"{language}: {len(template)} texts, {len(missing)} without a translation")
        compile_catalogs(folder)
