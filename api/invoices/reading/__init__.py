"""Readers of e-invoices: UBL 2.1 and UN/CEFACT CII, as EN 16931 uses them."""

from api.invoices.reading.reader import read_invoice
from api.invoices.reading.refusals import InvoiceRefused
from api.invoices.reading.source import SIZE_MAX_BYTES

__all__ = ["SIZE_MAX_BYTES", "InvoiceRefused", "read_invoice"]
