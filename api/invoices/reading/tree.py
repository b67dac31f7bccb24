"""Finding values in an element tree and saying where they are, or where they should have been."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from api.invoices.reading.refusals import Refusals

NAMESPACES: Mapping[str, str] = {
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
"""Prefixes of every place we name; the file may use others."""

TEXT_MAX = 20_000

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_XML_SPACE = " \t\r\n"

Element = etree._Element  # noqa: SLF001 - lxml gives its element type no public name


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf of the document: its element, or None and the place where it is missing."""

    parent: Element
    path: str
    node: Element | None

    @property
    def raw(self) -> str:
        """The text exactly as the file has it; empty when missing."""
        return "" if self.node is None else self.node.text or ""

    @property
    def text(self) -> str:
        """The text without the white space around it; nothing else is changed."""
        return self.raw.strip(_XML_SPACE)

    @property
    def name(self) -> str:
        """The local name, for messages."""
        return self.path.rpartition("/")[2].partition(":")[2]

    @property
    def place(self) -> str:
        """XPath of the element, existing or missing."""
        return f"{place_of(self.parent)}/{self.path}" if self.node is None else place_of(self.node)

    @property
    def line(self) -> int:
        """Line in the file, of the nearest existing element."""
        return (self.parent if self.node is None else self.node).sourceline or 0

    def attribute(self, name: str) -> str:
        """An attribute's value, empty when missing."""
        return "" if self.node is None else (self.node.get(name) or "").strip(_XML_SPACE)


class Tree:
    """Reads one document; whatever may stand once and stands twice is refused, since readers would differ on
    it.
    """

    def __init__(self, root: Element, refusals: Refusals) -> None:
        self.root = root
        self.refusals = refusals

    def only(self, parent: Element, path: str) -> Field:
        """The one leaf at a path."""
        return self._leaf(parent, path, self.group(parent, path))

    def every(self, parent: Element, path: str) -> tuple[Field, ...]:
        """All leaves at a path, in the order of the document."""
        return tuple(self._leaf(parent, path, node) for node in self.groups(parent, path))

    def group(self, parent: Element, path: str) -> Element | None:
        """The one element at a path, or None."""
        found = self.groups(parent, path)
        if len(found) > 1:
            second = Field(parent, path, found[1])
            self.refuse("not-unique", second, name=second.name, count=len(found))
        return found[0] if found else None

    def groups(self, parent: Element, path: str) -> list[Element]:
        """All elements at a path, in the order of the document."""
        return parent.findall(path, NAMESPACES)

    def refuse(self, rule: str, at: Field, **values: object) -> None:
        """Note a refusal at a field."""
        self.refusals.add(rule, at.place, at.line, **values)

    def _leaf(self, parent: Element, path: str, node: Element | None) -> Field:
        leaf = Field(parent, path, node)
        if node is not None:
            if len(node):
                self.refuse("unexpected-content", leaf, name=leaf.name)
            if len(leaf.raw) > TEXT_MAX:
                self.refuse("too-long", leaf, name=leaf.name, limit=TEXT_MAX)
        return leaf


def place_of(node: Element) -> str:
    """XPath from the root with the prefixes of NAMESPACES; a position only among siblings of one name."""
    steps = []
    current: Element | None = node
    while current is not None:
        steps.append(_step(current))
        current = current.getparent()
    return "/" + "/".join(reversed(steps))


def _step(node: Element) -> str:
    name = etree.QName(node)
    prefix = _PREFIXES.get(name.namespace or "")
    step = f"{prefix}:{name.localname}" if prefix else f"*[local-name()='{name.localname}']"
    before = len(list(node.itersiblings(name, preceding=True)))
    alone = before == 0 and next(node.itersiblings(name), None) is None
    return step if alone else f"{step}[{before + 1}]"
