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
        "payouts": [],
        "event": EVENT,
        **more,
    }


def payout(to: str, interest: str = "0.00") -> dict[str, Any]:
    return {"payee": party(to), "principal": cny("4.00"), "interest": cny(interest), "event": EVENT}


def trace(**more: Any) -> dict[str, Any]:
    return {
        "receivable_id": "1",
        "state": "settled",
        "debtor": party("debtor"),
        "face": cny("10.00"),
        "invoices": [{"fingerprint": "0x" + "cd" * 32, "amount": cny("10.00"), "number": "N[1]"}],
        "payments": [{"principal": cny("10.00"), "interest": cny("0.00"), "event": EVENT}],
        "tree": None,
        "serial": None,
        "path": [],
        "payee": None,
        **more,
    }


def shown(document: dict[str, Any]) -> str:
    console = Console(record=True, width=200, file=io.StringIO())
    show_trace(console, document)
    return console.export_text()


def test_a_path_shows_every_hop_and_only_the_payout_of_the_last() -> None:
    path = [
        hop("11", "issue", "seller", payouts=[payout("seller")]),
        hop("12", "finance", "bank", payouts=[payout("bank", "0.05")]),
    ]
    text = shown(trace(serial="3", path=path, payee=party("bank")))
    assert text.count("paid out") == 1
    for words in ("serial 3", "N[1]", "lot 11 issued 开立", "lot 12 financed 融资", "CNY 0.05 interest 利息"):
        assert words in text
    assert text.rstrip().endswith("final payee 最终收款人 bank")


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
