// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Floor} from "../../src/modules/Floor.sol";

/// @title The floor of a mandate (rules.md §2): a quoting key cannot buy dearer, whatever it signs
contract FloorProof {
    uint64 private constant MAX_FACE = 2 ** 53 - 1;

    function check_ceiling_isAtMostTheAmount(uint64 amount, uint32 rate, uint16 tenor, bool longYear)
        external
        pure
    {
        require(amount <= MAX_FACE);
        uint64 highest = Floor.ceiling(amount, rate, tenor, _dayCount(longYear));
        assert(highest <= amount);
        assert(highest == amount || rate != 0);
    }

    function check_ceiling_neverRisesWithTheRate(
        uint64 amount,
        uint32 rate,
        uint32 higher,
        uint16 tenor,
        bool longYear
    ) external pure {
        require(amount <= MAX_FACE && rate <= higher);
        uint16 dayCount = _dayCount(longYear);
        assert(Floor.ceiling(amount, higher, tenor, dayCount) <= Floor.ceiling(amount, rate, tenor, dayCount));
    }

    function check_ceiling_neverRisesWithTheTenor(
        uint64 amount,
        uint32 rate,
        uint16 tenor,
        uint16 longer,
        bool longYear
    ) external pure {
        require(amount <= MAX_FACE && tenor <= longer);
        uint16 dayCount = _dayCount(longYear);
        assert(Floor.ceiling(amount, rate, longer, dayCount) <= Floor.ceiling(amount, rate, tenor, dayCount));
    }

    /// @dev The discount at the floor rate itself, to half a unit: a price above the ceiling is dearer than the floor.
    function check_ceiling_isTheDiscountAtTheFloorRateRoundedOnce(
        uint64 amount,
        uint32 rate,
        uint16 tenor,
        bool longYear
    ) external pure {
        require(amount <= MAX_FACE);
        uint256 basis = uint256(_dayCount(longYear)) * 1e6;
        uint256 exact = uint256(amount) * rate * tenor;
        uint64 highest = Floor.ceiling(amount, rate, tenor, _dayCount(longYear));
        uint256 discount = amount - highest;
        assert(2 * discount * basis <= 2 * exact + basis);
        assert(highest == 0 || 2 * exact < (2 * discount + 1) * basis);
    }

    function _dayCount(bool longYear) private pure returns (uint16) {
        return longYear ? 365 : 360;
    }
}
