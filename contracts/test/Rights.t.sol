// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {World} from "./support/World.sol";

/// @title Rights of modules and pause bits, on each contract that keeps state
contract RightsTest is World {
    address private constant MODULE = address(0xBEEF);

    function test_setRights_givesAndTakes() public {
        address[3] memory keepers = [address(ledger), address(invoices), address(cny)];
        for (uint256 i = 0; i < keepers.length; ++i) {
            _give(keepers[i], MODULE, Rights.PAY);
            _same(IRights(keepers[i]).rightsOf(MODULE), Rights.PAY, "given");
            _give(keepers[i], MODULE, 0);
            _same(IRights(keepers[i]).rightsOf(MODULE), 0, "taken");
        }
    }

    function test_setRights_replacesOneByAnother() public {
        _give(address(ledger), MODULE, Rights.PAY);
        _give(address(ledger), MODULE, Rights.CLAIM);
        _same(ledger.rightsOf(MODULE), Rights.CLAIM, "the new one only");
        _fill(11);
        _refusedSeventeenth();
    }

    function test_setRights_takingFromAStrangerChangesNothing() public {
        _give(address(ledger), MODULE, 0);
        _same(ledger.rightsOf(MODULE), 0, "nothing");
        _fill(12);
        _refusedSeventeenth();
    }

    function test_setRights_reportsTheChange() public {
        vm.prank(MODULE_ADMIN);
        bytes memory data = abi.encodeCall(ledger.setRights, (MODULE, Rights.PAY));
        manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit IRights.RightsChanged(MODULE, Rights.PAY);
        vm.prank(MODULE_ADMIN);
        manager.execute(address(ledger), data);
    }

    function test_RightsTooManyModules_whenTheSeventeenthIsAdded() public {
        _fill(12);
        _refusedSeventeenth();
        _give(address(ledger), address(1), 0);
        _give(address(ledger), MODULE, Rights.PAY);
        _same(ledger.rightsOf(MODULE), Rights.PAY, "a place is free again");
    }

    function test_pause_reachesEveryModuleAndUnpauseFreesThem() public {
        vm.prank(GUARDIAN);
        ledger.pause(Rights.ASSIGN | Rights.PAY);
        _same(ledger.paused(), Rights.ASSIGN | Rights.PAY, "paused");
        (, uint64 lot) = _doIssue(FACE, 90);
        _refused(
            _intentAssign(lot, tier2, FACE / 2),
            abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.ASSIGN)
        );
        _asAnnounced(UNPAUSER, address(ledger), abi.encodeCall(ledger.unpause, (Rights.ASSIGN)), 1 hours);
        _same(ledger.paused(), Rights.PAY, "PAY stays paused");
        _doAssign(lot, tier2, FACE / 2);
        _refused(_intentPay(1, FACE), abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.PAY));
    }

    function test_pause_isInheritedByAModuleAddedLater() public {
        vm.prank(GUARDIAN);
        ledger.pause(Rights.PAY);
        _becomeModule(address(ledger), Rights.PAY | Rights.CLAIM);
        _refused(
            address(ledger),
            abi.encodeCall(ledger.recordPayment, (1, debtor, 1, 0, TERMS)),
            abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.PAY)
        );
        _refused(
            address(ledger),
            abi.encodeCall(ledger.recordClaim, (1)),
            abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 1)
        );
    }

    function test_pause_stopsEachKindOfActionOnItsOwn() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _pauseOnly(Rights.ISSUE);
        _refused(_intentIssue(FACE, _midnight() + 9 days), _paused(Rights.ISSUE));
        lot = _doAssign(lot, tier2, FACE / 2);
        _pauseOnly(Rights.FINANCE);
        _refused(_intentFinance(lot, FACE / 4, FACE / 5), _paused(Rights.FINANCE));
        _doPay(receivable, FACE);
        _doClaim(lot);
        _same(cny.balanceOf(tier2), FACE / 2, "claims are never paused");
    }

    function test_RightsNotPausable_forClaimsAndFlags() public {
        uint16[3] memory masks = [Rights.CLAIM, Rights.FLAG, uint16(1 << 9)];
        for (uint256 i = 0; i < masks.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IRights.RightsNotPausable.selector, masks[i]);
            _refused(GUARDIAN, address(ledger), abi.encodeCall(ledger.pause, (masks[i])), reason);
        }
    }

    function test_RightsMissing_forEveryRightsGatedFunctionAndStranger() public {
        _missing(address(ledger), _callIssue(), Rights.ISSUE);
        _missing(address(ledger), _callMove(ILedger.Cause.Assign), Rights.ASSIGN);
        _missing(address(ledger), _callMove(ILedger.Cause.Finance), Rights.FINANCE);
        _missing(address(ledger), abi.encodeCall(ledger.recordPayment, (1, debtor, 1, 0, TERMS)), Rights.PAY);
        _missing(address(ledger), abi.encodeCall(ledger.recordClaim, (1)), Rights.CLAIM);
        _missing(address(ledger), abi.encodeCall(ledger.recordOverdue, (1)), Rights.FLAG);
        _missing(
            address(invoices),
            abi.encodeCall(invoices.bind, (1, _intentIssue(1, START).invoices)),
            Rights.ISSUE
        );
        _missing(address(cny), abi.encodeCall(cny.move, (bank, debtor, 1, Rights.FINANCE)), Rights.FINANCE);
        _missing(address(cny), abi.encodeCall(cny.move, (bank, debtor, 1, 0)), 0);
    }

    function test_RightsMissing_forCausesThatNoModuleMayUse() public {
        _becomeModule(address(ledger), type(uint16).max);
        _missing(address(ledger), _callMove(ILedger.Cause.Issue), 0);
        _missing(address(ledger), _callMove(ILedger.Cause.Buyback), 0);
        _missing(address(ledger), _callMove(ILedger.Cause.Forced), 0);
        _missing(address(ledger), _callMove(ILedger.Cause.Recovery), 0);
    }

    function test_RightsMissing_whenOneOfTwoRightsIsNotThere() public {
        _becomeModule(address(cny), Rights.PAY);
        _missing(
            address(cny),
            abi.encodeCall(cny.move, (bank, debtor, 1, Rights.PAY | Rights.CLAIM)),
            Rights.PAY | Rights.CLAIM
        );
    }

    function test_RightsMissing_whenTheRightWasTakenAway() public {
        (, uint64 lot) = _doIssue(FACE, 90);
        _give(address(ledger), address(transfers), 0);
        _refused(
            _intentAssign(lot, tier2, FACE),
            abi.encodeWithSelector(IRights.RightsMissing.selector, address(transfers), Rights.ASSIGN)
        );
    }

    // ---- helpers

    function _give(address keeper, address module, uint16 rights) private {
        _asAnnounced(MODULE_ADMIN, keeper, abi.encodeCall(ledger.setRights, (module, rights)), 7 days);
    }

    /// @dev Four modules are wired already, sixteen fit.
    function _fill(uint160 count) private {
        for (uint160 i = 1; i <= count; ++i) {
            _give(address(ledger), address(i), Rights.PAY);
        }
    }

    function _refusedSeventeenth() private {
        bytes memory data = abi.encodeCall(ledger.setRights, (address(0xFEED), Rights.PAY));
        vm.prank(MODULE_ADMIN);
        manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days);
        _refused(
            MODULE_ADMIN,
            address(manager),
            abi.encodeCall(manager.execute, (address(ledger), data)),
            abi.encodeWithSelector(IRights.RightsTooManyModules.selector, 16)
        );
    }

    function _pauseOnly(uint16 mask) private {
        vm.prank(GUARDIAN);
        ledger.pause(mask);
    }

    function _missing(address keeper, bytes memory data, uint16 right) private {
        _refused(keeper, data, abi.encodeWithSelector(IRights.RightsMissing.selector, address(this), right));
    }

    function _paused(uint16 right) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRights.RightsPaused.selector, right);
    }

    function _callIssue() private view returns (bytes memory) {
        return
            abi.encodeCall(
                ledger.issue, (ILedger.IssueOrder(debtor, supplier, FACE, START, CNY, TERMS, TERMS))
            );
    }

    function _callMove(ILedger.Cause cause) private view returns (bytes memory) {
        return abi.encodeCall(ledger.move, (ILedger.MoveOrder(1, 0, supplier, tier2, 1, cause, EVIDENCE)));
    }
}
