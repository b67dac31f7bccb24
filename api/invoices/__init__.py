"""Invoices: from the file a supplier brings to the receivable that its buyer has confirmed."""
