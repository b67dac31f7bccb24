"""The invoice files of a folder, as people read them before anything is brought in."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from api.invoices.reading import SIZE_MAX_BYTES, InvoiceRefused, read_invoice
from domain.invoice import InvoiceDocument
from scripts.exits import ExitCode, Failure

STATED_TERM_DAYS: Final = 30
"""What the supplier states at submission where its invoice names no day."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the folder; `document` is None where it is no invoice that could become a receivable."""

    name: str
    content: bytes
    document: InvoiceDocument | None

    @property
    def due_is_stated(self) -> bool:
        """Whether the supplier has to state the due date, because the invoice names none."""
        return self.document is not None and self.document.due_on is None


def read_folder(folder: Path) -> list[Paper]:
    """All `.xml` files below a folder by name. Raises Failure where there is none."""
    if not folder.is_dir():
        raise Failure(ExitCode.BAD_USE, "no such folder", rule="invoices", place=str(folder))
    files = sorted(path for path in folder.rglob("*.xml") if path.is_file())
    if not files:
        raise Failure(ExitCode.BAD_USE, "no .xml file in it", rule="invoices", place=str(folder))
    return [_read(path, folder) for path in files]


def submission_day(document: InvoiceDocument) -> date:
    """The day the invoice was issued, or the goods were delivered, whichever is later: no prepayments."""
    return max(document.issued_on, document.delivery_on or document.issued_on)


def due_day(document: InvoiceDocument) -> date:
    """The invoice's own due date, or what the supplier states."""
    return document.due_on or document.issued_on + timedelta(days=STATED_TERM_DAYS)


def term_days(document: InvoiceDocument) -> int:
    """Days from submission to the due date; negative where it has passed."""
    return (due_day(document) - submission_day(document)).days


def _read(path: Path, folder: Path) -> Paper:
    content = path.read_bytes()
    document = None
    if len(content) <= SIZE_MAX_BYTES:
        try:
            document = read_invoice(content)
        except InvoiceRefused:
            document = None
    return Paper(path.relative_to(folder).as_posix(), content, document)
