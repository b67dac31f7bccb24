"""Receivables and lots as clients see them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.http.schemas import MoneyView, View, instant
from api.parties.refs import Names, PartyRef
from api.receivables.debt import CHARGED, OpenShare, Payoff, Stop
from domain.calendar import date_of
from domain.lots import LotFlag
from domain.receivable import ReceivableState
from indexer.models import Lot, Receivable


class RulesView(View):
    """The rules that the receivable was born under and keeps."""

    max_depth: int
    max_lots: int
    smallest_lot: MoneyView
    late_rate_ppm_per_day: int
    grace_days: int
    register_closes_at: str

    @classmethod
    def of(cls, receivable: Receivable) -> "RulesView":
        return cls(
            max_depth=receivable.max_depth,
            max_lots=receivable.max_lots,
            smallest_lot=MoneyView.of(receivable.min_lot_minor, receivable.currency),
            late_rate_ppm_per_day=receivable.late_rate_ppm_per_day,
            grace_days=receivable.grace_days,
            register_closes_at=instant(receivable.due_s - receivable.close_window_seconds),
        )


class InvoiceRef(View):
    """An invoice behind a receivable: its number for those who may see the invoice, its fingerprint for all
    others.
    """

    fingerprint: str
    amount: MoneyView
    invoice_id: str | None
    number: str | None


class ReceivableView(View):
    """A promise to pay.

    `paid` is principal; `creditor` is the first one, null to those who have not dealt with it.
    """

    id: Annotated[str, Field(examples=["12"])]
    state: Annotated[str, Field(examples=["active"])]
    overdue: bool
    debtor: PartyRef
    creditor: PartyRef | None
    face: MoneyView
    paid: MoneyView
    interest_paid: MoneyView
    claimed: MoneyView
    due_on: date
    issued_at: str
    installments: int
    lot_count: int
    terms_hash: str
    rules: RulesView

    @classmethod
    def of(cls, receivable: Receivable, names: Names, *, shows_creditor: bool) -> "ReceivableView":
        numeric = receivable.currency
        return cls(
            id=str(receivable.id),
            state=state_name(receivable),
            overdue=receivable.overdue,
            debtor=PartyRef.of(receivable.debtor, names),
            creditor=PartyRef.of(receivable.creditor, names) if shows_creditor else None,
            face=MoneyView.of(receivable.face_minor, numeric),
            paid=MoneyView.of(receivable.paid_minor, numeric),
            interest_paid=MoneyView.of(receivable.interest_paid_minor, numeric),
            claimed=MoneyView.of(receivable.claimed_minor, numeric),
            due_on=date_of(receivable.due_s),
            issued_at=instant(receivable.issued_s),
            installments=receivable.installments,
            lot_count=receivable.lot_count,
            terms_hash=receivable.terms_hash,
            rules=RulesView.of(receivable),
        )


class ReceivableDetail(ReceivableView):
    """One receivable with the invoices behind it."""

    invoices: list[InvoiceRef]


class ShareView(View):
    """What a claim would pay now: to the holder, and to a chargee where there is one.

    `waits` says what stops it, `frozen` or `suspended`; null if nothing does.
    """

    principal: MoneyView
    interest: MoneyView
    to_holder: MoneyView
    to_chargee: MoneyView
    waits: Stop | None

    @classmethod
    def of(cls, open_share: OpenShare, currency: int) -> "ShareView":
        return cls(
            principal=MoneyView.of(open_share.share.principal, currency),
            interest=MoneyView.of(open_share.share.interest, currency),
            to_holder=MoneyView.of(open_share.to_holder_minor, currency),
            to_chargee=MoneyView.of(open_share.to_chargee_minor, currency),
            waits=open_share.stop,
        )


class ChargeView(View):
    """Another's right to the lot's money.

    `pledge`: the chargee is paid first, up to `secured`. `recourse`: the holder is, and the chargee, who sold
    the lot, gets the rest and buys it back for at most `recourse_limit` (null: no limit).
    """

    kind: Literal["pledge", "recourse"]
    chargee: PartyRef
    secured: MoneyView
    recourse_limit: MoneyView | None

    @classmethod
    def of(cls, lot: Lot, currency: int, names: Names) -> "ChargeView | None":
        """None where there is no charge."""
        if not lot.flags & CHARGED:
            return None
        limit = lot.recourse_limit_minor
        return cls(
            kind="pledge" if lot.flags & LotFlag.PLEDGED else "recourse",
            chargee=PartyRef.of(lot.chargee, names),
            secured=MoneyView.of(lot.secured_minor, currency),
            recourse_limit=MoneyView.of(limit, currency) if limit else None,
        )


class LotView(View):
    """A holding: serials [first_serial, first_serial + amount in minor units).

    An emptied lot stays as a link of title. `charge` is shown to its two sides and to auditors.
    """

    id: Annotated[str, Field(examples=["201326593"])]
    receivable_id: str
    holder: PartyRef
    debtor: PartyRef
    amount: MoneyView
    first_serial: str
    parent_id: str | None
    depth: int
    seq: int
    claimed_through: int
    flags: Annotated[list[str], Field(examples=[["recourse"]])]
    charge: ChargeView | None
    claimable: ShareView
    due_on: date
    receivable_state: str
    since: str

    @classmethod
    def of(
        cls, lot: Lot, receivable: Receivable, share: OpenShare, names: Names, *, shows_charge: bool
    ) -> "LotView":
        numeric = receivable.currency
        return cls(
            id=str(lot.id),
            receivable_id=str(lot.receivable),
            holder=PartyRef.of(lot.owner, names),
            debtor=PartyRef.of(receivable.debtor, names),
            amount=MoneyView.of(lot.amount_minor, numeric),
            first_serial=str(lot.first_serial),
            parent_id=str(lot.parent) if lot.parent else None,
            depth=lot.depth,
            seq=lot.seq,
            claimed_through=lot.claimed_through,
            flags=[flag.name.lower() for flag in LotFlag(lot.flags) if flag.name],
            charge=ChargeView.of(lot, numeric, names) if shows_charge else None,
            claimable=ShareView.of(share, numeric),
            due_on=date_of(receivable.due_s),
            receivable_state=state_name(receivable),
            since=instant(lot.since_s),
        )


class PayoffView(View):
    """What would free the debtor on a day: principal, and interest for the whole days it is late by then."""

    receivable_id: str
    on: date
    principal: MoneyView
    interest: MoneyView
    total: MoneyView
    paid_before: MoneyView

    @classmethod
    def of(cls, receivable: Receivable, day: date, owed: Payoff) -> "PayoffView":
        numeric = receivable.currency
        return cls(
            receivable_id=str(receivable.id),
            on=day,
            principal=MoneyView.of(owed.principal_minor, numeric),
            interest=MoneyView.of(owed.interest_minor, numeric),
            total=MoneyView.of(owed.total_minor, numeric),
            paid_before=MoneyView.of(owed.paid_before_minor, numeric),
        )


def state_name(receivable: Receivable) -> str:
    """The ledger's state in lower case; matured and overdue follow from time and are no states."""
    return ReceivableState(receivable.state).name.lower()
