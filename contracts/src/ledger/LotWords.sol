// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../interfaces/Codes.sol";

// The words of a lot; see Slots.sol.

/// @dev A lot, whole (ADR 0013). From the low end: holder 32, first 53, amount 53, parentIndex 24, depth 8, seq 24,
/// claimedThrough 16, since 40, flags 6. The receivable is part of the lot's id, the holder's address is kept once per holder.
type LotWord is uint256;
/// @dev Who else has a right to a lot's money. From the low end: chargee 32 (a holder's number), secured 64, limit 64.
type Charge is uint256;

/// @dev Serials, and so amounts of title, have 53 bits (ADR 0014).
uint256 constant SERIALS = (1 << 53) - 1;

using {
    holder,
    first,
    amount,
    parentIndex,
    depth,
    seq,
    claimedThrough,
    since,
    flags,
    isFrozen,
    isCharged,
    isMandated,
    isPlain,
    withLowEndCut,
    withClaimedThrough,
    withFirstClaim,
    withFlags
} for LotWord global;
using {chargeeNumber, secured, recourseLimit} for Charge global;

/// @dev `first_` and `amount_` are at most the face, which the ledger keeps below 2^53. `seq` starts at 0.
function packLot(
    uint32 holder_,
    uint64 first_,
    uint64 amount_,
    uint24 parentIndex_,
    uint8 depth_,
    uint16 claimedThrough_,
    uint40 since_,
    uint8 flags_
) pure returns (LotWord) {
    return LotWord.wrap(
        uint256(holder_) | (uint256(first_) << 32) | (uint256(amount_) << 85) | (uint256(parentIndex_) << 138)
            | (uint256(depth_) << 162) | (uint256(claimedThrough_) << 194) | (uint256(since_) << 210)
            | (uint256(flags_) << 250)
    );
}

function holder(LotWord lot) pure returns (uint32) {
    return uint32(LotWord.unwrap(lot));
}

function first(LotWord lot) pure returns (uint64) {
    return uint64((LotWord.unwrap(lot) >> 32) & SERIALS);
}

function amount(LotWord lot) pure returns (uint64) {
    return uint64((LotWord.unwrap(lot) >> 85) & SERIALS);
}

function parentIndex(LotWord lot) pure returns (uint24) {
    return uint24(LotWord.unwrap(lot) >> 138);
}

function depth(LotWord lot) pure returns (uint8) {
    return uint8(LotWord.unwrap(lot) >> 162);
}

function seq(LotWord lot) pure returns (uint24) {
    return uint24(LotWord.unwrap(lot) >> 170);
}

function claimedThrough(LotWord lot) pure returns (uint16) {
    return uint16(LotWord.unwrap(lot) >> 194);
}

function since(LotWord lot) pure returns (uint40) {
    return uint40(LotWord.unwrap(lot) >> 210);
}

function flags(LotWord lot) pure returns (uint8) {
    return uint8(LotWord.unwrap(lot) >> 250);
}

function isFrozen(LotWord lot) pure returns (bool) {
    return lot.flags() & LotFlags.FROZEN != 0;
}

function isCharged(LotWord lot) pure returns (bool) {
    return lot.flags() & LotFlags.CHARGED != 0;
}

function isMandated(LotWord lot) pure returns (bool) {
    return lot.flags() & LotFlags.MANDATED != 0;
}

/// @return whether there is something in it, without flags, and nothing was claimed yet
function isPlain(LotWord lot) pure returns (bool) {
    return lot.amount() != 0 && lot.flags() == 0 && lot.claimedThrough() == 0;
}

/// @dev Moves `taken` from `amount` to `first` and raises `seq`. No field carries into the next: taken <= amount,
/// first + amount <= face, and the caller has checked that `seq` can rise.
function withLowEndCut(LotWord lot, uint64 taken) pure returns (LotWord) {
    unchecked {
        return
            LotWord.wrap(LotWord.unwrap(lot) + (uint256(taken) << 32) - (uint256(taken) << 85) + (1 << 170));
    }
}

function withClaimedThrough(LotWord lot, uint16 installment) pure returns (LotWord) {
    uint256 kept = LotWord.unwrap(lot) & ~(uint256(type(uint16).max) << 194);
    return LotWord.wrap(kept | (uint256(installment) << 194));
}

/// @dev For a lot that claimed nothing yet.
function withFirstClaim(LotWord lot, uint16 installment) pure returns (LotWord) {
    return LotWord.wrap(LotWord.unwrap(lot) | (uint256(installment) << 194));
}

/// @param seq_ the one after the change
function withFlags(LotWord lot, uint8 flags_, uint24 seq_) pure returns (LotWord) {
    uint256 kept = LotWord.unwrap(lot) & ~((uint256(63) << 250) | (uint256(type(uint24).max) << 170));
    return LotWord.wrap(kept | (uint256(flags_) << 250) | (uint256(seq_) << 170));
}

function packCharge(uint32 chargeeNumber_, uint64 secured_, uint64 limit_) pure returns (Charge) {
    return Charge.wrap(uint256(chargeeNumber_) | (uint256(secured_) << 32) | (uint256(limit_) << 96));
}

function chargeeNumber(Charge charge) pure returns (uint32) {
    return uint32(Charge.unwrap(charge));
}

function secured(Charge charge) pure returns (uint64) {
    return uint64(Charge.unwrap(charge) >> 32);
}

function recourseLimit(Charge charge) pure returns (uint64) {
    return uint64(Charge.unwrap(charge) >> 96);
}
