// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title A signer that uses up all the gas it is given
contract BurningSigner is IERC1271 {
    /// @inheritdoc IERC1271
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @title A signer that costs what its proof says: the digest, gas to be used up, and whatever follows
contract CostlySigner is IERC1271 {
    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata proof) external view returns (bytes4) {
        uint256 start = gasleft();
        uint256 cost = uint256(bytes32(proof[32:64]));
        while (start - gasleft() < cost) {
            continue;
        }
        return bytes32(proof[:32]) == digest ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
