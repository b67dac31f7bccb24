// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {LotFlags} from "../../src/interfaces/Codes.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @title What is done under an order
abstract contract HandlerOrders is HandlerBase {
    struct Pending {
        uint64 lot;
        address to;
        uint64 amount;
        uint40 readyAt;
        bytes data;
    }

    /// @dev I6: what a frozen lot looked like when it was frozen, or after it was last moved under an order; else 0
    mapping(uint64 lot => bytes32) public frozenAs;
    Pending private _pending;

    function freeze(uint256 which) external recorded {
        (uint64 id,) = _findLot(which, _isFree);
        if (id == 0) return;
        bytes32 order = _unique("order");
        vm.prank(FREEZER);
        enforcement.freeze(_one(id), order);
        frozenAs[id] = _looksOf(id);
        ++done["freeze"];
    }

    function unfreeze(uint256 which) external recorded {
        (uint64 id,) = _findLot(which, _isFrozen);
        if (id == 0) return;
        _checkFrozen(id);
        bytes32 order = _unique("order");
        vm.prank(FREEZER);
        enforcement.unfreeze(_one(id), order);
        frozenAs[id] = 0;
        ++done["unfreeze"];
    }

    function suspend(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isActive);
        if (id == 0) return;
        bytes32 order = _unique("order");
        vm.prank(FREEZER);
        enforcement.suspend(id, order);
        ++done["suspend"];
    }

    function resume(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isSuspended);
        if (id == 0) return;
        bytes32 order = _unique("order");
        vm.prank(FREEZER);
        enforcement.resume(id, order);
        ++done["resume"];
    }

    /// @dev Announced now; carried out or cancelled by another action, after whatever happens to the lot in between.
    function orderForcedMove(uint256 which, uint256 to, uint256 amount) external recorded {
        if (_pending.lot != 0) return;
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isThere);
        if (id == 0) return;
        uint64 part = amount % 2 == 0 ? lot.amount : uint64(_bound(amount, 1, lot.amount));
        bytes memory data =
            abi.encodeCall(enforcement.forceMove, (id, people[to % 7], part, _unique("order")));
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        _pending = Pending(id, people[to % 7], part, uint40(block.timestamp) + 1 days, data);
        bytes32 operation = manager.hashOperation(COURT, address(enforcement), data);
        _refused(
            COURT,
            address(manager),
            abi.encodeCall(manager.execute, (address(enforcement), data)),
            abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation)
        );
        ++done["orderForcedMove"];
    }

    function endForcedMove(bool guardianObjects) external recorded {
        Pending memory pending = _pending;
        if (pending.lot == 0) return;
        delete _pending;
        if (block.timestamp < pending.readyAt) vm.warp(pending.readyAt);
        bool expired = block.timestamp >= pending.readyAt + manager.expiration();
        bool possible = !expired && _canStillMove(pending);
        if (!possible) _checkRefused(pending);
        if (guardianObjects || !possible) {
            vm.prank(GUARDIAN);
            manager.cancel(COURT, address(enforcement), pending.data);
            _checkGone(pending);
            ++done["cancelForcedMove"];
            return;
        }
        if (frozenAs[pending.lot] != 0) _checkFrozen(pending.lot);
        vm.prank(COURT);
        manager.execute(address(enforcement), pending.data);
        if (frozenAs[pending.lot] != 0) {
            frozenAs[pending.lot] = _looksOf(pending.lot);
            ++done["forceMoveOfFrozen"];
        }
        ++done["forceMove"];
    }

    function writeOff(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isDefaulted);
        if (id == 0) return;
        bytes memory data = abi.encodeCall(enforcement.writeOff, (id, _unique("order")));
        _asAnnounced(COURT, address(enforcement), data, 1 days);
        ++done["writeOff"];
    }

    /// @dev A suspended party stays so until this is called again.
    function suspendParty(uint256 which) external recorded {
        bool back = suspended != address(0);
        address party = back ? suspended : people[which % 8];
        IParties.Party memory entry = parties.partyOf(party);
        IParties.Status status = back ? IParties.Status.Active : IParties.Status.Suspended;
        bytes32 order = _unique("order");
        vm.prank(REGISTRAR);
        parties.update(party, status, entry.roles, entry.kybUntil, order);
        suspended = back ? address(0) : party;
        ++done[back ? "reinstateParty" : "suspendParty"];
    }

    // ---- helpers

    function _checkFrozen(uint64 lot) private view {
        _same(_looksOf(lot), frozenAs[lot], "I6: a frozen lot changed");
    }

    function _looksOf(uint64 lot) private view returns (bytes32) {
        return keccak256(abi.encode(ledger.lotOf(lot)));
    }

    function _canStillMove(Pending memory pending) private view returns (bool) {
        ILedger.Lot memory lot = ledger.lotOf(pending.lot);
        ILedger.Receivable memory entry = ledger.receivableOf(lot.receivable);
        bool onlyWhole = entry.installments != 0 || lot.flags & LotFlags.CHARGED != 0;
        return _isThere(lot, entry) && pending.to != lot.owner && _isUp(pending.to)
            && (onlyWhole ? pending.amount == lot.amount : pending.amount <= lot.amount);
    }

    function _checkRefused(Pending memory pending) private {
        bytes memory data = abi.encodeCall(manager.execute, (address(enforcement), pending.data));
        _tryAs(COURT, address(manager), data, true);
    }

    function _checkGone(Pending memory pending) private {
        bytes32 operation = manager.hashOperation(COURT, address(enforcement), pending.data);
        _refused(
            COURT,
            address(manager),
            abi.encodeCall(manager.execute, (address(enforcement), pending.data)),
            abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation)
        );
    }

    function _one(uint64 lot) private pure returns (uint64[] memory lots) {
        lots = new uint64[](1);
        lots[0] = lot;
    }

    function _isThere(ILedger.Lot memory lot, ILedger.Receivable memory entry) private pure returns (bool) {
        return lot.amount != 0 && lot.flags & LotFlags.EXPORTED == 0 && entry.state != ILedger.State.Cancelled
            && entry.lotCount < 2 * MAX_LOTS;
    }

    /// @dev Exported lots too: their share can be stopped, though nothing can move them.
    function _isFree(ILedger.Lot memory lot, ILedger.Receivable memory) private pure returns (bool) {
        return lot.amount != 0 && lot.flags & LotFlags.FROZEN == 0;
    }

    function _isFrozen(ILedger.Lot memory lot, ILedger.Receivable memory) private pure returns (bool) {
        return lot.flags & LotFlags.FROZEN != 0;
    }

    function _isActive(uint64, ILedger.Receivable memory entry) private pure returns (bool) {
        return entry.state == ILedger.State.Active;
    }

    function _isSuspended(uint64, ILedger.Receivable memory entry) private pure returns (bool) {
        return entry.state == ILedger.State.Suspended;
    }

    function _isDefaulted(uint64, ILedger.Receivable memory entry) private pure returns (bool) {
        return entry.state == ILedger.State.Defaulted;
    }
}
