// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Money as an ERC-20
contract Money is ERC20("Money", "M20") {
    function issue(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @title A debtor's payment to every holder in one call, from a list that the debtor brings along
contract Payer {
    Money private immutable _money;

    error NotPaid(address holder);

    constructor(Money money) {
        _money = money;
    }

    function pay(address[] calldata holders, uint256[] calldata amounts) external {
        for (uint256 i = 0; i < holders.length; ++i) {
            if (!_money.transferFrom(msg.sender, holders[i], amounts[i])) revert NotPaid(holders[i]);
        }
    }
}
