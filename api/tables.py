"""All tables of the schema `app` in one place, so that migrations see every folder's."""

from typing import Final

from sqlalchemy import MetaData

from api.auth import models as auth
from api.db import AppTable
from api.financing import models as financing
from api.http import models as http
from api.intents import models as intents
from api.invoices import models as invoices
from api.outbox import models as outbox
from api.parties import models as parties
from api.settlement import models as settlement
from api.transfers import models as transfers
from api.webhooks import models as webhooks

MODULES: Final = (auth, financing, http, intents, invoices, outbox, parties, settlement, transfers, webhooks)

METADATA: Final[MetaData] = AppTable.metadata
