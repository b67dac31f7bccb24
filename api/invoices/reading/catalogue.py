"""Every rule an invoice can be refused by, with its message in English and Chinese.

BR-… are the rules of EN 16931-1, PEPPOL-… those of Peppol BIS Billing 3; the others are ours. Words in braces
are filled from the refusal's values.
"""

from types import MappingProxyType

_FILE = {
    "empty": ("The file is empty.", "文件为空。"),
    "too-large": (
        "The file has {bytes} bytes; {limit} are allowed.",
        "文件为 {bytes} 字节，上限为 {limit} 字节。",
    ),
    "encoding": ("The file must be UTF-8; it is {found}.", "文件编码必须为 UTF-8，实际为 {found}。"),
    "json-not-xml": ("The file is JSON, not XML.", "文件是 JSON，不是 XML。"),
    "not-xml": ("The file is not XML: {found}.", "文件不是 XML：{found}。"),
    "malformed-xml": ("The XML is not well-formed: {found}.", "XML 格式不正确：{found}。"),
    "dtd-forbidden": (
        "A document type declaration is not allowed: it can expand without bound and reach other files.",
        "不允许文档类型声明（DOCTYPE）：它可能无限展开或读取其他文件。",
    ),
    "too-deep": ("Elements are nested deeper than {limit} levels.", "元素嵌套超过 {limit} 层。"),
    "too-many-elements": ("The file has more than {limit} tags.", "文件中的标签超过 {limit} 个。"),
    "unknown-root": (
        "The document is a {found}, not an Invoice, CreditNote or CrossIndustryInvoice.",
        "文档根元素为 {found}，不是 Invoice、CreditNote 或 CrossIndustryInvoice。",
    ),
    "unknown-namespace": (
        "{found} is not in the namespace of UBL 2.1 or of CII D16B.",
        "{found} 不属于 UBL 2.1 或 CII D16B 的命名空间。",
    ),
}

_FORM = {
    "not-unique": ("{name} is given {count} times; one is allowed.", "{name} 出现 {count} 次，只允许一次。"),
    "unexpected-content": ("{name} must hold text only.", "{name} 只能包含文本。"),
    "too-long": ("{name} is longer than {limit} characters.", "{name} 超过 {limit} 个字符。"),
    "invalid-date": ("{value} is not a date written {form}.", "{value} 不是 {form} 格式的日期。"),
    "malformed-amount": ("{value} is not an amount in digits.", "{value} 不是有效的金额。"),
    "malformed-number": ("{value} is not a decimal number.", "{value} 不是有效的十进制数。"),
    "malformed-indicator": ("{value} is neither true nor false.", "{value} 既不是 true 也不是 false。"),
    "too-many-decimals": (
        "{value} has more than the {decimals} decimals of {currency}.",
        "{value} 的小数位超过 {currency} 的 {decimals} 位。",
    ),
    "amount-too-large": ("{value} is beyond what the ledger can hold.", "{value} 超出账本可记录的上限。"),
    "unknown-currency": ("Currency {value} is not admitted here.", "不支持币种 {value}。"),
    "currency-mismatch": (
        "The amount is in {value}, the invoice in {currency}.",
        "该金额币种为 {value}，发票币种为 {currency}。",
    ),
    "malformed-identifier": (
        "{value} cannot identify a party under scheme {scheme}.",
        "{value} 不能作为方案 {scheme} 下的主体标识。",
    ),
    "number-unusable": (
        "The invoice number {value} has no letter or digit to tell it from others.",
        "发票号码 {value} 不含字母或数字，无法区分。",
    ),
}

_REQUIRED = {
    "BR-01": ("The specification identifier (BT-24) is missing.", "缺少规范标识（BT-24）。"),
    "BR-02": ("The invoice number (BT-1) is missing.", "缺少发票号码（BT-1）。"),
    "BR-03": ("The issue date (BT-2) is missing.", "缺少开票日期（BT-2）。"),
    "BR-04": ("The invoice type code (BT-3) is missing.", "缺少发票类型代码（BT-3）。"),
    "BR-05": ("The invoice currency (BT-5) is missing.", "缺少发票币种（BT-5）。"),
    "BR-06": ("The seller's name (BT-27) is missing.", "缺少卖方名称（BT-27）。"),
    "BR-07": ("The buyer's name (BT-44) is missing.", "缺少买方名称（BT-44）。"),
    "BR-08": ("The seller's address (BG-5) is missing.", "缺少卖方地址（BG-5）。"),
    "BR-09": ("The seller's country (BT-40) is missing.", "缺少卖方国家（BT-40）。"),
    "BR-10": ("The buyer's address (BG-8) is missing.", "缺少买方地址（BG-8）。"),
    "BR-11": ("The buyer's country (BT-55) is missing.", "缺少买方国家（BT-55）。"),
    "BR-12": ("The sum of the lines (BT-106) is missing.", "缺少行净额合计（BT-106）。"),
    "BR-13": ("The total without VAT (BT-109) is missing.", "缺少不含税总额（BT-109）。"),
    "BR-14": ("The total with VAT (BT-112) is missing.", "缺少含税总额（BT-112）。"),
    "BR-15": ("The amount due for payment (BT-115) is missing.", "缺少应付金额（BT-115）。"),
    "BR-16": ("The invoice has no line (BG-25).", "发票没有明细行（BG-25）。"),
    "BR-17": ("The payee has no name (BT-59).", "收款方缺少名称（BT-59）。"),
    "BR-21": ("The line has no identifier (BT-126).", "明细行缺少标识（BT-126）。"),
    "BR-22": ("The line has no quantity (BT-129).", "明细行缺少数量（BT-129）。"),
    "BR-24": ("The line has no net amount (BT-131).", "明细行缺少净额（BT-131）。"),
    "BR-25": ("The item has no name (BT-153).", "商品缺少名称（BT-153）。"),
    "BR-26": ("The item has no net price (BT-146).", "商品缺少净单价（BT-146）。"),
    "BR-31": ("The document allowance has no amount (BT-92).", "单据级折让缺少金额（BT-92）。"),
    "BR-36": ("The document charge has no amount (BT-99).", "单据级附加费缺少金额（BT-99）。"),
    "BR-41": ("The line allowance has no amount (BT-136).", "行级折让缺少金额（BT-136）。"),
    "BR-43": ("The line charge has no amount (BT-141).", "行级附加费缺少金额（BT-141）。"),
    "BR-45": ("The VAT breakdown has no taxable amount (BT-116).", "增值税明细缺少计税金额（BT-116）。"),
    "BR-46": ("The VAT breakdown has no tax amount (BT-117).", "增值税明细缺少税额（BT-117）。"),
    "BR-CO-18": ("The invoice has no VAT breakdown (BG-23).", "发票缺少增值税明细（BG-23）。"),
    "BR-CO-25": (
        "Neither a due date (BT-9) nor payment terms (BT-20) are given.",
        "既无到期日（BT-9）也无付款条件（BT-20）。",
    ),
    "BR-CO-26": (
        "The seller has no identifier, registration or VAT number (BT-29, BT-30, BT-31).",
        "卖方没有标识、登记号或增值税号（BT-29、BT-30、BT-31）。",
    ),
    "BR-CL-01": ("{code} is not an invoice type: {reason}.", "{code} 不是 EN 16931 的发票类型。"),
}

_ARITHMETIC = {
    "BR-27": ("The item net price (BT-146) is negative: {given}.", "商品净单价（BT-146）为负：{given}。"),
    "BR-CO-10": (
        "The sum of the lines (BT-106) is {given}; the lines add up to {expected}.",
        "行净额合计（BT-106）为 {given}，各行相加为 {expected}。",
    ),
    "BR-CO-11": (
        "The sum of allowances (BT-107) is {given}; the allowances add up to {expected}.",
        "折让合计（BT-107）为 {given}，各项折让相加为 {expected}。",
    ),
    "BR-CO-12": (
        "The sum of charges (BT-108) is {given}; the charges add up to {expected}.",
        "附加费合计（BT-108）为 {given}，各项附加费相加为 {expected}。",
    ),
    "BR-CO-13": (
        "The total without VAT (BT-109) is {given}; lines less allowances plus charges make {expected}.",
        "不含税总额（BT-109）为 {given}，行合计减折让加附加费为 {expected}。",
    ),
    "BR-CO-14": (
        "The VAT total (BT-110) is {given}; the VAT breakdown adds up to {expected}.",
        "税额合计（BT-110）为 {given}，增值税明细相加为 {expected}。",
    ),
    "BR-CO-15": (
        "The total with VAT (BT-112) is {given}; the total without VAT plus VAT makes {expected}.",
        "含税总额（BT-112）为 {given}，不含税总额加税额为 {expected}。",
    ),
    "BR-CO-16": (
        "The amount due (BT-115) is {given}; the total less paid plus rounding makes {expected}.",
        "应付金额（BT-115）为 {given}，含税总额减已付加舍入为 {expected}。",
    ),
    "BR-CO-17": (
        "The VAT of the category (BT-117) is {given}; taxable amount times rate makes {expected}.",
        "该类税额（BT-117）为 {given}，计税金额乘税率为 {expected}。",
    ),
    "PEPPOL-EN16931-R120": (
        "The line's net amount is {given}; price, quantity, allowances and charges make {expected}.",
        "该行净额为 {given}，单价、数量、折让与附加费计算为 {expected}。",
    ),
}

_CLAIM = {
    "credit-note": (
        "Type {code} cannot become a receivable: {reason}.",
        "类型 {code} 是贷项通知单，不能成为应收账款。",
    ),
    "prepayment": (
        "An advance payment cannot become a receivable ({found}).",
        "预付款不能成为应收账款（{found}）。",
    ),
    "already-assigned": (
        "The claim has already been assigned, the seller no longer owns it ({found}).",
        "该债权已转让，卖方不再持有（{found}）。",
    ),
    "corrective-invoice": (
        "Type {code} cannot become a receivable: {reason}.",
        "类型 {code} 为更正发票，原发票可能已成为应收账款。",
    ),
    "not-an-invoice": (
        "Type {code} cannot become a receivable: {reason}.",
        "类型 {code} 不是形成债权的发票。",
    ),
    "not-final": ("Type {code} cannot become a receivable: {reason}.", "类型 {code} 不是最终发票。"),
    "payable-not-positive": (
        "The amount due for payment is {value}; nothing is owed to the seller.",
        "应付金额为 {value}，买方没有欠款。",
    ),
    "already-paid": (
        "The invoice is paid by card (payment means {code}), so nothing will be left at maturity.",
        "发票以银行卡支付（付款方式 {code}），到期时已无欠款。",
    ),
    "due-before-issue": (
        "The due date {value} is before the issue date {issued}.",
        "到期日 {value} 早于开票日期 {issued}。",
    ),
    "same-party": (
        "Seller and buyer carry the same identifier {value}; nobody can owe itself.",
        "卖方与买方使用同一标识 {value}，不能自己欠自己。",
    ),
}

RULES = MappingProxyType({**_FILE, **_FORM, **_REQUIRED, **_ARITHMETIC, **_CLAIM})
"""rule -> (English, Chinese)."""
