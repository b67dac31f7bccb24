"""Problems (RFC 9457): everything the API refuses has a stable code, a title in English and Chinese, and one
status.

A business folder declares its own once, `NOT_YOUR_LOT = define("not-your-lot", 403, "…", "…")`, and raises
`NOT_YOUR_LOT("why", lot="12")`. Refusals of the domain and of the contracts are declared in
`api.http.translation`, under the domain's code and the contract error's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MEDIA_TYPE: Final = "application/problem+json"
CATALOGUE_PATH: Final = "/v1/problems"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One entry of the catalogue; calling it makes the problem to raise."""

    code: str
    status: int
    title: str
    title_zh: str

    @property
    def uri(self) -> str:
        """Where the catalogue explains it, relative to the service."""
        return f"{CATALOGUE_PATH}/{self.code}"

    def __call__(self, detail: str = "", /, **values: Any) -> "Problem":
        return Problem(self, detail, values)


class Problem(Exception):
    """A refusal. `values` are the numbers and names behind it and become members of the document."""

    def __init__(self, kind: ProblemType, detail: str, values: Mapping[str, Any]) -> None:
        super().__init__(f"{kind.code}: {detail or kind.title}")
        self.kind = kind
        self.detail = detail
        self.values = dict(values)

    def document(self) -> dict[str, Any]:
        """The members of the problem document; the standard's own names win over a value's."""
        return {
            **self.values,
            "type": self.kind.uri,
            "code": self.kind.code,
            "status": self.kind.status,
            "title": self.kind.title,
            "title_zh": self.kind.title_zh,
            **({"detail": self.detail} if self.detail else {}),
        }


CATALOGUE: Final[dict[str, ProblemType]] = {}
"""All problems there are, by code; filled by `define` when the modules are imported."""


def define(code: str, status: int, title: str, title_zh: str) -> ProblemType:
    """Declare a problem; a code is declared once."""
    if code in CATALOGUE:
        raise ValueError(f"problem {code!r} is declared twice")
    CATALOGUE[code] = ProblemType(code, status, title, title_zh)
    return CATALOGUE[code]


MALFORMED_JSON = define("malformed-json", 400, "The body is not JSON", "请求正文不是有效的 JSON")
IDEMPOTENCY_KEY_MISSING = define(
    "idempotency-key-missing",
    400,
    "This request needs an Idempotency-Key header",
    "缺少 Idempotency-Key 请求头",
)
BAD_CURSOR = define("bad-cursor", 400, "The cursor is not one of this list", "游标无效")
UNAUTHENTICATED = define("unauthenticated", 401, "An API key is needed", "需要有效的 API 密钥")
SCOPE_MISSING = define("scope-missing", 403, "The API key lacks a scope", "API 密钥缺少所需权限")
NOT_FOUND = define("not-found", 404, "There is no such thing here", "资源不存在")
METHOD_NOT_ALLOWED = define("method-not-allowed", 405, "Not with this method", "不支持该请求方法")
IDEMPOTENCY_IN_FLIGHT = define(
    "idempotency-in-flight", 409, "The same request is being worked on", "相同请求正在处理中"
)
CONFLICT = define("conflict", 409, "Another request came first", "与其他请求冲突")
BODY_TOO_LARGE = define("body-too-large", 413, "The body is too large", "请求正文过大")
UNSUPPORTED_MEDIA_TYPE = define("unsupported-media-type", 415, "Not this content type", "不支持该内容类型")
VALIDATION_FAILED = define("validation-failed", 422, "The request has faults", "请求内容有误")
IDEMPOTENCY_KEY_REUSED = define(
    "idempotency-key-reused", 422, "The key belongs to another request", "该 Idempotency-Key 已用于其他请求"
)
INTERNAL = define("internal", 500, "Something went wrong on our side", "服务内部错误")
UNAVAILABLE = define("unavailable", 503, "The service cannot answer now", "服务暂时不可用")
