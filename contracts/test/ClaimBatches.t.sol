// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Scenes} from "./support/Scenes.sol";
import {Vm} from "./support/Vm.sol";

/// @title Many lots in one claim: merged payouts, currencies, and what gets nothing
contract ClaimBatchesTest is Scenes {
    bytes32 private constant TRANSFER = keccak256("Transfer(address,address,uint256)");

    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    function test_claim_ofManyLotsOfOneHolderIsOneTransfer() public {
        uint64 child = _doAssign(_lot, bank, FACE / 4);
        uint64 second = _doAssign(_lot, bank, FACE / 4);
        (uint64 receivable, uint64 other) = _doIssue(FACE, 90);
        other = _doAssign(other, bank, FACE / 2);
        _doPay(_receivable, FACE);
        _doPay(receivable, FACE);
        vm.recordLogs();
        settlement.claim(_list(child, second, other));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _same(_count(logs, ILedger.LotClaimed.selector), 3, "each lot is reported");
        _same(_count(logs, TRANSFER), 1, "and paid at once");
        _same(cny.balanceOf(bank), 11 * FACE, "to the cent");
    }

    function test_claim_mergesOnlyWhatIsInARow() public {
        uint64 child = _doAssign(_lot, bank, FACE / 4);
        uint64 second = _doAssign(_lot, bank, FACE / 4);
        _doPay(_receivable, FACE);
        vm.recordLogs();
        settlement.claim(_list(child, _lot, second));
        _same(_count(vm.getRecordedLogs(), TRANSFER), 3, "another one is in between");
        _same(cny.balanceOf(bank), 10 * FACE + FACE / 2, "bank");
        _same(cny.balanceOf(supplier), FACE / 2, "supplier");
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

    function test_claim_ofCurrenciesInTurnsPaysEachToTheCent() public {
        (uint64 euros, uint64 euroLot) = _issueEuro();
        uint64 euroChild = _doAssign(euroLot, tier2, FACE / 2);
        uint64 child = _doAssign(_lot, tier2, FACE / 4);
        _doPay(_receivable, FACE);
        _doPay(euros, FACE);
        uint64[] memory lots = new uint64[](5);
        (lots[0], lots[1], lots[2], lots[3], lots[4]) = (child, euroChild, 9, _lot, euroLot);
        settlement.claim(lots);
        _same(cny.balanceOf(tier2), FACE / 4, "tier 2 CNY");
        _same(eur.balanceOf(tier2), FACE / 2, "tier 2 EUR");
        _same(cny.balanceOf(supplier), FACE - FACE / 4, "supplier CNY");
        _same(eur.balanceOf(supplier), FACE - FACE / 2, "supplier EUR");
    }

    function test_claim_thatOnlyFailsPaysNobody() public {
        vm.recordLogs();
        settlement.claim(_list(_lot, 7));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _same(logs.length, 2, "two reports, and nothing else");
        _same(_count(logs, ISettlement.ClaimFailed.selector), 2, "of failures");
    }

    function test_LedgerNothingToClaim_isReportedAndHarmsNoOther() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _doPay(_receivable, FACE);
        _doClaim(child);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(child, _nothing(child));
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(12345, abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 12345));
        settlement.claim(_list(child, 12345, _lot));
        _same(cny.balanceOf(supplier), FACE - FACE / 3, "the good one is paid");
    }

    function test_claim_ofALotTwiceInOneBatchPaysItOnce() public {
        _doPay(_receivable, FACE);
        vm.expectEmit(true, true, true, true, address(settlement));
        emit ISettlement.ClaimFailed(_lot, _nothing(_lot));
        settlement.claim(_list(_lot, _lot));
        _same(cny.balanceOf(supplier), FACE, "once");
    }

    function test_claim_ofEverySortInOneBatch() public {
        uint64 frozen = _doAssign(_lot, tier2, FACE / 8);
        uint64 sold = _sellWithRecourse(_lot, FACE / 4, FACE / 8);
        (uint64 euros, uint64 euroLot) = _issueEuro();
        (uint64 stopped, uint64 stoppedLot) = _doIssue(FACE, 90);
        _freeze(frozen);
        _suspendReceivable(stopped);
        _doPay(_receivable, FACE);
        _doPay(euros, FACE);
        _doPay(stopped, FACE);
        uint64[] memory lots = new uint64[](8);
        (lots[0], lots[1], lots[2], lots[3]) = (frozen, euroLot, 7, sold);
        (lots[4], lots[5], lots[6], lots[7]) = (stoppedLot, _lot, sold, euroLot);
        uint256 before = cny.balanceOf(bank);
        vm.recordLogs();
        settlement.claim(lots);
        _same(_count(vm.getRecordedLogs(), ISettlement.ClaimFailed.selector), 5, "five get nothing");
        _same(eur.balanceOf(supplier), FACE, "EUR");
        _same(cny.balanceOf(bank) - before, FACE / 8, "the bank's part");
        uint64 price = FACE / 4;
        _same(cny.balanceOf(supplier), price + FACE / 8 + FACE * 5 / 8, "the seller's part and its own lot");
        _same(cny.balanceOf(address(settlement)), FACE / 8 + FACE, "the frozen and the suspended share wait");
    }

    function test_claim_ofNothingDoesNothing() public {
        vm.recordLogs();
        settlement.claim(new uint64[](0));
        _same(vm.getRecordedLogs().length, 0, "no event");
    }

    function test_SettlementTooMany_beyondTheLimit() public {
        _refused(
            address(settlement),
            abi.encodeCall(settlement.claim, (new uint64[](201))),
            abi.encodeWithSelector(ISettlement.SettlementTooMany.selector, 201, 200)
        );
    }

    function test_claim_ofAsManyLotsAsAreAllowed() public {
        _doPay(_receivable, FACE);
        uint64[] memory lots = new uint64[](200);
        lots[199] = _lot;
        settlement.claim(lots);
        _same(cny.balanceOf(supplier), FACE, "the last one is paid");
    }

    // ---- helpers

    function _count(Vm.Log[] memory logs, bytes32 topic) private pure returns (uint256 count) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    function _issueEuro() private returns (uint64 receivable, uint64 lot) {
        _mint(eur, debtor, FACE);
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.currency = EUR;
        return _carry(intent);
    }
}
