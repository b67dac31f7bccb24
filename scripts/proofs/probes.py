"""Probes in a copy of the contracts, because forge's own coverage leaves much out.

forge counts of an `if` without `else` only the way inside, nothing of `?:`, `&&` and `||`, no free function
at all, and via the IR no assembly. Here every statement calls a function of its own, and every condition goes
through one that returns true on one line and false on another: forge's line counts of these functions then
say what ran and what was ever true or false, whatever compiled it. The lines of the sources stay in place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.proofs.syntax import Edit, Node, apply, end_of, import_of, line_of, span, text_of, walk

PROBES = "src/Probes.sol"
_HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n\nlibrary Probes {\n"
# Each writes its number into scratch memory: the optimizer joins functions that are alike, drops idle ones.
_CONDITION = """function p{0}(bool value) internal pure returns (bool) {{
assembly ("memory-safe") {{ mstore(0, {0}) }}
if (value) {{
return true;
}}
return false;
}}
"""
_STATEMENT = """function p{0}() internal pure {{
assembly ("memory-safe") {{ mstore(0, {0}) }}
}}
"""
_BLOCKS = frozenset({"Block", "UncheckedBlock"})
_DECIDING = frozenset({"IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement", "Conditional"})
_LOGICAL = frozenset({"&&", "||"})


@dataclass(frozen=True, slots=True)
class Probe:
    """A condition or a statement. `lines` of PROBES say that it was true, was false, or ran."""

    file: str
    line: int
    code: str
    lines: tuple[int, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What each of `lines` stands for."""
        return ("true", "false") if len(self.lines) == 2 else ("run",)


class Instrument:
    """Collects probes over several files."""

    def __init__(self) -> None:
        self.probes: list[Probe] = []
        self._library = _HEAD

    @property
    def library(self) -> str:
        """The source of PROBES."""
        return self._library + "}\n"

    def file(self, file: str, source: str, tree: Node) -> str:
        """The source with its probes in it."""
        opening: list[Edit] = []
        closing: list[Edit] = []
        for node, owner in _places(tree):
            number, start = len(self.probes), self._library.count("\n") + 1
            self._library += (_CONDITION if owner else _STATEMENT).format(number)
            offsets = (3, 5) if owner else (0,)
            code = " ".join(text_of(source, node).split())
            line = line_of(source, span(node)[0])
            self.probes.append(Probe(file, line, code, tuple(start + offset for offset in offsets)))
            for edit, closes in _edits(source.encode(), node, owner, f"Probes.p{number}"):
                (closing if closes else opening).append(edit)
        if not opening:
            return source
        return apply(source, [import_of(file, tree, PROBES), *reversed(closing), *opening])


def _edits(source: bytes, node: Node, owner: Node | None, probe: str) -> Iterator[tuple[Edit, bool]]:
    """The edits that put a probe there, each with whether it closes something: inner things close first."""
    start, end = span(node)
    if owner is None:
        inside = start + 1 if node["nodeType"] == "Block" else start
        yield Edit(inside, inside, f"{probe}(); "), False
    elif owner["nodeType"] == "IfStatement" and node is owner["condition"]:
        # beside the condition and not around it: a call around it would need two more places on the stack
        if owner.get("falseBody"):
            yield from _entered(source, owner["falseBody"], f"{probe}(false);")
        else:
            after = end_of(source, owner["trueBody"])
            yield Edit(after, after, f" else {{ {probe}(false); }}"), True
        yield from _entered(source, owner["trueBody"], f"{probe}(true);")
    else:
        yield Edit(start, start, f"{probe}("), False
        yield Edit(end, end, ")"), True


def _entered(source: bytes, body: Node, call: str) -> Iterator[tuple[Edit, bool]]:
    start, end = span(body)[0], end_of(source, body)
    if body["nodeType"] == "Block":
        yield Edit(start + 1, start + 1, f" {call}"), False
    else:
        yield Edit(end, end, " }"), True
        yield Edit(start, start, f"{{ {call} "), False


def _places(tree: Node) -> Iterator[tuple[Node, Node | None]]:
    """Conditions, each with what it decides, and statements; outer ones first."""
    found: dict[tuple[int, int], tuple[Node, Node | None]] = {}
    found |= {span(node): (node, owner) for node, owner in _conditions(tree)}
    found |= {span(node): (node, None) for node in _statements(tree)}
    for place in sorted(found, key=lambda place: (place[0], -place[1])):
        yield found[place]


def _conditions(tree: Node) -> Iterator[tuple[Node, Node]]:
    """Leaves only: a conjunction was both true and false if each of its parts was."""
    for node in walk(tree):
        if node["nodeType"] == "BinaryOperation" and node["operator"] in _LOGICAL:
            yield from ((leaf, node) for leaf in _leaves(node))
        elif node["nodeType"] in _DECIDING and node.get("condition"):
            condition = node["condition"]
            if not _is_logical(condition):
                yield condition, node


def _leaves(node: Node) -> Iterator[Node]:
    if _is_logical(node):
        for side in ("leftExpression", "rightExpression"):
            yield from _leaves(node[side])
    elif node["nodeType"] == "TupleExpression" and len(node["components"]) == 1:
        yield from _leaves(node["components"][0])
    else:
        yield node


def _is_logical(node: Node) -> bool:
    return node["nodeType"] == "BinaryOperation" and node["operator"] in _LOGICAL


def _statements(tree: Node) -> Iterator[Node]:
    for node in walk(tree):
        if node["nodeType"] in _BLOCKS:
            yield from node["statements"]
        elif node["nodeType"] == "TryCatchClause":
            yield node["block"]
