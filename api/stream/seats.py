"""How many streams may be open at once: some for each party, and not more than this process can serve."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.auth.caller import Caller
from api.http.problems import define
from domain.ids import ZERO_ADDRESS

TOO_MANY_STREAMS: Final = define(
    "too-many-streams", 429, "The party has too many streams open", "该参与方打开的事件流过多"
)
STREAMS_FULL: Final = define("streams-full", 503, "All streams are taken", "事件流已满，请稍后再试")

_RETRY_S: Final = 30


class Seats:
    """Taken when a stream begins, and given back at its end."""

    def __init__(self, *, per_party: int, overall: int) -> None:
        self._per_party = per_party
        self._overall = overall
        self._taken: Counter[str] = Counter()

    def require_room(self) -> None:
        """Raises `streams-full`."""
        if self.taken >= self._overall:
            raise STREAMS_FULL("ask again later", streams_max=self._overall, retry_after_s=_RETRY_S)

    @contextmanager
    def taken_by(self, caller: Caller) -> Iterator[None]:
        """Held while a stream is open. Raises `too-many-streams` and `streams-full`."""
        self.require_room()
        who = caller.key_id if caller.party == ZERO_ADDRESS else str(caller.party)
        if self._taken[who] >= self._per_party:
            raise TOO_MANY_STREAMS("close one first", streams_max=self._per_party, retry_after_s=_RETRY_S)
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]

    @property
    def taken(self) -> int:
        """Streams that are open."""
        return self._taken.total()
