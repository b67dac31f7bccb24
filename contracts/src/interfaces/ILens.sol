// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "./ILedger.sol";

/// @title Read-only views for people, tests and the mirror's check
/// @notice Every list is paged: at most `limit` items from `start`; a short page is the last one.
interface ILens {
    struct ReceivableView {
        uint64 id;
        ILedger.Receivable receivable;
    }

    struct LotView {
        uint64 id;
        ILedger.Lot lot;
    }

    /// @param toOwner and `toChargee` add up to principal and interest
    struct ClaimView {
        uint64 lot;
        uint64 principal;
        uint64 interest;
        address owner;
        uint64 toOwner;
        address chargee;
        uint64 toChargee;
    }

    error LensSerialOutOfRange(uint64 receivable, uint64 serial, uint64 face);

    /// @param start first receivable id (from 1)
    function receivables(uint64 start, uint64 limit) external view returns (ReceivableView[] memory);
    /// @param start first lot index (from 1)
    function lots(uint64 receivable, uint24 start, uint24 limit) external view returns (LotView[] memory);
    /// @notice Live lots with something to claim, within the index page.
    function claimable(uint64 receivable, uint24 start, uint24 limit)
        external
        view
        returns (ClaimView[] memory);
    /// @notice From a lot up to the first lot of its receivable.
    function chainOfTitle(uint64 lot) external view returns (LotView[] memory);
    /// @notice The lot that holds a serial now.
    function lotOfSerial(uint64 receivable, uint64 serial) external view returns (LotView memory);
    function cashBalances(uint16 currency, address[] calldata parties)
        external
        view
        returns (uint256[] memory);
}
