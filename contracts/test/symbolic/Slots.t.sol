// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../../src/interfaces/ILedger.sol";
import {
    Arrears,
    Debt,
    Money,
    Register,
    Totals,
    packArrears,
    packDebt,
    packMoney,
    packRegister,
    packTotals
} from "../../src/ledger/Slots.sol";

/// @title The words of a receivable: what is packed is read again, and a change of one field changes no other
/// @dev Any word is tried, also those that the ledger never makes. Only what is read by the accessors is compared: a
/// field may lie anywhere. That no bit outside the fields changes either follows from putting the old value back.
contract SlotsProof {
    enum Field {
        Paid,
        Claimed,
        State,
        Overdue,
        HasInterest
    }

    // ---- Register

    function check_register_isReadAsPacked(
        uint24 maxLots,
        uint8 maxDepth,
        uint40 due,
        uint40 issued,
        uint32 closeWindowSeconds,
        uint48 minLotMinor
    ) external pure {
        Register register = packRegister(maxLots, maxDepth, due, issued, closeWindowSeconds, minLotMinor);
        assert(register.lotCount() == 1);
        assert(register.maxLots() == maxLots);
        assert(register.maxDepth() == maxDepth);
        assert(register.due() == due);
        assert(register.issued() == issued);
        assert(register.closeWindowSeconds() == closeWindowSeconds);
        assert(register.minLotMinor() == minLotMinor);
    }

    function check_withLotAdded_changesTheCountOnly(Register register) external pure {
        require(register.lotCount() < type(uint24).max);
        Register after_ = register.withLotAdded();
        assert(after_.lotCount() == register.lotCount() + 1);
        assert(after_.maxLots() == register.maxLots());
        assert(after_.maxDepth() == register.maxDepth());
        assert(after_.due() == register.due());
        assert(after_.issued() == register.issued());
        assert(after_.closeWindowSeconds() == register.closeWindowSeconds());
        assert(after_.minLotMinor() == register.minLotMinor());
    }

    // ---- Money

    function check_money_isReadAsPacked(uint64 face, uint16 currency, uint16 graceDays, uint32 rate)
        external
        pure
    {
        require(face < 2 ** 53 && rate < 2 ** 14);
        Money money = packMoney(face, currency, graceDays, rate);
        assert(money.face() == face);
        assert(money.currency() == currency);
        assert(money.graceDays() == graceDays);
        assert(money.lateRatePpmPerDay() == rate);
        assert(money.state() == ILedger.State.Active);
        assert(money.paid() == 0);
        assert(money.claimed() == 0);
        assert(money.installments() == 0);
        assert(!money.overdue());
        assert(!money.hasInterest());
    }

    function check_withPayment_changesPaidAndTheCountOnly(Money money, uint64 principal) external pure {
        require(_hasState(money));
        require(money.paid() <= money.face() && principal <= money.face() - money.paid());
        require(money.installments() < type(uint16).max);
        Money after_ = money.withPayment(principal);
        assert(after_.paid() == money.paid() + principal);
        assert(after_.installments() == money.installments() + 1);
        _same(money, after_, Field.Paid);
    }

    function check_withClaimed_changesClaimedOnly(Money money, uint64 total) external pure {
        require(_hasState(money));
        Money after_ = money.withClaimed(total);
        assert(after_.claimed() == total);
        assert(_equal(after_.withClaimed(money.claimed()), money));
        _same(money, after_, Field.Claimed);
    }

    function check_withState_changesTheStateOnly(Money money, ILedger.State state) external pure {
        require(_hasState(money));
        Money after_ = money.withState(state);
        assert(after_.state() == state);
        assert(_equal(after_.withState(money.state()), money));
        _same(money, after_, Field.State);
    }

    function check_withOverdue_changesTheFlagOnly(Money money, bool overdue) external pure {
        require(_hasState(money));
        Money after_ = money.withOverdue(overdue);
        assert(after_.overdue() == overdue);
        assert(_equal(after_.withOverdue(money.overdue()), money));
        _same(money, after_, Field.Overdue);
    }

    function check_withInterestPaid_setsTheMarkOnly(Money money) external pure {
        require(_hasState(money));
        Money after_ = money.withInterestPaid();
        assert(after_.hasInterest());
        assert(_equal(after_, money) == money.hasInterest());
        _same(money, after_, Field.HasInterest);
    }

    // ---- Debt, Arrears, Totals

    function check_debt_isReadAsPacked(address debtor) external pure {
        Debt debt = packDebt(debtor);
        assert(debt.debtor() == debtor);
        assert(debt.interestPaid() == 0);
    }

    /// @dev From the words that the ledger makes: it writes nothing above the interest.
    function check_withInterest_addsToTheInterestOnly(address debtor, uint64 before, uint64 interest)
        external
        pure
    {
        require(interest <= type(uint64).max - before);
        Debt debt = packDebt(debtor).withInterest(before);
        assert(debt.debtor() == debtor);
        assert(debt.interestPaid() == before);
        Debt after_ = debt.withInterest(interest);
        assert(after_.debtor() == debtor);
        assert(after_.interestPaid() == before + interest);
    }

    function check_arrears_areReadAsPacked(uint64 owed, uint40 through) external pure {
        Arrears arrears = packArrears(owed, through);
        assert(arrears.interestOwed() == owed);
        assert(arrears.interestThrough() == through);
    }

    function check_totals_areReadAsPacked(uint64 principal, uint64 interest) external pure {
        Totals totals = packTotals(principal, interest);
        assert(totals.principalTotal() == principal);
        assert(totals.interestTotal() == interest);
    }

    // ---- helpers

    /// @dev All fields but the one, and what belongs to it.
    function _same(Money money, Money after_, Field changed) private pure {
        assert(after_.face() == money.face());
        assert(after_.currency() == money.currency());
        assert(after_.graceDays() == money.graceDays());
        assert(after_.lateRatePpmPerDay() == money.lateRatePpmPerDay());
        if (changed != Field.Paid) {
            assert(after_.paid() == money.paid());
            assert(after_.installments() == money.installments());
        }
        assert(changed == Field.Claimed || after_.claimed() == money.claimed());
        assert(changed == Field.State || after_.state() == money.state());
        assert(changed == Field.Overdue || after_.overdue() == money.overdue());
        assert(changed == Field.HasInterest || after_.hasInterest() == money.hasInterest());
    }

    /// @dev Of the 256 numbers of the field only some are states; the ledger writes no other.
    function _hasState(Money money) private pure returns (bool) {
        ILedger.State state = money.state();
        uint256 raw;
        // a conversion would panic where the question is asked
        assembly ("memory-safe") {
            raw := state
        }
        return raw <= uint8(type(ILedger.State).max);
    }

    function _equal(Money one, Money other) private pure returns (bool) {
        return Money.unwrap(one) == Money.unwrap(other);
    }
}
