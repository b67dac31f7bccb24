"""What connects the contracts of a deployment: constructors, module rights, first rules, roles; and the check
of it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from chain.address_book import AddressBook
from chain.bindings import access_manager, ledger, rulebook, shared
from chain.bindings.codes import AdminRoles
from chain.bindings.tables import FUNCTIONS
from chain.calls import Call
from chain.errors import DeploymentError
from chain.roles import FUNCTION_ROLES, MODULE_RIGHTS, ROLE_TERMS, GovernanceAccounts
from chain.rpc import JsonRpc, Request, parse
from chain.text import address_bytes, word_bytes

DEPLOYER: Final = "deployer"

CONSTRUCTORS: Final[dict[str, tuple[str, ...]]] = {
    "AccessManager": (DEPLOYER,),
    "Parties": ("AccessManager",),
    "Rulebook": ("AccessManager",),
    "Ledger": ("AccessManager", "Rulebook"),
    "Invoices": ("AccessManager",),
    "Issuance": ("Ledger", "Parties", "Invoices"),
    "Transfers": ("Ledger", "Parties"),
    "Financing": ("Ledger", "Parties"),
    "Pledges": ("Ledger", "Parties"),
    "Settlement": ("Ledger", "Parties", "Financing"),
    "Enforcement": ("AccessManager", "Ledger", "Parties"),
    "Exports": ("Ledger", "Parties"),
    "Lens": ("Ledger",),
}
"""contract → whose addresses its constructor takes, in the order of deploying; cash has figures of its own.
"""

_ALL_CURRENCIES: Final = 0

Addresses = dict[str, str]
CashAddresses = dict[int, str]


def module_rights(made: Addresses, cash: CashAddresses) -> Iterator[tuple[str, Call]]:
    """(label, call) of every right of a module and of every currency."""
    for (target, module), rights in MODULE_RIGHTS.items():
        for address in _targets(target, made, cash):
            data = shared.encode_set_rights(address_bytes(made[module]), rights)
            yield f"rights of {module} in {target}", Call(address, data)
    for currency, address in cash.items():
        data = ledger.encode_set_currency(currency, address_bytes(address))
        yield f"currency {currency}", Call(made["Ledger"], data)


def rule(made: Addresses, param: int, value: int, effective: int) -> Call:
    """A parameter's value from a time (seconds) on, for all currencies."""
    return Call(made["Rulebook"], rulebook.encode_schedule(param, _ALL_CURRENCIES, value, effective))


def hand_over(made: Addresses, cash: CashAddresses, governance: GovernanceAccounts, deployer: str) -> Call:
    """One transaction of the AccessManager: functions to roles, roles to accounts, the deployer out."""
    steps: list[bytes] = []
    for (contract, function), role in FUNCTION_ROLES.items():
        selector = FUNCTIONS[contract][function]
        steps += [
            access_manager.encode_set_target_function_role(address_bytes(address), [selector], role)
            for address in _targets(contract, made, cash)
        ]
    for name, terms in ROLE_TERMS.items():
        if terms.role != AdminRoles.ADMIN:  # ADMIN keeps its built-in label and guardian
            steps.append(access_manager.encode_label_role(terms.role, name.upper()))
            steps.append(access_manager.encode_set_role_guardian(terms.role, terms.guardian))
    for account, terms in governance.grants():
        if account == deployer:
            raise DeploymentError("the deployer may hold no role")
        steps.append(access_manager.encode_grant_role(terms.role, address_bytes(account), terms.delay_s))
    steps.append(access_manager.encode_renounce_role(AdminRoles.ADMIN, address_bytes(deployer)))
    return Call(made["AccessManager"], access_manager.encode_multicall(steps))


async def check(rpc: JsonRpc, book: AddressBook, governance: GovernanceAccounts, deployer: str) -> None:
    """Read roles and rights back. Raises DeploymentError for the first that is not as the tables say."""
    wanted = [
        *_role_checks(book, governance, deployer),
        *_function_checks(book),
        *_rights_checks(book),
    ]
    requests = [
        Request("eth_call", ({"to": call.to, "data": "0x" + call.data.hex()}, "latest"))
        for _, call, _ in wanted
    ]
    for (label, _, expected), raw in zip(wanted, await rpc.batch(requests), strict=True):
        found = word_bytes(parse(raw, str))
        if found != expected:
            raise DeploymentError(
                f"{label} is 0x{found.hex()}, wanted 0x{expected.hex()}", values={"what": label}
            )


_Check = tuple[str, Call, bytes]


def _role_checks(book: AddressBook, governance: GovernanceAccounts, deployer: str) -> Iterator[_Check]:
    manager = book.address("AccessManager")
    for account, terms in governance.grants():
        call = Call(manager, access_manager.encode_has_role(terms.role, address_bytes(account)))
        yield f"role {terms.role} of {account}", call, _words(1, terms.delay_s)
    for terms in ROLE_TERMS.values():
        call = Call(manager, access_manager.encode_has_role(terms.role, address_bytes(deployer)))
        yield f"role {terms.role} of the deployer", call, _words(0, 0)
        guardian = Call(manager, access_manager.encode_get_role_guardian(terms.role))
        yield f"guardian of role {terms.role}", guardian, _words(terms.guardian)


def _function_checks(book: AddressBook) -> Iterator[_Check]:
    manager = book.address("AccessManager")
    for (contract, function), role in FUNCTION_ROLES.items():
        selector = FUNCTIONS[contract][function]
        for name, entry in book.entries():
            if name == contract:
                target = address_bytes(entry.address)
                call = Call(manager, access_manager.encode_get_target_function_role(target, selector))
                yield f"role for {contract}.{function}", call, _words(role)


def _rights_checks(book: AddressBook) -> Iterator[_Check]:
    for (target, module), rights in MODULE_RIGHTS.items():
        data = shared.encode_rights_of(address_bytes(book.address(module)))
        for name, entry in book.entries():
            if name == target:
                yield f"rights of {module} in {target}", Call(entry.address, data), _words(rights)


def _targets(contract: str, made: Addresses, cash: CashAddresses) -> Sequence[str]:
    return list(cash.values()) if contract == "Cash" else [made[contract]]


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(32) for value in values)
