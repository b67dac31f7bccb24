// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IEnforcement} from "../interfaces/IEnforcement.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IParties} from "../interfaces/IParties.sol";

/// @title Enforcement: what is done under an order
/// @dev The ledger emits what happened; delays and the guardian's cancel are the AccessManager's.
contract Enforcement is IEnforcement, AccessManaged {
    uint256 public constant MAX_ITEMS = 200;

    ILedger public immutable ledger;
    IParties public immutable parties;

    constructor(address authority, ILedger ledger_, IParties parties_) AccessManaged(authority) {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc IEnforcement
    function freeze(uint64[] calldata lots, bytes32 order) external restricted {
        _setFrozen(lots, true, order);
    }

    /// @inheritdoc IEnforcement
    function unfreeze(uint64[] calldata lots, bytes32 order) external restricted {
        _setFrozen(lots, false, order);
    }

    /// @inheritdoc IEnforcement
    function suspend(uint64 receivable, bytes32 order) external restricted {
        ledger.setSuspended(receivable, true, order);
    }

    /// @inheritdoc IEnforcement
    function resume(uint64 receivable, bytes32 order) external restricted {
        ledger.setSuspended(receivable, false, order);
    }

    /// @inheritdoc IEnforcement
    /// @dev The receiver is a party in good standing, so that nothing ends where nobody can use it.
    function forceMove(uint64 lot, address to, uint64 amount, bytes32 order)
        external
        restricted
        returns (uint64 child)
    {
        parties.requireActive(to, 0);
        (child,) = ledger.move(
            ILedger.MoveOrder({
                parent: lot,
                seq: 0,
                from: ledger.lotOf(lot).owner,
                to: to,
                amount: amount,
                cause: ILedger.Cause.Forced,
                evidence: order,
                mandated: false
            })
        );
    }

    /// @inheritdoc IEnforcement
    function writeOff(uint64 receivable, bytes32 order) external restricted {
        ledger.writeOff(receivable, order);
    }

    function _setFrozen(uint64[] calldata lots, bool frozen, bytes32 order) private {
        if (lots.length > MAX_ITEMS) revert EnforcementTooMany(lots.length, MAX_ITEMS);
        for (uint256 i = 0; i < lots.length; ++i) {
            ledger.setFrozen(lots[i], frozen, order);
        }
    }
}
