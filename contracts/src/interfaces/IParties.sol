// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Organisations, their signers, powers and thresholds
/// @notice A party is identified by an address that nobody holds a key for. Lots and cash belong to parties; keys are signers.
interface IParties is IIntents {
    enum Status {
        None,
        Active,
        Suspended
    }

    /// @param thresholds one nibble per power (lowest nibble: power 0); 0 means 1
    /// @param version rises with every change of a signer or threshold
    struct Party {
        Status status;
        uint16 roles;
        uint40 kybUntil;
        uint40 admittedAt;
        uint32 version;
        uint32 thresholds;
    }

    /// @param powers bit mask by `Powers`; 0 removes the signer
    /// @param expires first second at which the signer is no longer valid
    struct SignerGrant {
        address signer;
        uint16 powers;
        uint40 expires;
    }

    struct ThresholdGrant {
        uint8 power;
        uint8 threshold;
    }

    struct SetSigner {
        address party;
        address signer;
        uint16 powers;
        uint40 expires;
        uint32 version;
        uint40 deadline;
        uint64 salt;
    }

    struct SetThreshold {
        address party;
        uint8 power;
        uint8 threshold;
        uint32 version;
        uint40 deadline;
        uint64 salt;
    }

    struct Revoke {
        address party;
        bytes32 digest;
        uint40 deadline;
        uint64 salt;
    }

    /// @notice Withdrawal of a proposed recovery by the party itself.
    struct VetoRecovery {
        address party;
        bytes32 id;
        uint40 deadline;
        uint64 salt;
    }

    event PartyAdmitted(
        address indexed party, bytes32 indexed legalIdHash, uint16 roles, uint40 kybUntil, uint40 admittedAt
    );
    /// @param reason hash of the decision or order behind the change, never zero
    event PartyChanged(address indexed party, Status status, uint16 roles, uint40 kybUntil, bytes32 reason);
    event SignerChanged(
        address indexed party, address indexed signer, uint16 powers, uint40 expires, uint32 version
    );
    event ThresholdChanged(address indexed party, uint8 power, uint8 threshold, uint32 version);
    event IntentRevoked(address indexed party, bytes32 indexed digest);
    /// @notice New signers are proposed for a party that lost its keys; each of them follows as an event of its own.
    /// @param version the party's at the time: any change by its own signers makes the proposal void
    event RecoveryProposed(
        address indexed party, bytes32 indexed id, address indexed proposer, uint32 version, bytes32 reason
    );
    event RecoverySignerProposed(
        address indexed party, bytes32 indexed id, address signer, uint16 powers, uint40 expires
    );
    event RecoveryThresholdProposed(address indexed party, bytes32 indexed id, uint8 power, uint8 threshold);
    /// @param readyAt first second at which it may be carried out
    event RecoverySeconded(
        address indexed party, bytes32 indexed id, address indexed seconder, uint40 readyAt
    );
    event RecoveryVetoed(address indexed party, bytes32 indexed id, address indexed signer);
    event RecoveryCancelled(address indexed party, bytes32 indexed id);
    event RecoveryExecuted(address indexed party, bytes32 indexed id);

    error PartiesUnknown(address party);
    error PartiesAlreadyAdmitted(address party);
    error PartiesNotActive(address party, Status status);
    error PartiesKybExpired(address party, uint40 kybUntil);
    error PartiesRoleMissing(address party, uint16 role);
    error PartiesZeroValue();
    error PartiesNoSigners();
    /// @dev `powers` outside the known mask, power index out of range, or threshold not in 1..15
    error PartiesBadGrant(address signer, uint8 power, uint256 value);
    error PartiesStaleVersion(address party, uint32 given, uint32 current);
    error PartiesBelowThreshold(address party, uint8 power, uint256 have, uint256 need);
    error PartiesSignerUnknown(address party, address signer);
    error PartiesSignerExpired(address party, address signer, uint40 expires);
    error PartiesSignerLacksPower(address party, address signer, uint8 power);
    /// @dev Signers must be in strictly ascending order of address: one key cannot count twice.
    error PartiesSignersNotAscending(address previous, address signer);
    error PartiesBadSignature(address signer);
    /// @dev Not a whole number of 65-byte entries, or a contract signature that points outside the data.
    error PartiesBadSignatureEncoding(uint256 length);
    error PartiesIntentRevoked(address party, bytes32 digest);
    error PartiesQuoterDiffers(address quoter, address signer);
    error PartiesRecoveryUnknown(address party, bytes32 id);
    /// @dev Nobody has seconded it yet.
    error PartiesRecoveryPending(address party, bytes32 id);
    error PartiesRecoverySeconded(address party, bytes32 id);
    /// @dev Who proposes cannot second: two roles, two accounts.
    error PartiesRecoverySameAccount(address account);
    /// @dev Nor through the AccessManager, whose address would hide who it was.
    error PartiesRecoveryIndirect(address caller);
    error PartiesRecoveryNotReady(address party, bytes32 id, uint40 readyAt, uint40 expiresAt);

    /// @notice Admit an organisation with its first signers and thresholds.
    /// @param legalIdHash HMAC of the legal identifier under the consortium secret
    /// @return party address derived from chain id, this registry and `legalIdHash`
    /// @custom:access AccessManager role REGISTRAR
    function admit(
        bytes32 legalIdHash,
        uint16 roles,
        uint40 kybUntil,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds
    ) external returns (address party);

    /// @notice Change status, roles or the end of KYB validity. Signers are never touched.
    /// @custom:access AccessManager role REGISTRAR
    function update(address party, Status status, uint16 roles, uint40 kybUntil, bytes32 reason) external;

    /// @notice Propose new signers and thresholds for a party that lost its keys. One proposal a party at a time; a later
    /// one takes the place of an earlier one that nobody seconded, that has expired or that is void.
    /// @param signers to be set as by `setSigner`; signers that are not named stay as they are
    /// @param reason hash of the decision behind it, never zero
    /// @return id keccak256 of the party's version (32 bytes) and the ABI-encoded arguments
    /// @custom:access AccessManager role REGISTRAR
    function proposeRecovery(
        address party,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds,
        bytes32 reason
    ) external returns (bytes32 id);
    /// @notice Second it; 24 hours later, and for 30 days, it may be carried out.
    /// @custom:access AccessManager role SECONDER
    function secondRecovery(address party, bytes32 id) external;
    /// @notice Stop it, seconded or not: a party without keys has no veto of its own against an impostor.
    /// @custom:access AccessManager role GUARDIAN
    function cancelRecovery(address party, bytes32 id) external;
    /// @notice Stop it in the name of the party, at any time before it is carried out.
    /// @param signature exactly one
    /// @custom:access signature of any one signer of the party, whatever its powers
    function vetoRecovery(VetoRecovery calldata intent, bytes calldata signature) external;
    /// @notice Carry out a recovery that is ready: the same arguments as proposed.
    /// @custom:access anyone
    function executeRecovery(
        address party,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds,
        bytes32 reason
    ) external;

    /// @custom:access signatures of the party (ADMIN)
    function setSigner(SetSigner calldata intent, bytes calldata signatures) external;
    /// @custom:access signatures of the party (ADMIN)
    function setThreshold(SetThreshold calldata intent, bytes calldata signatures) external;
    /// @notice Withdraw a signature that has not been used yet, whatever it is for but ADMIN.
    /// @custom:access signature of any one signer of the party, whatever its powers
    function revoke(Revoke calldata intent, bytes calldata signatures) external;

    /// @notice Revert unless `signatures` satisfy the party's threshold for `power` over `digest`, the party is active
    /// and its KYB is valid, and the party has not revoked the digest (which does not stop a change of its signers: ADMIN).
    /// @param signatures concatenated 65-byte (r,s,v) in ascending order of signer; v = 0 marks an ERC-1271 signer:
    /// r is the signer's address, s the offset of (length, bytes) behind the fixed part
    function requireSigned(address party, uint8 power, bytes32 digest, bytes calldata signatures)
        external
        view;

    /// @notice The same for one key alone, whatever the party's threshold: a mandate names the key it trusts.
    /// @param signature exactly one, good for the power by itself; that of another of its keys is `PartiesQuoterDiffers`
    function requireSignedBy(
        address party,
        address signer,
        uint8 power,
        bytes32 digest,
        bytes calldata signature
    ) external view;

    /// @notice Revert unless the party is active with valid KYB and has all roles of the mask.
    function requireActive(address party, uint16 roles) external view;

    function partyAddress(bytes32 legalIdHash) external view returns (address);
    function partyOf(address party) external view returns (Party memory);
    function signerOf(address party, address signer) external view returns (uint16 powers, uint40 expires);
    /// @return needed signatures for a power (at least 1)
    function thresholdOf(address party, uint8 power) external view returns (uint8);
    function isRevoked(address party, bytes32 digest) external view returns (bool);
    /// @return id of the proposal that is pending, 0 if none
    /// @return proposer who made it
    /// @return readyAt first second at which it may be carried out, 0 while nobody seconded it
    /// @return version of the party it was made for; void once that has moved on
    function recoveryOf(address party)
        external
        view
        returns (bytes32 id, address proposer, uint40 readyAt, uint32 version);
    function hashSetSigner(SetSigner calldata intent) external view returns (bytes32);
    function hashSetThreshold(SetThreshold calldata intent) external view returns (bytes32);
    function hashRevoke(Revoke calldata intent) external view returns (bytes32);
    function hashVetoRecovery(VetoRecovery calldata intent) external view returns (bytes32);
}
