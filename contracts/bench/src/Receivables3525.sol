// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// solhint looks into one node_modules only, and this package is in that of bench/
// solhint-disable-next-line import-path-check
import {ERC3525} from "@solvprotocol/erc-3525/ERC3525.sol";

/// @title Receivables as slots of the reference ERC-3525, parts as tokens with a value
contract Receivables3525 is ERC3525("Receivables", "R3525", 2) {
    function issue(address creditor, uint256 receivable, uint256 amount) external returns (uint256 token) {
        return _mint(creditor, receivable, amount);
    }

    /// @dev The standard splits one token a call; this is the cheapest way to many.
    function splitMany(uint256 token, address[] calldata to, uint64[] calldata amounts) external {
        for (uint256 i = 0; i < to.length; ++i) {
            transferFrom(token, to[i], amounts[i]);
        }
    }
}
