// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParties} from "../interfaces/IParties.sol";

// The words of the party register. Every signature check reads one of each; structs would read and mask a slot once per
// field.

/// @dev From the low end: status 8, roles 16, kybUntil 40, admittedAt 40, version 32, thresholds 32, hasRevoked 8 (spares
/// the look-up of a digest to the parties that never withdrew one).
type PartyWord is uint256;
/// @dev From the low end: powers 16, expires 40.
type SignerWord is uint256;

using {
    status,
    roles,
    kybUntil,
    admittedAt,
    version,
    thresholds,
    hasRevoked,
    threshold,
    withStanding,
    withVersion,
    withThreshold,
    withRevocation
} for PartyWord global;
using {powers, expires} for SignerWord global;

/// @dev An admitted party is active; its admission counts as the first version.
function packParty(uint16 roles_, uint40 kybUntil_, uint40 admittedAt_) pure returns (PartyWord) {
    return PartyWord.wrap(
        uint256(IParties.Status.Active) | (uint256(roles_) << 8) | (uint256(kybUntil_) << 24)
            | (uint256(admittedAt_) << 64) | (1 << 104)
    );
}

function status(PartyWord word) pure returns (IParties.Status) {
    return IParties.Status(uint8(PartyWord.unwrap(word)));
}

function roles(PartyWord word) pure returns (uint16) {
    return uint16(PartyWord.unwrap(word) >> 8);
}

function kybUntil(PartyWord word) pure returns (uint40) {
    return uint40(PartyWord.unwrap(word) >> 24);
}

function admittedAt(PartyWord word) pure returns (uint40) {
    return uint40(PartyWord.unwrap(word) >> 64);
}

function version(PartyWord word) pure returns (uint32) {
    return uint32(PartyWord.unwrap(word) >> 104);
}

function thresholds(PartyWord word) pure returns (uint32) {
    return uint32(PartyWord.unwrap(word) >> 136);
}

function hasRevoked(PartyWord word) pure returns (bool) {
    return (PartyWord.unwrap(word) >> 168) != 0;
}

/// @return needed signatures for a power, at least 1
function threshold(PartyWord word, uint8 power) pure returns (uint8) {
    uint256 nibble = (uint256(word.thresholds()) >> (uint256(power) * 4)) & 15;
    return nibble == 0 ? 1 : uint8(nibble);
}

function withStanding(PartyWord word, IParties.Status status_, uint16 roles_, uint40 kybUntil_)
    pure
    returns (PartyWord)
{
    uint256 kept = (PartyWord.unwrap(word) >> 64) << 64;
    return PartyWord.wrap(kept | uint256(status_) | (uint256(roles_) << 8) | (uint256(kybUntil_) << 24));
}

function withVersion(PartyWord word, uint32 version_) pure returns (PartyWord) {
    uint256 kept = PartyWord.unwrap(word) & ~(uint256(type(uint32).max) << 104);
    return PartyWord.wrap(kept | (uint256(version_) << 104));
}

function withThreshold(PartyWord word, uint8 power, uint8 threshold_) pure returns (PartyWord) {
    uint256 shift = 136 + uint256(power) * 4;
    return PartyWord.wrap((PartyWord.unwrap(word) & ~(uint256(15) << shift)) | (uint256(threshold_) << shift));
}

function withRevocation(PartyWord word) pure returns (PartyWord) {
    return PartyWord.wrap(PartyWord.unwrap(word) | (1 << 168));
}

function packSigner(uint16 powers_, uint40 expires_) pure returns (SignerWord) {
    return SignerWord.wrap(uint256(powers_) | (uint256(expires_) << 16));
}

function powers(SignerWord word) pure returns (uint16) {
    return uint16(SignerWord.unwrap(word));
}

function expires(SignerWord word) pure returns (uint40) {
    return uint40(SignerWord.unwrap(word) >> 16);
}
