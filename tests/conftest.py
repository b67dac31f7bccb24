"""Settings shared by every test: hypothesis profiles, and the marker that the folder of a test gives it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import postgres_cluster, postgres_url

__all__ = ["postgres_cluster", "postgres_url"]  # fixtures that any test may ask for

TESTS = Path(__file__).parent
FOLDER_MARKERS = ("unit", "integration", "e2e", "browser")

# A shared machine can stall for a second, so a time limit for one example would fail at random.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its first folder, so that nobody has to repeat the marker in each file."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in FOLDER_MARKERS:
            item.add_marker(folder)
