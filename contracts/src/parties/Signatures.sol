// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParties} from "../interfaces/IParties.sol";

/// @title Reading of several signatures over one digest (ADR 0010)
/// @dev Entries of 65 bytes (r, s, v). v = 0 marks an ERC-1271 signer: r is its address, s the offset of (length, bytes)
/// behind the entries. The entries end where the first such tail begins.
library Signatures {
    uint256 internal constant ENTRY = 65;

    /// @param position of the entry
    /// @param end of the entries as known so far
    /// @return signer who signed, proven
    /// @return newEnd of the entries
    function read(bytes32 digest, bytes calldata signatures, uint256 position, uint256 end)
        internal
        view
        returns (address signer, uint256 newEnd)
    {
        if (position + ENTRY > end) revert IParties.PartiesBadSignatureEncoding(signatures.length);
        bytes32 r;
        bytes32 s;
        uint8 v;
        // the entry lies inside the data: end never exceeds its length
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let entry := add(signatures.offset, position)
            r := calldataload(entry)
            s := calldataload(add(entry, 32))
            v := byte(0, calldataload(add(entry, 64)))
        }
        if (v == 0) return _readContract(digest, signatures, r, s, position, end);
        ECDSA.RecoverError problem;
        // rejects malleable (high s) and malformed signatures
        (signer, problem,) = ECDSA.tryRecover(digest, v, r, s);
        if (problem != ECDSA.RecoverError.NoError) revert IParties.PartiesBadSignature(address(0));
        newEnd = end;
    }

    function _readContract(
        bytes32 digest,
        bytes calldata signatures,
        bytes32 r,
        bytes32 s,
        uint256 position,
        uint256 end
    ) private view returns (address signer, uint256 newEnd) {
        uint256 length = signatures.length;
        uint256 offset = uint256(s);
        if (uint256(r) >> 160 != 0 || offset < position + ENTRY || offset > length || length - offset < 32) {
            revert IParties.PartiesBadSignatureEncoding(length);
        }
        uint256 size = uint256(bytes32(signatures[offset:offset + 32]));
        if (size > length - offset - 32) revert IParties.PartiesBadSignatureEncoding(length);
        signer = address(uint160(uint256(r)));
        bytes calldata proof = signatures[offset + 32:offset + 32 + size];
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, proof)) {
            revert IParties.PartiesBadSignature(signer);
        }
        newEnd = offset < end ? offset : end;
    }
}
