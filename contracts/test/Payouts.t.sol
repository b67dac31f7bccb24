// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ILens} from "../src/interfaces/ILens.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title One payout list: what it says is what is paid, and its sum is what was paid in, to the cent
/// @dev Any cuts, charges, freezes and payments, on time and late, with claims in between and a good or a bad end.
contract PayoutsTest is Scenes {
    struct Life {
        uint64 face;
        uint256[5] cuts;
        uint256[3] payments;
        uint256 claims;
        uint256 kinds;
        uint256 daysLate;
        bool good;
    }

    uint64 private _receivable;
    uint64 private _first;

    function setUp() public override {
        super.setUp();
        _becomeModule(address(ledger), Rights.FINANCE | Rights.PLEDGE);
        _mint(cny, debtor, 100 * FACE);
    }

    /// forge-config: default.isolate = false
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_payoutList_addsUpToWhatWasPaidIn(Life memory life) public {
        _start(life);
        for (uint256 i = 0; i < life.payments.length; ++i) {
            _payPart(life.payments[i]);
            _claimOne(life.claims >> (8 * i));
            vm.warp(block.timestamp + 1 days);
        }
        _finish(life.good);
        (ILens.ClaimView[] memory list, uint256 sum) = _payoutList();
        ILedger.Receivable memory entry = ledger.receivableOf(_receivable);
        _same(sum, entry.paid + entry.interestPaid - entry.claimed, "the list is what is held");
        _same(cny.balanceOf(address(settlement)), sum, "and what is in the account");
        _thaw(list);
        for (uint256 i = 0; i < list.length; ++i) {
            _paysAsListed(list[i]);
        }
        (, sum) = _payoutList();
        _same(sum, 0, "nothing is left to claim");
        _same(cny.balanceOf(address(settlement)), 0, "and nothing in the account (I4)");
    }

    // ---- helpers

    function _start(Life memory life) private {
        uint64 face = uint64(_bound(life.face, 600, 5 * FACE));
        (_receivable, _first) = _doIssue(face, 30);
        for (uint256 i = 0; i < life.cuts.length; ++i) {
            uint64 left = ledger.lotOf(_first).amount;
            if (left < 200) break;
            uint64 part = uint64(_bound(life.cuts[i], 100, left - 100));
            uint64 child = _doAssign(_first, i % 2 == 0 ? tier2 : tier3, part);
            _mark(child, uint8(life.kinds >> (8 * i)), uint64(_bound(life.cuts[i] >> 64, 1, part)));
        }
        vm.warp(_midnight() + 30 days + _bound(life.daysLate, 0, 60) * 1 days);
    }

    /// @dev One in four each: free, pledged, with recourse, frozen.
    function _mark(uint64 lot, uint8 kind, uint64 secured) private {
        if (kind % 4 == 3) {
            _freeze(lot);
            return;
        }
        if (kind % 4 == 0) return;
        ILedger.ChargeOrder memory order;
        (order.lot, order.owner, order.chargee) = (lot, ledger.lotOf(lot).owner, bank);
        order.kind = kind % 4 == 1 ? LotFlags.PLEDGED : LotFlags.RECOURSE;
        (order.secured, order.evidence) = (secured, EVIDENCE);
        ledger.charge(order);
    }

    function _payPart(uint256 choice) private {
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, _today());
        // something stays owed, so that the end decides
        if (principal + interest > 1) {
            _doPay(_receivable, uint64(_bound(choice, 1, principal + interest - 1)));
        }
    }

    function _claimOne(uint256 choice) private {
        uint64 lot = _first + uint64(choice % ledger.receivableOf(_receivable).lotCount);
        _doClaim(lot);
        ILedger.Receivable memory entry = ledger.receivableOf(_receivable);
        (, uint256 sum) = _payoutList();
        _atMost(sum + entry.claimed, entry.paid + entry.interestPaid, "never more than was paid (I3)");
    }

    function _finish(bool good) private {
        if (!good) _default(_receivable);
        if (!good) return _writeOff(_receivable);
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, _today());
        _doPay(_receivable, principal + interest);
    }

    function _payoutList() private view returns (ILens.ClaimView[] memory list, uint256 sum) {
        list = lens.claimable(_receivable, 1, 100);
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 open = uint256(list[i].principal) + list[i].interest;
            _same(uint256(list[i].toOwner) + list[i].toChargee, open, "owner and chargee share it");
            sum += open;
        }
    }

    function _thaw(ILens.ClaimView[] memory list) private {
        for (uint256 i = 0; i < list.length; ++i) {
            if (ledger.lotOf(list[i].lot).flags & LotFlags.FROZEN != 0) _unfreeze(list[i].lot);
        }
    }

    function _paysAsListed(ILens.ClaimView memory row) private {
        uint256 owners = cny.balanceOf(row.owner);
        uint256 chargees = cny.balanceOf(row.chargee);
        _doClaim(row.lot);
        _same(cny.balanceOf(row.owner), owners + row.toOwner, "the owner gets what the list says");
        _same(cny.balanceOf(row.chargee), chargees + row.toChargee, "and so does the chargee");
    }
}
