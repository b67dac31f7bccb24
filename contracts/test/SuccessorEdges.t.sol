// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Succession} from "./support/Succession.sol";

/// @title A succession with a single cent of interest in it
contract SuccessorEdgesTest is Succession {
    function test_interestOfASingleCentFollows() public {
        (uint64 id, uint64 lot) = _doIssue(2000, 30);
        vm.warp(_midnight() + 31 days);
        (uint64 principal, uint64 interest) = ledger.owedAt(id, uint40(block.timestamp));
        _same(interest, 1, "2,000 at 500 millionths a day, for a day");
        _doPay(id, principal + interest);
        _retire();
        _deploySuccessor();
        _importAll(9, 9);
        (, uint64 claimable) = _next.claimableOf(lot);
        _same(claimable, 1, "the cent");
    }
}
