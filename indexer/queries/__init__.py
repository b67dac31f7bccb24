"""Reads of the mirror: async functions over a session, one module a business noun, pages bounded and by key.

A function that names one thing answers None when the mirror does not know it; a list is a `Page`. Parties are
named by their checksummed address; callers that take text from outside check its spelling first.
"""

from indexer.queries.cash import balance, balances, cash_credit, cash_movements
from indexer.queries.financing import financing_by_child, financings
from indexer.queries.intents import intent_revoked, intent_use, tx_events
from indexer.queries.invoices import invoice_bindings, invoice_use, invoices_of_receivable
from indexer.queries.lots import lot, lots_held_by, lots_of_receivable, moves_of_receivable
from indexer.queries.pages import PAGE_MAX, BadCursor, Page
from indexer.queries.parties import parties, parties_of_signer, party, signers_of, thresholds_of
from indexer.queries.position import Position, head, position
from indexer.queries.receivables import receivable, receivables
from indexer.queries.rules import rule_at
from indexer.queries.settlement import claims, claims_of_lot, payments
from indexer.queries.totals import CashTotals, ReceivableTotals, cash_totals, receivable_totals

__all__ = [
    "PAGE_MAX",
    "BadCursor",
    "CashTotals",
    "Page",
    "Position",
    "ReceivableTotals",
    "balance",
    "balances",
    "cash_credit",
    "cash_movements",
    "cash_totals",
    "claims",
    "claims_of_lot",
    "financing_by_child",
    "financings",
    "head",
    "intent_revoked",
    "intent_use",
    "invoice_bindings",
    "invoice_use",
    "invoices_of_receivable",
    "lot",
    "lots_held_by",
    "lots_of_receivable",
    "moves_of_receivable",
    "parties",
    "parties_of_signer",
    "party",
    "payments",
    "position",
    "receivable",
    "receivable_totals",
    "receivables",
    "rule_at",
    "signers_of",
    "thresholds_of",
    "tx_events",
]
