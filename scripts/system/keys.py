"""Keys of a development system: lanes that send, offices that govern, people that sign."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import msgspec

from api.outbox.models import Lane
from chain.errors import SignerError
from chain.roles import GovernanceAccounts
from chain.signers import LocalSigner, Signer, create_keystore, open_signer
from chain.signers.local import KEY_BYTES
from scripts.system.folder import Folder, write_private

GOVERNANCE: Final = "governance"


class Secrets(msgspec.Struct):
    """What `secrets.json` holds; the offices' API keys are there after the first start."""

    keystore_password: str
    consortium_secret: str
    registrar_key: str = ""
    settlement_key: str = ""

    @classmethod
    def open(cls, folder: Folder) -> Self:
        """The secrets of a folder, made at the first start."""
        if folder.secrets.exists():
            return msgspec.json.decode(folder.secrets.read_bytes(), type=cls)
        made = cls(keystore_password=secrets.token_hex(32), consortium_secret=secrets.token_hex(32))
        made.save(folder)
        return made

    def save(self, folder: Folder) -> None:
        """Write them, readable by their owner only."""
        write_private(folder.secrets, msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by name: in the files of a keystore, or in memory for a system that will be forgotten."""

    keystore: Path | None
    password: str

    def key(self, name: str, chain_id: int) -> LocalSigner:
        """The key of a name, made when it is first asked for. Raises SignerError."""
        if self.keystore is None:
            return LocalSigner.generate()
        path = self.keystore / f"{name}.json"
        if not path.exists():
            key = secrets.token_bytes(KEY_BYTES)
            create_keystore(path, key, self.password, chain_id)
            return LocalSigner(key)
        opened = open_signer(f"keystore://{path}", lambda _name: self.password)
        if not isinstance(opened, LocalSigner):
            raise SignerError(f"{name} is no key of this machine")
        return opened


def lanes(keyring: Keyring, chain_id: int) -> dict[Lane, Signer]:
    """The sending keys."""
    return {lane: keyring.key(lane.value, chain_id) for lane in Lane}


def governance(
    signers: Mapping[Lane, Signer], keyring: Keyring, chain_id: int, governor: str | None = None
) -> GovernanceAccounts:
    """Who holds which role: the lanes their own, `governor` all others; without one a key made for it."""
    other = governor or keyring.key(GOVERNANCE, chain_id).address
    return GovernanceAccounts(
        admin=other,
        modules=other,
        registrar=signers[Lane.REGISTRAR].address,
        freezer=other,
        court=other,
        guardian=other,
        unpauser=other,
        settlement_bank=signers[Lane.SETTLEMENT_BANK].address,
        governance=other,
        seconder=other,
    )
