"""Identifiers of parties, each under the scheme that the invoice names."""

from api.invoices.reading.fields import PartyFields, PayeeFields
from api.invoices.reading.tree import Field, Tree
from domain.checkdigits import uscc_is_valid
from domain.errors import IdentifierError, UnknownScheme
from domain.invoice import InvoiceParty, InvoicePayee
from domain.parties import PartyIdentifier, canonical_value, scheme_of


class PartyReader:
    """Builds the parties of one invoice, refusing identifiers that cannot identify anybody."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def party(self, fields: PartyFields) -> InvoiceParty | None:
        """Seller or buyer; None when name or country is missing or nothing identifies it, which has been
        refused.
        """
        name, country = fields.name.text, fields.country.text.upper()
        if not name or not country:
            return None
        registration = self._registration(fields.registration, country) or self._chinese(fields.vat, country)
        party = InvoiceParty(
            name=name,
            country=country,
            vat=self._vat(fields.vat, country),
            registration=registration,
            others=self._others(fields.others, country),
            endpoint=self._scheme(fields.endpoint, country),
            trading_name=fields.trading_name.text or None,
            tax_registration=fields.tax_registration.text or None,
            address=tuple(line.text for line in fields.address_lines if line.text),
        )
        return party if self._is_identified(party, fields.name) else None

    def payee(self, fields: PayeeFields) -> InvoicePayee:
        """The payee. It has no country, so only identifiers that are unique world-wide are kept."""
        found = (self._scheme(field, "ZZ") for field in (fields.registration, *fields.others))
        unique = tuple(one for one in found if one and not scheme_of(one.scheme).national)
        return InvoicePayee(fields.name.text, unique)

    def check_different(self, seller: InvoiceParty, buyer: InvoiceParty, at: Field) -> None:
        """Nobody owes itself."""
        for identifier in sorted(_own(seller) & _own(buyer)):
            self._tree.refuse("same-party", at, value=identifier)

    def _is_identified(self, party: InvoiceParty, name: Field) -> bool:
        try:
            return bool(party.primary_identifier)
        except IdentifierError:
            self._tree.refuse("malformed-identifier", name, value=party.name, scheme="NAME")
            return False

    def _vat(self, field: Field, country: str) -> PartyIdentifier | None:
        # The prefix names the country of registration, which need not be the country of the address.
        prefixed = field.text[:2].isascii() and field.text[:2].isalpha()
        return self._identifier(field, "VAT", "" if prefixed else country)

    def _registration(self, field: Field, country: str) -> PartyIdentifier | None:
        if field.attribute("schemeID"):
            return self._scheme(field, country)
        if country == "CN" and uscc_is_valid(canonical_value(field.text)):
            return self._identifier(field, "USCC", country)
        return self._identifier(field, "NATIONAL", country)

    def _chinese(self, vat: Field, country: str) -> PartyIdentifier | None:
        """In China the taxpayer's number is the unified social credit code, behind the prefix CN."""
        value = canonical_value(vat.text).removeprefix("CN")
        return PartyIdentifier("USCC", value, country) if country == "CN" and uscc_is_valid(value) else None

    def _others(self, fields: tuple[Field, ...], country: str) -> tuple[PartyIdentifier, ...]:
        found = (self._scheme(field, country) for field in fields)
        return tuple(identifier for identifier in found if identifier)

    def _scheme(self, field: Field, country: str) -> PartyIdentifier | None:
        """Under the scheme the field names; what is in no register we know is the partner's own number."""
        named = field.attribute("schemeID")
        try:
            code = scheme_of(named).code if named else "OTHER"
        except UnknownScheme:
            code = "OTHER"
        return self._identifier(field, code, country)

    def _identifier(self, field: Field, scheme: str, country: str) -> PartyIdentifier | None:
        if not field.text:
            return None
        try:
            return PartyIdentifier(scheme, field.text, country)
        except IdentifierError:
            self._tree.refuse("malformed-identifier", field, value=field.text, scheme=scheme)
            return None


def _own(party: InvoiceParty) -> set[str]:
    """Identifiers of the company itself: not its address, which a group may share, nor a partner's own
    numbering.
    """
    given = (party.vat, party.registration, *party.others)
    own = {found.canonical() for found in given if found and found.scheme != "OTHER"}
    return own or {party.primary_identifier.canonical()}
