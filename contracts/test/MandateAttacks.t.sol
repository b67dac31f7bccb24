// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, PartyRoles, Powers} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";

/// @title A thief has the bank's quoting key, and a seller who helps
/// @dev Every quote here is signed by the key that the mandate names. All that it can reach is what the bank called good.
contract MandateAttacksTest is Bank, Orders {
    uint64 private constant HALF = FACE / 2;
    uint64 private _receivable;
    uint64 private _lot;
    IMandates.Mandate private _mandate;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _addQuoter(bank, QUOTER_KEY);
        _mandate = _mandateOf(bank, HALF);
        _id = _grant(_mandate);
    }

    // ---- price

    function test_MandateBelowFloor_feesOnTopOfTheCeilingAreNoWayAround() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        uint64 highest = intent.price;
        (intent.price, intent.fees, intent.feesTo) = (highest + 1, 1, tier3);
        _refused(
            intent,
            _mandate,
            abi.encodeWithSelector(IMandates.MandateBelowFloor.selector, highest + 1, highest)
        );
        intent.price = highest;
        uint256 before = cny.balanceOf(bank);
        _carry(intent, _mandate);
        _same(cny.balanceOf(bank), before - highest, "fees come out of the price");
    }

    function testFuzz_MandateBelowFloor_whateverRateIsWrittenIntoTheQuote(uint64 price, uint32 ratePpm)
        public
    {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        // 3 % for 90 days of 360, worked out by hand
        uint64 highest = 49_625_000;
        (intent.price, intent.ratePpm) = (uint64(_bound(price, highest + 1, HALF)), ratePpm);
        _refused(
            intent,
            _mandate,
            abi.encodeWithSelector(IMandates.MandateBelowFloor.selector, intent.price, highest)
        );
    }

    function test_MandateDayCountDiffers_whenTheOtherBasisIsCheaper() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        intent.dayCount = 365;
        _refused(
            intent, _mandate, abi.encodeWithSelector(IMandates.MandateDayCountDiffers.selector, 360, 365)
        );
    }

    // ---- limit

    function test_MandateOverLimit_byOneMinorUnit() public {
        _refused(
            _intentQuote(_mandate, _lot, HALF + 1),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateOverLimit.selector, HALF, 0, HALF + 1)
        );
        _doQuote(_mandate, _lot, HALF - 100);
        _refused(
            _intentQuote(_mandate, _lot, 101),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateOverLimit.selector, HALF, HALF - 100, 101)
        );
        _doQuote(_mandate, _lot, 100);
    }

    function test_MandateOverLimit_undoesTitleAndCashToo() public {
        uint256 before = cny.balanceOf(bank);
        _refused(
            _intentQuote(_mandate, _lot, HALF + 1),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateOverLimit.selector, HALF, 0, HALF + 1)
        );
        _same(cny.balanceOf(bank), before, "no cash moved");
        _same(ledger.lotOf(_lot).amount, FACE, "no title moved");
    }

    function test_MandateOverLimit_afterReleasingLotsThatAreStillOpen() public {
        uint64 child = _doQuote(_mandate, _lot, HALF);
        uint64[] memory lots = new uint64[](3);
        (lots[0], lots[1], lots[2]) = (child, child, _lot);
        financing.releaseExposure(lots);
        settlement.claim(lots);
        _refused(
            _intentQuote(_mandate, _lot, 100),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateOverLimit.selector, HALF, HALF, 100)
        );
    }

    // ---- debtor, currency, tenor, recourse

    function test_MandateDebtorDiffers_whenAnotherDebtorOwes() public {
        address other = _admit("other core", PartyRoles.DEBTOR, _keys(0x1003), 1);
        IIssuance.Issue memory issue = _intentIssue(FACE, _midnight() + 90 days);
        issue.debtor = other;
        (, uint64 lot) = _carry(issue);
        _refused(
            _intentQuote(_mandate, lot, HALF),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateDebtorDiffers.selector, debtor, other)
        );
    }

    function test_MandateCurrencyDiffers_whenOwedInEuro() public {
        IIssuance.Issue memory issue = _intentIssue(FACE, _midnight() + 90 days);
        issue.currency = EUR;
        (, uint64 lot) = _carry(issue);
        _refused(
            _intentQuote(_mandate, lot, HALF),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateCurrencyDiffers.selector, CNY, EUR)
        );
    }

    function test_MandateTenorTooLong_byOneDay() public {
        (, uint64 lot) = _doIssue(FACE, 181);
        _refused(
            _intentQuote(_mandate, lot, HALF),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateTenorTooLong.selector, 181, 180)
        );
        vm.warp(block.timestamp + 1 days);
        _doQuote(_mandate, lot, HALF);
    }

    function test_MandateRecourseDiffers_inBothDirections() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        (intent.recourse, intent.secured) = (1, HALF);
        _refused(intent, _mandate, abi.encodeWithSelector(IMandates.MandateRecourseDiffers.selector, 0, 1));
        IMandates.Mandate memory mandate = _grantWithRecourse();
        intent = _intentQuote(mandate, _lot, HALF);
        (intent.recourse, intent.secured) = (0, 0);
        _refused(intent, mandate, abi.encodeWithSelector(IMandates.MandateRecourseDiffers.selector, 1, 0));
        (intent.recourse, intent.secured, intent.recourseLimit) = (2, HALF, 1);
        _refused(intent, mandate, abi.encodeWithSelector(IMandates.MandateRecourseDiffers.selector, 1, 2));
    }

    function test_MandateNotFullySecured_byOneMinorUnit() public {
        IMandates.Mandate memory mandate = _grantWithRecourse();
        IFinancing.Finance memory intent = _intentQuote(mandate, _lot, HALF);
        intent.secured = HALF - 1;
        _refused(
            intent, mandate, abi.encodeWithSelector(IMandates.MandateNotFullySecured.selector, HALF, HALF - 1)
        );
    }

    /// @dev A second bank that helps buys with recourse, secures a cent, and sells on to the mandate at the ceiling: the lot
    /// would pay the bank a cent, and all the rest to the seller.
    function test_MandateNotFullySecured_whenTheLotAlreadyCarriesRecourseForLess() public {
        IFinancing.Finance memory first = _intentRecourse(_lot, HALF, 1, 1, 0);
        (first.bank, first.price) = (otherBank, 1);
        _mint(cny, otherBank, 1);
        uint64 bought = _carry(first);
        _refused(
            _intentQuote(_mandate, bought, HALF),
            _mandate,
            abi.encodeWithSelector(IMandates.MandateNotFullySecured.selector, HALF, 1)
        );
    }

    function test_financeUnderMandate_ofALotThatAlreadyCarriesFullRecourse() public {
        IFinancing.Finance memory first = _intentRecourse(_lot, HALF, 1, HALF, 0);
        (first.bank, first.price) = (otherBank, 1);
        _mint(cny, otherBank, 1);
        uint64 bought = _doQuote(_mandate, _carry(first), HALF);
        _same(ledger.lotOf(bought).flags, LotFlags.MANDATED | LotFlags.RECOURSE, "recourse goes with it");
    }

    // ---- whose mandate, when

    function test_MandateRevoked_inTheSameBlock() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        _revoke(bank, _id);
        _refused(intent, _mandate, abi.encodeWithSelector(IMandates.MandateRevoked.selector, _id));
    }

    function test_MandateRevoked_onlyByTheBankItself() public {
        _revoke(otherBank, _id);
        _doQuote(_mandate, _lot, HALF);
    }

    function test_MandateNotInForce_beforeAndAfterItsValidity() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        (mandate.validFrom, mandate.validUntil) = (START + 1 hours, START + 2 hours);
        bytes32 id = _grant(mandate);
        _refusedNotInForce(mandate, id, START + 1 hours - 1);
        _refusedNotInForce(mandate, id, START + 2 hours);
    }

    function test_MandateBankDiffers_withAnotherBanksMandate() public {
        _mint(cny, otherBank, FACE);
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        intent.bank = otherBank;
        _refused(
            intent, _mandate, abi.encodeWithSelector(IMandates.MandateBankDiffers.selector, bank, otherBank)
        );
    }

    function test_PartiesSignerUnknown_withAMandateForAnotherKey() public {
        IMandates.Mandate memory theirs = _mandateOf(otherBank, FACE);
        theirs.quoter = vm.addr(OTHER_BANK_KEY);
        _grant(theirs);
        _refused(
            _intentQuote(theirs, _lot, HALF),
            theirs,
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, otherBank, vm.addr(QUOTER_KEY))
        );
    }

    /// @dev Another machine of the same bank may quote, but not under this mandate.
    function test_PartiesQuoterDiffers_whenAnotherKeyOfTheBankQuotes() public {
        _addQuoter(bank, QUOTER_KEY + 1);
        _refused(
            address(financing),
            _callOf(_intentQuote(_mandate, _lot, HALF), _mandate, QUOTER_KEY + 1),
            abi.encodeWithSelector(
                IParties.PartiesQuoterDiffers.selector, vm.addr(QUOTER_KEY), vm.addr(QUOTER_KEY + 1)
            )
        );
    }

    function testFuzz_MandateUnknown_withAnyMemberEdited(uint256 member, uint256 value) public {
        IMandates.Mandate memory edited = _edited(member, value);
        bytes32 id = financing.hashMandate(edited);
        if (id == _id) return;
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        intent.bank = edited.bank;
        _refused(intent, edited, abi.encodeWithSelector(IMandates.MandateUnknown.selector, id));
    }

    function test_MandateUnknown_whenItWasNeverGranted() public {
        IMandates.Mandate memory mandate = _mandateOf(bank, FACE);
        bytes32 id = financing.hashMandate(mandate);
        _refused(
            _intentQuote(mandate, _lot, HALF),
            mandate,
            abi.encodeWithSelector(IMandates.MandateUnknown.selector, id)
        );
    }

    // ---- the key itself

    function test_PartiesSignerLacksPower_whenTheKeyBuysWithoutAMandateOrGrantsOne() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, HALF, HALF);
        bytes32 digest = financing.hashFinance(intent);
        bytes memory reason = abi.encodeWithSelector(
            IParties.PartiesSignerLacksPower.selector, bank, vm.addr(QUOTER_KEY), Powers.FINANCE
        );
        bytes memory quoted = _sign(digest, QUOTER_KEY);
        _refused(
            address(financing),
            abi.encodeCall(financing.finance, (intent, quoted, _signedBy(supplier, digest))),
            reason
        );
        IMandates.Mandate memory mandate = _mandateOf(bank, type(uint64).max);
        quoted = _sign(financing.hashMandate(mandate), QUOTER_KEY);
        _refused(address(financing), abi.encodeCall(financing.grantMandate, (mandate, quoted)), reason);
    }

    function test_PartiesSignerUnknown_and_PartiesSignerExpired_onceTheKeyIsTakenAway() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        address quoter = vm.addr(QUOTER_KEY);
        _setSigner(bank, quoter, ONLY_QUOTE, START);
        _refused(
            intent,
            _mandate,
            abi.encodeWithSelector(IParties.PartiesSignerExpired.selector, bank, quoter, START)
        );
        _setSigner(bank, quoter, 0, 0);
        _refused(
            intent, _mandate, abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, bank, quoter)
        );
    }

    function test_PartiesIntentRevoked_whenTheBankWithdrawsOneQuote() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        bytes32 digest = financing.hashFinance(intent);
        _revoke(bank, digest);
        _refused(
            intent, _mandate, abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, bank, digest)
        );
    }

    function test_PartiesNotActive_whenTheBankIsSuspended() public {
        _suspend(bank);
        _refused(
            _intentQuote(_mandate, _lot, HALF),
            _mandate,
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, bank, IParties.Status.Suspended)
        );
    }

    function test_PartiesBelowThreshold_withoutTheSeller() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, HALF);
        bytes memory quoted = _sign(financing.hashFinance(intent), QUOTER_KEY);
        _refused(
            address(financing),
            abi.encodeCall(financing.financeUnderMandate, (intent, _mandate, quoted, bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ASSIGN, 0, 1)
        );
    }

    function test_LedgerStaleLot_whenAQuoteIsReplayed() public {
        IFinancing.Finance memory intent = _intentQuote(_mandate, _lot, 1000);
        _carry(intent, _mandate);
        _refused(intent, _mandate, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
    }

    // ---- helpers

    function _grantWithRecourse() private returns (IMandates.Mandate memory mandate) {
        mandate = _mandateOf(bank, FACE);
        mandate.recourse = 1;
        _grant(mandate);
    }

    function _refusedNotInForce(IMandates.Mandate memory mandate, bytes32 id, uint40 when) private {
        vm.warp(when);
        _refused(
            _intentQuote(mandate, _lot, HALF),
            mandate,
            abi.encodeWithSelector(
                IMandates.MandateNotInForce.selector, id, mandate.validFrom, mandate.validUntil, when
            )
        );
    }

    /// @dev One member of the granted mandate is another value.
    function _edited(uint256 member, uint256 value) private view returns (IMandates.Mandate memory edited) {
        edited = _mandate;
        member = member % 13;
        if (member == 0) edited.bank = value % 2 == 0 ? otherBank : supplier;
        if (member == 1) edited.quoter = address(uint160(value));
        if (member == 2) edited.debtor = address(uint160(value));
        if (member == 3) edited.currency = uint16(value);
        if (member == 4) edited.limit = uint64(value);
        if (member == 5) edited.minRatePpm = uint32(value);
        if (member == 6) edited.dayCount = uint16(value);
        if (member == 7) edited.maxTenorDays = uint16(value);
        if (member == 8) edited.recourse = uint8(value);
        if (member == 9) edited.validFrom = uint40(value);
        if (member == 10) edited.validUntil = uint40(value);
        if (member == 11) edited.deadline = uint40(value);
        if (member == 12) edited.salt = uint64(value);
    }
}
