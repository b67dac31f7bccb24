"""Where webhooks may go: to public addresses over TLS, whatever a name says at which moment."""

import asyncio
from typing import Any

import pytest

from api.http.problems import Problem
from api.webhooks.targets import Line, TargetRefused, check_url, is_public
from tests.support.receiver import receiving

OURS = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104  # to be refused
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
]


@pytest.mark.parametrize("address", OURS)
def test_what_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_of_the_internet_is_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:secret@example.com/",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://[::1",
        "https://127.0.0.1/",
        "https://[::ffff:169.254.169.254]/",
        "https://例子.example/",
        "https://example.com/\r\nX-Other: 1",
        "//example.com/",
    ],
)
def test_a_url_that_cannot_be_right_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(Problem, match="bad-webhook-url"):
        check_url(url, any_target=False)


def test_a_public_url_is_accepted_and_this_machine_only_where_any_target_is() -> None:
    check_url("https://erp.example.com:8443/hooks?of=tally", any_target=False)
    check_url("http://127.0.0.1:9/x", any_target=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
async def test_this_machine_is_not_reached_by_any_name(host: str) -> None:
    async with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]
        async with Line(any_target=False) as line:
            with pytest.raises(TargetRefused):
                await line.post(f"http://{host}:{port}", {}, b"{}")
        assert receiver.received == []


async def test_a_name_that_changes_its_mind_is_asked_once_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was looked at is what is connected to: a second answer would be this machine."""
    asked, connected = [], []

    async def resolve(_loop: Any, host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34" if len(asked) == 1 else "127.0.0.1", port))]

    async def connect(_network: Any, host: str, port: int, *_options: Any, **_more: Any) -> None:
        connected.append((host, port))
        raise ConnectionRefusedError

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolve)
    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)
    async with Line(any_target=False) as line:
        with pytest.raises(ConnectionRefusedError):
            await line.post("http://rebinding.example/", {}, b"{}")
        with pytest.raises(TargetRefused):
            await line.post("http://rebinding.example/", {}, b"{}")
    assert connected == [("93.184.216.34", 80)]


async def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving() as receiver:
        port = int(receiver.url.rpartition(":")[2].partition("/")[0])

        async def resolve(_loop: Any, _host: str, port: int, **_options: Any) -> list[Any]:
            return [(2, 1, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

        monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolve)
        async with Line(any_target=True) as line:
            assert await line.post(f"http://two.example:{port}/", {}, b"{}") == 204


async def test_one_address_that_is_not_public_is_enough_to_refuse_a_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def resolve(_loop: Any, _host: str, port: int, **_options: Any) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolve)
    async with Line(any_target=False) as line:
        with pytest.raises(TargetRefused):
            await line.post("http://two.example/", {}, b"{}")


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    async with receiving() as receiver:
        receiver.answers = [302]
        async with Line(any_target=True) as line:
            assert await line.post(receiver.url, {"content-type": "application/json"}, b"{}") == 302
        assert len(receiver.received) == 1
