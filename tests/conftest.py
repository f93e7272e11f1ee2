"""What every test may use; each noun has a file in tests/fixtures."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.companies",
    "tests.fixtures.people",
    "tests.fixtures.hints",
    "tests.fixtures.work",
    "tests.fixtures.simulator",
    "tests.fixtures.webhooks",
]

# A busy machine draws slowly; that says nothing about the code under test. The same code draws the same examples, so
# that a commit is green or not; HYPOTHESIS_PROFILE=search looks further, with new ones every time.
settings.register_profile("balie", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "balie"))
