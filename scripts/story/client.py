"""The HTTP API as the story's people use it: over a real port, with their own keys, every call measured."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import httpx

from chain.signers import LocalSigner
from chain.typed_data import digest_of

WAIT_S: Final = 20
"""How long a command may take to be in the mirror; far more than it ever takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said, and the milliseconds from the first byte sent to the last one read."""

    status: int
    body: Any
    milliseconds: float


class Refused(Exception):
    """The API refused a request; `problem` is its problem document (RFC 9457)."""

    def __init__(self, request: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        super().__init__(f"{request}: {status} {self.code}: {problem.get('detail') or problem.get('title')}")

    @property
    def code(self) -> str:
        """The stable name of what was wrong."""
        return str(self.problem.get("code", "unknown"))

    @property
    def rules(self) -> list[tuple[str, str]]:
        """(rule, place) of each single rule behind it; the code itself where the problem lists none."""
        listed = self.problem.get("refusals") or self.problem.get("breaches") or []
        found = [(str(one["rule"]), str(one["place"])) for one in listed]
        return found or [(self.code, str(self.problem.get("place", "")))]


class NotWhatWasAgreed(Exception):
    """The API asks for a signature under something else than what the person agreed to; nobody signs that."""


class ApiClient:
    """Use as an async context manager."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=WAIT_S + 10, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get(self, key: str, path: str, **query: str | int) -> Answer:
        """Raises Refused."""
        return await self._send("GET", path, {"authorization": f"Bearer {key}"}, params=query)

    async def post(self, key: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """A command; the answer comes when the mirror has the effect. Raises Refused."""
        return await self._send("POST", path, _command_headers(key), json=dict(body or {}))

    async def upload(self, key: str, path: str, content: bytes) -> Answer:
        """A file as it is. Raises Refused."""
        headers = {**_command_headers(key), "content-type": "application/xml"}
        return await self._send("POST", path, headers, content=content)

    async def sign(
        self, key: str, signer: LocalSigner, intent: Mapping[str, Any], agreed: Mapping[str, Any]
    ) -> Answer:
        """Check that the typed data says what was agreed, sign it here, and hand in the signature.

        `agreed` are fields of the message and the values they must have. Raises NotWhatWasAgreed and Refused.
        """
        signature = sign_intent(signer, intent, agreed)
        return await self.post(key, f"/v1/intents/{intent['digest']}/signatures", {"signature": signature})

    async def _send(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> Answer:
        started = time.perf_counter()
        response = await self._http.request(method, path, headers=dict(headers), **content)
        milliseconds = (time.perf_counter() - started) * 1000
        body = response.json() if response.content else None
        if response.status_code == httpx.codes.ACCEPTED:
            raise Refused(
                f"{method} {path}", 202, {"code": "not-in-time", "detail": f"not done after {WAIT_S} s"}
            )
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise Refused(f"{method} {path}", response.status_code, body or {})
        return Answer(response.status_code, body, milliseconds)


def sign_intent(signer: LocalSigner, intent: Mapping[str, Any], agreed: Mapping[str, Any]) -> str:
    """The signature over an intent's typed data as 0x text. Raises NotWhatWasAgreed."""
    typed_data = intent["typed_data"]
    digest = digest_of(typed_data)
    if digest != intent["digest"]:
        raise NotWhatWasAgreed(f"the typed data has the digest {digest}, the intent says {intent['digest']}")
    for field, value in agreed.items():
        stated = typed_data["message"][field]
        if str(stated).lower() != str(value).lower():
            raise NotWhatWasAgreed(f"{typed_data['primaryType']}.{field} is {stated}, agreed was {value}")
    return "0x" + signer.sign_digest(digest).hex()


def _command_headers(key: str) -> dict[str, str]:
    return {
        "authorization": f"Bearer {key}",
        "idempotency-key": uuid4().hex,
        "prefer": f"wait={WAIT_S}",
    }
