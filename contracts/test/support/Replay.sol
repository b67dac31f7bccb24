// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {IRulebook} from "../../src/interfaces/IRulebook.sol";
import {ReplayRecovery} from "./ReplayRecovery.sol";
import {Vm} from "./Vm.sol";

/// @title The state as an outsider rebuilds it from the events alone (I8)
/// @dev Knows nothing but logs and the time of their block.
contract Replay is ReplayRecovery {
    struct Totals {
        uint64 principal;
        uint64 interest;
    }

    struct Use {
        uint64 total;
        uint64 used;
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

    mapping(uint64 id => ILedger.Receivable) private _receivables;
    mapping(uint64 id => ILedger.Lot) private _lots;
    mapping(uint64 receivable => mapping(uint16 installment => Totals)) public totals;
    mapping(address debtor => uint32) public blocking;
    mapping(uint16 currency => address) public cashOf;
    mapping(address party => IParties.Party) private _parties;
    mapping(address party => mapping(address signer => IParties.SignerGrant)) public signers;
    mapping(address party => mapping(bytes32 digest => bool)) public revoked;
    mapping(bytes32 fingerprint => Use) public uses;
    mapping(address token => mapping(address holder => uint256)) public balances;
    mapping(address token => uint256) public supply;
    mapping(address token => uint64) public mintLimits;
    mapping(address keeper => mapping(address module => uint16)) public rights;
    mapping(address keeper => uint16) public paused;
    mapping(uint16 param => mapping(uint16 currency => uint64[])) private _values;
    mapping(uint16 param => mapping(uint16 currency => uint40[])) private _effectives;

    uint64[] public receivableIds;
    bytes32[] public fingerprints;
    uint256 public unknownLogs;

    function receivable(uint64 id) external view returns (ILedger.Receivable memory) {
        return _receivables[id];
    }

    function lot(uint64 id) external view returns (ILedger.Lot memory) {
        return _lots[id];
    }

    function party(address id) external view returns (IParties.Party memory) {
        return _parties[id];
    }

    function rules(uint16 param, uint16 currency) external view returns (uint64[] memory, uint40[] memory) {
        return (_values[param][currency], _effectives[param][currency]);
    }

    function counts() external view returns (uint256 receivables, uint256 invoices) {
        return (receivableIds.length, fingerprints.length);
    }

    function applyAll(Vm.Log[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            _apply(logs[i]);
        }
    }

    function _apply(Vm.Log memory log) private {
        bool known = _applyLedger(log) || _applyParties(log) || _applyRecovery(log) || _applyMoney(log)
            || _applyRest(log);
        if (!known) ++unknownLogs;
    }

    function _applyLedger(Vm.Log memory log) private returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == ILedger.ReceivableIssued.selector) _issued(log);
        else if (kind == ILedger.ReceivableTerms.selector) _terms(log);
        else if (kind == ILedger.LotMoved.selector) _moved(log);
        else if (kind == ILedger.PaymentReceived.selector) _paid(log);
        else if (kind == ILedger.LotClaimed.selector) _claimed(log);
        else if (kind == ILedger.ReceivableStateChanged.selector) _stateChanged(log);
        else if (kind == ILedger.OverdueChanged.selector) _overdueChanged(log);
        else if (kind == ILedger.CurrencySet.selector) _currencySet(log);
        else return false;
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
        ++_receivables[id].lotCount;
        if (parent != 0) {
            ILedger.Lot storage kept = _lots[parent];
            (kept.first, kept.amount, kept.seq) = (data.first + data.amount, data.parentLeft, data.parentSeq);
        }
        _lots[child] = ILedger.Lot({
            owner: data.to,
            receivable: id,
            depth: data.depth,
            claimedThrough: 0,
            first: data.first,
            amount: data.amount,
            parent: parent,
            seq: 0,
            since: uint40(block.timestamp)
        });
    }

    function _paid(Vm.Log memory log) private {
        PaidData memory data = abi.decode(log.data, (PaidData));
        uint64 id = _u64(log.topics[1]);
        ILedger.Receivable storage entry = _receivables[id];
        (entry.installments, entry.paid, entry.interestPaid) =
        (data.installment, data.paid, data.interestPaid);
        (entry.interestOwed, entry.interestThrough) = (data.interestOwed, data.interestThrough);
        totals[id][data.installment] = Totals(data.paid, data.interestPaid);
    }

    function _claimed(Vm.Log memory log) private {
        (,, uint16 through, uint64 claimed) = abi.decode(log.data, (uint64, uint64, uint16, uint64));
        _receivables[_u64(log.topics[1])].claimed = claimed;
        _lots[_u64(log.topics[2])].claimedThrough = through;
    }

    function _stateChanged(Vm.Log memory log) private {
        (, uint8 to) = abi.decode(log.data, (uint8, uint8));
        _receivables[_u64(log.topics[1])].state = ILedger.State(to);
    }

    function _overdueChanged(Vm.Log memory log) private {
        (bool overdue, uint32 count) = abi.decode(log.data, (bool, uint32));
        _receivables[_u64(log.topics[1])].overdue = overdue;
        blocking[_address(log.topics[2])] = count;
    }

    function _currencySet(Vm.Log memory log) private {
        cashOf[uint16(uint256(log.topics[1]))] = abi.decode(log.data, (address));
    }

    function _applyParties(Vm.Log memory log) private returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IParties.PartyAdmitted.selector) {
            _admitted(log);
        } else if (kind == IParties.PartyChanged.selector) {
            _partyChanged(log);
        } else if (kind == IParties.SignerChanged.selector) {
            _signerChanged(log);
        } else if (kind == IParties.ThresholdChanged.selector) {
            _thresholdChanged(log);
        } else if (kind == IParties.IntentRevoked.selector) {
            revoked[_address(log.topics[1])][log.topics[2]] = true;
        } else {
            return false;
        }
        return true;
    }

    function _admitted(Vm.Log memory log) private {
        IParties.Party storage entry = _parties[_address(log.topics[1])];
        entry.status = IParties.Status.Active;
        (entry.roles, entry.kybUntil, entry.admittedAt) = abi.decode(log.data, (uint16, uint40, uint40));
    }

    function _partyChanged(Vm.Log memory log) private {
        IParties.Party storage entry = _parties[_address(log.topics[1])];
        (entry.status, entry.roles, entry.kybUntil,) =
            abi.decode(log.data, (IParties.Status, uint16, uint40, bytes32));
    }

    function _signerChanged(Vm.Log memory log) private {
        address id = _address(log.topics[1]);
        address signer = _address(log.topics[2]);
        (uint16 powers, uint40 expires, uint32 version) = abi.decode(log.data, (uint16, uint40, uint32));
        signers[id][signer] = IParties.SignerGrant(signer, powers, expires);
        _parties[id].version = version;
    }

    function _thresholdChanged(Vm.Log memory log) private {
        IParties.Party storage entry = _parties[_address(log.topics[1])];
        (uint8 power, uint8 threshold, uint32 version) = abi.decode(log.data, (uint8, uint8, uint32));
        uint32 cleared = entry.thresholds & ~(uint32(15) << (power * 4));
        entry.thresholds = cleared | (uint32(threshold) << (power * 4));
        entry.version = version;
    }

    function _applyMoney(Vm.Log memory log) private returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IERC20.Transfer.selector) {
            _transferred(log);
        } else if (kind == ICash.MintLimitChanged.selector) {
            mintLimits[log.emitter] = abi.decode(log.data, (uint64));
        } else if (kind == IInvoices.InvoiceBound.selector) {
            _bound(log);
        } else {
            return false;
        }
        return true;
    }

    function _transferred(Vm.Log memory log) private {
        uint256 amount = abi.decode(log.data, (uint256));
        (address from, address to) = (_address(log.topics[1]), _address(log.topics[2]));
        if (from == address(0)) supply[log.emitter] += amount;
        else balances[log.emitter][from] -= amount;
        if (to == address(0)) supply[log.emitter] -= amount;
        else balances[log.emitter][to] += amount;
    }

    function _bound(Vm.Log memory log) private {
        (, uint64 total, uint64 used) = abi.decode(log.data, (uint64, uint64, uint64));
        if (uses[log.topics[1]].total == 0) fingerprints.push(log.topics[1]);
        uses[log.topics[1]] = Use(total, used);
    }

    function _applyRest(Vm.Log memory log) private returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IRights.RightsChanged.selector) {
            rights[log.emitter][_address(log.topics[1])] = abi.decode(log.data, (uint16));
        } else if (kind == IRights.PauseChanged.selector) {
            paused[log.emitter] = abi.decode(log.data, (uint16));
        } else if (kind == IRulebook.RuleScheduled.selector) {
            (uint64 value, uint40 effective) = abi.decode(log.data, (uint64, uint40));
            (uint16 param, uint16 currency) = (uint16(uint256(log.topics[1])), uint16(uint256(log.topics[2])));
            _values[param][currency].push(value);
            _effectives[param][currency].push(effective);
        } else {
            return false;
        }
        return true;
    }

    function _u64(bytes32 topic) private pure returns (uint64) {
        return uint64(uint256(topic));
    }
}
