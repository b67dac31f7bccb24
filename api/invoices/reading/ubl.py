"""UBL 2.1 Invoice and CreditNote: where EN 16931's terms are (CEN/TS 16931-3-2)."""

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

INVOICE = f"{{{NAMESPACES['ubl']}}}Invoice"
CREDIT_NOTE = f"{{{NAMESPACES['cn']}}}CreditNote"

# Two of them would let two readers see two different invoices.
_ONCE = (
    "cac:AccountingSupplierParty",
    "cac:AccountingCustomerParty",
    "cac:AccountingSupplierParty/cac:Party",
    "cac:AccountingCustomerParty/cac:Party",
    "cac:LegalMonetaryTotal",
)


def read_fields(tree: Tree) -> InvoiceFields:
    """The fields of a UBL document; of a credit note as well, so that all that is wrong can be said."""
    root = tree.root
    for path in _ONCE:
        tree.group(root, path)
    credit = root.tag == CREDIT_NOTE
    line = "cac:CreditNoteLine" if credit else "cac:InvoiceLine"
    return InvoiceFields(
        root=root,
        syntax="UBL",
        specification=tree.only(root, "cbc:CustomizationID"),
        number=tree.only(root, "cbc:ID"),
        type_code=tree.only(root, "cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode"),
        issued_on=tree.only(root, "cbc:IssueDate"),
        due_on=tree.only(root, "cac:PaymentMeans/cbc:PaymentDueDate" if credit else "cbc:DueDate"),
        terms=tree.every(root, "cac:PaymentTerms/cbc:Note"),
        notes=tree.every(root, "cbc:Note"),
        currency=tree.only(root, "cbc:DocumentCurrencyCode"),
        tax_currency=tree.only(root, "cbc:TaxCurrencyCode"),
        seller=_party(tree, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_party(tree, "cac:AccountingCustomerParty/cac:Party"),
        payee=_payee(tree),
        delivery_on=tree.only(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        payment_means=tree.every(root, "cac:PaymentMeans/cbc:PaymentMeansCode"),
        allowances=_allowances(tree, root),
        taxes=tuple(_tax(tree, node) for node in tree.groups(root, "cac:TaxTotal/cac:TaxSubtotal")),
        totals=_totals(tree),
        lines=tuple(_line(tree, node, credit=credit) for node in tree.groups(root, line)),
        lines_at=Field(root, line, None),
        references=_references(tree),
    )


def _party(tree: Tree, path: str) -> PartyFields:
    root = tree.root
    taxes = tree.groups(root, f"{path}/cac:PartyTaxScheme")
    address = f"{path}/cac:PostalAddress"
    return PartyFields(
        name=tree.only(root, f"{path}/cac:PartyLegalEntity/cbc:RegistrationName"),
        trading_name=tree.only(root, f"{path}/cac:PartyName/cbc:Name"),
        vat=_tax_number(tree, taxes, f"{path}/cac:PartyTaxScheme/cbc:CompanyID", vat=True),
        tax_registration=_tax_number(tree, taxes, f"{path}/cac:PartyTaxScheme/cbc:CompanyID", vat=False),
        registration=tree.only(root, f"{path}/cac:PartyLegalEntity/cbc:CompanyID"),
        others=tree.every(root, f"{path}/cac:PartyIdentification/cbc:ID"),
        endpoint=tree.only(root, f"{path}/cbc:EndpointID"),
        country=tree.only(root, f"{address}/cac:Country/cbc:IdentificationCode"),
        address=Field(root, address, tree.group(root, address)),
        address_lines=tuple(
            found
            for part in (
                "cbc:StreetName",
                "cbc:AdditionalStreetName",
                "cac:AddressLine/cbc:Line",
                "cbc:PostalZone",
                "cbc:CityName",
                "cbc:CountrySubentity",
            )
            for found in tree.every(root, f"{address}/{part}")
        ),
    )


def _tax_number(tree: Tree, groups: list[Element], path: str, *, vat: bool) -> Field:
    """BT-31 and BT-48 are the number whose tax scheme is VAT; BT-32 the one whose scheme is any other."""
    matching = [
        node for node in groups if (tree.only(node, "cac:TaxScheme/cbc:ID").text.upper() == "VAT") == vat
    ]
    if not matching:
        return Field(tree.root, path, None)
    if len(matching) > 1 and vat:
        tree.refuse(
            "not-unique", tree.only(matching[1], "cbc:CompanyID"), name="CompanyID", count=len(matching)
        )
    return tree.only(matching[0], "cbc:CompanyID")


def _payee(tree: Tree) -> PayeeFields | None:
    node = tree.group(tree.root, "cac:PayeeParty")
    if node is None:
        return None
    return PayeeFields(
        name=tree.only(node, "cac:PartyName/cbc:Name"),
        registration=tree.only(node, "cac:PartyLegalEntity/cbc:CompanyID"),
        others=tree.every(node, "cac:PartyIdentification/cbc:ID"),
    )


def _allowances(tree: Tree, parent: Element) -> tuple[AllowanceFields, ...]:
    return tuple(
        AllowanceFields(
            is_charge=tree.only(node, "cbc:ChargeIndicator"), amount=tree.only(node, "cbc:Amount")
        )
        for node in tree.groups(parent, "cac:AllowanceCharge")
    )


def _tax(tree: Tree, node: Element) -> TaxFields:
    return TaxFields(
        taxable=tree.only(node, "cbc:TaxableAmount"),
        tax=tree.only(node, "cbc:TaxAmount"),
        rate=tree.only(node, "cac:TaxCategory/cbc:Percent"),
    )


def _totals(tree: Tree) -> TotalFields:
    root, total = tree.root, "cac:LegalMonetaryTotal"
    return TotalFields(
        lines=tree.only(root, f"{total}/cbc:LineExtensionAmount"),
        allowances=tree.only(root, f"{total}/cbc:AllowanceTotalAmount"),
        charges=tree.only(root, f"{total}/cbc:ChargeTotalAmount"),
        without_tax=tree.only(root, f"{total}/cbc:TaxExclusiveAmount"),
        taxes=tree.every(root, "cac:TaxTotal/cbc:TaxAmount"),
        with_tax=tree.only(root, f"{total}/cbc:TaxInclusiveAmount"),
        prepaid=tree.only(root, f"{total}/cbc:PrepaidAmount"),
        rounding=tree.only(root, f"{total}/cbc:PayableRoundingAmount"),
        payable=tree.only(root, f"{total}/cbc:PayableAmount"),
    )


def _line(tree: Tree, node: Element, *, credit: bool) -> LineFields:
    return LineFields(
        number=tree.only(node, "cbc:ID"),
        note=tree.every(node, "cbc:Note"),
        name=tree.only(node, "cac:Item/cbc:Name"),
        description=tree.only(node, "cac:Item/cbc:Description"),
        quantity=tree.only(node, "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"),
        price=tree.only(node, "cac:Price/cbc:PriceAmount"),
        price_base=tree.only(node, "cac:Price/cbc:BaseQuantity"),
        net=tree.only(node, "cbc:LineExtensionAmount"),
        order_line=tree.only(node, "cac:OrderLineReference/cbc:LineID"),
        allowances=_allowances(tree, node),
    )


def _references(tree: Tree) -> ReferenceFields:
    root = tree.root
    return ReferenceFields(
        buyer_reference=tree.only(root, "cbc:BuyerReference"),
        order=tree.only(root, "cac:OrderReference/cbc:ID"),
        sales_order=tree.only(root, "cac:OrderReference/cbc:SalesOrderID"),
        contract=tree.only(root, "cac:ContractDocumentReference/cbc:ID"),
        project=tree.only(root, "cac:ProjectReference/cbc:ID"),
        despatch=tree.only(root, "cac:DespatchDocumentReference/cbc:ID"),
        receipt=tree.only(root, "cac:ReceiptDocumentReference/cbc:ID"),
        preceding=tree.every(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
    )
