"""Who may do what: the tables from which a deployment is wired and against which it is checked."""

from dataclasses import dataclass, fields
from typing import Final

from chain.bindings.codes import AdminRoles, Rights

_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S

FUNCTION_ROLES: Final[dict[tuple[str, str], int]] = {
    ("Parties", "admit"): AdminRoles.REGISTRAR,
    ("Parties", "update"): AdminRoles.REGISTRAR,
    ("Parties", "proposeRecovery"): AdminRoles.REGISTRAR,
    ("Parties", "secondRecovery"): AdminRoles.SECONDER,
    ("Parties", "cancelRecovery"): AdminRoles.GUARDIAN,
    ("Rulebook", "schedule"): AdminRoles.GOVERNANCE,
    ("Ledger", "setRights"): AdminRoles.MODULES,
    ("Ledger", "setCurrency"): AdminRoles.MODULES,
    ("Ledger", "retire"): AdminRoles.MODULES,
    ("Ledger", "pause"): AdminRoles.GUARDIAN,
    ("Ledger", "unpause"): AdminRoles.UNPAUSER,
    ("Invoices", "setRights"): AdminRoles.MODULES,
    ("Invoices", "pause"): AdminRoles.GUARDIAN,
    ("Invoices", "unpause"): AdminRoles.UNPAUSER,
    ("Enforcement", "freeze"): AdminRoles.FREEZER,
    ("Enforcement", "unfreeze"): AdminRoles.FREEZER,
    ("Enforcement", "suspend"): AdminRoles.FREEZER,
    ("Enforcement", "resume"): AdminRoles.FREEZER,
    ("Enforcement", "forceMove"): AdminRoles.COURT,
    ("Enforcement", "writeOff"): AdminRoles.COURT,
    ("Cash", "setRights"): AdminRoles.MODULES,
    ("Cash", "pause"): AdminRoles.GUARDIAN,
    ("Cash", "unpause"): AdminRoles.UNPAUSER,
    ("Cash", "mint"): AdminRoles.SETTLEMENT_BANK,
    ("Cash", "setMintLimit"): AdminRoles.ADMIN,
}
"""(contract, function) → role; a test compares it with the `@custom:access` of the interfaces."""

MODULE_RIGHTS: Final[dict[tuple[str, str], int]] = {
    ("Ledger", "Issuance"): Rights.ISSUE | Rights.CANCEL,
    ("Ledger", "Transfers"): Rights.ASSIGN,
    ("Ledger", "Financing"): Rights.FINANCE | Rights.BUYBACK,
    ("Ledger", "Pledges"): Rights.PLEDGE,
    ("Ledger", "Settlement"): Rights.PAY | Rights.CLAIM | Rights.FLAG,
    ("Ledger", "Enforcement"): Rights.FREEZE | Rights.FORCE | Rights.WRITE_OFF,
    ("Ledger", "Exports"): Rights.EXPORT,
    ("Invoices", "Issuance"): Rights.ISSUE | Rights.CANCEL,
    ("Cash", "Financing"): Rights.FINANCE | Rights.BUYBACK,
    ("Cash", "Pledges"): Rights.PLEDGE,
    ("Cash", "Settlement"): Rights.PAY | Rights.CLAIM,
}
"""(contract that keeps state, module) → mask of rights"""


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """`delay_s` between announcing and doing; `guardian` may cancel in between (ADMIN always may)."""

    role: int
    delay_s: int
    guardian: int = AdminRoles.ADMIN


ROLE_TERMS: Final[dict[str, RoleTerms]] = {
    "admin": RoleTerms(AdminRoles.ADMIN, 3 * _DAY_S),
    "modules": RoleTerms(AdminRoles.MODULES, 7 * _DAY_S),
    "registrar": RoleTerms(AdminRoles.REGISTRAR, 0),
    "freezer": RoleTerms(AdminRoles.FREEZER, 0),
    "court": RoleTerms(AdminRoles.COURT, _DAY_S, AdminRoles.GUARDIAN),
    "guardian": RoleTerms(AdminRoles.GUARDIAN, 0),
    "unpauser": RoleTerms(AdminRoles.UNPAUSER, _HOUR_S),
    "settlement_bank": RoleTerms(AdminRoles.SETTLEMENT_BANK, 0),
    "governance": RoleTerms(AdminRoles.GOVERNANCE, _DAY_S),
    "seconder": RoleTerms(AdminRoles.SECONDER, 0),
}


@dataclass(frozen=True, slots=True)
class GovernanceAccounts:
    """Checksummed address of whoever holds each role, a key or a multisig; one account may hold several.

    An account that is both registrar and seconder recovers no party: the contract asks for two.
    """

    admin: str
    modules: str
    registrar: str
    freezer: str
    court: str
    guardian: str
    unpauser: str
    settlement_bank: str
    governance: str
    seconder: str

    def grants(self) -> tuple[tuple[str, RoleTerms], ...]:
        """(account, role) pairs."""
        return tuple((getattr(self, field.name), ROLE_TERMS[field.name]) for field in fields(self))
