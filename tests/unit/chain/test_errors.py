import inspect
import re

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from chain import errors
from chain.bindings.errors import ERRORS, ErrorShape
from chain.errors import ChainError, decode_revert
from tests.support.abi_values import address_of_key, entries, values_of

PARTY = address_of_key(7)


def revert(name: str, *values: object) -> bytes:
    selector, shape = next((key, shape) for key, shape in ERRORS.items() if shape.name == name)
    return selector + encode([kind for _, kind in shape.arguments], values)


def test_every_error_of_the_abis_has_its_selector() -> None:
    for _, entry in entries("error"):
        kinds = ",".join(parameter["type"] for parameter in entry["inputs"])
        assert ERRORS[keccak(f"{entry['name']}({kinds})".encode())[:4]].name == entry["name"]


@pytest.mark.parametrize("selector", ERRORS, ids=[shape.name for shape in ERRORS.values()])
@given(data=st.data())
def test_every_error_is_named_with_all_its_values(selector: bytes, data: st.DataObject) -> None:
    shape = ERRORS[selector]
    values = [data.draw(values_of(kind)) for _, kind in shape.arguments]
    decoded = decode_revert(selector + encode([kind for _, kind in shape.arguments], values))
    assert decoded.name == shape.name
    assert decoded.selector == "0x" + selector.hex()
    assert list(decoded.values) == [name for name, _ in shape.arguments]


def test_values_are_fit_for_an_answer() -> None:
    decoded = decode_revert(revert("PartiesBelowThreshold", PARTY, 1, 1, 2))
    assert decoded.values == {"party": PARTY, "power": 1, "have": 1, "need": 2}
    assert str(decoded) == f"PartiesBelowThreshold(party={PARTY}, power=1, have=1, need=2)"
    decoded = decode_revert(revert("IntentAlreadyUsed", b"\xab" * 32))
    assert decoded.values == {"digest": "0x" + "ab" * 32}


def test_errors_of_the_access_manager_are_known() -> None:
    decoded = decode_revert(revert("AccessManagedUnauthorized", PARTY))
    assert (decoded.name, decoded.values) == ("AccessManagedUnauthorized", {"caller": PARTY})


def test_a_reason_string_is_an_error_and_a_failed_check_a_panic() -> None:
    decoded = decode_revert(bytes.fromhex("08c379a0") + encode(["string"], ["no"]))
    assert (decoded.name, decoded.values) == ("Error", {"message": "no"})
    decoded = decode_revert(bytes.fromhex("4e487b71") + encode(["uint256"], [0x11]))
    assert (decoded.name, decoded.values) == ("Panic", {"code": 0x11})


def test_a_nul_in_a_reason_reaches_no_database() -> None:
    decoded = decode_revert(bytes.fromhex("08c379a0") + encode(["string"], ["a\x00b"]))
    assert decoded.values == {"message": "a\ufffdb"}
    assert "\x00" not in str(decoded)
    assert errors.NodeRejected("quoted \x00").message == "quoted \ufffd"


def test_an_error_inside_an_error_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    outer = ErrorShape("Wrapped", (("reason", "bytes"),))
    monkeypatch.setitem(errors._SHAPES, b"\x01\x02\x03\x04", outer)
    inner = revert("LedgerStaleLot", 5, 1, 2)
    decoded = decode_revert(b"\x01\x02\x03\x04" + encode(["bytes"], [inner]))
    assert decoded.values == {
        "reason": {"name": "LedgerStaleLot", "values": {"lot": 5, "given": 1, "current": 2}}
    }


def test_nesting_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(errors._SHAPES, b"\x01\x02\x03\x04", ErrorShape("Wrapped", (("reason", "bytes"),)))
    data = b""
    for _ in range(50):
        data = b"\x01\x02\x03\x04" + encode(["bytes"], [data])
    text = str(decode_revert(data).values)
    assert text.count("Wrapped") == errors.NESTING_MAX


def test_silence_is_empty_and_an_unknown_selector_is_unknown() -> None:
    assert decode_revert(b"").name == "Empty"
    assert decode_revert(b"").selector == ""
    assert decode_revert(b"\xde\xad\xbe\xef").values == {"data": "0xdeadbeef"}


@given(
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from(sorted(ERRORS)).flatmap(lambda s: st.binary(max_size=99).map(s.__add__)),
    )
)
def test_whatever_a_node_answers_gets_a_name(data: bytes) -> None:
    assert decode_revert(data).name


def test_codes_are_unique_and_the_tree_is_drawn() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ChainError)]
    codes = {kind.code for kind in kinds}
    assert len(codes) == len(kinds)
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    assert drawn == {kind.__name__ for kind in kinds} - {"ChainError"}
