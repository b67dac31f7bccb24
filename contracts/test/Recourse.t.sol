// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, Powers, Rights} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Finance with recourse, in full or limited, and the seller's buy-back
contract RecourseTest is Bank, Orders, Pledging {
    uint64 private constant HALF = FACE / 2;
    uint64 private constant PRICE = HALF - 1234;
    uint64 private constant SECURED = FACE / 4;
    uint64 private constant LIMIT = FACE / 8;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _mint(cny, supplier, FACE);
        _mint(cny, otherBank, FACE);
    }

    // ---- with recourse

    function test_recourse_chargesTheLotForTheSeller() public {
        _carryAndCheckCharge(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
    }

    function test_recourse_limitedKeepsTheLimit() public {
        _carryAndCheckCharge(_intentRecourse(_lot, HALF, PRICE, SECURED, LIMIT));
    }

    function test_recourse_maySecureAllAndLimitAll() public {
        _carryAndCheckCharge(_intentRecourse(_lot, HALF, PRICE, HALF, HALF));
    }

    function test_FinancingBadRecourse_kindAndAmountsDisagree() public {
        _refusedRecourse(0, 1, 0);
        _refusedRecourse(0, 0, 1);
        _refusedRecourse(1, 0, 0);
        _refusedRecourse(1, HALF + 1, 0);
        _refusedRecourse(1, SECURED, 1);
        _refusedRecourse(2, SECURED, 0);
        _refusedRecourse(2, 0, LIMIT);
        _refusedRecourse(2, HALF + 1, LIMIT);
        _refusedRecourse(2, SECURED, HALF + 1);
        _refusedRecourse(3, SECURED, LIMIT);
        _refusedRecourse(3, SECURED, 0);
    }

    function testFuzz_FinancingBadRecourse_exactlyOutsideTheBounds(uint8 kind, uint64 secured, uint64 limit)
        public
    {
        IFinancing.Finance memory intent = _intentFinance(_lot, HALF, PRICE);
        intent.recourse = uint8(_bound(kind, 0, 3));
        intent.secured = uint64(_bound(secured, 0, HALF + 1)) * (secured % 3 == 0 ? 0 : 1);
        intent.recourseLimit = uint64(_bound(limit, 0, HALF + 1)) * (limit % 3 == 0 ? 0 : 1);
        bool part = intent.secured > 0 && intent.secured <= HALF;
        bool none = intent.secured == 0;
        bool noLimit = intent.recourseLimit == 0;
        bool good = false;
        if (intent.recourse == 0) good = none && noLimit;
        if (intent.recourse == 1) good = part && noLimit;
        if (intent.recourse == 2) good = part && !noLimit && intent.recourseLimit <= HALF;
        if (good) _carry(intent);
        else _refused(intent, _badRecourse(intent));
    }

    function test_recourse_goesWithTheLotToWhoeverBuysIt() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, LIMIT));
        IFinancing.Finance memory intent = _intentFinance(child, HALF, PRICE);
        intent.bank = otherBank;
        uint64 sold = _carry(intent);
        _charged(sold, otherBank, LotFlags.RECOURSE, SECURED, LIMIT);
        _free(child);
        uint64 seized = _forceMove(sold, tier3, HALF);
        _charged(seized, tier3, LotFlags.RECOURSE, SECURED, LIMIT);
    }

    function test_recourse_endsWhereTitleComesToTheSeller() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, LIMIT));
        uint64 back = _doAssign(child, supplier, HALF);
        _free(back);
        _free(child);
    }

    function test_LedgerLotOnlyWhole_whenPartOfALotWithRecourseIsSold() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        bytes memory reason =
            abi.encodeWithSelector(ILedger.LedgerLotOnlyWhole.selector, child, SECURED, HALF);
        _refused(_intentAssign(child, tier2, SECURED), reason);
        IFinancing.Finance memory intent = _intentFinance(child, SECURED, SECURED);
        intent.bank = otherBank;
        _refused(intent, reason);
    }

    function test_LedgerLotCharged_whenRecourseIsTakenTwiceOrPledgedToo() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Finance memory intent = _intentRecourse(child, HALF, PRICE, SECURED, 0);
        intent.bank = otherBank;
        _refused(
            intent, abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, child + 1, LotFlags.RECOURSE)
        );
        IPledges.Pledge memory loan = _intentPledge(child, SECURED, 0);
        loan.pledgee = otherBank;
        _refused(loan, abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, child, LotFlags.RECOURSE));
    }

    // ---- buy-back

    function test_buyBack_bringsTitleBackForThePrice() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        uint256 before = cny.balanceOf(supplier);
        uint256 ofBank = cny.balanceOf(bank);
        uint64 back = _carry(_intentBuyback(child, supplier, FACE));
        ILedger.Lot memory lot = ledger.lotOf(back);
        _same(lot.owner, supplier, "title");
        _same(lot.amount, HALF, "all of it");
        _same(cny.balanceOf(supplier), before - FACE, "without a limit any price is theirs to agree");
        _same(cny.balanceOf(bank), ofBank + FACE, "cash of the bank");
        _free(back);
        _free(child);
    }

    function test_buyBack_reportsItself() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, LIMIT));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, LIMIT);
        bytes32 digest = financing.hashBuyback(intent);
        bytes memory ofBank = _signedBy(bank, digest);
        bytes memory ofSeller = _signedBy(supplier, digest);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IFinancing.BoughtBack(child + 1, bank, supplier, HALF, LIMIT, EVIDENCE, digest);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IIntents.IntentUsed(digest, IntentKinds.BUYBACK, child + 1, address(this));
        financing.buyBack(intent, ofBank, ofSeller);
    }

    function test_buyBack_fromTheBankThatBoughtItSecondHand() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Finance memory sale = _intentFinance(child, HALF, PRICE);
        sale.bank = otherBank;
        uint64 sold = _carry(sale);
        uint256 before = cny.balanceOf(otherBank);
        uint64 back = _carry(_intentBuyback(sold, supplier, PRICE));
        _same(ledger.lotOf(back).owner, supplier, "title");
        _same(cny.balanceOf(otherBank), before + PRICE, "cash of the second bank");
    }

    function test_buyBack_lateAfterPartPaymentAndInDefault() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        uint64 second = _carry(_intentRecourse(_lot, SECURED, SECURED, SECURED, 0));
        _doPay(_receivable, FACE / 10);
        uint64 back = _carry(_intentBuyback(child, supplier, 1));
        _same(ledger.lotOf(back).owner, supplier, "while it settles");
        _letDefault(_receivable);
        back = _carry(_intentBuyback(second, supplier, 1));
        _same(ledger.lotOf(back).owner, supplier, "in default");
    }

    function test_buyBack_doesNotPayTwiceWhatWasClaimedBefore() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, HALF, 0));
        _doPay(_receivable, FACE / 10);
        _doClaim(child);
        uint64 back = _carry(_intentBuyback(child, supplier, HALF - FACE / 20));
        (uint64 principal,) = ledger.claimableOf(back);
        _same(principal, 0, "the bank had that part");
        _doPay(_receivable, FACE - FACE / 10);
        (principal,) = ledger.claimableOf(back);
        _same(principal, HALF - FACE / 20, "the seller gets the rest");
    }

    function test_FinancingNoRecourse_whenTheLotWasNotBoughtWithRecourseToThisSeller() public {
        uint64 plain = _carry(_intentFinance(_lot, FACE / 8, FACE / 8));
        _refused(_intentBuyback(plain, supplier, 1), _noRecourse(plain, supplier));
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        _refused(_intentBuyback(child, tier2, 1), _noRecourse(child, tier2));
        _doPledge(_lot, SECURED);
        IFinancing.Buyback memory intent = _intentBuyback(_lot, bank, 1);
        _refused(intent, _noRecourse(_lot, bank));
    }

    function test_FinancingOverRecourse_byOneUnit() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, LIMIT));
        _refused(
            _intentBuyback(child, supplier, LIMIT + 1),
            abi.encodeWithSelector(IFinancing.FinancingOverRecourse.selector, child, LIMIT + 1, LIMIT)
        );
        _carry(_intentBuyback(child, supplier, LIMIT));
    }

    function test_PartiesBelowThreshold_whenBankOrSellerDidNotSignTheBuyback() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        bytes32 digest = financing.hashBuyback(intent);
        _refused(
            address(financing),
            abi.encodeCall(financing.buyBack, (intent, bytes(""), _signedBy(supplier, digest))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, bank, Powers.FINANCE, 0, 1)
        );
        _refused(
            address(financing),
            abi.encodeCall(financing.buyBack, (intent, _signedBy(bank, digest), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.PAY, 0, 1)
        );
    }

    function test_LedgerWrongState_whenBoughtBackUnderAnOrderOrAfterTheEnd() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        _suspendReceivable(_receivable);
        _refused(_intentBuyback(child, supplier, 1), _wrongState(_receivable, ILedger.State.Suspended));
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        child = _carry(_intentRecourse(lot, HALF, PRICE, SECURED, 0));
        _doPay(receivable, FACE);
        _refused(_intentBuyback(child, supplier, 1), _wrongState(receivable, ILedger.State.Settled));
        (receivable, lot) = _doIssue(FACE, 90);
        child = _carry(_intentRecourse(lot, HALF, PRICE, SECURED, 0));
        _letDefault(receivable);
        _writeOff(receivable);
        _refused(_intentBuyback(child, supplier, 1), _wrongState(receivable, ILedger.State.WrittenOff));
    }

    function test_LedgerLotFrozen_whenTheLotIsBoughtBack() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        _freeze(child);
        _refused(
            _intentBuyback(child, supplier, 1),
            abi.encodeWithSelector(ILedger.LedgerLotFrozen.selector, child)
        );
    }

    function test_LedgerNotOwner_whenAnotherBankSellsItBack() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        intent.bank = otherBank;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, child, bank, otherBank));
    }

    function test_LedgerZeroValue_and_CashZeroValue_withoutEvidenceOrPrice() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        intent.evidence = 0;
        _refused(intent, _reason(ILedger.LedgerZeroValue.selector));
        _refused(_intentBuyback(child, supplier, 0), _reason(ICash.CashZeroValue.selector));
    }

    function test_FinancingNoRecourse_whenABuybackIsReplayed() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        _carry(intent);
        _refused(intent, _noRecourse(child, supplier));
    }

    function test_LedgerStaleLot_whenTheBuybackWasSignedForAnEarlierVersion() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        _freeze(child);
        _unfreeze(child);
        _refused(
            intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, child, intent.seq, intent.seq + 2)
        );
    }

    function test_CashInsufficient_undoesTheBuybackToo() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        uint256 have = cny.balanceOf(supplier);
        uint64 price = uint64(have) + 1;
        _refused(
            _intentBuyback(child, supplier, price),
            abi.encodeWithSelector(ICash.CashInsufficient.selector, supplier, have, price)
        );
        _charged(child, bank, LotFlags.RECOURSE, SECURED, 0);
    }

    function test_RightsPaused_whenBuybacksArePaused() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        vm.prank(GUARDIAN);
        ledger.pause(Rights.BUYBACK);
        _refused(
            _intentBuyback(child, supplier, 1),
            abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.BUYBACK)
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar_ofABuyback() public {
        uint64 child = _carry(_intentRecourse(_lot, HALF, PRICE, SECURED, 0));
        IFinancing.Buyback memory intent = _intentBuyback(child, supplier, 1);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        (uint40 late, uint40 latest) = (START + 1 days + 1, START + 1 days);
        intent.deadline = late;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, late, latest));
    }

    // ---- helpers

    function _carryAndCheckCharge(IFinancing.Finance memory intent) private {
        bytes32 digest = financing.hashFinance(intent);
        bytes memory ofBank = _signedBy(bank, digest);
        bytes memory ofSeller = _signedBy(supplier, digest);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot + 1, LotFlags.RECOURSE, 1, intent.termsHash);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotCharged(_lot + 1, supplier, intent.secured, intent.recourseLimit);
        uint64 child = financing.finance(intent, ofBank, ofSeller);
        _charged(child, bank, LotFlags.RECOURSE, intent.secured, intent.recourseLimit);
    }

    function _charged(uint64 lot, address owner, uint8 flags, uint64 secured, uint64 limit) private view {
        ILedger.Lot memory held = ledger.lotOf(lot);
        _same(held.owner, owner, "owner");
        _same(held.flags, flags, "flags");
        _same(held.chargee, supplier, "chargee");
        _same(held.secured, secured, "secured");
        _same(held.recourseLimit, limit, "limit");
    }

    function _free(uint64 lot) private view {
        ILedger.Lot memory held = ledger.lotOf(lot);
        _same(held.flags, 0, "no flags");
        _same(held.chargee, address(0), "nobody else");
        _same(held.secured + held.recourseLimit, 0, "nothing secured");
    }

    function _refusedRecourse(uint8 kind, uint64 secured, uint64 limit) private {
        IFinancing.Finance memory intent = _intentFinance(_lot, HALF, PRICE);
        (intent.recourse, intent.secured, intent.recourseLimit) = (kind, secured, limit);
        _refused(intent, _badRecourse(intent));
    }

    function _badRecourse(IFinancing.Finance memory intent) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IFinancing.FinancingBadRecourse.selector, intent.recourse, intent.secured, intent.recourseLimit
        );
    }

    function _noRecourse(uint64 lot, address seller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IFinancing.FinancingNoRecourse.selector, lot, seller);
    }

    function _wrongState(uint64 receivable, ILedger.State state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerWrongState.selector, receivable, state);
    }
}
