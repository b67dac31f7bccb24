"""What an assignment made, once the ledger has it."""

from typing import Final

from api.outbox.models import OperationKind
from api.outbox.service import Followup
from api.receivables.followups import tell_lot

FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.ASSIGN: tell_lot}
