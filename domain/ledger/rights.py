"""What may be done to the books and by whom, coded as in the contracts."""

from enum import Enum, IntFlag


class Right(IntFlag):
    """What a module may do; the guardian pauses the same bits."""

    ISSUE = 1
    ASSIGN = 2
    FINANCE = 4
    PAY = 8
    CLAIM = 16
    FLAG = 32
    BUYBACK = 64
    PLEDGE = 128
    FREEZE = 256
    FORCE = 512
    WRITE_OFF = 1024
    CANCEL = 2048
    EXPORT = 4096
    PAUSABLE = ISSUE | ASSIGN | FINANCE | PAY | BUYBACK | PLEDGE | CANCEL | EXPORT
    """Never claims, never what follows from time, never what is done under an order."""


class Office(Enum):
    """A role of the AccessManager that the model's commands need; delays are the AccessManager's."""

    REGISTRAR = "registrar"
    FREEZER = "freezer"
    COURT = "court"
    GUARDIAN = "guardian"
    UNPAUSER = "unpauser"
    SETTLEMENT_BANK = "settlement_bank"


Place = str | int
"""Where rights are exercised and paused: `LEDGER`, `INVOICES`, or the currency of a cash contract."""

LEDGER: Place = "Ledger"
INVOICES: Place = "Invoices"
