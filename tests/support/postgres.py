"""A PostgreSQL server for the tests: one cluster a test run, an empty database a test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.system.postgres import NO_SERVER, empty_database, server_folder, temporary_cluster

# Nothing of a test cluster has to survive a power cut.
SPEED_OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Path]:
    """Socket folder of the cluster of this test run; skips without a server, and fails instead in CI."""
    programs = server_folder()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(NO_SERVER)
        pytest.skip(NO_SERVER)
    with temporary_cluster(programs, SPEED_OPTIONS) as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres_cluster: Path) -> Iterator[str]:
    """SQLAlchemy URL (`postgresql+psycopg://`, good for sync and async engines) of an empty database."""
    with empty_database(postgres_cluster) as url:
        yield url
