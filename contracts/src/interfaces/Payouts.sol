// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev One payout of a claim, in one word so that a batch is returned and paid without decoding. From the low end:
/// to 160, amount 64, currency 16, problem 8, mandated 8.
type Payout is uint256;

using {to, lot, amount, currency, problem, isFor, withMore} for Payout global;

function packPayout(address to_, uint64 amount_, uint16 currency_, bool mandated) pure returns (Payout) {
    return Payout.wrap(
        uint256(uint160(to_)) | (uint256(amount_) << 160) | (uint256(currency_) << 224)
            | (mandated ? 1 << 248 : 0)
    );
}

/// @param problem_ of `ClaimProblems`: this lot gets nothing
function packProblem(uint64 lot_, uint8 problem_) pure returns (Payout) {
    return Payout.wrap(uint256(lot_) | (uint256(problem_) << 240));
}

function to(Payout payout) pure returns (address) {
    return address(uint160(Payout.unwrap(payout)));
}

/// @return id of the lot, where there is a problem
function lot(Payout payout) pure returns (uint64) {
    return uint64(Payout.unwrap(payout));
}

function amount(Payout payout) pure returns (uint64) {
    return uint64(Payout.unwrap(payout) >> 160);
}

function currency(Payout payout) pure returns (uint16) {
    return uint16(Payout.unwrap(payout) >> 224);
}

/// @return 0 where it is paid
function problem(Payout payout) pure returns (uint8) {
    return uint8(Payout.unwrap(payout) >> 240);
}

/// @dev The same receiver, currency and standing, whatever the amount: the words differ in nothing else.
function isFor(Payout payout, Payout other) pure returns (bool) {
    uint256 difference = Payout.unwrap(payout) ^ Payout.unwrap(other);
    return difference & ~(uint256(type(uint64).max) << 160) == 0 && payout.problem() == 0;
}

/// @dev The sum is cash that exists, and so below 2^63.
function withMore(Payout payout, uint64 more) pure returns (Payout) {
    return Payout.wrap(Payout.unwrap(payout) + (uint256(more) << 160));
}
