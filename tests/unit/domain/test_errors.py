import inspect
import re

from domain import errors
from domain.errors import AmountTooPrecise, DomainError

ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, DomainError)]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in ERRORS]
    assert len(set(codes)) == len(codes)


def test_the_drawing_of_the_tree_shows_every_error_with_its_code() -> None:
    drawn = dict(re.findall(r"── (\w+) +([a-z_.]+)$", errors.__doc__ or "", re.MULTILINE))
    leaves = [kind for kind in ERRORS if not kind.__subclasses__()]
    assert drawn == {kind.__name__: kind.code for kind in leaves if kind.__module__ == errors.__name__}


def test_an_error_says_which_rule_where_and_with_which_values() -> None:
    error = AmountTooPrecise("EUR has 2 decimals", place="lines[3].amount", values={"given": "1.000"})
    assert str(error) == "money.amount_too_precise at lines[3].amount: EUR has 2 decimals"
    assert (error.place, error.values) == ("lines[3].amount", {"given": "1.000"})
    assert str(DomainError("no")) == "domain.error: no"
