// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {Debts} from "./Debts.sol";
import {LedgerStore} from "./LedgerStore.sol";
import {Titles} from "./Titles.sol";

/// @title Receivables and lots
/// @dev State in `LedgerStore`, title in `Titles`, money in `Debts`.
contract Ledger is Titles, Debts {
    constructor(address authority, IRulebook rulebook_) AccessManaged(authority) LedgerStore(rulebook_) {}

    /// @inheritdoc ILedger
    function setCurrency(uint16 currency, address cash) external restricted {
        if (currency == 0 || cash == address(0)) revert LedgerZeroValue();
        if (cashOf[currency] != address(0)) revert LedgerCurrencyAlreadySet(currency);
        cashOf[currency] = cash;
        emit CurrencySet(currency, cash);
    }

    /// @inheritdoc ILedger
    function retire(address successor) external restricted {
        if (successor == address(0)) revert LedgerZeroValue();
        _retire(successor);
    }

    /// @inheritdoc ILedger
    function isRetired() public view virtual returns (bool) {
        return _isRetired();
    }
}
