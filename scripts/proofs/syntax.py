"""The contracts as the compiler's syntax trees, and edits of their text by byte offsets."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import solcx
from solcx.exceptions import SolcError

from chain.compile import SETTINGS, find_compiler, read_sources
from chain.errors import CompileError

Node = dict[str, Any]


class Edit(NamedTuple):
    """Replace the bytes [start, end) of a source by `text`; an empty range inserts."""

    start: int
    end: int
    text: str


def parse(sources: Mapping[str, str] | None = None, compiler: Path | None = None) -> dict[str, Node]:
    """Syntax tree of every source unit, by path from contracts/. Raises CompileError."""
    given = read_sources() if sources is None else sources
    try:
        output = solcx.compile_standard(request(given), solc_binary=compiler or find_compiler())
    except SolcError as error:
        raise CompileError(f"the contracts do not compile: {error.message}") from None
    return {name: unit["ast"] for name, unit in output["sources"].items()}


def request(sources: Mapping[str, str]) -> dict[str, Any]:
    """What the compiler is asked: the trees of these sources, and so whether they are well typed."""
    return {
        "language": "Solidity",
        "sources": {name: {"content": content} for name, content in sources.items()},
        "settings": {
            "remappings": SETTINGS["remappings"],
            "evmVersion": SETTINGS["evmVersion"],
            "outputSelection": {"*": {"": ["ast"]}},
        },
    }


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the source."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of the source."""
    found = [item for value in node.values() for item in _nodes(value)]
    yield from sorted(found, key=lambda child: span(child)[0])


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, dict) and "nodeType" in value and "src" in value:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def span(node: Node) -> tuple[int, int]:
    """Where it stands in its file, in bytes: start and end."""
    start, length, _ = (int(part) for part in node["src"].split(":"))
    return start, start + length


def text_of(source: str, node: Node) -> str:
    """What stands there."""
    start, end = span(node)
    return source.encode()[start:end].decode()


def line_of(source: str, offset: int) -> int:
    """The line of a byte offset, from 1."""
    return source.encode()[:offset].count(b"\n") + 1


def end_of(source: bytes, statement: Node) -> int:
    """Behind the statement and its semicolon, which the compiler does not count in."""
    end = span(statement)[1]
    rest = source[end:].lstrip()
    return len(source) - len(rest) + 1 if rest.startswith(b";") else end


def import_of(file: str, tree: Node, library: str) -> Edit:
    """What brings a library of ours, named as its file, into that file without moving a line."""
    pragma = next(node for node in tree["nodes"] if node["nodeType"] == "PragmaDirective")
    up = "../" * (len(PurePosixPath(file).parts) - 2) or "./"
    path = PurePosixPath(library)
    at = span(pragma)[1]
    return Edit(at, at, f' import {{{path.stem}}} from "{up}{path.name}";')


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The source with all edits made. At one place, what was asked for first comes first."""
    given, written, done = source.encode(), b"", 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        written += given[done : edit.start] + edit.text.encode()
        done = edit.end
    return (written + given[done:]).decode()
