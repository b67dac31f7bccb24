// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What an indexed word of a log says
abstract contract Topics {
    function _u64(bytes32 topic) internal pure returns (uint64) {
        return uint64(uint256(topic));
    }

    function _address(bytes32 topic) internal pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
