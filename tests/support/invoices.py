"""E-invoices made to measure: `ubl_invoice(number=..., payable=..., ...)` and `cii_invoice(...)` give the
bytes.

Without arguments the invoice is right in every respect. Totals follow from the lines unless `totals`
overrides one of them (None leaves it out), so that a test spoils exactly what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

_UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
{body}
</{root}>
"""
_CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
{body}
</rsm:CrossIndustryInvoice>
"""


@dataclass(frozen=True, kw_only=True)
class PartyText:
    """A party as an invoice writes it; an identifier is (scheme, value), the scheme may be empty."""

    name: str
    country: str = "CN"
    vat: str = ""
    registration: tuple[str, str] = ("", "")
    others: tuple[tuple[str, str], ...] = ()
    endpoint: tuple[str, str] = ("", "")


SELLER = PartyText(name="宁波海曙精密铸造有限公司", registration=("", "91330203MA2AFX7T0B"))
BUYER = PartyText(name="东海重工股份有限公司", registration=("", "913100001322001155"))


@dataclass(frozen=True, kw_only=True)
class LineText:
    """A line of `quantity` times `price_minor` minor units, less `allowance_minor`, plus `charge_minor`."""

    name: str = "铸钢轴承座"
    description: str = ""
    quantity: int = 1
    price_minor: int = 1_000_000
    allowance_minor: int = 0
    charge_minor: int = 0
    net: str | None = None

    @property
    def net_minor(self) -> int:
        return self.quantity * self.price_minor - self.allowance_minor + self.charge_minor


@dataclass(frozen=True, kw_only=True)
class InvoiceText:
    """Everything the writers can write; `payable` stands for one line that comes to this amount with VAT."""

    number: str = "DH-2026-0001"
    issued_on: str = "2026-06-01"
    due_on: str = "2026-08-30"
    terms: str = "90 天"
    type_code: str = "380"
    currency: str = "CNY"
    specification: str = "urn:cen.eu:en16931:2017"
    notes: tuple[str, ...] = ()
    seller: PartyText = SELLER
    buyer: PartyText = BUYER
    payee: PartyText | None = None
    payable: str | None = None
    lines: tuple[LineText, ...] = (LineText(),)
    tax_percent: int = 13
    allowance_minor: int = 0
    charge_minor: int = 0
    prepaid_minor: int = 0
    rounding_minor: int = 0
    payment_means: tuple[str, ...] = ("30",)
    order: str = "PO-7781"
    contract: str = "HT-2026-15"
    despatch: str = "SH-0099"
    delivered_on: str = "2026-05-28"
    totals: Mapping[str, str | None] = field(default_factory=dict)

    def goods(self) -> tuple[LineText, ...]:
        """The lines; for `payable` the one line whose net amount and VAT add up to it."""
        if self.payable is None:
            return self.lines
        with_tax = int(self.payable.replace(".", ""))
        return (
            LineText(price_minor=(with_tax * 200 + 100 + self.tax_percent) // (200 + 2 * self.tax_percent)),
        )

    def amounts(self) -> dict[str, str | None]:
        """The totals by name, as the invoice writes them."""
        lines = sum(line.net_minor for line in self.goods())
        without_tax = lines - self.allowance_minor + self.charge_minor
        tax = (abs(without_tax) * self.tax_percent * 2 + 100) // 200 * (1 if without_tax >= 0 else -1)
        if self.payable is not None:
            tax = int(self.payable.replace(".", "")) - without_tax
        with_tax = without_tax + tax
        computed: dict[str, str | None] = {
            "lines": amount(lines),
            "allowances": amount(self.allowance_minor) if self.allowance_minor else None,
            "charges": amount(self.charge_minor) if self.charge_minor else None,
            "without_tax": amount(without_tax),
            "tax": amount(tax),
            "tax_part": amount(tax),
            "taxable": amount(without_tax),
            "with_tax": amount(with_tax),
            "prepaid": amount(self.prepaid_minor) if self.prepaid_minor else None,
            "rounding": amount(self.rounding_minor) if self.rounding_minor else None,
            "payable": amount(with_tax - self.prepaid_minor + self.rounding_minor),
        }
        return computed | dict(self.totals)


def amount(minor: int) -> str:
    """Two decimals, as every currency here has."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def ubl_invoice(**changes: object) -> bytes:
    """A UBL 2.1 Invoice; arguments are the fields of InvoiceText."""
    return _ubl(InvoiceText(**changes), "Invoice")  # type: ignore[arg-type]


def ubl_credit_note(**changes: object) -> bytes:
    """A UBL 2.1 CreditNote, type 381 unless stated."""
    return _ubl(InvoiceText(**{"type_code": "381"} | changes), "CreditNote")  # type: ignore[arg-type]


def cii_invoice(**changes: object) -> bytes:
    """A CII D16B CrossIndustryInvoice; arguments are the fields of InvoiceText."""
    return _cii(InvoiceText(**changes))  # type: ignore[arg-type]


def _leaf(name: str, text: str | None, **attributes: str) -> str:
    """One element, or nothing where there is no text."""
    if not text:
        return ""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{given}>{escape(text)}</{name}>\n"


def _group(name: str, *parts: str) -> str:
    inner = "".join(parts)
    return f"<{name}>\n{inner}</{name}>\n" if inner else ""


def _ubl(invoice: InvoiceText, root: str) -> bytes:
    amounts = invoice.amounts()
    credit = root == "CreditNote"
    body = [
        _leaf("cbc:CustomizationID", invoice.specification),
        _leaf("cbc:ID", invoice.number),
        _leaf("cbc:IssueDate", invoice.issued_on),
        "" if credit else _leaf("cbc:DueDate", invoice.due_on),
        _leaf(f"cbc:{root}TypeCode", invoice.type_code),
        *(_leaf("cbc:Note", note) for note in invoice.notes),
        _leaf("cbc:DocumentCurrencyCode", invoice.currency),
        _group("cac:OrderReference", _leaf("cbc:ID", invoice.order)),
        _group("cac:DespatchDocumentReference", _leaf("cbc:ID", invoice.despatch)),
        _group("cac:ContractDocumentReference", _leaf("cbc:ID", invoice.contract)),
        _group("cac:AccountingSupplierParty", _ubl_party(invoice.seller)),
        _group("cac:AccountingCustomerParty", _ubl_party(invoice.buyer)),
        _ubl_payee(invoice.payee),
        _group("cac:Delivery", _leaf("cbc:ActualDeliveryDate", invoice.delivered_on)),
        *(
            _group("cac:PaymentMeans", _leaf("cbc:PaymentMeansCode", means))
            for means in invoice.payment_means
        ),
        _group("cac:PaymentTerms", _leaf("cbc:Note", invoice.terms)),
        _ubl_allowance(invoice, invoice.allowance_minor, "false"),
        _ubl_allowance(invoice, invoice.charge_minor, "true"),
        _ubl_tax(invoice, amounts),
        _ubl_totals(invoice, amounts),
        *(_ubl_line(invoice, line, at, credit=credit) for at, line in enumerate(invoice.goods(), 1)),
    ]
    return _UBL.format(root=root, body="".join(body)).encode()


def _ubl_party(party: PartyText) -> str:
    vat = _group("cac:TaxScheme", _leaf("cbc:ID", "VAT"))
    country = _group("cac:Country", _leaf("cbc:IdentificationCode", party.country))
    return _group(
        "cac:Party",
        _leaf("cbc:EndpointID", party.endpoint[1], schemeID=party.endpoint[0]),
        *(
            _group("cac:PartyIdentification", _leaf("cbc:ID", value, schemeID=of))
            for of, value in party.others
        ),
        _group("cac:PostalAddress", _leaf("cbc:CityName", "宁波"), country),
        _group("cac:PartyTaxScheme", _leaf("cbc:CompanyID", party.vat), vat) if party.vat else "",
        _group(
            "cac:PartyLegalEntity",
            _leaf("cbc:RegistrationName", party.name),
            _leaf("cbc:CompanyID", party.registration[1], schemeID=party.registration[0]),
        ),
    )


def _ubl_payee(payee: PartyText | None) -> str:
    if payee is None:
        return ""
    return _group(
        "cac:PayeeParty",
        *(
            _group("cac:PartyIdentification", _leaf("cbc:ID", value, schemeID=of))
            for of, value in payee.others
        ),
        _group("cac:PartyName", _leaf("cbc:Name", payee.name)) or "<cac:PartyName/>",
    )


def _ubl_allowance(invoice: InvoiceText, minor: int, is_charge: str) -> str:
    if not minor:
        return ""
    return _group(
        "cac:AllowanceCharge",
        _leaf("cbc:ChargeIndicator", is_charge),
        _leaf("cbc:AllowanceChargeReason", "运费" if is_charge == "true" else "折扣"),
        _leaf("cbc:Amount", amount(minor), currencyID=invoice.currency),
    )


def _ubl_tax(invoice: InvoiceText, amounts: Mapping[str, str | None]) -> str:
    category = _group(
        "cac:TaxCategory",
        _leaf("cbc:ID", "S"),
        _leaf("cbc:Percent", str(invoice.tax_percent)),
        _group("cac:TaxScheme", _leaf("cbc:ID", "VAT")),
    )
    return _group(
        "cac:TaxTotal",
        _leaf("cbc:TaxAmount", amounts["tax"], currencyID=invoice.currency),
        _group(
            "cac:TaxSubtotal",
            _leaf("cbc:TaxableAmount", amounts["taxable"], currencyID=invoice.currency),
            _leaf("cbc:TaxAmount", amounts["tax_part"], currencyID=invoice.currency),
            category,
        ),
    )


def _ubl_totals(invoice: InvoiceText, amounts: Mapping[str, str | None]) -> str:
    names = {
        "lines": "LineExtensionAmount",
        "without_tax": "TaxExclusiveAmount",
        "with_tax": "TaxInclusiveAmount",
        "allowances": "AllowanceTotalAmount",
        "charges": "ChargeTotalAmount",
        "prepaid": "PrepaidAmount",
        "rounding": "PayableRoundingAmount",
        "payable": "PayableAmount",
    }
    leaves = (_leaf(f"cbc:{name}", amounts[key], currencyID=invoice.currency) for key, name in names.items())
    return _group("cac:LegalMonetaryTotal", *leaves)


def _ubl_line(invoice: InvoiceText, line: LineText, number: int, *, credit: bool) -> str:
    return _group(
        "cac:CreditNoteLine" if credit else "cac:InvoiceLine",
        _leaf("cbc:ID", str(number)),
        _leaf(
            "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity", str(line.quantity), unitCode="EA"
        ),
        _leaf("cbc:LineExtensionAmount", line.net or amount(line.net_minor), currencyID=invoice.currency),
        _ubl_allowance(invoice, line.allowance_minor, "false"),
        _ubl_allowance(invoice, line.charge_minor, "true"),
        _group("cac:Item", _leaf("cbc:Description", line.description), _leaf("cbc:Name", line.name)),
        _group("cac:Price", _leaf("cbc:PriceAmount", amount(line.price_minor), currencyID=invoice.currency)),
    )


def _cii(invoice: InvoiceText) -> bytes:
    body = (
        _group(
            "rsm:ExchangedDocumentContext",
            _group("ram:GuidelineSpecifiedDocumentContextParameter", _leaf("ram:ID", invoice.specification)),
        ),
        _group(
            "rsm:ExchangedDocument",
            _leaf("ram:ID", invoice.number),
            _leaf("ram:TypeCode", invoice.type_code),
            _cii_day("ram:IssueDateTime", invoice.issued_on),
            *(_group("ram:IncludedNote", _leaf("ram:Content", note)) for note in invoice.notes),
        ),
        _group(
            "rsm:SupplyChainTradeTransaction",
            *(_cii_line(line, at) for at, line in enumerate(invoice.goods(), 1)),
            _cii_agreement(invoice),
            _cii_delivery(invoice),
            _cii_settlement(invoice),
        ),
    )
    return _CII.format(body="".join(body)).encode()


def _cii_day(name: str, day: str) -> str:
    return _group(name, _leaf("udt:DateTimeString", day.replace("-", ""), format="102"))


def _cii_agreement(invoice: InvoiceText) -> str:
    return _group(
        "ram:ApplicableHeaderTradeAgreement",
        _cii_party("ram:SellerTradeParty", invoice.seller),
        _cii_party("ram:BuyerTradeParty", invoice.buyer),
        _group("ram:BuyerOrderReferencedDocument", _leaf("ram:IssuerAssignedID", invoice.order)),
        _group("ram:ContractReferencedDocument", _leaf("ram:IssuerAssignedID", invoice.contract)),
    )


def _cii_party(group: str, party: PartyText) -> str:
    return _group(
        group,
        *(_leaf("ram:GlobalID" if of else "ram:ID", value, schemeID=of) for of, value in party.others),
        _leaf("ram:Name", party.name),
        _group(
            "ram:SpecifiedLegalOrganization",
            _leaf("ram:ID", party.registration[1], schemeID=party.registration[0]),
        ),
        _group(
            "ram:PostalTradeAddress", _leaf("ram:CityName", "宁波"), _leaf("ram:CountryID", party.country)
        ),
        _group(
            "ram:URIUniversalCommunication", _leaf("ram:URIID", party.endpoint[1], schemeID=party.endpoint[0])
        ),
        _group("ram:SpecifiedTaxRegistration", _leaf("ram:ID", party.vat, schemeID="VA")),
    )


def _cii_delivery(invoice: InvoiceText) -> str:
    event = _cii_day("ram:OccurrenceDateTime", invoice.delivered_on)
    return _group(
        "ram:ApplicableHeaderTradeDelivery",
        _group("ram:ActualDeliverySupplyChainEvent", event),
        _group("ram:DespatchAdviceReferencedDocument", _leaf("ram:IssuerAssignedID", invoice.despatch)),
    )


def _cii_settlement(invoice: InvoiceText) -> str:
    amounts = invoice.amounts()
    means = (
        _group("ram:SpecifiedTradeSettlementPaymentMeans", _leaf("ram:TypeCode", code))
        for code in invoice.payment_means
    )
    payee = invoice.payee
    return _group(
        "ram:ApplicableHeaderTradeSettlement",
        _leaf("ram:InvoiceCurrencyCode", invoice.currency),
        _cii_party("ram:PayeeTradeParty", payee) if payee else "",
        *means,
        _group(
            "ram:ApplicableTradeTax",
            _leaf("ram:CalculatedAmount", amounts["tax_part"]),
            _leaf("ram:TypeCode", "VAT"),
            _leaf("ram:BasisAmount", amounts["taxable"]),
            _leaf("ram:CategoryCode", "S"),
            _leaf("ram:RateApplicablePercent", str(invoice.tax_percent)),
        ),
        _cii_allowance(invoice.allowance_minor, "false"),
        _cii_allowance(invoice.charge_minor, "true"),
        _group(
            "ram:SpecifiedTradePaymentTerms",
            _leaf("ram:Description", invoice.terms),
            _cii_day("ram:DueDateDateTime", invoice.due_on),
        ),
        _cii_totals(invoice, amounts),
    )


def _cii_allowance(minor: int, is_charge: str) -> str:
    if not minor:
        return ""
    return _group(
        "ram:SpecifiedTradeAllowanceCharge",
        _group("ram:ChargeIndicator", _leaf("udt:Indicator", is_charge)),
        _leaf("ram:ActualAmount", amount(minor)),
        _leaf("ram:Reason", "运费" if is_charge == "true" else "折扣"),
    )


def _cii_totals(invoice: InvoiceText, amounts: Mapping[str, str | None]) -> str:
    return _group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _leaf("ram:LineTotalAmount", amounts["lines"]),
        _leaf("ram:ChargeTotalAmount", amounts["charges"]),
        _leaf("ram:AllowanceTotalAmount", amounts["allowances"]),
        _leaf("ram:TaxBasisTotalAmount", amounts["without_tax"]),
        _leaf("ram:TaxTotalAmount", amounts["tax"], currencyID=invoice.currency),
        _leaf("ram:RoundingAmount", amounts["rounding"]),
        _leaf("ram:GrandTotalAmount", amounts["with_tax"]),
        _leaf("ram:TotalPrepaidAmount", amounts["prepaid"]),
        _leaf("ram:DuePayableAmount", amounts["payable"]),
    )


def _cii_line(line: LineText, number: int) -> str:
    return _group(
        "ram:IncludedSupplyChainTradeLineItem",
        _group("ram:AssociatedDocumentLineDocument", _leaf("ram:LineID", str(number))),
        _group(
            "ram:SpecifiedTradeProduct",
            _leaf("ram:Name", line.name),
            _leaf("ram:Description", line.description),
        ),
        _group(
            "ram:SpecifiedLineTradeAgreement",
            _group("ram:NetPriceProductTradePrice", _leaf("ram:ChargeAmount", amount(line.price_minor))),
        ),
        _group(
            "ram:SpecifiedLineTradeDelivery", _leaf("ram:BilledQuantity", str(line.quantity), unitCode="EA")
        ),
        _group(
            "ram:SpecifiedLineTradeSettlement",
            _cii_allowance(line.allowance_minor, "false"),
            _cii_allowance(line.charge_minor, "true"),
            _group(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                _leaf("ram:LineTotalAmount", line.net or amount(line.net_minor)),
            ),
        ),
    )
