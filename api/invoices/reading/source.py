"""From bytes to an element tree, trusting nothing: every limit is checked before the work it bounds.

Only UTF-8 without a document type declaration is read. Without a declaration there are no entities to expand
or to fetch, which is a stronger promise than any parser option; the options are set all the same.
"""

import re
from functools import cache

from lxml import etree

from api.invoices.reading.refusals import InvoiceRefused, refusal_of

SIZE_MAX_BYTES = 5_000_000
TAGS_MAX = 200_000
"""Signs `<` in the file; bounds the memory of the tree, which is many times that of the text."""
DEPTH_MAX = 32
"""EN 16931 needs eight levels in CII and seven in UBL."""

_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
_UTF_8 = frozenset(("UTF-8", "UTF8"))


def parse(data: bytes, size_max_bytes: int = SIZE_MAX_BYTES) -> etree._Element:
    """The root element; raises InvoiceRefused with the one reason why the file cannot be read."""
    if len(data) > size_max_bytes:
        raise _refused("too-large", bytes=len(data), limit=size_max_bytes)
    text = _decode(data)
    _check_looks_like_xml(text)
    _check_prolog(text)
    if text.count("<") > TAGS_MAX:
        raise _refused("too-many-elements", limit=TAGS_MAX)
    try:
        root = etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as error:
        raise _syntax_refusal(error) from error
    if _too_deep()(root):
        raise _refused("too-deep", limit=DEPTH_MAX)
    return root


def _parser() -> etree.XMLParser:
    #  A parser is not shared between threads, so each call makes its own. Comments are dropped while parsing
    # so that a value cannot be cut in two by one; the text has been decoded here, so no declared encoding
    # counts any more.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _decode(data: bytes) -> str:
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise _refused("encoding", found=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _DECLARATION.match(data[:300].decode("ascii", "replace"))
        raise _refused(
            "encoding", found=declared[1] if declared else f"not UTF-8 at byte {error.start}"
        ) from error
    declared = _DECLARATION.match(text)
    if declared and declared[1].upper() not in _UTF_8:
        raise _refused("encoding", found=declared[1])
    return text


def _check_looks_like_xml(text: str) -> None:
    start = text[:4096].lstrip()
    if not text.strip():
        raise _refused("empty")
    if start.startswith(("{", "[")):
        raise _refused("json-not-xml")
    if "\x00" in text:
        raise _refused("not-xml", found="it contains a NUL character")
    if not start.startswith("<"):
        raise _refused("not-xml", found="it does not begin with <")


def _check_prolog(text: str) -> None:
    """Refuse a document type declaration, which may stand only before the root element, after comments at
    most.
    """
    at = text.find("<")
    while text.startswith(("<?", "<!--"), at):
        end = text.find("?>" if text[at + 1] == "?" else "-->", at + 2)
        if end < 0:
            return  # not well-formed, the parser will say where
        at = text.find("<", end)
    if text.startswith("<!", at):
        raise _refused("dtd-forbidden", line=text.count("\n", 0, at) + 1)


def _syntax_refusal(error: etree.XMLSyntaxError) -> InvoiceRefused:
    message = (error.msg or "unreadable").partition(", line ")[0]
    if "depth" in message.lower():
        return _refused("too-deep", line=error.lineno or 0, limit=DEPTH_MAX)
    return _refused("malformed-xml", line=error.lineno or 0, found=message)


@cache
def _too_deep() -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (DEPTH_MAX + 1)})")


def _refused(rule: str, line: int = 0, **values: object) -> InvoiceRefused:
    return InvoiceRefused((refusal_of(rule, "", line, **values),))
