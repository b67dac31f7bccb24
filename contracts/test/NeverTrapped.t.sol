// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Claims are never trapped: nothing that is paused, lost or suspended keeps a holder from being paid
contract NeverTrappedTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;
    uint64 private _sold;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _sold = _sellWithRecourse(_lot, FACE / 2, FACE / 4);
        _doAssign(_lot, tier2, FACE / 4);
        _doPay(_receivable, FACE / 2);
    }

    function test_claim_paysWithEveryBitPausedEverywhere() public {
        _pauseAll();
        _everybodyIsPaid();
    }

    function test_claim_paysWhenNoPartyHasASignerLeft() public {
        address[6] memory all = [debtor, supplier, tier2, tier3, bank, otherBank];
        for (uint256 i = 0; i < all.length; ++i) {
            _removeSigners(all[i]);
        }
        _everybodyIsPaid();
    }

    function test_claim_paysWhenEveryPartyIsSuspendedAndItsKybHasEnded() public {
        address[6] memory all = [debtor, supplier, tier2, tier3, bank, otherBank];
        for (uint256 i = 0; i < all.length; ++i) {
            uint16 roles = parties.partyOf(all[i]).roles;
            vm.prank(REGISTRAR);
            parties.update(all[i], IParties.Status.Suspended, roles, 1, ORDER);
        }
        _everybodyIsPaid();
    }

    function test_claim_paysWithAllOfThisAtOnceAfterDefaultAndWriteOff() public {
        _default(_receivable);
        _writeOff(_receivable);
        _pauseAll();
        address[6] memory all = [debtor, supplier, tier2, tier3, bank, otherBank];
        for (uint256 i = 0; i < all.length; ++i) {
            _removeSigners(all[i]);
            _suspend(all[i]);
        }
        _everybodyIsPaid();
    }

    // ---- helpers

    function _everybodyIsPaid() private {
        uint256 seller = cny.balanceOf(supplier);
        uint256 buyer = cny.balanceOf(bank);
        vm.prank(address(0xDEAD));
        settlement.claim(_list(_lot, _sold, _sold + 1));
        _same(cny.balanceOf(tier2), FACE / 8, "the holder of a free lot");
        _same(cny.balanceOf(bank) - buyer, FACE / 4, "the bank");
        _same(cny.balanceOf(supplier) - seller, FACE / 8, "the seller");
        _same(cny.balanceOf(address(settlement)), 0, "nothing is kept back");
    }

    function _pauseAll() private {
        IRights[3] memory keepers = [IRights(ledger), invoices, cny];
        for (uint256 i = 0; i < keepers.length; ++i) {
            vm.prank(GUARDIAN);
            keepers[i].pause(Rights.PAUSABLE);
        }
    }

    function _removeSigners(address party) private {
        uint256[] memory keys = keysOf[party];
        for (uint256 i = 0; i < keys.length; ++i) {
            IParties.SetSigner memory intent = IParties.SetSigner(
                party, vm.addr(keys[i]), 0, 0, parties.partyOf(party).version, _deadline(), 1
            );
            parties.setSigner(intent, _sign(parties.hashSetSigner(intent), keys[i]));
        }
    }
}
