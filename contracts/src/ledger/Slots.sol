// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../interfaces/ILedger.sol";

// The words the ledger keeps. Each word is read once and written once by an operation; structs would make the compiler
// read and mask a slot once per field, which costs a third more code and some gas in every operation.

/// @dev A lot, whole (ADR 0013). From the low end: holder 32, first 56, amount 56, parentIndex 24, depth 8, seq 24,
/// claimedThrough 16, since 40. The receivable is part of the lot's id, the holder's address is kept once per holder.
type LotWord is uint256;
/// @dev All that a move reads of a receivable. From the low end: state 8, overdue 8, currency 16, lotCount 24, maxLots 24,
/// maxDepth 8, due 40, issued 40, closeWindowSeconds 32, minLotMinor 48.
type Register is uint256;
/// @dev From the low end: face 64, paid 64, claimed 64, installments 16, graceDays 16, lateRatePpmPerDay 32.
type Money is uint256;
/// @dev From the low end: debtor 160, interestPaid 64.
type Debt is uint256;
/// @dev Written only when a payment is late. From the low end: interestOwed 64, interestThrough 40.
type Arrears is uint256;
/// @dev Cumulative totals after a payment. From the low end: principal 64, interest 64.
type Totals is uint256;

using {
    holder,
    first,
    amount,
    parentIndex,
    depth,
    seq,
    claimedThrough,
    since,
    withLowEndCut,
    withClaimedThrough
} for LotWord global;
using {
    state,
    overdue,
    currency,
    lotCount,
    maxLots,
    maxDepth,
    due,
    issued,
    closeWindowSeconds,
    minLotMinor,
    withState,
    withOverdue,
    withLotAdded
} for Register global;
using {
    face,
    paid,
    claimed,
    installments,
    graceDays,
    lateRatePpmPerDay,
    withPayment,
    withClaim
} for Money global;
using {debtor, interestPaid, withInterest} for Debt global;
using {interestOwed, interestThrough} for Arrears global;
using {principalTotal, interestTotal} for Totals global;

/// @dev `first_` and `amount_` are at most the face, which the ledger keeps below 2^53. `seq` starts at 0.
function packLot(
    uint32 holder_,
    uint64 first_,
    uint64 amount_,
    uint24 parentIndex_,
    uint8 depth_,
    uint40 since_
) pure returns (LotWord) {
    return LotWord.wrap(
        uint256(holder_) | (uint256(first_) << 32) | (uint256(amount_) << 88) | (uint256(parentIndex_) << 144)
            | (uint256(depth_) << 168) | (uint256(since_) << 216)
    );
}

function holder(LotWord lot) pure returns (uint32) {
    return uint32(LotWord.unwrap(lot));
}

function first(LotWord lot) pure returns (uint64) {
    return uint56(LotWord.unwrap(lot) >> 32);
}

function amount(LotWord lot) pure returns (uint64) {
    return uint56(LotWord.unwrap(lot) >> 88);
}

function parentIndex(LotWord lot) pure returns (uint24) {
    return uint24(LotWord.unwrap(lot) >> 144);
}

function depth(LotWord lot) pure returns (uint8) {
    return uint8(LotWord.unwrap(lot) >> 168);
}

function seq(LotWord lot) pure returns (uint24) {
    return uint24(LotWord.unwrap(lot) >> 176);
}

function claimedThrough(LotWord lot) pure returns (uint16) {
    return uint16(LotWord.unwrap(lot) >> 200);
}

function since(LotWord lot) pure returns (uint40) {
    return uint40(LotWord.unwrap(lot) >> 216);
}

/// @dev Moves `taken` from `amount` to `first` and raises `seq`. No field carries into the next: taken <= amount,
/// first + amount <= face, and a lot is cut at most as often as its receivable has lots, which is below 2^24.
function withLowEndCut(LotWord lot, uint64 taken) pure returns (LotWord) {
    unchecked {
        return
            LotWord.wrap(LotWord.unwrap(lot) + (uint256(taken) << 32) - (uint256(taken) << 88) + (1 << 176));
    }
}

function withClaimedThrough(LotWord lot, uint16 installment) pure returns (LotWord) {
    uint256 kept = LotWord.unwrap(lot) & ~(uint256(type(uint16).max) << 200);
    return LotWord.wrap(kept | (uint256(installment) << 200));
}

/// @dev A new receivable: Active, with one lot.
function packRegister(
    uint16 currency_,
    uint24 maxLots_,
    uint8 maxDepth_,
    uint40 due_,
    uint40 issued_,
    uint32 closeWindowSeconds_,
    uint48 minLotMinor_
) pure returns (Register) {
    return Register.wrap(
        uint256(ILedger.State.Active) | (uint256(currency_) << 16) | (1 << 32) | (uint256(maxLots_) << 56)
            | (uint256(maxDepth_) << 80) | (uint256(due_) << 88) | (uint256(issued_) << 128)
            | (uint256(closeWindowSeconds_) << 168) | (uint256(minLotMinor_) << 200)
    );
}

/// @dev Without the range check of a conversion: only `withState` and `packRegister` write the field.
function state(Register register) pure returns (ILedger.State state_) {
    // solhint-disable-next-line no-inline-assembly
    assembly ("memory-safe") {
        state_ := and(register, 0xff)
    }
}

function overdue(Register register) pure returns (bool) {
    return uint8(Register.unwrap(register) >> 8) != 0;
}

function currency(Register register) pure returns (uint16) {
    return uint16(Register.unwrap(register) >> 16);
}

function lotCount(Register register) pure returns (uint24) {
    return uint24(Register.unwrap(register) >> 32);
}

function maxLots(Register register) pure returns (uint24) {
    return uint24(Register.unwrap(register) >> 56);
}

function maxDepth(Register register) pure returns (uint8) {
    return uint8(Register.unwrap(register) >> 80);
}

function due(Register register) pure returns (uint40) {
    return uint40(Register.unwrap(register) >> 88);
}

function issued(Register register) pure returns (uint40) {
    return uint40(Register.unwrap(register) >> 128);
}

function closeWindowSeconds(Register register) pure returns (uint32) {
    return uint32(Register.unwrap(register) >> 168);
}

function minLotMinor(Register register) pure returns (uint48) {
    return uint48(Register.unwrap(register) >> 200);
}

function withState(Register register, ILedger.State state_) pure returns (Register) {
    return Register.wrap((Register.unwrap(register) & ~uint256(0xff)) | uint256(state_));
}

function withOverdue(Register register, bool overdue_) pure returns (Register) {
    uint256 cleared = Register.unwrap(register) & ~uint256(0xff00);
    return Register.wrap(overdue_ ? cleared | 0x100 : cleared);
}

/// @dev The caller has checked that lotCount < maxLots, so nothing carries.
function withLotAdded(Register register) pure returns (Register) {
    unchecked {
        return Register.wrap(Register.unwrap(register) + (1 << 32));
    }
}

function packMoney(uint64 face_, uint16 graceDays_, uint32 lateRatePpmPerDay_) pure returns (Money) {
    return Money.wrap(uint256(face_) | (uint256(graceDays_) << 208) | (uint256(lateRatePpmPerDay_) << 224));
}

function face(Money money) pure returns (uint64) {
    return uint64(Money.unwrap(money));
}

function paid(Money money) pure returns (uint64) {
    return uint64(Money.unwrap(money) >> 64);
}

function claimed(Money money) pure returns (uint64) {
    return uint64(Money.unwrap(money) >> 128);
}

function installments(Money money) pure returns (uint16) {
    return uint16(Money.unwrap(money) >> 192);
}

function graceDays(Money money) pure returns (uint16) {
    return uint16(Money.unwrap(money) >> 208);
}

function lateRatePpmPerDay(Money money) pure returns (uint32) {
    return uint32(Money.unwrap(money) >> 224);
}

/// @dev The caller has checked that paid + principal <= face. The count is checked here: a debtor may pay 65,535 times.
function withPayment(Money money, uint64 principal) pure returns (Money) {
    uint256 count = uint256(money.installments() + 1) << 192;
    uint256 kept = Money.unwrap(money) & ~(uint256(type(uint16).max) << 192);
    unchecked {
        return Money.wrap((kept + (uint256(principal) << 64)) | count);
    }
}

function withClaim(Money money, uint64 amount_) pure returns (Money) {
    uint256 total = uint256(money.claimed() + amount_) << 128;
    return Money.wrap((Money.unwrap(money) & ~(uint256(type(uint64).max) << 128)) | total);
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
