// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../src/interfaces/Codes.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Payout} from "../src/interfaces/Payouts.sol";
import {World} from "./support/World.sol";

/// @title Rights of modules and pause bits, on each contract that keeps state
contract RightsTest is World {
    /// @dev A call that only a module with `right` may make.
    struct Gated {
        address keeper;
        bytes data;
        uint16 right;
    }

    address private constant MODULE = address(0xBEEF);
    uint16 private constant ALL = type(uint16).max;

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
        _fill(8);
        _refusedSeventeenth();
    }

    function test_setRights_takingFromAStrangerChangesNothing() public {
        _give(address(ledger), MODULE, 0);
        _same(ledger.rightsOf(MODULE), 0, "nothing");
        _fill(9);
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
        _fill(9);
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
        (Payout[] memory payouts,) = ledger.recordClaims(new uint64[](1));
        _same(payouts.length, 1, "claims are answered");
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

    function test_RightsPaused_exactlyForWhatNeedsThePausedBit() public {
        _giveAllRights();
        Gated[] memory calls = _gated();
        for (uint256 bit = 0; bit < 16; ++bit) {
            uint16 mask = uint16(1 << bit);
            if (mask & Rights.PAUSABLE == 0) continue;
            uint256 state = vm.snapshotState();
            _pauseEverywhere(mask);
            for (uint256 i = 0; i < calls.length; ++i) {
                _yes(
                    _isPaused(calls[i]) == (calls[i].right == mask), "stopped if and only if it needs the bit"
                );
            }
            vm.revertToState(state);
        }
    }

    function test_RightsNotPausable_forClaimsFlagsAndOrders() public {
        for (uint256 bit = 0; bit < 16; ++bit) {
            uint16 mask = uint16(1 << bit);
            if (mask & Rights.PAUSABLE != 0) continue;
            bytes memory reason = abi.encodeWithSelector(IRights.RightsNotPausable.selector, mask);
            _refused(GUARDIAN, address(ledger), abi.encodeCall(ledger.pause, (mask)), reason);
            _refused(GUARDIAN, address(cny), abi.encodeCall(cny.pause, (mask | Rights.PAY)), _with(mask));
        }
        uint16 never = Rights.CLAIM | Rights.FLAG | Rights.FREEZE | Rights.FORCE | Rights.WRITE_OFF;
        _same(Rights.PAUSABLE & never, 0, "claims, flags and orders");
    }

    function test_RightsMissing_forEveryRightsGatedFunctionAndStranger() public {
        Gated[] memory calls = _gated();
        for (uint256 i = 0; i < calls.length; ++i) {
            _missing(calls[i].keeper, calls[i].data, calls[i].right);
        }
        _missing(address(cny), abi.encodeCall(cny.move, (bank, debtor, 1, 0)), 0);
    }

    function test_RightsMissing_forEachRightButTheOneNeeded() public {
        Gated[] memory calls = _gated();
        for (uint256 i = 0; i < calls.length; ++i) {
            uint256 state = vm.snapshotState();
            _give(calls[i].keeper, address(this), ALL ^ calls[i].right);
            _missing(calls[i].keeper, calls[i].data, calls[i].right);
            vm.revertToState(state);
        }
    }

    function test_RightsMissing_forCausesAndChargesThatNoModuleMayUse() public {
        _becomeModule(address(ledger), ALL);
        _missing(address(ledger), _callMove(ILedger.Cause.Issue), 0);
        uint8[4] memory kinds = [0, LotFlags.FROZEN, LotFlags.EXPORTED, LotFlags.PLEDGED | LotFlags.RECOURSE];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _missing(address(ledger), _callCharge(kinds[i]), 0);
        }
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

    function _with(uint16 mask) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRights.RightsNotPausable.selector, mask | Rights.PAY);
    }

    function _giveAllRights() private {
        address[3] memory keepers = [address(ledger), address(invoices), address(cny)];
        for (uint256 i = 0; i < keepers.length; ++i) {
            _give(keepers[i], address(this), ALL);
        }
    }

    function _pauseEverywhere(uint16 mask) private {
        IRights[3] memory keepers = [IRights(ledger), invoices, cny];
        for (uint256 i = 0; i < keepers.length; ++i) {
            vm.prank(GUARDIAN);
            keepers[i].pause(mask);
        }
    }

    function _isPaused(Gated memory call) private returns (bool) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = call.keeper.call(call.data);
        return !done && keccak256(result) == keccak256(_paused(call.right));
    }

    /// @dev Every function that asks for a right, with each right it may ask for.
    function _gated() private returns (Gated[] memory calls) {
        calls = new Gated[](26);
        uint256 count = 0;
        for (uint8 cause = 1; cause <= uint8(type(ILedger.Cause).max); ++cause) {
            uint16 right = [
                Rights.ASSIGN, Rights.FINANCE, Rights.BUYBACK, Rights.FORCE, Rights.PLEDGE, Rights.EXPORT
            ][cause - 1];
            calls[count++] = Gated(address(ledger), _callMove(ILedger.Cause(cause)), right);
        }
        count = _gatedInLedger(calls, count);
        IInvoices.InvoiceUse[] memory uses = _intentIssue(1, START).invoices;
        calls[count++] = Gated(address(invoices), abi.encodeCall(invoices.bind, (1, uses)), Rights.ISSUE);
        calls[count++] = Gated(address(invoices), abi.encodeCall(invoices.release, (1, uses)), Rights.CANCEL);
        uint16[5] memory kinds = [Rights.FINANCE, Rights.BUYBACK, Rights.PLEDGE, Rights.PAY, Rights.CLAIM];
        for (uint256 i = 0; i < kinds.length; ++i) {
            bytes memory data = abi.encodeCall(cny.move, (bank, debtor, 1, kinds[i]));
            calls[count++] = Gated(address(cny), data, kinds[i]);
        }
        bytes memory payOut = abi.encodeCall(cny.payOut, (bank, new Payout[](0), Rights.CLAIM));
        calls[count++] = Gated(address(cny), payOut, Rights.CLAIM);
        _same(count, calls.length, "all places are used");
    }

    function _gatedInLedger(Gated[] memory calls, uint256 count) private view returns (uint256) {
        address to = address(ledger);
        calls[count++] = Gated(to, _callIssue(), Rights.ISSUE);
        calls[count++] = Gated(to, _callCharge(LotFlags.PLEDGED), Rights.PLEDGE);
        calls[count++] = Gated(to, _callCharge(LotFlags.RECOURSE), Rights.FINANCE);
        bytes memory data = abi.encodeCall(ledger.lowerPledge, (1, 0, bank, 0, EVIDENCE));
        calls[count++] = Gated(to, data, Rights.PLEDGE);
        data = abi.encodeCall(ledger.recordPayment, (1, debtor, 1, 0, TERMS));
        calls[count++] = Gated(to, data, Rights.PAY);
        calls[count++] = Gated(to, abi.encodeCall(ledger.recordClaims, (new uint64[](1))), Rights.CLAIM);
        calls[count++] = Gated(to, abi.encodeCall(ledger.recordOverdue, (1)), Rights.FLAG);
        calls[count++] = Gated(to, abi.encodeCall(ledger.recordDefault, (1)), Rights.FLAG);
        calls[count++] = Gated(to, abi.encodeCall(ledger.setFrozen, (1, true, TERMS)), Rights.FREEZE);
        calls[count++] = Gated(to, abi.encodeCall(ledger.setSuspended, (1, true, TERMS)), Rights.FREEZE);
        calls[count++] = Gated(to, abi.encodeCall(ledger.writeOff, (1, TERMS)), Rights.WRITE_OFF);
        data = abi.encodeCall(ledger.cancel, (1, debtor, supplier, TERMS));
        calls[count++] = Gated(to, data, Rights.CANCEL);
        return count;
    }

    function _callCharge(uint8 kind) private view returns (bytes memory) {
        return
            abi.encodeCall(ledger.charge, (ILedger.ChargeOrder(1, 0, supplier, bank, kind, 1, 0, EVIDENCE)));
    }

    function _callIssue() private view returns (bytes memory) {
        return
            abi.encodeCall(
                ledger.issue, (ILedger.IssueOrder(debtor, supplier, FACE, START, CNY, TERMS, TERMS))
            );
    }

    function _callMove(ILedger.Cause cause) private view returns (bytes memory) {
        return
            abi.encodeCall(ledger.move, (ILedger.MoveOrder(1, 0, supplier, tier2, 1, cause, EVIDENCE, false)));
    }
}
