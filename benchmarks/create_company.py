"""Opening companies, beside a migration run per company: ``python -m benchmarks.create_company``.

Aim: a company in less than 0.2 s on two cores.
"""

from itertools import count

from benchmarks import stage
from tenants.context import schema_of
from tenants.ids import uuid7
from tenants.models import Agency, ClientCompany
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

ROUNDS = 6
OURS_A_ROUND = 5
_numbers = count(1)


def open_one(agency: Agency) -> None:
    number = next(_numbers)
    create_company(agency, name=f"Company {number}", subdomain=f"company-{number}", language="nl", country="NL")


def open_one_by_migrations(agency: Agency) -> None:
    """The stock way of django-tenants: a row, a schema, and every migration in it."""
    number, pk = next(_numbers), uuid7()
    company = ClientCompany.objects.create(
        id=pk, schema_name=schema_of(pk), agency=agency, name=f"Company {number}", subdomain=f"company-{number}"
    )
    company.create_schema(check_if_exists=True, verbosity=0)


def main() -> None:
    agency = create_agency("Benchmark", slug="benchmark", host="benchmark.localhost")
    open_one(agency)
    ours: list[float] = []
    baseline: list[float] = []
    for _round in range(ROUNDS):
        ours += [stage.seconds(lambda: open_one(agency)) for _ in range(OURS_A_ROUND)]
        baseline.append(stage.seconds(lambda: open_one_by_migrations(agency)))
    stage.compare("One company: row, host and schema", ours=ours, baseline=baseline, of="a migration run per company")


if __name__ == "__main__":
    main()
