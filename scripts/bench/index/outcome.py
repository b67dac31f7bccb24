"""What came of a runner: a rate, or why there is none."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` says why there is no rate: not installed, failed, or wrong in what it left in its database.

    `wall_s` is the life of the process, `seconds` what was timed in it, `memory_mb` the most that it had
    resident in each tenth of its life.
    """

    name: str
    events: int
    seconds: float | None = None
    wall_s: float | None = None
    peak_mb: float | None = None
    problem: str = ""
    memory_mb: tuple[float, ...] = ()

    @property
    def events_per_s(self) -> int | None:
        """The rate; None where there is none."""
        return None if self.problem or not self.seconds else round(self.events / self.seconds)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "events_per_s": self.events_per_s}


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our rate ÷ the rate of a peer: above 1 we are faster. None where one of them was not measured."""

    ours: str
    peer: str
    value: float | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def ratios(ours: list[Outcome], peers: list[Outcome]) -> list[Ratio]:
    """Each of ours against each peer."""
    return [Ratio(one.name, peer.name, _ratio(one, peer)) for one in ours for peer in peers]


def _ratio(ours: Outcome, peer: Outcome) -> float | None:
    if ours.events_per_s is None or not peer.events_per_s:
        return None
    return round(ours.events_per_s / peer.events_per_s, 2)
