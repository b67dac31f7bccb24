"""Settings that would put value behind public secrets do not start."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from api.settings import (
    DEV_CONSORTIUM_SECRET,
    PUBLIC_DEV_ADDRESSES,
    Environment,
    InsecureSettings,
    Settings,
    require_safe_on,
)
from chain.networks import DEV_CHAIN_IDS

PRODUCTION: dict[str, Any] = {
    "environment": Environment.PRODUCTION,
    "consortium_secret": "a secret of the consortium itself",
    "keystore_password": "a password of the operator itself",
}


def settings(**given: Any) -> Settings:
    return Settings(
        _env_file=None,
        app_database_url="sqlite+aiosqlite:///app.db",
        mirror_database_url="sqlite+aiosqlite:///mirror.db",
        rpc_url="http://127.0.0.1:8545",
        address_book=Path("book.json"),
        **given,
    )


def test_defaults_are_for_development() -> None:
    assert settings().environment is Environment.DEVELOPMENT


@pytest.mark.parametrize("name", ["consortium_secret", "keystore_password"])
def test_production_refuses_the_secrets_of_development(name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(ValidationError, match="development"):
        settings(**given)


def test_a_short_consortium_secret_is_refused_everywhere() -> None:
    with pytest.raises(ValidationError, match="at least"):
        settings(consortium_secret="short")


def test_secrets_are_not_shown() -> None:
    assert DEV_CONSORTIUM_SECRET not in repr(settings())
    assert isinstance(settings().app_database_url, SecretStr)


def test_development_settings_start_on_development_chains_only() -> None:
    require_safe_on(settings(), DEV_CHAIN_IDS.start, list(PUBLIC_DEV_ADDRESSES))
    with pytest.raises(InsecureSettings, match="no development chain"):
        require_safe_on(settings(), 2026, [])


def test_keys_that_everybody_has_are_refused_outside_development_chains() -> None:
    with pytest.raises(InsecureSettings, match="everybody has the keys"):
        require_safe_on(settings(**PRODUCTION), 2026, list(PUBLIC_DEV_ADDRESSES)[:1])
    require_safe_on(settings(**PRODUCTION), 2026, ["0x52908400098527886E0F7030069857D2E4169EE7"])


VALIDATORS = "0x" + "01" * 20 + " 0x" + "ab" * 20


def test_validators_are_named_with_blanks_between_them() -> None:
    known = settings(validators=VALIDATORS, block_hash_rule="qbft")
    assert known.validator_addresses == VALIDATORS.split()
    assert settings().validator_addresses == []


def test_validators_are_refused_where_headers_have_no_seals() -> None:
    with pytest.raises(ValidationError, match="TALLY_BLOCK_HASH_RULE"):
        settings(validators=VALIDATORS)


@pytest.mark.parametrize("text", ["0x01", "0x" + "zz" * 20, VALIDATORS.replace(" ", ","), "0x" + "01" * 21])
def test_what_are_no_addresses_are_no_validators(text: str) -> None:
    with pytest.raises(ValidationError, match="validators"):
        settings(validators=text, block_hash_rule="qbft")
