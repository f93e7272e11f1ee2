"""One added field over a thousand companies, beside the stock command: ``python -m benchmarks.migrate_companies``.

Aim: less than 5 s for 1,000 companies on two cores. The stock command is measured on 20 of them. Opening the companies
first takes a minute or two and 2 GB of disk; ``--companies 200`` is quicker.
"""

import argparse
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from benchmarks import stage
from tenants.migrating import Report, migrate_companies
from tenants.models import Agency, ClientCompany
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

APP = "integrations"
STOCK = 20
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("{app}", "{after}")]
    operations = [migrations.AddField("event", "probe", models.CharField(max_length=20, null=True))]
"""


def open_companies(agency: Agency, *, count: int) -> None:
    def some(numbers: range) -> None:
        try:
            for n in numbers:
                create_company(agency, name=f"Company {n}", subdomain=f"company-{n}", language="nl", country="NL")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        for ended in [threads.submit(some, range(first, count, 2)) for first in (0, 1)]:
            ended.result()


def release_a_field(folder: Path) -> None:
    """Put one more migration on disk, as the next release would."""
    package = folder / "next_release"
    shutil.copytree(Path(apps.get_app_config(APP).path) / "migrations", package)
    after = max(file.stem for file in package.glob("[0-9]*.py"))
    (package / "9999_field.py").write_text(MIGRATION.format(app=APP, after=after))
    sys.path.insert(0, str(folder))
    settings.MIGRATION_MODULES = {APP: package.name}


def migrate_the_stock_way(schema_name: str) -> None:
    call_command("migrate_schemas", tenant=True, schema_name=schema_name, interactive=False, verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description="One added field over many companies.")
    parser.add_argument("--companies", type=int, default=1000)
    count = parser.parse_args().companies
    agency = create_agency("Benchmark", slug="benchmark", host="benchmark.localhost")
    opening = stage.seconds(lambda: open_companies(agency, count=count))
    print(f"{count} companies opened in {opening:.1f} s on two connections")
    names = list(ClientCompany.objects.order_by("id").values_list("schema_name", flat=True)[:STOCK])
    reports: list[Report] = []
    with tempfile.TemporaryDirectory() as folder:
        release_a_field(Path(folder))
        stock = [stage.seconds(lambda name=name: migrate_the_stock_way(name)) for name in names]  # type: ignore[misc]
        ours = stage.seconds(lambda: reports.append(migrate_companies()))
    assert reports[0].complete, reports[0].failed
    stage.compare(
        "One added field, each company", ours=[ours / count], baseline=stock, of=f"migrate_schemas on {len(stock)}"
    )
    print(f"All {count}: {ours:.2f} s, beside {sum(stock) / len(stock) * count:.0f} s at the stock command's pace")


if __name__ == "__main__":
    main()
