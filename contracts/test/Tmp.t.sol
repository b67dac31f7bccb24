// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
import {World} from "./support/World.sol";

contract TmpTest is World {
    function test_tmp() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        uint64[] memory lots = new uint64[](10);
        for (uint256 i = 0; i < 10; ++i) {
            address holder = _admit(string.concat("holder ", vm.toString(i)), 2, _keys(0x9000 + i), 1);
            _mint(cny, holder, 1);
            lots[i] = _doAssign(lot, holder, FACE / 10);
        }
        _doPay(receivable, FACE);
        settlement.claim(lots);
    }
}
