"""A receivable's title and money as a tree in the terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree


def show_trace(console: Console, trace: dict[str, Any]) -> None:
    """The tree of all lots, or the path of one serial."""
    console.print(_tree(trace))


def _tree(trace: dict[str, Any]) -> Tree:
    return Tree(escape(str(trace))[:200])
