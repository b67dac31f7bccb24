"""The sample that the API's description shows for an upload: small, complete, made up."""

from typing import Final

INVOICE_XML: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">…</Invoice>
"""
