// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {Checks} from "./Checks.sol";
import {Permitted} from "./Permitted.sol";
import {Topics} from "./Topics.sol";
import {Vm} from "./Vm.sol";

/// @title The ledger's part of the state as the events give it
/// @dev An event that contradicts those before it is refused: a lot made twice (I2), a `seq` that falls (I7), a change that
/// the rules do not permit (I6, I9).
abstract contract ReplayLedger is Checks, Topics {
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
    /// @dev charges that have to go along with a move, until its events are through
    mapping(uint64 child => bytes32) private _chargeGoingAlong;
    uint64[] private _movedUnderCharge;
    /// @dev the next claim of this lot is announced: it raised `seq`
    mapping(uint64 lot => bool) internal _claimAnnounced;

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
        else if (kind == ILedger.ReceivableImported.selector) _imported(log);
        else if (kind == ILedger.TotalsImported.selector) _totalsImported(log);
        else if (kind == ILedger.LotImported.selector) _lotImported(log);
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
        ILedger.Receivable storage entry = _receivables[id];
        if (parent != 0) {
            ILedger.Lot storage kept = _lots[parent];
            Permitted.move(entry, kept, ILedger.Cause(data.cause), data.amount, data.depth);
            _same(data.parentSeq, kept.seq + 1, "I7: a cut raises seq by one");
            _same(data.from, kept.owner, "I2: title comes from the parent's owner");
            _goAlong(kept, child, data);
            (kept.first, kept.amount, kept.seq) = (data.first + data.amount, data.parentLeft, data.parentSeq);
        }
        _same(child, (id << 24) + ++entry.lotCount, "I2: lots are numbered as they are made");
        _yes(data.evidence != 0, "every hop has its evidence");
        ILedger.Lot storage made = _lots[child];
        (made.owner, made.receivable, made.parent) = (data.to, id, parent);
        (made.first, made.amount, made.depth) = (data.first, data.amount, data.depth);
        made.since = uint40(block.timestamp);
        made.claimedThrough = _lots[parent].claimedThrough;
        _inherit(parent, child, data.parentLeft == 0);
    }

    /// @dev Unless title comes to whom the charge was for, or it is what is enforced.
    function _goAlong(ILedger.Lot memory parent, uint64 child, MovedData memory data) private {
        if (parent.flags & LotFlags.CHARGED == 0) return;
        bool ends = data.to == parent.chargee || data.cause == uint8(ILedger.Cause.Recovery);
        if (ends) (parent.chargee, parent.secured, parent.recourseLimit) = (address(0), 0, 0);
        _chargeGoingAlong[child] = keccak256(abi.encode(parent.chargee, parent.secured, parent.recourseLimit));
        _movedUnderCharge.push(child);
    }

    /// @dev Called after the events of one action.
    function _closeMoves() internal {
        for (uint256 i = 0; i < _movedUnderCharge.length; ++i) {
            ILedger.Lot storage made = _lots[_movedUnderCharge[i]];
            bytes32 expected = _chargeGoingAlong[_movedUnderCharge[i]];
            bytes32 charge = keccak256(abi.encode(made.chargee, made.secured, made.recourseLimit));
            _yes(expected == 0 || charge == expected, "a charge goes along with its lot");
        }
        delete _movedUnderCharge;
    }

    function _inherit(uint64 parent, uint64 child, bool whole) internal virtual;

    function _paid(Vm.Log memory log) private {
        PaidData memory data = abi.decode(log.data, (PaidData));
        uint64 id = _u64(log.topics[1]);
        ILedger.Receivable storage entry = _receivables[id];
        Permitted.payment(entry, data.principal, data.interest, data.interestOwed);
        _same(data.installment, entry.installments + 1, "payments are numbered as they come");
        _same(data.paid, entry.paid + data.principal, "a payment adds to what was paid");
        _same(data.interestPaid, entry.interestPaid + data.interest, "interest likewise");
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
        Permitted.state(entry, ILedger.State(to));
        entry.state = ILedger.State(to);
    }

    function _overdueChanged(Vm.Log memory log) private {
        (bool overdue, uint32 count) = abi.decode(log.data, (bool, uint32));
        ILedger.Receivable storage entry = _receivables[_u64(log.topics[1])];
        Permitted.overdue(entry, overdue);
        entry.overdue = overdue;
        blocking[_address(log.topics[2])] = count;
    }

    function _flagsChanged(Vm.Log memory log) private {
        (uint8 flags, uint24 seq, bytes32 evidence) = abi.decode(log.data, (uint8, uint24, bytes32));
        ILedger.Lot storage entry = _lots[_u64(log.topics[2])];
        _atMost(entry.seq, seq, "I7: seq never falls");
        _atMost(seq, entry.seq + 1, "I7: seq rises by one");
        if (evidence == 0) {
            _yes(
                flags == entry.flags && seq > entry.seq,
                "only a claim has no evidence, and it changes no flag"
            );
            _claimAnnounced[_u64(log.topics[2])] = true;
        }
        // bought by whom it was charged for, and charged again: for whom sold it
        if (seq > entry.seq) delete _chargeGoingAlong[_u64(log.topics[2])];
        Permitted.flags(_receivables[_u64(log.topics[1])], entry, flags, seq > entry.seq);
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

    function _imported(Vm.Log memory log) private {
        uint64 id = _u64(log.topics[1]);
        ILedger.Receivable memory entry = abi.decode(log.data, (ILedger.Receivable));
        _receivables[id] = entry;
        // that comes as an event of its own
        _receivables[id].overdue = false;
        receivableIds.push(id);
        totals[id][entry.installments] = Totals(entry.paid, entry.interestPaid);
    }

    function _totalsImported(Vm.Log memory log) private {
        (uint16 installment, uint64 principal, uint64 interest) =
            abi.decode(log.data, (uint16, uint64, uint64));
        totals[_u64(log.topics[1])][installment] = Totals(principal, interest);
    }

    function _lotImported(Vm.Log memory log) private {
        _lots[_u64(log.topics[1])] = abi.decode(log.data, (ILedger.Lot));
    }

    function _currencySet(Vm.Log memory log) private {
        cashOf[uint16(uint256(log.topics[1]))] = abi.decode(log.data, (address));
    }
}
