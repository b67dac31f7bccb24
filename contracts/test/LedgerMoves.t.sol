// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rules} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title What each cause may move, what goes along with a lot, and where the counters end
contract LedgerMovesTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        _becomeModule(address(ledger), type(uint16).max);
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- causes

    function test_move_byBuybackAndRecoveryIsHeldToNoHoursAndNoLimits() public {
        _schedule(Rules.MAX_DEPTH, 0, 1, _midnight() + 5 days);
        vm.warp(_midnight() + 5 days);
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        uint64 deepest = _doAssign(lot, tier2, FACE / 2);
        _pledge(lot);
        vm.warp(ledger.receivableOf(receivable).due + 40 days);
        (uint64 bought,) = ledger.move(_order(deepest, ILedger.Cause.Buyback, FACE / 2));
        _same(ledger.lotOf(bought).depth, 2, "deeper than ordinary moves go");
        (uint64 taken,) = ledger.move(_order(lot, ILedger.Cause.Recovery, FACE - FACE / 2));
        _same(ledger.lotOf(taken).flags, 0, "free of the pledge");
    }

    function test_LedgerLotOnlyWhole_forBuybackAndRecovery() public {
        bytes memory reason =
            abi.encodeWithSelector(ILedger.LedgerLotOnlyWhole.selector, _lot, FACE - 1, FACE);
        _refusedMove(_order(_lot, ILedger.Cause.Buyback, FACE - 1), reason);
        _pledge(_lot);
        _refusedMove(_order(_lot, ILedger.Cause.Recovery, FACE - 1), reason);
    }

    function test_LedgerLotOnlyWhole_whenSoldWithRecourse() public {
        _recourse(_lot, bank);
        _refusedMove(
            _order(_lot, ILedger.Cause.Assign, 100),
            abi.encodeWithSelector(ILedger.LedgerLotOnlyWhole.selector, _lot, 100, FACE)
        );
    }

    function test_LedgerWrongState_forBuybackAndRecoveryOutsideTheirStates() public {
        _pledge(_lot);
        ILedger.MoveOrder memory recovery = _order(_lot, ILedger.Cause.Recovery, FACE);
        _suspendReceivable(_receivable);
        _refusedMove(recovery, _wrongState(_receivable, ILedger.State.Suspended));
        _resume(_receivable);
        _doPay(_receivable, FACE);
        _refusedMove(recovery, _wrongState(_receivable, ILedger.State.Settled));
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _default(receivable);
        _writeOff(receivable);
        _refusedMove(
            _order(lot, ILedger.Cause.Buyback, FACE), _wrongState(receivable, ILedger.State.WrittenOff)
        );
    }

    function test_LedgerWrongState_evenUnderAnOrderOnceCancelled() public {
        ledger.cancel(_receivable, debtor, supplier, EVIDENCE);
        _refusedMove(
            _order(_lot, ILedger.Cause.Forced, FACE), _wrongState(_receivable, ILedger.State.Cancelled)
        );
    }

    function test_LedgerLotCharged_forEveryCauseButRecoveryAndForced() public {
        _pledge(_lot);
        ILedger.Cause[4] memory causes =
            [ILedger.Cause.Assign, ILedger.Cause.Finance, ILedger.Cause.Buyback, ILedger.Cause.Export];
        for (uint256 i = 0; i < causes.length; ++i) {
            _refusedMove(
                _order(_lot, causes[i], FACE),
                abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, _lot, LotFlags.PLEDGED)
            );
        }
    }

    function test_LedgerLotNotPledgedTo_forRecoveryOfALotWithoutPledge() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotNotPledgedTo.selector, _lot, address(0));
        _refusedMove(_order(_lot, ILedger.Cause.Recovery, FACE), reason);
        _recourse(_lot, bank);
        _refusedMove(_order(_lot, ILedger.Cause.Recovery, FACE), reason);
    }

    function test_LedgerLotFrozen_forEveryCauseButForced() public {
        _pledge(_lot);
        _freeze(_lot);
        for (uint8 cause = 1; cause <= uint8(type(ILedger.Cause).max); ++cause) {
            if (ILedger.Cause(cause) == ILedger.Cause.Forced) continue;
            _refusedMove(_order(_lot, ILedger.Cause(cause), FACE), _frozen(_lot));
        }
        ledger.move(_order(_lot, ILedger.Cause.Forced, FACE));
    }

    function test_LedgerLotExported_forEveryCause() public {
        (uint64 child,) = ledger.move(_order(_lot, ILedger.Cause.Export, FACE / 2));
        _same(ledger.lotOf(child).flags, LotFlags.EXPORTED, "flag");
        _same(ledger.lotOf(_lot).flags, 0, "the rest lives on here");
        for (uint8 cause = 1; cause <= uint8(type(ILedger.Cause).max); ++cause) {
            _refusedMove(
                _order(child, ILedger.Cause(cause), FACE / 2),
                abi.encodeWithSelector(ILedger.LedgerLotExported.selector, child)
            );
        }
    }

    function test_LedgerBadMandateFlag_forEveryCauseButFinance() public {
        for (uint8 cause = 1; cause <= uint8(type(ILedger.Cause).max); ++cause) {
            ILedger.MoveOrder memory order = _order(_lot, ILedger.Cause(cause), FACE / 2);
            order.mandated = true;
            if (order.cause == ILedger.Cause.Finance) continue;
            _refusedMove(order, abi.encodeWithSelector(ILedger.LedgerBadMandateFlag.selector, order.cause));
        }
    }

    // ---- what goes along

    function test_move_underAMandateMarksTheChildUntilItMovesOn() public {
        ILedger.MoveOrder memory order = _order(_lot, ILedger.Cause.Finance, FACE / 2);
        order.mandated = true;
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot + 1, LotFlags.MANDATED, 0, EVIDENCE);
        (uint64 child,) = ledger.move(order);
        _same(ledger.lotOf(child).flags, LotFlags.MANDATED, "marked");
        (uint64 next,) = ledger.move(_order(child, ILedger.Cause.Assign, FACE / 4));
        _same(ledger.lotOf(next).flags, 0, "the next holder has no mandate");
        _same(ledger.lotOf(child).flags, LotFlags.MANDATED, "the rest is still under it");
    }

    function test_move_ofALotWithRecourseTakesTheChargeAlong() public {
        _recourse(_lot, bank);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, 0, 2, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, address(0), 0, 0);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot + 1, LotFlags.RECOURSE, 0, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot + 1, bank, FACE / 4, FACE / 8);
        (uint64 child,) = ledger.move(_order(_lot, ILedger.Cause.Finance, FACE));
        ILedger.Lot memory held = ledger.lotOf(child);
        _same(held.chargee, bank, "chargee");
        _same(held.secured, FACE / 4, "secured");
        _same(held.recourseLimit, FACE / 8, "limit");
        _same(ledger.lotOf(_lot).secured, 0, "nothing stays behind");
    }

    function test_move_toTheChargeeEndsTheCharge() public {
        _recourse(_lot, tier2);
        (uint64 child,) = ledger.move(_order(_lot, ILedger.Cause.Buyback, FACE));
        ILedger.Lot memory held = ledger.lotOf(child);
        _same(held.owner, tier2, "the seller has it back");
        _same(held.flags, 0, "without recourse to itself");
        _same(held.chargee, address(0), "no chargee");
    }

    function test_move_keepsWhatWasClaimed() public {
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        (uint64 child,) = ledger.move(_order(_lot, ILedger.Cause.Buyback, FACE));
        _same(ledger.lotOf(child).claimedThrough, 1, "claimedThrough");
        _claimable(child, 0, 0);
    }

    function test_move_underAnOrderNamesNoSeqAndEveryOtherCauseDoes() public {
        _pledge(_lot);
        for (uint8 cause = 1; cause <= uint8(type(ILedger.Cause).max); ++cause) {
            if (ILedger.Cause(cause) == ILedger.Cause.Forced) continue;
            ILedger.MoveOrder memory order = _order(_lot, ILedger.Cause(cause), FACE);
            order.seq = 0;
            _refusedMove(order, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
        }
        ILedger.MoveOrder memory forced = _order(_lot, ILedger.Cause.Forced, FACE);
        forced.seq = 0;
        ledger.move(forced);
    }

    function test_claims_doNotRaiseSeq() public {
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        _same(ledger.lotOf(_lot).seq, 0, "what is signed stays good");
    }

    // ---- helpers

    /// @dev To whoever of two suppliers does not hold it.
    function _order(uint64 lot, ILedger.Cause cause, uint64 amount)
        private
        view
        returns (ILedger.MoveOrder memory)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        address to = held.owner == tier2 ? tier3 : tier2;
        return ILedger.MoveOrder(lot, held.seq, held.owner, to, amount, cause, EVIDENCE, false);
    }

    function _pledge(uint64 lot) private {
        _pledgeTo(lot, bank, FACE / 4);
    }

    function _recourse(uint64 lot, address seller) private {
        ILedger.Lot memory held = ledger.lotOf(lot);
        ledger.charge(
            ILedger.ChargeOrder(
                lot, held.seq, held.owner, seller, LotFlags.RECOURSE, FACE / 4, FACE / 8, EVIDENCE
            )
        );
    }

    function _refusedMove(ILedger.MoveOrder memory order, bytes memory reason) private {
        _refused(address(ledger), abi.encodeCall(ledger.move, (order)), reason);
    }
}
