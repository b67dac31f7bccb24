"""Everything the domain refuses, each refusal with a stable code.

    DomainError
    ├── MoneyError
    │   ├── MalformedAmount          money.malformed_amount
    │   ├── AmountTooPrecise         money.amount_too_precise
    │   ├── AmountOutOfRange         money.amount_out_of_range
    │   ├── UnknownCurrency          money.unknown_currency
    │   ├── CurrencyMismatch         money.currency_mismatch
    │   └── BadRatio                 money.bad_ratio
    ├── IdentifierError
    │   ├── MalformedHex             ids.malformed_hex
    │   ├── LotIndexOutOfRange       ids.lot_index_out_of_range
    │   ├── UnknownScheme            parties.unknown_scheme
    │   └── MalformedIdentifier      parties.malformed_identifier
    ├── LotError
    │   ├── CutOutOfRange            lots.cut_out_of_range
    │   └── RangeOutOfFace           lots.range_out_of_face
    ├── PricingError
    │   ├── TermNotPositive          pricing.term_not_positive
    │   ├── NothingLeft              pricing.nothing_left
    │   ├── UnknownCalendar          pricing.unknown_calendar
    │   └── CostSheetMismatch        pricing.cost_sheet_mismatch
    ├── SettlementError
    │   ├── PaymentNotPositive       settlement.payment_not_positive
    │   ├── PaymentOutOfOrder        settlement.payment_out_of_order
    │   ├── NoWeights                settlement.no_weights
    │   └── DuplicateClaim           settlement.duplicate_claim
    ├── LifecycleError
    │   └── ForbiddenTransition      receivable.forbidden_transition
    ├── IntentError
    │   └── FieldOutOfRange          intents.field_out_of_range
    ├── CommitmentError
    │   └── NotCanonical             commitments.not_canonical
    └── RuleError
        ├── UnknownRuleSet           rules.unknown_rule_set
        └── NoRuleInForce            rules.no_rule_in_force

Declared where they belong: EmptyFingerprintPart and WeakFingerprintSecret (`domain.fingerprints`), and
ForbiddenInvoiceStep, a LifecycleError (`domain.invoice`).

Codes are an interface: the API answers with them. Names may change, codes may not.
"""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """A refusal: which rule (`code`), where (`place`, a field path, may be empty) and with which values."""

    code: ClassVar[str] = "domain.error"

    def __init__(self, message: str, *, place: str = "", values: Mapping[str, object] | None = None) -> None:
        where = f" at {place}" if place else ""
        super().__init__(f"{self.code}{where}: {message}")
        self.message = message
        self.place = place
        self.values: dict[str, object] = dict(values or {})


class MoneyError(DomainError):
    code = "money.error"


class MalformedAmount(MoneyError):
    code = "money.malformed_amount"


class AmountTooPrecise(MoneyError):
    code = "money.amount_too_precise"


class AmountOutOfRange(MoneyError):
    code = "money.amount_out_of_range"


class UnknownCurrency(MoneyError):
    code = "money.unknown_currency"


class CurrencyMismatch(MoneyError):
    code = "money.currency_mismatch"


class BadRatio(MoneyError):
    code = "money.bad_ratio"


class IdentifierError(DomainError):
    code = "ids.error"


class MalformedHex(IdentifierError):
    code = "ids.malformed_hex"


class LotIndexOutOfRange(IdentifierError):
    code = "ids.lot_index_out_of_range"


class UnknownScheme(IdentifierError):
    code = "parties.unknown_scheme"


class MalformedIdentifier(IdentifierError):
    code = "parties.malformed_identifier"


class LotError(DomainError):
    code = "lots.error"


class CutOutOfRange(LotError):
    code = "lots.cut_out_of_range"


class RangeOutOfFace(LotError):
    code = "lots.range_out_of_face"


class PricingError(DomainError):
    code = "pricing.error"


class TermNotPositive(PricingError):
    code = "pricing.term_not_positive"


class NothingLeft(PricingError):
    code = "pricing.nothing_left"


class UnknownCalendar(PricingError):
    code = "pricing.unknown_calendar"


class CostSheetMismatch(PricingError):
    code = "pricing.cost_sheet_mismatch"


class SettlementError(DomainError):
    code = "settlement.error"


class PaymentNotPositive(SettlementError):
    code = "settlement.payment_not_positive"


class PaymentOutOfOrder(SettlementError):
    code = "settlement.payment_out_of_order"


class NoWeights(SettlementError):
    code = "settlement.no_weights"


class DuplicateClaim(SettlementError):
    code = "settlement.duplicate_claim"


class LifecycleError(DomainError):
    code = "receivable.error"


class ForbiddenTransition(LifecycleError):
    code = "receivable.forbidden_transition"


class IntentError(DomainError):
    code = "intents.error"


class FieldOutOfRange(IntentError):
    code = "intents.field_out_of_range"


class CommitmentError(DomainError):
    code = "commitments.error"


class NotCanonical(CommitmentError):
    code = "commitments.not_canonical"


class RuleError(DomainError):
    code = "rules.error"


class UnknownRuleSet(RuleError):
    code = "rules.unknown_rule_set"


class NoRuleInForce(RuleError):
    code = "rules.no_rule_in_force"
