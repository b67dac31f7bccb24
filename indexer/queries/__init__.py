"""Reads of the mirror: async functions over a session, one module a business noun, pages bounded and by key.

A function that names one thing answers None when the mirror does not know it; a list is a `Page`. Parties are
named by their checksummed address; callers that take text from outside check its spelling first.
"""

from indexer.queries.cash import balance, balances, cash_movements
from indexer.queries.financing import financing_by_child, financings
from indexer.queries.intents import intent_use, tx_events
from indexer.queries.invoices import invoice_use, invoices_of_receivable
from indexer.queries.lots import lot, lots_held_by, lots_of_receivable
from indexer.queries.pages import PAGE_MAX, BadCursor, Page
from indexer.queries.parties import parties, party, signers_of, thresholds_of
from indexer.queries.position import Position, head, last_check, position
from indexer.queries.receivables import receivable, receivables
from indexer.queries.settlement import claim_at, payment_of_intent, payments
from indexer.queries.totals import CashTotals, cash_totals

__all__ = [
    "PAGE_MAX",
    "BadCursor",
    "CashTotals",
    "Page",
    "Position",
    "balance",
    "balances",
    "cash_movements",
    "cash_totals",
    "claim_at",
    "financing_by_child",
    "financings",
    "head",
    "intent_use",
    "invoice_use",
    "invoices_of_receivable",
    "last_check",
    "lot",
    "lots_held_by",
    "lots_of_receivable",
    "parties",
    "party",
    "payment_of_intent",
    "payments",
    "position",
    "receivable",
    "receivables",
    "signers_of",
    "thresholds_of",
    "tx_events",
]
