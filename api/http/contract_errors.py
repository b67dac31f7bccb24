"""What each error of the contracts means to a client: a status and a title, under the error's own name.

422: the request can never work as it is. 409: the state of the ledger is against it now. 403: not for this
party. 404: there is no such thing on the ledger. 503: paused or misconfigured, and not the client's doing.
"""

from typing import Final

from api.http.problems import ProblemType, define

CONTRACT_ERRORS: Final[dict[str, ProblemType]] = {
    name: define(name, status, title, title_zh)
    for name, status, title, title_zh in (
        ("CashCreditRefUsed", 409, "This credit notice is booked already", "该入账通知已使用"),
        ("CashInsufficient", 409, "Not enough cash", "资金余额不足"),
        ("CashMintLimit", 409, "Over the settlement bank's daily limit", "超过结算银行当日限额"),
        ("CashOnlyModules", 403, "Only the modules move cash", "只有业务模块可以划转资金"),
        ("CashWrongCurrency", 422, "The cash is of another currency", "币种不符"),
        ("CashZeroValue", 422, "A value is zero", "数值不能为零"),
        ("FinancingBadDayCount", 422, "The day count must be 360 or 365", "计息基准须为 360 或 365"),
        ("FinancingBadPrice", 422, "Price and fees do not fit the amount", "价格或费用与金额不符"),
        ("FinancingBadRecourse", 422, "No such recourse", "追索权取值无效"),
        ("IntentAlreadyUsed", 409, "The intent has taken effect already", "该签署指令已生效"),
        ("IntentDeadlineTooFar", 422, "The deadline is more than a day ahead", "截止时间超过二十四小时"),
        ("IntentExpired", 409, "The intent's deadline has passed", "签署指令已过期"),
        ("IntentGasTooLow", 503, "Too little gas was given to a batch", "批量交易的燃料不足"),
        ("InvoicesNone", 422, "No invoice is behind it", "缺少发票"),
        ("InvoicesOverused", 409, "The invoice's total is used up", "发票金额已用尽"),
        ("InvoicesTotalChanged", 409, "The invoice is known with another total", "发票总额与登记不符"),
        ("InvoicesZeroValue", 422, "An invoice has no amount", "发票金额不能为零"),
        ("IssuanceDebtorBlocked", 409, "The debtor is overdue and cannot issue", "债务人存在逾期，暂停开立"),
        ("IssuanceDueNotADay", 422, "The due date is not a whole day", "到期日不是整日"),
        ("IssuanceDuePast", 422, "The due date has passed", "到期日已过"),
        ("IssuanceFaceMismatch", 422, "The face is not the sum of the invoices", "面额与发票合计不符"),
        ("IssuancePrepayment", 422, "An invoice is dated after the issue", "发票日期晚于开立日，属预付款"),
        ("IssuanceSameParty", 422, "Debtor and creditor are the same", "债务人与债权人相同"),
        ("IssuanceTermTooLong", 422, "The term is longer than allowed", "付款期限超过上限"),
        ("IssuanceTooManyInvoices", 422, "Too many invoices", "发票数量过多"),
        ("LedgerAmountOverLot", 409, "The lot holds less than that", "金额超过凭证段余额"),
        ("LedgerBelowMinimumLot", 422, "Smaller than the smallest lot", "金额低于最小凭证段"),
        ("LedgerCurrencyAlreadySet", 409, "The currency is set already", "该币种已设置"),
        ("LedgerNotDebtor", 403, "Another party owes this receivable", "贵方不是该凭证的债务人"),
        ("LedgerNotOverdue", 409, "The receivable is not overdue", "该凭证尚未逾期"),
        ("LedgerNotOwner", 403, "The lot belongs to somebody else", "凭证段不属于贵方"),
        ("LedgerNotPayable", 409, "The receivable takes no payment", "该凭证当前不可付款"),
        ("LedgerNothingToClaim", 409, "There is nothing to claim", "没有可领取的款项"),
        ("LedgerOverpaid", 409, "More than is owed", "付款超过应付金额"),
        ("LedgerRegisterClosed", 409, "The register is closed to moves", "登记已关闭，不能转让"),
        ("LedgerSelfMove", 422, "Giver and receiver are the same", "转出方与受让方相同"),
        ("LedgerStaleLot", 409, "The lot has changed since", "凭证段已发生变化"),
        ("LedgerStalePayment", 409, "Another payment came first", "已有其他付款先行入账"),
        ("LedgerTooDeep", 409, "Passed on too often", "转让层级超过上限"),
        ("LedgerTooManyLots", 409, "Cut into too many lots", "凭证段数量超过上限"),
        ("LedgerUnknownCurrency", 422, "The ledger has no such currency", "账本不支持该币种"),
        ("LedgerUnknownLot", 404, "There is no such lot", "凭证段不存在"),
        ("LedgerUnknownReceivable", 404, "There is no such receivable", "凭证不存在"),
        ("LedgerZeroValue", 422, "A value is zero", "数值不能为零"),
        ("LensSerialOutOfRange", 404, "The receivable has no such serial", "序号超出面额范围"),
        ("PartiesAlreadyAdmitted", 409, "The party is admitted already", "参与方已准入"),
        ("PartiesBadGrant", 422, "A power or threshold out of range", "权限或门限取值无效"),
        ("PartiesBadSignature", 422, "The signature is not valid", "签名无效"),
        ("PartiesBadSignatureEncoding", 422, "The signature is not well formed", "签名格式有误"),
        ("PartiesBelowThreshold", 409, "More signatures are needed", "签名数量不足"),
        ("PartiesIntentRevoked", 409, "The party has withdrawn its signature", "参与方已撤回签名"),
        ("PartiesKybExpired", 409, "The party's verification has run out", "企业认证已过期"),
        ("PartiesNoSigners", 422, "A party needs signers", "参与方须有签署人"),
        ("PartiesNotActive", 409, "The party is not active", "参与方非有效状态"),
        ("PartiesRoleMissing", 403, "The party is not admitted for that", "参与方不具备该角色"),
        ("PartiesSignerExpired", 422, "The signer's authority has run out", "签署人授权已过期"),
        ("PartiesSignerLacksPower", 422, "The signer lacks the power", "签署人没有该权限"),
        ("PartiesSignerUnknown", 422, "The party does not know this signer", "签署人不属于该参与方"),
        ("PartiesSignersNotAscending", 409, "This signer has signed already", "该签署人已签署"),
        ("PartiesStaleVersion", 409, "The party's signers have changed since", "参与方签署设置已变更"),
        ("PartiesUnknown", 404, "There is no such party", "参与方不存在"),
        ("PartiesZeroValue", 422, "A value is zero", "数值不能为零"),
        ("RightsMissing", 503, "The module lacks a right", "模块缺少权限"),
        ("RightsNotPausable", 422, "That cannot be paused", "该权限不可暂停"),
        ("RightsPaused", 503, "Paused by the guardian", "该业务已被暂停"),
        ("RightsTooManyModules", 409, "Too many modules hold rights", "持有权限的模块过多"),
        ("RulebookInThePast", 422, "A rule cannot take effect in the past", "规则生效日不能早于当前"),
        ("RulebookNoValue", 409, "No rule is in force for that day", "该日没有生效的规则"),
        ("RulebookNotLater", 409, "A later change is scheduled already", "已有更晚的规则变更"),
        ("RulebookUnknownParameter", 422, "No such rule", "规则参数不存在"),
        ("RulebookValueTooLarge", 422, "The rule's value is too large", "规则取值过大"),
        ("SettlementTooMany", 422, "Too many lots at once", "一次处理的凭证段过多"),
        ("TransfersOnlySelf", 403, "Only the contract itself may call this", "仅限合约内部调用"),
        ("TransfersTooMany", 422, "Too many transfers at once", "一次处理的转让过多"),
    )
}

OTHER_CONTRACT_ERROR = define("contract-reverted", 409, "The contract refused", "合约拒绝执行")
"""Errors of libraries and of the compiler; the problem's `values` have the name."""
