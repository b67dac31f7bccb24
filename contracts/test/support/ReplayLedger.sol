// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../../src/interfaces/ILedger.sol";
import {Checks} from "./Checks.sol";
import {Vm} from "./Vm.sol";

/// @title The ledger's part of the state as the events give it
/// @dev An event that contradicts those before it is refused: a lot made twice (I2), a `seq` that falls (I7), a change of state
/// that must not be (I9).
abstract contract ReplayLedger is Checks {
    struct Totals {
        uint64 principal;
        uint64 interest;
    }

    struct MovedData {
        address from;
        address to;
        uint64 first;
        uint64 amount;
        uint64 parentLeft;
        uint24 parentSeq;
        uint8 depth;
        uint8 cause;
        bytes32 evidence;
    }

    struct IssuedData {
        uint64 lot;
        uint64 face;
        uint40 due;
        uint16 currency;
        bytes32 termsHash;
        bytes32 invoiceSet;
    }

    struct TermsData {
        uint8 maxDepth;
        uint24 maxLots;
        uint64 minLotMinor;
        uint32 lateRatePpmPerDay;
        uint16 graceDays;
        uint32 closeWindowSeconds;
    }

    struct PaidData {
        uint16 installment;
        uint64 principal;
        uint64 interest;
        uint64 paid;
        uint64 interestPaid;
        uint64 interestOwed;
        uint40 interestThrough;
        bytes32 digest;
    }

    mapping(uint64 id => ILedger.Receivable) internal _receivables;
    mapping(uint64 id => ILedger.Lot) internal _lots;
    mapping(uint64 receivable => mapping(uint16 installment => Totals)) public totals;
    mapping(address debtor => uint32) public blocking;
    mapping(uint16 currency => address) public cashOf;

    uint64[] public receivableIds;

    function receivable(uint64 id) external view returns (ILedger.Receivable memory) {
        return _receivables[id];
    }

    function lot(uint64 id) external view returns (ILedger.Lot memory) {
        return _lots[id];
    }

    function _applyLedger(Vm.Log memory log) internal returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == ILedger.ReceivableIssued.selector) _issued(log);
        else if (kind == ILedger.ReceivableTerms.selector) _terms(log);
        else if (kind == ILedger.LotMoved.selector) _moved(log);
        else if (kind == ILedger.PaymentReceived.selector) _paid(log);
        else if (kind == ILedger.LotClaimed.selector) _claimed(log);
        else if (kind == ILedger.ReceivableStateChanged.selector) _stateChanged(log);
        else if (kind == ILedger.OverdueChanged.selector) _overdueChanged(log);
        else if (kind == ILedger.CurrencySet.selector) _currencySet(log);
        else if (kind == ILedger.LotFlagsChanged.selector) _flagsChanged(log);
        else if (kind == ILedger.LotCharged.selector) _charged(log);
        else if (kind == ILedger.ReceivableWrittenOff.selector) _writtenOff(log);
        else if (kind == ILedger.ChargePaid.selector) _chargePaid(log);
        // a reason: nothing that the ledger keeps
        else return kind == ILedger.ReceivableOrdered.selector;
        return true;
    }

    function _issued(Vm.Log memory log) private {
        IssuedData memory data = abi.decode(log.data, (IssuedData));
        ILedger.Receivable storage entry = _receivables[_u64(log.topics[1])];
        receivableIds.push(_u64(log.topics[1]));
        entry.debtor = _address(log.topics[2]);
        entry.creditor = _address(log.topics[3]);
        (entry.face, entry.due, entry.currency) = (data.face, data.due, data.currency);
        (entry.termsHash, entry.invoiceSet) = (data.termsHash, data.invoiceSet);
        entry.issued = uint40(block.timestamp);
        entry.state = ILedger.State.Active;
    }

    function _terms(Vm.Log memory log) private {
        ILedger.Receivable storage entry = _receivables[_u64(log.topics[1])];
        TermsData memory data = abi.decode(log.data, (TermsData));
        (entry.maxDepth, entry.maxLots, entry.minLotMinor) = (data.maxDepth, data.maxLots, data.minLotMinor);
        entry.lateRatePpmPerDay = data.lateRatePpmPerDay;
        (entry.graceDays, entry.closeWindowSeconds) = (data.graceDays, data.closeWindowSeconds);
    }

    function _moved(Vm.Log memory log) private {
        MovedData memory data = abi.decode(log.data, (MovedData));
        (uint64 id, uint64 parent, uint64 child) =
            (_u64(log.topics[1]), _u64(log.topics[2]), _u64(log.topics[3]));
        _same(child, (id << 24) + ++_receivables[id].lotCount, "I2: lots are numbered as they are made");
        if (parent != 0) {
            ILedger.Lot storage kept = _lots[parent];
            _same(data.parentSeq, kept.seq + 1, "I7: a cut raises seq by one");
            _same(data.from, kept.owner, "I2: title comes from the parent's owner");
            (kept.first, kept.amount, kept.seq) = (data.first + data.amount, data.parentLeft, data.parentSeq);
        }
        ILedger.Lot storage made = _lots[child];
        (made.owner, made.receivable, made.parent) = (data.to, id, parent);
        (made.first, made.amount, made.depth) = (data.first, data.amount, data.depth);
        made.since = uint40(block.timestamp);
        made.claimedThrough = _lots[parent].claimedThrough;
        _inherit(parent, child, data.parentLeft == 0);
    }

    function _inherit(uint64 parent, uint64 child, bool whole) internal virtual;

    function _paid(Vm.Log memory log) private {
        PaidData memory data = abi.decode(log.data, (PaidData));
        uint64 id = _u64(log.topics[1]);
        ILedger.Receivable storage entry = _receivables[id];
        (entry.installments, entry.paid, entry.interestPaid) =
        (data.installment, data.paid, data.interestPaid);
        (entry.interestOwed, entry.interestThrough) = (data.interestOwed, data.interestThrough);
        totals[id][data.installment] = Totals(data.paid, data.interestPaid);
    }

    function _chargePaid(Vm.Log memory log) internal virtual;

    function _claimed(Vm.Log memory log) internal virtual {
        (,, uint16 through, uint64 claimed) = abi.decode(log.data, (uint64, uint64, uint16, uint64));
        _receivables[_u64(log.topics[1]) >> 24].claimed = claimed;
        _lots[_u64(log.topics[1])].claimedThrough = through;
    }

    function _stateChanged(Vm.Log memory log) private {
        (uint8 from, uint8 to) = abi.decode(log.data, (uint8, uint8));
        ILedger.Receivable storage entry = _receivables[_u64(log.topics[1])];
        _same(from, uint8(entry.state), "I9: a change of state starts where the last one ended");
        _yes(_isLegal(ILedger.State(from), ILedger.State(to)), "I9: a forbidden change of state");
        entry.state = ILedger.State(to);
    }

    /// @dev The table of docs/properties.md.
    function _isLegal(ILedger.State from, ILedger.State to) private pure returns (bool) {
        if (from == ILedger.State.Active) {
            return to == ILedger.State.Suspended || to == ILedger.State.Settling
                || to == ILedger.State.Settled || to == ILedger.State.Defaulted
                || to == ILedger.State.Cancelled;
        }
        if (from == ILedger.State.Suspended) {
            return to == ILedger.State.Active || to == ILedger.State.Settling || to == ILedger.State.Settled;
        }
        if (from == ILedger.State.Settling) {
            return to == ILedger.State.Settled || to == ILedger.State.Defaulted;
        }
        return
            from == ILedger.State.Defaulted && (to == ILedger.State.Settled || to == ILedger.State.WrittenOff);
    }

    function _overdueChanged(Vm.Log memory log) private {
        (bool overdue, uint32 count) = abi.decode(log.data, (bool, uint32));
        _receivables[_u64(log.topics[1])].overdue = overdue;
        blocking[_address(log.topics[2])] = count;
    }

    function _flagsChanged(Vm.Log memory log) private {
        (uint8 flags, uint24 seq,) = abi.decode(log.data, (uint8, uint24, bytes32));
        ILedger.Lot storage entry = _lots[_u64(log.topics[2])];
        _atMost(entry.seq, seq, "I7: seq never falls");
        (entry.flags, entry.seq) = (flags, seq);
    }

    function _charged(Vm.Log memory log) private {
        ILedger.Lot storage entry = _lots[_u64(log.topics[1])];
        entry.chargee = _address(log.topics[2]);
        (entry.secured, entry.recourseLimit) = abi.decode(log.data, (uint64, uint64));
    }

    function _writtenOff(Vm.Log memory log) private {
        uint64 id = _u64(log.topics[1]);
        ILedger.Receivable storage entry = _receivables[id];
        (uint16 installment,,,) = abi.decode(log.data, (uint16, uint64, uint64, bytes32));
        entry.installments = installment;
        totals[id][installment] = Totals(entry.paid, entry.interestPaid);
    }

    function _currencySet(Vm.Log memory log) private {
        cashOf[uint16(uint256(log.topics[1]))] = abi.decode(log.data, (address));
    }

    function _u64(bytes32 topic) internal pure returns (uint64) {
        return uint64(uint256(topic));
    }

    function _address(bytes32 topic) internal pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
