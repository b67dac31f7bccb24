"""Random commands for the reference model; a comparison with a ledger overrides what is met on the way.

A step drafts one command for the books as they are, tries a few spoiled versions of it without any effect,
and then carries it. Time passes between steps, sometimes to just before or after an instant that matters.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from domain.calendar import DAY_SECONDS
from domain.ledger import LedgerRefusal, Refusal, apply
from domain.ledger import commands as c
from domain.ledger.journal import ClaimRefused, ItemRefused, LedgerEvent
from domain.settlement import default_instant
from tests.support.reference import drafts_credit as credit
from tests.support.reference import drafts_money as money
from tests.support.reference import drafts_orders as orders
from tests.support.reference import drafts_title as title
from tests.support.reference.desk import Desk
from tests.support.reference.faults import spoiled
from tests.support.reference.soundness import check_books

Draft = Callable[[Desk], c.Command | None]
DRAFTS: dict[Draft, int] = {
    title.issue: 5,
    title.cancel: 3,
    title.assign: 8,
    title.assign_many: 5,
    title.export: 4,
    credit.finance: 10,
    credit.finance_many: 6,
    credit.finance_under_mandate: 30,
    credit.grant_mandate: 6,
    credit.release_exposure: 1,
    credit.buy_back: 6,
    credit.pledge: 8,
    credit.release: 6,
    credit.realise: 6,
    money.pay: 6,
    money.claim: 6,
    money.redeem: 2,
    money.mint: 2,
    orders.flag_overdue: 2,
    orders.declare_default: 3,
    orders.write_off: 6,
    orders.suspend: 2,
    orders.resume: 4,
    orders.freeze: 2,
    orders.unfreeze: 4,
    orders.force_move: 3,
    orders.update_party: 2,
    orders.revoke: 3,
    orders.withdrawn: 3,
    orders.again: 3,
    orders.pause: 1,
    orders.unpause: 10,
}
"""How often each is drafted; those that need something rare come up whenever there is something for them."""
TIME_PASSES_PERCENT = 8
SPOILED_A_STEP = 3
AT_FIRST = (title.issue, title.issue, credit.grant_mandate, credit.grant_mandate)
SEED_BYTES = 4
NO_STEP = bytes(SEED_BYTES)
"""A seed that stands for no step at all, so that leaving one out moves no other."""


def sequences(steps: int) -> st.SearchStrategy[bytes]:
    """A seed a step, all in one draw.

    Of many draws that are alike the engine makes most sequences by copying parts of earlier ones: of the
    2,853 steps of a rule machine with a seed a step only 571 were different.
    """
    size = steps * SEED_BYTES
    return st.binary(min_size=size, max_size=size)


def without_needless_steps(seeds: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A failing sequence with every step left out that it fails without."""
    for start in range(len(seeds) - SEED_BYTES, -1, -SEED_BYTES):
        shorter = seeds[:start] + NO_STEP + seeds[start + SEED_BYTES :]
        if fails(shorter):
            seeds = shorter
    return seeds


class Tally:
    """What was tried and what was met, over all sequences."""

    def __init__(self) -> None:
        self.sequences = 0
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def count(self, command: c.Command, refusal: Refusal | None) -> None:
        """One command and what the model said to it."""
        if refusal is None:
            self.accepted[name_of(command)] += 1
        else:
            self.refused[name_of(command)] += 1
            self.errors[refusal.name] += 1

    def count_reported(self, said: Sequence[LedgerEvent]) -> None:
        """Refusals of items that harmed no other."""
        for event in said:
            if isinstance(event, ItemRefused | ClaimRefused):
                self.errors[event.refusal.name] += 1

    @property
    def commands(self) -> int:
        """All of them."""
        return self.accepted.total() + self.refused.total()


def name_of(command: c.Command) -> str:
    """The intent's name for what is carried, else the command's."""
    return type(command.item.intent if isinstance(command, c.Carry) else command).__name__


class Play:
    """One sequence."""

    def __init__(self, desk: Desk, tally: Tally) -> None:
        self.desk = desk
        self.tally = tally
        tally.sequences += 1
        self.history: list[str] = []

    # what a comparison overrides

    def on_tried(self, commands: Sequence[c.Command], refusals: Sequence[Refusal | None]) -> None:
        """Commands that have no effect here, and why each would be refused, None where it would not."""

    def on_accepted(self, command: c.Command, said: Sequence[LedgerEvent]) -> None:
        """A command with effect, and what is emitted."""

    # how it goes

    def run(self, seeds: bytes) -> None:
        """All steps of a sequence; some trade is there before the first."""
        for draft in AT_FIRST:
            self.carried(draft(self.desk))
        for start in range(0, len(seeds), SEED_BYTES):
            seed = seeds[start : start + SEED_BYTES]
            if seed != NO_STEP:
                self.desk.dice.random.seed(seed)
                self._step()
                check_books(self.desk.state)

    def _step(self) -> None:
        """Time passes, or a command is carried after spoiled versions of it were tried."""
        desk = self.desk
        if desk.dice.chance(TIME_PASSES_PERCENT):
            desk.now_s = desk.dice.pick(self._instants())
            return
        command = None
        while command is None:
            (draft,) = desk.dice.random.choices(list(DRAFTS), weights=list(DRAFTS.values()))
            command = draft(desk)
        self.tried([spoiled(desk, command) for _ in range(SPOILED_A_STEP)])
        self.carried(command)

    def tried(self, commands: Sequence[c.Command]) -> None:
        """Commands without effect."""
        refusals = [self._refusal(command) for command in commands]
        for command, refusal in zip(commands, refusals, strict=True):
            self.tally.count(command, refusal)
        self.on_tried(commands, refusals)

    def carried(self, command: c.Command) -> None:
        """A command with effect, if it is not refused."""
        desk = self.desk
        self.history.append(f"{desk.now_s}: {command}")
        try:
            state, said = apply(desk.state, command, desk.now_s)
        except LedgerRefusal:
            self.tried([command])
            return
        self.tally.count(command, None)
        self.tally.count_reported(said)
        self.on_accepted(command, said)
        desk.state = state
        desk.now_s += 1
        desk.done = [*desk.done[-9:], command]

    def _refusal(self, command: c.Command) -> Refusal | None:
        try:
            apply(self.desk.state, command, self.desk.now_s)
        except LedgerRefusal as error:
            return error.refusal
        return None

    def _instants(self) -> list[int]:
        now_s = self.desk.now_s
        found = [now_s + 3600, now_s + DAY_SECONDS, now_s + 9 * DAY_SECONDS]
        for entry in self.desk.state.receivables.values():
            default_s = default_instant(entry.due, entry.grace_days)
            closed_s = entry.due - entry.close_window_seconds
            for instant in (closed_s, entry.due + DAY_SECONDS, default_s):
                found += [instant - 1, instant]
        return [instant for instant in found if instant >= now_s]
