// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {World} from "./World.sol";

/// @title What happens to receivables beside trade: orders, defaults, changed rules
/// @dev `_…` acts as whoever is in office would act, with the delay that the office has.
abstract contract Scenes is World {
    bytes32 internal constant ORDER = keccak256("order");

    // ---- sold and pledged lots

    function _sell(uint64 lot, uint64 amount) internal returns (uint64 child) {
        return _carry(_intentFinance(lot, amount, amount));
    }

    /// @dev The bank is paid first, up to `secured`.
    function _sellWithRecourse(uint64 lot, uint64 amount, uint64 secured) internal returns (uint64 child) {
        IFinancing.Finance memory intent = _intentFinance(lot, amount, amount);
        (intent.recourse, intent.secured) = (1, secured);
        return _carry(intent);
    }

    /// @dev Without a loan paid out.
    function _pledgeTo(uint64 lot, address pledgee, uint64 secured) internal {
        ILedger.Lot memory held = ledger.lotOf(lot);
        IPledges.Pledge memory intent =
            IPledges.Pledge(held.owner, pledgee, lot, held.seq, secured, 0, EVIDENCE, _deadline(), 1);
        bytes32 digest = pledges.hashPledge(intent);
        pledges.pledge(intent, _signedBy(held.owner, digest), _signedBy(pledgee, digest));
    }

    // ---- lists of lots

    function _list(uint64 lot) internal pure returns (uint64[] memory lots) {
        lots = new uint64[](1);
        lots[0] = lot;
    }

    function _list(uint64 lot1, uint64 lot2) internal pure returns (uint64[] memory lots) {
        lots = new uint64[](2);
        (lots[0], lots[1]) = (lot1, lot2);
    }

    function _list(uint64 lot1, uint64 lot2, uint64 lot3) internal pure returns (uint64[] memory lots) {
        lots = new uint64[](3);
        (lots[0], lots[1], lots[2]) = (lot1, lot2, lot3);
    }

    // ---- orders

    function _freeze(uint64 lot) internal {
        vm.prank(FREEZER);
        enforcement.freeze(_list(lot), ORDER);
    }

    function _unfreeze(uint64 lot) internal {
        vm.prank(FREEZER);
        enforcement.unfreeze(_list(lot), ORDER);
    }

    function _suspendReceivable(uint64 receivable) internal {
        vm.prank(FREEZER);
        enforcement.suspend(receivable, ORDER);
    }

    function _resume(uint64 receivable) internal {
        vm.prank(FREEZER);
        enforcement.resume(receivable, ORDER);
    }

    /// @dev A day passes.
    function _forceMove(uint64 lot, address to, uint64 amount) internal returns (uint64 child) {
        _asAnnounced(COURT, address(enforcement), _callForceMove(lot, to, amount), 1 days);
        uint64 receivable = lot >> 24;
        return (receivable << 24) | ledger.receivableOf(receivable).lotCount;
    }

    function _callForceMove(uint64 lot, address to, uint64 amount) internal view returns (bytes memory) {
        return abi.encodeCall(enforcement.forceMove, (lot, to, amount, ORDER));
    }

    /// @dev A day passes.
    function _writeOff(uint64 receivable) internal {
        bytes memory data = abi.encodeCall(enforcement.writeOff, (receivable, ORDER));
        _asAnnounced(COURT, address(enforcement), data, 1 days);
    }

    /// @dev The order is given, the day has passed, and it is refused.
    function _refusedOrder(bytes memory data, bytes memory reason) internal {
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        vm.warp(block.timestamp + 1 days);
        bytes memory call = abi.encodeCall(manager.execute, (address(enforcement), data));
        _refused(COURT, address(manager), call, reason);
        vm.prank(COURT);
        manager.cancel(COURT, address(enforcement), data);
    }

    // ---- time

    /// @dev To the first second at which an unpaid receivable is in default, and declares it.
    function _default(uint64 receivable) internal {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        vm.warp(entry.due + (1 + uint256(entry.graceDays)) * 1 days);
        settlement.declareDefault(receivable);
    }

    function _today() internal view returns (uint40) {
        return uint40(block.timestamp);
    }

    // ---- rules

    /// @dev A day passes.
    function _schedule(uint16 param, uint16 currency, uint64 value, uint40 effective) internal {
        bytes memory data = abi.encodeCall(rulebook.schedule, (param, currency, value, effective));
        _asAnnounced(GOVERNOR, address(rulebook), data, 1 days);
    }

    // ---- checks

    function _stateIs(uint64 receivable, ILedger.State expected) internal view {
        _same(uint8(ledger.receivableOf(receivable).state), uint8(expected), "state");
    }

    function _owed(uint64 receivable, uint64 principal, uint64 interest) internal view {
        (uint64 principalOwed, uint64 interestOwed) = ledger.owedAt(receivable, _today());
        _same(principalOwed, principal, "principal owed");
        _same(interestOwed, interest, "interest owed");
    }

    function _claimable(uint64 lot, uint64 principal, uint64 interest) internal view {
        (uint64 principalOpen, uint64 interestOpen) = ledger.claimableOf(lot);
        _same(principalOpen, principal, "principal to claim");
        _same(interestOpen, interest, "interest to claim");
    }

    /// @dev The claim is carried, and reports that this lot gets nothing.
    function _failsToClaim(uint64 lot, bytes memory reason) internal {
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(lot, reason);
        _doClaim(lot);
    }

    // ---- reasons

    function _nothing(uint64 lot) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerNothingToClaim.selector, lot);
    }

    function _wrongState(uint64 receivable, ILedger.State state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerWrongState.selector, receivable, state);
    }

    function _frozen(uint64 lot) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerLotFrozen.selector, lot);
    }
}
