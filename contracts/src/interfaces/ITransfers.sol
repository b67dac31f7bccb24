// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Transfers: split a lot and pass the part on
interface ITransfers is IIntents {
    /// @param evidence salted commitment to the trade documents behind this hop, never zero
    struct Assign {
        address owner;
        address to;
        uint64 lot;
        uint24 seq;
        uint64 amount;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    struct AssignItem {
        Assign intent;
        bytes ownerSignatures;
        bytes receiverSignatures;
    }

    error TransfersOnlySelf();
    error TransfersTooMany(uint256 count, uint256 limit);

    /// @custom:access signatures of owner (ASSIGN) and receiver (ACCEPT)
    function assign(Assign calldata intent, bytes calldata ownerSignatures, bytes calldata receiverSignatures)
        external
        returns (uint64 child);
    /// @notice Many at once; a bad item is reported by `IntentFailed` and harms no other.
    /// @return children new lots, 0 where the item failed
    /// @custom:access each item by its own signatures
    function assignMany(AssignItem[] calldata items) external returns (uint64[] memory children);
    function hashAssign(Assign calldata intent) external view returns (bytes32);
}
