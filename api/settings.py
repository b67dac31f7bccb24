"""Settings of the API and the sender, from the environment (`TALLY_…`) or an `.env` file; insecure ones are
refused.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chain.fees import FeePolicy
from chain.networks import is_dev_chain
from chain.proof.qbft import HashRule
from domain.fingerprints import SECRET_BYTES_MIN

DEV_CONSORTIUM_SECRET: Final = "development only: not a secret"  # noqa: S105  # refused in production
DEV_KEYSTORE_PASSWORD: Final = "development only: not a password"  # noqa: S105  # refused in production

PUBLIC_DEV_ADDRESSES: Final = frozenset(
    {
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
        "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
        "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
    }
)
"""Accounts of the mnemonic that every development node ships with: anybody can sign for them."""


class InsecureSettings(ValueError):
    """Settings that would put real value behind keys or secrets that everybody knows."""


class Environment(StrEnum):
    """`development` allows the defaults of this file, on development chains only."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """One process. URLs are SQLAlchemy's (`sqlite+aiosqlite`, `postgresql+psycopg`); a signer is
    `keystore://<path>`.

    `rpc_url` may name several nodes with blanks between them: the next is asked when one does not answer, and
    transactions go to the first. `heads_url` (`ws://…`) is where one of them tells of new blocks. The mirror
    can take back the last `finality_blocks`: 0 on a network where a block is final at once. With
    `mirror_verify` it proves each block by its receipts, whose hash follows `block_hash_rule`, and by the
    seals of the `validators` of the first block it proves and of those who follow them. It compares itself
    with the chain every `mirror_check_every_s`; 0 is never.

    At most `streams_max` event streams are open at once, `streams_per_party_max` of them for one party.
    A party has at most `webhooks_per_party_max` webhooks; one that fails for `webhook_give_up_days` is
    disabled. `webhook_any_target` lets them go to http and to addresses that are not public.

    A process without signers answers requests and leaves sending to another.
    """

    model_config = SettingsConfigDict(env_prefix="TALLY_", env_file=".env", extra="ignore")

    environment: Environment = Environment.DEVELOPMENT
    app_database_url: SecretStr
    mirror_database_url: SecretStr
    rpc_url: SecretStr
    address_book: Path
    rule_set: str = "cn"
    consortium_secret: SecretStr = SecretStr(DEV_CONSORTIUM_SECRET)
    keystore_password: SecretStr = SecretStr(DEV_KEYSTORE_PASSWORD)
    relayer_signer: str | None = None
    registrar_signer: str | None = None
    settlement_bank_signer: str | None = None
    tip_per_gas: int = Field(default=0, ge=0)
    max_fee_per_gas: int = Field(default=0, ge=0)
    json_bytes_max: int = Field(default=256 * 1024, gt=0)
    document_bytes_max: int = Field(default=5 * 1024 * 1024, gt=0)
    mirror_lag_blocks_max: int = Field(default=10, ge=0)
    streams_max: int = Field(default=1_000, ge=0)
    streams_per_party_max: int = Field(default=20, ge=0)
    webhooks_per_party_max: int = Field(default=20, ge=0)
    webhook_give_up_days: int = Field(default=5, gt=0)
    webhook_any_target: bool = False
    heads_url: SecretStr | None = None
    finality_blocks: int = Field(default=0, ge=0)
    mirror_verify: bool = False
    mirror_check_every_s: int = Field(default=600, ge=0)
    block_hash_rule: HashRule = HashRule.ETHEREUM
    validators: str = Field(default="", pattern=r"^(\s*0x[0-9a-fA-F]{40}(\s+0x[0-9a-fA-F]{40})*\s*)?$")

    @model_validator(mode="after")
    def _refuse_validators_without_seals(self) -> Self:
        if self.validator_addresses and self.block_hash_rule is HashRule.ETHEREUM:
            raise ValueError(
                "TALLY_VALIDATORS needs TALLY_BLOCK_HASH_RULE=qbft or ibft2: others have no seals"
            )
        return self

    @model_validator(mode="after")
    def _refuse_public_secrets(self) -> Self:
        secret = self.consortium_secret.get_secret_value()
        if len(secret.encode()) < SECRET_BYTES_MIN:
            raise InsecureSettings(f"TALLY_CONSORTIUM_SECRET needs at least {SECRET_BYTES_MIN} bytes")
        if self.environment is Environment.DEVELOPMENT:
            return self
        if secret == DEV_CONSORTIUM_SECRET:
            raise InsecureSettings("TALLY_CONSORTIUM_SECRET is the one of development")
        if self.keystore_password.get_secret_value() == DEV_KEYSTORE_PASSWORD:
            raise InsecureSettings("TALLY_KEYSTORE_PASSWORD is the one of development")
        if self.webhook_any_target:
            raise InsecureSettings("TALLY_WEBHOOK_ANY_TARGET would let any party send requests inside")
        return self

    @property
    def rpc_urls(self) -> list[str]:
        """The nodes, in the order in which they are asked."""
        return self.rpc_url.get_secret_value().split()

    @property
    def validator_addresses(self) -> list[str]:
        """Whose seals the mirror asks for; none, and it asks for no seals."""
        return self.validators.split()

    @property
    def fee_policy(self) -> FeePolicy:
        """Both zero: a zero-fee chain."""
        return FeePolicy(tip_per_gas=self.tip_per_gas, max_fee_per_gas=self.max_fee_per_gas)


def require_safe_on(settings: Settings, chain_id: int, signer_addresses: list[str]) -> None:
    """Refuse development settings, and keys that everybody knows, on any but a development chain."""
    if is_dev_chain(chain_id):
        return
    if settings.environment is Environment.DEVELOPMENT:
        raise InsecureSettings(f"chain {chain_id} is no development chain: set TALLY_ENVIRONMENT=production")
    known = sorted(PUBLIC_DEV_ADDRESSES.intersection(signer_addresses))
    if known:
        raise InsecureSettings(f"everybody has the keys of {', '.join(known)}")
