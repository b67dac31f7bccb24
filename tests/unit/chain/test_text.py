import pytest

from chain.text import address_bytes, checksum, party_address, word_bytes, word_text
from domain.ids import Digest

# the examples of EIP-55
CHECKSUMMED = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
]


@pytest.mark.parametrize("address", CHECKSUMMED)
def test_addresses_have_their_checksum(address: str) -> None:
    assert checksum(bytes.fromhex(address[2:])) == address
    assert address_bytes(address.lower()) == bytes.fromhex(address[2:])


@pytest.mark.parametrize("text", ["", "0x", "0x12", "12" * 20, "0x" + "zz" * 20, "0x" + "11" * 32])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|0x|fromhex"):
        address_bytes(text)


def test_words_go_both_ways() -> None:
    assert word_bytes(word_text(b"\x01\xff")) == b"\x01\xff"


def test_a_party_has_another_address_on_another_chain_or_register() -> None:
    legal = Digest("0x" + "42" * 32)
    addresses = {party_address(chain, registry, legal) for chain in (1, 2) for registry in CHECKSUMMED}
    assert len(addresses) == 8
