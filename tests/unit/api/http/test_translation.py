"""Refusals of other rooms become problems under their own names, with their values."""

import pytest
from sqlalchemy.exc import IntegrityError

from api.http.translation import contract_refusal, jsonable, problem_of
from chain.errors import ContractReverted, NodeUnavailable
from domain.errors import AmountTooPrecise, ForbiddenTransition


def test_a_contract_error_keeps_its_name_and_values() -> None:
    problem = problem_of(ContractReverted("LedgerStaleLot", {"lot": 5, "given": 1, "current": 2}, b""))
    assert problem is not None
    assert problem.document() == {
        "type": "/v1/problems/LedgerStaleLot",
        "code": "LedgerStaleLot",
        "status": 409,
        "title": "The lot has changed since",
        "title_zh": "凭证段已发生变化",
        "values": {"lot": 5, "given": 1, "current": 2},
    }


def test_an_error_of_a_library_is_named_in_the_values() -> None:
    problem = problem_of(ContractReverted("AccessManagedUnauthorized", {"caller": "0x1"}, b""))
    assert problem is not None
    assert problem.kind.code == "contract-reverted"
    assert problem.values["values"] == {"name": "AccessManagedUnauthorized", "caller": "0x1"}


def test_a_domain_error_keeps_its_code_place_and_values() -> None:
    problem = problem_of(AmountTooPrecise("CNY has 2 decimals", place="amount", values={"given": "1.234"}))
    assert problem is not None
    assert problem.kind.code == "money.amount_too_precise"
    assert problem.kind.status == 422
    assert problem.values == {"place": "amount", "values": {"given": "1.234"}}


def test_a_forbidden_transition_is_a_conflict() -> None:
    problem = problem_of(ForbiddenTransition("no", place="state"))
    assert problem is not None
    assert problem.kind.status == 409


def test_a_node_that_does_not_answer_is_not_the_clients_fault() -> None:
    problem = problem_of(NodeUnavailable("connection refused"))
    assert problem is not None
    assert problem.kind.status == 503
    assert "refused" not in str(problem.document())


def test_a_race_that_the_database_decided_is_a_conflict_and_shows_no_sql() -> None:
    problem = problem_of(IntegrityError("INSERT INTO secret", {"a": 1}, Exception("unique")))
    assert problem is not None
    assert problem.kind.status == 409
    assert "INSERT" not in str(problem.document())


def test_a_fault_of_ours_is_no_problem_of_the_client() -> None:
    assert problem_of(RuntimeError("bug")) is None


def test_integers_that_javascript_cannot_hold_become_text() -> None:
    assert jsonable({"a": 1 << 53, "b": (1 << 53) - 1, "c": [1 << 60], "d": {"e": 2**64}}) == {
        "a": str(1 << 53),
        "b": (1 << 53) - 1,
        "c": [str(1 << 60)],
        "d": {"e": str(2**64)},
    }


def test_a_refusal_for_an_unknown_contract_error_is_a_fault() -> None:
    with pytest.raises(KeyError):
        contract_refusal("NoSuchError")
