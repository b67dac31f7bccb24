"""Events over the processes of production: the API is killed in the middle, and its client goes on."""

import asyncio
import json
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.examples import examples_of
from tests.support.tally import Process, tally

pytestmark = pytest.mark.slow

follow = examples_of("events.md").follow.follow


async def test_the_client_of_the_page_goes_on_over_a_kill_of_the_api(
    environment: dict[str, str], tmp_path: Path
) -> None:
    await asyncio.to_thread(_play, environment, tmp_path)


def _play(environment: dict[str, str], folder: Path) -> None:
    deployed = tally("deploy", **environment)
    assert deployed.returncode == 0, deployed.stderr
    key = json.loads((folder / "keys" / "office-api-keys.json").read_text())["registrar"]
    url = f"http://127.0.0.1:{environment['TALLY_API_PORT']}"
    with ExitStack() as stack:
        index = stack.enter_context(Process(folder / "index.log", "index", "run", **environment))
        api = stack.enter_context(Process(folder / "api.log", "api", **environment))
        told = _Told(url, key)
        told.wait_for(10)
        api.kill_everything()
        stack.enter_context(Process(folder / "again.log", "api", **environment))
        # who comes with the position in the middle gets the rest, and who begins anew the same
        rest = _Told(url, key, told.events[4][0])
        anew = _Told(url, key)
        rest.wait_for(len(told.events) - 5)
        anew.wait_for(len(told.events))
        ids = [event["id"] for _, event in told.events]
        assert ids == [event["id"] for _, event in anew.events][: len(ids)]
        assert ids[5:] == [event["id"] for _, event in rest.events][: len(ids) - 5]
        assert len(set(ids)) == len(ids)
        assert {event["type"] for _, event in told.events} <= {"RuleScheduled", "CurrencySet", "PauseChanged"}
        assert index.interrupt() == 130


class _Told:
    """What the example of the page is told, in a thread that ends with the tests."""

    def __init__(self, url: str, key: str, position: str = "0:0") -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._some = threading.Condition()
        threading.Thread(target=self._follow, args=(url, key, position), daemon=True).start()

    def wait_for(self, count: int) -> None:
        with self._some:
            assert self._some.wait_for(lambda: len(self.events) >= count, 60), self.events

    def _follow(self, url: str, key: str, position: str) -> None:
        for told in follow(url, key, position):
            with self._some:
                self.events.append(told)
                self._some.notify_all()
