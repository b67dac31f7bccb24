"""Every refusal of every room has an entry in the catalogue, with a status and both languages."""

import importlib
import pkgutil

import pytest

import api.app  # noqa: F401  # declares every folder's problems
import domain
from api.http.contract_errors import CONTRACT_ERRORS
from api.http.problems import CATALOGUE, define
from api.http.translation import DOMAIN_ERRORS
from chain.bindings.errors import ERRORS
from domain.errors import DomainError

OPEN_ZEPPELIN = ("AccessManage", "Address", "Checkpoint", "ECDSA", "ERC20", "FailedCall", "Insufficient",
                 "InvalidShortString", "Reentrancy", "SafeCast", "StringTooLong", "Strings")  # fmt: skip


def own_errors() -> set[str]:
    return {shape.name for shape in ERRORS.values() if not shape.name.startswith(OPEN_ZEPPELIN)}


def domain_codes() -> set[str]:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    found, waiting = set(), [DomainError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.code)
        waiting.extend(kind.__subclasses__())
    return found


def test_every_error_of_our_contracts_is_in_the_table() -> None:
    assert own_errors() - CONTRACT_ERRORS.keys() == set()


def test_the_table_has_no_error_that_no_contract_has() -> None:
    assert CONTRACT_ERRORS.keys() - {shape.name for shape in ERRORS.values()} == set()


def test_every_code_of_the_domain_is_in_the_table() -> None:
    assert domain_codes() - DOMAIN_ERRORS.keys() == set()
    assert DOMAIN_ERRORS.keys() - domain_codes() == set()


def test_every_problem_has_a_status_and_both_titles() -> None:
    for code, kind in CATALOGUE.items():
        assert kind.code == code
        assert 400 <= kind.status < 600
        assert kind.title.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in kind.title_zh), code


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        define("not-found", 404, "again", "再次")
