"""Where title and money went, as text."""

import io
from typing import Any

from rich.console import Console

from scripts.tracing import show_trace

EVENT = {"tx_hash": "0x" + "ab" * 32, "block_number": 7, "log_index": 0, "at": "2026-04-05T11:00:00Z"}


def party(name: str) -> dict[str, str]:
    return {"id": "0x1", "name": name}


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def hop(lot: str, cause: str, to: str, **more: Any) -> dict[str, Any]:
    return {
        "lot_id": lot,
        "cause": cause,
        "from_party": None,
        "to_party": party(to),
        "amount": cny("10.00"),
        "first_serial": "0",
        "trade_evidence": None,
        "purchase": None,
        "repurchase": None,
        "flags": [],
        "charges": [],
        "payouts": [],
        "event": EVENT,
        **more,
    }


def payout(to: str, interest: str = "0.00", **more: Any) -> dict[str, Any]:
    return {
        "payee": party(to),
        "principal": cny("4.00"),
        "interest": cny(interest),
        "chargee": None,
        "to_chargee": cny("0.00"),
        "event": EVENT,
        **more,
    }


def trace(**more: Any) -> dict[str, Any]:
    return {
        "receivable_id": "1",
        "state": "settled",
        "debtor": party("debtor"),
        "face": cny("10.00"),
        "invoices": [{"fingerprint": "0x" + "cd" * 32, "amount": cny("10.00"), "number": "N[1]"}],
        "payments": [{"principal": cny("10.00"), "interest": cny("0.00"), "event": EVENT}],
        "states": [],
        "loss": None,
        "tree": None,
        "serial": None,
        "path": [],
        "payee": None,
        "sealed_from_block": None,
        **more,
    }


def shown(document: dict[str, Any]) -> str:
    console = Console(record=True, width=200, file=io.StringIO())
    show_trace(console, document)
    return console.export_text()


def test_a_path_shows_every_hop_and_what_was_paid_out_while_the_serial_was_there() -> None:
    path = [
        hop("11", "issue", "seller"),
        hop("12", "finance", "bank", payouts=[payout("bank", "0.05")]),
    ]
    text = shown(trace(serial="3", path=path, payee=party("bank")))
    assert text.count("paid out") == 1
    for words in ("serial 3", "N[1]", "lot 11 issued 开立", "lot 12 financed 融资", "CNY 0.05 interest 利息"):
        assert words in text
    assert text.rstrip().endswith("final payee 最终收款人 bank")


def test_a_trace_says_from_which_block_on_seals_were_checked() -> None:
    assert "seals" not in shown(trace())
    assert "seals checked from block 验证人签封核验自区块 7" in shown(trace(sealed_from_block=7))


def test_a_stop_a_charge_a_division_and_a_loss_are_shown_with_what_ordered_them() -> None:
    order = "0x" + "ef" * 32
    frozen = {"flags": ["pledged", "frozen"], "evidence": order, "event": EVENT}
    free = {"flags": [], "evidence": order, "event": EVENT}
    charge = {"chargee": party("lender"), "secured": cny("3.00"), "event": EVENT}
    paid = payout("seller", chargee=party("lender"), to_chargee=cny("3.00"))
    lot = hop("11", "forced", "seller", flags=[frozen, free], charges=[charge], payouts=[paid])
    step = {"from_state": "defaulted", "to_state": "written_off", "order": order, "event": EVENT}
    loss = {"principal": cny("6.00"), "interest": cny("0.00"), "event": EVENT}
    text = shown(trace(serial="3", path=[lot], states=[step], loss=loss))
    for words in (
        "moved by order 强制划转",
        "pledged, frozen order or agreement 0xefefefefefefefef…",
        "free 无限制",
        "charge 权利负担 lender secured CNY 3.00",
        "to seller, of it CNY 3.00 to lender",
        "defaulted → written_off",
        "given up 核销 CNY 6.00",
    ):
        assert words in text


def test_a_buy_back_shows_its_price() -> None:
    lot = hop("12", "buyback", "seller", repurchase={"price": cny("9.00")})
    assert "price 回购价 CNY 9.00" in shown(trace(serial="3", path=[lot]))


def test_a_tree_shows_what_each_lot_keeps_and_what_is_not_for_these_eyes_as_such() -> None:
    child = {
        "hop": hop("12", "assign", "x", to_party=None),
        "left": cny("4.00"),
        "left_first_serial": "0",
        "children": [],
    }
    root = {
        "hop": hop("11", "issue", "seller"),
        "left": cny("6.00"),
        "left_first_serial": "400",
        "children": [child],
    }
    text = shown(trace(tree=root))
    assert "keeps CNY 6.00" in text
    assert "keeps CNY 4.00" in text
    assert "not shown" in text
