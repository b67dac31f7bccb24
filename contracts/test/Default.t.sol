// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Debtors that do not pay: overdue, in default, recovered, written off
contract DefaultTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;
    uint40 private _due;
    /// @dev First second of the default: late from the day after the due day, and 30 days of grace.
    uint40 private _from;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _due = _midnight() + 90 days;
        _from = _due + 31 days;
    }

    // ---- overdue

    function test_flagOverdue_blocksTheDebtorUntilPaid() public {
        vm.warp(_due + 1 days);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.OverdueChanged(_receivable, debtor, true, 1);
        settlement.flagOverdue(_receivable);
        _same(ledger.blockingCount(debtor), 1, "blocking");
        _yes(ledger.receivableOf(_receivable).overdue, "flag");
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, uint40(block.timestamp));
        _doPay(_receivable, 1);
        _same(ledger.blockingCount(debtor), 1, "a part payment lifts nothing");
        ISettlement.Pay memory intent = _intentPay(_receivable, principal + interest - 1);
        bytes memory signatures = _signedBy(debtor, settlement.hashPay(intent));
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.OverdueChanged(_receivable, debtor, false, 0);
        settlement.pay(intent, signatures);
        _same(ledger.blockingCount(debtor), 0, "free again");
        _yes(!ledger.receivableOf(_receivable).overdue, "flag cleared");
    }

    function test_LedgerNotOverdue_beforeTheDueDayEndsTwiceOrWhenPaid() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerNotOverdue.selector, _receivable, _due);
        bytes memory data = abi.encodeCall(settlement.flagOverdue, (_receivable));
        vm.warp(_due + 1 days - 1);
        _refused(address(settlement), data, reason);
        vm.warp(_due + 1 days);
        settlement.flagOverdue(_receivable);
        _refused(address(settlement), data, reason);
        _doPay(_receivable, FACE + FACE * 500 / 1e6);
        _refused(address(settlement), data, reason);
    }

    function test_LedgerNotOverdue_whileSuspendedOrInDefault() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerNotOverdue.selector, _receivable, _due);
        bytes memory data = abi.encodeCall(settlement.flagOverdue, (_receivable));
        _suspendReceivable(_receivable);
        vm.warp(_due + 1 days);
        _refused(address(settlement), data, reason);
        _resume(_receivable);
        _default(_receivable);
        _refused(address(settlement), data, reason);
    }

    function test_flagOverdue_ofSeveralReceivablesBlocksUntilTheLastIsPaid() public {
        (uint64 second,) = _doIssue(FACE, 90);
        vm.warp(_due + 1 days);
        settlement.flagOverdue(_receivable);
        settlement.flagOverdue(second);
        _refusedIssue(2);
        _doPay(second, FACE + FACE * 500 / 1e6);
        _refusedIssue(1);
        _doPay(_receivable, FACE + FACE * 500 / 1e6);
        _doIssue(FACE, 90);
    }

    // ---- default

    function test_declareDefault_byAnyoneFromTheSecondAfterTheGracePeriodOn() public {
        bytes memory data = abi.encodeCall(settlement.declareDefault, (_receivable));
        vm.warp(_from - 1);
        _refused(address(settlement), data, _notInDefault(ILedger.State.Active));
        vm.warp(_from);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableStateChanged(
            _receivable, uint8(ILedger.State.Active), uint8(ILedger.State.Defaulted)
        );
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.OverdueChanged(_receivable, debtor, true, 1);
        vm.prank(address(0xDEAD));
        settlement.declareDefault(_receivable);
        _stateIs(_receivable, ILedger.State.Defaulted);
        _same(ledger.blockingCount(debtor), 1, "the debtor is blocked");
        _refused(address(settlement), data, _notInDefault(ILedger.State.Defaulted));
    }

    function test_declareDefault_ofWhatIsPaidInPartAndFlaggedCountsOnce() public {
        _doPay(_receivable, FACE - 1);
        vm.warp(_due + 1 days);
        settlement.flagOverdue(_receivable);
        _default(_receivable);
        _stateIs(_receivable, ILedger.State.Defaulted);
        _same(ledger.blockingCount(debtor), 1, "one receivable blocks");
    }

    function test_declareDefault_countsTheGraceDaysInForceAtIssue() public {
        uint40 day = _midnight() + 10 days;
        _schedule(Rules.GRACE_DAYS, 0, 0, day);
        vm.warp(day);
        (uint64 young,) = _doIssue(FACE, 80);
        vm.warp(_due + 1 days);
        settlement.declareDefault(young);
        bytes memory data = abi.encodeCall(settlement.declareDefault, (_receivable));
        _refused(address(settlement), data, _notInDefault(ILedger.State.Active));
    }

    function test_LedgerNotInDefault_whenSettledOrSuspended() public {
        bytes memory data = abi.encodeCall(settlement.declareDefault, (_receivable));
        _suspendReceivable(_receivable);
        vm.warp(_from);
        _refused(address(settlement), data, _notInDefault(ILedger.State.Suspended));
        _resume(_receivable);
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, _today());
        _doPay(_receivable, principal + interest);
        _refused(address(settlement), data, _notInDefault(ILedger.State.Settled));
    }

    // ---- recovery

    function test_pay_inPartAfterDefaultIsPaidOutAndStaysInDefault() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 4);
        _default(_receivable);
        uint64 interest = FACE * 500 * 31 / 1e6;
        _owed(_receivable, FACE, interest);
        _doPay(_receivable, interest + FACE / 2);
        _stateIs(_receivable, ILedger.State.Defaulted);
        _same(ledger.blockingCount(debtor), 1, "still blocked");
        settlement.claim(_list(child, _lot));
        _same(cny.balanceOf(tier2), interest / 4 + FACE / 8, "tier 2 has its part");
        _same(cny.balanceOf(supplier), interest * 3 / 4 + FACE * 3 / 8, "and the supplier its own");
    }

    function test_pay_inFullAfterDefaultSettlesAndFreesTheDebtor() public {
        _default(_receivable);
        _doPay(_receivable, FACE / 2);
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, _today());
        _doPay(_receivable, principal + interest);
        _stateIs(_receivable, ILedger.State.Settled);
        _same(ledger.blockingCount(debtor), 0, "free");
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE + FACE * 500 * 31 / 1e6, "principal and interest");
        _doIssue(FACE, 90);
    }

    // ---- write-off

    function test_writeOff_dividesWhatWasPaidToTheCentAndEndsIt() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _doPay(_receivable, 100_01);
        settlement.claim(_list(child, _lot));
        _same(ledger.receivableOf(_receivable).claimed, 100_00, "one cent was rounded down");
        _default(_receivable);
        _writeOff(_receivable);
        settlement.claim(_list(child, _lot));
        _same(ledger.receivableOf(_receivable).claimed, 100_01, "all that was paid");
        _same(cny.balanceOf(address(settlement)), 0, "nothing is left");
    }

    function test_writeOff_reportsWhatIsLost() public {
        _doPay(_receivable, FACE / 2);
        _default(_receivable);
        bytes memory data = abi.encodeCall(enforcement.writeOff, (_receivable, ORDER));
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        vm.warp(_from + 1 days);
        uint64 interest = FACE / 2 * 500 * 32 / 1e6;
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableStateChanged(
            _receivable, uint8(ILedger.State.Defaulted), uint8(ILedger.State.WrittenOff)
        );
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableWrittenOff(_receivable, 2, FACE / 2, interest, ORDER);
        vm.prank(COURT);
        manager.execute(address(enforcement), data);
        _owed(_receivable, 0, 0);
        (uint64 principal,) = ledger.paidThrough(_receivable, 1);
        _same(principal, FACE / 2, "the last payment stays in the history");
    }

    function test_writeOff_isFinal() public {
        _default(_receivable);
        _writeOff(_receivable);
        _refused(
            _intentPay(_receivable, 1),
            abi.encodeWithSelector(ILedger.LedgerNotPayable.selector, _receivable, ILedger.State.WrittenOff)
        );
        _failsToClaim(_lot, _nothing(_lot));
        bytes memory data = abi.encodeCall(settlement.declareDefault, (_receivable));
        _refused(address(settlement), data, _notInDefault(ILedger.State.WrittenOff));
        data = abi.encodeCall(enforcement.writeOff, (_receivable, ORDER));
        _refusedOrder(data, _wrongState(_receivable, ILedger.State.WrittenOff));
        _same(ledger.blockingCount(debtor), 1, "who never paid stays blocked");
    }

    function test_LedgerNotPayable_whenWrittenOffAlsoForWhatIsStillOwed() public {
        _doPay(_receivable, FACE - 1);
        _default(_receivable);
        _writeOff(_receivable);
        _refused(
            _intentPay(_receivable, 1),
            abi.encodeWithSelector(ILedger.LedgerNotPayable.selector, _receivable, ILedger.State.WrittenOff)
        );
    }

    function test_LedgerWrongState_whenWritingOffWhatIsNotInDefault() public {
        bytes memory data = abi.encodeCall(enforcement.writeOff, (_receivable, ORDER));
        _refusedOrder(data, _wrongState(_receivable, ILedger.State.Active));
        _doPay(_receivable, 1);
        _refusedOrder(data, _wrongState(_receivable, ILedger.State.Settling));
        _doPay(_receivable, FACE - 1);
        _refusedOrder(data, _wrongState(_receivable, ILedger.State.Settled));
    }

    function test_LedgerZeroValue_whenWritingOffWithoutAnOrder() public {
        _default(_receivable);
        bytes memory data = abi.encodeCall(enforcement.writeOff, (_receivable, 0));
        _refusedOrder(data, _reason(ILedger.LedgerZeroValue.selector));
    }

    // ---- helpers

    function _notInDefault(ILedger.State state) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerNotInDefault.selector, _receivable, state, _from);
    }

    function _refusedIssue(uint32 blocking) private {
        _refused(
            _intentIssue(FACE, _midnight() + 90 days),
            abi.encodeWithSelector(IIssuance.IssuanceDebtorBlocked.selector, debtor, blocking)
        );
    }
}
