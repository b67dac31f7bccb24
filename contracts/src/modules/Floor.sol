// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The highest price that a floor rate allows (rules.md §2)
library Floor {
    uint256 private constant PPM = 1_000_000;

    /// @notice Simple discount at the floor rate, rounded half up once as every discount is, so that a quote at exactly the
    /// floor is never refused for a cent.
    /// @param amount face, minor units, below 2^53
    /// @param ratePpm parts per million a year
    /// @param tenorDays below 2^16
    /// @param dayCount 360 or 365
    /// @return highest price, 0 where the discount would eat the face
    function ceiling(uint64 amount, uint32 ratePpm, uint256 tenorDays, uint16 dayCount)
        internal
        pure
        returns (uint64 highest)
    {
        uint256 basis = uint256(dayCount) * PPM;
        uint256 discount = (uint256(amount) * ratePpm * tenorDays + basis / 2) / basis;
        return discount >= amount ? 0 : uint64(amount - discount);
    }
}
