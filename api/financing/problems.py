"""What quotes and their acceptance are refused for, beside the ledger's own reasons."""

from api.http.problems import define

REQUEST_CLOSED = define("quote-request-closed", 409, "The request takes no more quotes", "该询价已关闭")
FEES_ONE_RECEIVER = define(
    "fees-one-receiver", 422, "All fees of a quote go to one receiver", "一份报价的费用只能有一个收款方"
)
QUOTE_NOT_OPEN = define("quote-not-open", 409, "The quote cannot be accepted any more", "该报价已不能接受")
QUOTE_NOT_SIGNED = define("quote-not-signed", 409, "The bank has not signed the quote", "银行尚未签署该报价")
