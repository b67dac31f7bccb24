// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRights} from "./IRights.sol";
import {IRulebook} from "./IRulebook.sol";
import {Payout} from "./Payouts.sol";

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
        Recovery,
        Export
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
    /// @param seq how often this lot was cut, frozen, unfrozen, charged or, while charged, paid out, from 0
    /// @param flags mask of `LotFlags`
    /// @param chargee PLEDGED: the pledgee, who is paid first. RECOURSE: the seller, who gets what is beyond `secured`
    /// @param secured what comes first: to the pledgee (PLEDGED) or to the owner (RECOURSE), minor units
    /// @param recourseLimit most that the seller has to buy back for, minor units; 0 means no limit
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
        uint8 flags;
        address chargee;
        uint64 secured;
        uint64 recourseLimit;
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
    /// @param mandated the child is bought under a mandate (cause Finance only)
    struct MoveOrder {
        uint64 parent;
        uint24 seq;
        address from;
        address to;
        uint64 amount;
        Cause cause;
        bytes32 evidence;
        bool mandated;
    }

    /// @param owner must be the lot's owner
    /// @param chargee pledgee (PLEDGED) or seller (RECOURSE), never the owner
    /// @param kind `LotFlags.PLEDGED` or `LotFlags.RECOURSE`
    struct ChargeOrder {
        uint64 lot;
        uint24 seq;
        address owner;
        address chargee;
        uint8 kind;
        uint64 secured;
        uint64 recourseLimit;
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
    /// @param claimed total paid out of the lot's receivable so far
    event LotClaimed(
        uint64 indexed lot,
        address indexed owner,
        uint64 principal,
        uint64 interest,
        uint16 claimedThrough,
        uint64 claimed
    );
    /// @notice Part of the claim just reported goes to the other one with a right to the lot.
    event ChargePaid(uint64 indexed lot, address indexed party, uint64 amount);
    /// @notice The flags of a lot after a change, and its `seq`.
    /// @param evidence hash of the order (freeze), commitment to the agreement (charge), evidence of the hop, or 0 where a
    /// claim of a charged lot raised its `seq`
    event LotFlagsChanged(
        uint64 indexed receivable, uint64 indexed lot, uint8 flags, uint24 seq, bytes32 evidence
    );
    /// @notice What the charge on a lot is after a change; all zero where it is gone.
    event LotCharged(uint64 indexed lot, address indexed chargee, uint64 secured, uint64 recourseLimit);
    event ReceivableStateChanged(uint64 indexed receivable, uint8 from, uint8 to);
    /// @notice An order or agreement stands behind the change of state reported before.
    event ReceivableOrdered(uint64 indexed receivable, bytes32 evidence);
    /// @notice Given up: what was paid so far is divided to the cent, as by a last payment of nothing.
    /// @param installment number of that last payment
    event ReceivableWrittenOff(
        uint64 indexed receivable,
        uint16 installment,
        uint64 principalLost,
        uint64 interestLost,
        bytes32 order
    );
    /// @param blocking number of overdue, unpaid receivables of the debtor after the change; > 0 blocks new issues
    event OverdueChanged(uint64 indexed receivable, address indexed debtor, bool overdue, uint32 blocking);
    event CurrencySet(uint16 indexed currency, address cash);
    /// @notice Emitted by a successor only: a receivable as it is, the fields of `Receivable` in their order.
    event ReceivableImported(
        uint64 indexed id,
        address debtor,
        address creditor,
        uint64 face,
        uint64 paid,
        uint64 interestPaid,
        uint64 claimed,
        uint64 interestOwed,
        uint40 interestThrough,
        uint40 issued,
        uint40 due,
        uint16 currency,
        uint8 state,
        bool overdue,
        uint24 lotCount,
        uint16 installments,
        bytes32 termsHash,
        bytes32 invoiceSet,
        uint8 maxDepth,
        uint24 maxLots,
        uint64 minLotMinor,
        uint32 lateRatePpmPerDay,
        uint16 graceDays,
        uint32 closeWindowSeconds
    );
    /// @notice Emitted by a successor only: totals through a payment that was not the last.
    event TotalsImported(uint64 indexed receivable, uint16 installment, uint64 principal, uint64 interest);
    /// @notice Emitted by a successor only: a lot as it is, the fields of `Lot` in their order.
    event LotImported(
        uint64 indexed id,
        address owner,
        uint64 receivable,
        uint8 depth,
        uint16 claimedThrough,
        uint64 first,
        uint64 amount,
        uint64 parent,
        uint24 seq,
        uint40 since,
        uint8 flags,
        address chargee,
        uint64 secured,
        uint64 recourseLimit
    );

    /// @notice Emitted by a successor only: all of the predecessor's receivables are here.
    event Sealed(address indexed predecessor, uint64 receivables);

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
    /// @dev Payments are counted to 65,535: the last one pays all, or is the write-off.
    error LedgerOnlyInFull(uint64 receivable);
    error LedgerNothingToClaim(uint64 lot);
    error LedgerNotOverdue(uint64 receivable, uint40 due);
    /// @dev unpaid at the end of the grace period, not before `from`
    error LedgerNotInDefault(uint64 receivable, State state, uint40 from);
    error LedgerWrongState(uint64 receivable, State state);
    error LedgerNotCreditor(uint64 receivable, address creditor, address given);
    error LedgerAlreadySplit(uint64 receivable, uint24 lotCount);
    error LedgerReceivableSuspended(uint64 receivable);
    error LedgerLotFrozen(uint64 lot);
    error LedgerLotNotFrozen(uint64 lot);
    error LedgerLotExported(uint64 lot);
    /// @dev A pledged lot moves only by its pledgee's enforcement or an order; a charged one never gets a second charge.
    error LedgerLotCharged(uint64 lot, uint8 flags);
    error LedgerLotNotPledgedTo(uint64 lot, address party);
    /// @dev A charged lot, and any lot once payments have begun, moves whole.
    error LedgerLotOnlyWhole(uint64 lot, uint64 amount, uint64 available);
    error LedgerBadCharge(uint64 lot, uint64 secured, uint64 limit);
    error LedgerBadMandateFlag(Cause cause);

    /// @custom:access right ISSUE
    function issue(IssueOrder calldata order) external returns (uint64 receivable, uint64 lot);

    /// @notice The one primitive that moves title: cut `amount` off the low end of the parent for `to`.
    /// @dev A forced move names no `seq`: its order was given before, and the owner must not escape by cutting.
    /// @return child new lot
    /// @return currency of the receivable
    /// @custom:access right named by the cause (ASSIGN, FINANCE, BUYBACK, FORCE, PLEDGE or EXPORT)
    function move(MoveOrder calldata order) external returns (uint64 child, uint16 currency);

    /// @notice Give somebody else a right to the lot's money.
    /// @return currency of the receivable
    /// @custom:access right named by the kind (PLEDGE or FINANCE)
    function charge(ChargeOrder calldata order) external returns (uint16 currency);

    /// @notice Lower what a pledge secures; 0 lifts it.
    /// @return owner of the lot
    /// @return currency of the receivable
    /// @custom:access right PLEDGE
    function lowerPledge(uint64 lot, uint24 seq, address pledgee, uint64 secured, bytes32 evidence)
        external
        returns (address owner, uint16 currency);

    /// @notice Book a payment: accrued late interest first, then principal. Accepted in every state that is not final.
    /// @param paidBefore principal and interest paid before, as the debtor signed it
    /// @custom:access right PAY
    function recordPayment(
        uint64 receivable,
        address debtor,
        uint64 amount,
        uint64 paidBefore,
        bytes32 digest
    ) external returns (uint16 currency);

    /// @notice Book what each lot is entitled to and has not received. A lot that gets nothing is reported, not refused.
    /// @return payouts `Payout` words: for each lot one to its owner, and one to its chargee where that one gets a part; those
    /// in a row to the same party are one
    /// @return plain every lot is paid, in one currency, and none was bought under a mandate
    /// @custom:access right CLAIM
    function recordClaims(uint64[] calldata lots) external returns (Payout[] memory payouts, bool plain);

    /// @custom:access right FLAG
    function recordOverdue(uint64 receivable) external;

    /// @notice Unpaid at the end of the grace period: Defaulted, and overdue if nobody flagged it yet.
    /// @custom:access right FLAG
    function recordDefault(uint64 receivable) external;

    /// @param order hash of the order, never zero
    /// @custom:access right FREEZE
    function setFrozen(uint64 lot, bool frozen, bytes32 order) external;

    /// @notice Active to Suspended and back. Payments go on being accepted and wait.
    /// @custom:access right FREEZE
    function setSuspended(uint64 receivable, bool suspended, bytes32 order) external;

    /// @notice Defaulted to WrittenOff, for good.
    /// @custom:access right WRITE_OFF
    function writeOff(uint64 receivable, bytes32 order) external;

    /// @notice Active to Cancelled, while there is one lot with its first owner.
    /// @return invoiceSet that was bound by it
    /// @custom:access right CANCEL
    function cancel(uint64 receivable, address debtor, address creditor, bytes32 evidence)
        external
        returns (bytes32 invoiceSet);

    /// @custom:access AccessManager role MODULES (7 d)
    function setCurrency(uint16 currency, address cash) external;

    /// @notice End this ledger: no module can act here again. What is open goes on at the successor, which copies the state.
    /// @custom:access AccessManager role MODULES (7 d)
    function retire(address successor) external;

    function rulebook() external view returns (IRulebook);
    function isRetired() external view returns (bool);
    function receivableCount() external view returns (uint64);
    function receivableOf(uint64 receivable) external view returns (Receivable memory);
    function lotOf(uint64 lot) external view returns (Lot memory);
    function cashOf(uint16 currency) external view returns (address);
    /// @notice Overdue, unpaid receivables of a debtor that were flagged.
    function blockingCount(address debtor) external view returns (uint32);
    /// @notice What the debtor would have to pay at `when` to be free.
    function owedAt(uint64 receivable, uint40 when) external view returns (uint64 principal, uint64 interest);
    /// @notice What a claim would pay this lot now, frozen or not.
    function claimableOf(uint64 lot) external view returns (uint64 principal, uint64 interest);
    /// @notice How that is divided between the lot's owner and its chargee.
    function payoutOf(uint64 lot) external view returns (uint64 toOwner, uint64 toChargee);
    /// @notice Face of a lot less the principal paid on it: what its owner still waits for.
    function openFaceOf(uint64 lot) external view returns (uint64);
    /// @notice Who owes what when, at a glance.
    function debtOf(uint64 receivable) external view returns (address debtor, uint40 due, uint16 currency);
    /// @notice Principal and interest paid in through payment number `installment` (0 gives 0, 0).
    function paidThrough(uint64 receivable, uint16 installment)
        external
        view
        returns (uint64 principal, uint64 interest);
}
