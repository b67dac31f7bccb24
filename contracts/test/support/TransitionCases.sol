// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {TransitionTable} from "./TransitionTable.sol";

/// @title Every case of the table: up to three lots, of which one is looked at, in every state, of every kind, at every moment
abstract contract TransitionCases is TransitionTable {
    enum Op {
        Issue,
        AssignPart,
        AssignWhole,
        FinancePart,
        FinanceWhole,
        ExportPart,
        ExportWhole,
        BuyBackPart,
        BuyBackWhole,
        RecoverPart,
        RecoverWhole,
        ForcePart,
        ForceWhole,
        Pledge,
        ChargeRecourse,
        LowerPledge,
        Freeze,
        Unfreeze,
        Claim,
        PayPart,
        PayAll,
        FlagOverdue,
        DeclareDefault,
        Suspend,
        Resume,
        WriteOff,
        CancelOneLot,
        CancelSeveralLots
    }
    /// @dev Before the register closes; from then on; from the day after the due day; from the end of the grace period.
    enum Moment {
        Open,
        Closed,
        Overdue,
        Ended
    }
    enum Kind {
        Plain,
        Frozen,
        Pledged,
        Recourse,
        Exported,
        Emptied
    }
    enum Column {
        None,
        Active,
        Suspended,
        SuspendedPartPaid,
        SuspendedPaid,
        Settling,
        Settled,
        Defaulted,
        DefaultedPartPaid,
        WrittenOff,
        WrittenOffPartPaid,
        Cancelled
    }

    /// @param lots how many the receivable has
    /// @param target index of the lot that is looked at
    struct Case {
        Column column;
        Moment moment;
        Kind kind;
        uint24 lots;
        uint24 target;
        uint64 receivable;
        uint64 lot;
        ILedger.Lot held;
    }

    /// @dev The first holds the first lot, the second the second, and so on. The debtor is the last.
    address[4] internal actors;

    function setUp() public override {
        super.setUp();
        _becomeModule(address(ledger), type(uint16).max);
        actors = [supplier, tier2, bank, debtor];
        operations = vm.split(
            "issue;assign part;assign whole;finance part;finance whole;export part;export whole;buy back part;buy back whole;recover part;recover whole;force part;force whole;pledge;charge recourse;lower pledge;freeze;unfreeze;claim;pay part;pay all;flag overdue;declare default;suspend;resume;write off;cancel one lot;cancel several lots",
            ";"
        );
        moments = vm.split("open;closed;overdue;ended", ";");
        kinds = vm.split("plain;frozen;pledged;recourse;exported;emptied", ";");
        columns = vm.split(
            "None;Active;Suspended;Suspended (part paid);Suspended (paid);Settling;Settled;Defaulted;Defaulted (part paid);WrittenOff;WrittenOff (part paid);Cancelled",
            ";"
        );
        uint8[12] memory states = [0, 1, 2, 2, 2, 3, 4, 5, 5, 6, 6, 7];
        for (uint256 i = 0; i < states.length; ++i) {
            stateOfColumn.push(ILedger.State(states[i]));
        }
        _loadTable();
    }

    /// @dev What cannot come about, whatever anybody does: said here once more, so that no "-" of the table is believed.
    function _canBe(Case memory c) internal pure returns (bool) {
        if (c.kind == Kind.Exported && c.target == 1) return false;
        if (c.kind == Kind.Emptied && c.target == c.lots) return false;
        if (c.column == Column.None) return c.lots == 1 && c.kind == Kind.Plain;
        // a receivable is cancelled only while there is one free lot; that may be frozen afterwards
        if (c.column == Column.Cancelled) return c.lots == 1 && uint8(c.kind) <= uint8(Kind.Frozen);
        bool late = c.column >= Column.Defaulted;
        return !late || c.moment == Moment.Ended;
    }

    function _build(Case memory c) internal {
        if (c.column == Column.None) {
            c.receivable = ledger.receivableCount() + 1;
            c.lot = (c.receivable << 24) | c.target;
            _warpTo(c, _midnight() + 90 days);
            return;
        }
        ILedger.IssueOrder memory order =
            ILedger.IssueOrder(debtor, supplier, FACE, _midnight() + 90 days, CNY, TERMS, TERMS);
        (c.receivable,) = ledger.issue(order);
        c.lot = (c.receivable << 24) | c.target;
        for (uint24 index = 2; index <= c.lots; ++index) {
            _cut(c, index);
        }
        _charge(c);
        _bringInto(c, order.due);
        // last, since a lot can be frozen in every state
        if (c.kind == Kind.Frozen) ledger.setFrozen(c.lot, true, ORDER);
        _warpTo(c, order.due);
        c.held = ledger.lotOf(c.lot);
        _same(uint8(ledger.receivableOf(c.receivable).state), uint8(stateOfColumn[uint8(c.column)]), "built");
    }

    /// @dev Each lot is cut off the one before, unless that is exported: then off the one before that.
    function _cut(Case memory c, uint24 index) private {
        bool behindExport = c.kind == Kind.Exported && index == c.target + 1;
        uint64 parent = ((c.receivable << 24) | index) - (behindExport ? 2 : 1);
        ILedger.Lot memory held = ledger.lotOf(parent);
        bool whole = c.kind == Kind.Emptied && index == c.target + 1;
        bool export = c.kind == Kind.Exported && index == c.target;
        ledger.move(
            ILedger.MoveOrder({
                parent: parent,
                seq: held.seq,
                from: held.owner,
                to: actors[index - 1],
                amount: whole ? held.amount : held.amount / 2,
                cause: export ? ILedger.Cause.Export : ILedger.Cause.Assign,
                evidence: EVIDENCE,
                mandated: false
            })
        );
    }

    function _charge(Case memory c) private {
        if (c.kind != Kind.Pledged && c.kind != Kind.Recourse) return;
        ILedger.Lot memory held = ledger.lotOf(c.lot);
        uint8 kind = c.kind == Kind.Pledged ? LotFlags.PLEDGED : LotFlags.RECOURSE;
        ledger.charge(
            ILedger.ChargeOrder(c.lot, held.seq, held.owner, actors[c.target], kind, 1000, 0, EVIDENCE)
        );
    }

    function _bringInto(Case memory c, uint40 due) private {
        Column column = c.column;
        bool suspended = column >= Column.Suspended && column <= Column.SuspendedPaid;
        if (suspended) ledger.setSuspended(c.receivable, true, ORDER);
        bool paid = column == Column.Settled || column == Column.SuspendedPaid;
        bool part = column == Column.Settling || column == Column.SuspendedPartPaid
            || column == Column.DefaultedPartPaid || column == Column.WrittenOffPartPaid;
        if (paid || part) {
            ledger.recordPayment(c.receivable, debtor, paid ? FACE : FACE / 2, 0, TERMS);
        }
        if (column == Column.Cancelled) {
            ledger.cancel(c.receivable, debtor, supplier, EVIDENCE);
            return;
        }
        if (column < Column.Defaulted) return;
        _warpTo(c, due);
        ledger.recordDefault(c.receivable);
        if (column >= Column.WrittenOff) ledger.writeOff(c.receivable, ORDER);
    }

    function _warpTo(Case memory c, uint40 due) private {
        if (c.moment == Moment.Closed) vm.warp(due - 1 hours);
        if (c.moment == Moment.Overdue) vm.warp(due + 1 days);
        if (c.moment == Moment.Ended) vm.warp(due + 31 days);
    }
}
