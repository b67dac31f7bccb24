"""A PostgreSQL server for the tests: own cluster, own socket, gone afterwards.

The server listens on a Unix socket in its own folder only, so it can neither take a port that somebody
else uses nor be reached from outside. It refuses to run as root, so root hands it to the account `postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

START_SECONDS_MAX = 30
SERVER_FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")
# Nothing of a test cluster has to survive a power cut.
SPEED_OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB")


def server_folder() -> Path | None:
    """Folder with `initdb` and `postgres` of the newest server installed; None if there is none."""
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for pattern in SERVER_FOLDERS for path in Path("/").glob(pattern.removeprefix("/"))]
    usable = [path for path in found if (path / "postgres").exists() and (path / "initdb").exists()]
    return max(usable, key=_major_version, default=None)


def _major_version(programs: Path) -> int:
    # .../postgresql/15/bin on Debian, .../postgresql@15/bin with Homebrew
    digits = programs.parent.name.rpartition("@")[2]
    return int(digits) if digits.isdigit() else 0


def _unprivileged_account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _start(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    data = folder / "data"
    with (folder / "server.log").open("wb") as log:
        subprocess.run(
            [
                programs / "initdb",
                "--pgdata",
                data,
                "--username",
                "tally",
                "--auth",
                "trust",
                "--no-sync",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
            ],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )
        options = [part for option in (*SPEED_OPTIONS, "listen_addresses=") for part in ("-c", option)]
        return subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            psycopg.connect(f"host={folder} user=tally dbname=postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"the PostgreSQL server did not start:\n{log[-2000:]}") from None
            time.sleep(0.05)
        else:
            return


@contextmanager
def temporary_cluster(programs: Path) -> Iterator[Path]:
    """Run a cluster and give the folder of its socket (user `tally`, no password)."""
    folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
    account = _unprivileged_account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    server = None
    try:
        server = _start(programs, folder, account)
        _wait_until_ready(server, folder)
        yield folder
    finally:
        if server:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS_MAX)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Path]:
    """Socket folder of the cluster of this test run; skips without a server, and fails instead in CI."""
    programs = server_folder()
    if programs is None:
        reason = "no PostgreSQL server installed (scripts/setup/postgres.sh says how)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with temporary_cluster(programs) as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres_cluster: Path) -> Iterator[str]:
    """SQLAlchemy URL (`postgresql+psycopg://`, good for sync and async engines) of an empty database."""
    name = f"tally_{uuid4().hex[:12]}"
    with psycopg.connect(f"host={postgres_cluster} user=tally dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://tally@/{name}?host={postgres_cluster}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
