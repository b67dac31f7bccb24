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

/// @title Receivables and lots
/// @dev Calls no contract but the Rulebook (a view, at issue), so nothing can come in from behind. A lot's `seq` starts
/// at 0 and counts how often it was cut.
contract Ledger is LedgerStore, ModuleRights {
    constructor(address authority, IRulebook rulebook_) AccessManaged(authority) LedgerStore(rulebook_) {}

    /// @inheritdoc ILedger
    function issue(IssueOrder calldata order) external returns (uint64 receivable, uint64 lot) {
        _requireRight(Rights.ISSUE);
        _checkIssue(order);
        receivable = ++receivableCount;
        lot = LotIds.lotId(receivable, 1);
        _openReceivable(receivable, order);
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
        _keepTerms(receivable, order.currency);
        _openLot(lot, receivable, order.creditor, order.face);
        emit LotMoved(
            receivable,
            0,
            lot,
            address(0),
            order.creditor,
            0,
            order.face,
            0,
            0,
            0,
            uint8(Cause.Issue),
            order.invoiceSet
        );
    }

    /// @inheritdoc ILedger
    function move(MoveOrder calldata order) external returns (uint64 child, uint16 currency) {
        _requireRight(_rightOf(order.cause));
        Lot memory parent = _lots[order.parent];
        ReceivableEntry storage entry = _receivables[parent.receivable];
        _checkMove(order, parent);
        _checkRegister(parent.receivable, entry);
        _checkLimits(order, parent, entry);
        child = LotIds.lotId(parent.receivable, ++entry.lotCount);
        currency = entry.currency;
        _cut(order, parent, child);
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
        ReceivableEntry storage entry = _known(receivable);
        _checkPayment(receivable, entry, debtor, amount, paidBefore);
        (uint64 principal, uint64 interest) = _book(receivable, entry, amount);
        emit PaymentReceived(
            receivable,
            debtor,
            entry.installments,
            principal,
            interest,
            entry.paid,
            entry.interestPaid,
            entry.interestOwed,
            entry.interestThrough,
            digest
        );
        _advance(receivable, entry, debtor);
        return entry.currency;
    }

    /// @inheritdoc ILedger
    function recordClaim(uint64 lot) external returns (address owner, uint64 amount, uint16 currency) {
        _requireRight(Rights.CLAIM);
        Lot memory entry = _lots[lot];
        owner = entry.owner;
        if (owner == address(0)) revert LedgerUnknownLot(lot);
        ReceivableEntry storage receivable = _receivables[entry.receivable];
        (uint64 principal, uint64 interest) = _openShare(entry, receivable);
        amount = principal + interest;
        if (amount == 0) revert LedgerNothingToClaim(lot);
        uint16 through = receivable.installments;
        uint64 claimed = receivable.claimed + amount;
        _lots[lot].claimedThrough = through;
        receivable.claimed = claimed;
        emit LotClaimed(entry.receivable, lot, owner, principal, interest, through, claimed);
        currency = receivable.currency;
    }

    /// @inheritdoc ILedger
    function recordOverdue(uint64 receivable) external {
        _requireRight(Rights.FLAG);
        ReceivableEntry storage entry = _known(receivable);
        bool open = entry.state == State.Active || entry.state == State.Settling;
        if (!open || entry.overdue || !LateInterest.isLate(entry.due, uint40(block.timestamp))) {
            revert LedgerNotOverdue(receivable, entry.due);
        }
        entry.overdue = true;
        address debtor = entry.debtor;
        emit OverdueChanged(receivable, debtor, true, ++_blocking[debtor]);
    }

    /// @inheritdoc ILedger
    function setCurrency(uint16 currency, address cash) external restricted {
        if (currency == 0 || cash == address(0)) revert LedgerZeroValue();
        if (_cash[currency] != address(0)) revert LedgerCurrencyAlreadySet(currency);
        _cash[currency] = cash;
        emit CurrencySet(currency, cash);
    }

    function _checkIssue(IssueOrder calldata order) private view {
        if (
            order.debtor == address(0) || order.creditor == address(0) || order.face == 0
                || order.termsHash == 0 || order.invoiceSet == 0
        ) revert LedgerZeroValue();
        if (_cash[order.currency] == address(0)) revert LedgerUnknownCurrency(order.currency);
    }

    function _openReceivable(uint64 receivable, IssueOrder calldata order) private {
        ReceivableEntry storage entry = _receivables[receivable];
        entry.state = State.Active;
        entry.lotCount = 1;
        entry.due = order.due;
        entry.issued = uint40(block.timestamp);
        entry.currency = order.currency;
        entry.face = order.face;
        entry.debtor = order.debtor;
        entry.creditor = order.creditor;
        entry.termsHash = order.termsHash;
        entry.invoiceSet = order.invoiceSet;
    }

    /// @dev A receivable keeps the rules of the day it was born (ADR 0006). The Rulebook bounds the smallest lot to u48.
    function _keepTerms(uint64 receivable, uint16 currency) private {
        IRulebook.Terms memory terms = rulebook.termsAt(currency, uint40(block.timestamp));
        ReceivableEntry storage entry = _receivables[receivable];
        entry.maxDepth = terms.maxDepth;
        entry.maxLots = terms.maxLots;
        entry.minLotMinor = uint48(terms.minLotMinor);
        entry.closeWindowSeconds = terms.closeWindowSeconds;
        entry.graceDays = terms.graceDays;
        entry.lateRatePpmPerDay = terms.lateRatePpmPerDay;
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

    function _openLot(uint64 lot, uint64 receivable, address owner, uint64 face) private {
        _lots[lot] = Lot({
            owner: owner,
            receivable: receivable,
            depth: 0,
            claimedThrough: 0,
            first: 0,
            amount: face,
            parent: 0,
            seq: 0,
            since: uint40(block.timestamp)
        });
    }

    /// @dev The child takes the low end, the parent keeps the rest, possibly nothing.
    function _cut(MoveOrder calldata order, Lot memory parent, uint64 child) private {
        Lot memory part = Lot({
            owner: order.to,
            receivable: parent.receivable,
            depth: parent.depth + 1,
            claimedThrough: 0,
            first: parent.first,
            amount: order.amount,
            parent: order.parent,
            seq: 0,
            since: uint40(block.timestamp)
        });
        parent.first += order.amount;
        parent.amount -= order.amount;
        parent.seq += 1;
        _lots[child] = part;
        Lot storage kept = _lots[order.parent];
        kept.first = parent.first;
        kept.amount = parent.amount;
        kept.seq = parent.seq;
        _emitCut(parent, child, part, order);
    }

    function _emitCut(Lot memory kept, uint64 child, Lot memory part, MoveOrder calldata order) private {
        emit LotMoved(
            part.receivable,
            part.parent,
            child,
            order.from,
            part.owner,
            part.first,
            part.amount,
            kept.amount,
            kept.seq,
            part.depth,
            uint8(order.cause),
            order.evidence
        );
    }

    /// @dev Interest owed comes first, then principal (rules.md: order of imputation).
    function _book(uint64 receivable, ReceivableEntry storage entry, uint64 amount)
        private
        returns (uint64 principal, uint64 interest)
    {
        (uint64 paid, uint64 interestPaid, uint16 installments) =
            (entry.paid, entry.interestPaid, entry.installments);
        (uint64 owed, uint40 through) = _arrears(entry, uint40(block.timestamp));
        uint64 principalOwed = entry.face - paid;
        if (amount > uint256(owed) + principalOwed) {
            revert LedgerOverpaid(receivable, amount, owed + principalOwed);
        }
        interest = amount < owed ? amount : owed;
        principal = amount - interest;
        if (installments != 0) {
            _history[receivable][installments] = Totals({principal: paid, interest: interestPaid});
        }
        entry.paid = paid + principal;
        entry.installments = installments + 1;
        if (through != 0) {
            entry.interestPaid = interestPaid + interest;
            entry.interestOwed = owed - interest;
            entry.interestThrough = through;
        }
    }

    /// @dev The first payment closes the register; the last one settles and lifts the debtor's block.
    function _advance(uint64 receivable, ReceivableEntry storage entry, address debtor) private {
        if (entry.state == State.Active) {
            entry.state = State.Settling;
            emit ReceivableStateChanged(receivable, uint8(State.Active), uint8(State.Settling));
        }
        // interest is paid before principal: no principal left means no interest left
        if (entry.paid != entry.face) return;
        entry.state = State.Settled;
        emit ReceivableStateChanged(receivable, uint8(State.Settling), uint8(State.Settled));
        if (entry.overdue) {
            entry.overdue = false;
            emit OverdueChanged(receivable, debtor, false, --_blocking[debtor]);
        }
    }

    function _checkMove(MoveOrder calldata order, Lot memory parent) private pure {
        if (parent.owner == address(0)) revert LedgerUnknownLot(order.parent);
        if (parent.owner != order.from) revert LedgerNotOwner(order.parent, parent.owner, order.from);
        if (order.seq != parent.seq) revert LedgerStaleLot(order.parent, order.seq, parent.seq);
        if (order.to == address(0) || order.amount == 0 || order.evidence == 0) revert LedgerZeroValue();
        if (order.to == parent.owner) revert LedgerSelfMove(order.parent, parent.owner);
        if (order.amount > parent.amount) {
            revert LedgerAmountOverLot(order.parent, order.amount, parent.amount);
        }
    }

    function _checkRegister(uint64 receivable, ReceivableEntry storage entry) private view {
        uint40 closedAt = entry.due - entry.closeWindowSeconds;
        if (entry.state != State.Active || block.timestamp >= closedAt) {
            revert LedgerRegisterClosed(receivable, entry.state, closedAt);
        }
    }

    /// @dev A whole lot may always be passed on, however small; a cut leaves no part below the smallest lot.
    function _checkLimits(MoveOrder calldata order, Lot memory parent, ReceivableEntry storage entry)
        private
        view
    {
        uint64 rest = parent.amount - order.amount;
        uint64 minimum = entry.minLotMinor;
        if (rest != 0 && order.amount < minimum) revert LedgerBelowMinimumLot(order.amount, minimum);
        if (rest != 0 && rest < minimum) revert LedgerBelowMinimumLot(rest, minimum);
        if (parent.depth >= entry.maxDepth) revert LedgerTooDeep(order.parent, entry.maxDepth);
        if (entry.lotCount >= entry.maxLots) revert LedgerTooManyLots(parent.receivable, entry.maxLots);
    }

    function _checkPayment(
        uint64 receivable,
        ReceivableEntry storage entry,
        address debtor,
        uint64 amount,
        uint64 paidBefore
    ) private view {
        if (debtor != entry.debtor) revert LedgerNotDebtor(receivable, entry.debtor, debtor);
        if (entry.state != State.Active && entry.state != State.Settling) {
            revert LedgerNotPayable(receivable, entry.state);
        }
        uint64 current = entry.paid + entry.interestPaid;
        if (paidBefore != current) revert LedgerStalePayment(receivable, paidBefore, current);
        if (amount == 0) revert LedgerZeroValue();
    }

    function _rightOf(Cause cause) private view returns (uint16) {
        if (cause == Cause.Assign) return Rights.ASSIGN;
        if (cause == Cause.Finance) return Rights.FINANCE;
        revert RightsMissing(msg.sender, 0);
    }
}
