// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers, Rules} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title What the debtor pays: early, on the day, late, in parts, while suspended
contract SettlementTest is Scenes {
    uint64 private _receivable;
    uint40 private _due;

    function setUp() public override {
        super.setUp();
        (_receivable,) = _doIssue(FACE, 90);
        _due = _midnight() + 90 days;
    }

    // ---- early and on the day

    function test_pay_earlyInFullSettles() public {
        ISettlement.Pay memory intent = _intentPay(_receivable, FACE);
        bytes32 digest = settlement.hashPay(intent);
        bytes memory signatures = _signedBy(debtor, digest);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.PaymentReceived(_receivable, debtor, 1, FACE, 0, FACE, 0, 0, 0, digest);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableStateChanged(
            _receivable, uint8(ILedger.State.Active), uint8(ILedger.State.Settled)
        );
        vm.expectEmit(true, true, true, true, address(settlement));
        emit IIntents.IntentUsed(digest, IntentKinds.PAY, _receivable, address(this));
        settlement.pay(intent, signatures);
        _same(cny.balanceOf(address(settlement)), FACE, "held for the holders");
        _stateIs(_receivable, ILedger.State.Settled);
    }

    function test_pay_earlyInPartAndTheRestOnTheDueDayOwesNoInterest() public {
        _doPay(_receivable, FACE - 1);
        vm.warp(_due);
        _owed(_receivable, 1, 0);
        _doPay(_receivable, 1);
        _stateIs(_receivable, ILedger.State.Settled);
        _same(ledger.receivableOf(_receivable).interestThrough, 0, "never late");
    }

    function test_pay_inPartsPassesThroughSettling() public {
        _doPay(_receivable, FACE / 3);
        _stateIs(_receivable, ILedger.State.Settling);
        _doPay(_receivable, FACE - FACE / 3);
        _stateIs(_receivable, ILedger.State.Settled);
        ILedger.Receivable memory entry = ledger.receivableOf(_receivable);
        _same(entry.installments, 2, "installments");
        _paidThrough(0, 0, 0);
        _paidThrough(1, FACE / 3, 0);
        _paidThrough(2, FACE, 0);
    }

    function test_pay_onTheLastSecondOfTheDueDayIsOnTime() public {
        vm.warp(_due + 1 days - 1);
        (, uint64 interest) = ledger.owedAt(_receivable, uint40(block.timestamp));
        _same(interest, 0, "no interest");
        _doPay(_receivable, FACE);
        _stateIs(_receivable, ILedger.State.Settled);
    }

    /// forge-config: default.isolate = false
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_pay_inAnyNumberOfParts(uint64[5] memory parts) public {
        uint64 paid = 0;
        uint16 count = 0;
        for (uint256 i = 0; i < parts.length && paid != FACE; ++i) {
            uint64 part = uint64(_bound(parts[i], 1, FACE - paid));
            _doPay(_receivable, part);
            paid += part;
            _paidThrough(++count, paid, 0);
            _owed(_receivable, FACE - paid, 0);
            _stateIs(_receivable, paid == FACE ? ILedger.State.Settled : ILedger.State.Settling);
        }
        _same(ledger.receivableOf(_receivable).installments, count, "installments");
        _same(cny.balanceOf(address(settlement)), paid, "all of it is held for the holders");
    }

    // ---- late

    function test_pay_lateOwesInterestForEachWholeDaySinceTheDueDate() public {
        vm.warp(_due + 1 days);
        _owed(_receivable, FACE, FACE * 500 / 1e6);
        vm.warp(_due + 10 days + 5 hours);
        uint64 interest = FACE * 500 * 10 / 1e6;
        _owed(_receivable, FACE, interest);
        _doPay(_receivable, FACE + interest);
        ILedger.Receivable memory entry = ledger.receivableOf(_receivable);
        _same(entry.interestPaid, interest, "interestPaid");
        _same(entry.interestOwed, 0, "interestOwed");
        _same(entry.interestThrough, _due + 10 days, "interestThrough");
        _stateIs(_receivable, ILedger.State.Settled);
        _owed(_receivable, 0, 0);
    }

    function test_pay_lateInPartsCoversInterestFirst() public {
        vm.warp(_due + 10 days);
        uint64 interest = FACE * 500 * 10 / 1e6;
        _doPay(_receivable, interest - 1);
        _owed(_receivable, FACE, 1);
        _same(ledger.receivableOf(_receivable).paid, 0, "no principal yet");
        _doPay(_receivable, 1 + FACE / 2);
        _owed(_receivable, FACE - FACE / 2, 0);
        vm.warp(_due + 12 days);
        uint64 more = (FACE - FACE / 2) * 500 * 2 / 1e6;
        _owed(_receivable, FACE - FACE / 2, more);
        _doPay(_receivable, FACE - FACE / 2 + more);
        _stateIs(_receivable, ILedger.State.Settled);
        _paidThrough(1, 0, interest - 1);
        _paidThrough(2, FACE / 2, interest);
        _paidThrough(3, FACE, interest + more);
    }

    function test_pay_onTimeInPartLeavesInterestOnTheRestOnly() public {
        _doPay(_receivable, FACE - 100_00);
        vm.warp(_due + 3 days);
        _owed(_receivable, 100_00, 100_00 * 500 * 3 / 1e6);
    }

    function test_lateInterest_roundsHalfUpOnce() public {
        (uint64 receivable,) = _doIssue(1000, 1);
        vm.warp(_midnight() + 2 days);
        (, uint64 interest) = ledger.owedAt(receivable, uint40(block.timestamp));
        // 1000 * 500 / 1e6 = 0.5
        _same(interest, 1, "half up");
        (receivable,) = _doIssue(999, 1);
        vm.warp(_midnight() + 2 days);
        (, interest) = ledger.owedAt(receivable, uint40(block.timestamp));
        _same(interest, 0, "below half down");
    }

    function test_pay_lateAtTheRateInForceOnTheDayOfIssue() public {
        uint40 day = _midnight() + 10 days;
        _schedule(Rules.LATE_RATE_PPM_PER_DAY, 0, 1000, day);
        vm.warp(day);
        (uint64 young,) = _doIssue(FACE, 80);
        vm.warp(_due + 10 days);
        _owed(_receivable, FACE, FACE * 500 * 10 / 1e6);
        _owed(young, FACE, FACE * 1000 * 10 / 1e6);
    }

    // ---- under an order

    function test_pay_ofASuspendedReceivableIsTakenAndWaits() public {
        _suspendReceivable(_receivable);
        _doPay(_receivable, FACE / 2);
        _stateIs(_receivable, ILedger.State.Suspended);
        _owed(_receivable, FACE - FACE / 2, 0);
        _resume(_receivable);
        _stateIs(_receivable, ILedger.State.Settling);
    }

    function test_pay_inFullWhileSuspendedLiftsTheBlockAndSettlesOnceResumed() public {
        vm.warp(_due + 1 days);
        settlement.flagOverdue(_receivable);
        _suspendReceivable(_receivable);
        _doPay(_receivable, FACE + FACE * 500 / 1e6);
        _stateIs(_receivable, ILedger.State.Suspended);
        _same(ledger.blockingCount(debtor), 0, "the debtor is free");
        _yes(!ledger.receivableOf(_receivable).overdue, "nothing is overdue");
        _refused(_intentPay(_receivable, 1), _overpaid(1, 0));
        _resume(_receivable);
        _stateIs(_receivable, ILedger.State.Settled);
    }

    // ---- refused

    function test_LedgerOverpaid_byOneUnit() public {
        vm.warp(_due + 1 days);
        uint64 owed = FACE + FACE * 500 / 1e6;
        _refused(
            _intentPay(_receivable, owed + 1),
            abi.encodeWithSelector(ILedger.LedgerOverpaid.selector, _receivable, owed + 1, owed)
        );
        _doPay(_receivable, owed - 1);
        _doPay(_receivable, 1);
        _stateIs(_receivable, ILedger.State.Settled);
    }

    function test_LedgerNotPayable_whenSettled() public {
        _doPay(_receivable, FACE);
        _refused(
            _intentPay(_receivable, 1),
            abi.encodeWithSelector(ILedger.LedgerNotPayable.selector, _receivable, ILedger.State.Settled)
        );
    }

    function test_LedgerStalePayment_whenReplayed() public {
        ISettlement.Pay memory intent = _intentPay(_receivable, FACE / 4);
        _carry(intent);
        _refused(
            intent, abi.encodeWithSelector(ILedger.LedgerStalePayment.selector, _receivable, 0, FACE / 4)
        );
    }

    function test_LedgerNotDebtor_whenAnotherPartySigns() public {
        ISettlement.Pay memory intent = _intentPay(_receivable, FACE);
        intent.debtor = bank;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotDebtor.selector, _receivable, debtor, bank));
    }

    function test_LedgerZeroValue_whenPayingNothing() public {
        _refused(_intentPay(_receivable, 0), _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_LedgerUnknownReceivable_whenPayingAStranger() public {
        ISettlement.Pay memory intent = _intentPay(_receivable, 1);
        intent.receivable = 42;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerUnknownReceivable.selector, 42));
    }

    function test_CashInsufficient_booksNothing() public {
        (uint64 receivable,) = _doIssue(100 * FACE, 90);
        _refused(
            _intentPay(receivable, 100 * FACE),
            abi.encodeWithSelector(ICash.CashInsufficient.selector, debtor, 10 * FACE, 100 * FACE)
        );
        _same(ledger.receivableOf(receivable).paid, 0, "nothing booked");
    }

    function test_PartiesBelowThreshold_withoutSignature() public {
        _refused(
            address(settlement),
            abi.encodeCall(settlement.pay, (_intentPay(_receivable, FACE), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, debtor, Powers.PAY, 0, 1)
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        ISettlement.Pay memory intent = _intentPay(_receivable, FACE);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refused(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
    }

    // ---- helpers

    function _overpaid(uint64 amount, uint64 owed) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerOverpaid.selector, _receivable, amount, owed);
    }

    function _paidThrough(uint16 installment, uint64 principal, uint64 interest) private view {
        (uint64 paid, uint64 interestPaid) = ledger.paidThrough(_receivable, installment);
        _same(paid, principal, "principal through the installment");
        _same(interestPaid, interest, "interest through the installment");
    }
}
