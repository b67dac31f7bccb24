"""`tally keys`: keystore files of version 3, one a key. No command prints a key or a password."""

import os
import secrets
from pathlib import Path

import msgspec

from chain.signers import create_keystore, open_signer
from chain.signers.local import KEY_BYTES
from chain.text import checksum
from scripts import screen
from scripts.exits import ExitCode, Failure, failure_of
from scripts.system.processes import keystore_dir

PASSWORD_VARIABLE = "TALLY_KEYSTORE_PASSWORD"  # noqa: S105  # its name


def new(name: str, chain_id: int) -> None:
    """Make a key and print its address. Raises Failure where the name is taken."""
    try:
        uri = create_keystore(_path(name), secrets.token_bytes(KEY_BYTES), _password(), chain_id)
        address = open_signer(uri, lambda _name: _password()).address
    except Exception as error:
        raise _as_failure(error) from error
    screen.results().print(f"{name} {address}")


def list_all(*, as_json: bool) -> None:
    """Names and addresses as the files state them; nothing is opened."""
    found = [
        {"name": path.stem, "address": _stated_address(path)}
        for path in sorted(keystore_dir().glob("*.json"))
    ]
    listed = [entry for entry in found if entry["address"]]
    if as_json:
        screen.print_json(listed)
        return
    for entry in listed:
        screen.results().print(f"{entry['address']} {entry['name']}", markup=False)


def show(name: str) -> None:
    """Open a key with its password and print the address that it really has."""
    try:
        signer = open_signer(f"keystore://{_path(name)}", lambda _name: _password())
    except Exception as error:
        raise _as_failure(error) from error
    screen.results().print(signer.address)


def _path(name: str) -> Path:
    if not name or Path(name).name != name:
        raise Failure(ExitCode.BAD_USE, "a name without folders", rule="keys", place="name")
    return keystore_dir() / f"{name}.json"


def _password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE)
    path = os.environ.get(f"{PASSWORD_VARIABLE}_FILE")
    if password is None and path is not None:
        password = Path(path).read_text(encoding="utf-8").strip()
    if not password:
        raise Failure(
            ExitCode.MISSING, "set it, or the file that holds it", rule="keys", place=PASSWORD_VARIABLE
        )
    return password


def _stated_address(path: Path) -> str:
    try:
        stated = str(msgspec.json.decode(path.read_bytes()).get("address", ""))
        return checksum(bytes.fromhex(stated.removeprefix("0x"))) if stated else ""
    except (OSError, ValueError, AttributeError, msgspec.DecodeError):
        return ""


def _as_failure(error: Exception) -> Exception:
    return failure_of(error) or error
