// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../interfaces/ILedger.sol";
import {SERIALS} from "./LotWords.sol";

// The words the ledger keeps. Each word is read once and written once by an operation; structs would make the compiler
// read and mask a slot once per field, which costs a third more code and some gas in every operation.

/// @dev What a move checks of a receivable's rules. From the low end: lotCount 24, maxLots 24, maxDepth 8, due 40, issued 40,
/// closeWindowSeconds 32, minLotMinor 48.
type Register is uint256;
/// @dev State and money, all that a claim reads of a receivable. From the low end: face 53, paid 53, claimed 64,
/// installments 16, state 8, overdue 1, interest was paid 1, currency 16, graceDays 16, lateRatePpmPerDay 14.
type Money is uint256;
/// @dev From the low end: debtor 160, interestPaid 64.
type Debt is uint256;
/// @dev Written only when a payment is late. From the low end: interestOwed 64, interestThrough 40.
type Arrears is uint256;
/// @dev Cumulative totals after a payment. From the low end: principal 64, interest 64.
type Totals is uint256;

using {
    lotCount,
    maxLots,
    maxDepth,
    due,
    issued,
    closeWindowSeconds,
    minLotMinor,
    withLotAdded
} for Register global;
using {
    face,
    paid,
    claimed,
    installments,
    state,
    overdue,
    hasInterest,
    currency,
    graceDays,
    lateRatePpmPerDay,
    withPayment,
    withInterestPaid,
    withClaimed,
    withState,
    withOverdue
} for Money global;
using {debtor, interestPaid, withInterest} for Debt global;
using {interestOwed, interestThrough} for Arrears global;
using {principalTotal, interestTotal} for Totals global;

/// @dev A new receivable has one lot, so its word is never zero.
function packRegister(
    uint24 maxLots_,
    uint8 maxDepth_,
    uint40 due_,
    uint40 issued_,
    uint32 closeWindowSeconds_,
    uint48 minLotMinor_
) pure returns (Register) {
    return Register.wrap(
        1 | (uint256(maxLots_) << 24) | (uint256(maxDepth_) << 48) | (uint256(due_) << 56)
            | (uint256(issued_) << 96) | (uint256(closeWindowSeconds_) << 136)
            | (uint256(minLotMinor_) << 168)
    );
}

function lotCount(Register register) pure returns (uint24) {
    return uint24(Register.unwrap(register));
}

function maxLots(Register register) pure returns (uint24) {
    return uint24(Register.unwrap(register) >> 24);
}

function maxDepth(Register register) pure returns (uint8) {
    return uint8(Register.unwrap(register) >> 48);
}

function due(Register register) pure returns (uint40) {
    return uint40(Register.unwrap(register) >> 56);
}

function issued(Register register) pure returns (uint40) {
    return uint40(Register.unwrap(register) >> 96);
}

function closeWindowSeconds(Register register) pure returns (uint32) {
    return uint32(Register.unwrap(register) >> 136);
}

function minLotMinor(Register register) pure returns (uint64) {
    return uint48(Register.unwrap(register) >> 168);
}

/// @dev The caller has checked that lotCount < 2^24 - 1, so nothing carries.
function withLotAdded(Register register) pure returns (Register) {
    unchecked {
        return Register.wrap(Register.unwrap(register) + 1);
    }
}

/// @dev A new receivable is Active. The Rulebook keeps the rate below 2^14.
function packMoney(uint64 face_, uint16 currency_, uint16 graceDays_, uint32 lateRatePpmPerDay_)
    pure
    returns (Money)
{
    return Money.wrap(
        uint256(face_) | (uint256(ILedger.State.Active) << 186) | (uint256(currency_) << 196)
            | (uint256(graceDays_) << 212) | (uint256(lateRatePpmPerDay_) << 228)
    );
}

function face(Money money) pure returns (uint64) {
    return uint64(Money.unwrap(money) & SERIALS);
}

function paid(Money money) pure returns (uint64) {
    return uint64((Money.unwrap(money) >> 53) & SERIALS);
}

function claimed(Money money) pure returns (uint64) {
    return uint64(Money.unwrap(money) >> 106);
}

function installments(Money money) pure returns (uint16) {
    return uint16(Money.unwrap(money) >> 170);
}

/// @dev Without the range check of a conversion: only `withState` and `packMoney` write the field.
function state(Money money) pure returns (ILedger.State state_) {
    // solhint-disable-next-line no-inline-assembly
    assembly ("memory-safe") {
        state_ := and(shr(186, money), 0xff)
    }
}

function overdue(Money money) pure returns (bool) {
    return (Money.unwrap(money) >> 194) & 1 != 0;
}

/// @dev Spares reading the debt where nobody ever paid late.
function hasInterest(Money money) pure returns (bool) {
    return (Money.unwrap(money) >> 195) & 1 != 0;
}

function currency(Money money) pure returns (uint16) {
    return uint16(Money.unwrap(money) >> 196);
}

function graceDays(Money money) pure returns (uint16) {
    return uint16(Money.unwrap(money) >> 212);
}

function lateRatePpmPerDay(Money money) pure returns (uint32) {
    return uint32(Money.unwrap(money) >> 228);
}

/// @dev The caller has checked that paid + principal <= face. The count is checked here: a debtor may pay 65,535 times.
function withPayment(Money money, uint64 principal) pure returns (Money) {
    uint256 count = uint256(money.installments() + 1) << 170;
    uint256 kept = Money.unwrap(money) & ~(uint256(type(uint16).max) << 170);
    unchecked {
        return Money.wrap((kept + (uint256(principal) << 53)) | count);
    }
}

function withInterestPaid(Money money) pure returns (Money) {
    return Money.wrap(Money.unwrap(money) | (1 << 195));
}

function withClaimed(Money money, uint64 total) pure returns (Money) {
    return Money.wrap((Money.unwrap(money) & ~(uint256(type(uint64).max) << 106)) | (uint256(total) << 106));
}

function withState(Money money, ILedger.State state_) pure returns (Money) {
    return Money.wrap((Money.unwrap(money) & ~(uint256(0xff) << 186)) | (uint256(state_) << 186));
}

function withOverdue(Money money, bool overdue_) pure returns (Money) {
    uint256 cleared = Money.unwrap(money) & ~(uint256(1) << 194);
    return Money.wrap(overdue_ ? cleared | (1 << 194) : cleared);
}

function packDebt(address debtor_) pure returns (Debt) {
    return Debt.wrap(uint160(debtor_));
}

function debtor(Debt debt) pure returns (address) {
    return address(uint160(Debt.unwrap(debt)));
}

function interestPaid(Debt debt) pure returns (uint64) {
    return uint64(Debt.unwrap(debt) >> 160);
}

function withInterest(Debt debt, uint64 interest) pure returns (Debt) {
    return Debt.wrap(uint160(Debt.unwrap(debt)) | (uint256(debt.interestPaid() + interest) << 160));
}

function packArrears(uint64 owed, uint40 through) pure returns (Arrears) {
    return Arrears.wrap(uint256(owed) | (uint256(through) << 64));
}

function interestOwed(Arrears arrears) pure returns (uint64) {
    return uint64(Arrears.unwrap(arrears));
}

function interestThrough(Arrears arrears) pure returns (uint40) {
    return uint40(Arrears.unwrap(arrears) >> 64);
}

function packTotals(uint64 principal, uint64 interest) pure returns (Totals) {
    return Totals.wrap(uint256(principal) | (uint256(interest) << 64));
}

function principalTotal(Totals totals) pure returns (uint64) {
    return uint64(Totals.unwrap(totals));
}

function interestTotal(Totals totals) pure returns (uint64) {
    return uint64(Totals.unwrap(totals) >> 64);
}

/// @dev The words of a receivable that another ledger gives as a whole.
function wholeRegister(ILedger.Receivable memory whole) pure returns (Register) {
    return Register.wrap(
        uint256(whole.lotCount) | (uint256(whole.maxLots) << 24) | (uint256(whole.maxDepth) << 48)
            | (uint256(whole.due) << 56) | (uint256(whole.issued) << 96)
            | (uint256(whole.closeWindowSeconds) << 136) | (uint256(whole.minLotMinor) << 168)
    );
}

function wholeMoney(ILedger.Receivable memory whole) pure returns (Money money) {
    money = packMoney(whole.face, whole.currency, whole.graceDays, whole.lateRatePpmPerDay);
    money = Money.wrap(
        Money.unwrap(money) | (uint256(whole.paid) << 53) | (uint256(whole.claimed) << 106)
            | (uint256(whole.installments) << 170)
    );
    if (whole.interestPaid != 0) money = money.withInterestPaid();
    return money.withState(whole.state).withOverdue(whole.overdue);
}
