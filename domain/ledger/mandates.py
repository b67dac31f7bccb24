"""What a bank's quoting key may buy, as the contract `Mandates` keeps it."""

from collections.abc import Sequence

from domain import events
from domain.calendar import DAY_SECONDS
from domain.ids import Digest, LotId, receivable_of
from domain.intents import Finance, IntentKind, Mandate
from domain.ledger.commands import ReleaseExposure, Signed
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.signing import require_signed
from domain.ledger.state import Holding, LedgerState
from domain.lots import entitlement
from domain.parties import Power
from domain.pricing import DayCount, highest_price_minor

DAY_COUNTS = frozenset(DayCount)


def grant(journal: Journal, signed: Signed[Mandate]) -> None:
    """The bank's standing permission; its digest is its id."""
    mandate = signed.intent
    journal.check_deadline(mandate.deadline)
    if (
        mandate.day_count not in DAY_COUNTS
        or mandate.recourse > 1
        or mandate.valid_until <= mandate.valid_from
    ):
        raise LedgerRefusal(
            "MandateBadTerms", mandate.day_count, mandate.recourse, mandate.valid_from, mandate.valid_until
        )
    if signed.digest in journal.state.exposures:
        raise LedgerRefusal("MandateAlreadyGranted", signed.digest)
    require_signed(journal, mandate.bank, Power.FINANCE, signed.digest, signed.signers[0])
    journal.change(exposures=written(journal.state.exposures, signed.digest, 0))
    journal.emit(
        events.MandateGranted(
            id=signed.digest,
            bank=mandate.bank,
            debtor=mandate.debtor,
            quoter=mandate.quoter,
            currency=mandate.currency,
            limit=mandate.limit,
            min_rate_ppm=mandate.min_rate_ppm,
            day_count=mandate.day_count,
            max_tenor_days=mandate.max_tenor_days,
            recourse=mandate.recourse,
            valid_from=mandate.valid_from,
            valid_until=mandate.valid_until,
        ),
        events.IntentUsed(signed.digest, IntentKind.MANDATE, 0, journal.sender),
    )


def release_exposure(journal: Journal, command: ReleaseExposure) -> None:
    """Anyone takes off what was paid of lots, or is no longer held."""
    release_lots(journal, command.lots)


def release_lots(journal: Journal, lots: Sequence[LotId]) -> None:
    """The exposure of a lot is the face that is still in it less the principal paid on that."""
    for lot_number in lots:
        holding = journal.state.holdings.get(lot_number)
        if holding is None:
            continue
        still_open = open_face(journal.state, lot_number)
        if still_open >= holding.held:
            continue
        exposure = journal.state.exposures[holding.mandate] - (holding.held - still_open)
        _hold(journal, lot_number, Holding(holding.mandate, still_open), exposure)


def open_face(state: LedgerState, lot_number: LotId) -> int:
    """Face of a lot less the principal paid on it, rounded down: what its owner still waits for."""
    lot = state.lots[lot_number]
    receivable = state.receivables[lot.receivable]
    return lot.amount - entitlement(lot.serials, receivable.paid, receivable.face, fully_paid=False)


def check_in_force(journal: Journal, mandate_id: Digest, mandate: Mandate, lot: LotId) -> int:
    """All that does not depend on the quote's figures; returns the days to run."""
    if mandate_id not in journal.state.exposures:
        raise LedgerRefusal("MandateUnknown", mandate_id)
    if (mandate.bank, mandate_id) in journal.state.revoked:
        raise LedgerRefusal("MandateRevoked", mandate_id)
    if not mandate.valid_from <= journal.now_s < mandate.valid_until:
        raise LedgerRefusal(
            "MandateNotInForce", mandate_id, mandate.valid_from, mandate.valid_until, journal.now_s
        )
    receivable = journal.receivable(receivable_of(lot))
    if receivable.debtor != mandate.debtor:
        raise LedgerRefusal("MandateDebtorDiffers", mandate.debtor, receivable.debtor)
    if receivable.currency != mandate.currency:
        raise LedgerRefusal("MandateCurrencyDiffers", mandate.currency, receivable.currency)
    days = max(0, receivable.due // DAY_SECONDS - journal.now_s // DAY_SECONDS)
    if days > mandate.max_tenor_days:
        raise LedgerRefusal("MandateTenorTooLong", days, mandate.max_tenor_days)
    return days


def check_quote(intent: Finance, mandate: Mandate, days: int) -> None:
    """Refuse a quote on other terms than the mandate's, or above the price that its floor rate gives."""
    if intent.day_count != mandate.day_count:
        raise LedgerRefusal("MandateDayCountDiffers", mandate.day_count, intent.day_count)
    if intent.recourse != mandate.recourse:
        raise LedgerRefusal("MandateRecourseDiffers", mandate.recourse, intent.recourse)
    if intent.recourse and intent.secured != intent.amount:
        raise LedgerRefusal("MandateNotFullySecured", intent.amount, intent.secured)
    highest = highest_price_minor(intent.amount, mandate.min_rate_ppm, days, mandate.day_count)
    if intent.price > highest:
        raise LedgerRefusal("MandateBelowFloor", intent.price, highest)


def use(journal: Journal, mandate_id: Digest, limit: int, lot: LotId, amount: int) -> None:
    """A lot was just bought: its face counts from now on."""
    before = journal.state.exposures[mandate_id]
    if before + amount > limit:
        raise LedgerRefusal("MandateOverLimit", limit, before, amount)
    _hold(journal, lot, Holding(mandate_id, amount), before + amount)


def _hold(journal: Journal, lot: LotId, holding: Holding, exposure: int) -> None:
    journal.change(
        holdings=written(journal.state.holdings, lot, holding),
        exposures=written(journal.state.exposures, holding.mandate, exposure),
    )
    journal.emit(events.MandateExposure(holding.mandate, lot, holding.held, exposure))
