"""Brings every company's schema to the state of the code, or reports how they differ from it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import drift, provisioning
from tenants.migrating import WAVE, Report, migrate_companies


class Command(BaseCommand):
    help = "Migrate all companies that are behind; what failed or was left is tried again by the next run."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drift", action="store_true", help="only compare every schema with a fresh one")
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")
        parser.add_argument("--workers", type=int, default=2, help="connections side by side (default 2)")
        parser.add_argument("--wave", type=int, default=WAVE, help=f"schemas between two looks (default {WAVE})")
        parser.add_argument("--lock-ms", type=int, default=2000, help="longest wait for a lock (default 2000)")
        parser.add_argument("--max-failures", type=int, default=5, help="stop when so many failed (default 5)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drift"]:
            self.report_drift(as_json=options["json"])
            return
        provisioning.prepare_template()
        names = ("workers", "wave", "lock_ms", "max_failures")
        self.report(migrate_companies(**{name: options[name] for name in names}), as_json=options["json"])

    def report(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({**in_numbers(report), "failed": report.failed}))
        else:
            self.stdout.write(in_words(report))
            for schema_name, reason in report.failed.items():
                self.stdout.write(f"  {schema_name}: {reason}")
        if not report.complete:
            raise CommandError("Not every company is migrated. Remove the cause and run this again.")

    def report_drift(self, *, as_json: bool) -> None:
        found = list(drift.find_drift())
        if as_json:
            rows = [{"schema": one.schema_name, "missing": one.missing, "extra": one.extra} for one in found]
            self.stdout.write(json.dumps({"drift": rows}))
        for one in [] if as_json else found:
            lines = [*(f"  - {line}" for line in one.missing), *(f"  + {line}" for line in one.extra)]
            self.stdout.write("\n".join([one.schema_name, *lines]))
        if found:
            raise CommandError(f"{len(found)} schemas differ from what they should be.")
        if not as_json:
            self.stdout.write("Every schema is as it should be.")


def in_numbers(report: Report) -> dict[str, Any]:
    return {
        "migrated": report.migrated,
        "left": report.left,
        "migrations": report.migrations,
        "seconds": round(report.seconds, 3),
    }


def in_words(report: Report) -> str:
    done = f"{report.migrated} companies migrated in {report.seconds:.1f} s"
    return f"{done}, {len(report.failed)} failed, {report.left} left." if not report.complete else f"{done}."
