// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParties} from "../../src/interfaces/IParties.sol";
import {Topics} from "./Topics.sol";
import {Vm} from "./Vm.sol";

/// @title Proposed recoveries, rebuilt from the events alone (I8)
abstract contract ReplayRecovery is Topics {
    struct Proposal {
        bytes32 id;
        address proposer;
        uint40 readyAt;
        uint32 version;
    }

    struct Content {
        IParties.SignerGrant[] signers;
        IParties.ThresholdGrant[] thresholds;
        bytes32 reason;
    }

    mapping(address party => Proposal) public recovery;
    mapping(address party => Content) private _contents;

    /// @return id as it follows from what the events say is proposed: who carries it out needs nothing else
    function recoveryId(address party) external view returns (bytes32 id) {
        if (recovery[party].id == 0) return 0;
        Content memory content = _contents[party];
        bytes memory arguments = abi.encode(party, content.signers, content.thresholds, content.reason);
        return keccak256(bytes.concat(bytes32(uint256(recovery[party].version)), arguments));
    }

    function _applyRecovery(Vm.Log memory log) internal returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IParties.RecoveryProposed.selector) {
            _proposed(log);
        } else if (kind == IParties.RecoverySignerProposed.selector) {
            _contents[_address(log.topics[1])].signers.push(abi.decode(log.data, (IParties.SignerGrant)));
        } else if (kind == IParties.RecoveryThresholdProposed.selector) {
            _contents[_address(log.topics[1])].thresholds
                .push(abi.decode(log.data, (IParties.ThresholdGrant)));
        } else if (kind == IParties.RecoverySeconded.selector) {
            recovery[_address(log.topics[1])].readyAt = abi.decode(log.data, (uint40));
        } else if (
            kind == IParties.RecoveryVetoed.selector || kind == IParties.RecoveryCancelled.selector
                || kind == IParties.RecoveryExecuted.selector
        ) {
            delete recovery[_address(log.topics[1])];
        } else {
            return false;
        }
        return true;
    }

    function _proposed(Vm.Log memory log) private {
        address party = _address(log.topics[1]);
        (uint32 version, bytes32 reason) = abi.decode(log.data, (uint32, bytes32));
        recovery[party] = Proposal(log.topics[2], _address(log.topics[3]), 0, version);
        delete _contents[party];
        _contents[party].reason = reason;
    }
}
