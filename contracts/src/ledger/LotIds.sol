// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Lot ids: receivable id * 2^24 + index, indices from 1 (ADR 0002)
library LotIds {
    uint64 private constant INDEX_BITS = 24;

    function lotId(uint64 receivable, uint24 index) internal pure returns (uint64) {
        return (receivable << INDEX_BITS) | index;
    }

    function receivableOf(uint64 lot) internal pure returns (uint64) {
        return lot >> INDEX_BITS;
    }

    function indexOf(uint64 lot) internal pure returns (uint24) {
        return uint24(lot);
    }
}
