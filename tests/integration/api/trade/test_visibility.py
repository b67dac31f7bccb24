"""Competing suppliers see nothing of each other; every route is walked with a stranger's key."""

from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from tests.support.stack import Market, money, ok

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN_TO_ALL = frozenset({"get_party", "list_parties"})
"""Anybody finds a party by its identifier and sees its name and standing."""


async def traded(market: Market) -> dict[str, Any]:
    """A deal with everything in it, of which the third supplier is no part; ids by path parameter."""
    issued = await market.issue()
    request = await market.request_quotes(issued["lot_id"], market.first, "1000.00")
    quote = await market.quote(request, market.bank)
    accepted = ok(await market.accept(quote, market.first))
    return {
        "invoice_id": issued["invoice_id"],
        "receivable_id": issued["receivable_id"],
        "lot_id": issued["lot_id"],
        "request_id": request,
        "financing_id": accepted["financing"]["id"],
        "operation_id": accepted["operation"]["id"],
        "digest": quote["intent"]["digest"],
        "party_id": market.first.address,
        "serial": "0",
    }


def reads() -> list[APIRoute]:
    """Every route that reads one thing."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [
        route
        for route in routes
        if "GET" in route.methods and route.param_convertors and route.name not in OPEN_TO_ALL
    ]


async def test_a_stranger_finds_nothing_on_any_route(market: Market) -> None:
    ids = await traded(market)
    walked = 0
    for route in reads():
        if not set(route.param_convertors) <= set(ids):
            continue
        path = route.path.format(**ids)
        answer = await market.third.http.get(path)
        assert answer.status_code == 404, f"{path}: {answer.status_code} {answer.text}"
        walked += 1
    assert walked >= 11


async def test_lists_of_a_stranger_hold_nothing_of_others(market: Market) -> None:
    ids = await traded(market)
    for path in ("invoices", "receivables", "lots", "quote-requests", "financings", "intents"):
        text = (await market.third.http.get(f"/v1/{path}?limit=200")).text
        assert ids["invoice_id"] not in text
        assert market.first.address not in text or path in ("receivables", "lots", "intents")


async def test_holders_see_their_own_hops_and_the_auditor_sees_all(market: Market) -> None:
    issued = await market.issue()
    second = await market.assign(issued["lot_id"], market.first, market.second, "4000.00")
    third = await market.assign(second, market.second, market.third, "1000.00")
    path = f"/v1/receivables/{issued['receivable_id']}"
    whole = ok(await market.auditor.get(f"{path}/trace"), 200)
    assert whole["tree"]["hop"]["to_party"]["id"] == market.first.address
    (below,) = whole["tree"]["children"]
    assert below["hop"]["trade_evidence"]["evidence"]["kind"] == "purchase-contract"
    seen = ok(await market.third.http.get(f"{path}/trace?serial=0"), 200)
    assert [hop["to_party"] and hop["to_party"]["id"] for hop in seen["path"]] == [
        None,
        None,
        market.third.address,
    ]
    assert market.first.address not in str(seen)
    own = ok(await market.third.http.get(f"{path}/lots"), 200)
    assert [(row["id"], row["amount"]) for row in own["items"]] == [(third, money("1000.00"))]
    everything = ok(await market.core.http.get(f"{path}/lots?limit=1"), 200)
    assert everything["next"] is not None
    rest = ok(await market.core.http.get(everything["next"]), 200)
    assert [everything["items"][0]["id"], rest["items"][0]["id"]] == [issued["lot_id"], second]
