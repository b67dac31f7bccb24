// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimProblems, LotFlags, Rights} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Payout, packPayout, packProblem} from "../interfaces/Payouts.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";
import {LateInterest} from "./LateInterest.sol";
import {LedgerStore} from "./LedgerStore.sol";
import {LotIds} from "./LotIds.sol";
import {LotWord} from "./LotWords.sol";
import {Debt, Money, packArrears, packTotals} from "./Slots.sol";

/// @title Debt: what comes in, what goes out, and how a receivable ends
/// @dev Calls no contract at all.
abstract contract Debts is LedgerStore, ModuleRights {
    /// @dev A batch of claims under way: what was booked of one receivable is written when the next one begins.
    struct Claiming {
        uint64 receivable;
        Money money;
        uint64 claimed;
        bool paidAtOnce;
        bool plain;
        uint256 count;
    }

    /// @dev Where one payment goes; `owed` is the interest still owed after it.
    struct Booking {
        uint64 principal;
        uint64 interest;
        uint64 owed;
        uint40 through;
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
        Money money = _moneyOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        Debt debt = entry.debt;
        if (debtor != debt.debtor()) revert LedgerNotDebtor(receivable, debt.debtor(), debtor);
        if (!_isPayable(money.state())) revert LedgerNotPayable(receivable, money.state());
        uint64 current = money.paid() + debt.interestPaid();
        if (paidBefore != current) revert LedgerStalePayment(receivable, paidBefore, current);
        if (amount == 0) revert LedgerZeroValue();
        Booking memory booking = _divide(receivable, entry, money, amount);
        money = _book(receivable, entry, money, debt, booking, digest);
        // nobody who pays cent by cent can use up the number that the last payment or the write-off needs
        if (money.installments() == type(uint16).max && money.paid() != money.face()) {
            revert LedgerOnlyInFull(receivable);
        }
        entry.money = _advance(receivable, money, debtor);
        currency = money.currency();
    }

    /// @inheritdoc ILedger
    function recordClaims(uint64[] calldata lots) external returns (Payout[] memory payouts, bool plain) {
        _requireRight(Rights.CLAIM);
        payouts = new Payout[](2 * lots.length);
        Claiming memory claiming;
        claiming.plain = true;
        for (uint256 i = 0; i < lots.length; ++i) {
            uint64 lot = lots[i];
            if (LotIds.receivableOf(lot) != claiming.receivable) _begin(claiming, LotIds.receivableOf(lot));
            LotWord word = _lots[lot];
            if (claiming.paidAtOnce && word.isPlain()) _claimWhole(claiming, lot, word, payouts);
            else _claim(claiming, lot, word, payouts);
        }
        _end(claiming);
        uint256 count = claiming.count;
        // the array in memory is as long as it was made; only its length is cut to what was used
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(payouts, count)
        }
        plain = claiming.plain;
    }

    /// @inheritdoc ILedger
    function recordOverdue(uint64 receivable) external {
        _requireRight(Rights.FLAG);
        Money money = _moneyOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        uint40 due = entry.register.due();
        bool late = LateInterest.isLate(due, uint40(block.timestamp));
        if (!late || money.overdue() || !_isOpen(money.state())) revert LedgerNotOverdue(receivable, due);
        entry.money = _withOverdue(receivable, money, true, entry.debt.debtor());
    }

    /// @inheritdoc ILedger
    function recordDefault(uint64 receivable) external {
        _requireRight(Rights.FLAG);
        Money money = _moneyOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        // late from the day after the due day on, in default so many days later (rules.md §3)
        uint40 from = entry.register.due() + (1 + uint40(money.graceDays())) * 1 days;
        if (block.timestamp < from || !_isOpen(money.state())) {
            revert LedgerNotInDefault(receivable, money.state(), from);
        }
        money = _withState(receivable, money, State.Defaulted);
        if (!money.overdue()) money = _withOverdue(receivable, money, true, entry.debt.debtor());
        entry.money = money;
    }

    /// @inheritdoc ILedger
    function setSuspended(uint64 receivable, bool suspended, bytes32 order) external {
        _requireRight(Rights.FREEZE);
        if (order == 0) revert LedgerZeroValue();
        Money money = _moneyOf(receivable);
        State state = money.state();
        if (state != (suspended ? State.Active : State.Suspended)) {
            revert LedgerWrongState(receivable, state);
        }
        State next = State.Suspended;
        if (!suspended) next = money.installments() == 0 ? State.Active : _stateOfPaid(money);
        _receivables[receivable].money = _withState(receivable, money, next);
        emit ReceivableOrdered(receivable, order);
    }

    /// @inheritdoc ILedger
    function writeOff(uint64 receivable, bytes32 order) external {
        _requireRight(Rights.WRITE_OFF);
        if (order == 0) revert LedgerZeroValue();
        Money money = _moneyOf(receivable);
        if (money.state() != State.Defaulted) revert LedgerWrongState(receivable, money.state());
        ReceivableEntry storage entry = _receivables[receivable];
        (uint64 owed,) = _arrearsAt(entry, entry.register.due(), money, uint40(block.timestamp));
        _keepTotals(receivable, money, entry.debt);
        // a last payment of nothing: whoever claimed all payments before still gets the cents that were rounded down
        money = _withState(receivable, money.withPayment(0), State.WrittenOff);
        entry.money = money;
        emit ReceivableWrittenOff(receivable, money.installments(), money.face() - money.paid(), owed, order);
    }

    /// @inheritdoc ILedger
    function cancel(uint64 receivable, address debtor, address creditor, bytes32 evidence)
        external
        returns (bytes32 invoiceSet)
    {
        _requireRight(Rights.CANCEL);
        if (evidence == 0) revert LedgerZeroValue();
        Money money = _moneyOf(receivable);
        ReceivableEntry storage entry = _receivables[receivable];
        if (money.state() != State.Active) revert LedgerWrongState(receivable, money.state());
        if (debtor != entry.debt.debtor()) {
            revert LedgerNotDebtor(receivable, entry.debt.debtor(), debtor);
        }
        if (creditor != entry.creditor) revert LedgerNotCreditor(receivable, entry.creditor, creditor);
        uint24 lotCount = entry.register.lotCount();
        if (lotCount != 1) revert LedgerAlreadySplit(receivable, lotCount);
        uint64 lot = LotIds.lotId(receivable, 1);
        uint8 flags = _lots[lot].flags();
        if (flags & LotFlags.FROZEN != 0) revert LedgerLotFrozen(lot);
        if (flags != 0) revert LedgerLotCharged(lot, flags);
        money = _withState(receivable, money, State.Cancelled);
        if (money.overdue()) money = _withOverdue(receivable, money, false, debtor);
        entry.money = money;
        emit ReceivableOrdered(receivable, evidence);
        return entry.invoiceSet;
    }

    function _begin(Claiming memory claiming, uint64 receivable) private {
        _end(claiming);
        Money money = _receivables[receivable].money;
        claiming.receivable = receivable;
        claiming.money = money;
        claiming.claimed = money.claimed();
        claiming.paidAtOnce = money.installments() != 0 && money.paid() == money.face()
            && !money.hasInterest() && money.state() == State.Settled;
    }

    function _end(Claiming memory claiming) private {
        if (claiming.receivable == 0) return;
        _receivables[claiming.receivable].money = claiming.money.withClaimed(claiming.claimed);
    }

    /// @dev Nearly every claim: all was paid on time and nothing was claimed before, so the share is the lot itself. What
    /// `_claim` does for it, without what it does not need.
    function _claimWhole(Claiming memory claiming, uint64 lot, LotWord word, Payout[] memory payouts)
        private
    {
        Money money = claiming.money;
        uint16 through = money.installments();
        uint64 amount = word.amount();
        _lots[lot] = word.withFirstClaim(through);
        address owner = _holders[word.holder()];
        uint64 claimed = claiming.claimed + amount;
        claiming.claimed = claimed;
        emit LotClaimed(lot, owner, amount, 0, through, claimed);
        _addPayout(claiming, payouts, packPayout(owner, amount, money.currency(), false));
    }

    /// @dev Books one lot, or says why it gets nothing; never reverts, so that no item harms another.
    function _claim(Claiming memory claiming, uint64 lot, LotWord word, Payout[] memory payouts) private {
        (uint64 receivable, Money money) = (claiming.receivable, claiming.money);
        (uint64 principal, uint64 interest) = _openShare(receivable, word, money);
        uint64 amount = principal + interest;
        uint8 problem = _problem(word, money, amount);
        if (problem != 0) {
            claiming.plain = false;
            payouts[claiming.count++] = packProblem(lot, problem);
            return;
        }
        // before the lot's word is written: it depends on what was claimed so far
        uint64 toChargee = 0;
        if (word.isCharged()) {
            toChargee = _partOfChargee(receivable, lot, word, money);
            word = _withSeqRaised(receivable, lot, word);
        }
        claiming.claimed += amount;
        if (word.isMandated()) claiming.plain = false;
        _lots[lot] = word.withClaimedThrough(money.installments());
        address owner = _holders[word.holder()];
        emit LotClaimed(lot, owner, principal, interest, money.installments(), claiming.claimed);
        if (toChargee != 0) {
            address chargee = _holders[_charges[lot].chargeeNumber()];
            emit ChargePaid(lot, chargee, toChargee);
            _addPayout(claiming, payouts, packPayout(chargee, toChargee, money.currency(), word.isMandated()));
            amount -= toChargee;
        }
        if (amount == 0) return;
        _addPayout(claiming, payouts, packPayout(owner, amount, money.currency(), word.isMandated()));
    }

    /// @dev Buy-back, release and realisation may come after payments, and their prices are agreed for the money that is in
    /// the lot: once that is paid out, what was signed is stale. A counter at its end stops no claim.
    function _withSeqRaised(uint64 receivable, uint64 lot, LotWord word) private returns (LotWord) {
        (uint8 flags, uint24 seq) = (word.flags(), word.seq());
        if (seq != type(uint24).max) ++seq;
        emit LotFlagsChanged(receivable, lot, flags, seq, 0);
        return word.withFlags(flags, seq);
    }

    /// @dev What goes to the same party in a row goes to it at once: a bank claims its lots for the price of few.
    function _addPayout(Claiming memory claiming, Payout[] memory payouts, Payout payout) private pure {
        uint256 count = claiming.count;
        if (count != 0) {
            Payout last = payouts[count - 1];
            if (last.isFor(payout)) {
                payouts[count - 1] = last.withMore(payout.amount());
                return;
            }
            if (last.currency() != payout.currency()) claiming.plain = false;
        }
        payouts[count] = payout;
        claiming.count = count + 1;
    }

    function _problem(LotWord word, Money money, uint64 amount) private pure returns (uint8) {
        if (amount == 0) return LotWord.unwrap(word) == 0 ? ClaimProblems.UNKNOWN : ClaimProblems.NOTHING;
        if (word.isFrozen()) return ClaimProblems.FROZEN;
        return money.state() == State.Suspended ? ClaimProblems.SUSPENDED : 0;
    }

    function _book(
        uint64 receivable,
        ReceivableEntry storage entry,
        Money money,
        Debt debt,
        Booking memory booking,
        bytes32 digest
    ) private returns (Money) {
        _keepTotals(receivable, money, debt);
        money = money.withPayment(booking.principal);
        if (booking.through != 0) {
            if (booking.interest != 0) money = money.withInterestPaid();
            debt = debt.withInterest(booking.interest);
            entry.debt = debt;
            entry.arrears = packArrears(booking.owed, booking.through);
        }
        _emitPayment(receivable, money, debt, booking, digest);
        return money;
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

    /// @dev Before the next payment the totals of the last one go into the history.
    function _keepTotals(uint64 receivable, Money money, Debt debt) private {
        uint16 last = money.installments();
        if (last != 0) _history[receivable][last] = packTotals(money.paid(), debt.interestPaid());
    }

    /// @dev Interest owed comes first, then principal (rules.md: order of imputation).
    function _divide(uint64 receivable, ReceivableEntry storage entry, Money money, uint64 amount)
        private
        view
        returns (Booking memory booking)
    {
        (uint64 owed, uint40 through) =
            _arrearsAt(entry, entry.register.due(), money, uint40(block.timestamp));
        uint64 total = owed + money.face() - money.paid();
        if (amount > total) revert LedgerOverpaid(receivable, amount, total);
        booking.interest = amount < owed ? amount : owed;
        booking.principal = amount - booking.interest;
        booking.owed = owed - booking.interest;
        booking.through = through;
    }

    /// @dev The first payment closes the register; the last one settles and lifts the debtor's block. A suspended one stays
    /// so until the order is lifted, one in default until all is paid.
    function _advance(uint64 receivable, Money money, address debtor) private returns (Money) {
        State before = money.state();
        State next = _stateOfPaid(money);
        bool kept = before == State.Suspended || (before == State.Defaulted && next != State.Settled);
        if (!kept && next != before) money = _withState(receivable, money, next);
        if (next == State.Settled && money.overdue()) money = _withOverdue(receivable, money, false, debtor);
        return money;
    }

    /// @dev Interest is paid before principal: no principal left means nothing left.
    function _stateOfPaid(Money money) private pure returns (State) {
        return money.paid() == money.face() ? State.Settled : State.Settling;
    }

    function _withState(uint64 receivable, Money money, State next) private returns (Money) {
        emit ReceivableStateChanged(receivable, uint8(money.state()), uint8(next));
        return money.withState(next);
    }

    function _withOverdue(uint64 receivable, Money money, bool overdue, address debtor)
        private
        returns (Money)
    {
        uint32 blocking = overdue ? ++blockingCount[debtor] : --blockingCount[debtor];
        emit OverdueChanged(receivable, debtor, overdue, blocking);
        return money.withOverdue(overdue);
    }

    function _isOpen(State state) private pure returns (bool) {
        return state == State.Active || state == State.Settling;
    }
}
