"""Random intents for tests: every value that its Solidity type can hold."""

from typing import Any

from hypothesis import strategies as st

from chain.text import checksum
from domain.ids import Digest, Fingerprint, LotId, PartyAddress, ReceivableId
from domain.intents import (
    Assign,
    Finance,
    InvoiceUse,
    Issue,
    Pay,
    Redeem,
    Revoke,
    SetSigner,
    SetThreshold,
)

addresses = st.binary(min_size=20, max_size=20).map(lambda raw: PartyAddress(checksum(raw)))
words = st.binary(min_size=32, max_size=32).map(lambda raw: Digest("0x" + raw.hex()))
fingerprints = words.map(Fingerprint)


def unsigned(bits: int) -> st.SearchStrategy[int]:
    """uint<bits>, with its ends more often than chance would have them."""
    last = (1 << bits) - 1
    return st.one_of(st.just(0), st.just(last), st.integers(0, last))


u8, u16, u24, u32, u40, u64 = (unsigned(bits) for bits in (8, 16, 24, 32, 40, 64))
lots = u64.map(LotId)
receivables = u64.map(ReceivableId)
uses = st.builds(InvoiceUse, fingerprint=fingerprints, total=u64, amount=u64, issued_at=u40)

INTENTS: dict[type[Any], st.SearchStrategy[Any]] = {
    Issue: st.builds(
        Issue,
        debtor=addresses,
        creditor=addresses,
        face=u64,
        due=u40,
        currency=u16,
        terms_hash=words,
        invoices=st.lists(uses, max_size=4).map(tuple),
        deadline=u40,
        salt=u64,
    ),
    Assign: st.builds(
        Assign,
        owner=addresses,
        to=addresses,
        lot=lots,
        seq=u24,
        amount=u64,
        evidence=words,
        deadline=u40,
        salt=u64,
    ),
    Finance: st.builds(
        Finance,
        bank=addresses,
        seller=addresses,
        lot=lots,
        seq=u24,
        amount=u64,
        price=u64,
        fees=u64,
        fees_to=addresses,
        rate_ppm=u32,
        day_count=u16,
        recourse=u8,
        registration_ref=words,
        notice_ref=words,
        terms_hash=words,
        deadline=u40,
        salt=u64,
    ),
    Pay: st.builds(
        Pay, debtor=addresses, receivable=receivables, amount=u64, paid_before=u64, deadline=u40, salt=u64
    ),
    Redeem: st.builds(
        Redeem,
        holder=addresses,
        currency=st.sampled_from([156, 978]),
        amount=u64,
        account_ref=words,
        deadline=u40,
        salt=u64,
    ),
    Revoke: st.builds(Revoke, party=addresses, digest=words, deadline=u40, salt=u64),
    SetSigner: st.builds(
        SetSigner,
        party=addresses,
        signer=addresses,
        powers=u16,
        expires=u40,
        version=u32,
        deadline=u40,
        salt=u64,
    ),
    SetThreshold: st.builds(
        SetThreshold, party=addresses, power=u8, threshold=u8, version=u32, deadline=u40, salt=u64
    ),
}
"""A strategy for each intent; cash exists in CNY (156) and EUR (978)."""
