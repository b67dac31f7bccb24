import pytest
from eth_abi.abi import encode
from eth_abi.exceptions import EncodingError
from hypothesis import given
from hypothesis import strategies as st

from chain import abi
from chain.errors import DecodeError
from tests.support.abi_values import values_of

STATIC_KINDS = [
    "address",
    "bool",
    "bytes4",
    "bytes32",
    "uint8",
    "uint16",
    "uint24",
    "uint32",
    "uint40",
    "uint64",
]
WIDE_KINDS = ["uint128", "uint256"]

rows = st.lists(st.sampled_from(STATIC_KINDS + WIDE_KINDS), min_size=1, max_size=9).flatmap(
    lambda kinds: st.tuples(st.just(kinds), st.tuples(*(values_of(kind) for kind in kinds)))
)


@given(rows)
def test_struct_reads_what_eth_abi_wrote(row: tuple[list[str], tuple[object, ...]]) -> None:
    kinds, values = row
    assert abi.Layout(*kinds).unpack(encode(kinds, values)) == values


@given(rows, st.data())
def test_struct_and_eth_abi_accept_and_refuse_the_same_words(
    row: tuple[list[str], tuple[object, ...]], data: st.DataObject
) -> None:
    kinds, values = row
    words = bytearray(encode(kinds, values))
    words[data.draw(st.integers(0, len(words) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        expected = abi.decode(kinds, bytes(words))
    except DecodeError:
        with pytest.raises(DecodeError):
            abi.Layout(*kinds).unpack(bytes(words))
    else:
        assert abi.Layout(*kinds).unpack(bytes(words)) == expected


@pytest.mark.parametrize("kind", STATIC_KINDS + WIDE_KINDS)
def test_a_row_that_is_a_byte_short_or_long_is_refused(kind: str) -> None:
    layout = abi.Layout(kind)
    for size in (0, 31, 33, 64):
        with pytest.raises(DecodeError, match="bytes"):
            layout.unpack(bytes(size))


def test_a_bool_of_two_is_refused() -> None:
    with pytest.raises(DecodeError, match="unused bits"):
        abi.Layout("bool").unpack((2).to_bytes(32))


def test_an_enum_beyond_its_last_member_is_refused() -> None:
    layout = abi.Layout("uint8<3")
    assert layout.unpack((2).to_bytes(32)) == (2,)
    with pytest.raises(DecodeError, match="not one of the 3 members"):
        layout.unpack((3).to_bytes(32))


def test_a_dynamic_type_has_no_layout() -> None:
    with pytest.raises(ValueError, match="no static type"):
        abi.Layout("string")


@given(st.lists(st.tuples(values_of("uint64"), values_of("address")), max_size=5))
def test_an_array_of_structs_is_read_row_by_row(items: list[tuple[int, bytes]]) -> None:
    data = encode(["(uint64,address)[]"], [items])
    assert abi.Layout("uint64", "address").unpack_array(data) == items


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(32),
        (32).to_bytes(32),
        (64).to_bytes(32) + bytes(64),
        (32).to_bytes(32) + (2).to_bytes(32) + bytes(32),
    ],
    ids=["empty", "no offset", "no length", "other offset", "one row missing"],
)
def test_an_array_that_does_not_add_up_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        abi.Layout("uint64").unpack_array(data)


@pytest.mark.parametrize("data", [b"", b"\xff" * 64, (32).to_bytes(32) + (1 << 255).to_bytes(32)])
def test_dynamic_values_that_make_no_sense_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        abi.decode(["bytes"], data)


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(DecodeError):
        abi.decode(["string"], encode(["bytes"], [b"\xff\xfe"]))


@given(rows)
def test_numbers_addresses_and_fixed_bytes_are_encoded_as_eth_abi_does(
    row: tuple[list[str], tuple[object, ...]],
) -> None:
    kinds, values = row
    assert abi.encode(b"call", kinds, values) == b"call" + encode(kinds, values)


@pytest.mark.parametrize(
    ("kind", "value"), [("uint8", 256), ("uint64", -1), ("address", b"short"), ("bytes4", bytes(5))]
)
def test_a_value_that_its_type_cannot_hold_is_not_encoded(kind: str, value: object) -> None:
    with pytest.raises(EncodingError):
        abi.encode(b"call", [kind], [value])
