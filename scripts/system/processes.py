"""Parts of a system as processes of their own, set up by `TALLY_…` variables.

Beside the settings of the API there are:

    TALLY_KEYSTORE_DIR            where `tally deploy` makes keys, and where the lanes' keys are (data/keys)
    TALLY_KEYSTORE_PASSWORD_FILE  file with the keystore's password, instead of the password itself
    TALLY_CONSORTIUM_SECRET_FILE  file with the secret of the fingerprints, instead of the secret itself
"""

import os
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr, ValidationError

from api.outbox.models import Lane
from api.settings import Settings
from scripts.exits import ExitCode, Failure

_FROM_FILE: Final = ("keystore_password", "consortium_secret")


def keystore_dir() -> Path:
    """Where the keys of the lanes are."""
    return Path(os.environ.get("TALLY_KEYSTORE_DIR", "data/keys"))


def office_keys(keystore: Path) -> Path:
    """Where `tally deploy` leaves the API keys of the registrar's office and the settlement bank's desk."""
    return keystore / "office-api-keys.json"


def settings(*, sends: bool) -> Settings:
    """The settings of this process; with `sends` the lanes' signers too, from the keystore unless named.

    Raises Failure for what is missing or malformed.
    """
    given: dict[str, Any] = {name: secret for name in _FROM_FILE if (secret := _secret(name)) is not None}
    if sends:
        given |= _signers()
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["TALLY", *(str(part).upper() for part in first["loc"])])
        raise Failure(ExitCode.MISSING, first["msg"], rule="settings", place=name) from error


def _secret(name: str) -> SecretStr | None:
    path = os.environ.get(f"TALLY_{name.upper()}_FILE")
    if path is None:
        return None
    try:
        return SecretStr(Path(path).read_text(encoding="utf-8").strip())
    except OSError as error:
        place = f"TALLY_{name.upper()}_FILE"
        raise Failure(ExitCode.MISSING, f"{path}: {error.strerror}", rule="settings", place=place) from error


def _signers() -> dict[str, str]:
    found = {}
    for lane in Lane:
        path = keystore_dir() / f"{lane.value}.json"
        if f"TALLY_{lane.value.upper()}_SIGNER" not in os.environ and path.exists():
            found[f"{lane.value}_signer"] = f"keystore://{path}"
    return found
