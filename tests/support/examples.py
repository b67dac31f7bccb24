"""The examples of a page of the documentation, as the code that they are."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
_EXAMPLE = re.compile(r"^```python file=(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples_of(page: str) -> Any:
    """By name, each as a module would be."""
    found = {}
    for name, source in _EXAMPLE.findall((DOCS / page).read_text(encoding="utf-8")):
        namespace: dict[str, Any] = {}
        exec(compile(source, f"{page}: {name}", "exec"), namespace)  # noqa: S102  # our own page
        found[name] = SimpleNamespace(**namespace)
    return SimpleNamespace(**found)
