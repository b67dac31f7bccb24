// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRulebook} from "../interfaces/IRulebook.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Entitlement} from "./Entitlement.sol";
import {LateInterest} from "./LateInterest.sol";
import {LotIds} from "./LotIds.sol";

/// @title What the ledger keeps, and how it is read
/// @dev Fields are ordered so that each operation touches few slots; the comments name the slots.
abstract contract LedgerStore is ILedger {
    struct ReceivableEntry {
        // slot 0: all that a move reads
        State state;
        bool overdue;
        uint24 lotCount;
        uint40 due;
        uint40 issued;
        uint8 maxDepth;
        uint24 maxLots;
        uint48 minLotMinor;
        uint32 closeWindowSeconds;
        uint16 currency;
        // slot 1: money
        uint64 face;
        uint64 paid;
        uint64 claimed;
        uint16 installments;
        uint16 graceDays;
        uint32 lateRatePpmPerDay;
        // slot 2
        address debtor;
        uint64 interestPaid;
        // slot 3
        address creditor;
        // slots 4 and 5
        bytes32 termsHash;
        bytes32 invoiceSet;
        // slot 6: written only when a payment is late
        uint64 interestOwed;
        uint40 interestThrough;
    }

    /// @dev Cumulative totals after an earlier payment, one slot.
    struct Totals {
        uint64 principal;
        uint64 interest;
    }

    IRulebook public immutable override rulebook;

    /// @inheritdoc ILedger
    uint64 public override receivableCount;
    mapping(uint64 receivable => ReceivableEntry) internal _receivables;
    /// @dev slot 0: owner .. claimedThrough, slot 1: first .. since
    mapping(uint64 lot => Lot) internal _lots;
    /// @dev Totals after each payment but the last, which the receivable itself has: a receivable paid once writes none.
    mapping(uint64 receivable => mapping(uint16 installment => Totals)) internal _history;
    mapping(uint16 currency => address) internal _cash;
    mapping(address debtor => uint32) internal _blocking;

    constructor(IRulebook rulebook_) {
        rulebook = rulebook_;
    }

    /// @inheritdoc ILedger
    function receivableOf(uint64 receivable) external view returns (Receivable memory) {
        ReceivableEntry storage entry = _known(receivable);
        return Receivable({
            debtor: entry.debtor,
            creditor: entry.creditor,
            face: entry.face,
            paid: entry.paid,
            interestPaid: entry.interestPaid,
            claimed: entry.claimed,
            interestOwed: entry.interestOwed,
            interestThrough: entry.interestThrough,
            issued: entry.issued,
            due: entry.due,
            currency: entry.currency,
            state: entry.state,
            overdue: entry.overdue,
            lotCount: entry.lotCount,
            installments: entry.installments,
            termsHash: entry.termsHash,
            invoiceSet: entry.invoiceSet,
            maxDepth: entry.maxDepth,
            maxLots: entry.maxLots,
            minLotMinor: entry.minLotMinor,
            lateRatePpmPerDay: entry.lateRatePpmPerDay,
            graceDays: entry.graceDays,
            closeWindowSeconds: entry.closeWindowSeconds
        });
    }

    /// @inheritdoc ILedger
    function lotOf(uint64 lot) external view returns (Lot memory) {
        Lot memory entry = _lots[lot];
        if (entry.owner == address(0)) revert LedgerUnknownLot(lot);
        return entry;
    }

    /// @inheritdoc ILedger
    function cashOf(uint16 currency) external view returns (address) {
        return _cash[currency];
    }

    /// @inheritdoc ILedger
    function blockingCount(address debtor) external view returns (uint32) {
        return _blocking[debtor];
    }

    /// @inheritdoc ILedger
    function owedAt(uint64 receivable, uint40 when)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        ReceivableEntry storage entry = _known(receivable);
        principal = entry.face - entry.paid;
        (interest,) = _arrears(entry, when);
    }

    /// @inheritdoc ILedger
    function claimableOf(uint64 lot) external view returns (uint64 principal, uint64 interest) {
        Lot memory entry = _lots[lot];
        if (entry.owner == address(0)) revert LedgerUnknownLot(lot);
        return _openShare(entry, _receivables[entry.receivable]);
    }

    /// @inheritdoc ILedger
    function paidThrough(uint64 receivable, uint16 installment)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        ReceivableEntry storage entry = _known(receivable);
        if (installment == entry.installments) return (entry.paid, entry.interestPaid);
        Totals storage totals = _history[receivable][installment];
        return (totals.principal, totals.interest);
    }

    function _known(uint64 receivable) internal view returns (ReceivableEntry storage entry) {
        entry = _receivables[receivable];
        if (entry.state == State.None) revert LedgerUnknownReceivable(receivable);
    }

    /// @dev Interest owed at `when`, and the end of the days it covers.
    function _arrears(ReceivableEntry storage entry, uint40 when)
        internal
        view
        returns (uint64 owed, uint40 through)
    {
        uint40 due = entry.due;
        if (!LateInterest.isLate(due, when)) return (0, 0);
        uint64 interest;
        (interest, through) = LateInterest.accrue(
            entry.face - entry.paid, entry.lateRatePpmPerDay, due, entry.interestThrough, when
        );
        owed = entry.interestOwed + interest;
    }

    /// @dev What the lot is entitled to now, less what it was entitled to when it was last paid.
    function _openShare(Lot memory lot, ReceivableEntry storage entry)
        internal
        view
        returns (uint64 principal, uint64 interest)
    {
        (uint64 face, uint64 paid, uint64 interestPaid) = (entry.face, entry.paid, entry.interestPaid);
        if (lot.claimedThrough == entry.installments) return (0, 0);
        if (entry.state == State.Settled) {
            principal = Entitlement.settled(lot.first, lot.amount, paid, face);
            interest = Entitlement.settled(lot.first, lot.amount, interestPaid, face);
        } else {
            principal = Entitlement.whileOpen(lot.amount, paid, face);
            interest = Entitlement.whileOpen(lot.amount, interestPaid, face);
        }
        if (lot.claimedThrough != 0) {
            // an earlier payment cannot have settled the receivable
            Totals memory before = _history[lot.receivable][lot.claimedThrough];
            principal -= Entitlement.whileOpen(lot.amount, before.principal, face);
            interest -= Entitlement.whileOpen(lot.amount, before.interest, face);
        }
    }
}
