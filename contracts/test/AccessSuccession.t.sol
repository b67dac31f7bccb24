// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {IHandover} from "../src/interfaces/IHandover.sol";
import {AccessClasses} from "./support/AccessClasses.sol";
import {LedgerFunctions} from "./support/LedgerFunctions.sol";
import {Stage} from "./support/Stage.sol";
import {Succession} from "./support/Succession.sol";
import {World} from "./support/World.sol";

/// @title I11 for the contracts that only a succession has
/// @dev The ledger is retired and its successor empty: everybody can carry the import, nobody can do anything else.
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract AccessSuccessionTest is LedgerFunctions, AccessClasses, Succession {
    address private constant NEW_SETTLEMENT = address(0x5E77);

    IHandover private _handover;

    function setUp() public override(Stage, World) {
        super.setUp();
        _retire();
        _deploySuccessor();
        _handover = IHandover(
            vm.deployCode("Handover.sol:Handover", abi.encode(_import, settlement, NEW_SETTLEMENT))
        );
        bytes memory data = abi.encodeCall(cny.setRights, (address(_handover), Rights.CLAIM));
        _asAnnounced(MODULE_ADMIN, address(cny), data, 7 days);
    }

    function test_handOver_byAStranger_movesToTheNewSettlementOnly() public {
        _importAll(50, 50);
        uint256 waiting = cny.balanceOf(address(settlement));
        _yes(waiting != 0, "somebody's money waits");
        vm.prank(STRANGER);
        _handover.handOver(CNY);
        _same(cny.balanceOf(NEW_SETTLEMENT), waiting, "all of it, where the constructor says");
        _same(cny.balanceOf(STRANGER), 0, "nothing to the caller");
    }

    /// @dev Promise 5 here too: every function × everybody in office, the deployer and a stranger, also through the delays. The
    /// handover, which anybody may carry, is the exception: the test above says what it does.
    function test_noOffice_changesAnyLotOrBalance() public {
        Call[] memory calls = _everyFunction();
        address[] memory accounts = _accounts();
        uint256 effective = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            if (_equal(calls[i].name, "handOver")) continue;
            for (uint256 j = 0; j < accounts.length; ++j) {
                uint256 stage = vm.snapshotState();
                if (this.leavesWhatIsHeld(accounts[j], calls[i])) ++effective;
                vm.revertToStateAndDelete(stage);
            }
        }
        // the four steps of the import by twelve accounts, and each of the five offices its own function
        _same(effective, 4 * accounts.length + 5, "calls that have an effect");
    }

    /// @dev A frame of its own for each pair, so that memory does not pile up.
    /// @return success whether the call had an effect at all
    function leavesWhatIsHeld(address account, Call memory call) external returns (bool success) {
        _prepare(call);
        bool imports = call.access == Access.Anyone;
        bytes32 before = _held(!imports);
        (address target, bytes memory data) = (call.target, call.data);
        (, uint32 delay) = manager.canCall(account, target, bytes4(data));
        if (delay != 0) {
            vm.prank(account);
            manager.schedule(target, data, 0);
            vm.warp(block.timestamp + delay);
            (target, data) = (address(manager), abi.encodeCall(manager.execute, (target, data)));
        }
        vm.prank(account);
        // solhint-disable-next-line avoid-low-level-calls
        (success,) = target.call(data);
        _same(_held(!imports), before, string.concat(call.name, " changed a lot or a balance"));
    }

    // ---- helpers

    /// @param both whether the successor's lots count too, which an import makes
    function _held(bool both) private view returns (bytes32 held) {
        for (uint64 id = 1; id <= ledger.receivableCount(); ++id) {
            uint24 count = ledger.receivableOf(id).lotCount;
            for (uint64 lot = (id << 24) + 1; lot <= (id << 24) + count; ++lot) {
                held = keccak256(abi.encode(held, ledger.lotOf(lot)));
                if (both && _import.isSealed()) held = keccak256(abi.encode(held, _next.lotOf(lot)));
            }
        }
        address[8] memory owners =
            [debtor, supplier, tier2, tier3, bank, otherBank, address(settlement), NEW_SETTLEMENT];
        for (uint256 i = 0; i < owners.length; ++i) {
            held = keccak256(abi.encode(held, cny.balanceOf(owners[i]), eur.balanceOf(owners[i])));
        }
    }

    function _listFunctions() internal override {
        _addLedger("SuccessorLedger", _next);
        address target = address(_import);
        bytes memory data = abi.encodeCall(_import.importReceivables, (1));
        _byAnyone("SuccessorLedger", "importReceivables", target, data);
        data = abi.encodeCall(_import.importTotals, (paid, 1));
        _byAnyone("SuccessorLedger", "importTotals", target, data);
        data = abi.encodeCall(_import.importLots, (live, 1));
        _byAnyone("SuccessorLedger", "importLots", target, data);
        _byAnyone("SuccessorLedger", "seal", target, abi.encodeCall(_import.seal, ()));
        data = abi.encodeCall(_handover.handOver, (CNY));
        _byAnyone("Handover", "handOver", address(_handover), data);
    }

    function _classified() internal view override returns (Deployed[] memory all) {
        string[2] memory names = _ofASuccession();
        all = new Deployed[](2);
        all[0] = Deployed(names[0], address(_import));
        all[1] = Deployed(names[1], address(_handover));
    }

    /// @dev Three steps of the import, the seal, the handover.
    function _openCount() internal pure override returns (uint256) {
        return 5;
    }

    function _prepare(Call memory call) internal override {
        bool byRole = call.access == Access.Role;
        if (byRole || _equal(call.name, "handOver")) {
            _importAll(50, 50);
        } else if (_equal(call.name, "seal")) {
            _importWithoutSeal(50, 50);
        } else if (!_equal(call.name, "importReceivables")) {
            _import.importReceivables(50);
        }
    }
}
