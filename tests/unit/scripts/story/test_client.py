"""Nobody signs anything else than what was agreed."""

from typing import Any

import pytest

from chain.signers import LocalSigner, recover_signer
from chain.text import word_bytes
from chain.typed_data import digest_of
from scripts.story.client import NotWhatWasAgreed, Refused, sign_intent

ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"


def intent(**changes: object) -> dict[str, Any]:
    fields = [("debtor", "address"), ("receivable", "uint64"), ("amount", "uint64")]
    data = {
        "types": {
            "EIP712Domain": [{"name": "name", "type": "string"}],
            "Pay": [{"name": name, "type": kind} for name, kind in fields],
        },
        "primaryType": "Pay",
        "domain": {"name": "Tallystick Settlement"},
        "message": {"debtor": ADDRESS, "receivable": 1, "amount": 500},
    }
    return {"typed_data": data, "digest": digest_of(data), **changes}


def test_a_signature_is_over_the_digest_of_what_was_shown() -> None:
    signer, shown = LocalSigner.generate(), intent()
    signature = sign_intent(signer, shown, {"amount": 500, "debtor": ADDRESS.lower()})
    assert recover_signer(shown["digest"], word_bytes(signature)) == signer.address


def test_an_amount_that_was_not_agreed_is_not_signed() -> None:
    with pytest.raises(NotWhatWasAgreed, match=r"Pay\.amount is 500, agreed was 499"):
        sign_intent(LocalSigner.generate(), intent(), {"amount": 499})


def test_typed_data_that_does_not_have_the_stated_digest_is_not_signed() -> None:
    with pytest.raises(NotWhatWasAgreed, match="the intent says"):
        sign_intent(LocalSigner.generate(), intent(digest="0x" + "00" * 32), {})


@pytest.mark.parametrize(
    ("problem", "rules"),
    [
        ({"code": "invoice-refused", "refusals": [{"rule": "BR-1", "place": "/a"}]}, [("BR-1", "/a")]),
        ({"code": "rules-breached", "breaches": [{"rule": "issue.x", "place": "due"}]}, [("issue.x", "due")]),
        ({"code": "LedgerStaleLot"}, [("LedgerStaleLot", "")]),
        ({}, [("unknown", "")]),
    ],
)
def test_a_refusal_names_each_rule_and_its_place(
    problem: dict[str, Any], rules: list[tuple[str, str]]
) -> None:
    assert Refused("POST /v1/x", 422, problem).rules == rules
