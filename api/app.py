"""The web application: routers, middleware and error handling around an `Application`."""

from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api import openapi
from api.auth import routes as oauth
from api.bootstrap import Application
from api.buybacks import routes as buybacks
from api.events import routes as events
from api.evidence import routes as evidence
from api.financing import routes as financing
from api.http import errors, health, reference
from api.http.middleware import BodyLimit, RequestContext
from api.intents import routes as intents
from api.invoices import routes as invoices
from api.mandates import routes as mandates
from api.outbox import routes as operations
from api.parties import routes as parties
from api.pledges import routes as pledges
from api.positions import routes as positions
from api.receivables import routes as receivables
from api.settlement import routes as settlement
from api.stream import routes as stream
from api.transfers import routes as transfers
from api.webhooks import routes as webhooks

ROUTERS: Final = (
    parties.ROUTER,
    invoices.ROUTER,
    intents.ROUTER,
    receivables.ROUTER,
    receivables.LOTS,
    transfers.ROUTER,
    financing.LOTS,
    financing.REQUESTS,
    financing.ROUTER,
    buybacks.ROUTER,
    mandates.ROUTER,
    pledges.ROUTER,
    *settlement.ROUTERS,
    *positions.ROUTERS,
    evidence.ROUTER,
    evidence.EVENTS,
    events.ROUTER,
    stream.ROUTER,
    webhooks.ROUTER,
    operations.ROUTER,
    oauth.ROUTER,
    oauth.METADATA,
    health.ROUTER,
    reference.ROUTER,
)


def create_app(application: Application) -> FastAPI:
    """HTTP in front of a wired application; it neither starts nor closes what it is given."""
    app = FastAPI(
        title="Tallystick",
        version="0.1.0",
        summary="Receivables that can be cut to the cent, passed on, financed, paid once and traced.",
        generate_unique_id_function=_operation_id,
        # the framework's own pages load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
    )
    app.state.application = application
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    settings = application.settings
    app.add_middleware(
        BodyLimit, json_bytes_max=settings.json_bytes_max, document_bytes_max=settings.document_bytes_max
    )
    app.add_middleware(RequestContext)
    openapi.install(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
