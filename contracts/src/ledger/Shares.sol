// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who gets what of a charged lot (rules.md §3)
/// @notice All arguments are totals since the receivable was issued, so a lot's first payout and its last follow the same
/// rule, and what one claim pays is the difference of two totals. None of the results falls when its arguments rise.
library Shares {
    /// @return what a pledgee gets in all of a lot that received `received`: all of it up to what is secured
    function toPledgee(uint64 received, uint64 secured) internal pure returns (uint64) {
        return received < secured ? received : secured;
    }

    /// @notice With recourse the bank's money is late in the proportion in which the principal is secured for it.
    /// @param amount face of the lot; 0 < secured <= amount
    /// @return what a bank gets in all of a lot with recourse: principal up to what is secured, and that part of the interest
    function toBank(uint64 principal, uint64 interest, uint64 secured, uint64 amount)
        internal
        pure
        returns (uint64)
    {
        uint64 part = uint64((uint256(interest) * secured) / amount);
        return (principal < secured ? principal : secured) + part;
    }
}
