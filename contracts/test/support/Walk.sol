// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ILens} from "../../src/interfaces/ILens.sol";
import {Checks} from "./Checks.sol";
import {Handler} from "./Handler.sol";
import {Replay} from "./Replay.sol";

/// @title The invariants that show in the state itself
abstract contract Walk is Checks {
    Handler internal _handler;
    Replay internal _replay;
    Handler.System internal _system;

    /// @dev Everything of one receivable.
    function _walk(uint64 id, ILedger.Receivable memory entry, ILens.LotView[] memory lots) internal view {
        _partition(lots, entry.face);
        _lineage(lots, id);
        _entitlements(lots, entry);
        bool ended = entry.paid == entry.face || entry.state == ILedger.State.Cancelled;
        _yes(!entry.overdue || !ended, "who owes nothing is not overdue");
        _same(uint256(_replay.issueDigest(id)) == 0 ? 0 : 1, 1, "I14: issued by an intent");
        for (uint256 i = 0; i < lots.length; ++i) {
            _stopped(lots[i].id, lots[i].lot);
            _charged(lots[i].id, lots[i].lot);
            _mandated(lots[i].id, lots[i].lot);
        }
    }

    /// @dev I1: live ranges partition [0, face).
    function _partition(ILens.LotView[] memory lots, uint64 face) private pure {
        uint256 total = 0;
        for (uint256 i = 0; i < lots.length; ++i) {
            ILedger.Lot memory held = lots[i].lot;
            total += held.amount;
            _atMost(held.first + held.amount, face, "I1: a range leaves the face");
            if (held.amount == 0) continue;
            for (uint256 j = 0; j < i; ++j) {
                ILedger.Lot memory other = lots[j].lot;
                bool apart = other.amount == 0 || held.first + held.amount <= other.first
                    || other.first + other.amount <= held.first;
                _yes(apart, "I1: two live ranges overlap");
            }
        }
        _same(total, face, "I1: live ranges add up to the face");
    }

    /// @dev I2: parents come before children, one deeper (the replay has it that a lot is made once and keeps its owner).
    function _lineage(ILens.LotView[] memory lots, uint64 receivable) private pure {
        for (uint256 i = 0; i < lots.length; ++i) {
            ILedger.Lot memory held = lots[i].lot;
            _same(lots[i].id, (receivable << 24) + i + 1, "I2: ids follow each other");
            _same(held.receivable, receivable, "I2: same receivable");
            if (i == 0) {
                _same(held.parent, 0, "I2: the first lot has no parent");
                continue;
            }
            _yes(held.parent < lots[i].id && held.parent >> 24 == receivable, "I2: parent before child");
            ILedger.Lot memory parent = lots[(held.parent & 0xffffff) - 1].lot;
            _same(held.depth, parent.depth + 1, "I2: depth");
            _yes(parent.owner != held.owner, "I2: title passes to another");
            _yes(parent.flags & LotFlags.EXPORTED == 0, "what was exported moved again");
        }
    }

    /// @dev I3 and I4: never more claimed than paid, and nothing left over once no more can come.
    function _entitlements(ILens.LotView[] memory lots, ILedger.Receivable memory entry) private view {
        uint256 paid = uint256(entry.paid) + entry.interestPaid;
        _atMost(entry.paid, entry.face, "I3: paid <= face");
        uint256 claims = entry.claimed;
        for (uint256 i = 0; i < lots.length; ++i) {
            (uint64 principal, uint64 interest) = _system.ledger.claimableOf(lots[i].id);
            (uint64 toOwner, uint64 toChargee) = _system.ledger.payoutOf(lots[i].id);
            claims += uint256(principal) + interest;
            _same(uint256(toOwner) + toChargee, uint256(principal) + interest, "both parts are the share");
        }
        _atMost(claims, paid, "I3: claimed and claimable <= paid");
        if (entry.state == ILedger.State.Settled) {
            _same(entry.paid, entry.face, "I4: settled means paid");
            _same(entry.interestOwed, 0, "I4: settled means no interest owed");
        }
        if (entry.state == ILedger.State.Settled || entry.state == ILedger.State.WrittenOff) {
            _same(claims, paid, "I4: all that was paid can be claimed");
        }
    }

    /// @dev I6: frozen is as it was when it was frozen.
    function _stopped(uint64 id, ILedger.Lot memory lot) private view {
        bytes32 asItWas = _handler.frozenAs(id);
        _yes((asItWas != 0) == (lot.flags & LotFlags.FROZEN != 0), "I6: frozen only by an order");
        if (asItWas != 0) _same(keccak256(abi.encode(lot)), asItWas, "I6: a frozen lot changed");
    }

    function _charged(uint64 id, ILedger.Lot memory lot) private view {
        uint8 charge = lot.flags & LotFlags.CHARGED;
        _yes((charge != 0) == (lot.chargee != address(0)), "a charge has a chargee");
        _yes((charge != 0) == (lot.secured != 0), "a charge secures something");
        _yes(charge != LotFlags.CHARGED, "never two charges on a lot");
        _yes(charge == 0 || lot.chargee != lot.owner, "nobody has a charge on its own lot");
        if (charge != LotFlags.RECOURSE) return;
        (uint64 principal, uint64 interest, uint64 toSeller,) = _replay.receipts(id);
        // no rounding may favour the seller before the bank has what is secured
        uint64 toBank = principal + interest - toSeller;
        _atMost(toBank, uint256(lot.secured) + interest, "a bank gets no principal beyond what is secured");
        if (principal <= lot.secured) {
            _atMost(principal, toBank, "a seller gets principal only once the bank is secured");
        }
    }

    /// @dev What counts against a mandate is never less than what its bank still waits for.
    function _mandated(uint64 id, ILedger.Lot memory lot) private view {
        (bytes32 mandate, uint64 held) = _system.financing.exposureOfLot(id);
        _yes((mandate != 0) == (lot.flags & LotFlags.MANDATED != 0), "every mandated lot has its mandate");
        if (mandate != 0) _atMost(_system.ledger.openFaceOf(id), held, "a mandate counts too little");
    }

    /// @dev The exposure of a mandate is that of its lots, and never above its limit.
    function _mandates(uint64 receivables) internal view {
        bytes32[] memory ids = _replay.mandateIds();
        for (uint256 i = 0; i < ids.length; ++i) {
            (bool granted, uint64 exposure) = _system.financing.exposureOf(ids[i]);
            _yes(granted, "I8: a mandate that was granted");
            _same(exposure, _replay.exposure(ids[i]), "I8: exposure");
            _atMost(exposure, _replay.mandateLimit(ids[i]), "a mandate is used beyond its limit");
            _same(exposure, _exposureOfLots(ids[i], receivables), "exposure is the sum over the lots");
        }
    }

    function _exposureOfLots(bytes32 id, uint64 receivables) private view returns (uint256 total) {
        for (uint64 receivable = 1; receivable <= receivables; ++receivable) {
            uint24 count = _system.ledger.receivableOf(receivable).lotCount;
            for (uint24 index = 1; index <= count; ++index) {
                (bytes32 mandate, uint64 held) = _system.financing.exposureOfLot(receivable << 24 | index);
                if (mandate == id) total += held;
            }
        }
    }

    /// @dev A debtor is blocked by what is overdue, and by nothing else.
    function _blocks(uint64 receivables) internal view {
        for (uint256 i = 0; i < 2; ++i) {
            address debtor = _handler.people(i);
            uint32 overdue = 0;
            for (uint64 id = 1; id <= receivables; ++id) {
                ILedger.Receivable memory entry = _system.ledger.receivableOf(id);
                if (entry.debtor == debtor && entry.overdue) ++overdue;
            }
            _same(_system.ledger.blockingCount(debtor), overdue, "a debtor's block");
        }
    }

    /// @dev I10: balances add up to the supply; and both are what the events say (I8).
    function _money(ICash cash) internal view {
        uint256 total = 0;
        for (uint256 i = 0; i < _handler.peopleCount(); ++i) {
            address holder = _handler.people(i);
            uint256 balance = cash.balanceOf(holder);
            _same(balance, _replay.balances(address(cash), holder), "I8: balance");
            total += balance;
        }
        _same(total, cash.totalSupply(), "I10: balances add up to the supply");
        _same(_replay.supply(address(cash)), cash.totalSupply(), "I8: supply");
        _same(_replay.mintLimits(address(cash)), cash.mintLimit(), "I8: mint limit");
    }
}
