"""A private PostgreSQL server, for tests and benchmarks: own cluster, own socket, gone afterwards.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg

START_SECONDS_MAX: Final = 30
SERVER_FOLDERS: Final = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")
NO_SERVER: Final = "no PostgreSQL server installed (scripts/setup/postgres.sh says how)"


def server_folder() -> Path | None:
    """Folder with `initdb` and `postgres` of the newest server installed; None if there is none."""
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path for pattern in SERVER_FOLDERS for path in Path("/").glob(pattern.removeprefix("/"))]
    usable = [path for path in found if (path / "postgres").exists() and (path / "initdb").exists()]
    return max(usable, key=_major_version, default=None)


@contextmanager
def temporary_cluster(programs: Path, options: Sequence[str]) -> Iterator[Path]:
    """Run a cluster under `name=value` options and give the folder of its socket (user `tally`, no password).

    Raises RuntimeError with the server's last words where it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="tally-pg-"))
    account = _unprivileged_account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    server: subprocess.Popen[bytes] | None = None
    try:
        server = _start(programs, folder, account, options)
        _wait_until_ready(server, folder)
        yield folder
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS_MAX)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_database(cluster: Path) -> Iterator[str]:
    """SQLAlchemy URL (`postgresql+psycopg://`, good for sync and async engines) of a new database, dropped
    afterwards.
    """
    name = f"tally_{uuid4().hex[:12]}"
    with psycopg.connect(f"host={cluster} user=tally dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://tally@/{name}?host={cluster}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _major_version(programs: Path) -> int:
    # .../postgresql/15/bin on Debian, .../postgresql@15/bin with Homebrew
    digits = programs.parent.name.rpartition("@")[2]
    return int(digits) if digits.isdigit() else 0


def _unprivileged_account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _start(
    programs: Path, folder: Path, account: pwd.struct_passwd | None, options: Sequence[str]
) -> subprocess.Popen[bytes]:
    identity: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    data = folder / "data"
    initdb = ["--pgdata", str(data), "--username", "tally", "--auth", "trust", "--no-sync"]
    with (folder / "server.log").open("wb") as log:
        subprocess.run(
            [programs / "initdb", *initdb, "--encoding", "UTF8", "--locale", "C"],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )
        settings = [part for option in (*options, "listen_addresses=") for part in ("-c", option)]
        return subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *settings],
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
