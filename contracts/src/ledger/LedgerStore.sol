// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../interfaces/ILedger.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {Entitlement} from "./Entitlement.sol";
import {LateInterest} from "./LateInterest.sol";
import {LotIds} from "./LotIds.sol";
import {Arrears, Debt, LotWord, Money, Register, Totals} from "./Slots.sol";

/// @title What the ledger keeps, and how it is read
abstract contract LedgerStore is ILedger {
    struct ReceivableEntry {
        Register register;
        Money money;
        Debt debt;
        address creditor;
        bytes32 termsHash;
        bytes32 invoiceSet;
        Arrears arrears;
    }

    /// @inheritdoc ILedger
    IRulebook public immutable override rulebook;

    /// @inheritdoc ILedger
    uint64 public override receivableCount;
    mapping(uint64 receivable => ReceivableEntry) internal _receivables;
    mapping(uint64 lot => LotWord) internal _lots;
    /// @dev Numbers from 1, given with a party's first lot ever, so that a lot's holder fits into its one word.
    mapping(address holder => uint32 number) internal _holderNumbers;
    mapping(uint32 number => address) internal _holders;
    uint32 internal _holderCount;
    /// @dev Totals after each payment but the last, which the receivable itself has: one paid at once writes none.
    mapping(uint64 receivable => mapping(uint16 installment => Totals)) internal _history;
    /// @inheritdoc ILedger
    mapping(uint16 currency => address) public override cashOf;
    /// @inheritdoc ILedger
    mapping(address debtor => uint32) public override blockingCount;

    constructor(IRulebook rulebook_) {
        rulebook = rulebook_;
    }

    /// @inheritdoc ILedger
    function receivableOf(uint64 receivable) external view returns (Receivable memory view_) {
        ReceivableEntry storage entry = _receivables[receivable];
        Register register = _registerOf(receivable);
        (view_.state, view_.overdue, view_.currency) =
        (register.state(), register.overdue(), register.currency());
        (view_.lotCount, view_.maxLots, view_.maxDepth) =
        (register.lotCount(), register.maxLots(), register.maxDepth());
        (view_.due, view_.issued) = (register.due(), register.issued());
        (view_.closeWindowSeconds, view_.minLotMinor) =
        (register.closeWindowSeconds(), register.minLotMinor());
        Money money = entry.money;
        (view_.face, view_.paid, view_.claimed) = (money.face(), money.paid(), money.claimed());
        (view_.installments, view_.graceDays) = (money.installments(), money.graceDays());
        view_.lateRatePpmPerDay = money.lateRatePpmPerDay();
        Debt debt = entry.debt;
        (view_.debtor, view_.interestPaid) = (debt.debtor(), debt.interestPaid());
        Arrears arrears = entry.arrears;
        (view_.interestOwed, view_.interestThrough) = (arrears.interestOwed(), arrears.interestThrough());
        view_.creditor = entry.creditor;
        view_.termsHash = entry.termsHash;
        view_.invoiceSet = entry.invoiceSet;
        // static members only: the struct in memory, 23 words, is its ABI encoding
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(view_, 736)
        }
    }

    /// @inheritdoc ILedger
    function lotOf(uint64 lot) external view returns (Lot memory view_) {
        LotWord word = _lotOf(lot);
        view_.owner = _holders[word.holder()];
        view_.receivable = LotIds.receivableOf(lot);
        view_.depth = word.depth();
        view_.claimedThrough = word.claimedThrough();
        view_.first = word.first();
        view_.amount = word.amount();
        if (word.parentIndex() != 0) view_.parent = LotIds.lotId(view_.receivable, word.parentIndex());
        view_.seq = word.seq();
        view_.since = word.since();
        // static members only: the struct in memory, 9 words, is its ABI encoding
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(view_, 288)
        }
    }

    /// @inheritdoc ILedger
    function owedAt(uint64 receivable, uint40 when)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        Register register = _registerOf(receivable);
        Money money = _receivables[receivable].money;
        principal = money.face() - money.paid();
        (interest,) = _arrearsAt(_receivables[receivable], register.due(), money, when);
    }

    /// @inheritdoc ILedger
    function claimableOf(uint64 lot) external view returns (uint64 principal, uint64 interest) {
        uint64 receivable = LotIds.receivableOf(lot);
        return
            _openShare(receivable, _lotOf(lot), _receivables[receivable].money, _receivables[receivable].debt);
    }

    /// @inheritdoc ILedger
    function paidThrough(uint64 receivable, uint16 installment)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        _registerOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        if (installment == entry.money.installments()) {
            return (entry.money.paid(), entry.debt.interestPaid());
        }
        Totals totals = _history[receivable][installment];
        return (totals.principalTotal(), totals.interestTotal());
    }

    function _registerOf(uint64 receivable) internal view returns (Register register) {
        register = _receivables[receivable].register;
        if (Register.unwrap(register) == 0) revert LedgerUnknownReceivable(receivable);
    }

    function _lotOf(uint64 lot) internal view returns (LotWord word) {
        word = _lots[lot];
        if (LotWord.unwrap(word) == 0) revert LedgerUnknownLot(lot);
    }

    /// @return owed interest at `when`
    /// @return through end of the days it covers, 0 if never late
    function _arrearsAt(ReceivableEntry storage entry, uint40 due, Money money, uint40 when)
        internal
        view
        returns (uint64 owed, uint40 through)
    {
        if (!LateInterest.isLate(due, when)) return (0, 0);
        Arrears arrears = entry.arrears;
        (owed, through) = LateInterest.accrue(
            money.face() - money.paid(), money.lateRatePpmPerDay(), due, arrears.interestThrough(), when
        );
        owed += arrears.interestOwed();
    }

    /// @dev What the lot is entitled to now, less what it was entitled to when it was last paid out.
    function _openShare(uint64 receivable, LotWord lot, Money money, Debt debt)
        internal
        view
        returns (uint64 principal, uint64 interest)
    {
        uint16 through = lot.claimedThrough();
        if (through == money.installments()) return (0, 0);
        (uint64 face, uint64 size) = (money.face(), lot.amount());
        if (money.paid() == face) {
            // all principal paid means settled: interest is always paid first
            principal = size;
            interest = Entitlement.settled(lot.first(), size, debt.interestPaid(), face);
        } else {
            principal = Entitlement.whileOpen(size, money.paid(), face);
            interest = Entitlement.whileOpen(size, debt.interestPaid(), face);
        }
        if (through != 0) {
            // what was claimed before was claimed while more payments were to come
            Totals before = _history[receivable][through];
            principal -= Entitlement.whileOpen(size, before.principalTotal(), face);
            interest -= Entitlement.whileOpen(size, before.interestTotal(), face);
        }
    }
}
