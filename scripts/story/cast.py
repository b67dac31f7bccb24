"""The cast: parties named by the invoices under their own identifiers, and a house cast for the other parts.

Two parties are the same when they share an identifier, whatever name an invoice gives them: that is what a
register goes by, and real test files do give one number to several names. The first name counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.invoice import InvoiceDocument, InvoiceParty
from domain.parties import PartyIdentifier, Power
from scripts.story.papers import Paper, term_days
from scripts.story.people import KeyMaker, Member, Part, Person

MAIN_COUNT: Final = 3
MAIN_TERM_DAYS_MIN: Final = 20
CORE_COUNT: Final = 2
MAIN_RULE: Final = (
    f"the largest amount of each of the {CORE_COUNT} largest debtors, then the next largest of theirs, "
    f"among invoices with a term of at least {MAIN_TERM_DAYS_MIN} days; amounts compared as they stand, "
    "whatever the currency"
)

_HOUSE: Final = (
    (Part.TIER_2, "宁波北仑热处理有限公司 Beilun Heat Treatment", "91330206MA2TALLY19"),
    (Part.TIER_2, "常熟虞山紧固件有限公司 Yushan Fasteners", "91320581MA1TALLY25"),
    (Part.TIER_3, "昆山淀湖刀具有限公司 Dianhu Cutting Tools", "91320583MA1TALLY35"),
    (Part.TIER_3, "绍兴鉴湖模具有限公司 Jianhu Moulds", "91330600MA2TALLY4G"),
    (Part.BANK, "甬江商业银行 Yongjiang Commercial Bank", "91330200MA2TALLY5Y"),
    (Part.BANK, "太湖商业银行 Taihu Commercial Bank", "91320200MA1TALLY6P"),
    (Part.AUDITOR, "衡平会计师事务所 Hengping Certified Accountants", "91310000MA1TALLY7C"),
    (Part.SETTLEMENT_BANK, "清源结算银行 Qingyuan Settlement Bank", "91110000MA0TALLY8U"),
)
"""Invented, with valid check digits."""

_SUPPLIER_POWERS: Final = (Power.ACCEPT, Power.ASSIGN)


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice with its two parties as members of the cast."""

    paper: Paper
    document: InvoiceDocument
    seller: Member
    buyer: Member

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same invoice as another file."""
        document = self.document
        return (id(self.seller), id(self.buyer), document.number, document.issued_on, document.currency)


@dataclass(slots=True)
class Cast:
    """Everybody, in the order of admission; `main` are the invoices that the story follows closely."""

    members: list[Member] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    main: list[Bill] = field(default_factory=list)

    def all(self, part: Part) -> list[Member]:
        """The members with a part, in the order of admission."""
        return [member for member in self.members if part in member.parts]

    def one(self, part: Part) -> Member:
        """The first of them."""
        return self.all(part)[0]


def assemble(papers: Iterable[Paper], make_key: KeyMaker) -> Cast:
    """The cast of a folder of invoices."""
    cast = Cast()
    register: dict[str, Member] = {}
    for paper in papers:
        if paper.document is not None:
            seller = _party(cast, register, paper.document.seller, Part.TIER_1)
            buyer = _party(cast, register, paper.document.buyer, Part.DEBTOR)
            cast.bills.append(Bill(paper, paper.document, seller, buyer))
    cast.main = choose_main(cast.bills)
    for bill in cast.main:
        bill.buyer.parts.add(Part.CORE)
        bill.buyer.parts.discard(Part.DEBTOR)
        bill.buyer.checks_confirming = True
    for part, name, code in _HOUSE:
        cast.members.append(Member(name, "CN", (PartyIdentifier("USCC", code, "CN"),), {part}))
    for number, member in enumerate(cast.members):
        member.people = _people(member, number, make_key)
    return cast


def choose_main(bills: Iterable[Bill]) -> list[Bill]:
    """The main invoices by `MAIN_RULE`, largest first."""
    once: dict[tuple[object, ...], Bill] = {}
    for bill in bills:
        once.setdefault(bill.key, bill)
    eligible = [
        bill
        for bill in once.values()
        if bill.seller is not bill.buyer and term_days(bill.document) >= MAIN_TERM_DAYS_MIN
    ]
    eligible.sort(key=lambda bill: (-bill.document.payable_minor, bill.paper.name))
    largest: dict[int, Bill] = {}
    for bill in eligible:
        if len(largest) < CORE_COUNT:
            largest.setdefault(id(bill.buyer), bill)
    first = list(largest.values())
    others = [bill for bill in eligible if id(bill.buyer) in largest and bill not in first]
    return (first + others)[:MAIN_COUNT]


def _party(cast: Cast, register: dict[str, Member], named: InvoiceParty, part: Part) -> Member:
    for identifier in named.identifiers:
        known = register.get(identifier.canonical())
        if known is not None:
            known.parts.add(part)
            if named.name not in (known.name, *known.other_names):
                known.other_names.append(named.name)
            return known
    member = Member(named.name, named.country, named.identifiers, {part})
    cast.members.append(member)
    register.update(dict.fromkeys((found.canonical() for found in named.identifiers), member))
    return member


def _people(member: Member, number: int, make_key: KeyMaker) -> list[Person]:
    def person(title: str, title_zh: str, *powers: Power) -> Person:
        return Person(title, title_zh, powers, make_key(f"{number:03d}-{title.replace(' ', '-')}"))

    people: list[Person] = []
    if member.parts & {Part.TIER_1, Part.TIER_2, Part.TIER_3}:
        people.append(person("managing director", "总经理", *_SUPPLIER_POWERS))
    if Part.CORE in member.parts:
        people.append(person("confirmation maker", "确权经办", Power.CONFIRM))
        people.append(person("confirmation checker", "确权复核", Power.CONFIRM))
    elif Part.DEBTOR in member.parts:
        people.append(person("purchasing manager", "采购经理", Power.CONFIRM))
    if member.is_debtor:
        people.append(person("treasurer", "资金主管", Power.PAY))
    if Part.BANK in member.parts:
        people.append(person("credit officer", "信贷经理", Power.FINANCE, Power.QUOTE, Power.PAY))
    if Part.AUDITOR in member.parts:
        people.append(person("auditor", "审计师", Power.ADMIN))
    if Part.SETTLEMENT_BANK in member.parts:
        people.append(person("cash desk", "结算柜台", Power.PAY))
    return people
