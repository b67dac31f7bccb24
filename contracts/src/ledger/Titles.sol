// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";
import {LedgerStore} from "./LedgerStore.sol";
import {LotIds} from "./LotIds.sol";
import {Charge, LotWord, packCharge, packLot} from "./LotWords.sol";
import {Money, Register, packDebt, packMoney, packRegister} from "./Slots.sol";

/// @title Title: issue, the one primitive that moves lots, freezes and charges
/// @dev Calls no contract but the Rulebook (a view, at issue), so nothing can come in from behind. A lot's `seq` starts
/// at 0 and goes up with every change of the lot but a claim without a charge.
abstract contract Titles is LedgerStore, ModuleRights {
    /// @dev 2^53 - 1 minor units (ADR 0014): exact in JSON, inside a lot's word, and with a century of late interest at the
    /// Rulebook's highest rate still inside the signed 64 bits of a database.
    uint64 private constant MAX_FACE = 2 ** 53 - 1;

    /// @dev The data of `LotMoved`, in its order: the struct in memory is the event's encoding.
    struct Hop {
        address from;
        address to;
        uint64 first;
        uint64 amount;
        uint64 parentLeft;
        uint24 parentSeq;
        uint8 depth;
        uint8 cause;
        bytes32 evidence;
    }

    /// @inheritdoc ILedger
    function issue(IssueOrder calldata order) external returns (uint64 receivable, uint64 lot) {
        _requireRight(Rights.ISSUE);
        _checkIssue(order);
        receivable = ++receivableCount;
        lot = LotIds.lotId(receivable, 1);
        emit ReceivableIssued(
            receivable,
            order.debtor,
            order.creditor,
            lot,
            order.face,
            order.due,
            order.currency,
            order.termsHash,
            order.invoiceSet
        );
        _openReceivable(receivable, order);
        Hop memory hop;
        (hop.to, hop.amount, hop.evidence) = (order.creditor, order.face, order.invoiceSet);
        _openLot(receivable, 0, lot, hop, 0, 0);
    }

    /// @inheritdoc ILedger
    function move(MoveOrder calldata order) external returns (uint64 child, uint16 currency) {
        Cause cause = order.cause;
        _requireRight(_rightOf(cause));
        if (order.mandated && cause != Cause.Finance) revert LedgerBadMandateFlag(cause);
        uint64 parent = order.parent;
        LotWord word = _lotOf(parent);
        uint64 receivable = LotIds.receivableOf(parent);
        ReceivableEntry storage entry = _receivables[receivable];
        (Register register, Money money) = (entry.register, entry.money);
        Hop memory hop = _hop(order, word);
        _checkFlags(parent, word.flags(), cause, hop);
        _checkMovable(receivable, parent, register, money, hop, cause);
        _lots[parent] = word.withLowEndCut(hop.amount);
        register = register.withLotAdded();
        entry.register = register;
        child = LotIds.lotId(receivable, register.lotCount());
        _openChild(receivable, child, order, word, hop);
        currency = money.currency();
    }

    /// @inheritdoc ILedger
    function charge(ChargeOrder calldata order) external returns (uint16 currency) {
        _requireRight(_rightOf(order.kind));
        (uint64 lot, uint8 kind) = (order.lot, order.kind);
        LotWord word = _lotOf(lot);
        _checkSigned(lot, word, order.owner, order.seq);
        uint8 flags = word.flags();
        if (flags & LotFlags.FROZEN != 0) revert LedgerLotFrozen(lot);
        if (flags & LotFlags.EXPORTED != 0) revert LedgerLotExported(lot);
        if (flags & LotFlags.CHARGED != 0) revert LedgerLotCharged(lot, flags);
        _checkCharge(order, word.amount());
        uint64 receivable = LotIds.receivableOf(lot);
        Money money = _receivables[receivable].money;
        Register register = _receivables[receivable].register;
        _checkRegister(receivable, register, money);
        // enforcement goes one deeper than the limit, and a pledge after it would make that a way around
        if (word.depth() > register.maxDepth()) revert LedgerTooDeep(lot, register.maxDepth());
        _charges[lot] = packCharge(_holderNumber(order.chargee), order.secured, order.recourseLimit);
        _setFlags(receivable, lot, word, flags | kind, order.evidence);
        emit LotCharged(lot, order.chargee, order.secured, order.recourseLimit);
        currency = money.currency();
    }

    /// @inheritdoc ILedger
    function lowerPledge(uint64 lot, uint24 seq, address pledgee, uint64 secured, bytes32 evidence)
        external
        returns (address owner, uint16 currency)
    {
        _requireRight(Rights.PLEDGE);
        LotWord word = _lotOf(lot);
        owner = _holders[word.holder()];
        _checkSigned(lot, word, owner, seq);
        uint8 flags = word.flags();
        if (flags & LotFlags.FROZEN != 0) revert LedgerLotFrozen(lot);
        Charge held = _charges[lot];
        if (flags & LotFlags.PLEDGED == 0 || _holders[held.chargeeNumber()] != pledgee) {
            revert LedgerLotNotPledgedTo(lot, pledgee);
        }
        if (secured >= held.secured()) revert LedgerBadCharge(lot, secured, 0);
        if (evidence == 0) revert LedgerZeroValue();
        if (secured == 0) (flags, pledgee) = (flags & ~LotFlags.PLEDGED, address(0));
        uint64 receivable = LotIds.receivableOf(lot);
        _charges[lot] = secured == 0 ? Charge.wrap(0) : packCharge(held.chargeeNumber(), secured, 0);
        _setFlags(receivable, lot, word, flags, evidence);
        emit LotCharged(lot, pledgee, secured, 0);
        currency = _receivables[receivable].money.currency();
    }

    /// @inheritdoc ILedger
    function setFrozen(uint64 lot, bool frozen, bytes32 order) external {
        _requireRight(Rights.FREEZE);
        if (order == 0) revert LedgerZeroValue();
        LotWord word = _lotOf(lot);
        uint8 flags = word.flags();
        if (frozen == (flags & LotFlags.FROZEN != 0)) {
            if (frozen) revert LedgerLotFrozen(lot);
            revert LedgerLotNotFrozen(lot);
        }
        _setFlags(LotIds.receivableOf(lot), lot, word, flags ^ LotFlags.FROZEN, order);
    }

    function _checkIssue(IssueOrder calldata order) private view {
        if (
            order.debtor == address(0) || order.creditor == address(0) || order.face == 0
                || order.termsHash == 0 || order.invoiceSet == 0
        ) revert LedgerZeroValue();
        if (order.face > MAX_FACE) revert LedgerFaceTooLarge(order.face, MAX_FACE);
        if (cashOf[order.currency] == address(0)) revert LedgerUnknownCurrency(order.currency);
    }

    /// @dev A receivable keeps the rules of the day it was born (ADR 0006). The Rulebook bounds the smallest lot to u48.
    function _openReceivable(uint64 receivable, IssueOrder calldata order) private {
        uint40 now_ = uint40(block.timestamp);
        IRulebook.Terms memory terms = rulebook.termsAt(order.currency, now_);
        ReceivableEntry storage entry = _receivables[receivable];
        entry.register = packRegister(
            terms.maxLots,
            terms.maxDepth,
            order.due,
            now_,
            terms.closeWindowSeconds,
            uint48(terms.minLotMinor)
        );
        entry.money = packMoney(order.face, order.currency, terms.graceDays, terms.lateRatePpmPerDay);
        entry.debt = packDebt(order.debtor);
        entry.creditor = order.creditor;
        entry.termsHash = order.termsHash;
        entry.invoiceSet = order.invoiceSet;
        emit ReceivableTerms(
            receivable,
            terms.maxDepth,
            terms.maxLots,
            terms.minLotMinor,
            terms.lateRatePpmPerDay,
            terms.graceDays,
            terms.closeWindowSeconds
        );
    }

    /// @dev The child takes the low end of its parent, the parent keeps the rest, possibly nothing.
    function _hop(MoveOrder calldata order, LotWord lot) private view returns (Hop memory hop) {
        (uint64 parent, uint64 amount, uint64 available) = (order.parent, order.amount, lot.amount());
        (address from, address to) = (order.from, order.to);
        uint24 seq = lot.seq();
        // the order behind a forced move was given before: the owner must not escape it by a cut
        _checkSigned(parent, lot, from, order.cause == Cause.Forced ? seq : order.seq);
        if (to == address(0) || amount == 0 || order.evidence == 0) revert LedgerZeroValue();
        if (to == from) revert LedgerSelfMove(parent, from);
        if (amount > available) revert LedgerAmountOverLot(parent, amount, available);
        (hop.from, hop.to, hop.first, hop.amount) = (from, to, lot.first(), amount);
        (hop.cause, hop.evidence) = (uint8(order.cause), order.evidence);
        uint8 depth = lot.depth();
        if (depth == type(uint8).max) revert LedgerTooDeep(parent, depth);
        // checked: seq must not carry into the next field of the lot's word
        hop.parentSeq = seq + 1;
        unchecked {
            (hop.parentLeft, hop.depth) = (available - amount, depth + 1);
        }
    }

    /// @dev A charge goes with the lot, unless title comes to whoever it was for, or the pledge is enforced.
    function _openChild(
        uint64 receivable,
        uint64 child,
        MoveOrder calldata order,
        LotWord parentWord,
        Hop memory hop
    ) private {
        uint64 parent = order.parent;
        uint8 charged = parentWord.flags() & LotFlags.CHARGED;
        Charge held = Charge.wrap(0);
        if (charged != 0) {
            held = _charges[parent];
            _charges[parent] = Charge.wrap(0);
            _lots[parent] = _lots[parent].withFlags(parentWord.flags() & ~LotFlags.CHARGED, hop.parentSeq);
            if (order.cause == Cause.Recovery || _holders[held.chargeeNumber()] == hop.to) charged = 0;
        }
        uint8 flags = charged;
        if (order.mandated) flags |= LotFlags.MANDATED;
        if (order.cause == Cause.Export) flags |= LotFlags.EXPORTED;
        _openLot(receivable, parent, child, hop, flags, parentWord.claimedThrough());
        if (Charge.unwrap(held) != 0) {
            emit LotFlagsChanged(
                receivable, parent, parentWord.flags() & ~LotFlags.CHARGED, hop.parentSeq, hop.evidence
            );
            emit LotCharged(parent, address(0), 0, 0);
        }
        if (flags != 0) emit LotFlagsChanged(receivable, child, flags, 0, hop.evidence);
        if (charged != 0) {
            _charges[child] = held;
            emit LotCharged(child, _holders[held.chargeeNumber()], held.secured(), held.recourseLimit());
        }
    }

    function _openLot(
        uint64 receivable,
        uint64 parent,
        uint64 child,
        Hop memory hop,
        uint8 flags,
        uint16 claimedThrough
    ) internal {
        _lots[child] = packLot(
            _holderNumber(hop.to),
            hop.first,
            hop.amount,
            LotIds.indexOf(parent),
            hop.depth,
            claimedThrough,
            uint40(block.timestamp),
            flags
        );
        bytes32 topic = LotMoved.selector;
        // emit LotMoved(receivable, parent, child, …): the event's data is the struct as it lies in memory, nine words
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            log4(hop, 288, topic, receivable, parent, child)
        }
    }

    function _setFlags(uint64 receivable, uint64 lot, LotWord word, uint8 flags, bytes32 evidence) private {
        uint24 seq = word.seq() + 1;
        _lots[lot] = word.withFlags(flags, seq);
        emit LotFlagsChanged(receivable, lot, flags, seq, evidence);
    }

    function _holderNumber(address holder) internal returns (uint32 number) {
        number = _holderNumbers[holder];
        if (number == 0) {
            number = ++_holderCount;
            (_holderNumbers[holder], _holders[number]) = (number, holder);
        }
    }

    function _checkSigned(uint64 lot, LotWord word, address owner, uint24 seq) private view {
        address held = _holders[word.holder()];
        if (owner != held) revert LedgerNotOwner(lot, held, owner);
        if (seq != word.seq()) revert LedgerStaleLot(lot, seq, word.seq());
    }

    /// @dev Only what is for ever in another register cannot even be moved under an order.
    function _checkFlags(uint64 lot, uint8 flags, Cause cause, Hop memory hop) private pure {
        if (flags & LotFlags.EXPORTED != 0) revert LedgerLotExported(lot);
        if (flags & LotFlags.FROZEN != 0 && cause != Cause.Forced) revert LedgerLotFrozen(lot);
        bool pledged = flags & LotFlags.PLEDGED != 0;
        if (pledged && cause != Cause.Recovery && cause != Cause.Forced) revert LedgerLotCharged(lot, flags);
        if (!pledged && cause == Cause.Recovery) revert LedgerLotNotPledgedTo(lot, address(0));
        if (flags & LotFlags.CHARGED != 0) _checkWhole(lot, hop);
    }

    /// @dev Ordinary moves keep to the register's hours and limits. A buy-back and the enforcement of a pledge come late by
    /// nature, and an order at any time: they are held to nothing but that no lot is cut once payments have begun, since two
    /// parts may have been paid less than their whole was (ADR 0003).
    function _checkMovable(
        uint64 receivable,
        uint64 parent,
        Register register,
        Money money,
        Hop memory hop,
        Cause cause
    ) private view {
        if (cause == Cause.Assign || cause == Cause.Finance || cause == Cause.Export) {
            _checkRegister(receivable, register, money);
            _checkLimits(receivable, parent, hop, register);
            return;
        }
        State state = money.state();
        bool live = cause == Cause.Forced
            ? state != State.Cancelled
            : state == State.Active || state == State.Settling || state == State.Defaulted;
        if (!live) revert LedgerWrongState(receivable, state);
        if (cause != Cause.Forced || money.installments() != 0) _checkWhole(parent, hop);
        if (register.lotCount() == type(uint24).max) {
            revert LedgerTooManyLots(receivable, type(uint24).max);
        }
    }

    function _checkRegister(uint64 receivable, Register register, Money money) private view {
        uint40 closedAt = register.due() - register.closeWindowSeconds();
        if (money.state() != State.Active || block.timestamp >= closedAt) {
            revert LedgerRegisterClosed(receivable, money.state(), closedAt);
        }
    }

    /// @dev A whole lot may always be passed on, however small; a cut leaves no part below the smallest lot.
    function _checkLimits(uint64 receivable, uint64 parent, Hop memory hop, Register register) private pure {
        uint64 minimum = register.minLotMinor();
        if (hop.parentLeft != 0) {
            if (hop.amount < minimum) revert LedgerBelowMinimumLot(hop.amount, minimum);
            if (hop.parentLeft < minimum) revert LedgerBelowMinimumLot(hop.parentLeft, minimum);
        }
        uint8 limit = register.maxDepth();
        if (hop.depth > limit) revert LedgerTooDeep(parent, limit);
        if (register.lotCount() >= register.maxLots()) {
            revert LedgerTooManyLots(receivable, register.maxLots());
        }
    }

    function _checkWhole(uint64 lot, Hop memory hop) private pure {
        if (hop.parentLeft != 0) {
            revert LedgerLotOnlyWhole(lot, hop.amount, hop.amount + hop.parentLeft);
        }
    }

    function _checkCharge(ChargeOrder calldata order, uint64 amount) private pure {
        if (order.chargee == address(0) || order.evidence == 0) revert LedgerZeroValue();
        if (order.chargee == order.owner) revert LedgerSelfMove(order.lot, order.owner);
        bool pledge = order.kind == LotFlags.PLEDGED;
        // a lot may secure more than its face, but one that was passed on whole secures nothing
        uint64 most = pledge && amount != 0 ? MAX_FACE : amount;
        uint64 mostLimit = pledge ? 0 : amount;
        if (order.secured == 0 || order.secured > most || order.recourseLimit > mostLimit) {
            revert LedgerBadCharge(order.lot, order.secured, order.recourseLimit);
        }
    }

    /// @dev 0, which no module has, for the cause that `issue` alone uses.
    function _rightOf(Cause cause) private pure returns (uint16) {
        if (cause == Cause.Assign) return Rights.ASSIGN;
        if (cause == Cause.Finance) return Rights.FINANCE;
        if (cause == Cause.Buyback) return Rights.BUYBACK;
        if (cause == Cause.Forced) return Rights.FORCE;
        if (cause == Cause.Recovery) return Rights.PLEDGE;
        return cause == Cause.Export ? Rights.EXPORT : 0;
    }

    /// @dev 0, which no module has, for anything that is no charge.
    function _rightOf(uint8 kind) private pure returns (uint16) {
        if (kind == LotFlags.PLEDGED) return Rights.PLEDGE;
        return kind == LotFlags.RECOURSE ? Rights.FINANCE : 0;
    }
}
