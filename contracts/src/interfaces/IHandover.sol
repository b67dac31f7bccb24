// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Handover of the settlement cash to a successor ledger's settlement
interface IHandover {
    /// @dev The old settlement account does not hold exactly what its holders can still claim.
    error HandoverAmountDiffers(uint16 currency, uint256 held, uint256 unclaimed);

    /// @notice Move all cash of a currency, once the successor is sealed.
    /// @custom:access anyone
    function handOver(uint16 currency) external;
}
