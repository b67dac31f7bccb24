"""A receivable's title and money as a tree in the terminal, from what the API tells about it."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

Trace = Mapping[str, Any]

_CAUSES = {
    "issue": "issued 开立",
    "assign": "assigned 转让",
    "finance": "financed 融资",
    "buyback": "bought back 回购",
    "forced": "moved by order 强制划转",
    "recovery": "pledge realised 实现质权",
    "export": "exported 转出登记",
}


def show_trace(console: Console, trace: Trace) -> None:
    """The tree of all lots, or the path of one serial."""
    console.print(_root(trace), soft_wrap=False)


def _root(trace: Trace) -> Tree:
    serial = f", serial {trace['serial']} 序号" if trace["serial"] is not None else ""
    root = Tree(
        f"[bold]receivable {trace['receivable_id']} 凭证[/]{serial}: {_name(trace['debtor'])} owes "
        f"{_money(trace['face'])}, {trace['state']}"
    )
    for invoice in trace["invoices"]:
        number = escape(str(invoice["number"] or "not shown"))
        root.add(f"invoice 发票 {number} {_money(invoice['amount'])} [dim]{invoice['fingerprint'][:18]}…[/]")
    if trace["tree"] is not None:
        _add_lot(root, trace["tree"])
    _add_path(root, trace["path"])
    for step in trace["states"]:
        root.add(f"{step['from_state']} → {step['to_state']}{_order(step['order'])} {_event(step)}")
    for payment in trace["payments"]:
        root.add(f"debtor paid 付款 {_both(payment)} {_event(payment)}")
    if trace["loss"] is not None:
        root.add(f"[red]given up 核销[/] {_both(trace['loss'])} {_event(trace['loss'])}")
    if trace["payee"] is not None:
        root.add(f"[bold]final payee 最终收款人 {_name(trace['payee'])}[/]")
    if trace["sealed_from_block"] is not None:
        root.add(
            f"[dim]validators' seals checked from block 验证人签封核验自区块 {trace['sealed_from_block']}[/]"
        )
    return root


def _add_lot(above: Tree, node: Trace) -> None:
    hop = node["hop"]
    branch = above.add(f"{_hop(hop)} [dim]keeps[/] {_money(node['left'])}")
    _add_price(branch, hop)
    _add_stops(branch, hop)
    _add_payouts(branch, hop)
    for child in node["children"]:
        _add_lot(branch, child)


def _add_path(above: Tree, path: list[Trace]) -> None:
    """One hop below the other, each with what happened to its lot while the serial was in it."""
    for hop in path:
        above = above.add(_hop(hop))
        _add_stops(above, hop)
        _add_payouts(above, hop)
    if path:
        _add_price(above, path[-1])


def _add_stops(branch: Tree, hop: Trace) -> None:
    for change in hop["flags"]:
        flags = ", ".join(change["flags"]) or "free 无限制"
        branch.add(f"[yellow]{flags}[/]{_order(change['evidence'])} {_event(change)}")
    for charge in hop["charges"]:
        if charge["chargee"] is not None:
            secured = _money(charge["secured"])
            branch.add(f"charge 权利负担 {_name(charge['chargee'])} secured {secured} {_event(charge)}")


def _add_price(branch: Tree, hop: Trace) -> None:
    purchase = hop["purchase"]
    if purchase is not None:
        rate = f"{purchase['rate_ppm'] / 10_000:.2f} %"
        fees = f", fees {_money(purchase['fees'])}"
        branch.add(f"price 成交价 {_money(purchase['price'])} at {rate}{fees}")
    if hop["repurchase"] is not None:
        branch.add(f"price 回购价 {_money(hop['repurchase']['price'])}")


def _add_payouts(branch: Tree, hop: Trace) -> None:
    for payout in hop["payouts"]:
        chargee = payout["chargee"]
        part = f", of it {_money(payout['to_chargee'])} to {_name(chargee)}" if chargee else ""
        branch.add(
            f"[green]paid out 领取[/] {_both(payout)} to {_name(payout['payee'])}{part} {_event(payout)}"
        )


def _hop(hop: Trace) -> str:
    cause = _CAUSES.get(hop["cause"], hop["cause"])
    to = _name(hop["to_party"])
    who = f"to {to}" if hop["from_party"] is None else f"{_name(hop['from_party'])} → {to}"
    serials = f"{_money(hop['amount'])} from serial {hop['first_serial']}"
    return f"lot {hop['lot_id']} {cause} {who}: {serials}{_evidence(hop)} {_event(hop)}"


def _evidence(hop: Trace) -> str:
    trade = hop["trade_evidence"]
    return f", {escape(trade['evidence']['kind'])} {escape(trade['evidence']['reference'])}" if trade else ""


def _order(digest: str | None) -> str:
    return f" [dim]order or agreement {digest[:18]}…[/]" if digest else ""


def _both(amounts: Trace) -> str:
    interest = amounts["interest"]
    more = f" + {_money(interest)} interest 利息" if interest["amount"].strip("0.") else ""
    return f"{_money(amounts['principal'])}{more}"


def _event(entry: Trace) -> str:
    event = entry["event"]
    return f"[dim]{event['at'][:10]} block {event['block_number']} {event['tx_hash'][:10]}…[/]"


def _name(party: Trace | None) -> str:
    return f"[cyan]{escape(party['name'])}[/]" if party else "[dim]not shown[/]"


def _money(money: Trace) -> str:
    return f"{money['currency']} {money['amount']}"
