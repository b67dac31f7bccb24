// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, Powers} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Enforcement of a pledge with the owner's consent
contract RealiseTest is Bank, Orders, Pledging {
    uint64 private constant SECURED = FACE / 2;
    uint64 private _receivable;
    uint64 private _lot;

    /// @dev The supplier's lot is pledged to the bank; the other bank has money to buy it.
    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _doPledge(_lot, SECURED);
        _mint(cny, otherBank, 2 * FACE);
    }

    function test_realise_toAThirdPartyPaysThePledgeeFirst() public {
        uint256 before = cny.balanceOf(bank);
        uint64 child = _carry(_intentRealise(_lot, otherBank, SECURED + 77));
        _free(child, otherBank);
        _same(cny.balanceOf(bank), before + SECURED, "the pledgee, up to what is secured");
        _same(cny.balanceOf(supplier), 77, "the owner, the rest");
        _same(cny.balanceOf(otherBank), 2 * FACE - SECURED - 77, "the buyer pays the price");
        _same(ledger.lotOf(_lot).amount, 0, "all of it");
        _same(ledger.lotOf(_lot).flags, 0, "the empty lot is free");
    }

    function test_realise_belowWhatIsSecuredGivesTheOwnerNothing() public {
        uint256 before = cny.balanceOf(bank);
        _carry(_intentRealise(_lot, otherBank, SECURED - 1));
        _same(cny.balanceOf(bank), before + SECURED - 1, "the pledgee");
        _same(cny.balanceOf(supplier), 0, "the owner");
    }

    function test_realise_toThePledgeePaysTheOwnerTheRestOnly() public {
        uint256 before = cny.balanceOf(bank);
        uint64 child = _carry(_intentRealise(_lot, bank, SECURED + 77));
        _free(child, bank);
        _same(cny.balanceOf(bank), before - 77, "the loan is set off");
        _same(cny.balanceOf(supplier), 77, "the owner");
    }

    function test_realise_toThePledgeeNeedsNoCashForWhatItIsOwed() public {
        (, uint64 lot) = _doIssue(FACE, 90);
        IPledges.Pledge memory loan = _intentPledge(lot, SECURED, 0);
        loan.pledgee = tier3;
        _carry(loan);
        _free(_carry(_intentRealise(lot, tier3, SECURED)), tier3);
        _same(cny.balanceOf(tier3), 0, "it had none, and needs none");
    }

    function test_realise_reportsItself() public {
        IPledges.Realise memory intent = _intentRealise(_lot, otherBank, SECURED + 77);
        bytes32 digest = pledges.hashRealise(intent);
        bytes memory ofOwner = _signedBy(supplier, digest);
        bytes memory ofBank = _signedBy(bank, digest);
        bytes memory ofBuyer = _signedBy(otherBank, digest);
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IPledges.PledgeRealised(
            _lot + 1, bank, otherBank, supplier, FACE, SECURED + 77, SECURED, EVIDENCE, digest
        );
        vm.expectEmit(true, true, true, true, address(pledges));
        emit IIntents.IntentUsed(digest, IntentKinds.REALISE, _lot + 1, address(this));
        pledges.realise(intent, ofOwner, ofBank, ofBuyer);
    }

    function test_realise_whileItSettlesAndInDefault() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _doPledge(lot, SECURED);
        _doPay(receivable, 1);
        _free(_carry(_intentRealise(lot, otherBank, 1)), otherBank);
        _letDefault(_receivable);
        _free(_carry(_intentRealise(_lot, otherBank, 1)), otherBank);
    }

    function test_realise_countsWhatThePledgeeGotBefore() public {
        _doPay(_receivable, FACE / 5);
        _doClaim(_lot);
        uint256 before = cny.balanceOf(bank);
        _carry(_intentRealise(_lot, otherBank, SECURED));
        _same(cny.balanceOf(bank) - before, SECURED - FACE / 5, "no more than is secured in all");
        _same(cny.balanceOf(supplier), FACE / 5, "the owner, the rest");
    }

    function test_realise_afterThePledgeeGotAllPaysTheOwner() public {
        _doPay(_receivable, SECURED + 1);
        _doClaim(_lot);
        uint256 before = cny.balanceOf(bank);
        _carry(_intentRealise(_lot, otherBank, 77));
        _same(cny.balanceOf(bank), before, "nothing more");
        _same(cny.balanceOf(supplier), 1 + 77, "the owner, all of it");
    }

    function test_realise_givesTheBuyerWhatWaitsToBeClaimed() public {
        _doPay(_receivable, FACE / 5);
        uint64 child = _carry(_intentRealise(_lot, otherBank, SECURED));
        uint256 before = cny.balanceOf(otherBank);
        _doClaim(child);
        _same(cny.balanceOf(otherBank) - before, FACE / 5, "free of the pledge");
    }

    function test_PledgesZeroPrice_whenItCostsNothing() public {
        _refused(
            _intentRealise(_lot, otherBank, 0),
            abi.encodeWithSelector(IPledges.PledgesZeroPrice.selector, _lot)
        );
    }

    function test_LedgerLotNotPledgedTo_whenRealisedForAnotherOrWithoutAPledge() public {
        IPledges.Realise memory intent = _intentRealise(_lot, tier2, 1);
        intent.pledgee = otherBank;
        _refused(intent, _notPledgedTo(_lot, otherBank));
        (, uint64 other) = _doIssue(FACE, 90);
        intent = _intentRealise(other, otherBank, 1);
        intent.pledgee = bank;
        _refused(intent, _notPledgedTo(other, bank));
        // the seller of a lot with recourse has a right to it, but no pledge
        uint64 bought = _carry(_intentRecourse(other, FACE, FACE, FACE, 0));
        _refused(_intentRealise(bought, otherBank, 1), _notPledgedTo(bought, address(0)));
    }

    function test_PartiesBelowThreshold_unlessOwnerPledgeeAndBuyerSigned() public {
        IPledges.Realise memory intent = _intentRealise(_lot, otherBank, SECURED);
        bytes32 digest = pledges.hashRealise(intent);
        bytes memory ofOwner = _signedBy(supplier, digest);
        bytes memory ofBank = _signedBy(bank, digest);
        bytes memory ofBuyer = _signedBy(otherBank, digest);
        _refusedSigned(intent, "", ofBank, ofBuyer, _below(supplier, Powers.ASSIGN));
        _refusedSigned(intent, ofOwner, "", ofBuyer, _below(bank, Powers.FINANCE));
        _refusedSigned(intent, ofOwner, ofBank, "", _below(otherBank, Powers.PAY));
    }

    function test_LedgerSelfMove_whenTheOwnerBuysItsOwnLot() public {
        _refused(
            _intentRealise(_lot, supplier, 1),
            abi.encodeWithSelector(ILedger.LedgerSelfMove.selector, _lot, supplier)
        );
    }

    function test_LedgerNotOwner_and_LedgerStaleLot_whenRealised() public {
        IPledges.Realise memory intent = _intentRealise(_lot, otherBank, 1);
        intent.owner = tier2;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier2));
        intent = _intentRealise(_lot, otherBank, 1);
        _carry(_intentRelease(_lot, SECURED / 2, 0));
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 1, 2));
    }

    function test_LedgerWrongState_whenRealisedUnderAnOrderOrAfterTheEnd() public {
        _suspendReceivable(_receivable);
        _refusedInState(ILedger.State.Suspended);
        vm.prank(FREEZER);
        enforcement.resume(_receivable, ORDER);
        _doPay(_receivable, FACE);
        _refusedInState(ILedger.State.Settled);
    }

    function test_CashInsufficient_undoesTheRealisationToo() public {
        IPledges.Realise memory intent = _intentRealise(_lot, tier3, SECURED);
        _refused(intent, abi.encodeWithSelector(ICash.CashInsufficient.selector, tier3, 0, SECURED));
        _same(ledger.lotOf(_lot).flags, LotFlags.PLEDGED, "still pledged");
    }

    /// @dev Whatever was paid and claimed before: price and claims together never give the pledgee more than is secured.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_realise_neverGivesThePledgeeMoreThanIsSecured(
        uint64 amount,
        uint64 secured,
        uint64[2] memory payments,
        uint64 price,
        bool late
    ) public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        lot = _doAssign(lot, tier2, uint64(_bound(amount, 100, FACE - 100)));
        secured = uint64(_bound(secured, 1, FACE));
        _doPledge(lot, secured);
        if (late) vm.warp(block.timestamp + 95 days);
        uint256 before = cny.balanceOf(bank);
        for (uint256 i = 0; i < 2; ++i) {
            _doPay(receivable, uint64(_bound(payments[i], 1, FACE / 3)));
            _doClaim(lot);
        }
        uint256 claimed = cny.balanceOf(bank) - before + cny.balanceOf(tier2);
        price = uint64(_bound(price, 1, FACE));
        _carry(_intentRealise(lot, otherBank, price));
        uint256 all = claimed + price;
        _same(cny.balanceOf(bank) - before, all < secured ? all : secured, "the pledgee in all");
        _same(cny.balanceOf(tier2), all < secured ? 0 : all - secured, "the owner in all");
    }

    // ---- helpers

    function _free(uint64 lot, address owner) private view {
        ILedger.Lot memory held = ledger.lotOf(lot);
        _same(held.owner, owner, "title");
        _same(held.amount, FACE, "amount");
        _same(held.flags, 0, "free");
        _same(held.chargee, address(0), "nobody else");
    }

    function _refusedSigned(
        IPledges.Realise memory intent,
        bytes memory ofOwner,
        bytes memory ofPledgee,
        bytes memory ofBuyer,
        bytes memory reason
    ) private {
        bytes memory data = abi.encodeCall(pledges.realise, (intent, ofOwner, ofPledgee, ofBuyer));
        _refused(address(pledges), data, reason);
    }

    function _refusedInState(ILedger.State state) private {
        _refused(
            _intentRealise(_lot, otherBank, 1),
            abi.encodeWithSelector(ILedger.LedgerWrongState.selector, _receivable, state)
        );
    }

    function _notPledgedTo(uint64 lot, address party) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerLotNotPledgedTo.selector, lot, party);
    }

    function _below(address party, uint8 power) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, party, power, 0, 1);
    }
}
