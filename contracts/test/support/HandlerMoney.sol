// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @title Pay, claim, flag, default; mint and redeem
abstract contract HandlerMoney is HandlerBase {
    function pay(uint256 which, uint256 amount, uint256 choice) external recorded {
        (uint64 id, ILedger.Receivable memory entry) = _findReceivable(which, _isOwedUnderOrder);
        if (id == 0 || choice % 4 != 0) (id, entry) = _findReceivable(which, _isOwed);
        if (id == 0) return;
        (uint64 principal, uint64 interest) = ledger.owedAt(id, uint40(block.timestamp));
        uint64 owed = principal + interest;
        ISettlement.Pay memory intent =
            _intentPay(id, choice % 3 == 0 ? owed : uint64(_bound(amount, 1, owed)));
        _giveAway(_cashOf(id << 24), intent.debtor, address(settlement), intent.amount);
        _act("pay", address(settlement), _signed(intent));
        if (entry.state == ILedger.State.Suspended) ++done["payWhileSuspended"];
    }

    /// @dev Lots of two receivables, some twice, some that do not exist: none may harm another.
    function claim(uint256 which, uint256 howMany) external recorded {
        (uint64 unclaimed,) = _findReceivable(which, _isUnclaimed);
        if (unclaimed == 0) return;
        uint64 count = ledger.receivableCount();
        uint64[] memory lots = new uint64[](_bound(howMany, 1, 2 * MAX_LOTS));
        for (uint256 i = 0; i < lots.length; ++i) {
            uint64 id = i % 2 == 0 ? unclaimed : uint64(1 + which % count);
            lots[i] = (id << 24) + 1 + uint64((which % 1e9 + i * 7) % (MAX_LOTS + 2));
        }
        _claim("claim", lots);
    }

    /// @dev All lots that a party has of a receivable: what follows each other in the list of payouts goes to it in one sum.
    function claimOfHolder(uint256 which, uint256 whose) external recorded {
        (uint64 id, ILedger.Receivable memory entry) = _findReceivable(which, _isUnclaimed);
        if (id == 0) return;
        uint64[] memory lots = new uint64[](entry.lotCount);
        uint256 count = 0;
        for (uint64 lot = (id << 24) + 1; lot <= (id << 24) + entry.lotCount; ++lot) {
            if (ledger.lotOf(lot).owner == people[whose % 8]) lots[count++] = lot;
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(lots, count)
        }
        if (count > 1) _claim("claimOfHolder", lots);
    }

    function flagOverdue(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isLateAndUnflagged);
        if (id == 0) return;
        settlement.flagOverdue(id);
        ++done["flagOverdue"];
    }

    function declareDefault(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isBeyondGrace);
        if (id == 0) return;
        settlement.declareDefault(id);
        ++done["declareDefault"];
    }

    function mint(uint256 to, uint256 amount) external recorded {
        address party = people[to % 7];
        if (!_isUp(party)) return;
        _mint(cny, party, uint64(_bound(amount, 1, FACE)));
        ++done["mint"];
    }

    function redeem(uint256 from, uint256 amount) external recorded {
        address holder = people[from % 7];
        uint256 balance = cny.balanceOf(holder);
        if (balance == 0 || !_isUp(holder)) return;
        ICash.Redeem memory intent = _intentRedeem(holder, uint64(_bound(amount, 1, balance)));
        _giveAway(cny, holder, address(0), intent.amount);
        _act("redeem", address(cny), _signed(intent));
    }

    function _claim(string memory action, uint64[] memory lots) private {
        for (uint256 i = 0; i < lots.length; ++i) {
            _countStopped(lots[i]);
            _countShared(lots[i]);
        }
        uint256 before = _held();
        settlement.claim(lots);
        for (uint256 i = 0; i < lots.length; ++i) {
            _checkPaid(lots[i]);
        }
        if (_held() == before) return;
        ++done[action];
        for (uint256 i = 0; i < lots.length; ++i) {
            if (_isPaid(lots[i])) _checkReleased(lots[i]);
        }
    }

    /// @dev What waits behind an order; the replay holds that nobody is paid it.
    function _countStopped(uint64 lot) private {
        ILedger.Receivable memory entry = ledger.receivableOf(lot >> 24);
        if (uint24(lot) > entry.lotCount || _isPaid(lot)) return;
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        if (principal + interest == 0) return;
        ++done[entry.state == ILedger.State.Suspended ? "claimWhileSuspended" : "claimOfFrozen"];
    }

    /// @dev What the sharing rules divide: principal alone or with late interest.
    function _countShared(uint64 lot) private {
        if (!_isPaid(lot)) return;
        uint8 charge = ledger.lotOf(lot).flags & LotFlags.CHARGED;
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        if (charge == 0 || principal + interest == 0) return;
        string memory kind = charge == LotFlags.PLEDGED ? "claimPledged" : "claimWithRecourse";
        ++done[interest == 0 ? kind : string.concat(kind, "AndInterest")];
    }

    function _isPaid(uint64 lot) private view returns (bool) {
        ILedger.Receivable memory entry = ledger.receivableOf(lot >> 24);
        if (uint24(lot) > entry.lotCount || entry.state == ILedger.State.Suspended) return false;
        return ledger.lotOf(lot).flags & LotFlags.FROZEN == 0;
    }

    /// @dev Whatever was in the batch beside it, a lot that nothing stops got all of its share.
    function _checkPaid(uint64 lot) private view {
        if (!_isPaid(lot)) return;
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        _same(principal + interest, 0, "a claim was left unpaid");
    }

    function _held() private view returns (uint256) {
        return cny.balanceOf(address(settlement)) + eur.balanceOf(address(settlement));
    }

    function _isOwed(uint64 id, ILedger.Receivable memory entry) private view returns (bool) {
        (uint64 principal, uint64 interest) = ledger.owedAt(id, uint40(block.timestamp));
        return principal + interest != 0 && _isUp(entry.debtor);
    }

    function _isOwedUnderOrder(uint64 id, ILedger.Receivable memory entry) private view returns (bool) {
        return entry.state == ILedger.State.Suspended && _isOwed(id, entry);
    }

    function _isUnclaimed(uint64, ILedger.Receivable memory entry) private pure returns (bool) {
        return uint256(entry.paid) + entry.interestPaid > entry.claimed;
    }

    function _isRunning(ILedger.Receivable memory entry) private pure returns (bool) {
        return entry.state == ILedger.State.Active || entry.state == ILedger.State.Settling;
    }

    function _isLateAndUnflagged(uint64, ILedger.Receivable memory entry) private view returns (bool) {
        return _isRunning(entry) && !entry.overdue && block.timestamp >= entry.due + 1 days;
    }

    function _isBeyondGrace(uint64, ILedger.Receivable memory entry) private view returns (bool) {
        return _isRunning(entry) && block.timestamp >= entry.due + (1 + uint256(entry.graceDays)) * 1 days;
    }
}
