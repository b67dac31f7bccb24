"""Money comes in at the settlement bank and becomes cash on the ledger."""

from itertools import count

from domain.money import format_amount
from scripts.story.people import Member
from scripts.story.telling import Telling

_NOTICE = count(1)


async def credit(telling: Telling, member: Member, currency: str, amount_minor: int) -> None:
    """Book a credit notice; each has a reference of its own, which counts once."""
    body = {
        "party": member.address,
        "amount": {"amount": format_amount(amount_minor, currency), "currency": currency},
        "credit_ref": f"CAMT-{currency}-{next(_NOTICE):06d}",
    }
    await telling.client.post(telling.stage.settlement_key, "/v1/cash-credits", body)
    telling.books.credit(member, currency, amount_minor)
