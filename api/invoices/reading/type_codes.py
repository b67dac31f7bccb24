"""Which document types (BT-3, UNTDID 1001) may become a receivable, and why the others may not.

Only a type that is final by definition is read: what it says is owed for goods or services, and no later
document of the same series is meant to change it. EN 16931 admits the codes below (rule BR-CL-01); a code
outside this table is no invoice at all.
"""

READABLE: dict[str, str] = {
    "380": "commercial invoice: the ordinary final claim",
    "82": "metered services: consumption has been measured",
    "331": "commercial invoice with a packing list: final, and proves the delivery as well",
    "388": "tax invoice: final; the ordinary form in several countries",
    "389": "self-billed: written by the debtor itself, so its amount is not in doubt",
    "575": "insurer's invoice: final",
    "623": "forwarder's invoice: final",
    "780": "freight invoice: final",
    "877": "final construction invoice: partial ones have been settled in it",
}

REFUSED: dict[str, dict[str, str]] = {
    "credit-note": dict.fromkeys(
        ("81", "83", "261", "262", "296", "308", "381", "420", "458", "503", "532"),
        "the seller owes the buyer, not the other way round",
    ),
    "prepayment": dict.fromkeys(
        ("386", "500"), "nothing has been delivered yet, and receivables from prepayments are not allowed"
    ),
    "already-assigned": dict.fromkeys(
        ("393", "396", "472", "473", "501", "502"),
        "the claim belongs to a factor and cannot be assigned again",
    ),
    #  Whether it replaces the first invoice or only adds the difference is not in the document; the first one
    # may be a receivable already, and then both would be financed.
    "corrective-invoice": dict.fromkeys(
        ("384", "471"), "it changes an earlier invoice that may be a receivable already"
    ),
    "not-an-invoice": dict.fromkeys(
        (
            "71",
            "102",
            "130",
            "202",
            "203",
            "204",
            "211",
            "218",
            "219",
            "325",
            "751",
            "817",
            "870",
            "935",
            "553",
        ),
        "it asks, values or informs, and creates no claim of its own",
    ),
    "not-final": {
        "80": "a debit note adjusts an earlier invoice",
        "84": "a debit note adjusts an earlier invoice",
        "383": "a debit note adjusts an earlier invoice",
        "456": "a debit advice adjusts an account",
        "457": "it reverses a debit",
        "527": "a debit note adjusts an earlier invoice",
        "295": "a price variation adjusts an earlier invoice",
        "326": "a partial invoice is incomplete by definition",
        "385": "it repeats invoices that may be receivables already",
        "382": "a commission note depends on another trade",
        "387": "hire runs on, and the next document may change it",
        "394": "lease instalments are no trade in goods or services delivered",
        "390": "a del credere agent answers for the debtor, who then may be somebody else",
        "395": "goods on consignment are not sold yet",
        "633": "port charges documents list dues that are settled otherwise",
        "875": "a partial construction invoice is settled in the final one",
        "876": "a partial final construction invoice is settled in the final one",
    },
}


def refusal_of(code: str) -> tuple[str, str] | None:
    """(rule, reason) for a type that cannot become a receivable, None for one that can."""
    if code in READABLE:
        return None
    for rule, reasons in REFUSED.items():
        if code in reasons:
            return rule, reasons[code]
    return "BR-CL-01", "it is no invoice type of EN 16931"
