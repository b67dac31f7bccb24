// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IntentKinds, Powers} from "../interfaces/Codes.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "../modules/Intents.sol";
import {Signers} from "./Signers.sol";

/// @title Recovery of a party that lost its keys (ADR 0015)
/// @dev Keeps what was proposed as a hash: the events have it in full, and whoever carries it out brings it along.
abstract contract Recovery is Signers, AccessManaged, Intents {
    uint40 private constant DELAY = 24 hours;
    uint40 private constant LIFETIME = 30 days;
    bytes32 private constant VETO_RECOVERY_TYPE =
        keccak256("VetoRecovery(address party,bytes32 id,uint40 deadline,uint64 salt)");

    struct Proposal {
        bytes32 id;
        address proposer;
        uint40 readyAt;
        uint32 version;
    }

    mapping(address party => Proposal) private _proposals;

    /// @dev The AccessManager can call on behalf of whoever holds a role: one account could appear as two.
    modifier directly() {
        if (msg.sender == authority()) revert PartiesRecoveryIndirect(msg.sender);
        _;
    }

    /// @inheritdoc IParties
    function proposeRecovery(
        address party,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds,
        bytes32 reason
    ) external restricted directly returns (bytes32 id) {
        uint32 version = _known(party).version();
        if (reason == 0) revert PartiesZeroValue();
        if (signers.length == 0) revert PartiesNoSigners();
        _requireReplaceable(party, version);
        id = _idAt(version);
        _proposals[party] = Proposal(id, msg.sender, 0, version);
        emit RecoveryProposed(party, id, msg.sender, version, reason);
        for (uint256 i = 0; i < signers.length; ++i) {
            SignerGrant calldata grant = signers[i];
            _checkGrant(grant.signer, grant.powers);
            emit RecoverySignerProposed(party, id, grant.signer, grant.powers, grant.expires);
        }
        for (uint256 i = 0; i < thresholds.length; ++i) {
            ThresholdGrant calldata grant = thresholds[i];
            _checkThreshold(grant.power, grant.threshold);
            emit RecoveryThresholdProposed(party, id, grant.power, grant.threshold);
        }
    }

    /// @inheritdoc IParties
    function secondRecovery(address party, bytes32 id) external restricted directly {
        Proposal storage proposal = _pending(party, id);
        if (proposal.proposer == msg.sender) revert PartiesRecoverySameAccount(msg.sender);
        if (proposal.readyAt != 0) revert PartiesRecoverySeconded(party, id);
        _atVersion(party, proposal.version);
        uint40 readyAt = uint40(block.timestamp) + DELAY;
        proposal.readyAt = readyAt;
        emit RecoverySeconded(party, id, msg.sender, readyAt);
    }

    /// @inheritdoc IParties
    function cancelRecovery(address party, bytes32 id) external restricted {
        _end(party, id);
        emit RecoveryCancelled(party, id);
    }

    /// @inheritdoc IParties
    /// @dev Works for suspended parties too, and is not stopped by a `revoke`: whoever stole one key could otherwise keep the
    /// others from their veto.
    function vetoRecovery(VetoRecovery calldata intent, bytes calldata signature) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashVetoRecovery(intent);
        // the same may be proposed again under the same id
        _useOnce(digest);
        address signer = _soleSigner(intent.party, Powers.COUNT, digest, signature);
        _end(intent.party, intent.id);
        emit RecoveryVetoed(intent.party, intent.id, signer);
        emit IntentUsed(digest, IntentKinds.VETO_RECOVERY, 0, msg.sender);
    }

    /// @inheritdoc IParties
    function executeRecovery(
        address party,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds,
        bytes32
    ) external {
        uint32 version = _proposals[party].version;
        bytes32 id = _idAt(version);
        uint40 readyAt = _end(party, id);
        version = _nextVersion(party, version);
        if (readyAt == 0) revert PartiesRecoveryPending(party, id);
        uint40 expiresAt = readyAt + LIFETIME;
        if (block.timestamp < readyAt || block.timestamp >= expiresAt) {
            revert PartiesRecoveryNotReady(party, id, readyAt, expiresAt);
        }
        _setAll(party, signers, thresholds, version);
        emit RecoveryExecuted(party, id);
    }

    /// @inheritdoc IParties
    function recoveryOf(address party)
        external
        view
        returns (bytes32 id, address proposer, uint40 readyAt, uint32 version)
    {
        Proposal storage proposal = _proposals[party];
        return (proposal.id, proposal.proposer, proposal.readyAt, proposal.version);
    }

    /// @inheritdoc IParties
    function hashVetoRecovery(VetoRecovery calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(VETO_RECOVERY_TYPE, offset, 4 * 32);
    }

    function _pending(address party, bytes32 id) private view returns (Proposal storage proposal) {
        proposal = _proposals[party];
        if (id == 0 || proposal.id != id) revert PartiesRecoveryUnknown(party, id);
    }

    function _end(address party, bytes32 id) private returns (uint40 readyAt) {
        readyAt = _pending(party, id).readyAt;
        delete _proposals[party];
    }

    /// @dev What two have agreed on stands until it expires or the party's own signers have made it void. What nobody seconded
    /// counts as ready since 1970: it has expired.
    function _requireReplaceable(address party, uint32 version) private view {
        Proposal storage proposal = _proposals[party];
        if (proposal.version == version && block.timestamp < proposal.readyAt + LIFETIME) {
            revert PartiesRecoverySeconded(party, proposal.id);
        }
    }

    /// @dev Of the arguments as they lie in the calldata: to be used in `proposeRecovery` and `executeRecovery` only, which take
    /// the same.
    function _idAt(uint32 version) private pure returns (bytes32) {
        return keccak256(bytes.concat(bytes32(uint256(version)), msg.data[4:]));
    }
}
