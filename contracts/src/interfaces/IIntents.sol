// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What every contract that takes signed intents has in common
/// @notice An intent is an EIP-712 message. Anyone may carry it; only the signatures of the parties it names give it effect.
interface IIntents {
    /// @notice An intent took effect.
    /// @param digest EIP-712 digest that the parties signed
    /// @param kind see `IntentKinds`
    /// @param subject receivable (Issue, Pay, Cancel), lot (Pledge, Release), child lot (Assign, Finance, Buyback, Realise,
    /// Export), else 0
    /// @param relayer who carried it
    event IntentUsed(bytes32 indexed digest, uint8 indexed kind, uint64 indexed subject, address relayer);

    /// @notice One item of a batch had no effect; the others are not touched by it.
    /// @param index place in the batch
    /// @param digest EIP-712 digest of the item
    /// @param reason ABI-encoded error
    event IntentFailed(uint256 indexed index, bytes32 indexed digest, bytes reason);

    error IntentExpired(uint40 deadline, uint40 now_);
    /// @dev A deadline may be at most `MAX_LIFETIME` (24 h) ahead.
    error IntentDeadlineTooFar(uint40 deadline, uint40 latest);
    error IntentAlreadyUsed(bytes32 digest);
    /// @dev A batch gives each item a fixed amount of gas, no more and no less: whoever carries it cannot make an item fail
    /// by giving too little, and no item can use up the gas of the others.
    error IntentGasTooLow(uint256 left, uint256 needed);
}
