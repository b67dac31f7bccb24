"""What the story came to, as a table for people and as one JSON object for machines."""

import math
from collections.abc import Sequence
from typing import Any

from domain.money import format_amount
from scripts.story.acts.proving import Proof
from scripts.story.telling import Telling


def summary(telling: Telling, proof: Proof, seconds: float) -> dict[str, Any]:
    """The JSON object. Amounts are objects by currency, decimal strings.

    `paid_total` is principal and interest: face_total + interest_total = paid_total = claimed_total.
    """
    books, figures = telling.books, telling.figures
    totals = sorted(books.totals.items())
    return {
        "invoices_read": figures.read,
        "invoices_refused": dict(sorted(figures.refused.items())),
        "not_issued": dict(sorted(figures.not_issued.items())),
        "duplicates_refused": figures.duplicates_refused,
        "extensions": figures.extensions,
        "parties": len(telling.cast.members),
        "receivables": len(books.accounts),
        "lots": sum(len(account.holdings) for account in books.accounts.values()),
        "financings": books.financings,
        "face_total": {code: format_amount(one.face, code) for code, one in totals},
        "interest_total": {code: format_amount(one.interest, code) for code, one in totals},
        "paid_total": {code: format_amount(one.principal + one.interest, code) for code, one in totals},
        "claimed_total": {code: format_amount(one.claimed, code) for code, one in totals},
        "face_plus_interest_equals_paid_equals_claimed": proof.paid_equals_claimed,
        "mirror_equals_chain": proof.mirror_equals_chain,
        "cash_supply_equals_balances": proof.cash_supply_equals_balances,
        "differences": proof.differences,
        "trace": proof.trace,
        "story_seconds": round(seconds, 2),
        "import_ms_p50": percentile(figures.import_ms, 50),
        "cash_ms_p50": percentile(figures.cash_ms, 50),
        "cash_ms_p95": percentile(figures.cash_ms, 95),
    }


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value not below `percent` of all (nearest rank), rounded to 0.1; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[math.ceil(len(ordered) * percent / 100) - 1], 1)


def show(telling: Telling, document: dict[str, Any]) -> None:
    """The same for people."""
    rows = [
        (
            "invoices read / refused 读取 / 拒绝",
            f"{document['invoices_read']} / {_counts(document['invoices_refused'])}",
        ),
        ("read, but not issued 未开立", _counts(document["not_issued"])),
        ("second submissions refused 重复提交被拒", str(document["duplicates_refused"])),
        ("extensions of the statutory term 法定付款期限延期", str(document["extensions"])),
        ("receivables, lots, financings 凭证、凭证段、融资", _three(document)),
        ("face 面额", _amounts(document["face_total"])),
        ("interest 利息", _amounts(document["interest_total"])),
        ("paid = claimed 付款 = 领取", _amounts(document["paid_total"])),
        (
            "accepted quote to cash 接受报价到现金",
            f"p50 {document['cash_ms_p50']} ms, p95 {document['cash_ms_p95']} ms",
        ),
        ("story 用时", f"{document['story_seconds']} s"),
    ]
    telling.narrator.table("Summary 小结", ("", ""), rows)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {rule}" for rule, count in counts.items()) or "0"


def _three(document: dict[str, Any]) -> str:
    return ", ".join(str(document[name]) for name in ("receivables", "lots", "financings"))


def _amounts(amounts: dict[str, str]) -> str:
    return ", ".join(f"{code} {amount}" for code, amount in amounts.items())
