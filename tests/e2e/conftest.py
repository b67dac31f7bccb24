"""The parts of a system as processes of their own, around a node of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from chain.devnode import DevNode


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        return {"TALLY_APP_DATABASE_URL": url, "TALLY_MIRROR_DATABASE_URL": url}
    return {
        "TALLY_APP_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'app.db'}",
        "TALLY_MIRROR_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}",
    }


@pytest.fixture
async def environment(
    databases: dict[str, str], tmp_path: Path, unused_tcp_port: int
) -> AsyncIterator[dict[str, str]]:
    """The settings of docker/compose.yaml, with secrets in files."""
    for name in ("keystore_password", "consortium_secret"):
        (tmp_path / name).write_text(uuid4().hex * 2)
    async with DevNode() as node:
        yield {
            **databases,
            "TALLY_RPC_URL": node.url,
            "TALLY_ADDRESS_BOOK": str(tmp_path / "deployment" / "address_book.json"),
            "TALLY_KEYSTORE_DIR": str(tmp_path / "keys"),
            "TALLY_KEYSTORE_PASSWORD_FILE": str(tmp_path / "keystore_password"),
            "TALLY_CONSORTIUM_SECRET_FILE": str(tmp_path / "consortium_secret"),
            "TALLY_API_PORT": str(unused_tcp_port),
            "NO_PROXY": "127.0.0.1",
        }
