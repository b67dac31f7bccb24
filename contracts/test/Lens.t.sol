// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/interfaces/ILedger.sol";
import {ILens} from "../src/interfaces/ILens.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Read-only views
contract LensTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        uint64 child = _doAssign(_lot, tier2, FACE / 2);
        _doAssign(child, tier3, FACE / 4);
    }

    function test_receivables_arePaged() public {
        _doIssue(FACE, 90);
        _doIssue(FACE, 90);
        _same(lens.receivables(1, 2).length, 2, "full page");
        ILens.ReceivableView[] memory last = lens.receivables(3, 2);
        _same(last.length, 1, "short page");
        _same(last[0].id, 3, "id");
        _same(last[0].receivable.face, FACE, "face");
        _same(lens.receivables(4, 2).length, 0, "beyond the end");
    }

    function test_lots_arePaged() public view {
        _same(lens.lots(_receivable, 1, 2).length, 2, "full page");
        ILens.LotView[] memory last = lens.lots(_receivable, 3, 2);
        _same(last.length, 1, "short page");
        _same(last[0].id, _lot + 2, "id");
        _same(last[0].lot.owner, tier3, "owner");
        _same(lens.lots(_receivable, 4, 2).length, 0, "beyond the end");
    }

    function test_chainOfTitle_goesUpToTheFirstLot() public view {
        ILens.LotView[] memory chain = lens.chainOfTitle(_lot + 2);
        _same(chain.length, 3, "length");
        _same(chain[0].lot.owner, tier3, "holder");
        _same(chain[1].lot.owner, tier2, "before");
        _same(chain[2].lot.owner, supplier, "first");
        _same(chain[2].lot.parent, 0, "no parent");
    }

    function test_lotOfSerial_findsTheHolderOfEachCent() public view {
        _same(lens.lotOfSerial(_receivable, 0).id, _lot + 2, "lowest serial");
        _same(lens.lotOfSerial(_receivable, FACE / 4 - 1).id, _lot + 2, "last of tier 3");
        _same(lens.lotOfSerial(_receivable, FACE / 4).id, _lot + 1, "first of tier 2");
        _same(lens.lotOfSerial(_receivable, FACE - 1).id, _lot, "highest serial");
    }

    function test_LensSerialOutOfRange_fromTheFaceOn() public {
        _refused(
            address(lens),
            abi.encodeCall(lens.lotOfSerial, (_receivable, FACE)),
            abi.encodeWithSelector(ILens.LensSerialOutOfRange.selector, _receivable, FACE, FACE)
        );
    }

    function test_claimable_listsWhatIsOpen() public {
        _same(lens.claimable(_receivable, 1, 10).length, 0, "nothing before payment");
        _doPay(_receivable, FACE);
        ILens.ClaimView[] memory open = lens.claimable(_receivable, 1, 10);
        _same(open.length, 3, "all lots");
        _same(open[2].principal, FACE / 4, "principal");
        _same(open[2].interest, 0, "interest");
        _doClaim(_lot + 2);
        _same(lens.claimable(_receivable, 1, 10).length, 2, "two left");
        _same(lens.claimable(_receivable, 3, 10).length, 0, "page without any");
    }

    function test_claimable_dividesBetweenOwnerAndChargee() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _pledgeTo(lot, bank, FACE / 4);
        _freeze(lot);
        _doPay(receivable, FACE / 2);
        ILens.ClaimView[] memory open = lens.claimable(receivable, 1, 10);
        _same(open.length, 1, "a frozen share is listed: it waits");
        _same(open[0].lot, lot, "lot");
        _same(open[0].principal, FACE / 2, "principal");
        _same(open[0].owner, supplier, "owner");
        _same(open[0].toOwner, FACE / 4, "to the owner");
        _same(open[0].chargee, bank, "chargee");
        _same(open[0].toChargee, FACE / 4, "to the chargee");
    }

    function test_LedgerUnknownReceivable_and_LedgerUnknownLot_throughTheLens() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerUnknownReceivable.selector, 42);
        _refused(address(lens), abi.encodeCall(lens.lots, (42, 1, 1)), reason);
        _refused(address(lens), abi.encodeCall(lens.claimable, (42, 1, 1)), reason);
        _refused(address(lens), abi.encodeCall(lens.lotOfSerial, (42, 1)), reason);
        reason = abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 42);
        _refused(address(lens), abi.encodeCall(lens.chainOfTitle, (42)), reason);
    }

    function test_claimable_listsLotsWithNothingButInterestOpen() public {
        vm.warp(ledger.receivableOf(_receivable).due + 10 days);
        (, uint64 interest) = ledger.owedAt(_receivable, uint40(block.timestamp));
        _doPay(_receivable, interest);
        ILens.ClaimView[] memory open = lens.claimable(_receivable, 1, 10);
        _same(open.length, 3, "all lots");
        _same(open[0].principal, 0, "principal");
        _same(open[0].interest, interest / 2, "interest of half the face");
    }

    function test_cashBalances_inTheOrderAsked() public {
        address[] memory people = new address[](2);
        (people[0], people[1]) = (debtor, tier3);
        uint256[] memory balances = lens.cashBalances(CNY, people);
        _same(balances[0], 10 * FACE, "debtor");
        _same(balances[1], 0, "tier 3");
        _refused(
            address(lens),
            abi.encodeCall(lens.cashBalances, (840, people)),
            abi.encodeWithSelector(ILedger.LedgerUnknownCurrency.selector, 840)
        );
    }
}
