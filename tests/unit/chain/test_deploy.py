import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.bindings.codes import Rules
from chain.deploy import create_address
from domain.rules import BEGINNING, RULE_SETS, RuleSet
from tests.support.abi_values import address_of_key

# the well-known first contracts of an account, as Ethereum's own tests have them
SENDER = "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"


@pytest.mark.parametrize(
    ("nonce", "address"),
    [
        (0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d"),
        (1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8"),
        (2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91"),
    ],
)
def test_addresses_of_contracts_follow_from_sender_and_nonce(nonce: int, address: str) -> None:
    assert create_address(SENDER, nonce) == address


@given(st.integers(0, 2**63), st.integers(0, 2**63))
def test_every_nonce_has_an_address_of_its_own(one: int, other: int) -> None:
    sender = address_of_key(1)
    assert (create_address(sender, one) == create_address(sender, other)) == (one == other)


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=RULE_SETS)
def test_every_rule_gets_a_first_value(rules: RuleSet) -> None:
    assert sorted(rules.ledger_values(BEGINNING)) == list(range(1, Rules.LAST + 1))
