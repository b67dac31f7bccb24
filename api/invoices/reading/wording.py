"""Words that give away what the codes do not say: an advance payment, a claim assigned to a factor.

Invoices of type 380 are used for both. The lists are explicit so that anybody can read what is looked for;
they are matched without regard to case after NFKC. They are a first sieve: the debtor's confirmation against
its own order and delivery is what finally tells an advance from a delivery.
"""

import re
import unicodedata

_ADVANCE = (
    # sv, da, no, fi
    r"\bförskott(?!sränta)",
    r"\bforskud(?!srente)",
    r"\bforudbetal",
    r"\bennakkomaksu",
    r"\bennakkolasku",
    # en: "prepaid" is left out, for prepaid cards and meters are goods
    r"\badvance payment",
    r"\bpayment in advance",
    r"\bpre-?payment",
    r"\bdown[ -]payment",
    # de, nl
    r"\bvorauszahlung",
    r"\banzahlung",
    r"\bvorschuss(?:zahlung|rechnung)?\b",
    r"\bvooruitbetaling",
    r"\baanbetaling",
    r"\bvoorschot",
    # fr, es, it, pt
    r"\bacompte",
    r"\bpaiement anticip",
    r"\bpago anticipad",
    r"\banticipo\b",
    r"\bpagamento anticipat",
    r"\bacconto\b",
    r"\badiantamento",
    # pl, cs
    r"\bzaliczk",
    r"\bprzedpłat",
    r"\bzáloh",
    # zh: 预付费 (a prepaid meter) and 预付卡 are goods; 定金 hides in 固定金具, 稳定金属, 特定金额
    r"预[付收][货工]?款",
    r"(?<![稳固特指约设额鉴测规锁])定金(?![属具额融银价刚])",
    r"(?<![预签])订金(?!额)",
    r"(?<!支)付定金",
    # ja
    r"前払金",
    r"前渡金",
    r"手付金",
)

# Each says that the assignment has happened: "may not be assigned" and 不得转让 do not match.
_ASSIGNED = (
    r"\b(?:has|have|is|are) (?:been |hereby )?assigned to\b",
    r"\b(?:has|have) been (?:assigned|factored)\b",
    r"\bhar (?:överlåtits|överlåtits|pantsatts)\b",
    r"\böverlåt(?:en|et|na) till\b",
    r"\bhar? (?:blitt |er )?overdrage[tn]\b",
    r"\ber (?:overdraget|overdratt|transporteret) til\b",
    r"\b(?:ist|sind|wurden?|haben wir)\b.{0,120}\b(?<!nicht )abgetreten\b",
    r"\bcréances? (?:a été |ont été |est |sont )?cédées?\b",
    r"\b(?:ha sido|fue) cedid[oa]\b",
    r"\b(?:è stato|è stata) cedut[oa]\b",
    r"\bis (?:gecedeerd|overgedragen|verpand) aan\b",
    r"已(?:经)?(?:全部|依法)?(?:转让|让与)(?:给|予|至|于)",
    r"(?:应收账款|债权)已(?:经)?(?:转让|质押)",
)

# Too common to be proof on their own; together with another payee they are.
_FACTOR = (r"\bfactor(?:ing|s)?\b", r"\baffacturage\b", r"\bfakturakøb\b", r"\bfakturaköp\b", r"保理")

_ADVANCE_WORD = re.compile("|".join(_ADVANCE), re.IGNORECASE)
_ASSIGNED_WORD = re.compile("|".join(_ASSIGNED), re.IGNORECASE | re.DOTALL)
_FACTOR_WORD = re.compile("|".join(_FACTOR), re.IGNORECASE)


def advance_word(text: str) -> str | None:
    """The word in the name or description of an item that says it is an advance payment."""
    return _found(_ADVANCE_WORD, text)


def assignment_word(text: str, *, other_payee: bool) -> str | None:
    """The words of a note that say the claim has been assigned; weaker words count with `other_payee`."""
    return _found(_ASSIGNED_WORD, text) or (_found(_FACTOR_WORD, text) if other_payee else None)


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(unicodedata.normalize("NFKC", text))
    return match[0] if match else None
