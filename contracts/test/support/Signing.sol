// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checks} from "./Checks.sol";

/// @title Several signatures over one digest, in the encoding of ADR 0010
abstract contract Signing is Checks {
    function _sign(bytes32 digest, uint256 key) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Ascending by address of the signer.
    function _sign(bytes32 digest, uint256[] memory keys) internal pure returns (bytes memory signatures) {
        uint256[] memory sorted = _byAddress(keys);
        for (uint256 i = 0; i < sorted.length; ++i) {
            signatures = bytes.concat(signatures, _sign(digest, sorted[i]));
        }
    }

    function _byAddress(uint256[] memory keys) internal pure returns (uint256[] memory sorted) {
        sorted = new uint256[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            uint256 key = keys[i];
            uint256 j = i;
            while (j != 0 && vm.addr(sorted[j - 1]) > vm.addr(key)) {
                sorted[j] = sorted[j - 1];
                --j;
            }
            sorted[j] = key;
        }
    }

    function _keys(uint256 key) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](1);
        keys[0] = key;
    }

    function _keys(uint256 key1, uint256 key2) internal pure returns (uint256[] memory keys) {
        keys = new uint256[](2);
        (keys[0], keys[1]) = (key1, key2);
    }
}
