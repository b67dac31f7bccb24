"""What invoices are refused for, beside the rules of the readers and of the rule set."""

from api.http.problems import define

INVOICE_REFUSED = define(
    "invoice-refused", 422, "The file is no invoice that becomes a receivable", "发票文件不符合要求"
)
NOT_YOUR_INVOICE = define("not-your-invoice", 403, "The invoice is between other parties", "该发票不属于贵方")
INVOICE_DUPLICATE = define("invoice-duplicate", 409, "The invoice is known already", "发票重复")
BUYER_NOT_ADMITTED = define("buyer-not-admitted", 409, "The buyer is not admitted", "买方尚未准入")
DUE_ON_MISSING = define("due-on-missing", 422, "A due date has to be stated", "须填写到期日")
DUE_ON_DIFFERS = define("due-on-differs", 422, "The invoice names another due date", "到期日与发票不符")
EXTENSION_IN_FUTURE = define(
    "extension-in-future", 422, "The extension is dated after today", "延期同意的日期晚于当日"
)
INVOICE_STATE = define("invoice-state", 409, "The invoice is not at that point", "发票当前状态不允许此操作")
