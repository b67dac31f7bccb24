// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Settlement: the debtor pays once, holders claim; holds the cash paid in and not yet claimed
interface ISettlement is IIntents {
    /// @param amount principal and interest, minor units
    /// @param paidBefore principal and interest paid before this payment: a replay is stale by itself
    struct Pay {
        address debtor;
        uint64 receivable;
        uint64 amount;
        uint64 paidBefore;
        uint40 deadline;
        uint64 salt;
    }

    /// @notice One lot of a claim got nothing; the others are not touched by it.
    event ClaimFailed(uint64 indexed lot, bytes reason);

    error SettlementTooMany(uint256 count, uint256 limit);

    /// @custom:access signatures of the debtor (PAY)
    function pay(Pay calldata intent, bytes calldata signatures) external;
    /// @notice Pay each lot's open share to its owner, and what a charge on it gives to its chargee, whoever asks.
    /// @dev A lot that gets nothing is reported by `ClaimFailed` and harms no other.
    /// @custom:access anyone
    function claim(uint64[] calldata lots) external;
    /// @notice Flag a receivable that is due and unpaid; its debtor cannot issue until it has paid.
    /// @custom:access anyone
    function flagOverdue(uint64 receivable) external;
    /// @notice A receivable unpaid at the end of its grace period is in default.
    /// @custom:access anyone
    function declareDefault(uint64 receivable) external;
    function hashPay(Pay calldata intent) external view returns (bytes32);
}
