// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {Entitlement} from "./Entitlement.sol";
import {LateInterest} from "./LateInterest.sol";
import {LotIds} from "./LotIds.sol";
import {Shares} from "./Shares.sol";
import {Charge, LotWord} from "./LotWords.sol";
import {Arrears, Debt, Money, Register, Totals} from "./Slots.sol";

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

    /// @dev What a lot is entitled to in all: now, and when it was last paid out.
    struct Entitled {
        uint64 principal;
        uint64 interest;
        uint64 principalBefore;
        uint64 interestBefore;
    }

    /// @inheritdoc ILedger
    IRulebook public immutable override rulebook;

    /// @inheritdoc ILedger
    uint64 public override receivableCount;
    mapping(uint64 receivable => ReceivableEntry) internal _receivables;
    mapping(uint64 lot => LotWord) internal _lots;
    mapping(uint64 lot => Charge) internal _charges;
    /// @dev Numbers from 1, given with a party's first lot or charge ever, so that a lot's holder fits into its one word.
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
        Money money = _moneyOf(receivable);
        (view_.state, view_.overdue, view_.currency) = (money.state(), money.overdue(), money.currency());
        (view_.face, view_.paid, view_.claimed) = (money.face(), money.paid(), money.claimed());
        (view_.installments, view_.graceDays) = (money.installments(), money.graceDays());
        view_.lateRatePpmPerDay = money.lateRatePpmPerDay();
        Register register = entry.register;
        (view_.lotCount, view_.maxLots, view_.maxDepth) =
        (register.lotCount(), register.maxLots(), register.maxDepth());
        (view_.due, view_.issued) = (register.due(), register.issued());
        (view_.closeWindowSeconds, view_.minLotMinor) =
        (register.closeWindowSeconds(), register.minLotMinor());
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
        view_.flags = word.flags();
        Charge held = _charges[lot];
        view_.chargee = _holders[held.chargeeNumber()];
        view_.secured = held.secured();
        view_.recourseLimit = held.recourseLimit();
        // static members only: the struct in memory, 13 words, is its ABI encoding
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(view_, 416)
        }
    }

    /// @inheritdoc ILedger
    function debtOf(uint64 receivable) external view returns (address debtor, uint40 due, uint16 currency) {
        currency = _moneyOf(receivable).currency();
        ReceivableEntry storage entry = _receivables[receivable];
        (debtor, due) = (entry.debt.debtor(), entry.register.due());
    }

    /// @inheritdoc ILedger
    function owedAt(uint64 receivable, uint40 when)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        Money money = _moneyOf(receivable);
        if (!_isPayable(money.state())) return (0, 0);
        ReceivableEntry storage entry = _receivables[receivable];
        principal = money.face() - money.paid();
        (interest,) = _arrearsAt(entry, entry.register.due(), money, when);
    }

    /// @inheritdoc ILedger
    function claimableOf(uint64 lot) external view returns (uint64 principal, uint64 interest) {
        LotWord word = _lotOf(lot);
        uint64 receivable = LotIds.receivableOf(lot);
        return _openShare(receivable, word, _receivables[receivable].money);
    }

    /// @inheritdoc ILedger
    function payoutOf(uint64 lot) external view returns (uint64 toOwner, uint64 toChargee) {
        LotWord word = _lotOf(lot);
        uint64 receivable = LotIds.receivableOf(lot);
        Money money = _receivables[receivable].money;
        (uint64 principal, uint64 interest) = _openShare(receivable, word, money);
        if (word.isCharged()) toChargee = _partOfChargee(receivable, lot, word, money);
        toOwner = principal + interest - toChargee;
    }

    /// @inheritdoc ILedger
    function openFaceOf(uint64 lot) external view returns (uint64) {
        uint64 amount = _lotOf(lot).amount();
        Money money = _receivables[LotIds.receivableOf(lot)].money;
        return amount - Entitlement.whileOpen(amount, money.paid(), money.face());
    }

    /// @inheritdoc ILedger
    function paidThrough(uint64 receivable, uint16 installment)
        external
        view
        returns (uint64 principal, uint64 interest)
    {
        Money money = _moneyOf(receivable);
        if (installment == money.installments()) {
            return (money.paid(), _receivables[receivable].debt.interestPaid());
        }
        Totals totals = _history[receivable][installment];
        return (totals.principalTotal(), totals.interestTotal());
    }

    function _moneyOf(uint64 receivable) internal view returns (Money money) {
        money = _receivables[receivable].money;
        if (Money.unwrap(money) == 0) revert LedgerUnknownReceivable(receivable);
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

    /// @dev What a lot is entitled to and has not received.
    function _openShare(uint64 receivable, LotWord lot, Money money)
        internal
        view
        returns (uint64 principal, uint64 interest)
    {
        uint16 through = lot.claimedThrough();
        if (through == money.installments()) return (0, 0);
        Entitled memory entitled = _entitled(receivable, lot, money);
        principal = entitled.principal - entitled.principalBefore;
        interest = entitled.interest - entitled.interestBefore;
    }

    /// @dev All zero where the lot has its share of every payment.
    function _entitled(uint64 receivable, LotWord lot, Money money)
        internal
        view
        returns (Entitled memory entitled)
    {
        uint16 through = lot.claimedThrough();
        if (through == money.installments()) return entitled;
        (uint64 face, uint64 size) = (money.face(), lot.amount());
        uint64 interestPaid = money.hasInterest() ? _receivables[receivable].debt.interestPaid() : 0;
        if (money.paid() == face || money.state() == State.WrittenOff) {
            // nothing more will come: interest is always paid before principal, and what is written off is final
            entitled.principal = Entitlement.settled(lot.first(), size, money.paid(), face);
            entitled.interest = Entitlement.settled(lot.first(), size, interestPaid, face);
        } else {
            entitled.principal = Entitlement.whileOpen(size, money.paid(), face);
            entitled.interest = Entitlement.whileOpen(size, interestPaid, face);
        }
        if (through != 0) {
            // what was claimed before was claimed while more payments were to come
            Totals before = _history[receivable][through];
            entitled.principalBefore = Entitlement.whileOpen(size, before.principalTotal(), face);
            entitled.interestBefore = Entitlement.whileOpen(size, before.interestTotal(), face);
        }
    }

    /// @return what of the open share of a charged lot goes to the chargee
    function _partOfChargee(uint64 receivable, uint64 lot, LotWord word, Money money)
        internal
        view
        returns (uint64)
    {
        Entitled memory entitled = _entitled(receivable, word, money);
        uint64 secured = _charges[lot].secured();
        uint64 now_ = entitled.principal + entitled.interest;
        uint64 before = entitled.principalBefore + entitled.interestBefore;
        if (word.flags() & LotFlags.PLEDGED != 0) {
            return Shares.toPledgee(now_, secured) - Shares.toPledgee(before, secured);
        }
        uint64 size = word.amount();
        uint64 toBank = Shares.toBank(entitled.principal, entitled.interest, secured, size)
            - Shares.toBank(entitled.principalBefore, entitled.interestBefore, secured, size);
        return now_ - before - toBank;
    }

    /// @dev Money is accepted until the receivable is at an end, also under an order and after default.
    function _isPayable(State state) internal pure returns (bool) {
        return state == State.Active || state == State.Suspended || state == State.Settling
            || state == State.Defaulted;
    }
}
