import json
import stat
from pathlib import Path

import pytest
from eth_account import Account
from eth_keys.backends.coincurve import CoinCurveECCBackend
from eth_keys.main import KeyAPI
from hypothesis import given
from hypothesis import strategies as st

from chain.address_book import AddressBook
from chain.errors import SignerError
from chain.fees import ZERO_FEES
from chain.networks import DEV_CHAIN_IDS
from chain.signers import LocalSigner, create_keystore, encode_signatures, open_signer, recover_signer
from chain.tx import Transaction
from chain.typed_data import digest, typed_data
from domain.ids import Digest, PartyAddress
from domain.intents import Revoke

KEY = (7).to_bytes(32)
PASSWORD = "correct horse"
DEV_CHAIN = DEV_CHAIN_IDS[0]
WORD = Digest("0x" + "42" * 32)
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0

keys = st.integers(1, 2**200).map(lambda number: number.to_bytes(32))
words = st.binary(min_size=32, max_size=32).map(lambda raw: Digest("0x" + raw.hex()))


def password(_name: str) -> str:
    return PASSWORD


def test_signing_is_done_by_libsecp256k1() -> None:
    assert isinstance(KeyAPI().backend, CoinCurveECCBackend)


@given(keys, words)
def test_a_signature_leads_back_to_its_signer_and_has_one_spelling(key: bytes, word: Digest) -> None:
    signer = LocalSigner(key)
    signature = signer.sign_digest(word)
    assert recover_signer(word, signature) == signer.address
    assert int.from_bytes(signature[32:64]) <= HALF_ORDER


async def test_a_typed_message_is_signed_over_its_digest(book: AddressBook) -> None:
    signer = LocalSigner(KEY)
    intent = Revoke(PartyAddress(signer.address), WORD, 1_800_000_000, 1)
    signature = await signer.sign_typed_data(typed_data(intent, book))
    assert recover_signer(digest(intent, book), signature) == signer.address


async def test_a_transaction_is_signed_with_nothing_to_pay() -> None:
    signer = LocalSigner(KEY)
    transaction = Transaction(DEV_CHAIN, 5, signer.address, b"\x01\x02", 50_000, ZERO_FEES)
    signed = await signer.sign_transaction(transaction)
    assert Account.recover_transaction(signed.raw) == signer.address
    assert len(signed.hash) == 66


async def test_a_transaction_without_receiver_creates_a_contract() -> None:
    signed = await LocalSigner(KEY).sign_transaction(
        Transaction(DEV_CHAIN, 0, None, b"\x00", 50_000, ZERO_FEES)
    )
    assert Account.recover_transaction(signed.raw) == LocalSigner(KEY).address


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(65),
        bytes(64) + b"\x1b",
        b"\x01" * 64 + b"\x1d",
        b"\x01" * 64 + b"\x00",
        b"\x01" * 32 + (HALF_ORDER + 1).to_bytes(32) + b"\x1b",
        b"\xff" * 32 + b"\x01" * 32 + b"\x1b",
    ],
    ids=["empty", "zeros", "zero r", "v 29", "v 0", "upper s", "r beyond the order"],
)
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(SignerError):
        recover_signer(WORD, signature)


@given(st.lists(keys, min_size=1, max_size=5, unique=True), st.randoms())
def test_signatures_are_packed_in_ascending_order_of_signer(chosen: list[bytes], random: object) -> None:
    pairs = [(LocalSigner(key).address, LocalSigner(key).sign_digest(WORD)) for key in chosen]
    packed = encode_signatures(pairs)
    assert packed == encode_signatures(reversed(pairs))
    entries = [packed[start : start + 65] for start in range(0, len(packed), 65)]
    signers = [int(recover_signer(WORD, entry), 16) for entry in entries]
    assert signers == sorted(set(signers))


def test_a_signer_cannot_be_packed_twice_nor_half_a_signature() -> None:
    signer = LocalSigner(KEY)
    pair = (signer.address, signer.sign_digest(WORD))
    with pytest.raises(SignerError, match="twice"):
        encode_signatures([pair, (signer.address.lower(), pair[1])])
    with pytest.raises(SignerError, match="65 bytes"):
        encode_signatures([(signer.address, pair[1][:64])])


def test_a_keystore_opens_with_its_password_only(tmp_path: Path) -> None:
    uri = create_keystore(tmp_path / "keys" / "a key.json", KEY, PASSWORD, DEV_CHAIN)
    assert open_signer(uri, password).address == LocalSigner(KEY).address
    with pytest.raises(SignerError, match=r"wrong password for keystore a key\.json"):
        open_signer(uri, lambda _: "wrong")


def test_a_keystore_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    create_keystore(path, KEY, PASSWORD, DEV_CHAIN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SignerError, match="exists already"):
        create_keystore(path, (8).to_bytes(32), PASSWORD, DEV_CHAIN)


def test_only_keys_of_development_chains_are_cheap_to_open(tmp_path: Path) -> None:
    create_keystore(tmp_path / "dev.json", KEY, PASSWORD, DEV_CHAIN)
    create_keystore(tmp_path / "real.json", KEY, PASSWORD, 8888)
    costs = {
        path.stem: json.loads(path.read_text())["crypto"]["kdfparams"]["n"] for path in tmp_path.iterdir()
    }
    assert costs == {"dev": 2**12, "real": 2**18}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 2}', '{"version": 3}'])
def test_a_file_that_is_no_keystore_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(SignerError, match="no keystore of version 3"):
        open_signer(f"keystore://{path}", password)


def test_a_keystore_that_names_another_address_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    create_keystore(path, KEY, PASSWORD, DEV_CHAIN)
    changed = json.loads(path.read_text()) | {"address": "00" * 20}
    path.write_text(json.dumps(changed))
    with pytest.raises(SignerError, match="another address"):
        open_signer(f"keystore://{path}", password)


@pytest.mark.parametrize("uri", ["vault://x", "", "key.json", "keystore:///nowhere/key.json"])
def test_a_reference_that_leads_nowhere_is_refused(uri: str) -> None:
    with pytest.raises(SignerError):
        open_signer(uri, password)


def test_no_text_form_shows_a_key() -> None:
    shown = f"{LocalSigner(KEY)!r} {LocalSigner(KEY)}"
    assert KEY.hex() not in shown
    assert "0x" in shown
