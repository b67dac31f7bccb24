// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {Scenes} from "./support/Scenes.sol";
import {Words} from "./support/Words.sol";

/// @title Where the ledger's counters end: nothing wraps, whatever else may happen
/// @dev Nobody can wait for 16 million cuts, so most counters are written into the ledger's words.
contract LedgerLimitsTest is Scenes, Words {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        _becomeModule(address(ledger), type(uint16).max);
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    function test_LedgerTooDeep_evenUnderAnOrderAtTheLastDepth() public {
        _schedule(Rules.MAX_DEPTH, 0, 254, _midnight() + 2 days);
        vm.warp(_midnight() + 2 days);
        (, uint64 lot) = _doIssue(FACE, 90);
        for (uint256 depth = 1; depth <= 254; ++depth) {
            (lot,) = ledger.move(_order(lot, ILedger.Cause.Assign));
        }
        _refusedMove(
            _order(lot, ILedger.Cause.Assign),
            abi.encodeWithSelector(ILedger.LedgerTooDeep.selector, lot, 254)
        );
        (lot,) = ledger.move(_order(lot, ILedger.Cause.Forced));
        _same(ledger.lotOf(lot).depth, 255, "an order goes one further");
        _refusedMove(
            _order(lot, ILedger.Cause.Forced),
            abi.encodeWithSelector(ILedger.LedgerTooDeep.selector, lot, 255)
        );
    }

    function test_LedgerTooManyLots_evenUnderAnOrderAtTheLastIndex() public {
        uint24 last = type(uint24).max;
        bytes32 slot = _slotOf(abi.encodeCall(ledger.receivableOf, (_receivable)), 1);
        _store(slot, 0, 24, last - 1);
        _same(ledger.receivableOf(_receivable).lotCount, last - 1, "the word is the right one");
        (uint64 child,) = ledger.move(_order(_lot, ILedger.Cause.Forced));
        _same(child, (_receivable << 24) | last, "the last index is used");
        _refusedMove(
            _order(child, ILedger.Cause.Forced),
            abi.encodeWithSelector(ILedger.LedgerTooManyLots.selector, _receivable, last)
        );
    }

    function test_panic_whenSeqWouldWrap() public {
        uint24 last = type(uint24).max;
        _store(_slotOf(abi.encodeCall(ledger.lotOf, (_lot)), 0), SEQ_BIT, 24, last);
        _same(ledger.lotOf(_lot).seq, last, "the word is the right one");
        _refusedMove(_order(_lot, ILedger.Cause.Assign), _overflow());
        _refusedMove(_order(_lot, ILedger.Cause.Forced), _overflow());
        _refused(address(ledger), abi.encodeCall(ledger.setFrozen, (_lot, true, ORDER)), _overflow());
    }

    function test_claim_ofAChargedLotIsPaidAlsoWhenSeqCannotRise() public {
        _pledgeTo(_lot, bank, FACE);
        _store(_slotOf(abi.encodeCall(ledger.lotOf, (_lot)), 0), SEQ_BIT, 24, type(uint24).max);
        _doPay(_receivable, FACE / 2);
        uint256 before = cny.balanceOf(bank);
        _doClaim(_lot);
        _same(cny.balanceOf(bank), before + FACE / 2, "paid");
        _same(ledger.lotOf(_lot).seq, type(uint24).max, "and no carry into the next field");
    }

    // ---- helpers

    function _order(uint64 lot, ILedger.Cause cause) private view returns (ILedger.MoveOrder memory) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        address to = held.owner == tier2 ? tier3 : tier2;
        return ILedger.MoveOrder(lot, held.seq, held.owner, to, held.amount, cause, EVIDENCE, false);
    }

    function _refusedMove(ILedger.MoveOrder memory order, bytes memory reason) private {
        _refused(address(ledger), abi.encodeCall(ledger.move, (order)), reason);
    }

    function _overflow() private pure returns (bytes memory) {
        return abi.encodeWithSignature("Panic(uint256)", 0x11);
    }
}
