// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRights} from "./IRights.sol";
import {IRulebook} from "./IRulebook.sol";

/// @title Receivables and lots
/// @notice A receivable of face F has serials [0, F), one per minor unit. A lot is a range of serials held by one party.
/// A lot's owner never changes: title moves only by cutting a child off the low end of a parent, so live ranges always
/// partition [0, F) and the parent chain is the chain of title.
/// @dev Lot id = receivable id * 2^24 + index; indices start at 1.
interface ILedger is IRights {
    enum State {
        None,
        Active,
        Suspended,
        Settling,
        Settled,
        Defaulted,
        WrittenOff,
        Cancelled
    }

    enum Cause {
        Issue,
        Assign,
        Finance,
        Buyback,
        Forced,
        Recovery
    }

    /// @param paid principal paid in so far; `interestPaid` likewise for late interest
    /// @param claimed principal and interest paid out to holders
    /// @param interestOwed late interest accrued through `interestThrough` and not yet paid
    /// @param installments number of payments received
    /// @param overdue set by anyone once due and unpaid, cleared by full payment
    struct Receivable {
        address debtor;
        address creditor;
        uint64 face;
        uint64 paid;
        uint64 interestPaid;
        uint64 claimed;
        uint64 interestOwed;
        uint40 interestThrough;
        uint40 issued;
        uint40 due;
        uint16 currency;
        State state;
        bool overdue;
        uint24 lotCount;
        uint16 installments;
        bytes32 termsHash;
        bytes32 invoiceSet;
        uint8 maxDepth;
        uint24 maxLots;
        uint64 minLotMinor;
        uint32 lateRatePpmPerDay;
        uint16 graceDays;
        uint32 closeWindowSeconds;
    }

    /// @param amount serials still in this lot: [first, first + amount)
    /// @param claimedThrough number of the last payment whose share this lot has received
    /// @param seq how often this lot was cut, from 0
    struct Lot {
        address owner;
        uint64 receivable;
        uint8 depth;
        uint16 claimedThrough;
        uint64 first;
        uint64 amount;
        uint64 parent;
        uint24 seq;
        uint40 since;
    }

    struct IssueOrder {
        address debtor;
        address creditor;
        uint64 face;
        uint40 due;
        uint16 currency;
        bytes32 termsHash;
        bytes32 invoiceSet;
    }

    /// @param seq the parent's `seq` the order was signed against
    /// @param from must be the parent's owner
    struct MoveOrder {
        uint64 parent;
        uint24 seq;
        address from;
        address to;
        uint64 amount;
        Cause cause;
        bytes32 evidence;
    }

    event ReceivableIssued(
        uint64 indexed id,
        address indexed debtor,
        address indexed creditor,
        uint64 lot,
        uint64 face,
        uint40 due,
        uint16 currency,
        bytes32 termsHash,
        bytes32 invoiceSet
    );
    /// @notice The rules this receivable keeps for life.
    event ReceivableTerms(
        uint64 indexed receivable,
        uint8 maxDepth,
        uint24 maxLots,
        uint64 minLotMinor,
        uint32 lateRatePpmPerDay,
        uint16 graceDays,
        uint32 closeWindowSeconds
    );
    /// @notice A child lot exists. The first lot of a receivable has parent 0, from 0, cause Issue, and its invoice set as
    /// evidence.
    /// @param first first serial of the child; the parent keeps `parentLeft` serials from `first + amount` on
    event LotMoved(
        uint64 indexed receivable,
        uint64 indexed parent,
        uint64 indexed child,
        address from,
        address to,
        uint64 first,
        uint64 amount,
        uint64 parentLeft,
        uint24 parentSeq,
        uint8 depth,
        uint8 cause,
        bytes32 evidence
    );
    /// @notice The debtor paid. All figures after the payment except `principal` and `interest`, which are this payment's.
    event PaymentReceived(
        uint64 indexed receivable,
        address indexed debtor,
        uint16 installment,
        uint64 principal,
        uint64 interest,
        uint64 paid,
        uint64 interestPaid,
        uint64 interestOwed,
        uint40 interestThrough,
        bytes32 digest
    );
    /// @param claimed total paid out of this receivable so far
    event LotClaimed(
        uint64 indexed receivable,
        uint64 indexed lot,
        address indexed owner,
        uint64 principal,
        uint64 interest,
        uint16 claimedThrough,
        uint64 claimed
    );
    event ReceivableStateChanged(uint64 indexed receivable, uint8 from, uint8 to);
    /// @param blocking number of overdue, unpaid receivables of the debtor after the change; > 0 blocks new issues
    event OverdueChanged(uint64 indexed receivable, address indexed debtor, bool overdue, uint32 blocking);
    event CurrencySet(uint16 indexed currency, address cash);

    error LedgerUnknownReceivable(uint64 receivable);
    error LedgerUnknownLot(uint64 lot);
    error LedgerUnknownCurrency(uint16 currency);
    error LedgerCurrencyAlreadySet(uint16 currency);
    error LedgerZeroValue();
    error LedgerFaceTooLarge(uint64 face, uint64 limit);
    error LedgerNotOwner(uint64 lot, address owner, address given);
    error LedgerSelfMove(uint64 lot, address owner);
    error LedgerStaleLot(uint64 lot, uint24 given, uint24 current);
    error LedgerAmountOverLot(uint64 lot, uint64 amount, uint64 available);
    error LedgerBelowMinimumLot(uint64 amount, uint64 minimum);
    error LedgerTooDeep(uint64 lot, uint8 limit);
    error LedgerTooManyLots(uint64 receivable, uint24 limit);
    error LedgerRegisterClosed(uint64 receivable, State state, uint40 closedAt);
    error LedgerNotPayable(uint64 receivable, State state);
    error LedgerNotDebtor(uint64 receivable, address debtor, address given);
    error LedgerStalePayment(uint64 receivable, uint64 given, uint64 current);
    error LedgerOverpaid(uint64 receivable, uint64 amount, uint64 owed);
    error LedgerNothingToClaim(uint64 lot);
    error LedgerNotOverdue(uint64 receivable, uint40 due);

    /// @custom:access right ISSUE
    function issue(IssueOrder calldata order) external returns (uint64 receivable, uint64 lot);

    /// @notice The one primitive that moves title: cut `amount` off the low end of the parent for `to`.
    /// @return child new lot
    /// @return currency of the receivable
    /// @custom:access right named by the cause (ASSIGN or FINANCE)
    function move(MoveOrder calldata order) external returns (uint64 child, uint16 currency);

    /// @notice Book a payment: accrued late interest first, then principal.
    /// @param paidBefore principal and interest paid before, as the debtor signed it
    /// @custom:access right PAY
    function recordPayment(
        uint64 receivable,
        address debtor,
        uint64 amount,
        uint64 paidBefore,
        bytes32 digest
    ) external returns (uint16 currency);

    /// @notice Book what a lot is entitled to and has not received.
    /// @custom:access right CLAIM
    function recordClaim(uint64 lot) external returns (address owner, uint64 amount, uint16 currency);

    /// @custom:access right FLAG
    function recordOverdue(uint64 receivable) external;

    /// @custom:access AccessManager role MODULES (7 d)
    function setCurrency(uint16 currency, address cash) external;

    function rulebook() external view returns (IRulebook);
    function receivableCount() external view returns (uint64);
    function receivableOf(uint64 receivable) external view returns (Receivable memory);
    function lotOf(uint64 lot) external view returns (Lot memory);
    function cashOf(uint16 currency) external view returns (address);
    /// @notice Overdue, unpaid receivables of a debtor that were flagged.
    function blockingCount(address debtor) external view returns (uint32);
    /// @notice What the debtor would have to pay at `when` to be free.
    function owedAt(uint64 receivable, uint40 when) external view returns (uint64 principal, uint64 interest);
    /// @notice What a claim would pay this lot now.
    function claimableOf(uint64 lot) external view returns (uint64 principal, uint64 interest);
    /// @notice Principal and interest paid in through payment number `installment` (0 gives 0, 0).
    function paidThrough(uint64 receivable, uint16 installment)
        external
        view
        returns (uint64 principal, uint64 interest);
}
