// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Charges as the ledger keeps them: set, lowered, lifted, refused
contract LedgerChargesTest is Scenes {
    uint64 private constant MAX_SECURED = 2 ** 53 - 1;

    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        _becomeModule(address(ledger), Rights.PLEDGE | Rights.FINANCE | Rights.EXPORT);
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- charge

    function test_charge_reportsFlagsAndCharge() public {
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, LotFlags.RECOURSE, 1, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, bank, FACE, FACE);
        _same(ledger.charge(_order(LotFlags.RECOURSE, FACE, FACE)), CNY, "currency");
        ILedger.Lot memory held = ledger.lotOf(_lot);
        _same(held.owner, supplier, "the owner stays");
        _same(held.chargee, bank, "chargee");
        _same(held.secured, FACE, "secured");
        _same(held.recourseLimit, FACE, "limit");
    }

    function test_charge_pledgesForAnyAmountUpToTheLargestFace() public {
        ledger.charge(_order(LotFlags.PLEDGED, MAX_SECURED, 0));
        _same(ledger.lotOf(_lot).secured, MAX_SECURED, "secured");
    }

    function test_LedgerBadCharge_whenNothingOrTooMuchIsSecured() public {
        _badCharge(_order(LotFlags.PLEDGED, 0, 0));
        _badCharge(_order(LotFlags.PLEDGED, MAX_SECURED + 1, 0));
        _badCharge(_order(LotFlags.PLEDGED, 1, 1));
        _badCharge(_order(LotFlags.RECOURSE, 0, 0));
        _badCharge(_order(LotFlags.RECOURSE, FACE + 1, 0));
        _badCharge(_order(LotFlags.RECOURSE, FACE, FACE + 1));
    }

    function test_LedgerBadCharge_ofAnEmptiedLot() public {
        _doAssign(_lot, tier2, FACE);
        _badCharge(_order(LotFlags.PLEDGED, 1, 0));
        _badCharge(_order(LotFlags.RECOURSE, 1, 0));
    }

    function test_LedgerZeroValue_withoutChargeeOrEvidence() public {
        bytes memory reason = _reason(ILedger.LedgerZeroValue.selector);
        ILedger.ChargeOrder memory order = _order(LotFlags.PLEDGED, 1, 0);
        order.chargee = address(0);
        _refusedCharge(order, reason);
        order = _order(LotFlags.PLEDGED, 1, 0);
        order.evidence = 0;
        _refusedCharge(order, reason);
    }

    function test_LedgerSelfMove_whenTheOwnerIsTheChargee() public {
        ILedger.ChargeOrder memory order = _order(LotFlags.PLEDGED, 1, 0);
        order.chargee = supplier;
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, _lot, supplier));
    }

    function test_LedgerUnknownLot_LedgerNotOwner_and_LedgerStaleLot_whenCharging() public {
        ILedger.ChargeOrder memory order = _order(LotFlags.PLEDGED, 1, 0);
        order.lot = 99;
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 99));
        order = _order(LotFlags.PLEDGED, 1, 0);
        order.owner = tier3;
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier3));
        order = _order(LotFlags.PLEDGED, 1, 0);
        order.seq = 7;
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 7, 0));
    }

    function test_LedgerLotCharged_whenThereIsAChargeAlready() public {
        uint8[2] memory kinds = [LotFlags.PLEDGED, LotFlags.RECOURSE];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            ledger.charge(_order(kinds[i], 1, 0));
            bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, _lot, kinds[i]);
            _refusedCharge(_order(LotFlags.PLEDGED, 1, 0), reason);
            _refusedCharge(_order(LotFlags.RECOURSE, 1, 0), reason);
            vm.revertToState(state);
        }
    }

    function test_LedgerLotFrozen_and_LedgerLotExported_whenCharging() public {
        uint256 state = vm.snapshotState();
        _freeze(_lot);
        _refusedCharge(_order(LotFlags.PLEDGED, 1, 0), _frozen(_lot));
        vm.revertToState(state);
        ILedger.MoveOrder memory export =
            ILedger.MoveOrder(_lot, 0, supplier, tier2, FACE / 2, ILedger.Cause.Export, EVIDENCE, false);
        (uint64 child,) = ledger.move(export);
        ILedger.ChargeOrder memory order = _order(LotFlags.PLEDGED, 1, 0);
        (order.lot, order.owner, order.seq) = (child, tier2, 0);
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerLotExported.selector, child));
    }

    function test_LedgerRegisterClosed_whenChargingLateSuspendedOrPaid() public {
        ILedger.ChargeOrder memory order = _order(LotFlags.PLEDGED, 1, 0);
        uint256 state = vm.snapshotState();
        _suspendReceivable(_receivable);
        _refusedCharge(order, _closed(ILedger.State.Suspended));
        _resume(_receivable);
        _doPay(_receivable, 1);
        _refusedCharge(order, _closed(ILedger.State.Settling));
        vm.revertToState(state);
        vm.warp(ledger.receivableOf(_receivable).due - 1 hours);
        _refusedCharge(order, _closed(ILedger.State.Active));
    }

    // ---- lower a pledge

    function test_lowerPledge_lowersAndLifts() public {
        ledger.charge(_order(LotFlags.PLEDGED, 500, 0));
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, LotFlags.PLEDGED, 2, TERMS);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, bank, 499, 0);
        (address owner, uint16 currency) = ledger.lowerPledge(_lot, 1, bank, 499, TERMS);
        _same(owner, supplier, "owner");
        _same(currency, CNY, "currency");
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, 0, 3, TERMS);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, address(0), 0, 0);
        ledger.lowerPledge(_lot, 2, bank, 0, TERMS);
        _same(ledger.lotOf(_lot).chargee, address(0), "free");
        _doAssign(_lot, tier2, FACE / 2);
    }

    function test_lowerPledge_belowWhatThePledgeeHasGivesTheOwnerTheRest() public {
        ledger.charge(_order(LotFlags.PLEDGED, FACE / 2, 0));
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        ledger.lowerPledge(_lot, 2, bank, FACE / 4, TERMS);
        _doPay(_receivable, FACE / 4);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE / 4, "nothing more for the pledgee, and nothing back from it");
        _same(cny.balanceOf(bank), 10 * FACE + FACE / 2, "it keeps what it has");
    }

    function test_LedgerLotNotPledgedTo_whenFreeWithRecourseOrPledgedToAnother() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotNotPledgedTo.selector, _lot, bank);
        _refusedLowering(0, bank, 0, TERMS, reason);
        uint256 state = vm.snapshotState();
        ledger.charge(_order(LotFlags.RECOURSE, 1, 0));
        _refusedLowering(1, bank, 0, TERMS, reason);
        vm.revertToState(state);
        ledger.charge(_order(LotFlags.PLEDGED, 1, 0));
        reason = abi.encodeWithSelector(ILedger.LedgerLotNotPledgedTo.selector, _lot, otherBank);
        _refusedLowering(1, otherBank, 0, TERMS, reason);
    }

    function test_LedgerBadCharge_whenThePledgeIsNotLowered() public {
        ledger.charge(_order(LotFlags.PLEDGED, 500, 0));
        for (uint64 secured = 500; secured <= 501; ++secured) {
            bytes memory reason = abi.encodeWithSelector(ILedger.LedgerBadCharge.selector, _lot, secured, 0);
            _refusedLowering(1, bank, secured, TERMS, reason);
        }
    }

    function test_LedgerZeroValue_LedgerStaleLot_LedgerLotFrozen_and_LedgerUnknownLot_whenLowering() public {
        ledger.charge(_order(LotFlags.PLEDGED, 500, 0));
        _refusedLowering(1, bank, 0, 0, _reason(ILedger.LedgerZeroValue.selector));
        _refusedLowering(
            0, bank, 0, TERMS, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1)
        );
        _freeze(_lot);
        _refusedLowering(2, bank, 0, TERMS, _frozen(_lot));
        _refused(
            address(ledger),
            abi.encodeCall(ledger.lowerPledge, (99, 0, bank, 0, TERMS)),
            abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 99)
        );
    }

    // ---- helpers

    function _order(uint8 kind, uint64 secured, uint64 limit)
        private
        view
        returns (ILedger.ChargeOrder memory)
    {
        uint24 seq = ledger.lotOf(_lot).seq;
        return ILedger.ChargeOrder(_lot, seq, supplier, bank, kind, secured, limit, EVIDENCE);
    }

    function _closed(ILedger.State state) private view returns (bytes memory) {
        uint40 closedAt = ledger.receivableOf(_receivable).due - 1 hours;
        return abi.encodeWithSelector(ILedger.LedgerRegisterClosed.selector, _receivable, state, closedAt);
    }

    function _badCharge(ILedger.ChargeOrder memory order) private {
        bytes memory reason = abi.encodeWithSelector(
            ILedger.LedgerBadCharge.selector, _lot, order.secured, order.recourseLimit
        );
        _refusedCharge(order, reason);
    }

    function _refusedCharge(ILedger.ChargeOrder memory order, bytes memory reason) private {
        _refused(address(ledger), abi.encodeCall(ledger.charge, (order)), reason);
    }

    function _refusedLowering(
        uint24 seq,
        address pledgee,
        uint64 secured,
        bytes32 evidence,
        bytes memory reason
    ) private {
        bytes memory data = abi.encodeCall(ledger.lowerPledge, (_lot, seq, pledgee, secured, evidence));
        _refused(address(ledger), data, reason);
    }
}
