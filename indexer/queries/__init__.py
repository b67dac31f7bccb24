"""Reads of the mirror: async functions over a session, one module a business noun, pages bounded and by key.

A function that names one thing answers None when the mirror does not know it; a list is a `Page`. Parties are
named by their checksummed address; callers that take text from outside check its spelling first.
"""

from indexer.queries.cash import balance, balances, cash_movements
from indexer.queries.events import (
    Change,
    Ends,
    EventFact,
    Side,
    chargees_of,
    ends_of,
    events_after,
    flags_of,
    granted_by,
    holders_of,
    sides_of,
    where_it_is,
)
from indexer.queries.exposure import Exposure, exposures, exposures_of_holder
from indexer.queries.financing import financing_by_child, financings
from indexer.queries.holdings import Holding, HoldingSum, holding_sums_at, holdings_at
from indexer.queries.intents import intent_use, tx_events
from indexer.queries.invoices import invoice_use, invoices_of_receivable
from indexer.queries.lots import lot, lots_held_by, lots_of_receivable
from indexer.queries.mandates import mandate, mandates, revoked_by
from indexer.queries.maturities import Maturity, Step, maturities
from indexer.queries.pages import PAGE_MAX, BadCursor, Page
from indexer.queries.parties import parties, party, signers_of, thresholds_of
from indexer.queries.position import Position, head, last_check, position
from indexer.queries.receivables import receivable, receivables
from indexer.queries.seals import sealed_from, validator_set_at
from indexer.queries.serials import Holder, UnknownSerial, holder_at, holder_at_block
from indexer.queries.settlement import claim_at, payment_of_intent, payments
from indexer.queries.totals import CashTotals, cash_totals
from indexer.queries.trees import Branch, tree_of

__all__ = [
    "PAGE_MAX",
    "BadCursor",
    "Branch",
    "CashTotals",
    "Change",
    "Ends",
    "EventFact",
    "Exposure",
    "Holder",
    "Holding",
    "HoldingSum",
    "Maturity",
    "Page",
    "Position",
    "Side",
    "Step",
    "UnknownSerial",
    "balance",
    "balances",
    "cash_movements",
    "cash_totals",
    "chargees_of",
    "claim_at",
    "ends_of",
    "events_after",
    "exposures",
    "exposures_of_holder",
    "financing_by_child",
    "financings",
    "flags_of",
    "granted_by",
    "head",
    "holder_at",
    "holder_at_block",
    "holders_of",
    "holding_sums_at",
    "holdings_at",
    "intent_use",
    "invoice_use",
    "invoices_of_receivable",
    "last_check",
    "lot",
    "lots_held_by",
    "lots_of_receivable",
    "mandate",
    "mandates",
    "maturities",
    "parties",
    "party",
    "payment_of_intent",
    "payments",
    "position",
    "receivable",
    "receivables",
    "revoked_by",
    "sealed_from",
    "sides_of",
    "signers_of",
    "thresholds_of",
    "tree_of",
    "tx_events",
    "validator_set_at",
    "where_it_is",
]
