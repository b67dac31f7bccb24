// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IIntents} from "../../src/interfaces/IIntents.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {IRulebook} from "../../src/interfaces/IRulebook.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {ReplayIntents} from "./ReplayIntents.sol";
import {ReplayReceipts} from "./ReplayReceipts.sol";
import {ReplayRecovery} from "./ReplayRecovery.sol";
import {Vm} from "./Vm.sol";

/// @title The state as an outsider rebuilds it from the events alone (I8)
/// @dev Knows nothing but logs and the time of their block.
contract Replay is ReplayReceipts, ReplayIntents, ReplayRecovery {
    struct Use {
        uint64 total;
        uint64 used;
    }

    mapping(address party => IParties.Party) private _parties;
    mapping(address party => mapping(address signer => IParties.SignerGrant)) public signers;
    mapping(address party => mapping(bytes32 digest => bool)) public revoked;
    mapping(bytes32 fingerprint => Use) public uses;
    mapping(address token => mapping(address holder => uint256)) public balances;
    mapping(address token => uint256) public supply;
    mapping(address token => uint64) public mintLimits;
    mapping(address keeper => mapping(address module => uint16)) public rights;
    mapping(address keeper => uint16) public paused;
    mapping(address managed => address) public authorityOf;
    mapping(uint16 param => mapping(uint16 currency => uint64[])) private _values;
    mapping(uint16 param => mapping(uint16 currency => uint40[])) private _effectives;

    bytes32[] public fingerprints;
    /// @dev with events that nobody understands: the AccessManager at most, whose roles are no state of ours
    address[] private _strangers;

    function party(address id) external view returns (IParties.Party memory) {
        return _parties[id];
    }

    function rules(uint16 param, uint16 currency) external view returns (uint64[] memory, uint40[] memory) {
        return (_values[param][currency], _effectives[param][currency]);
    }

    function counts() external view returns (uint256 receivables, uint256 invoices) {
        return (receivableIds.length, fingerprints.length);
    }

    function strangers() external view returns (address[] memory) {
        return _strangers;
    }

    function applyAll(Vm.Log[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            _apply(logs[i]);
        }
        _closeMoves();
        _closeBooks();
    }

    function _apply(Vm.Log memory log) private {
        bool known = _applyLedger(log) || _applyMoney(log) || _applyIntents(log) || _applyParties(log)
            || _applyRecovery(log) || _applyRest(log) || _saysNothingNew(log.topics[0]);
        if (known) return;
        for (uint256 i = 0; i < _strangers.length; ++i) {
            if (_strangers[i] == log.emitter) return;
        }
        _strangers.push(log.emitter);
    }

    /// @dev Terms and reasons beside the events that carry the state.
    function _saysNothingNew(bytes32 kind) private pure returns (bool) {
        return kind == IFinancing.Financed.selector || kind == IFinancing.BoughtBack.selector
            || kind == IPledges.Pledged.selector || kind == IPledges.PledgeReleased.selector
            || kind == IPledges.PledgeRealised.selector || kind == IIntents.IntentFailed.selector
            || kind == ISettlement.ClaimFailed.selector || kind == ICash.CashMinted.selector
            || kind == ICash.CashRedeemed.selector;
    }

    function _rightsOf(address keeper, address module) internal view override returns (uint16) {
        return rights[keeper][module];
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
        } else if (kind == IInvoices.InvoiceBound.selector || kind == IInvoices.InvoiceReleased.selector) {
            _used(log);
        } else {
            return false;
        }
        return true;
    }

    function _transferred(Vm.Log memory log) private {
        uint256 amount = abi.decode(log.data, (uint256));
        (address from, address to) = (_address(log.topics[1]), _address(log.topics[2]));
        if (_isPayer(log.emitter, from)) _paidOut(log.emitter, to, amount);
        if (from == address(0)) supply[log.emitter] += amount;
        else balances[log.emitter][from] -= amount;
        if (to == address(0)) supply[log.emitter] -= amount;
        else balances[log.emitter][to] += amount;
    }

    function _used(Vm.Log memory log) private {
        (uint64 amount, uint64 total, uint64 used) = abi.decode(log.data, (uint64, uint64, uint64));
        Use memory before = uses[log.topics[1]];
        bool bound = log.topics[0] == IInvoices.InvoiceBound.selector;
        uint64 expected = bound ? before.used + amount : before.used - amount;
        _same(used, expected, "I5: a use adds, a release takes away");
        if (before.used != 0) _same(total, before.total, "I5: a total that is used stays as it is");
        if (before.total == 0) fingerprints.push(log.topics[1]);
        uses[log.topics[1]] = Use(total, used);
    }

    function _applyRest(Vm.Log memory log) private returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IRights.RightsChanged.selector) {
            rights[log.emitter][_address(log.topics[1])] = abi.decode(log.data, (uint16));
        } else if (kind == IRights.PauseChanged.selector) {
            paused[log.emitter] = abi.decode(log.data, (uint16));
        } else if (kind == IAccessManaged.AuthorityUpdated.selector) {
            authorityOf[log.emitter] = abi.decode(log.data, (address));
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
}
