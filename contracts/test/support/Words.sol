// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "./World.sol";

/// @title Counters of the ledger brought near their end, where no test could walk to
abstract contract Words is World {
    uint256 internal constant SEQ_BIT = 170;
    uint256 internal constant INSTALLMENTS_BIT = 170;

    /// @return slot the ledger reads as number `place` to answer a view
    function _slotOf(bytes memory view_, uint256 place) internal returns (bytes32 slot) {
        vm.record();
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(ledger).staticcall(view_);
        _yes(done, "the view answers");
        (bytes32[] memory reads,) = vm.accesses(address(ledger));
        return reads[place];
    }

    function _store(bytes32 slot, uint256 bit, uint256 width, uint256 value) internal {
        uint256 mask = ((1 << width) - 1) << bit;
        uint256 word = uint256(vm.load(address(ledger), slot));
        vm.store(address(ledger), slot, bytes32((word & ~mask) | (value << bit)));
    }
}
