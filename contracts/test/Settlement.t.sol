// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IIssuance, ISettlement} from "../src/interfaces/IModules.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {World} from "./support/World.sol";

/// @title Payment on time, early, late and in parts; claims; overdue flags
contract SettlementTest is World {
    uint64 private _receivable;
    uint64 private _lot;
    uint40 private _due;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _due = _midnight() + 90 days;
    }

    // ---- pay

    function test_pay_onceInFullSettles() public {
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
        _state(ILedger.State.Settled);
    }

    function test_pay_inPartsPassesThroughSettling() public {
        _doPay(_receivable, FACE / 3);
        _state(ILedger.State.Settling);
        _doPay(_receivable, FACE - FACE / 3);
        _state(ILedger.State.Settled);
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
        _state(ILedger.State.Settled);
    }

    function test_pay_lateOwesInterestForEachWholeDaySinceTheDueDate() public {
        vm.warp(_due + 1 days);
        _owed(FACE, FACE * 500 / 1e6);
        vm.warp(_due + 10 days + 5 hours);
        uint64 interest = FACE * 500 * 10 / 1e6;
        _owed(FACE, interest);
        _doPay(_receivable, FACE + interest);
        ILedger.Receivable memory entry = ledger.receivableOf(_receivable);
        _same(entry.interestPaid, interest, "interestPaid");
        _same(entry.interestOwed, 0, "interestOwed");
        _same(entry.interestThrough, _due + 10 days, "interestThrough");
        _state(ILedger.State.Settled);
        _owed(0, 0);
    }

    function test_pay_lateInPartsCoversInterestFirst() public {
        vm.warp(_due + 10 days);
        uint64 interest = FACE * 500 * 10 / 1e6;
        _doPay(_receivable, interest - 1);
        _owed(FACE, 1);
        _same(ledger.receivableOf(_receivable).paid, 0, "no principal yet");
        _doPay(_receivable, 1 + FACE / 2);
        _owed(FACE - FACE / 2, 0);
        vm.warp(_due + 12 days);
        uint64 more = (FACE - FACE / 2) * 500 * 2 / 1e6;
        _owed(FACE - FACE / 2, more);
        _doPay(_receivable, FACE - FACE / 2 + more);
        _state(ILedger.State.Settled);
        _paidThrough(1, 0, interest - 1);
        _paidThrough(2, FACE / 2, interest);
        _paidThrough(3, FACE, interest + more);
    }

    function test_pay_onTimeInPartLeavesInterestOnTheRestOnly() public {
        _doPay(_receivable, FACE - 100_00);
        vm.warp(_due + 3 days);
        _owed(100_00, 100_00 * 500 * 3 / 1e6);
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

    function test_LedgerOverpaid_byOneUnit() public {
        vm.warp(_due + 1 days);
        uint64 owed = FACE + FACE * 500 / 1e6;
        _refused(
            _intentPay(_receivable, owed + 1),
            abi.encodeWithSelector(ILedger.LedgerOverpaid.selector, _receivable, owed + 1, owed)
        );
        _doPay(_receivable, owed - 1);
        _doPay(_receivable, 1);
        _state(ILedger.State.Settled);
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

    // ---- claim

    function test_claim_paysEachHolderToTheCent() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _doPay(_receivable, FACE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotClaimed(_receivable, child, tier2, FACE / 3, 0, 1, FACE / 3);
        _doClaim(child);
        _doClaim(_lot);
        _same(cny.balanceOf(tier2), FACE / 3, "tier 2");
        _same(cny.balanceOf(supplier), FACE - FACE / 3, "supplier");
        _same(cny.balanceOf(address(settlement)), 0, "nothing left");
        _same(ledger.receivableOf(_receivable).claimed, FACE, "claimed");
    }

    function test_claim_goesToTheOwnerWhoeverAsks() public {
        _doPay(_receivable, FACE);
        vm.prank(address(0xDEAD));
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE, "owner");
        _same(cny.balanceOf(address(0xDEAD)), 0, "caller");
    }

    function test_claim_ofASuspendedHolderIsPaid() public {
        _doPay(_receivable, FACE);
        _suspend(supplier);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE, "paid into its account");
    }

    function test_claim_betweenInstallmentsNeverTakesFromOthers() public {
        // face 10, lot [2, 3): its exact share is 1 of 4 and 0 of 5
        (uint64 receivable, uint64 lot) = _tiny();
        uint64 second = lot + 2;
        _doPay(receivable, 4);
        _doPay(receivable, 1);
        _failsToClaim(second);
        _doPay(receivable, 5);
        for (uint64 i = 0; i < 4; ++i) {
            if (ledger.lotOf(lot + i).amount != 0) _doClaim(lot + i);
        }
        _same(ledger.receivableOf(receivable).claimed, 10, "all");
        _same(cny.balanceOf(address(settlement)), 0, "nothing left");
    }

    function test_LedgerNothingToClaim_isReportedAndHarmsNoOther() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _doPay(_receivable, FACE);
        _doClaim(child);
        uint64[] memory lots = new uint64[](3);
        (lots[0], lots[1], lots[2]) = (child, 12345, _lot);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(
            child, abi.encodeWithSelector(ILedger.LedgerNothingToClaim.selector, child)
        );
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(12345, abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 12345));
        settlement.claim(lots);
        _same(cny.balanceOf(supplier), FACE - FACE / 3, "the good one is paid");
    }

    function test_claim_ofLotsInTwoCurrenciesAtOnce() public {
        (uint64 receivable, uint64 lot) = _issueEuro();
        _doPay(_receivable, FACE);
        _doPay(receivable, FACE);
        uint64[] memory lots = new uint64[](2);
        (lots[0], lots[1]) = (_lot, lot);
        settlement.claim(lots);
        _same(cny.balanceOf(supplier), FACE, "CNY");
        _same(eur.balanceOf(supplier), FACE, "EUR");
    }

    function test_claim_ofSeveralLotsInOneCurrencyAtOnce() public {
        uint64[] memory lots = new uint64[](3);
        (lots[0], lots[1], lots[2]) =
        (_doAssign(_lot, tier2, FACE / 4), _lot, _doAssign(_lot, tier3, FACE / 2));
        _doPay(_receivable, FACE);
        settlement.claim(lots);
        _same(cny.balanceOf(tier2), FACE / 4, "tier 2");
        _same(cny.balanceOf(supplier), FACE / 4, "supplier");
        _same(cny.balanceOf(tier3), FACE / 2, "tier 3");
    }

    function test_claim_ofAnEmptiedLotGivesNothing() public {
        _doAssign(_lot, tier2, FACE);
        _doPay(_receivable, FACE);
        (uint64 principal, uint64 interest) = ledger.claimableOf(_lot);
        _same(principal + interest, 0, "nothing");
        _failsToClaim(_lot);
    }

    function test_SettlementTooMany_beyondTheLimit() public {
        _refused(
            address(settlement),
            abi.encodeCall(settlement.claim, (new uint64[](201))),
            abi.encodeWithSelector(ISettlement.SettlementTooMany.selector, 201, 200)
        );
    }

    function test_IntentGasTooLow_whenAClaimIsGivenTooLittle() public {
        vm.expectPartialRevert(IIntents.IntentGasTooLow.selector);
        settlement.claim{gas: 150_000}(new uint64[](1));
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

    // ---- fuzz: shares add up, whatever is paid when

    function testFuzz_claims_addUpToWhatWasPaid(
        uint64 face,
        uint256[5] memory cuts,
        uint256[4] memory payments,
        uint256 daysLate,
        uint256 order
    ) public {
        face = uint64(_bound(face, 600, 5 * FACE));
        (uint64 receivable, uint64 lot) = _doIssue(face, 30);
        for (uint256 i = 0; i < cuts.length; ++i) {
            uint64 left = ledger.lotOf(lot).amount;
            if (left >= 200) {
                _doAssign(lot, i % 2 == 0 ? tier2 : tier3, uint64(_bound(cuts[i], 100, left - 100)));
            }
        }
        vm.warp(_midnight() + 30 days + _bound(daysLate, 0, 60) * 1 days);
        for (uint256 i = 0; i < payments.length; ++i) {
            _payPart(receivable, payments[i], i + 1 == payments.length);
            uint256 count = ledger.receivableOf(receivable).lotCount;
            uint64 claimer = lot + uint64((order >> (8 * i)) % count);
            _claimAndCheck(receivable, claimer);
            vm.warp(block.timestamp + 1 days);
        }
        _claimAll(receivable, lot);
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        _same(entry.paid, face, "all principal paid");
        _same(entry.claimed, entry.paid + entry.interestPaid, "nothing is left (I4)");
        _same(cny.balanceOf(address(settlement)), 0, "settlement account is empty");
    }

    // ---- helpers

    function _payPart(uint64 receivable, uint256 choice, bool all) private {
        (uint64 principal, uint64 interest) = ledger.owedAt(receivable, uint40(block.timestamp));
        uint64 owed = principal + interest;
        if (owed == 0) return;
        uint64 amount = all ? owed : uint64(_bound(choice, 1, owed));
        if (cny.balanceOf(debtor) < amount) _mint(cny, debtor, amount);
        _doPay(receivable, amount);
    }

    function _claimAndCheck(uint64 receivable, uint64 lot) private {
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        address owner = ledger.lotOf(lot).owner;
        uint256 before = cny.balanceOf(owner);
        _doClaim(lot);
        _same(cny.balanceOf(owner), before + principal + interest, "a claim pays what was claimable");
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        _atMost(entry.claimed, entry.paid + entry.interestPaid, "claimed <= paid (I3)");
    }

    function _claimAll(uint64 receivable, uint64 lot) private {
        uint256 count = ledger.receivableOf(receivable).lotCount;
        for (uint64 i = 0; i < count; ++i) {
            _doClaim(lot + i);
            (uint64 principal, uint64 interest) = ledger.claimableOf(lot + i);
            _same(principal + interest, 0, "nothing more to claim");
        }
    }

    function _tiny() private returns (uint64 receivable, uint64 lot) {
        _asAnnounced(
            GOVERNOR, address(rulebook), abi.encodeCall(rulebook.schedule, (4, 0, 1, START + 2 days)), 1 days
        );
        vm.warp(START + 2 days);
        (receivable, lot) = _doIssue(10, 30);
        _doAssign(lot, tier2, 2);
        _doAssign(lot, tier3, 1);
        _doAssign(lot, tier2, 3);
    }

    function _issueEuro() private returns (uint64 receivable, uint64 lot) {
        _mint(eur, debtor, FACE);
        IIssuance.Issue memory intent = _intentIssue(FACE, _due);
        intent.currency = EUR;
        return _carry(intent);
    }

    function _failsToClaim(uint64 lot) private {
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(lot, abi.encodeWithSelector(ILedger.LedgerNothingToClaim.selector, lot));
        _doClaim(lot);
    }

    function _state(ILedger.State expected) private view {
        _same(uint8(ledger.receivableOf(_receivable).state), uint8(expected), "state");
    }

    function _owed(uint64 principal, uint64 interest) private view {
        (uint64 principalOwed, uint64 interestOwed) = ledger.owedAt(_receivable, uint40(block.timestamp));
        _same(principalOwed, principal, "principal owed");
        _same(interestOwed, interest, "interest owed");
    }

    function _paidThrough(uint16 installment, uint64 principal, uint64 interest) private view {
        (uint64 paid, uint64 interestPaid) = ledger.paidThrough(_receivable, installment);
        _same(paid, principal, "principal through the installment");
        _same(interestPaid, interest, "interest through the installment");
    }
}
