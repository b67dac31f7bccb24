// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, Powers, Rights} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";

/// @title A bank's standing permission: how it is given, what may be bought under it, what counts against it
contract MandatesTest is Bank, Orders {
    uint64 private constant HALF = FACE / 2;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _addQuoter(bank, QUOTER_KEY);
    }

    // ---- grant

    function test_grantMandate_reportsEveryTerm() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = financing.hashMandate(mandate);
        bytes memory signatures = _signedBy(bank, id);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IMandates.MandateGranted(
            id,
            bank,
            debtor,
            vm.addr(QUOTER_KEY),
            CNY,
            FACE,
            30_000,
            360,
            180,
            0,
            mandate.validFrom,
            mandate.validUntil
        );
        vm.expectEmit(true, true, true, true, address(financing));
        emit IIntents.IntentUsed(id, IntentKinds.MANDATE, 0, address(this));
        _same(financing.grantMandate(mandate, signatures), id, "the digest is the id");
        _exposure(id, 0);
    }

    function test_MandateAlreadyGranted_whenReplayed() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        _refused(mandate, abi.encodeWithSelector(IMandates.MandateAlreadyGranted.selector, id));
    }

    function test_MandateBadTerms_ofDayCountRecourseOrValidity() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.dayCount = 364;
        _refusedTerms(mandate);
        mandate.dayCount = 365;
        mandate.recourse = 2;
        _refusedTerms(mandate);
        mandate.recourse = 1;
        mandate.validUntil = mandate.validFrom;
        _refusedTerms(mandate);
        mandate.validUntil = mandate.validFrom + 1;
        _grant(mandate);
    }

    function test_PartiesBelowThreshold_withoutTheBanksSignature() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        _refused(
            address(financing),
            abi.encodeCall(financing.grantMandate, (mandate, bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, bank, Powers.FINANCE, 0, 1)
        );
    }

    function test_PartiesIntentRevoked_whenGrantedAfterItWasRevoked() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = financing.hashMandate(mandate);
        _revoke(bank, id);
        _refused(mandate, abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, bank, id));
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.deadline = START - 1;
        _refused(mandate, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        (uint40 late, uint40 latest) = (START + 1 days + 1, START + 1 days);
        mandate.deadline = late;
        _refused(mandate, abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, late, latest));
    }

    // ---- buying under it

    function test_financeUnderMandate_needsTheQuoterAndTheSellerOnly() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        ILedger.Lot memory bought = ledger.lotOf(child);
        _same(bought.owner, bank, "title");
        _same(bought.flags, LotFlags.MANDATED, "flags");
        // 3 % for 90 days of 360
        _same(cny.balanceOf(supplier), HALF - HALF * 75 / 10_000, "cash");
        _exposure(id, HALF);
        _held(child, id, HALF);
    }

    function test_financeUnderMandate_withRecourseSecuresAllOfTheLot() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.recourse = 1;
        _grant(mandate);
        ILedger.Lot memory bought = ledger.lotOf(_doQuote(mandate, _lot, HALF));
        _same(bought.flags, LotFlags.MANDATED | LotFlags.RECOURSE, "flags");
        _same(bought.chargee, supplier, "with recourse to");
        _same(bought.secured, HALF, "all of it");
    }

    function test_financeUnderMandate_reportsTheExposure() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        _doQuote(mandate, _lot, HALF);
        IFinancing.Finance memory intent = _intentQuote(mandate, _lot, 1000);
        bytes32 digest = financing.hashFinance(intent);
        bytes memory quoted = _sign(digest, QUOTER_KEY);
        bytes memory ofSeller = _signedBy(supplier, digest);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IIntents.IntentUsed(digest, IntentKinds.FINANCE, _lot + 2, address(this));
        vm.expectEmit(true, true, true, true, address(financing));
        emit IMandates.MandateExposure(id, _lot + 2, 1000, HALF + 1000);
        financing.financeUnderMandate(intent, mandate, quoted, ofSeller);
    }

    function test_financeUnderMandate_onTheFirstAndTheLastSecondOfItsValidity() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.validFrom = START + 1 hours;
        mandate.validUntil = START + 2 hours;
        _grant(mandate);
        vm.warp(START + 1 hours);
        _doQuote(mandate, _lot, 1000);
        vm.warp(START + 2 hours - 1);
        _doQuote(mandate, _lot, 1000);
    }

    /// @dev Days run from the value date, at whatever hour of it, to the due date; each day later the price is a day's
    /// discount higher.
    function test_ceilingOf_countsWholeDaysFromTheValueDate() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        uint40 due = _midnight() + 90 days;
        _same(financing.ceilingOf(mandate, FACE, due), 99_250_000, "in the morning");
        vm.warp(_midnight() + 1 days - 1);
        _same(financing.ceilingOf(mandate, FACE, due), 99_250_000, "in the last second of the day");
        vm.warp(_midnight() + 1 days);
        _same(financing.ceilingOf(mandate, FACE, due), 99_258_333, "a day later");
        vm.warp(due);
        _same(financing.ceilingOf(mandate, FACE, due), FACE, "on the due date");
        vm.warp(due + 3 days);
        _same(financing.ceilingOf(mandate, FACE, due), FACE, "after it");
    }

    /// @dev The figures are those of the pricing vectors and of the Python rules: discount = face * rate * days / basis,
    /// rounded half up once.
    function test_MandateBelowFloor_byOneMinorUnit() public {
        _floor(100_000_000, 30_000, 90, 360, 99_250_000);
        _floor(100_000_000, 30_000, 90, 365, 99_260_274);
        _floor(50_000_000, 36_000, 120, 360, 49_400_000);
        _floor(100_000_000, 60_000, 180, 360, 97_000_000);
        _floor(12_345_678, 43_500, 183, 360, 12_072_684);
        _floor(12_345_678, 43_500, 183, 365, 12_076_424);
        _floor(100_000_000, 30_000, 1, 360, 99_991_667);
        _floor(33_333_333, 38_500, 77, 360, 33_058_842);
        _floor(100_000_000_000, 60_000, 365, 360, 93_916_666_667);
        _floor(123_456_789, 43_210, 77, 365, 122_331_414);
    }

    /// @dev 600 at 3 % for 10 days of 360 is a discount of exactly 0.5, 1825 at 10 % for a day of 365 too.
    function test_MandateBelowFloor_roundsHalfUp() public {
        _floor(600, 30_000, 10, 360, 599);
        _floor(601, 30_000, 10, 360, 600);
        _floor(1825, 100_000, 1, 365, 1824);
    }

    function test_ceilingOf_isTheFaceWhereTheDiscountRoundsToNothing() public {
        _ceiling(599, 30_000, 10, 360, 599);
        _ceiling(1824, 100_000, 1, 365, 1824);
        _ceiling(73, 500_000, 1, 365, 73);
        _ceiling(1, 60_000, 180, 360, 1);
        _ceiling(1000, 30_000, 0, 360, 1000);
        _ceiling(2 ** 53 - 1, 0, 365, 360, 2 ** 53 - 1);
    }

    function test_ceilingOf_ofTheLargestFace() public {
        _ceiling(2 ** 53 - 1, 30_000, 365, 360, 8_733_230_277_409_286);
        _ceiling(2 ** 53 - 1, 999_999, 365, 365, 9_007_199_255);
    }

    function test_MandateBelowFloor_whateverThePriceWhereTheDiscountEatsTheFace() public {
        _ceiling(100, 3_999_999, 90, 360, 0);
        _ceiling(101, type(uint32).max, 180, 365, 0);
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.minRatePpm = 4_000_000;
        _grant(mandate);
        IFinancing.Finance memory intent = _intentQuote(mandate, _lot, 100);
        intent.price = 1;
        _refused(intent, mandate, abi.encodeWithSelector(IMandates.MandateBelowFloor.selector, 1, 0));
    }

    // ---- what counts against the limit

    function test_exposure_fallsWithEachPaymentThatIsClaimed() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        _doPay(_receivable, FACE / 4);
        _exposure(id, HALF);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IMandates.MandateExposure(id, child, HALF - HALF / 4, HALF - HALF / 4);
        _doClaim(child);
        _exposure(id, HALF - HALF / 4);
        _doPay(_receivable, FACE - FACE / 4);
        uint64[] memory both = new uint64[](2);
        (both[0], both[1]) = (_lot, child);
        settlement.claim(both);
        _exposure(id, 0);
        _held(child, id, 0);
        // it can be used again
        (, uint64 other) = _doIssue(FACE, 90);
        _doQuote(mandate, other, FACE);
        _exposure(id, FACE);
    }

    function test_exposure_fallsWithASaleToAnotherBank() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        _mint(cny, otherBank, FACE);
        IFinancing.Finance memory sale = _intentFinance(child, 1000, 1000);
        sale.bank = otherBank;
        uint64 part = _carry(sale);
        _exposure(id, HALF - 1000);
        _same(ledger.lotOf(part).flags, 0, "the buyer has no mandate for it");
        _held(part, 0, 0);
    }

    function test_exposure_movesFromTheSellingBanksMandateToTheBuyingBanks() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        _addQuoter(otherBank, QUOTER_KEY);
        _mint(cny, otherBank, FACE);
        IMandates.Mandate memory theirs = _mandateOf(otherBank, FACE);
        bytes32 theirId = _grant(theirs);
        uint64 sold = _doQuote(theirs, child, HALF);
        _exposure(id, 0);
        _exposure(theirId, HALF);
        _held(sold, theirId, HALF);
    }

    function test_exposure_fallsWithABuyback() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        mandate.recourse = 1;
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        uint64 back = _carry(_intentBuyback(child, supplier, 1));
        _exposure(id, 0);
        _same(ledger.lotOf(back).flags, 0, "the seller has no mandate");
    }

    function test_releaseExposure_byAnyoneAfterAnAssignmentOrASeizure() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        uint64 child = _doQuote(mandate, _lot, HALF);
        _doAssign(child, tier2, 1000);
        _exposure(id, HALF);
        vm.prank(address(0xBEEF));
        financing.releaseExposure(_lots(child));
        _exposure(id, HALF - 1000);
        _forceMove(child, tier3, HALF - 1000);
        financing.releaseExposure(_lots(child));
        _exposure(id, 0);
    }

    /// @dev No other cause can make a lot count: whoever may move title may still not write into a bank's mandate.
    function test_LedgerBadMandateFlag_onAnyCauseButFinance() public {
        uint16 all = Rights.ASSIGN | Rights.BUYBACK | Rights.FORCE | Rights.PLEDGE | Rights.EXPORT;
        _becomeModule(address(ledger), all | Rights.FINANCE);
        for (uint8 i = uint8(ILedger.Cause.Assign); i <= uint8(ILedger.Cause.Export); ++i) {
            ILedger.Cause cause = ILedger.Cause(i);
            ILedger.MoveOrder memory order =
                ILedger.MoveOrder(_lot, 0, supplier, bank, HALF, cause, EVIDENCE, true);
            if (cause == ILedger.Cause.Finance) continue;
            _refused(
                address(ledger),
                abi.encodeCall(ledger.move, (order)),
                abi.encodeWithSelector(ILedger.LedgerBadMandateFlag.selector, cause)
            );
        }
    }

    function test_releaseExposure_passesOverLotsThatDoNotCountOrAreStillOpen() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = _grant(mandate);
        _doQuote(mandate, _lot, HALF);
        uint64[] memory lots = new uint64[](4);
        (lots[0], lots[1], lots[2], lots[3]) = (0, _lot, _lot + 1, 12_345);
        vm.recordLogs();
        financing.releaseExposure(lots);
        _same(vm.getRecordedLogs().length, 0, "nothing changed, nothing reported");
        _exposure(id, HALF);
    }

    // ---- helpers

    function _refusedTerms(IMandates.Mandate memory mandate) private {
        _refused(
            mandate,
            abi.encodeWithSelector(
                IMandates.MandateBadTerms.selector,
                mandate.dayCount,
                mandate.recourse,
                mandate.validFrom,
                mandate.validUntil
            )
        );
    }

    /// @dev At the price it is bought, one minor unit above it is not.
    function _floor(uint64 amount, uint32 ratePpm, uint16 termDays, uint16 dayCount, uint64 highest) private {
        IMandates.Mandate memory mandate = _mandateOf(bank, amount);
        (mandate.minRatePpm, mandate.dayCount, mandate.maxTenorDays) = (ratePpm, dayCount, termDays);
        _grant(mandate);
        (, uint64 lot) = _doIssue(amount, termDays);
        _mint(cny, bank, amount);
        IFinancing.Finance memory intent = _intentQuote(mandate, lot, amount);
        intent.price = highest + 1;
        bytes memory reason =
            abi.encodeWithSelector(IMandates.MandateBelowFloor.selector, highest + 1, highest);
        _refused(intent, mandate, reason);
        intent.price = highest;
        _same(ledger.lotOf(_carry(intent, mandate)).owner, bank, "bought at the floor");
    }

    function _ceiling(uint64 amount, uint32 ratePpm, uint16 termDays, uint16 dayCount, uint64 highest)
        private
    {
        IMandates.Mandate memory mandate = _mandateOf(bank, amount);
        (mandate.minRatePpm, mandate.dayCount) = (ratePpm, dayCount);
        uint40 due = _midnight() + uint40(termDays) * 1 days;
        _same(financing.ceilingOf(mandate, amount, due), highest, "ceiling");
    }

    function _exposure(bytes32 id, uint64 expected) private view {
        (bool granted, uint64 exposure) = financing.exposureOf(id);
        _yes(granted, "granted");
        _same(exposure, expected, "exposure");
    }

    function _held(uint64 lot, bytes32 id, uint64 expected) private view {
        (bytes32 holdingId, uint64 held) = financing.exposureOfLot(lot);
        _same(holdingId, id, "mandate of the lot");
        _same(held, expected, "held");
    }
}
