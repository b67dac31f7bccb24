// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @title Parties and officials that try anything with anything, in any state
/// @dev All of them sign, so that only the ledger's own rules stand in the way; the replay says whether what got through was
/// permitted. Nothing gets through that a suspended party would have had to sign.
abstract contract HandlerWilling is HandlerBase {
    function tryMove(uint256 which, uint256 kind, uint256 to, uint256 amount) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isAnything);
        if (id == 0) return;
        address other = people[to % 8];
        uint64 part = _part(lot.amount, amount);
        bool stopped = !_isUp(lot.owner);
        if (kind % 3 == 0) {
            bytes memory data = _signed(_intentAssign(id, other, part));
            _try(address(transfers), data, stopped || !_isUp(other));
        } else if (kind % 3 == 1) {
            _tryFinance(id, lot, other, part, uint8(to >> 64) % 3);
        } else {
            bytes memory data = _signed(_goodExport(id, part));
            _try(address(exports), data, stopped || !_isUp(registry));
        }
    }

    function tryCharge(uint256 which, uint256 kind, uint256 to, uint256 amount) external recorded {
        if (kind % 8 == 0) {
            _tryDeepPledge(which, people[to % 8]);
            return;
        }
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isAnything);
        if (id == 0) return;
        address other = people[to % 8];
        uint64 value = uint64(_bound(amount, 1, lot.amount + 1));
        bool stopped = !_isUp(lot.owner) || !_isUp(lot.chargee) || lot.chargee == address(0);
        if (kind % 4 == 0) {
            bytes memory data = _signed(_goodPledge(id, other, value, 0));
            _try(address(pledges), data, !_isUp(lot.owner) || !_isUp(other));
        } else if (kind % 4 == 1) {
            bool unknown = lot.chargee == address(0);
            _try(address(pledges), _signed(_goodRelease(id, value - 1, 0)), unknown || !_isUp(lot.chargee));
        } else if (kind % 4 == 2) {
            // the pledgee buys for more than what is secured, so that it pays something
            uint64 price = lot.secured + value;
            _offerCash(_cashOf(id), lot.chargee, lot.owner, price - _toPledgee(id, lot, price));
            _try(address(pledges), _signed(_goodRealise(id, lot.chargee, price)), stopped);
        } else {
            _offerCash(_cashOf(id), lot.chargee, lot.owner, value);
            bool over = lot.recourseLimit != 0 && value > lot.recourseLimit;
            _try(address(financing), _signed(_goodBuyback(id, value)), stopped || over);
        }
    }

    function tryMoney(uint256 which, uint256 kind, uint256 amount) external recorded {
        (uint64 id, ILedger.Receivable memory entry) = _findReceivable(which, _isAny);
        if (id == 0) return;
        if (kind % 4 == 0) {
            ISettlement.Pay memory intent = _intentPay(id, uint64(_bound(amount, 1, 2 * entry.face)));
            _offerCash(_cashOf(id << 24), intent.debtor, address(settlement), intent.amount);
            _try(address(settlement), _signed(intent), !_isUp(entry.debtor));
        } else if (kind % 4 == 1) {
            if (amount % 4 == 0) _waitUntil(entry.due + 1 days - 1);
            _try(address(settlement), abi.encodeCall(settlement.flagOverdue, (id)), false);
        } else if (kind % 4 == 2) {
            if (amount % 4 == 0) _waitUntil(entry.due + (1 + uint256(entry.graceDays)) * 1 days - 1);
            _try(address(settlement), abi.encodeCall(settlement.declareDefault, (id)), false);
        } else {
            IIssuance.Cancel memory intent = _goodCancel(id, _usesOf[id]);
            _try(address(issuance), _signed(intent), !_isUp(entry.debtor) || !_isUp(entry.creditor));
        }
    }

    /// @dev Officials in states that are not made for it. A write-off is announced and waited for first.
    function tryOrder(uint256 which, uint256 kind) external recorded {
        (uint64 id,) = _findReceivable(which, _isAny);
        if (id == 0) return;
        bytes32 order = _unique("order");
        if (kind % 3 == 0) {
            _tryAs(FREEZER, address(enforcement), abi.encodeCall(enforcement.suspend, (id, order)), false);
        } else if (kind % 3 == 1) {
            _tryAs(FREEZER, address(enforcement), abi.encodeCall(enforcement.resume, (id, order)), false);
        } else {
            bytes memory data = abi.encodeCall(enforcement.writeOff, (id, order));
            vm.prank(COURT);
            manager.schedule(address(enforcement), data, 0);
            vm.warp(block.timestamp + 1 days);
            _tryAs(
                COURT, address(manager), abi.encodeCall(manager.execute, (address(enforcement), data)), false
            );
        }
    }

    // ---- helpers

    /// @dev All, anything up to more than there is, or what leaves one of two parts too small.
    function _part(uint64 available, uint256 choice) private pure returns (uint64) {
        uint256 small = _bound(choice >> 8, 1, 1200);
        if (choice % 4 == 0) return available;
        if (choice % 4 == 1 || available <= small) return uint64(_bound(choice, 1, available + 1));
        return choice % 4 == 2 ? uint64(small) : available - uint64(small);
    }

    /// @dev Enforcement and orders pass the limit of hops. A pledge after them would make that a way around it.
    function _tryDeepPledge(uint256 which, address pledgee) private {
        (uint64 id,) = _findLot(which, _isTooDeep);
        if (id == 0) return;
        _try(address(pledges), _signed(_goodPledge(id, pledgee, 1, 0)), true);
        ++done["pledgeTooDeep"];
    }

    /// @dev A second too early.
    function _waitUntil(uint256 moment) private {
        if (block.timestamp < moment && block.timestamp < LAST_DAY) vm.warp(moment);
    }

    function _tryFinance(uint64 id, ILedger.Lot memory lot, address buyer, uint64 part, uint8 recourse)
        private
    {
        IFinancing.Finance memory intent = _intentFinance(id, part, part);
        (intent.bank, intent.recourse) = (buyer, recourse);
        if (recourse != 0) intent.secured = part;
        if (recourse == 2) intent.recourseLimit = part;
        _offerCash(_cashOf(id), buyer, lot.owner, part);
        bool noBank = buyer != bank && buyer != otherBank;
        _try(address(financing), _signed(intent), noBank || !_isUp(lot.owner) || !_isUp(buyer));
    }

    /// @dev A suspended party cannot be given cash; what it would have to sign fails anyway.
    function _offerCash(ICash cash, address from, address to, uint64 amount) private {
        if (_isUp(from) && from != address(0)) _giveAway(cash, from, to, amount);
    }

    function _isAnything(ILedger.Lot memory, ILedger.Receivable memory entry) private pure returns (bool) {
        return entry.lotCount < 2 * MAX_LOTS;
    }

    function _isTooDeep(ILedger.Lot memory lot, ILedger.Receivable memory entry) private view returns (bool) {
        uint8 stopped = LotFlags.FROZEN | LotFlags.CHARGED | LotFlags.EXPORTED;
        return lot.amount != 0 && lot.flags & stopped == 0 && _isOpen(entry) && lot.depth > entry.maxDepth;
    }

    function _isAny(uint64, ILedger.Receivable memory) private pure returns (bool) {
        return true;
    }
}
