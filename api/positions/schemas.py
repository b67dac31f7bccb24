"""Positions as clients see them; every amount is principal."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from api.http.schemas import MoneyView, View, instant
from api.parties.refs import Names, PartyRef
from domain.calendar import date_of
from domain.receivable import Cause
from indexer.models import LotMove
from indexer.queries import Branch, Exposure, Holder, Holding, HoldingSum, Maturity

LotText = Annotated[str, Field(examples=["201326593"])]


class SerialHolderView(View):
    """Who held one serial, and in which lot, since when.

    As of an instant, or after a block; the other of the two is null.
    """

    receivable_id: str
    serial: str
    as_of: str | None
    block_number: int | None
    holder: PartyRef
    lot_id: LotText
    since: str

    @classmethod
    def of(
        cls,
        holder: Holder,
        names: Names,
        *,
        receivable_id: int,
        serial: int,
        at_s: int | None,
        block_number: int | None,
    ) -> "SerialHolderView":
        return cls(
            receivable_id=str(receivable_id),
            serial=str(serial),
            as_of=instant(at_s) if at_s is not None else None,
            block_number=block_number,
            holder=PartyRef.of(holder.party, names),
            lot_id=str(holder.lot),
            since=instant(holder.since_s),
        )


class BranchHopView(View):
    """The hop of title that made a lot, with the serials it had then and the event behind it.

    `from_party` is null for the first hop, and to those who had no part in the hop.
    """

    cause: Annotated[str, Field(examples=["assign"])]
    from_party: PartyRef | None
    amount: MoneyView
    first_serial: str
    at: str
    tx_hash: str
    block_number: int
    log_index: int

    @classmethod
    def of(cls, hop: LotMove, currency: int, names: Names, *, shows_giver: bool) -> "BranchHopView":
        return cls(
            cause=Cause(hop.cause).name.lower(),
            from_party=PartyRef.of(hop.from_party, names) if hop.parent and shows_giver else None,
            amount=MoneyView.of(hop.amount_minor, currency),
            first_serial=str(hop.first_serial),
            at=instant(hop.moved_s),
            tx_hash=hop.tx_hash,
            block_number=hop.block_number,
            log_index=hop.log_index,
        )


class BranchView(View):
    """A lot in the tree of its receivable: what is left in it, and the hop that made it.

    `hop` is null where a predecessor ledger left the lot.
    """

    lot_id: LotText
    parent_id: str | None
    holder: PartyRef
    left: MoneyView
    first_serial: str
    depth: int
    hop: BranchHopView | None

    @classmethod
    def of(cls, branch: Branch, currency: int, names: Names, *, shows_giver: bool) -> "BranchView":
        lot, hop = branch.lot, branch.hop
        return cls(
            lot_id=str(lot.id),
            parent_id=str(lot.parent) if lot.parent else None,
            holder=PartyRef.of(lot.owner, names),
            left=MoneyView.of(lot.amount_minor, currency),
            first_serial=str(lot.first_serial),
            depth=lot.depth,
            hop=BranchHopView.of(hop, currency, names, shows_giver=shows_giver) if hop else None,
        )


class HoldingView(View):
    """A lot as it was at the time that was asked for; `open` of `amount` was not paid by the debtor then."""

    lot_id: LotText
    receivable_id: str
    debtor: PartyRef
    amount: MoneyView
    open: MoneyView
    first_serial: str
    due_on: date
    since: str

    @classmethod
    def of(cls, holding: Holding, names: Names) -> "HoldingView":
        return cls(
            lot_id=str(holding.lot),
            receivable_id=str(holding.receivable),
            debtor=PartyRef.of(holding.debtor, names),
            amount=MoneyView.of(holding.amount_minor, holding.currency),
            open=MoneyView.of(holding.open_minor, holding.currency),
            first_serial=str(holding.first_serial),
            due_on=date_of(holding.due_s),
            since=instant(holding.since_s),
        )


class HoldingSumView(View):
    """All holdings of one currency."""

    amount: MoneyView
    open: MoneyView

    @classmethod
    def of(cls, held: HoldingSum) -> "HoldingSumView":
        return cls(
            amount=MoneyView.of(held.amount_minor, held.currency),
            open=MoneyView.of(held.open_minor, held.currency),
        )


class HoldingSumsView(View):
    """What a party held, one sum a currency; `as_of` is the instant it is for."""

    party: PartyRef
    as_of: str
    sums: list[HoldingSumView]

    @classmethod
    def at(cls, party: PartyRef, at_s: int, sums: Sequence[HoldingSum]) -> "HoldingSumsView":
        return cls(party=party, as_of=instant(at_s), sums=[HoldingSumView.of(held) for held in sums])


class ExposureView(View):
    """What a debtor owes in one currency; of it `overdue` was due on a day that has ended."""

    debtor: PartyRef
    open: MoneyView
    overdue: MoneyView

    @classmethod
    def of(cls, exposure: Exposure, names: Names) -> "ExposureView":
        return cls(
            debtor=PartyRef.of(exposure.debtor, names),
            open=MoneyView.of(exposure.open_minor, exposure.currency),
            overdue=MoneyView.of(exposure.overdue_minor, exposure.currency),
        )


class MaturityView(View):
    """What is open and due on `first_day`, or later in the same week or month."""

    first_day: date
    open: MoneyView

    @classmethod
    def of(cls, maturity: Maturity) -> "MaturityView":
        return cls(first_day=maturity.first_day, open=MoneyView.of(maturity.open_minor, maturity.currency))
