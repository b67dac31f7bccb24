// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LateInterest} from "../../src/ledger/LateInterest.sol";

/// @title Late interest (ADR 0004), proved for every face the ledger takes and every rate of 32 bits
/// @dev That nothing overflows is left out: the solvers do not decide it. principal < 2^53, rate < 2^32 and days < 2^24 say
/// it at sight.
contract LateInterestProof {
    uint64 private constant MAX_FACE = 2 ** 53 - 1;

    function check_accrue_chargesNoDayTwiceAndNoneAhead(
        uint64 principal,
        uint32 rate,
        uint40 due,
        uint40 charged,
        uint40 when
    ) external pure {
        require(principal <= MAX_FACE && due <= when && charged <= when);
        (uint64 interest, uint40 through) = LateInterest.accrue(principal, rate, due, charged, when);
        assert(through <= when);
        assert(through >= charged);
        assert(through != charged || interest == 0);
    }

    function check_accrue_countsWholeDays(
        uint64 principal,
        uint32 rate,
        uint40 due,
        uint40 charged,
        uint40 when
    ) external pure {
        require(principal <= MAX_FACE && due <= when && charged <= when);
        (, uint40 through) = LateInterest.accrue(principal, rate, due, charged, when);
        assert(through == charged || (through - due) % 1 days == 0);
    }

    function check_isLate_fromTheEndOfTheDueDayOn(uint40 due, uint40 when) external pure {
        require(due <= type(uint40).max - 1 days);
        assert(LateInterest.isLate(due, when) == (uint256(when) >= uint256(due) + 1 days));
    }
}
