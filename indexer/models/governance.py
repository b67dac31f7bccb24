"""Governance: dated rules, rights of modules, pauses, administrative roles.

`_s` is seconds since 1970 UTC.
"""

from sqlmodel import Field

from indexer.models.base import STRICT, Located
from indexer.models.types import U64, AddressText, Int64, SelectorText


class Rule(Located, table=True):
    """A parameter's value from a day on; currency 0 holds for every currency without a value of its own."""

    __tablename__ = "rule"
    __table_args__ = STRICT

    param: int = Field(sa_type=Int64, primary_key=True)
    currency: int = Field(sa_type=Int64, primary_key=True)
    effective_s: int = Field(sa_type=Int64, primary_key=True)
    value: int = Field(sa_type=Int64)


class ModuleRight(Located, table=True):
    """What a module may do in a contract that keeps state; 0 means nothing any more."""

    __tablename__ = "module_right"
    __table_args__ = STRICT

    contract: str = Field(sa_type=AddressText, primary_key=True)
    module: str = Field(sa_type=AddressText, primary_key=True)
    rights: int = Field(sa_type=Int64)


class PauseState(Located, table=True):
    """Which rights are paused in a contract; a contract without a row never was paused."""

    __tablename__ = "pause_state"
    __table_args__ = STRICT

    contract: str = Field(sa_type=AddressText, primary_key=True)
    paused: int = Field(sa_type=Int64)


class RoleGrant(Located, table=True):
    """An administrative role of an account; `since_s` 0 means that it was taken away."""

    __tablename__ = "role_grant"
    __table_args__ = STRICT

    role: int = Field(sa_type=U64, primary_key=True)
    account: str = Field(sa_type=AddressText, primary_key=True)
    since_s: int = Field(sa_type=Int64)
    delay_seconds: int = Field(sa_type=Int64)


class FunctionRole(Located, table=True):
    """The administrative role that may call a function."""

    __tablename__ = "function_role"
    __table_args__ = STRICT

    target: str = Field(sa_type=AddressText, primary_key=True)
    selector: str = Field(sa_type=SelectorText, primary_key=True)
    role: int = Field(sa_type=U64)
