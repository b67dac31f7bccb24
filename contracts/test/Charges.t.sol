// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Settlement of lots that somebody else has a right to
/// @dev The figures of the examples were worked out outside Solidity, with exact fractions: interest by whole days late,
/// each lot's share of the totals, and its division by the words of the rules.
contract ChargesTest is Bank, Orders, Pledging {
    uint64 private constant THIRD = 33_333_333;
    uint64 private _receivable;
    uint64 private _rest;
    uint64 private _financed;
    uint64 private _pledged;
    uint40 private _due;

    /// @dev `_financed`: the bank's, with recourse to the supplier. `_pledged`: tier 2's, pledged to the other bank.
    function setUp() public override {
        super.setUp();
        (_receivable, _rest) = _doIssue(FACE, 90);
        _due = _midnight() + 90 days;
        _financed = _carry(_intentRecourse(_rest, THIRD, THIRD, 20_000_000, 0));
        _pledged = _doAssign(_rest, tier2, THIRD);
        IPledges.Pledge memory loan = _intentPledge(_pledged, 25_000_000, 0);
        loan.pledgee = otherBank;
        _carry(loan);
    }

    // ---- examples, to the cent

    function test_claims_ofChargedLotsOverLateInstallments() public {
        _doPay(_receivable, 10_000_001);
        _paysOut(_financed, 3_333_333, 0);
        _paysOut(_pledged, 0, 3_333_333);
        _paysOut(_rest, 3_333_333, 0);
        vm.warp(_due + 10 days);
        _doPay(_receivable, 450_000 + 40_000_000);
        _paysOut(_financed, 13_423_332, 60_000);
        vm.warp(_due + 17 days);
        _doPay(_receivable, 100_000);
        _paysOut(_pledged, 0, 13_516_666);
        vm.warp(_due + 20 days);
        _doPay(_receivable, 150_000 + 49_999_999);
        _paysOut(_financed, 3_383_334, 13_366_667);
        _paysOut(_pledged, 8_566_666, 8_150_001);
        _paysOut(_rest, 30_233_335, 0);
        _same(cny.balanceOf(address(settlement)), 0, "nothing is left");
    }

    function test_claims_ofChargedLotsThroughDefaultAndWriteOff() public {
        vm.warp(_due + 10 days);
        _doPay(_receivable, 499_999);
        _paysOut(_financed, 99_999, 66_667);
        _paysOut(_pledged, 0, 166_666);
        _paysOut(_rest, 166_666, 0);
        _doPay(_receivable, 1 + 70_000_001);
        _paysOut(_financed, 20_000_000, 3_333_333);
        _paysOut(_pledged, 0, 23_333_333);
        _letDefault(_receivable);
        vm.warp(_due + 32 days);
        _doPay(_receivable, 29_999_999);
        _paysOut(_financed, 66_000, 9_934_000);
        _paysOut(_pledged, 8_499_999, 1_500_001);
        _paysOut(_rest, 33_333_333, 0);
        _writeOff(_receivable);
        _failsToClaim(_financed, abi.encodeWithSelector(ILedger.LedgerNothingToClaim.selector, _financed));
        _paysOut(_pledged, 1, 0);
        _paysOut(_rest, 2, 0);
        _same(cny.balanceOf(address(settlement)), 0, "nothing is left");
    }

    function test_claim_ofAChargedLotReportsBothParts() public {
        vm.warp(_due + 10 days);
        _doPay(_receivable, 500_000);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotClaimed(_financed, bank, 0, 166_666, 1, 166_666);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ChargePaid(_financed, supplier, 66_667);
        _doClaim(_financed);
    }

    function test_claim_ofSeveralChargedLotsPaysEachPartyOnceInARow() public {
        uint64 second = _carry(_intentRecourse(_rest, 10_000_000, 10_000_000, 10_000_000, 0));
        _doPay(_receivable, FACE);
        uint64[] memory lots = new uint64[](4);
        (lots[0], lots[1], lots[2], lots[3]) = (second, _financed, _pledged, _rest);
        uint256 ofBank = cny.balanceOf(bank);
        uint256 ofSupplier = cny.balanceOf(supplier);
        settlement.claim(lots);
        _same(cny.balanceOf(bank) - ofBank, 30_000_000, "what was bought with recourse");
        _same(cny.balanceOf(supplier) - ofSupplier, 13_333_333 + 23_333_334, "the rest, and its own");
        _same(cny.balanceOf(otherBank), 25_000_000, "what is secured");
        _same(cny.balanceOf(tier2), THIRD - 25_000_000, "the rest of the pledged lot");
        _same(cny.balanceOf(address(settlement)), 0, "nothing is left");
    }

    // ---- what waits

    function test_claim_ofAFrozenChargedLotWaitsForBoth() public {
        _freeze(_pledged);
        _doPay(_receivable, FACE);
        _failsToClaim(_pledged, abi.encodeWithSelector(ILedger.LedgerLotFrozen.selector, _pledged));
        (uint64 toOwner, uint64 toPledgee) = ledger.payoutOf(_pledged);
        _same(toOwner, THIRD - 25_000_000, "the owner's part is known");
        _same(toPledgee, 25_000_000, "the pledgee's part is known");
        _paysOut(_financed, 20_000_000, THIRD - 20_000_000);
        _unfreeze(_pledged);
        _paysOut(_pledged, THIRD - 25_000_000, 25_000_000);
    }

    function test_claim_ofAChargedLotWaitsWhileTheReceivableIsSuspended() public {
        _suspendReceivable(_receivable);
        _doPay(_receivable, FACE / 2);
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerReceivableSuspended.selector, _receivable);
        _failsToClaim(_financed, reason);
        _failsToClaim(_pledged, reason);
        vm.prank(FREEZER);
        enforcement.resume(_receivable, ORDER);
        _paysOut(_financed, 16_666_666, 0);
        _paysOut(_pledged, 0, 16_666_666);
    }

    function test_claim_paysASuspendedPledgeeAndASuspendedSeller() public {
        _suspend(otherBank);
        _suspend(supplier);
        _doPay(_receivable, FACE);
        _paysOut(_pledged, THIRD - 25_000_000, 25_000_000);
        _paysOut(_financed, 20_000_000, THIRD - 20_000_000);
    }

    // ---- a pledge that changes between payments

    function test_release_betweenPaymentsTakesNothingBack() public {
        _doPay(_receivable, FACE / 2);
        _paysOut(_pledged, 0, 16_666_666);
        _carry(_intentRelease(_pledged, 10_000_000, 0));
        _doPay(_receivable, FACE / 2);
        _paysOut(_pledged, THIRD - 16_666_666, 0);
    }

    function test_release_inFullGivesTheOwnerWhatWaits() public {
        _doPay(_receivable, FACE / 2);
        _carry(_intentRelease(_pledged, 0, 0));
        _paysOut(_pledged, 16_666_666, 0);
    }

    // ---- fuzz

    /// @dev Two receivables live the same life; the lots of the first are charged, their twins are not.
    /// @param kinds of the charge on each lot: none, pledge, recourse (the last lot: none or pledge)
    struct Script {
        uint64 face;
        uint256[4] cuts;
        uint256[5] kinds;
        uint256[5] secured;
        uint256[4] payments;
        uint256[4] claims;
        uint256 daysLate;
        uint256 frozen;
        bool writeOff;
    }

    struct Taken {
        uint64 principal;
        uint64 interest;
        uint64 toOwner;
        uint64 toChargee;
    }

    mapping(uint64 lot => Taken) private _taken;

    /// forge-config: default.fuzz.runs = 128
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_charges_divideALotsShareAndTouchNoOther(Script memory script) public {
        script.face = uint64(_bound(script.face, 1000, 5 * FACE));
        _mint(cny, debtor, 20 * FACE);
        (uint64 charged, uint64[5] memory lots) = _split(script, true);
        (uint64 plain, uint64[5] memory twins) = _split(script, false);
        vm.warp(_midnight() + 30 days + _bound(script.daysLate, 0, 60) * 1 days);
        uint64 frozen = lots[script.frozen % 5];
        _freeze(frozen);
        for (uint256 i = 0; i < 4; ++i) {
            _payBoth(charged, plain, script.payments[i], i == 3 && !script.writeOff);
            for (uint256 j = 0; j < 5; ++j) {
                bool chosen = (script.claims[i] >> j) % 2 == 1;
                if (chosen && lots[j] != frozen) _claimBoth(lots[j], twins[j]);
            }
            vm.warp(block.timestamp + 1 days);
        }
        if (script.writeOff && ledger.receivableOf(charged).paid != script.face) {
            _giveUp(charged);
            _giveUp(plain);
        }
        _unfreeze(frozen);
        for (uint256 j = 0; j < 5; ++j) {
            _claimBoth(lots[j], twins[j]);
            _checkDivision(lots[j]);
        }
        _allClaimed(charged);
        _allClaimed(plain);
    }

    // ---- helpers

    /// @dev A lot too small to be cut stands for the parts that could not be made.
    function _split(Script memory script, bool charged)
        private
        returns (uint64 receivable, uint64[5] memory lots)
    {
        uint64 rest;
        (receivable, rest) = _doIssue(script.face, 30);
        for (uint256 i = 0; i < 4; ++i) {
            uint64 left = ledger.lotOf(rest).amount;
            lots[i] = rest;
            if (left < 200) continue;
            uint64 amount = uint64(_bound(script.cuts[i], 100, left - 100));
            lots[i] = _part(rest, amount, script.kinds[i] % 3, script.secured[i], charged);
        }
        lots[4] = rest;
        if (charged && script.kinds[4] % 2 == 1) _doPledge(rest, _mostly(script.secured[4], script.face));
    }

    function _part(uint64 rest, uint64 amount, uint256 kind, uint256 secured, bool charged)
        private
        returns (uint64 lot)
    {
        if (kind == 2) {
            IFinancing.Finance memory sale = _intentFinance(rest, amount, amount);
            if (charged) (sale.recourse, sale.secured) = (1, uint64(_bound(secured, 1, amount)));
            return _carry(sale);
        }
        lot = _doAssign(rest, tier2, amount);
        if (kind == 1 && charged) _doPledge(lot, _mostly(secured, amount));
    }

    /// @dev A loan may be a little more than the lot will ever give.
    function _mostly(uint256 secured, uint64 amount) private pure returns (uint64) {
        return uint64(_bound(secured, 1, uint256(amount) + amount / 4));
    }

    function _payBoth(uint64 charged, uint64 plain, uint256 choice, bool all) private {
        (uint64 principal, uint64 interest) = ledger.owedAt(charged, uint40(block.timestamp));
        uint64 owed = principal + interest;
        if (owed == 0) return;
        uint64 amount = all ? owed : uint64(_bound(choice, 1, owed));
        _doPay(charged, amount);
        _doPay(plain, amount);
    }

    function _giveUp(uint64 receivable) private {
        uint40 from = ledger.receivableOf(receivable).due + 31 days;
        if (block.timestamp < from) vm.warp(from);
        settlement.declareDefault(receivable);
        _writeOff(receivable);
    }

    function _claimBoth(uint64 lot, uint64 twin) private {
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        (uint64 twinPrincipal, uint64 twinInterest) = ledger.claimableOf(twin);
        _same(principal, twinPrincipal, "the charge changes no principal");
        _same(interest, twinInterest, "the charge changes no interest");
        (uint64 toOwner, uint64 toChargee) = ledger.payoutOf(lot);
        _same(toOwner + toChargee, principal + interest, "the parts add up to the share");
        if (principal + interest == 0) return;
        _paysOut(lot, toOwner, toChargee);
        _doClaim(twin);
        Taken storage taken = _taken[lot];
        (taken.principal, taken.interest) = (taken.principal + principal, taken.interest + interest);
        (taken.toOwner, taken.toChargee) = (taken.toOwner + toOwner, taken.toChargee + toChargee);
    }

    /// @dev The rule itself, on what the lot got in all.
    function _checkDivision(uint64 lot) private view {
        ILedger.Lot memory held = ledger.lotOf(lot);
        Taken memory taken = _taken[lot];
        uint256 all = uint256(taken.principal) + taken.interest;
        uint256 toChargee = 0;
        if (held.flags & LotFlags.PLEDGED != 0) toChargee = all < held.secured ? all : held.secured;
        if (held.flags & LotFlags.RECOURSE != 0) {
            uint256 toBank = taken.principal < held.secured ? taken.principal : held.secured;
            toBank += uint256(taken.interest) * held.secured / held.amount;
            toChargee = all - toBank;
        }
        _same(taken.toChargee, toChargee, "what the chargee got in all");
        _same(taken.toOwner, all - toChargee, "what the owner got in all");
    }

    function _allClaimed(uint64 receivable) private view {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        _same(entry.claimed, entry.paid + entry.interestPaid, "all that was paid is paid out");
    }

    function _paysOut(uint64 lot, uint64 toOwner, uint64 toChargee) private {
        ILedger.Lot memory held = ledger.lotOf(lot);
        (uint64 forOwner, uint64 forChargee) = ledger.payoutOf(lot);
        _same(forOwner, toOwner, "foreseen for the owner");
        _same(forChargee, toChargee, "foreseen for the chargee");
        uint256 ofOwner = cny.balanceOf(held.owner);
        uint256 ofChargee = cny.balanceOf(held.chargee);
        _doClaim(lot);
        _same(cny.balanceOf(held.owner) - ofOwner, toOwner, "paid to the owner");
        _same(cny.balanceOf(held.chargee) - ofChargee, toChargee, "paid to the chargee");
    }

    function _failsToClaim(uint64 lot, bytes memory reason) private {
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(lot, reason);
        _doClaim(lot);
    }
}
