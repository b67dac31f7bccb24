"""Drafts of those who hold offices, and of anyone when time has passed."""

from collections.abc import Callable

from domain.calendar import DAY_SECONDS
from domain.ids import Digest, PartyAddress, ReceivableId
from domain.intents import Revoke
from domain.ledger import commands as c
from domain.ledger.rights import INVOICES, LEDGER, Office, Right
from domain.ledger.state import CHARGED
from domain.lots import LotFlag
from domain.parties import PartyStatus
from domain.receivable import ReceivableState
from tests.support.reference.cast import CURRENCIES
from tests.support.reference.desk import SIGNED_BY, Desk
from tests.support.reference.drafts_credit import finance
from tests.support.reference.drafts_title import assign

_S = ReceivableState


def flag_overdue(desk: Desk) -> c.Command:
    """Of any receivable."""
    return c.FlagOverdue(sender=desk.cast.relayer, receivable=_receivable(desk))


def declare_default(desk: Desk) -> c.Command:
    """Of any receivable."""
    return c.DeclareDefault(sender=desk.cast.relayer, receivable=_receivable(desk))


def freeze(desk: Desk) -> c.Command | None:
    """A lot or two."""
    return _freezing(desk, c.Freeze, frozen=False)


def unfreeze(desk: Desk) -> c.Command | None:
    """A lot or two."""
    return _freezing(desk, c.Unfreeze, frozen=True)


def _freezing(desk: Desk, kind: Callable[..., c.Command], *, frozen: bool) -> c.Command | None:
    found = desk.lots(lambda lot, _: (LotFlag.FROZEN in lot.flags) == frozen)
    if not found:
        return None
    lots = {desk.dice.pick(found), desk.dice.pick(found)}
    return kind(sender=desk.cast.officers[Office.FREEZER], lots=tuple(sorted(lots)), order=desk.dice.word())


def suspend(desk: Desk) -> c.Command | None:
    """Before the first payment."""
    return _ordered(desk, c.Suspend, Office.FREEZER, _S.ACTIVE)


def resume(desk: Desk) -> c.Command | None:
    """Whatever was paid meanwhile."""
    return _ordered(desk, c.Resume, Office.FREEZER, _S.SUSPENDED)


def write_off(desk: Desk) -> c.Command | None:
    """After default."""
    return _ordered(desk, c.WriteOff, Office.COURT, _S.DEFAULTED)


def _ordered(
    desk: Desk, kind: Callable[..., c.Command], office: Office, state: ReceivableState
) -> c.Command | None:
    found = desk.receivables(state)
    if not found:
        return None
    receivable = desk.dice.pick(found)
    return kind(sender=desk.cast.officers[office], receivable=receivable, order=desk.dice.word())


def force_move(desk: Desk) -> c.Command | None:
    """Whatever lies on the lot."""
    found = desk.pick_lot(lambda lot, _: LotFlag.EXPORTED not in lot.flags)
    if found is None:
        return None
    number, lot, receivable = found
    whole = bool(receivable.installments or lot.flags & CHARGED)
    return c.ForceMove(
        sender=desk.cast.officers[Office.COURT],
        lot=number,
        to=desk.other(lot.owner).address,
        amount=lot.amount if whole else desk.dice.pick([lot.amount, max(1, lot.amount // 3)]),
        order=desk.dice.word(),
    )


def _receivable(desk: Desk) -> ReceivableId:
    """One that a late debtor owes, if there is one."""
    late = [
        number
        for number in desk.receivables(_S.ACTIVE, _S.SETTLING)
        if desk.now_s >= desk.state.receivables[number].due + DAY_SECONDS
    ]
    return desk.dice.pick(late or list(desk.state.receivables))


def update_party(desk: Desk) -> c.Command:
    """Somebody out, or in again if there is somebody who is out."""
    out = [
        player
        for player in desk.cast.players.values()
        if desk.state.parties[player.address].status == PartyStatus.SUSPENDED
        or desk.state.parties[player.address].kyb_until_s <= desk.now_s
    ]
    player = desk.dice.pick(out or list(desk.cast.players.values()))
    leave = not out and desk.dice.chance(50)
    return c.UpdateParty(
        sender=desk.cast.officers[Office.REGISTRAR],
        party=player.address,
        status=PartyStatus.SUSPENDED if leave else PartyStatus.ACTIVE,
        roles=player.roles,
        kyb_until_s=desk.now_s + desk.dice.pick([300, 5]) * DAY_SECONDS,
        reason=desk.dice.word(),
    )


def revoke(desk: Desk) -> c.Command:
    """A mandate, or one signature of something that could be carried now."""
    granted = [mandate for mandate in desk.mandates if mandate.digest in desk.state.exposures]
    pending = desk.dice.pick([assign, finance])(desk)
    if isinstance(pending, c.Carry) and (not granted or desk.dice.chance(50)):
        desk.withdrawn = [*desk.withdrawn[-2:], pending]
        name = desk.dice.pick(SIGNED_BY[type(pending.item.intent)])
        return _revocation(desk, getattr(pending.item.intent, name), pending.item.digest)
    if granted:
        mandate = desk.dice.pick(granted)
        return _revocation(desk, mandate.intent.bank, mandate.digest)
    return _revocation(desk, desk.dice.pick(list(desk.state.parties)), desk.dice.word())


def _revocation(desk: Desk, party: PartyAddress, digest: Digest) -> c.Command:
    intent = Revoke(party, digest, desk.deadline, desk.dice.salt())
    signed = desk.signed(intent)
    one = (signed.signers[0][:1],)
    return c.Carry(sender=desk.cast.relayer, item=c.Signed(intent, signed.digest, one))


def withdrawn(desk: Desk) -> c.Command | None:
    """Something that one of its signers has thought better of."""
    return desk.dice.pick(desk.withdrawn) if desk.withdrawn else None


def again(desk: Desk) -> c.Command | None:
    """Something that had its effect already."""
    return desk.dice.pick(desk.done) if desk.done else None


def pause(desk: Desk) -> c.Command:
    """Of one or all rights that can be paused."""
    return c.Pause(
        sender=desk.cast.officers[Office.GUARDIAN],
        place=desk.dice.pick([LEDGER, INVOICES, *CURRENCIES]),
        rights=desk.dice.pick([Right.ASSIGN | Right.CANCEL, Right.PAUSABLE, Right.FINANCE | Right.BUYBACK]),
    )


def unpause(desk: Desk) -> c.Command | None:
    """Of everything that is paused somewhere."""
    places = [place for place, rights in desk.state.paused.items() if rights]
    if not places:
        return None
    place = desk.dice.pick(places)
    rights = desk.state.paused[place]
    return c.Unpause(sender=desk.cast.officers[Office.UNPAUSER], place=place, rights=rights)
