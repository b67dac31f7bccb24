import pytest
import rlp as other_rlp
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import ProofMalformed
from chain.proof import rlp

items = st.recursive(st.binary(max_size=70), lambda members: st.lists(members, max_size=6), max_leaves=12)


@given(items)
def test_items_are_encoded_and_decoded_as_another_library_does(item: rlp.Item) -> None:
    encoded = rlp.encode(item)
    assert encoded == other_rlp.encode(item)
    assert rlp.decode(encoded) == item


@pytest.mark.parametrize("length", [0, 1, 55, 56, 255, 256, 2_047, 2_048, 65_535, 65_536])
def test_every_length_has_its_header(length: int) -> None:
    value = b"\xee" * length
    encoded = rlp.encode(value)
    assert encoded == other_rlp.encode(value)
    assert bytes.fromhex(rlp.hex_bytes(value.hex())) == encoded
    listed = rlp.encode([value[:1]] * length)
    assert bytes.fromhex(rlp.hex_list(rlp.hex_bytes(value[:1].hex()) * length)) == listed
    assert rlp.decode(listed) == [value[:1]] * length


@given(st.integers(min_value=0, max_value=2**256 - 1))
def test_integers_have_no_leading_zeros(number: int) -> None:
    assert rlp.hex_integer(number) == other_rlp.encode(number).hex()
    assert rlp.as_integer(rlp.integer_bytes(number)) == number


@given(st.binary(max_size=80))
def test_what_another_library_refuses_is_refused(data: bytes) -> None:
    try:
        expected = other_rlp.decode(data, strict=True)
    except other_rlp.DecodingError:
        with pytest.raises(ProofMalformed):
            rlp.decode(data)
    else:
        assert rlp.decode(data) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "ends too early"),
        ("83aabb", "ends too early"),
        ("c3aa", "ends too early"),
        ("c281", "ends too early"),
        ("8101", "does not need"),
        ("b801ff", "longer than it has to be"),
        ("b90000", "longer than it has to be"),
        ("b90040" + "ee" * 64, "longer than it has to be"),
        ("c4c1820102", "ends too early"),
        ("b9ff", "cut off"),
        ("f838" + "01" * 55, "ends too early"),
        ("0102", "after the end"),
        ("c0" * 2, "after the end"),
    ],
)
def test_only_the_one_valid_encoding_is_read(data: str, why: str) -> None:
    with pytest.raises(ProofMalformed, match=why):
        rlp.decode(bytes.fromhex(data))


def test_nesting_is_bounded() -> None:
    item: rlp.Item = []
    for _ in range(rlp.NESTING_MAX - 1):
        item = [item]
    assert rlp.decode(rlp.encode(item)) == item
    with pytest.raises(ProofMalformed, match="nested"):
        rlp.decode(rlp.encode([item]))


def test_an_item_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ProofMalformed, match="list has to be"):
        rlp.decode_list(b"\x80")
    with pytest.raises(ProofMalformed, match="string has to be"):
        rlp.as_bytes([])
    with pytest.raises(ProofMalformed, match="leading zeros"):
        rlp.as_integer(b"\0\1")
