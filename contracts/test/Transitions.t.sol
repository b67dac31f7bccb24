// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimProblems, LotFlags} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {Payout} from "../src/interfaces/Payouts.sol";
import {TransitionCases} from "./support/TransitionCases.sol";

/// @title Nothing happens that the published table does not say, and everything that it says happens
/// @dev For each column: every moment, every number of lots up to three, every one of them looked at, every kind of lot, every
/// operation, and every choice of those who act among four actors.
/// forge-config: default.isolate = false
contract TransitionsTest is TransitionCases {
    function test_transitions_fromNone() public {
        _checkColumn(Column.None);
    }

    function test_transitions_fromActive() public {
        _checkColumn(Column.Active);
    }

    function test_transitions_fromSuspended() public {
        _checkColumn(Column.Suspended);
    }

    function test_transitions_fromSuspendedPartPaid() public {
        _checkColumn(Column.SuspendedPartPaid);
    }

    function test_transitions_fromSuspendedPaid() public {
        _checkColumn(Column.SuspendedPaid);
    }

    function test_transitions_fromSettling() public {
        _checkColumn(Column.Settling);
    }

    function test_transitions_fromSettled() public {
        _checkColumn(Column.Settled);
    }

    function test_transitions_fromDefaulted() public {
        _checkColumn(Column.Defaulted);
    }

    function test_transitions_fromDefaultedPartPaid() public {
        _checkColumn(Column.DefaultedPartPaid);
    }

    function test_transitions_fromWrittenOff() public {
        _checkColumn(Column.WrittenOff);
    }

    function test_transitions_fromWrittenOffPartPaid() public {
        _checkColumn(Column.WrittenOffPartPaid);
    }

    function test_transitions_fromCancelled() public {
        _checkColumn(Column.Cancelled);
    }

    // ---- walk

    function _checkColumn(Column column) private {
        uint256[] memory hits = new uint256[](_rowCount());
        Case memory c;
        c.column = column;
        for (uint256 moment = 0; moment < moments.length; ++moment) {
            for (uint256 kind = 0; kind < kinds.length; ++kind) {
                (c.moment, c.kind) = (Moment(moment), Kind(kind));
                _checkLots(c, hits);
            }
        }
        for (uint256 row = 0; row < hits.length; ++row) {
            _yes(_isReachable(row, uint8(column)) == (hits[row] != 0), "a cell that nothing leads to");
        }
    }

    function _checkLots(Case memory c, uint256[] memory hits) private {
        for (c.lots = 1; c.lots <= 3; ++c.lots) {
            for (c.target = 1; c.target <= c.lots; ++c.target) {
                if (!_canBe(c)) continue;
                uint256 memoryBefore = _memoryUsed();
                uint256 state = vm.snapshotState();
                _build(c);
                for (uint256 op = 0; op < operations.length; ++op) {
                    if (_fits(Op(op), c)) _checkOperation(Op(op), c, hits);
                }
                vm.revertToStateAndDelete(state);
                _forget(memoryBefore);
            }
        }
    }

    function _memoryUsed() private pure returns (uint256 end) {
        assembly ("memory-safe") {
            end := mload(0x40)
        }
    }

    /// @dev Memory is never given back, and its price grows with its square: a thousand cases would not fit into a test.
    function _forget(uint256 end) private pure {
        assembly ("memory-safe") {
            mstore(0x40, end)
        }
    }

    function _checkOperation(Op op, Case memory c, uint256[] memory hits) private {
        (uint256 row, bytes32 code) = _lookUp(uint8(op), uint8(c.moment), uint8(c.kind), uint8(c.column));
        ++hits[row];
        (uint256 firsts, uint256 seconds_) = _choices(op);
        for (uint256 i = 0; i < firsts; ++i) {
            for (uint256 j = 0; j < seconds_; ++j) {
                bytes32 expected = _expected(op, c, actors[i], actors[j], code);
                if (_isState(expected)) {
                    uint256 state = vm.snapshotState();
                    _happens(op, c, _call(op, c, actors[i], actors[j]), expected);
                    vm.revertToStateAndDelete(state);
                } else {
                    _fails(op, _call(op, c, actors[i], actors[j]), expected);
                }
            }
        }
    }

    function _happens(Op op, Case memory c, bytes memory data, bytes32 expected) private {
        uint24 lotCount = c.column == Column.None ? 0 : ledger.receivableOf(c.receivable).lotCount;
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = address(ledger).call(data);
        _yes(done, string.concat(operations[uint8(op)], " has to be done"));
        if (op == Op.Claim) _same(_problem(result), 0, "the lot is paid");
        ILedger.Receivable memory entry = ledger.receivableOf(c.receivable);
        _same(uint8(entry.state), uint256(expected), string.concat("state after ", operations[uint8(op)]));
        bool another = op <= Op.ForceWhole;
        _same(entry.lotCount, another ? lotCount + 1 : lotCount, "lots");
    }

    function _fails(Op op, bytes memory data, bytes32 expected) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = address(ledger).call(data);
        if (op == Op.Claim) {
            _same(_errorOf(_problem(result)), bytes4(expected), "a lot that gets nothing");
            return;
        }
        _yes(!done, string.concat(operations[uint8(op)], " has to be refused"));
        _same(bytes4(result), bytes4(expected), operations[uint8(op)]);
    }

    // ---- operations

    /// @dev An id is given once, and a receivable has either one lot or several.
    function _fits(Op op, Case memory c) private pure returns (bool) {
        if (op == Op.Issue) return c.column == Column.None;
        if (op == Op.CancelOneLot) return c.lots == 1;
        return op != Op.CancelSeveralLots || c.lots > 1;
    }

    /// @return firsts how many choices of who acts, and `seconds_` of with whom
    function _choices(Op op) private pure returns (uint256 firsts, uint256 seconds_) {
        bool two = (op >= Op.AssignPart && op <= Op.ChargeRecourse) || op >= Op.CancelOneLot;
        bool one = op == Op.LowerPledge || op == Op.PayPart || op == Op.PayAll;
        return (two || one ? 4 : 1, two ? 4 : 1);
    }

    function _call(Op op, Case memory c, address first, address second) private view returns (bytes memory) {
        uint64 id = c.receivable;
        if (op == Op.Issue) {
            return abi.encodeCall(
                ledger.issue, (ILedger.IssueOrder(debtor, supplier, FACE, _midnight(), CNY, TERMS, TERMS))
            );
        }
        if (op <= Op.ForceWhole) return _callMove(op, c, first, second);
        if (op <= Op.ChargeRecourse) {
            uint8 kind = op == Op.Pledge ? LotFlags.PLEDGED : LotFlags.RECOURSE;
            return abi.encodeCall(
                ledger.charge, (ILedger.ChargeOrder(c.lot, c.held.seq, first, second, kind, 1, 0, EVIDENCE))
            );
        }
        if (op == Op.LowerPledge) {
            return abi.encodeCall(ledger.lowerPledge, (c.lot, c.held.seq, first, 1, EVIDENCE));
        }
        if (op == Op.Freeze || op == Op.Unfreeze) {
            return abi.encodeCall(ledger.setFrozen, (c.lot, op == Op.Freeze, ORDER));
        }
        if (op == Op.Claim) return abi.encodeCall(ledger.recordClaims, (_list(c.lot)));
        if (op == Op.PayPart || op == Op.PayAll) return _callPay(op, c, first);
        if (op == Op.FlagOverdue) return abi.encodeCall(ledger.recordOverdue, (id));
        if (op == Op.DeclareDefault) return abi.encodeCall(ledger.recordDefault, (id));
        if (op == Op.Suspend || op == Op.Resume) {
            return abi.encodeCall(ledger.setSuspended, (id, op == Op.Suspend, ORDER));
        }
        if (op == Op.WriteOff) return abi.encodeCall(ledger.writeOff, (id, ORDER));
        return abi.encodeCall(ledger.cancel, (id, first, second, EVIDENCE));
    }

    function _callMove(Op op, Case memory c, address from, address to) private view returns (bytes memory) {
        ILedger.Cause cause = [
            ILedger.Cause.Assign,
            ILedger.Cause.Finance,
            ILedger.Cause.Export,
            ILedger.Cause.Buyback,
            ILedger.Cause.Recovery,
            ILedger.Cause.Forced
        ][(uint8(op) - 1) / 2];
        bool part = uint8(op) % 2 == 1;
        uint64 amount = part ? c.held.amount / 2 : c.held.amount;
        // of a lot that is empty or not there, somebody still asks for a cent
        if (amount == 0) amount = 1;
        return abi.encodeCall(
            ledger.move, (ILedger.MoveOrder(c.lot, c.held.seq, from, to, amount, cause, EVIDENCE, false))
        );
    }

    function _callPay(Op op, Case memory c, address payer) private view returns (bytes memory) {
        uint64 amount = 1;
        uint64 paidBefore = 0;
        if (c.column != Column.None) {
            ILedger.Receivable memory entry = ledger.receivableOf(c.receivable);
            (uint64 principal, uint64 interest) = ledger.owedAt(c.receivable, _today());
            paidBefore = entry.paid + entry.interestPaid;
            if (op == Op.PayAll && principal != 0) amount = principal + interest;
        }
        return abi.encodeCall(ledger.recordPayment, (c.receivable, payer, amount, paidBefore, TERMS));
    }

    // ---- who acts

    /// @dev The table says what happens when the right ones act; the wrong ones are refused for being so.
    function _expected(Op op, Case memory c, address first, address second, bytes32 code)
        private
        view
        returns (bytes32)
    {
        if (c.column == Column.None) return code;
        if (op >= Op.AssignPart && op <= Op.ForceWhole) {
            if (first != c.held.owner) return ILedger.LedgerNotOwner.selector;
            return second == first ? bytes32(ILedger.LedgerSelfMove.selector) : code;
        }
        if (op == Op.Pledge || op == Op.ChargeRecourse) {
            if (first != c.held.owner) return ILedger.LedgerNotOwner.selector;
            bool marked = c.held.flags != 0;
            return second == first && !marked ? bytes32(ILedger.LedgerSelfMove.selector) : code;
        }
        if (op == Op.LowerPledge && _isState(code) && first != c.held.chargee) {
            return ILedger.LedgerLotNotPledgedTo.selector;
        }
        if ((op == Op.PayPart || op == Op.PayAll) && first != debtor) {
            return ILedger.LedgerNotDebtor.selector;
        }
        if (op >= Op.CancelOneLot && c.column == Column.Active) {
            if (first != debtor) return ILedger.LedgerNotDebtor.selector;
            if (second != supplier) return ILedger.LedgerNotCreditor.selector;
        }
        return code;
    }

    // ---- claims

    function _problem(bytes memory result) private pure returns (uint8) {
        (Payout[] memory payouts,) = abi.decode(result, (Payout[], bool));
        return payouts[payouts.length - 1].problem();
    }

    function _errorOf(uint8 problem) private pure returns (bytes4) {
        if (problem == ClaimProblems.UNKNOWN) return ILedger.LedgerUnknownLot.selector;
        if (problem == ClaimProblems.NOTHING) return ILedger.LedgerNothingToClaim.selector;
        if (problem == ClaimProblems.FROZEN) return ILedger.LedgerLotFrozen.selector;
        if (problem == ClaimProblems.SUSPENDED) return ILedger.LedgerReceivableSuspended.selector;
        return 0;
    }
}
