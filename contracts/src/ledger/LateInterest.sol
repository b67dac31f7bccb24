// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Days late and the interest for them (ADR 0004)
/// @notice On time while `when` < due + 1 day. Each whole day begun after the due day counts once.
library LateInterest {
    uint256 private constant PPM = 1_000_000;

    function isLate(uint40 due, uint40 when) internal pure returns (bool) {
        return when >= due + 1 days;
    }

    /// @param principal unpaid principal, minor units
    /// @param ratePpmPerDay parts per million of the principal a day
    /// @param through end of the days already charged, 0 if none
    /// @return interest for the days from then on, rounded half up once, minor units
    /// @return newThrough 00:00 UTC of the day of `when`; must be late
    function accrue(uint64 principal, uint32 ratePpmPerDay, uint40 due, uint40 through, uint40 when)
        internal
        pure
        returns (uint64 interest, uint40 newThrough)
    {
        uint40 from = through > due ? through : due;
        newThrough = due + ((when - due) / 1 days) * 1 days;
        if (newThrough <= from) return (0, through);
        uint256 daysLate = (newThrough - from) / 1 days;
        uint256 exact = (uint256(principal) * ratePpmPerDay * daysLate + PPM / 2) / PPM;
        // more than 64 bits is owed by nobody; the sum with what was owed before is checked
        interest = exact > type(uint64).max ? type(uint64).max : uint64(exact);
    }
}
