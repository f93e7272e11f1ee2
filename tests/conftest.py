"""What every test may use; each noun has a file in tests/fixtures."""

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.companies",
    "tests.fixtures.people",
    "tests.fixtures.work",
    "tests.fixtures.simulator",
    "tests.fixtures.webhooks",
]

# A busy machine draws slowly; that says nothing about the code under test.
settings.register_profile("balie", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("balie")
