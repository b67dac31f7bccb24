// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A new version of the ledger that takes over the whole state of a retired one
/// @notice Everything is read from the predecessor itself, so whoever carries the import can only carry it or not. No module
/// can act before the import is complete and sealed, and nothing is imported afterwards.
interface ISuccessor {
    error SuccessorNotRetired(address predecessor);
    error SuccessorSealed();
    error SuccessorNotSealed();
    error SuccessorNotImported(uint64 receivable);
    error SuccessorIncomplete(uint64 complete, uint64 expected);

    /// @notice Take over up to `count` more receivables, by id.
    /// @custom:access anyone
    function importReceivables(uint64 count) external;
    /// @notice Take over up to `count` more of a receivable's totals, by payment.
    /// @custom:access anyone
    function importTotals(uint64 receivable, uint16 count) external;
    /// @notice Take over up to `count` more of a receivable's lots, by index.
    /// @custom:access anyone
    function importLots(uint64 receivable, uint24 count) external;
    /// @notice Everything is there: from now on this is an ordinary ledger.
    /// @custom:access anyone
    function seal() external;

    function predecessor() external view returns (address);
    function isSealed() external view returns (bool);
    /// @notice What the imported receivables have been paid and not paid out, which the settlement account has to hold.
    function unclaimedOf(uint16 currency) external view returns (uint256);
}
