"""Mutants of the contracts, all of them in one copy: each is a fault that tests have to notice.

Compiling takes a minute and more, so no mutant is compiled alone. A changed expression stands beside the
right one as `(Mutants.on(7) ? (a <= b) : (a < b))`, a statement that is left out as `{ if (Mutants.off(8))
{ … } }`, and the number of the one that is on is the block's random number, which no contract of ours
reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from scripts.proofs.syntax import Edit, Node, apply, children, end_of, import_of, line_of, span, text_of, walk

MUTANTS: Final = "src/Mutants.sol"
SWITCH: Final = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

library Mutants {
    function on(uint256 number) internal pure returns (bool) {
        function() internal view returns (uint256) read = _number;
        function() internal pure returns (uint256) readPure;
        // pure for the compiler: functions that are pure have mutants too
        assembly ("memory-safe") { readPure := read }
        return readPure() == number;
    }

    function off(uint256 number) internal pure returns (bool) {
        return !on(number);
    }

    function _number() private view returns (uint256) {
        return block.prevrandao;
    }
}
"""
_SWAPPED: Final[Mapping[str, tuple[str, ...]]] = {
    "<": ("<=", ">"),
    "<=": ("<", ">"),
    ">": (">=", "<"),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "%": ("*",),
    "&": ("|",),
    "|": ("&",),
    "^": ("&",),
    "<<": (">>",),
    ">>": ("<<",),
    "&&": ("||",),
    "||": ("&&",),
    "+=": ("-=",),
    "-=": ("+=",),
    "|=": ("&=",),
    "++": ("--",),
    "--": ("++",),
}
_LOGICAL: Final = frozenset({"&&", "||"})
_CODES: Final = frozenset({"Cause", "ClaimProblems", "IntentKinds", "LotFlags", "Powers", "Rights", "State"})
_DELETED: Final = frozenset({"EmitStatement", "ExpressionStatement", "RevertStatement"})
_DECIDING: Final = frozenset({"Conditional", "IfStatement", "WhileStatement"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault. `old` and `new` are texts; an empty `new` is a statement left out."""

    number: int
    file: str
    line: int
    column: int
    old: str
    new: str

    @property
    def change(self) -> str:
        """In one line."""
        return f"{self.old} → {self.new or '(left out)'}"


class How(Enum):
    """What is done to a node."""

    CHANGE = auto()
    NEGATE = auto()
    LEAVE_OUT = auto()


class Mutation:
    """Collects mutants over several files. Numbers in `without` are counted, but not written."""

    def __init__(self, trees: Mapping[str, Node], without: frozenset[int] = frozenset()) -> None:
        self.mutants: list[Mutant] = []
        self._count = 0
        self._without = without
        self._codes = {name: members for tree in trees.values() for name, members in _codes(tree)}

    def file(self, file: str, source: str, tree: Node) -> str:
        """The source with its mutants in it."""
        opening: list[Edit] = []
        closing: list[Edit] = []
        for node, how in _places(tree):
            made = [self._add(file, source, node, new) for new in self._news(source, node, how)]
            mutants = [mutant for mutant in made if mutant]
            if not mutants:
                continue
            start, end = span(node)
            if how is How.LEAVE_OUT:
                end = end_of(source.encode(), node)
                opening.append(Edit(start, start, f"{{ if (Mutants.off({mutants[0].number})) {{ "))
                closing.append(Edit(end, end, " } }"))
            else:
                chosen = "".join(f"Mutants.on({one.number}) ? ({one.new}) : " for one in mutants)
                opening.append(Edit(start, start, f"({chosen}("))
                closing.append(Edit(end, end, "))"))
        if not opening:
            return source
        return apply(source, [import_of(file, tree, MUTANTS), *reversed(closing), *opening])

    def _add(self, file: str, source: str, node: Node, new: str) -> Mutant | None:
        self._count += 1
        if self._count in self._without:
            return None
        start = span(node)[0]
        column = start - source.encode().rfind(b"\n", 0, start)
        old, new = (" ".join(text.split()) for text in (text_of(source, node), new))
        self.mutants.append(Mutant(self._count, file, line_of(source, start), column, old, new))
        return self.mutants[-1]

    def _news(self, source: str, node: Node, how: How) -> Iterator[str]:
        """What may stand there instead."""
        text, kind = text_of(source, node), node["nodeType"]
        if how is How.LEAVE_OUT:
            yield ""
        elif how is How.NEGATE:
            yield f"!({text})"
        elif _is_number(node):
            yield f"{text} + 1"
            if node.get("value") != "0":
                yield f"{text} - 1"
        elif kind in {"BinaryOperation", "Assignment"}:
            yield from _swapped(source, node)
        elif kind == "UnaryOperation":
            yield from _unary(source, node)
        elif kind == "MemberAccess":
            yield from self._other_code(source, node)
        else:
            yield "false" if text == "true" else "true"

    def _other_code(self, source: str, node: Node) -> Iterator[str]:
        owner, name = text_of(source, node["expression"]), node["memberName"]
        members = self._codes.get(owner.split(".")[-1], [])
        if name in members:
            yield f"{owner}.{members[(members.index(name) + 1) % len(members)]}"


def _swapped(source: str, node: Node) -> Iterator[str]:
    sides = ("leftExpression", "rightExpression")
    if node["nodeType"] == "Assignment":
        sides = ("leftHandSide", "rightHandSide")
    left, right = (text_of(source, node[side]) for side in sides)
    for other in _SWAPPED.get(node["operator"], ()):
        yield f"{left} {other} {right}"
    if node["operator"] in _LOGICAL:
        yield from (left, right)


def _unary(source: str, node: Node) -> Iterator[str]:
    operator, operand = node["operator"], text_of(source, node["subExpression"])
    if operator in {"!", "~"}:
        yield operand
    elif operator in {"++", "--"}:
        other = _SWAPPED[operator][0]
        yield f"{other}{operand}" if node["prefix"] else f"{operand}{other}"


def _places(tree: Node) -> Iterator[tuple[Node, How]]:
    """What is to be changed, outer things first. Assembly is left alone."""
    for function in walk(tree):
        if function["nodeType"] == "FunctionDefinition" and function.get("body"):
            yield from _below(function["body"])


def _below(node: Node, *, step: bool = False) -> Iterator[tuple[Node, How]]:
    if node["nodeType"] in _DELETED and not step:
        yield node, How.LEAVE_OUT
    if _is_changed(node):
        yield node, How.CHANGE
    if _is_number(node):
        return
    condition = node.get("condition") if node["nodeType"] in _DECIDING else None
    for child in children(node):
        if child["nodeType"] == "InlineAssembly" or child is node.get("typeName"):
            continue
        if child["nodeType"] == "Return" and node["nodeType"] == "IfStatement":
            yield child, How.LEAVE_OUT
        if child is condition and not _is_changed(child):
            yield child, How.NEGATE
        # the step of a loop has to stay an expression
        yield from _below(child, step=child is node.get("loopExpression"))


def _is_changed(node: Node) -> bool:
    kind = node["nodeType"]
    if _is_number(node):
        return True
    if kind in {"BinaryOperation", "Assignment", "UnaryOperation"}:
        return node["operator"] in _SWAPPED or node["operator"] in {"!", "~"}
    if kind == "MemberAccess":
        owner = node["expression"]
        return (owner.get("name") or owner.get("memberName")) in _CODES
    return bool(kind == "Literal" and node["kind"] == "bool")


def _is_number(node: Node) -> bool:
    """A number that does not depend on anything, as far as it can be seen here."""
    kind, type_ = node["nodeType"], (node.get("typeDescriptions") or {}).get("typeString") or ""
    if type_.startswith("int_const"):
        return True
    if kind == "MemberAccess":
        return bool(node["memberName"] == "max" and type_.startswith("uint"))
    return bool(kind == "Identifier" and type_.startswith("uint") and node["name"].isupper())


def _codes(tree: Node) -> Iterator[tuple[str, list[str]]]:
    """Enums and libraries of constants by name, with what they have."""
    for node in walk(tree):
        if node["nodeType"] == "EnumDefinition":
            yield node["name"], [member["name"] for member in node["members"]]
        elif node["nodeType"] == "ContractDefinition" and node["contractKind"] == "library":
            names = [item["name"] for item in node["nodes"] if item.get("constant")]
            if len(names) > 1:
                yield node["name"], names
