"""Organisations: what a signer may do, what a party may be, and the identifiers that registers give them."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, IntFlag

from domain.checkdigits import gln_is_valid, lei_is_valid, uscc_is_valid
from domain.errors import MalformedIdentifier, UnknownScheme

IDENTIFIER_LENGTH_MAX = 128


class Power(IntEnum):
    """What a signer may do for its party; the value is the bit index in the ledger's power mask."""

    ISSUE = 0
    CONFIRM = 1
    ACCEPT = 2
    ASSIGN = 3
    QUOTE = 4
    FINANCE = 5
    PAY = 6
    ADMIN = 7

    @property
    def bit(self) -> int:
        """The mask with only this power."""
        return 1 << self.value


class Role(IntFlag):
    """What a party is admitted as; several may hold at once."""

    DEBTOR = 1
    SUPPLIER = 2
    BANK = 4
    AUDITOR = 8
    SETTLEMENT_BANK = 16
    OPERATOR = 32
    LARGE_BUYER = 64
    SMALL_SUPPLIER = 128
    REGISTRY = 256


class PartyStatus(IntEnum):
    """Standing of a party on the ledger."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2


def power_mask(*powers: Power) -> int:
    """The bits of several powers, as `SetSigner` carries them."""
    mask = 0
    for power in powers:
        mask |= power.bit
    return mask


def powers_in(mask: int) -> tuple[Power, ...]:
    """The powers of a mask, in the order of their bits."""
    return tuple(power for power in Power if mask & power.bit)


class CheckResult(Enum):
    """What the check digits say; `UNCHECKED` where this module knows no check for the scheme."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of identifier: `national` ones are unique only within a country, the others world-wide."""

    code: str
    name_en: str
    name_zh: str
    icd: str | None = None
    national: bool = False
    check: Callable[[str], bool] | None = None


SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        Scheme("USCC", "Unified social credit code", "统一社会信用代码", check=uscc_is_valid),
        Scheme("LEI", "Legal entity identifier", "法人机构识别编码", icd="0199", check=lei_is_valid),
        Scheme("GLN", "Global location number", "全球位置码", icd="0088", check=gln_is_valid),
        Scheme("VAT", "VAT number", "增值税号", national=True),
        Scheme("NATIONAL", "National company number", "本国企业登记号", national=True),
        # What an invoice leaves us with when it names no register; unique only together with the country.
        Scheme("OTHER", "Number given by a trading partner", "交易对方自编号", national=True),
        Scheme("EM", "Electronic mail address", "电子邮箱"),
        Scheme("NAME", "Registered name", "登记名称", national=True),
        Scheme("0002", "French SIREN", "法国企业登记号", icd="0002"),
        Scheme("0007", "Swedish organisation number", "瑞典组织编号", icd="0007"),
        Scheme("0009", "French SIRET", "法国机构登记号", icd="0009"),
        Scheme("0060", "D-U-N-S number", "邓白氏编码", icd="0060"),
        Scheme("0106", "Dutch Chamber of Commerce number", "荷兰商会编号", icd="0106"),
        Scheme("0184", "Danish CVR number", "丹麦企业登记号", icd="0184"),
        Scheme("0192", "Norwegian organisation number", "挪威组织编号", icd="0192"),
        Scheme("0208", "Belgian enterprise number", "比利时企业编号", icd="0208"),
    )
}
"""Schemes known by name. Sources: GB 32100-2015, ISO 17442, GS1, and the code list of ISO 6523 (ICD)."""

_BY_ICD = {scheme.icd: scheme for scheme in SCHEMES.values() if scheme.icd is not None}

# Letters by category that print as nothing (Hangul fillers, UAX #44 Default_Ignorable_Code_Point).
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")

# Prefixes of VAT numbers other than the country's ISO 3166 code (Directive 2006/112/EC, article 215).
_VAT_PREFIX_COUNTRY = {"EL": "GR", "XI": "GB"}


def scheme_of(code: str) -> Scheme:
    """The scheme of a name or ISO 6523 code; four digits that have no name here are a scheme too."""
    if code in SCHEMES:
        return SCHEMES[code]
    if code in _BY_ICD:
        return _BY_ICD[code]
    if len(code) == 4 and code.isascii() and code.isdigit():
        return Scheme(code, f"ISO 6523 scheme {code}", f"ISO 6523 方案 {code}", icd=code)
    raise UnknownScheme(f"no identifier scheme {code!r}", place="scheme", values={"scheme": code})


def canonical_value(text: str) -> str:
    """Letters and digits only, NFKC, upper case, so that spelling does not make two parties out of one.

    Idempotent: folding comes before raising because some letters (ß and ẞ) only meet there, and composing
    again puts together what raising took apart.
    """
    raised = unicodedata.normalize("NFKC", text).casefold().upper()
    composed = unicodedata.normalize("NFKC", raised)
    return "".join(sign for sign in composed if sign.isalnum() and sign not in _INVISIBLE_LETTERS)


@dataclass(frozen=True, slots=True)
class PartyIdentifier:
    """An identifier exactly as its source wrote it; `country` is ISO 3166 alpha-2, empty where not needed.

    Raises UnknownScheme and MalformedIdentifier. A wrong check digit is no error here: real invoices carry
    them, and whoever admits a party decides what to do about `check()`.
    """

    scheme: str
    value: str
    country: str = ""

    def __post_init__(self) -> None:
        self.canonical()

    def check(self) -> CheckResult:
        """What the check digits of the value say."""
        check = scheme_of(self.scheme).check
        if check is None:
            return CheckResult.UNCHECKED
        return CheckResult.VALID if check(canonical_value(self.value)) else CheckResult.INVALID

    def canonical(self) -> str:
        """`scheme:value`, or `scheme:country:value` if national: input to fingerprints and legal ids."""
        scheme = scheme_of(self.scheme)
        value = canonical_value(self.value)
        if not scheme.national:
            return f"{scheme.code}:{self._sized(value)}"
        country = self._country()
        if scheme.code == "VAT":
            country, value = _split_vat(country, value)
        if not country:
            raise self._malformed("country", "this scheme needs a country")
        return f"{scheme.code}:{country}:{self._sized(value)}"

    def _country(self) -> str:
        country = self.country.strip().upper()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise self._malformed("country", "expected two letters (ISO 3166 alpha-2)")
        return country

    def _sized(self, value: str) -> str:
        if not 1 <= len(value) <= IDENTIFIER_LENGTH_MAX:
            raise self._malformed("value", f"expected 1..{IDENTIFIER_LENGTH_MAX} letters or digits")
        return value

    def _malformed(self, place: str, message: str) -> MalformedIdentifier:
        values = {"scheme": self.scheme, "value": self.value[:IDENTIFIER_LENGTH_MAX], "country": self.country}
        return MalformedIdentifier(message, place=place, values=values)


def _split_vat(country: str, value: str) -> tuple[str, str]:
    """Take the country prefix off a VAT number: the same number is written with and without it."""
    prefix = value[:2]
    named = _VAT_PREFIX_COUNTRY.get(prefix, prefix)
    if len(prefix) == 2 and prefix.isascii() and prefix.isalpha() and country in ("", named):
        return named, value[2:]
    return country, value
