// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers, Rights} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {World} from "./support/World.sol";

/// @title Finance: title against cash, both or neither
contract FinancingTest is World {
    uint64 private constant PRICE = FACE / 2 - 1234;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (, _lot) = _doIssue(FACE, 90);
    }

    function test_finance_movesTitleAndCashTogether() public {
        uint64 before = uint64(cny.balanceOf(bank));
        uint64 child = _carry(_intentFinance(_lot, FACE / 2, PRICE));
        ILedger.Lot memory part = ledger.lotOf(child);
        _same(part.owner, bank, "title");
        _same(part.amount, FACE / 2, "amount");
        _same(cny.balanceOf(supplier), PRICE, "cash of the seller");
        _same(cny.balanceOf(bank), before - PRICE, "cash of the bank");
    }

    function test_finance_withholdsFeesForTheirReceiver() public {
        IFinancing.Finance memory intent = _withFees(77, tier3);
        uint64 before = uint64(cny.balanceOf(bank));
        _carry(intent);
        _same(cny.balanceOf(supplier), PRICE - 77, "net");
        _same(cny.balanceOf(tier3), 77, "fees");
        _same(cny.balanceOf(bank), before - PRICE, "the bank pays the price");
    }

    function test_finance_reportsEveryTerm() public {
        IFinancing.Finance memory intent = _withFees(77, tier3);
        (intent.recourse, intent.secured, intent.recourseLimit) = (2, FACE / 4, FACE / 8);
        intent.dayCount = 365;
        bytes32 digest = financing.hashFinance(intent);
        bytes memory bankSignatures = _signedBy(bank, digest);
        bytes memory sellerSignatures = _signedBy(supplier, digest);
        vm.expectEmit(true, true, true, true, address(financing));
        _emitFinanced(intent, digest);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IIntents.IntentUsed(digest, IntentKinds.FINANCE, _lot + 1, address(this));
        financing.finance(intent, bankSignatures, sellerSignatures);
    }

    function test_finance_mayCostNothing() public {
        _carry(_intentFinance(_lot, FACE / 2, FACE / 2));
        _same(cny.balanceOf(supplier), FACE / 2, "price equal to face");
    }

    function test_finance_sellsOnFromBankToBank() public {
        uint64 child = _carry(_intentFinance(_lot, FACE / 2, PRICE));
        _mint(cny, otherBank, FACE);
        uint256 before = cny.balanceOf(bank);
        IFinancing.Finance memory intent = _intentFinance(child, FACE / 4, FACE / 4 - 999);
        intent.bank = otherBank;
        uint64 part = _carry(intent);
        _same(ledger.lotOf(part).owner, otherBank, "title of the part");
        _same(ledger.lotOf(child).amount, FACE / 4, "the bank keeps the rest");
        _same(cny.balanceOf(bank), before + FACE / 4 - 999, "cash of the bank that sold");
        _same(ledger.lotOf(part).flags, 0, "no charge");
    }

    function test_finance_aBankCannotBuyWhatItHolds() public {
        uint64 child = _carry(_intentFinance(_lot, FACE / 2, PRICE));
        _refused(
            _intentFinance(child, FACE / 4, FACE / 4),
            abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, child, bank)
        );
    }

    function test_FinancingBadPrice_outsideZeroToAmount() public {
        _refusedPrice(0, 0, address(0));
        _refusedPrice(FACE / 2 + 1, 0, address(0));
        _refusedPrice(PRICE, PRICE, tier3);
        _refusedPrice(PRICE, PRICE + 1, tier3);
        _refusedPrice(PRICE, 1, address(0));
        _refusedPrice(PRICE, 0, tier3);
    }

    function testFuzz_FinancingBadPrice_exactlyOutsideTheBounds(uint64 amount, uint64 price, uint64 fees)
        public
    {
        amount = uint64(_bound(amount, 100, FACE - 100));
        price = uint64(_bound(price, 0, amount + 1));
        fees = uint64(_bound(fees, 0, price + 1));
        IFinancing.Finance memory intent = _intentFinance(_lot, amount, price);
        intent.fees = fees;
        if (fees != 0) intent.feesTo = tier3;
        if (price == 0 || price > amount || fees >= price) {
            _refused(
                intent, abi.encodeWithSelector(IFinancing.FinancingBadPrice.selector, amount, price, fees)
            );
        } else {
            _carry(intent);
            _same(cny.balanceOf(supplier) + cny.balanceOf(tier3), price, "seller and fees get the price");
        }
    }

    function test_FinancingBadDayCount_unless360Or365() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.dayCount = 364;
        _refused(intent, abi.encodeWithSelector(IFinancing.FinancingBadDayCount.selector, 364));
    }

    function test_PartiesRoleMissing_whenTheBuyerIsNoBank() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.bank = tier2;
        _refused(intent, abi.encodeWithSelector(IParties.PartiesRoleMissing.selector, tier2, PartyRoles.BANK));
    }

    function test_PartiesBelowThreshold_whenBankOrSellerDidNotSign() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        bytes32 digest = financing.hashFinance(intent);
        _refused(
            address(financing),
            abi.encodeCall(financing.finance, (intent, bytes(""), _signedBy(supplier, digest))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, bank, Powers.FINANCE, 0, 1)
        );
        _refused(
            address(financing),
            abi.encodeCall(financing.finance, (intent, _signedBy(bank, digest), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ASSIGN, 0, 1)
        );
    }

    function test_PartiesNotActive_whenTheSellerIsSuspended() public {
        _suspend(supplier);
        _refused(
            _intentFinance(_lot, FACE / 2, PRICE),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, supplier, IParties.Status.Suspended)
        );
    }

    function test_PartiesUnknown_whenFeesGoToAStranger() public {
        _refused(
            _withFees(77, address(99)), abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(99))
        );
    }

    function test_CashInsufficient_undoesTheTitleToo() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.bank = otherBank;
        _refused(intent, abi.encodeWithSelector(ICash.CashInsufficient.selector, otherBank, 0, PRICE));
        _same(ledger.lotOf(_lot).amount, FACE, "no title moved");
        _same(ledger.receivableOf(1).lotCount, 1, "no lot made");
    }

    function test_RightsPaused_whenCashIsPausedUndoesTheTitleToo() public {
        vm.prank(GUARDIAN);
        cny.pause(Rights.FINANCE);
        _refused(
            _intentFinance(_lot, FACE / 2, PRICE),
            abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.FINANCE)
        );
        _same(ledger.lotOf(_lot).amount, FACE, "no title moved");
    }

    function test_LedgerZeroValue_withoutCostSheet() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.termsHash = 0;
        _refused(intent, _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_LedgerNotOwner_whenTheSellerDoesNotHoldTheLot() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.seller = tier2;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier2));
    }

    function test_LedgerStaleLot_whenReplayedOrRaced() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        _carry(intent);
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
        IFinancing.Finance memory raced = _intentFinance(_lot, FACE / 4, FACE / 5);
        _doAssign(_lot, tier2, FACE / 4);
        _refused(raced, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 1, 2));
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, PRICE);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refused(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
    }

    // ---- helpers

    function _emitFinanced(IFinancing.Finance memory intent, bytes32 digest) private {
        emit IFinancing.Financed(
            _lot + 1,
            intent.bank,
            intent.seller,
            intent.amount,
            intent.price,
            intent.fees,
            intent.feesTo,
            intent.ratePpm,
            intent.dayCount,
            intent.recourse,
            intent.registrationRef,
            intent.noticeRef,
            intent.termsHash,
            digest
        );
    }

    function _withFees(uint64 fees, address feesTo) private returns (IFinancing.Finance memory intent) {
        intent = _intentFinance(_lot, FACE / 2, PRICE);
        (intent.fees, intent.feesTo) = (fees, feesTo);
    }

    function _refusedPrice(uint64 price, uint64 fees, address feesTo) private {
        IFinancing.Finance memory intent = _intentFinance(_lot, FACE / 2, price);
        (intent.fees, intent.feesTo) = (fees, feesTo);
        _refused(intent, abi.encodeWithSelector(IFinancing.FinancingBadPrice.selector, FACE / 2, price, fees));
    }
}
