// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IntentKinds, Powers} from "../interfaces/Codes.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "../modules/Intents.sol";
import {PartyWord, SignerWord, packParty} from "./PartyWords.sol";
import {Recovery} from "./Recovery.sol";

/// @title Organisations, their signers, powers and thresholds
contract Parties is Recovery {
    bytes32 private constant SET_SIGNER_TYPE = keccak256(
        "SetSigner(address party,address signer,uint16 powers,uint40 expires,uint32 version,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant SET_THRESHOLD_TYPE = keccak256(
        "SetThreshold(address party,uint8 power,uint8 threshold,uint32 version,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant REVOKE_TYPE =
        keccak256("Revoke(address party,bytes32 digest,uint40 deadline,uint64 salt)");

    mapping(address party => mapping(bytes32 digest => bool)) private _revoked;

    constructor(address authority) AccessManaged(authority) Intents("Tallystick Parties") {}

    /// @inheritdoc IParties
    function admit(
        bytes32 legalIdHash,
        uint16 roles,
        uint40 kybUntil,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds
    ) external restricted returns (address party) {
        if (legalIdHash == 0 || roles == 0) revert PartiesZeroValue();
        if (signers.length == 0) revert PartiesNoSigners();
        party = partyAddress(legalIdHash);
        if (PartyWord.unwrap(_parties[party]) != 0) revert PartiesAlreadyAdmitted(party);
        uint40 now_ = uint40(block.timestamp);
        _parties[party] = packParty(roles, kybUntil, now_);
        emit PartyAdmitted(party, legalIdHash, roles, kybUntil, now_);
        _setAll(party, signers, thresholds, 1);
    }

    /// @inheritdoc IParties
    function update(address party, Status status, uint16 roles, uint40 kybUntil, bytes32 reason)
        external
        restricted
    {
        PartyWord word = _known(party);
        if (status == Status.None || roles == 0 || reason == 0) revert PartiesZeroValue();
        _parties[party] = word.withStanding(status, roles, kybUntil);
        emit PartyChanged(party, status, roles, kybUntil, reason);
    }

    /// @inheritdoc IParties
    function setSigner(SetSigner calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashSetSigner(intent);
        requireSigned(intent.party, Powers.ADMIN, digest, signatures);
        uint32 version = _nextVersion(intent.party, intent.version);
        _setSigner(intent.party, intent.signer, intent.powers, intent.expires, version);
        emit IntentUsed(digest, IntentKinds.SET_SIGNER, 0, msg.sender);
    }

    /// @inheritdoc IParties
    function setThreshold(SetThreshold calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashSetThreshold(intent);
        requireSigned(intent.party, Powers.ADMIN, digest, signatures);
        uint32 version = _nextVersion(intent.party, intent.version);
        _setThreshold(intent.party, intent.power, intent.threshold, version);
        emit IntentUsed(digest, IntentKinds.SET_THRESHOLD, 0, msg.sender);
    }

    /// @inheritdoc IParties
    /// @dev Works for suspended parties too: it only ever takes a signature away.
    function revoke(Revoke calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        PartyWord word = _known(intent.party);
        bytes32 digest = hashRevoke(intent);
        (uint256 have,) = _countSigners(intent.party, Powers.COUNT, digest, signatures);
        if (have == 0) revert PartiesBelowThreshold(intent.party, Powers.COUNT, 0, 1);
        if (_revoked[intent.party][intent.digest]) revert PartiesIntentRevoked(intent.party, intent.digest);
        _parties[intent.party] = word.withRevocation();
        _revoked[intent.party][intent.digest] = true;
        emit IntentRevoked(intent.party, intent.digest);
        emit IntentUsed(digest, IntentKinds.REVOKE, 0, msg.sender);
    }

    /// @inheritdoc IParties
    function requireSigned(address party, uint8 power, bytes32 digest, bytes calldata signatures)
        public
        view
    {
        // a stolen key could otherwise keep the others from taking it away; a change that is not wanted any more is void
        // after any other, since it names the version
        PartyWord word = power == Powers.ADMIN ? _active(party) : _activeFor(party, digest);
        (uint256 have,) = _countSigners(party, power, digest, signatures);
        uint256 need = word.threshold(power);
        if (have < need) revert PartiesBelowThreshold(party, power, have, need);
    }

    /// @inheritdoc IParties
    function requireSignedBy(
        address party,
        address signer,
        uint8 power,
        bytes32 digest,
        bytes calldata signature
    ) external view {
        _activeFor(party, digest);
        address found = _soleSigner(party, power, digest, signature);
        if (found != signer) revert PartiesQuoterDiffers(signer, found);
    }

    /// @inheritdoc IParties
    function requireActive(address party, uint16 roles) external view {
        uint16 missing = roles & ~_active(party).roles();
        if (missing != 0) revert PartiesRoleMissing(party, missing);
    }

    /// @inheritdoc IParties
    function partyAddress(bytes32 legalIdHash) public view returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(block.chainid, address(this), legalIdHash)))));
    }

    /// @inheritdoc IParties
    function partyOf(address party) external view returns (Party memory) {
        PartyWord word = _known(party);
        return Party({
            status: word.status(),
            roles: word.roles(),
            kybUntil: word.kybUntil(),
            admittedAt: word.admittedAt(),
            version: word.version(),
            thresholds: word.thresholds()
        });
    }

    /// @inheritdoc IParties
    function signerOf(address party, address signer) external view returns (uint16 powers, uint40 expires) {
        SignerWord grant = _signers[party][signer];
        return (grant.powers(), grant.expires());
    }

    /// @inheritdoc IParties
    function thresholdOf(address party, uint8 power) external view returns (uint8) {
        return _known(party).threshold(power);
    }

    /// @inheritdoc IParties
    function isRevoked(address party, bytes32 digest) external view returns (bool) {
        return _revoked[party][digest];
    }

    /// @inheritdoc IParties
    function hashSetSigner(SetSigner calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(SET_SIGNER_TYPE, offset, 7 * 32);
    }

    /// @inheritdoc IParties
    function hashSetThreshold(SetThreshold calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(SET_THRESHOLD_TYPE, offset, 6 * 32);
    }

    /// @inheritdoc IParties
    function hashRevoke(Revoke calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(REVOKE_TYPE, offset, 4 * 32);
    }

    /// @dev Active, and the digest not withdrawn.
    function _activeFor(address party, bytes32 digest) private view returns (PartyWord word) {
        word = _active(party);
        if (word.hasRevoked() && _revoked[party][digest]) revert PartiesIntentRevoked(party, digest);
    }
}
