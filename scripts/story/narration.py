"""The story told as it happens: step, who signs, amounts, milliseconds; in English, terms in Chinese too."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from domain.money import format_amount

Cell = str | int | float


def money(amount_minor: int, currency: str) -> str:
    """`CNY 1,234.56`."""
    whole, _, cents = format_amount(amount_minor, currency).partition(".")
    return f"{currency} {int(whole):,}.{cents}"


class Narrator:
    """Writes to a console; the acts tell it what happened, never how it should look."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def act(self, number: str, title: str, title_zh: str) -> None:
        """A new act."""
        self.console.print()
        self.console.rule(f"[bold]{number}. {escape(title)} [cyan]{title_zh}[/]", align="left")

    def day(self, instant_s: int) -> None:
        """The ledger's clock has moved to another day."""
        self.console.print(Text(f"{datetime.fromtimestamp(instant_s, UTC):%Y-%m-%d}", style="bold blue"))

    def step(self, word: str, word_zh: str, text: str, milliseconds: float | None = None) -> None:
        """One step: its word in both languages, what happened, how long it took."""
        took = f" [dim]{milliseconds:.0f} ms[/]" if milliseconds is not None else ""
        label = escape(f"{word} {word_zh}")
        self.console.print(f"  [green]{label}[/]  {escape(text)}{took}")

    def signed(self, who: str, person: str, milliseconds: float) -> None:
        """Somebody signed."""
        self.console.print(f"    [dim]✎ {escape(who)}: {escape(person)} {milliseconds:.0f} ms[/]")

    def refused(self, text: str, rule: str, place: str = "", reason: str = "") -> None:
        """The service refused what it has to refuse."""
        where = f" [dim]at {escape(place)}[/]" if place else ""
        why = f" [dim]({escape(reason)})[/]" if reason else ""
        self.console.print(f"  [yellow]refused 拒绝[/]  {escape(text)}: [bold]{escape(rule)}[/]{where}{why}")

    def note(self, text: str) -> None:
        """An aside."""
        self.console.print(f"  [dim]{escape(text)}[/]")

    def proof(self, text: str, text_zh: str, *, holds: bool) -> None:
        """A statement that was checked."""
        mark = "[bold green]✓[/]" if holds else "[bold red]✗[/]"
        self.console.print(f"  {mark} {escape(text)} [cyan]{text_zh}[/]")

    def difference(self, text: str) -> None:
        """What differs."""
        self.console.print(f"    [red]{escape(text)}[/]")

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table; numbers stand on the right."""
        table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
        for index, column in enumerate(columns):
            numeric = bool(rows) and isinstance(rows[0][index], int | float)
            table.add_column(column, justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row))
        self.console.print(table)
