"""What every test may use; each noun has a file in tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.companies",
    "tests.fixtures.people",
    "tests.fixtures.work",
    "tests.fixtures.simulator",
    "tests.fixtures.webhooks",
]
