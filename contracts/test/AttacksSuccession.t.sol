// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/interfaces/ILedger.sol";
import {ISuccessor} from "../src/interfaces/ISuccessor.sol";
import {World} from "./support/World.sol";

/// @title A successor is retired before it has taken over what its predecessor held
/// @dev Whoever seals the next one then would seal an empty ledger: every claim would be lost.
contract AttacksSuccessionTest is World {
    ISuccessor private _half;
    ISuccessor private _next;

    function setUp() public override {
        super.setUp();
        _doIssue(FACE, 90);
        _doIssue(FACE, 90);
        _asAnnounced(MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.retire, (address(1))), 7 days);
        _half = _deploySuccessor(address(ledger));
        _half.importReceivables(1);
        // nobody has assigned its functions yet: they are the consortium's
        _asAnnounced(CONSORTIUM, address(_half), abi.encodeCall(ledger.retire, (address(1))), 3 days);
        _next = _deploySuccessor(address(_half));
    }

    function test_SuccessorNotRetired_whileThePredecessorIsItselfIncomplete() public {
        bytes memory reason = abi.encodeWithSelector(ISuccessor.SuccessorNotRetired.selector, address(_half));
        _refused(address(_next), abi.encodeCall(_next.importReceivables, (9)), reason);
        _refused(address(_next), abi.encodeCall(_next.seal, ()), reason);
    }

    function test_seal_ofTheNextOnceThePredecessorIsComplete() public {
        _takeOver(_half);
        _takeOver(_next);
        _same(ILedger(address(_next)).receivableCount(), 2, "nothing is lost");
        _same(ILedger(address(_next)).lotOf((2 << 24) + 1).owner, supplier, "nor anybody's lot");
    }

    function _takeOver(ISuccessor successor) private {
        successor.importReceivables(9);
        successor.importLots(1, 9);
        successor.importLots(2, 9);
        successor.seal();
    }

    function _deploySuccessor(address predecessor) private returns (ISuccessor) {
        bytes memory arguments = abi.encode(manager, rulebook, predecessor);
        return ISuccessor(vm.deployCode("SuccessorLedger.sol:SuccessorLedger", arguments));
    }
}
