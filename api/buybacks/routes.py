"""Buy-backs."""

from typing import Final

from api.auth.caller import Scope
from api.buybacks import service
from api.buybacks.schemas import BuyBackBody
from api.deps import Work, needs
from api.http.routing import router
from api.intents import service as intents
from api.intents.schemas import IntentView

ROUTER: Final = router("/buy-backs", "buy-backs")


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.FINANCE, Scope.PAY)])
async def buy_lot_back(body: BuyBackBody, work: Work) -> IntentView:
    """Take back a lot that was sold with recourse: an intent that bank and seller sign."""
    return await intents.view(work, await service.buy_back(work, body))
