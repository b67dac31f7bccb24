// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "./World.sol";

/// @title What is done under an order, by those whose office it is
abstract contract Orders is World {
    bytes32 internal constant ORDER = keccak256("order of the court");

    function _freeze(uint64 lot) internal {
        vm.prank(FREEZER);
        enforcement.freeze(_lots(lot), ORDER);
    }

    function _unfreeze(uint64 lot) internal {
        vm.prank(FREEZER);
        enforcement.unfreeze(_lots(lot), ORDER);
    }

    function _suspendReceivable(uint64 receivable) internal {
        vm.prank(FREEZER);
        enforcement.suspend(receivable, ORDER);
    }

    /// @dev Takes the day that the court has to wait.
    function _forceMove(uint64 lot, address to, uint64 amount) internal returns (uint64 child) {
        child = (lot >> 24 << 24) + ledger.receivableOf(lot >> 24).lotCount + 1;
        bytes memory data = abi.encodeCall(enforcement.forceMove, (lot, to, amount, ORDER));
        _asAnnounced(COURT, address(enforcement), data, 1 days);
    }

    function _writeOff(uint64 receivable) internal {
        bytes memory data = abi.encodeCall(enforcement.writeOff, (receivable, ORDER));
        _asAnnounced(COURT, address(enforcement), data, 1 days);
    }

    /// @dev Late enough for anyone to say so.
    function _letDefault(uint64 receivable) internal {
        vm.warp(ledger.receivableOf(receivable).due + 31 days);
        settlement.declareDefault(receivable);
    }

    function _lots(uint64 lot) internal pure returns (uint64[] memory lots) {
        lots = new uint64[](1);
        lots[0] = lot;
    }
}
