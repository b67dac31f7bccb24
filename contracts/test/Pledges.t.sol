// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, Powers, Rights} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Loans against lots: pledge and release
contract PledgesTest is Bank, Orders, Pledging {
    uint64 private constant SECURED = FACE / 2;
    uint64 private constant ADVANCE = FACE / 3;
    uint64 private constant MOST = 2 ** 53 - 1;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- pledge

    function test_pledge_locksTheLotAndPaysTheLoanOut() public {
        uint256 before = cny.balanceOf(bank);
        _carry(_intentPledge(_lot, SECURED, ADVANCE));
        _pledged(supplier, SECURED, 1);
        _same(cny.balanceOf(supplier), ADVANCE, "the loan");
        _same(cny.balanceOf(bank), before - ADVANCE, "cash of the bank");
    }

    function test_pledge_reportsItself() public {
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, ADVANCE);
        bytes32 digest = pledges.hashPledge(intent);
        (bytes memory ofOwner, bytes memory ofBank) = (_signedBy(supplier, digest), _signedBy(bank, digest));
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, LotFlags.PLEDGED, 1, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, bank, SECURED, 0);
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IPledges.Pledged(_lot, supplier, bank, SECURED, ADVANCE, EVIDENCE, digest);
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IIntents.IntentUsed(digest, IntentKinds.PLEDGE, _lot, address(this));
        pledges.pledge(intent, ofOwner, ofBank);
    }

    function test_pledge_mayPayNothingOutOrAllThatIsSecured() public {
        _doPledge(_lot, MOST);
        _pledged(supplier, MOST, 1);
        _same(cny.balanceOf(supplier), 0, "no loan in the same transaction");
        (, uint64 other) = _doIssue(FACE, 90);
        _carry(_intentPledge(other, SECURED, SECURED));
        _same(cny.balanceOf(supplier), SECURED, "all that is secured");
    }

    function test_PledgesAdvanceOverSecured_byOneUnit() public {
        _refused(
            _intentPledge(_lot, SECURED, SECURED + 1),
            abi.encodeWithSelector(IPledges.PledgesAdvanceOverSecured.selector, SECURED + 1, SECURED)
        );
    }

    function test_LedgerBadCharge_whenNothingOrTooMuchIsSecured() public {
        _refused(_intentPledge(_lot, 0, 0), _badCharge(0));
        _refused(_intentPledge(_lot, MOST + 1, 0), _badCharge(MOST + 1));
    }

    function test_LedgerBadCharge_whenAModuleAsksForWhatNoModuleOfOursAsksFor() public {
        _becomeModule(address(ledger), Rights.PLEDGE | Rights.FINANCE);
        ILedger.ChargeOrder memory order =
            ILedger.ChargeOrder(_lot, 0, supplier, bank, LotFlags.PLEDGED, SECURED, 1, EVIDENCE);
        _refusedCharge(order, abi.encodeWithSelector(ILedger.LedgerBadCharge.selector, _lot, SECURED, 1));
        order.kind = LotFlags.RECOURSE;
        order.recourseLimit = FACE + 1;
        _refusedCharge(
            order, abi.encodeWithSelector(ILedger.LedgerBadCharge.selector, _lot, SECURED, FACE + 1)
        );
        (order.secured, order.recourseLimit) = (FACE + 1, 0);
        _refusedCharge(order, _badCharge(FACE + 1));
        order.secured = 0;
        _refusedCharge(order, _badCharge(0));
        order.secured = FACE;
        ledger.charge(order);
        _same(ledger.lotOf(_lot).flags, LotFlags.RECOURSE, "all of it may be secured");
    }

    function test_LedgerLotCharged_whenPledgedTwice() public {
        _doPledge(_lot, SECURED);
        _refused(_intentPledge(_lot, SECURED, 0), _lotCharged());
        IPledges.Pledge memory second = _intentPledge(_lot, SECURED, 0);
        second.pledgee = otherBank;
        _refused(second, _lotCharged());
    }

    function test_LedgerLotCharged_whenAPledgedLotIsToMove() public {
        _doPledge(_lot, SECURED);
        _refused(_intentAssign(_lot, tier2, FACE / 4), _lotCharged());
        _refused(_intentAssign(_lot, bank, FACE), _lotCharged());
        _refused(_intentFinance(_lot, FACE, FACE), _lotCharged());
        _refused(_intentExport(_lot, _admitRegistry(), FACE, EVIDENCE), _lotCharged());
    }

    function test_LedgerLotOnlyWhole_whenPartOfAPledgedLotIsSeized() public {
        _doPledge(_lot, SECURED);
        _becomeModule(address(ledger), Rights.FORCE);
        ILedger.MoveOrder memory order =
            ILedger.MoveOrder(_lot, 0, supplier, tier2, FACE - 1, ILedger.Cause.Forced, ORDER, false);
        _refused(
            address(ledger),
            abi.encodeCall(ledger.move, (order)),
            abi.encodeWithSelector(ILedger.LedgerLotOnlyWhole.selector, _lot, FACE - 1, FACE)
        );
    }

    function test_pledge_goesWithALotThatIsSeized() public {
        _doPledge(_lot, SECURED);
        uint64 seized = _forceMove(_lot, tier2, FACE);
        ILedger.Lot memory held = ledger.lotOf(seized);
        _same(held.owner, tier2, "title");
        _same(held.flags, LotFlags.PLEDGED, "still pledged");
        _same(held.chargee, bank, "to the same bank");
        _same(held.secured, SECURED, "for the same loan");
        _same(ledger.lotOf(_lot).flags, 0, "the empty lot is free");
    }

    function test_pledge_endsWhereASeizedLotGoesToThePledgee() public {
        _doPledge(_lot, SECURED);
        uint64 seized = _forceMove(_lot, bank, FACE);
        _same(ledger.lotOf(seized).flags, 0, "nobody owes itself");
        _same(ledger.lotOf(seized).secured, 0, "nothing secured");
    }

    function test_LedgerLotFrozen_whenAFrozenLotIsPledgedOrReleased() public {
        _freeze(_lot);
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotFrozen.selector, _lot);
        _refused(_intentPledge(_lot, SECURED, 0), reason);
        _unfreeze(_lot);
        _doPledge(_lot, SECURED);
        _freeze(_lot);
        _refused(_intentRelease(_lot, 0, 0), reason);
        _refused(_intentRealise(_lot, bank, 1), reason);
    }

    function test_LedgerRegisterClosed_whenPledgedAfterAPaymentOrTooLate() public {
        uint40 closedAt = _midnight() + 90 days - 1 hours;
        vm.warp(closedAt);
        _refused(_intentPledge(_lot, SECURED, 0), _closed(ILedger.State.Active, closedAt));
        _doPay(_receivable, 1);
        _refused(_intentPledge(_lot, SECURED, 0), _closed(ILedger.State.Settling, closedAt));
    }

    function test_LedgerNotOwner_and_LedgerStaleLot_whenPledged() public {
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, 0);
        intent.owner = tier2;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier2));
        intent = _intentPledge(_lot, SECURED, 0);
        _doAssign(_lot, tier2, FACE / 4);
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
    }

    function test_LedgerSelfMove_whenPledgedToItsOwner() public {
        uint64 child = _carry(_intentFinance(_lot, FACE, FACE));
        _refused(
            _intentPledge(child, SECURED, 0),
            abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, child, bank)
        );
    }

    function test_LedgerZeroValue_withoutEvidence() public {
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, 0);
        intent.evidence = 0;
        _refused(intent, _reason(ILedger.LedgerZeroValue.selector));
        _doPledge(_lot, SECURED);
        IPledges.Release memory release = _intentRelease(_lot, 0, 0);
        release.evidence = 0;
        _refused(release, _reason(ILedger.LedgerZeroValue.selector));
        IPledges.Realise memory realise = _intentRealise(_lot, bank, 1);
        realise.evidence = 0;
        _refused(realise, _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_PartiesBelowThreshold_whenOwnerOrPledgeeDidNotSign() public {
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, 0);
        bytes32 digest = pledges.hashPledge(intent);
        _refused(
            address(pledges),
            abi.encodeCall(pledges.pledge, (intent, bytes(""), _signedBy(bank, digest))),
            _below(supplier, Powers.ASSIGN)
        );
        _refused(
            address(pledges),
            abi.encodeCall(pledges.pledge, (intent, _signedBy(supplier, digest), bytes(""))),
            _below(bank, Powers.FINANCE)
        );
    }

    function test_CashInsufficient_undoesThePledgeToo() public {
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, ADVANCE);
        intent.pledgee = otherBank;
        _refused(intent, abi.encodeWithSelector(ICash.CashInsufficient.selector, otherBank, 0, ADVANCE));
        _same(ledger.lotOf(_lot).flags, 0, "not pledged");
    }

    function test_RightsPaused_whenPledgesArePausedOnLedgerOrCash() public {
        bytes memory reason = abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.PLEDGE);
        vm.prank(GUARDIAN);
        cny.pause(Rights.PLEDGE);
        _refused(_intentPledge(_lot, SECURED, ADVANCE), reason);
        _doPledge(_lot, SECURED);
        vm.prank(GUARDIAN);
        ledger.pause(Rights.PLEDGE);
        _refused(_intentRelease(_lot, 0, 0), reason);
        _refused(_intentRealise(_lot, bank, 1), reason);
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        (uint40 late, uint40 latest) = (START + 1 days + 1, START + 1 days);
        bytes memory expired = abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START);
        bytes memory tooFar = abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, late, latest);
        IPledges.Pledge memory intent = _intentPledge(_lot, SECURED, 0);
        intent.deadline = START - 1;
        _refused(intent, expired);
        intent.deadline = late;
        _refused(intent, tooFar);
        _doPledge(_lot, SECURED);
        IPledges.Release memory release = _intentRelease(_lot, 0, 0);
        release.deadline = START - 1;
        _refused(release, expired);
        release.deadline = late;
        _refused(release, tooFar);
        IPledges.Realise memory realise = _intentRealise(_lot, bank, 1);
        realise.deadline = START - 1;
        _refused(realise, expired);
        realise.deadline = late;
        _refused(realise, tooFar);
    }

    // ---- release

    function test_release_lowersWhatIsSecuredAgainstARepayment() public {
        _carry(_intentPledge(_lot, SECURED, ADVANCE));
        uint256 before = cny.balanceOf(bank);
        _carry(_intentRelease(_lot, SECURED - ADVANCE, ADVANCE));
        _pledged(supplier, SECURED - ADVANCE, 2);
        _same(cny.balanceOf(bank), before + ADVANCE, "paid back");
        _same(cny.balanceOf(supplier), 0, "by the owner");
    }

    function test_release_inFullFreesTheLot() public {
        _doPledge(_lot, SECURED);
        _carry(_intentRelease(_lot, 0, 0));
        ILedger.Lot memory held = ledger.lotOf(_lot);
        _same(held.flags, 0, "free");
        _same(held.chargee, address(0), "nobody else");
        _same(held.secured, 0, "nothing secured");
        _same(held.seq, 2, "a new version of the lot");
        _doAssign(_lot, tier2, FACE / 4);
        _doPledge(_lot, SECURED);
    }

    function test_release_reportsItself() public {
        _doPledge(_lot, SECURED);
        IPledges.Release memory intent = _intentRelease(_lot, 0, 0);
        bytes32 digest = pledges.hashRelease(intent);
        bytes memory ofBank = _signedBy(bank, digest);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, 0, 2, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot, address(0), 0, 0);
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IPledges.PledgeReleased(_lot, supplier, bank, 0, 0, EVIDENCE, digest);
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IIntents.IntentUsed(digest, IntentKinds.RELEASE, _lot, address(this));
        // the owner pays nothing, and so need not sign
        pledges.release(intent, "", ofBank);
    }

    function test_release_afterMaturityAndInDefault() public {
        _doPledge(_lot, SECURED);
        _letDefault(_receivable);
        _carry(_intentRelease(_lot, SECURED / 2, 0));
        _pledged(supplier, SECURED / 2, 2);
    }

    function test_PartiesBelowThreshold_whenThePledgeeOrARepayingOwnerDidNotSign() public {
        _carry(_intentPledge(_lot, SECURED, ADVANCE));
        IPledges.Release memory intent = _intentRelease(_lot, 0, ADVANCE);
        bytes32 digest = pledges.hashRelease(intent);
        _refused(
            address(pledges),
            abi.encodeCall(pledges.release, (intent, _signedBy(supplier, digest), bytes(""))),
            _below(bank, Powers.FINANCE)
        );
        _refused(
            address(pledges),
            abi.encodeCall(pledges.release, (intent, bytes(""), _signedBy(bank, digest))),
            _below(supplier, Powers.PAY)
        );
    }

    function test_PledgesOwnerDiffers_whenSomebodyElseIsNamed() public {
        _doPledge(_lot, SECURED);
        IPledges.Release memory intent = _intentRelease(_lot, 0, 0);
        intent.owner = tier2;
        _refused(intent, abi.encodeWithSelector(IPledges.PledgesOwnerDiffers.selector, _lot, supplier, tier2));
    }

    function test_attack_aReleaseCannotMakeAStrangerRepay() public {
        _carry(_intentPledge(_lot, SECURED, ADVANCE));
        _mint(cny, tier2, ADVANCE);
        IPledges.Release memory intent = _intentRelease(_lot, 0, ADVANCE);
        intent.owner = tier2;
        _refused(intent, abi.encodeWithSelector(IPledges.PledgesOwnerDiffers.selector, _lot, supplier, tier2));
        _same(cny.balanceOf(tier2), ADVANCE, "untouched");
    }

    function test_LedgerLotNotPledgedTo_whenReleasedByAnotherOrNotPledgedAtAll() public {
        _refusedNotPledged(_lot, bank);
        _doPledge(_lot, SECURED);
        _refusedNotPledged(_lot, otherBank);
        (, uint64 other) = _doIssue(FACE, 90);
        uint64 bought = _carry(_intentRecourse(other, FACE, FACE, FACE, 0));
        _refusedNotPledged(bought, supplier);
    }

    function test_LedgerBadCharge_whenAReleaseDoesNotLower() public {
        _doPledge(_lot, SECURED);
        _refused(_intentRelease(_lot, SECURED, 0), _badCharge(SECURED));
        _refused(_intentRelease(_lot, SECURED + 1, 0), _badCharge(SECURED + 1));
        _carry(_intentRelease(_lot, SECURED - 1, 0));
    }

    function test_LedgerStaleLot_whenAReleaseIsReplayed() public {
        _doPledge(_lot, SECURED);
        IPledges.Release memory intent = _intentRelease(_lot, SECURED / 2, 0);
        _carry(intent);
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 1, 2));
    }

    // ---- helpers

    function _pledged(address owner, uint64 secured, uint24 seq) private view {
        ILedger.Lot memory held = ledger.lotOf(_lot);
        _same(held.owner, owner, "owner");
        _same(held.flags, LotFlags.PLEDGED, "flags");
        _same(held.chargee, bank, "pledgee");
        _same(held.secured, secured, "secured");
        _same(held.recourseLimit, 0, "no limit");
        _same(held.seq, seq, "seq");
    }

    function _refusedCharge(ILedger.ChargeOrder memory order, bytes memory reason) private {
        _refused(address(ledger), abi.encodeCall(ledger.charge, (order)), reason);
    }

    function _refusedNotPledged(uint64 lot, address pledgee) private {
        IPledges.Release memory intent = _intentRelease(lot, 0, 0);
        intent.pledgee = pledgee;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerLotNotPledgedTo.selector, lot, pledgee));
    }

    function _lotCharged() private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, _lot, LotFlags.PLEDGED);
    }

    function _badCharge(uint64 secured) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerBadCharge.selector, _lot, secured, 0);
    }

    function _closed(ILedger.State state, uint40 closedAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerRegisterClosed.selector, _receivable, state, closedAt);
    }

    function _below(address party, uint8 power) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, party, power, 0, 1);
    }
}
