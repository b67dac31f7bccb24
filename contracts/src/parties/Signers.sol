// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "../interfaces/Codes.sol";
import {IParties} from "../interfaces/IParties.sol";
import {PartyWord, SignerWord, packSigner} from "./PartyWords.sol";
import {Signatures} from "./Signatures.sol";

/// @title The signers and thresholds of parties: who may sign, and who did
abstract contract Signers is IParties {
    uint16 private constant ALL_POWERS = uint16((1 << Powers.COUNT) - 1);

    mapping(address party => PartyWord) internal _parties;
    mapping(address party => mapping(address signer => SignerWord)) internal _signers;

    /// @dev Every signature must be good, also those beyond the threshold. `Powers.COUNT` stands for any power.
    /// @return count of the signers, and the last of them
    function _countSigners(address party, uint8 power, bytes32 digest, bytes calldata signatures)
        internal
        view
        returns (uint256 count, address last)
    {
        uint256 end = signatures.length;
        uint256 position = 0;
        while (position < end) {
            address signer;
            (signer, end) = Signatures.read(digest, signatures, position, end);
            _checkSigner(party, signer, power);
            if (signer <= last) revert PartiesSignersNotAscending(last, signer);
            last = signer;
            position += Signatures.ENTRY;
            ++count;
        }
    }

    function _soleSigner(address party, uint8 power, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (address signer)
    {
        uint256 count;
        (count, signer) = _countSigners(party, power, digest, signature);
        if (count != 1) revert PartiesBadSignatureEncoding(signature.length);
    }

    function _checkSigner(address party, address signer, uint8 power) internal view {
        SignerWord grant = _signers[party][signer];
        uint16 powers = grant.powers();
        if (powers == 0) revert PartiesSignerUnknown(party, signer);
        if (block.timestamp >= grant.expires()) revert PartiesSignerExpired(party, signer, grant.expires());
        if (power != Powers.COUNT && (powers >> power) & 1 == 0) {
            revert PartiesSignerLacksPower(party, signer, power);
        }
    }

    /// @dev One version for everything that changes together.
    function _nextVersion(address party, uint32 given) internal returns (uint32 version) {
        PartyWord word = _atVersion(party, given);
        version = given + 1;
        _parties[party] = word.withVersion(version);
    }

    function _atVersion(address party, uint32 given) internal view returns (PartyWord word) {
        word = _parties[party];
        uint32 current = word.version();
        if (given != current) revert PartiesStaleVersion(party, given, current);
    }

    function _setAll(
        address party,
        SignerGrant[] calldata signers,
        ThresholdGrant[] calldata thresholds,
        uint32 version
    ) internal {
        for (uint256 i = 0; i < signers.length; ++i) {
            _setSigner(party, signers[i].signer, signers[i].powers, signers[i].expires, version);
        }
        for (uint256 i = 0; i < thresholds.length; ++i) {
            _setThreshold(party, thresholds[i].power, thresholds[i].threshold, version);
        }
    }

    function _setSigner(address party, address signer, uint16 powers, uint40 expires, uint32 version)
        internal
    {
        _checkGrant(signer, powers);
        _signers[party][signer] = packSigner(powers, expires);
        emit SignerChanged(party, signer, powers, expires, version);
    }

    function _setThreshold(address party, uint8 power, uint8 threshold, uint32 version) internal {
        _checkThreshold(power, threshold);
        _parties[party] = _parties[party].withThreshold(power, threshold);
        emit ThresholdChanged(party, power, threshold, version);
    }

    function _checkGrant(address signer, uint16 powers) internal pure {
        if (signer == address(0)) revert PartiesZeroValue();
        if (powers & ~ALL_POWERS != 0) revert PartiesBadGrant(signer, Powers.COUNT, powers);
    }

    function _checkThreshold(uint8 power, uint8 threshold) internal pure {
        if (power >= Powers.COUNT || threshold == 0 || threshold > 15) {
            revert PartiesBadGrant(address(0), power, threshold);
        }
    }

    function _known(address party) internal view returns (PartyWord word) {
        word = _parties[party];
        if (PartyWord.unwrap(word) == 0) revert PartiesUnknown(party);
    }

    function _active(address party) internal view returns (PartyWord word) {
        word = _known(party);
        if (word.status() != Status.Active) revert PartiesNotActive(party, word.status());
        if (block.timestamp >= word.kybUntil()) revert PartiesKybExpired(party, word.kybUntil());
    }
}
