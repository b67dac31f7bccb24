"""Refusals of the other rooms become problems here, once, by a table: errors of contracts, of the domain, of
the chain.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from api.http.contract_errors import CONTRACT_ERRORS, OTHER_CONTRACT_ERROR
from api.http.problems import (
    BAD_CURSOR,
    CONFLICT,
    UNAVAILABLE,
    VALIDATION_FAILED,
    Problem,
    ProblemType,
    define,
)
from chain.errors import ChainError, ContractReverted
from domain.errors import DomainError
from indexer.queries import BadCursor

JSON_INTEGER_MAX: Final = (1 << 53) - 1
"""Integers beyond are written as text: not every client could read them exactly."""

DOMAIN_ERRORS: Final[dict[str, ProblemType]] = {
    code: define(code, status, title, title_zh)
    for code, status, title, title_zh in (
        ("domain.error", 422, "A business rule refuses this", "业务规则不允许"),
        ("money.error", 422, "The money is not valid", "金额有误"),
        ("money.malformed_amount", 422, "Not an amount", "金额格式有误"),
        ("money.amount_too_precise", 422, "More decimals than the currency has", "小数位超过币种精度"),
        ("money.amount_out_of_range", 422, "The amount is out of range", "金额超出范围"),
        ("money.unknown_currency", 422, "No such currency", "币种不存在"),
        ("money.currency_mismatch", 422, "The currencies differ", "币种不一致"),
        ("money.bad_ratio", 422, "Not a ratio", "比率有误"),
        ("ids.error", 422, "The identifier is not valid", "标识有误"),
        ("ids.malformed_hex", 422, "Not hexadecimal of the right length", "十六进制格式有误"),
        ("ids.lot_index_out_of_range", 422, "No such lot number", "凭证段编号超出范围"),
        ("parties.unknown_scheme", 422, "No such identifier scheme", "标识方案不存在"),
        ("parties.malformed_identifier", 422, "The identifier is malformed", "标识格式有误"),
        ("ledger.refusal", 409, "The ledger refuses this", "账本不允许"),
        ("lots.error", 422, "The lot does not allow this", "凭证段有误"),
        ("lots.cut_out_of_range", 422, "The cut is outside the lot", "切分超出凭证段"),
        ("lots.range_out_of_face", 422, "Outside the face", "超出面额范围"),
        ("pricing.error", 422, "It cannot be priced", "定价有误"),
        ("pricing.term_not_positive", 422, "No day is left to the due date", "剩余期限不足一天"),
        ("pricing.unknown_calendar", 422, "No such calendar", "工作日历不存在"),
        ("pricing.nothing_left", 422, "The cost takes everything", "扣除成本后无余额"),
        ("pricing.cost_sheet_mismatch", 409, "The cost sheet is not the signed one", "成本明细与签署不符"),
        ("settlement.error", 422, "It cannot be settled", "兑付有误"),
        ("settlement.payment_not_positive", 422, "The payment is not positive", "付款金额须为正数"),
        ("settlement.payment_out_of_order", 409, "The payment is out of order", "付款顺序有误"),
        ("settlement.no_weights", 422, "Nothing to share by", "没有分配依据"),
        ("settlement.duplicate_claim", 422, "A claim is listed twice", "领取重复"),
        ("receivable.error", 409, "The receivable does not allow this", "凭证状态不允许"),
        ("receivable.forbidden_transition", 409, "Not from this state", "当前状态不允许此变更"),
        ("intents.error", 422, "The intent is not valid", "签署指令有误"),
        ("intents.field_out_of_range", 422, "A field is out of range", "字段超出范围"),
        ("fingerprints.empty_part", 422, "The invoice's identity is incomplete", "发票标识不完整"),
        ("fingerprints.weak_secret", 503, "The network's secret is too short", "网络密钥过短"),
        ("invoice.forbidden_step", 409, "The invoice cannot take this step now", "发票当前状态不允许此操作"),
        ("invoice.refused", 422, "The invoice is refused", "发票不符合要求"),
        ("commitments.error", 422, "It cannot be committed to", "无法生成承诺"),
        ("commitments.not_canonical", 422, "Not in canonical form", "不是规范格式"),
        ("rules.error", 422, "A rule refuses this", "规则不允许"),
        ("rules.unknown_rule_set", 422, "No such rule set", "规则集不存在"),
        ("rules.no_rule_in_force", 422, "No rule is in force", "没有生效的规则"),
    )
}


def contract_refusal(name: str, /, **values: Any) -> Problem:
    """The problem of a contract's error, found before sending; `values` as its bindings name them."""
    return CONTRACT_ERRORS[name](values=jsonable(values))


def problem_of(error: Exception) -> Problem | None:
    """The problem that an error of another room means; None if it means that we have a fault."""
    match error:
        case Problem():
            return error
        case ContractReverted():
            return _contract_problem(error)
        case DomainError():
            return _domain_problem(error)
        case BadCursor():
            return BAD_CURSOR(str(error))
        case SQLAlchemyError():
            return _database_problem(error)
        case ChainError():
            return UNAVAILABLE("the ledger's node does not answer as it should", reason=error.code)
    return None


def _database_problem(error: SQLAlchemyError) -> Problem | None:
    match error:
        case IntegrityError():
            return CONFLICT("another request came first; ask again")
        case DataError():
            # A NUL in a path, for one: PostgreSQL has no such text, so nothing there is called that.
            return VALIDATION_FAILED("a value is none that the database can hold")
        case OperationalError() | NoConnectionInTime():
            return UNAVAILABLE("the database does not answer as it should")
    return None


def _contract_problem(error: ContractReverted) -> Problem:
    if error.name in CONTRACT_ERRORS:
        return contract_refusal(error.name, **error.values)
    return OTHER_CONTRACT_ERROR(values=jsonable({"name": error.name, **error.values}))


def _domain_problem(error: DomainError) -> Problem:
    kind = DOMAIN_ERRORS.get(error.code, DOMAIN_ERRORS["domain.error"])
    return kind(error.message, place=error.place, values=jsonable(error.values))


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON members: large integers and unknown types as text."""
    return {key: _member(value) for key, value in values.items()}


def _member(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= JSON_INTEGER_MAX else str(value)
        case dict():
            return jsonable(value)
        case list() | tuple():
            return [_member(item) for item in value]
    return str(value)
