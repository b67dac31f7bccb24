// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Rights} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";
import {LateInterest} from "./LateInterest.sol";
import {LedgerStore} from "./LedgerStore.sol";
import {LotIds} from "./LotIds.sol";
import {
    Debt,
    LotWord,
    Money,
    Register,
    packArrears,
    packDebt,
    packLot,
    packMoney,
    packRegister,
    packTotals
} from "./Slots.sol";

/// @title Receivables and lots
/// @dev Calls no contract but the Rulebook (a view, at issue), so nothing can come in from behind. A lot's `seq` starts
/// at 0 and counts how often it was cut.
contract Ledger is LedgerStore, ModuleRights {
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

    /// @dev Where one payment goes; `owed` is the interest still owed after it.
    struct Booking {
        uint64 principal;
        uint64 interest;
        uint64 owed;
        uint40 through;
    }

    constructor(address authority, IRulebook rulebook_) AccessManaged(authority) LedgerStore(rulebook_) {}

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
        _openLot(receivable, 0, lot, hop);
    }

    /// @inheritdoc ILedger
    function move(MoveOrder calldata order) external returns (uint64 child, uint16 currency) {
        _requireRight(_rightOf(order.cause));
        uint64 parent = order.parent;
        LotWord word = _lotOf(parent);
        uint64 receivable = LotIds.receivableOf(parent);
        ReceivableEntry storage entry = _receivables[receivable];
        Register register = entry.register;
        Hop memory hop = _hop(order, word);
        _checkRegister(receivable, register);
        _checkLimits(receivable, parent, hop, register);
        _lots[parent] = word.withLowEndCut(hop.amount);
        register = register.withLotAdded();
        entry.register = register;
        child = LotIds.lotId(receivable, register.lotCount());
        _openLot(receivable, parent, child, hop);
        currency = register.currency();
    }

    /// @inheritdoc ILedger
    function recordPayment(
        uint64 receivable,
        address debtor,
        uint64 amount,
        uint64 paidBefore,
        bytes32 digest
    ) external returns (uint16 currency) {
        _requireRight(Rights.PAY);
        Register register = _registerOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        (Money money, Debt debt) = (entry.money, entry.debt);
        if (debtor != debt.debtor()) revert LedgerNotDebtor(receivable, debt.debtor(), debtor);
        if (!_isOpen(register)) revert LedgerNotPayable(receivable, register.state());
        uint64 current = money.paid() + debt.interestPaid();
        if (paidBefore != current) revert LedgerStalePayment(receivable, paidBefore, current);
        if (amount == 0) revert LedgerZeroValue();
        Booking memory booking = _divide(receivable, entry, register.due(), money, amount);
        bool settled = _book(receivable, entry, money, debt, booking, digest);
        _advance(receivable, register, debtor, settled);
        currency = register.currency();
    }

    /// @inheritdoc ILedger
    function recordClaim(uint64 lot) external returns (address owner, uint64 amount, uint16 currency) {
        _requireRight(Rights.CLAIM);
        LotWord word = _lotOf(lot);
        uint64 receivable = LotIds.receivableOf(lot);
        ReceivableEntry storage entry = _receivables[receivable];
        Money money = entry.money;
        (uint64 principal, uint64 interest) = _openShare(receivable, word, money, entry.debt);
        amount = principal + interest;
        if (amount == 0) revert LedgerNothingToClaim(lot);
        owner = _holders[word.holder()];
        money = money.withClaim(amount);
        entry.money = money;
        _lots[lot] = word.withClaimedThrough(money.installments());
        emit LotClaimed(receivable, lot, owner, principal, interest, money.installments(), money.claimed());
        currency = entry.register.currency();
    }

    /// @inheritdoc ILedger
    function recordOverdue(uint64 receivable) external {
        _requireRight(Rights.FLAG);
        Register register = _registerOf(receivable);
        bool late = LateInterest.isLate(register.due(), uint40(block.timestamp));
        if (!late || register.overdue() || !_isOpen(register)) {
            revert LedgerNotOverdue(receivable, register.due());
        }
        _setOverdue(receivable, register, true, _receivables[receivable].debt.debtor());
    }

    /// @inheritdoc ILedger
    function setCurrency(uint16 currency, address cash) external restricted {
        if (currency == 0 || cash == address(0)) revert LedgerZeroValue();
        if (cashOf[currency] != address(0)) revert LedgerCurrencyAlreadySet(currency);
        cashOf[currency] = cash;
        emit CurrencySet(currency, cash);
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
            order.currency,
            terms.maxLots,
            terms.maxDepth,
            order.due,
            now_,
            terms.closeWindowSeconds,
            uint48(terms.minLotMinor)
        );
        entry.money = packMoney(order.face, terms.graceDays, terms.lateRatePpmPerDay);
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
        address owner = _holders[lot.holder()];
        if (from != owner) revert LedgerNotOwner(parent, owner, from);
        if (order.seq != seq) revert LedgerStaleLot(parent, order.seq, seq);
        if (to == address(0) || amount == 0 || order.evidence == 0) revert LedgerZeroValue();
        if (to == from) revert LedgerSelfMove(parent, from);
        if (amount > available) revert LedgerAmountOverLot(parent, amount, available);
        (hop.from, hop.to, hop.first, hop.amount) = (from, to, lot.first(), amount);
        (hop.cause, hop.evidence) = (uint8(order.cause), order.evidence);
        unchecked {
            // amount <= available; seq < lotCount < 2^24; depth <= 254 (the Rulebook's limit)
            (hop.parentLeft, hop.parentSeq, hop.depth) = (available - amount, seq + 1, lot.depth() + 1);
        }
    }

    function _openLot(uint64 receivable, uint64 parent, uint64 child, Hop memory hop) private {
        _lots[child] = packLot(
            _holderNumber(hop.to),
            hop.first,
            hop.amount,
            LotIds.indexOf(parent),
            hop.depth,
            uint40(block.timestamp)
        );
        bytes32 topic = LotMoved.selector;
        // emit LotMoved(receivable, parent, child, …): the event's data is the struct as it lies in memory, nine words
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            log4(hop, 288, topic, receivable, parent, child)
        }
    }

    function _holderNumber(address holder) private returns (uint32 number) {
        number = _holderNumbers[holder];
        if (number == 0) {
            number = ++_holderCount;
            (_holderNumbers[holder], _holders[number]) = (number, holder);
        }
    }

    /// @return settled nothing is owed any more
    function _book(
        uint64 receivable,
        ReceivableEntry storage entry,
        Money money,
        Debt debt,
        Booking memory booking,
        bytes32 digest
    ) private returns (bool settled) {
        uint16 before = money.installments();
        if (before != 0) _history[receivable][before] = packTotals(money.paid(), debt.interestPaid());
        money = money.withPayment(booking.principal);
        entry.money = money;
        if (booking.through != 0) {
            debt = debt.withInterest(booking.interest);
            entry.debt = debt;
            entry.arrears = packArrears(booking.owed, booking.through);
        }
        _emitPayment(receivable, money, debt, booking, digest);
        // interest is paid before principal: no principal left means nothing left
        settled = money.paid() == money.face();
    }

    function _emitPayment(uint64 receivable, Money money, Debt debt, Booking memory booking, bytes32 digest)
        private
    {
        emit PaymentReceived(
            receivable,
            debt.debtor(),
            money.installments(),
            booking.principal,
            booking.interest,
            money.paid(),
            debt.interestPaid(),
            booking.owed,
            booking.through,
            digest
        );
    }

    /// @dev Interest owed comes first, then principal (rules.md: order of imputation).
    function _divide(uint64 receivable, ReceivableEntry storage entry, uint40 due, Money money, uint64 amount)
        private
        view
        returns (Booking memory booking)
    {
        (uint64 owed, uint40 through) = _arrearsAt(entry, due, money, uint40(block.timestamp));
        uint64 total = owed + money.face() - money.paid();
        if (amount > total) revert LedgerOverpaid(receivable, amount, total);
        booking.interest = amount < owed ? amount : owed;
        booking.principal = amount - booking.interest;
        booking.owed = owed - booking.interest;
        booking.through = through;
    }

    /// @dev The first payment closes the register; the last one settles and lifts the debtor's block.
    function _advance(uint64 receivable, Register register, address debtor, bool settled) private {
        State before = register.state();
        State state = settled ? State.Settled : State.Settling;
        if (state == before) return;
        register = register.withState(state);
        emit ReceivableStateChanged(receivable, uint8(before), uint8(state));
        if (settled && register.overdue()) {
            _setOverdue(receivable, register, false, debtor);
        } else {
            _receivables[receivable].register = register;
        }
    }

    function _setOverdue(uint64 receivable, Register register, bool overdue, address debtor) private {
        _receivables[receivable].register = register.withOverdue(overdue);
        uint32 blocking = overdue ? ++blockingCount[debtor] : --blockingCount[debtor];
        emit OverdueChanged(receivable, debtor, overdue, blocking);
    }

    function _checkRegister(uint64 receivable, Register register) private view {
        uint40 closedAt = register.due() - register.closeWindowSeconds();
        if (register.state() != State.Active || block.timestamp >= closedAt) {
            revert LedgerRegisterClosed(receivable, register.state(), closedAt);
        }
    }

    /// @dev 0, which no module has, for the causes that nobody may use.
    function _rightOf(Cause cause) private pure returns (uint16) {
        if (cause == Cause.Assign) return Rights.ASSIGN;
        return cause == Cause.Finance ? Rights.FINANCE : 0;
    }

    function _isOpen(Register register) private pure returns (bool) {
        State state = register.state();
        return state == State.Active || state == State.Settling;
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
}
