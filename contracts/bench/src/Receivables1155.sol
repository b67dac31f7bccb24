// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @title Receivables as ERC-1155 ids: a part is a balance, and nothing says where it came from
contract Receivables1155 is ERC1155 {
    constructor() ERC1155("") {}

    function issue(address creditor, uint256 receivable, uint256 amount) external {
        _mint(creditor, receivable, amount, "");
    }
}
