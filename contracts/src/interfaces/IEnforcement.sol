// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Enforcement: what is done under an order, always with its hash
/// @notice Nothing here pays anybody: a frozen share waits, and claims of everybody else go on.
interface IEnforcement {
    error EnforcementTooMany(uint256 count, uint256 limit);

    /// @notice Stop lots, all or none of them.
    /// @param order hash of the order, never zero
    /// @custom:access AccessManager role FREEZER
    function freeze(uint64[] calldata lots, bytes32 order) external;
    /// @custom:access AccessManager role FREEZER
    function unfreeze(uint64[] calldata lots, bytes32 order) external;
    /// @notice Stop a whole receivable before its first payment.
    /// @custom:access AccessManager role FREEZER
    function suspend(uint64 receivable, bytes32 order) external;
    /// @custom:access AccessManager role FREEZER
    function resume(uint64 receivable, bytes32 order) external;
    /// @notice Move a lot, or its low end, to another admitted party, whoever owns it and frozen or not.
    /// @custom:access AccessManager role COURT (24 h, the guardian may cancel)
    function forceMove(uint64 lot, address to, uint64 amount, bytes32 order) external returns (uint64 child);
    /// @custom:access AccessManager role COURT (24 h, the guardian may cancel)
    function writeOff(uint64 receivable, bytes32 order) external;
}
