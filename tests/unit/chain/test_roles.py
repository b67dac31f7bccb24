"""Invariant I11: every function that changes something is in exactly one class of access."""

import re
from typing import Any

import pytest

from chain.bindings.codes import AdminRoles, Rights
from chain.compile import CONTRACTS
from chain.roles import FUNCTION_ROLES, MODULE_RIGHTS, ROLE_TERMS, GovernanceAccounts
from tests.support.abi_values import address_of_key, entries

_ACCESS = re.compile(r"@custom:access ([^\n]+)\n(?:\s*///?[^\n]*\n)*\s*function (\w+)")

ROLE, RIGHT, SIGNATURE, ANYONE, SELF = "role", "right", "signature", "anyone", "self"
REFUSED = {("Cash", "transfer"), ("Cash", "transferFrom"), ("Cash", "approve")}
"""What ERC-20 asks for and the cash always refuses."""


def changing_functions() -> list[tuple[str, str]]:
    """(contract, function) of all of ours that is no view; OpenZeppelin's manager has its own rules."""
    return [
        (contract, entry["name"])
        for contract, entry in entries("function")
        if contract != "AccessManager"
        and entry["stateMutability"] not in {"view", "pure"}
        and entry["name"] != "setAuthority"  # AccessManaged: only the authority itself
        and (contract, entry["name"]) not in REFUSED
    ]


def declared_access() -> dict[tuple[str, str], str]:
    """(interface or contract, function) → the words behind `@custom:access`."""
    found: dict[tuple[str, str], str] = {}
    for path in (CONTRACTS / "src").rglob("*.sol"):
        for section in re.split(r"\n(?=(?:abstract contract|interface|contract) )", path.read_text("utf-8")):
            name = re.search(r"(?:interface|contract) (\w+)", section)
            for words, function in _ACCESS.findall(section):
                if name:
                    found[name[1], function] = words
    return found


DECLARED = declared_access()


SHARED = ("IRights", "IIntents", "IMandates")
"""Interfaces that a contract's own one extends."""


def access_of(contract: str, function: str) -> str:
    """The words for a function, from the contract's interface or from one that it extends."""
    for interface in (f"I{contract}", contract, *SHARED):
        if (interface, function) in DECLARED:
            return DECLARED[interface, function]
    raise AssertionError(f"{contract}.{function} says nothing about who may call it")


def class_of(words: str) -> str:
    if words.startswith("AccessManager role"):
        return ROLE
    if words.startswith(("right", "that right")):
        return RIGHT
    if words.startswith(("signature", "each item by its own signatures")):
        return SIGNATURE
    if words.startswith("anyone"):
        return ANYONE
    if words == "this contract only":
        return SELF
    raise AssertionError(f"{words!r} is no class of access")


@pytest.mark.parametrize(("contract", "function"), changing_functions())
def test_every_changing_function_is_in_one_class_and_the_role_table_agrees(
    contract: str, function: str
) -> None:
    words = access_of(contract, function)
    if class_of(words) == ROLE:
        role = re.match(r"AccessManager role (\w+)", words)
        assert role
        assert FUNCTION_ROLES[contract, function] == vars(AdminRoles)[role[1]]
    else:
        assert (contract, function) not in FUNCTION_ROLES


def test_the_role_table_names_existing_functions_only() -> None:
    assert set(FUNCTION_ROLES) <= set(changing_functions())


def test_only_few_functions_are_for_anyone() -> None:
    free = {
        (contract, function)
        for contract, function in changing_functions()
        if class_of(access_of(contract, function)) == ANYONE
    }
    assert free == {
        ("Settlement", "claim"),
        ("Settlement", "flagOverdue"),
        ("Settlement", "declareDefault"),
        ("Financing", "releaseExposure"),
        ("Parties", "executeRecovery"),
    }


def test_only_a_batch_calls_its_own_items() -> None:
    own = {
        (contract, function)
        for contract, function in changing_functions()
        if class_of(access_of(contract, function)) == SELF
    }
    assert own == {("Transfers", "assignItem"), ("Financing", "financeItem")}


def test_no_module_has_more_rights_than_its_job() -> None:
    assert MODULE_RIGHTS["Ledger", "Settlement"] == Rights.PAY | Rights.CLAIM | Rights.FLAG
    assert MODULE_RIGHTS["Ledger", "Enforcement"] == Rights.FREEZE | Rights.FORCE | Rights.WRITE_OFF
    assert MODULE_RIGHTS["Cash", "Financing"] == Rights.FINANCE | Rights.BUYBACK
    assert {module for target, module in MODULE_RIGHTS if target == "Cash"} == {
        "Financing",
        "Pledges",
        "Settlement",
    }


def test_every_right_in_the_ledger_is_one_modules_own() -> None:
    held = [rights for (target, _), rights in MODULE_RIGHTS.items() if target == "Ledger"]
    every = [value for name, value in vars(Rights).items() if name.isupper()]
    assert sum(held) == sum(every)
    assert all(sum(bool(rights & right) for rights in held) == 1 for right in every)


def test_delays_are_those_of_the_design() -> None:
    hours = {name: terms.delay_s / 3600 for name, terms in ROLE_TERMS.items()}
    assert hours == {
        "admin": 72,
        "modules": 168,
        "registrar": 0,
        "freezer": 0,
        "court": 24,
        "guardian": 0,
        "unpauser": 1,
        "settlement_bank": 0,
        "governance": 24,
        "seconder": 0,
    }


def test_every_role_has_an_account() -> None:
    accounts: dict[str, Any] = {name: address_of_key(index + 1) for index, name in enumerate(ROLE_TERMS)}
    granted = {terms.role: account for account, terms in GovernanceAccounts(**accounts).grants()}
    assert granted == {terms.role: accounts[name] for name, terms in ROLE_TERMS.items()}
