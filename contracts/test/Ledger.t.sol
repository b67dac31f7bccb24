// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Rights} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {World} from "./support/World.sol";

/// @title The ledger as a module sees it: issue, move, and what they refuse
contract LedgerTest is World {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        _becomeModule(
            address(ledger), Rights.ISSUE | Rights.ASSIGN | Rights.FINANCE | Rights.PAY | Rights.CLAIM
        );
        (_receivable, _lot) = ledger.issue(_order());
    }

    // ---- issue and currencies

    function test_LedgerZeroValue_whenIssuingWithoutAnyOfTheFields() public {
        bytes memory reason = _reason(ILedger.LedgerZeroValue.selector);
        for (uint256 i = 0; i < 5; ++i) {
            ILedger.IssueOrder memory order = _order();
            if (i == 0) order.debtor = address(0);
            if (i == 1) order.creditor = address(0);
            if (i == 2) order.face = 0;
            if (i == 3) order.termsHash = 0;
            if (i == 4) order.invoiceSet = 0;
            _refused(address(ledger), abi.encodeCall(ledger.issue, (order)), reason);
        }
    }

    function test_setCurrency_opensACurrencyOnce() public {
        _asAnnounced(
            MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.setCurrency, (840, address(1))), 7 days
        );
        _same(ledger.cashOf(840), address(1), "cash");
    }

    function test_LedgerCurrencyAlreadySet_and_LedgerZeroValue_whenSettingACurrency() public {
        _refusedCurrency(
            CNY, address(2), abi.encodeWithSelector(ILedger.LedgerCurrencyAlreadySet.selector, CNY)
        );
        _refusedCurrency(0, address(2), _reason(ILedger.LedgerZeroValue.selector));
        _refusedCurrency(752, address(0), _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_setAuthority_isOnlyForTheAuthority() public {
        _refused(
            address(ledger),
            abi.encodeCall(IAccessManaged.setAuthority, (address(this))),
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this))
        );
    }

    // ---- move

    function test_move_cutsTheChildOffTheLowEnd() public {
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotMoved(
            _receivable, _lot, _lot + 1, supplier, tier2, 0, 400_00, FACE - 400_00, 1, 1, 1, EVIDENCE
        );
        (uint64 child, uint16 currency) = ledger.move(_moveOrder(400_00));
        _same(child, _lot + 1, "child");
        _same(currency, CNY, "currency");
        ILedger.Lot memory part = ledger.lotOf(child);
        _same(part.owner, tier2, "owner");
        _same(part.first, 0, "first");
        _same(part.amount, 400_00, "amount");
        _same(part.parent, _lot, "parent");
        _same(part.depth, 1, "depth");
        _same(part.seq, 0, "seq of the child");
        _same(part.since, block.timestamp, "since");
        ILedger.Lot memory rest = ledger.lotOf(_lot);
        _same(rest.owner, supplier, "a lot's owner never changes");
        _same(rest.first, 400_00, "first of the rest");
        _same(rest.amount, FACE - 400_00, "amount of the rest");
        _same(rest.seq, 1, "seq of the parent");
        _same(ledger.receivableOf(_receivable).lotCount, 2, "lotCount");
    }

    function test_move_ofTheWholeLotLeavesNothing() public {
        ledger.move(_moveOrder(FACE));
        ILedger.Lot memory rest = ledger.lotOf(_lot);
        _same(rest.amount, 0, "nothing left");
        _same(rest.first, FACE, "first");
    }

    function test_LedgerUnknownLot_whenMovingReadingOrClaimingIt() public {
        ILedger.MoveOrder memory order = _moveOrder(1);
        order.parent = 99;
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 99);
        _refusedMove(order, reason);
        _refused(address(ledger), abi.encodeCall(ledger.lotOf, (99)), reason);
        _refused(address(ledger), abi.encodeCall(ledger.claimableOf, (99)), reason);
    }

    function test_LedgerNotOwner_whenSomebodyElseMoves() public {
        ILedger.MoveOrder memory order = _moveOrder(100);
        order.from = tier3;
        _refusedMove(order, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier3));
    }

    function test_LedgerStaleLot_whenTheLotHasChanged() public {
        ledger.move(_moveOrder(100));
        ILedger.MoveOrder memory order = _moveOrder(100);
        order.seq = 0;
        _refusedMove(order, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
    }

    function test_LedgerZeroValue_whenMovingWithoutReceiverAmountOrEvidence() public {
        bytes memory reason = _reason(ILedger.LedgerZeroValue.selector);
        ILedger.MoveOrder memory order = _moveOrder(0);
        _refusedMove(order, reason);
        order = _moveOrder(100);
        order.to = address(0);
        _refusedMove(order, reason);
        order = _moveOrder(100);
        order.evidence = 0;
        _refusedMove(order, reason);
    }

    function test_LedgerSelfMove_whenTheOwnerReceives() public {
        ILedger.MoveOrder memory order = _moveOrder(100);
        order.to = supplier;
        _refusedMove(order, abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, _lot, supplier));
    }

    function test_LedgerAmountOverLot_whenMoreThanTheLotHas() public {
        bytes memory reason =
            abi.encodeWithSelector(ILedger.LedgerAmountOverLot.selector, _lot, FACE + 1, FACE);
        _refusedMove(_moveOrder(FACE + 1), reason);
        ledger.move(_moveOrder(FACE));
        _refusedMove(_moveOrder(1), abi.encodeWithSelector(ILedger.LedgerAmountOverLot.selector, _lot, 1, 0));
    }

    function test_LedgerBelowMinimumLot_whenChildOrRestIsTooSmall() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerBelowMinimumLot.selector, 99, 100);
        _refusedMove(_moveOrder(99), reason);
        _refusedMove(_moveOrder(FACE - 99), reason);
        ledger.move(_moveOrder(FACE - 100));
        ledger.move(_moveOrder(100));
    }

    function test_move_ofAWholeLotBelowTheMinimumIsAllowed() public {
        ILedger.IssueOrder memory order = _order();
        order.face = 5;
        (, uint64 lot) = ledger.issue(order);
        ILedger.MoveOrder memory whole = _moveOrder(5);
        (whole.parent, whole.seq) = (lot, 0);
        ledger.move(whole);
    }

    function test_LedgerTooDeep_whenTheChainOfTitleIsTooLong() public {
        uint64 lot = _lot;
        for (uint8 depth = 1; depth <= 8; ++depth) {
            (lot,) = ledger.move(_hop(lot, FACE));
            _same(ledger.lotOf(lot).depth, depth, "depth");
        }
        _refusedMove(_hop(lot, FACE), abi.encodeWithSelector(ILedger.LedgerTooDeep.selector, lot, 8));
    }

    function test_LedgerTooManyLots_whenTheReceivableIsFull() public {
        _asAnnounced(
            GOVERNOR, address(rulebook), abi.encodeCall(rulebook.schedule, (3, 0, 3, _later())), 1 days
        );
        vm.warp(_later());
        (uint64 receivable, uint64 lot) = ledger.issue(_order());
        ledger.move(_hop(lot, 100));
        ledger.move(_hop(lot, 100));
        _refusedMove(
            _hop(lot, 100), abi.encodeWithSelector(ILedger.LedgerTooManyLots.selector, receivable, 3)
        );
    }

    function test_LedgerRegisterClosed_fromTheCloseWindowOn() public {
        uint40 closedAt = ledger.receivableOf(_receivable).due - 1 hours;
        vm.warp(closedAt - 1);
        ledger.move(_moveOrder(100));
        vm.warp(closedAt);
        _refusedMove(
            _moveOrder(100),
            abi.encodeWithSelector(
                ILedger.LedgerRegisterClosed.selector, _receivable, ILedger.State.Active, closedAt
            )
        );
    }

    function test_LedgerRegisterClosed_fromTheFirstPaymentOn() public {
        ledger.recordPayment(_receivable, debtor, 1, 0, TERMS);
        uint40 closedAt = ledger.receivableOf(_receivable).due - 1 hours;
        _refusedMove(
            _moveOrder(100),
            abi.encodeWithSelector(
                ILedger.LedgerRegisterClosed.selector, _receivable, ILedger.State.Settling, closedAt
            )
        );
    }

    function test_LedgerUnknownReceivable_whenReadingOrPayingIt() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerUnknownReceivable.selector, 99);
        _refused(address(ledger), abi.encodeCall(ledger.receivableOf, (99)), reason);
        _refused(address(ledger), abi.encodeCall(ledger.owedAt, (99, START)), reason);
        _refused(address(ledger), abi.encodeCall(ledger.paidThrough, (99, 1)), reason);
        _refused(address(ledger), abi.encodeCall(ledger.recordPayment, (99, debtor, 1, 0, TERMS)), reason);
    }

    // ---- fuzz: cutting conserves serials

    /// @dev Any sequence of cuts leaves live ranges that partition [0, face) (I1), for faces up to the largest.
    function testFuzz_cuts_partitionTheFace(uint64 face, uint256[24] memory choices) public {
        ILedger.IssueOrder memory order = _order();
        order.face = uint64(_bound(face, 1_000_000, 2 ** 53 - 1));
        (uint64 receivable, uint64 lot) = ledger.issue(order);
        for (uint256 i = 0; i < choices.length; ++i) {
            uint24 count = ledger.receivableOf(receivable).lotCount;
            uint64 parent = lot + uint64(choices[i] % count);
            ILedger.Lot memory held = ledger.lotOf(parent);
            if (held.amount < 200 || held.depth == 8) continue;
            uint64 amount = uint64(_bound(choices[i] >> 64, 100, held.amount - 100));
            ledger.move(_hop(parent, amount));
        }
        _checkPartition(receivable, order.face);
    }

    // ---- helpers

    function _checkPartition(uint64 receivable, uint64 face) private view {
        uint24 count = ledger.receivableOf(receivable).lotCount;
        uint64 at_ = 0;
        for (uint256 done = 0; at_ != face; ++done) {
            _yes(done <= count, "a serial is held by nobody");
            ILedger.Lot memory held = lens.lotOfSerial(receivable, at_).lot;
            _same(held.first, at_, "no overlap");
            at_ += held.amount;
        }
    }

    function _order() private view returns (ILedger.IssueOrder memory) {
        return ILedger.IssueOrder(debtor, supplier, FACE, _midnight() + 90 days, CNY, TERMS, TERMS);
    }

    function _later() private pure returns (uint40) {
        return START + 20 days;
    }

    function _moveOrder(uint64 amount) private view returns (ILedger.MoveOrder memory) {
        uint24 seq = ledger.lotOf(_lot).seq;
        return ILedger.MoveOrder(_lot, seq, supplier, tier2, amount, ILedger.Cause.Assign, EVIDENCE, false);
    }

    /// @dev To whoever of two suppliers does not hold it.
    function _hop(uint64 lot, uint64 amount) private view returns (ILedger.MoveOrder memory) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        address to = held.owner == tier2 ? tier3 : tier2;
        return
            ILedger.MoveOrder(lot, held.seq, held.owner, to, amount, ILedger.Cause.Finance, EVIDENCE, false);
    }

    function _refusedMove(ILedger.MoveOrder memory order, bytes memory reason) private {
        _refused(address(ledger), abi.encodeCall(ledger.move, (order)), reason);
    }

    function _refusedCurrency(uint16 currency, address cash, bytes memory reason) private {
        bytes memory data = abi.encodeCall(ledger.setCurrency, (currency, cash));
        vm.prank(MODULE_ADMIN);
        manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days);
        _refused(
            MODULE_ADMIN, address(manager), abi.encodeCall(manager.execute, (address(ledger), data)), reason
        );
    }
}
