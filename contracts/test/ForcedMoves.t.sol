// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, PartyRoles} from "../src/interfaces/Codes.sol";
import {IExports} from "../src/interfaces/IExports.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Moves under an order: what they pass over, and what even they do not do
contract ForcedMovesTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- whatever the state of the lot

    function test_forceMove_ofAFreeLotMovesTheLowEnd() public {
        bytes memory data = _callForceMove(_lot, tier2, FACE / 4);
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        vm.warp(block.timestamp + 1 days);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotMoved(
            _receivable,
            _lot,
            _lot + 1,
            supplier,
            tier2,
            0,
            FACE / 4,
            FACE - FACE / 4,
            1,
            1,
            uint8(ILedger.Cause.Forced),
            ORDER
        );
        vm.prank(COURT);
        manager.execute(address(enforcement), data);
        _same(ledger.lotOf(_lot + 1).owner, tier2, "owner");
    }

    function test_forceMove_ofAFrozenLotFreesWhatItTakesAndNothingElse() public {
        _freeze(_lot);
        uint64 child = _forceMove(_lot, tier2, FACE / 4);
        _same(ledger.lotOf(child).flags, 0, "the new holder is free");
        _same(ledger.lotOf(_lot).flags, LotFlags.FROZEN, "the rest stays frozen");
        _doAssign(child, tier3, FACE / 8);
    }

    function test_forceMove_ofAPledgedLotTakesThePledgeAlong() public {
        _pledgeTo(_lot, bank, FACE / 2);
        uint64 child = _forceMove(_lot, tier2, FACE);
        ILedger.Lot memory held = ledger.lotOf(child);
        _same(held.flags, LotFlags.PLEDGED, "pledged");
        _same(held.chargee, bank, "to the same bank");
        _same(held.secured, FACE / 2, "for the same amount");
        _same(ledger.lotOf(_lot).flags, 0, "and nothing stays behind");
        _doPay(_receivable, FACE);
        _doClaim(child);
        _same(cny.balanceOf(bank), 10 * FACE + FACE / 2, "the pledgee is paid first");
        _same(cny.balanceOf(tier2), FACE - FACE / 2, "the new owner gets the rest");
    }

    function test_forceMove_toThePledgeeLiftsThePledge() public {
        _pledgeTo(_lot, bank, FACE / 2);
        uint64 child = _forceMove(_lot, bank, FACE);
        _same(ledger.lotOf(child).flags, 0, "no pledge on one's own lot");
        _same(ledger.lotOf(child).secured, 0, "nothing secured");
    }

    function test_forceMove_ofALotWithRecourseKeepsTheSellersPart() public {
        uint64 sold = _sellWithRecourse(_lot, FACE / 2, FACE / 4);
        uint64 child = _forceMove(sold, otherBank, FACE / 2);
        _same(ledger.lotOf(child).flags, LotFlags.RECOURSE, "recourse");
        _same(ledger.lotOf(child).chargee, supplier, "to the same seller");
        _doPay(_receivable, FACE);
        _doClaim(child);
        _same(cny.balanceOf(otherBank), FACE / 4, "the new owner up to what is secured");
        _same(cny.balanceOf(supplier), FACE / 2 + FACE / 4, "the seller has the price and the rest");
    }

    function test_forceMove_ofASuspendedReceivableIsDone() public {
        _suspendReceivable(_receivable);
        uint64 child = _forceMove(_lot, tier2, FACE / 4);
        _same(ledger.lotOf(child).owner, tier2, "owner");
        _stateIs(_receivable, ILedger.State.Suspended);
    }

    function test_forceMove_afterTheCloseWindowAndBelowTheSmallestLotIsDone() public {
        vm.warp(ledger.receivableOf(_receivable).due);
        uint64 child = _forceMove(_lot, tier2, 1);
        _same(ledger.lotOf(child).amount, 1, "a cent");
    }

    // ---- once payments have begun

    function test_LedgerLotOnlyWhole_onceAPaymentCame() public {
        _doPay(_receivable, 1);
        _refusedOrder(_callForceMove(_lot, tier2, FACE - 1), _onlyWhole(_lot, FACE - 1));
        _same(ledger.lotOf(_forceMove(_lot, tier2, FACE)).owner, tier2, "whole it moves");
    }

    function test_LedgerLotOnlyWhole_whenPaidWhileSuspended() public {
        _suspendReceivable(_receivable);
        _doPay(_receivable, 1);
        _refusedOrder(_callForceMove(_lot, tier2, FACE / 2), _onlyWhole(_lot, FACE / 2));
    }

    function test_LedgerLotOnlyWhole_whenCharged() public {
        _pledgeTo(_lot, bank, FACE / 2);
        _refusedOrder(_callForceMove(_lot, tier2, FACE / 2), _onlyWhole(_lot, FACE / 2));
    }

    function test_forceMove_whileSettlingLeavesWhatWasClaimedAndMovesTheRest() public {
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        uint64 child = _forceMove(_lot, tier2, FACE);
        _failsToClaim(child, _nothing(child));
        _doPay(_receivable, FACE - FACE / 2);
        _failsToClaim(_lot, _nothing(_lot));
        _doClaim(child);
        _same(cny.balanceOf(supplier), FACE / 2, "what it had claimed");
        _same(cny.balanceOf(tier2), FACE - FACE / 2, "what came afterwards");
    }

    function test_forceMove_ofASettledLotTakesItsUnclaimedShareAlong() public {
        _doPay(_receivable, FACE);
        uint64 child = _forceMove(_lot, tier2, FACE);
        _failsToClaim(_lot, _nothing(_lot));
        _doClaim(child);
        _same(cny.balanceOf(tier2), FACE, "the share goes with the title");
        _same(cny.balanceOf(supplier), 0, "and not to who lost it");
    }

    function test_forceMove_afterDefaultAndAfterWriteOffIsDone() public {
        _default(_receivable);
        uint64 child = _forceMove(_lot, tier2, FACE / 2);
        _writeOff(_receivable);
        _refusedOrder(_callForceMove(child, tier3, 1), _onlyWhole(child, 1, FACE / 2));
        _same(ledger.lotOf(_forceMove(child, tier3, FACE / 2)).owner, tier3, "owner");
    }

    // ---- no escape

    function test_attack_theOwnerCutsALotThatIsToBeMoved() public {
        bytes memory data = _callForceMove(_lot, tier2, FACE / 2);
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        // the owner sees the order and cuts: the order still names what is left in the lot
        _doAssign(_lot, tier3, FACE / 2);
        vm.warp(block.timestamp + 1 days);
        vm.prank(COURT);
        manager.execute(address(enforcement), data);
        _same(ledger.lotOf(_lot).amount, 0, "a stale seq is no way out");
    }

    function test_attack_theOwnerEmptiesALotThatIsToBeMoved() public {
        bytes memory data = _callForceMove(_lot, tier2, FACE / 2);
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        uint256 state = vm.snapshotState();
        _doAssign(_lot, tier3, FACE);
        vm.warp(block.timestamp + 1 days);
        bytes memory call = abi.encodeCall(manager.execute, (address(enforcement), data));
        _refused(COURT, address(manager), call, _overLot(FACE / 2, 0));
        // frozen first, as an order is to be carried out, it cannot
        vm.revertToState(state);
        _freeze(_lot);
        _refused(_intentAssign(_lot, tier3, FACE), _frozen(_lot));
        vm.warp(block.timestamp + 1 days);
        vm.prank(COURT);
        manager.execute(address(enforcement), data);
        _same(ledger.lotOf(_lot + 1).owner, tier2, "moved");
    }

    // ---- refused

    function test_LedgerLotExported_evenUnderAnOrder() public {
        uint64 child = _export(_lot, FACE / 2);
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotExported.selector, child);
        _refusedOrder(_callForceMove(child, tier2, FACE / 2), reason);
        _freeze(child);
        _refusedOrder(_callForceMove(child, tier3, FACE / 2), reason);
    }

    function test_PartiesUnknown_PartiesNotActive_and_PartiesKybExpired_forTheReceiver() public {
        _refusedOrder(
            _callForceMove(_lot, address(5), FACE),
            abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(5))
        );
        _suspend(tier2);
        _refusedOrder(
            _callForceMove(_lot, tier2, FACE),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, tier2, IParties.Status.Suspended)
        );
        uint40 until = _today();
        vm.prank(REGISTRAR);
        parties.update(tier3, IParties.Status.Active, PartyRoles.SUPPLIER, until, ORDER);
        _refusedOrder(
            _callForceMove(_lot, tier3, FACE),
            abi.encodeWithSelector(IParties.PartiesKybExpired.selector, tier3, until)
        );
    }

    function test_LedgerSelfMove_LedgerZeroValue_LedgerAmountOverLot_and_LedgerUnknownLot() public {
        _refusedOrder(
            _callForceMove(_lot, supplier, FACE),
            abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, _lot, supplier)
        );
        _refusedOrder(_callForceMove(_lot, tier2, 0), _reason(ILedger.LedgerZeroValue.selector));
        _refusedOrder(_callForceMove(_lot, tier2, FACE + 1), _overLot(FACE + 1, FACE));
        _refusedOrder(
            _callForceMove(99, tier2, 1), abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 99)
        );
    }

    // ---- helpers

    function _onlyWhole(uint64 lot, uint64 amount) private pure returns (bytes memory) {
        return _onlyWhole(lot, amount, FACE);
    }

    function _onlyWhole(uint64 lot, uint64 amount, uint64 whole) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerLotOnlyWhole.selector, lot, amount, whole);
    }

    function _overLot(uint64 amount, uint64 available) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerAmountOverLot.selector, _lot, amount, available);
    }

    function _export(uint64 lot, uint64 amount) private returns (uint64 child) {
        uint256 key = 0x4001;
        address registry = _admit("another register", PartyRoles.REGISTRY, _keys(key), 1);
        IExports.Export memory intent =
            IExports.Export(supplier, registry, lot, ledger.lotOf(lot).seq, amount, TERMS, _deadline(), 1);
        bytes32 digest = exports.hashExport(intent);
        return exports.export(intent, _signedBy(supplier, digest), _signedBy(registry, digest));
    }
}
