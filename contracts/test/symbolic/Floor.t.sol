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

    /// @dev A price above the ceiling is dearer than the floor: the ceiling takes off the discount at the floor rate itself,
    /// rounded half up once.
    function check_ceiling_takesOffTheDiscountAtTheFloorRate_ofAYearOf360Days(
        uint64 amount,
        uint32 rate,
        uint16 tenor
    ) external pure {
        _takesOffTheDiscount(amount, rate, tenor, 360);
    }

    function check_ceiling_takesOffTheDiscountAtTheFloorRate_ofAYearOf365Days(
        uint64 amount,
        uint32 rate,
        uint16 tenor
    ) external pure {
        _takesOffTheDiscount(amount, rate, tenor, 365);
    }

    function _takesOffTheDiscount(uint64 amount, uint32 rate, uint16 tenor, uint16 dayCount) private pure {
        require(amount <= MAX_FACE);
        uint64 highest = Floor.ceiling(amount, rate, tenor, dayCount);
        // below 2^102: that nothing overflows is proved where the same is computed
        unchecked {
            uint256 basis = uint256(dayCount) * 1e6;
            uint256 halfMore = uint256(amount) * rate * tenor + basis / 2;
            uint256 left = uint256(highest) * basis;
            assert(uint256(amount) * basis <= halfMore + left);
            assert(highest == 0 || halfMore + left < (uint256(amount) + 1) * basis);
        }
    }

    function _dayCount(bool longYear) private pure returns (uint16) {
        return longYear ? 365 : 360;
    }
}
