import pytest

from chain.errors import (
    AlreadyKnown,
    ChainError,
    ContractReverted,
    NodeRejected,
    NonceTooLow,
    Underpriced,
)
from chain.node_errors import from_rpc_error


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("nonce too low", NonceTooLow),
        ("Nonce too low", NonceTooLow),
        ("already known", AlreadyKnown),
        ("Known transaction", AlreadyKnown),
        ("transaction already imported", AlreadyKnown),
        ("replacement transaction underpriced", Underpriced),
        ("Replacement transaction underpriced", Underpriced),
        ("intrinsic gas too low", NodeRejected),
    ],
)
def test_refusals_of_the_known_nodes_have_names(message: str, kind: type[ChainError]) -> None:
    found = from_rpc_error({"code": -32000, "message": message})
    assert type(found) is kind
    assert found.message == message


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ({"code": 3, "message": "execution reverted", "data": "0x"}, "Empty"),
        ({"code": 3, "message": "execution reverted"}, "Empty"),
        ({"code": 3, "message": "execution reverted", "data": "0xdeadbeef"}, "Unknown"),
        (
            {"code": -32000, "message": "VM Exception", "data": {"data": "0x4e487b71" + "00" * 31 + "99"}},
            "Panic",
        ),
    ],
)
def test_reverts_are_decoded_wherever_a_node_puts_the_data(error: dict[str, object], name: str) -> None:
    found = from_rpc_error(error)
    assert isinstance(found, ContractReverted)
    assert found.name == name


@pytest.mark.parametrize("error", ["text", None, 5, {"message": "odd", "data": "0xzz"}, {}])
def test_whatever_else_a_node_says_is_a_refusal(error: object) -> None:
    assert type(from_rpc_error(error)) is NodeRejected
