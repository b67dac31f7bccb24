"""Keystore files: encrypted JSON of version 3 (scrypt), as every Ethereum client reads and writes."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from eth_keyfile.keyfile import create_keyfile_json, decode_keyfile_json

from chain.errors import SignerError
from chain.networks import is_dev_chain
from chain.signers.local import LocalSigner
from chain.signers.protocol import Signer

SCHEME: Final = "keystore://"
SCRYPT_N: Final = 1 << 18
SCRYPT_N_DEV: Final = 1 << 12
"""Opens in 20 ms instead of a second; for keys of development chains only."""

PasswordProvider = Callable[[str], str]
"""Given the name of a keystore file, its password."""


def create_keystore(path: Path, key: bytes, password: str, chain_id: int) -> str:
    """Write a key, encrypted, to a file that only its owner can read; returns the URI of the signer.

    Raises SignerError where the file exists: a key is never overwritten.
    """
    cost = SCRYPT_N_DEV if is_dev_chain(chain_id) else SCRYPT_N
    content = msgspec.json.encode(create_keyfile_json(key, password.encode(), kdf="scrypt", iterations=cost))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SignerError(f"{path.name} exists already") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return f"{SCHEME}{path}"


def open_signer(uri: str, password_provider: PasswordProvider) -> Signer:
    """The signer behind `keystore://<path>`. Raises SignerError; the message never carries the password or
    the key.
    """
    if not uri.startswith(SCHEME):
        raise SignerError(f"no signer for {uri.partition(':')[0]}: addresses; known: {SCHEME}<path>")
    path = Path(unquote(uri.removeprefix(SCHEME)))
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        key = decode_keyfile_json(stored, password_provider(path.name).encode())
    except OSError as error:
        raise SignerError(f"cannot read keystore {path.name}: {error.strerror}") from error
    except (msgspec.DecodeError, KeyError, TypeError, NotImplementedError) as error:
        raise SignerError(f"{path.name} is no keystore of version 3") from error
    except ValueError as error:
        raise SignerError(f"wrong password for keystore {path.name}") from error
    signer = LocalSigner(bytes(key))
    recorded = str(stored.get("address", "")).lower().removeprefix("0x")
    if recorded and recorded != signer.address.lower().removeprefix("0x"):
        raise SignerError(f"{path.name} names another address than that of its key")
    return signer
