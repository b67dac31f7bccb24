// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ManagerFunctions} from "./ManagerFunctions.sol";

/// @title Everything that anybody owns, to be compared before and after a call
abstract contract Holdings is ManagerFunctions {
    struct Held {
        bytes32 lots;
        /// owners in the order of `_owners`, CNY and then EUR, then both supplies
        uint256[] balances;
    }

    /// @dev What a call may change, as the table of exceptions allows it.
    struct Change {
        address token;
        address to;
        uint256 amount;
        bool minted;
    }

    function _owners() internal view returns (address[] memory owners) {
        address[9] memory known =
            [debtor, secondDebtor, supplier, tier2, tier3, bank, otherBank, registry, address(settlement)];
        address[] memory accounts = _accounts();
        owners = new address[](known.length + accounts.length);
        for (uint256 i = 0; i < known.length; ++i) {
            owners[i] = known[i];
        }
        for (uint256 i = 0; i < accounts.length; ++i) {
            owners[known.length + i] = accounts[i];
        }
    }

    function _held() internal view returns (Held memory held) {
        uint64 count = ledger.receivableCount();
        for (uint64 id = 1; id <= count; ++id) {
            uint24 lotCount = ledger.receivableOf(id).lotCount;
            for (uint24 index = 1; index <= lotCount; ++index) {
                ILedger.Lot memory lot = ledger.lotOf(id << 24 | index);
                held.lots = keccak256(abi.encode(held.lots, id, index, lot.owner, lot.first, lot.amount));
            }
        }
        address[] memory owners = _owners();
        held.balances = new uint256[](2 * owners.length + 2);
        for (uint256 i = 0; i < owners.length; ++i) {
            held.balances[2 * i] = cny.balanceOf(owners[i]);
            held.balances[2 * i + 1] = eur.balanceOf(owners[i]);
        }
        held.balances[2 * owners.length] = cny.totalSupply();
        held.balances[2 * owners.length + 1] = eur.totalSupply();
    }

    /// @return changes what `claim` of these lots has to pay, and to whom: owners and chargees, nobody else
    function _claimsOf(uint64[] memory lots) internal view returns (Change[] memory changes) {
        changes = new Change[](2 * lots.length);
        for (uint256 i = 0; i < lots.length; ++i) {
            if (!_isClaimable(lots, i)) continue;
            ILedger.Lot memory lot = ledger.lotOf(lots[i]);
            (uint64 toOwner, uint64 toChargee) = ledger.payoutOf(lots[i]);
            address token = address(_cashOf(lots[i]));
            changes[2 * i] = Change(token, lot.owner, toOwner, false);
            changes[2 * i + 1] = Change(token, lot.chargee, toChargee, false);
        }
    }

    /// @dev `after_` is what was held before, but for the changes that are allowed.
    function _checkHeld(Held memory before, Held memory after_, Change[] memory allowed, string memory what)
        internal
        view
    {
        address[] memory owners = _owners();
        uint256[] memory expected = before.balances;
        for (uint256 i = 0; i < allowed.length; ++i) {
            if (allowed[i].amount == 0) continue;
            uint256 token = allowed[i].token == address(eur) ? 1 : 0;
            for (uint256 j = 0; j < owners.length; ++j) {
                if (owners[j] == allowed[i].to) expected[2 * j + token] += allowed[i].amount;
                bool pays = owners[j] == address(settlement) && !allowed[i].minted;
                if (pays) expected[2 * j + token] -= allowed[i].amount;
            }
            if (allowed[i].minted) expected[2 * owners.length + token] += allowed[i].amount;
        }
        _same(after_.lots, before.lots, string.concat(what, " changed a lot"));
        bytes memory balances = abi.encode(after_.balances);
        _same(balances, abi.encode(expected), string.concat(what, " changed a balance"));
    }

    function _isClaimable(uint64[] memory lots, uint256 i) private view returns (bool) {
        for (uint256 j = 0; j < i; ++j) {
            if (lots[j] == lots[i]) return false;
        }
        uint64 receivable = lots[i] >> 24;
        if (receivable == 0 || receivable > ledger.receivableCount()) return false;
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        uint24 index = uint24(lots[i]);
        if (index == 0 || index > entry.lotCount || entry.state == ILedger.State.Suspended) return false;
        return ledger.lotOf(lots[i]).flags & LotFlags.FROZEN == 0;
    }
}
