"""UN/CEFACT Cross Industry Invoice D16B: where EN 16931's terms are (CEN/TS 16931-3-3)."""

from api.invoices.reading.fields import (
    AllowanceFields,
    InvoiceFields,
    LineFields,
    PartyFields,
    PayeeFields,
    ReferenceFields,
    TaxFields,
    TotalFields,
)
from api.invoices.reading.tree import NAMESPACES, Element, Field, Tree

INVOICE = f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice"

_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = f"{_TRADE}/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_TERMS = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms"
_TOTALS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"

# Two of them would let two readers see two different invoices.
_ONCE = (
    "rsm:ExchangedDocument",
    _TRADE,
    _AGREEMENT,
    _SETTLEMENT,
    f"{_AGREEMENT}/ram:SellerTradeParty",
    f"{_AGREEMENT}/ram:BuyerTradeParty",
    _TOTALS,
)


def read_fields(tree: Tree) -> InvoiceFields:
    """The fields of a CII document."""
    root = tree.root
    for path in _ONCE:
        tree.group(root, path)
    return InvoiceFields(
        root=root,
        syntax="CII",
        specification=tree.only(
            root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
        ),
        number=tree.only(root, "rsm:ExchangedDocument/ram:ID"),
        type_code=tree.only(root, "rsm:ExchangedDocument/ram:TypeCode"),
        issued_on=tree.only(root, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"),
        due_on=tree.only(root, f"{_TERMS}/ram:DueDateDateTime/udt:DateTimeString"),
        terms=tree.every(root, f"{_TERMS}/ram:Description"),
        notes=tree.every(root, "rsm:ExchangedDocument/ram:IncludedNote/ram:Content"),
        currency=tree.only(root, f"{_SETTLEMENT}/ram:InvoiceCurrencyCode"),
        tax_currency=tree.only(root, f"{_SETTLEMENT}/ram:TaxCurrencyCode"),
        seller=_party(tree, f"{_AGREEMENT}/ram:SellerTradeParty"),
        buyer=_party(tree, f"{_AGREEMENT}/ram:BuyerTradeParty"),
        payee=_payee(tree),
        delivery_on=tree.only(
            root, f"{_DELIVERY}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
        ),
        payment_means=tree.every(
            root, f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode"
        ),
        allowances=_allowances(tree, root, f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"),
        taxes=tuple(_tax(tree, node) for node in tree.groups(root, f"{_SETTLEMENT}/ram:ApplicableTradeTax")),
        totals=_totals(tree),
        lines=tuple(_line(tree, node) for node in tree.groups(root, _LINE)),
        lines_at=Field(root, _LINE, None),
        references=_references(tree),
    )


def _party(tree: Tree, path: str) -> PartyFields:
    root = tree.root
    address = f"{path}/ram:PostalTradeAddress"
    legal = f"{path}/ram:SpecifiedLegalOrganization"
    return PartyFields(
        name=tree.only(root, f"{path}/ram:Name"),
        trading_name=tree.only(root, f"{legal}/ram:TradingBusinessName"),
        vat=tree.only(root, f"{path}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_registration=tree.only(root, f"{path}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
        registration=tree.only(root, f"{legal}/ram:ID"),
        others=tree.every(root, f"{path}/ram:GlobalID") + tree.every(root, f"{path}/ram:ID"),
        endpoint=tree.only(root, f"{path}/ram:URIUniversalCommunication/ram:URIID"),
        country=tree.only(root, f"{address}/ram:CountryID"),
        address=Field(root, address, tree.group(root, address)),
        address_lines=tuple(
            found
            for part in (
                "LineOne",
                "LineTwo",
                "LineThree",
                "PostcodeCode",
                "CityName",
                "CountrySubDivisionName",
            )
            for found in tree.every(root, f"{address}/ram:{part}")
        ),
    )


def _payee(tree: Tree) -> PayeeFields | None:
    node = tree.group(tree.root, f"{_SETTLEMENT}/ram:PayeeTradeParty")
    if node is None:
        return None
    return PayeeFields(
        name=tree.only(node, "ram:Name"),
        registration=tree.only(node, "ram:SpecifiedLegalOrganization/ram:ID"),
        others=tree.every(node, "ram:GlobalID") + tree.every(node, "ram:ID"),
    )


def _allowances(tree: Tree, parent: Element, path: str) -> tuple[AllowanceFields, ...]:
    return tuple(
        AllowanceFields(
            is_charge=tree.only(node, "ram:ChargeIndicator/udt:Indicator"),
            amount=tree.only(node, "ram:ActualAmount"),
        )
        for node in tree.groups(parent, path)
    )


def _tax(tree: Tree, node: Element) -> TaxFields:
    return TaxFields(
        taxable=tree.only(node, "ram:BasisAmount"),
        tax=tree.only(node, "ram:CalculatedAmount"),
        rate=tree.only(node, "ram:RateApplicablePercent"),
    )


def _totals(tree: Tree) -> TotalFields:
    root, total = tree.root, _TOTALS
    return TotalFields(
        lines=tree.only(root, f"{total}/ram:LineTotalAmount"),
        allowances=tree.only(root, f"{total}/ram:AllowanceTotalAmount"),
        charges=tree.only(root, f"{total}/ram:ChargeTotalAmount"),
        without_tax=tree.only(root, f"{total}/ram:TaxBasisTotalAmount"),
        taxes=tree.every(root, f"{total}/ram:TaxTotalAmount"),
        with_tax=tree.only(root, f"{total}/ram:GrandTotalAmount"),
        prepaid=tree.only(root, f"{total}/ram:TotalPrepaidAmount"),
        rounding=tree.only(root, f"{total}/ram:RoundingAmount"),
        payable=tree.only(root, f"{total}/ram:DuePayableAmount"),
    )


def _line(tree: Tree, node: Element) -> LineFields:
    document = "ram:AssociatedDocumentLineDocument"
    agreement = "ram:SpecifiedLineTradeAgreement"
    settlement = "ram:SpecifiedLineTradeSettlement"
    price = f"{agreement}/ram:NetPriceProductTradePrice"
    return LineFields(
        number=tree.only(node, f"{document}/ram:LineID"),
        note=tree.every(node, f"{document}/ram:IncludedNote/ram:Content"),
        name=tree.only(node, "ram:SpecifiedTradeProduct/ram:Name"),
        description=tree.only(node, "ram:SpecifiedTradeProduct/ram:Description"),
        quantity=tree.only(node, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        price=tree.only(node, f"{price}/ram:ChargeAmount"),
        price_base=tree.only(node, f"{price}/ram:BasisQuantity"),
        net=tree.only(
            node, f"{settlement}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        ),
        order_line=tree.only(node, f"{agreement}/ram:BuyerOrderReferencedDocument/ram:LineID"),
        allowances=_allowances(tree, node, f"{settlement}/ram:SpecifiedTradeAllowanceCharge"),
    )


def _references(tree: Tree) -> ReferenceFields:
    root, number = tree.root, "ram:IssuerAssignedID"
    return ReferenceFields(
        buyer_reference=tree.only(root, f"{_AGREEMENT}/ram:BuyerReference"),
        order=tree.only(root, f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/{number}"),
        sales_order=tree.only(root, f"{_AGREEMENT}/ram:SellerOrderReferencedDocument/{number}"),
        contract=tree.only(root, f"{_AGREEMENT}/ram:ContractReferencedDocument/{number}"),
        project=tree.only(root, f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID"),
        despatch=tree.only(root, f"{_DELIVERY}/ram:DespatchAdviceReferencedDocument/{number}"),
        receipt=tree.only(root, f"{_DELIVERY}/ram:ReceivingAdviceReferencedDocument/{number}"),
        preceding=tree.every(root, f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/{number}"),
    )
