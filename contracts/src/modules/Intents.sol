// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IIntents} from "../interfaces/IIntents.sol";

/// @title Signed intents: one EIP-712 domain per contract, short life, no effect twice
/// @dev Intents that name a version (a lot's `seq`, a party's `version`, `paidBefore`) are stale after use by themselves;
/// only the others are remembered with `_useOnce`.
abstract contract Intents is IIntents, EIP712 {
    uint40 internal constant MAX_LIFETIME = 24 hours;

    mapping(bytes32 digest => bool) private _used;

    /// @param name at most 31 bytes, so that it needs no storage
    constructor(string memory name) EIP712(name, "1") {}

    /// @dev Digest of a struct of static members that lies at `offset` of the calldata, `size` bytes long. It is hashed as it
    /// lies there: a member with dirty high bits gives a digest that nobody signed, and reading the member reverts.
    function _digest(bytes32 typeHash, uint256 offset, uint256 size) internal view returns (bytes32) {
        bytes32 structHash;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 32), offset, size)
            structHash := keccak256(free, add(size, 32))
        }
        return _hashTypedDataV4(structHash);
    }

    function _checkDeadline(uint40 deadline) internal view {
        uint40 now_ = uint40(block.timestamp);
        if (deadline < now_) revert IntentExpired(deadline, now_);
        if (deadline > now_ + MAX_LIFETIME) revert IntentDeadlineTooFar(deadline, now_ + MAX_LIFETIME);
    }

    function _useOnce(bytes32 digest) internal {
        if (_used[digest]) revert IntentAlreadyUsed(digest);
        _used[digest] = true;
    }

    /// @dev Each item of a batch gets exactly `itemGas`: a call passes on at most 63/64 of what is left, and some is needed
    /// before it to copy its calldata, of which nobody bounds the length, and after it to report a failure.
    function _requireGas(uint256 itemGas) internal view {
        uint256 words = msg.data.length / 32;
        // copying a word, and memory for it
        uint256 copying = 9 * words + words * words / 512;
        uint256 needed = itemGas + itemGas / 63 + 50_000 + copying;
        uint256 left = gasleft();
        if (left < needed) revert IntentGasTooLow(left, needed);
    }
}
