// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";

/// @title The rules of the ledger, said a second time over what events report
/// @dev The ledger refuses before it acts; this looks at what it did, knowing nothing but the state before.
library Permitted {
    error NotPermitted(string why);

    /// @param entry as it was before
    /// @param parent as it was before
    function move(
        ILedger.Receivable memory entry,
        ILedger.Lot memory parent,
        ILedger.Cause cause,
        uint64 amount,
        uint8 depth
    ) internal view {
        bool forced = cause == ILedger.Cause.Forced;
        _must(parent.flags & LotFlags.EXPORTED == 0, "what was exported never moves");
        _must(forced || parent.flags & LotFlags.FROZEN == 0, "I6: a frozen lot moves only under an order");
        bool enforced = cause == ILedger.Cause.Recovery;
        bool pledged = parent.flags & LotFlags.PLEDGED != 0;
        _must(forced || pledged == enforced, "a pledged lot moves only by enforcement or under an order");
        _must(amount != 0 && amount <= parent.amount, "a cut takes a part of its lot");
        bool whole = amount == parent.amount;
        bool divisible = entry.installments == 0 && parent.flags & LotFlags.CHARGED == 0;
        _must(whole || divisible, "a lot that is charged or paid moves whole");
        if (forced) {
            _must(entry.state != ILedger.State.Cancelled, "nothing cancelled moves");
            return;
        }
        if (enforced || cause == ILedger.Cause.Buyback) {
            _must(_isLive(entry.state), "enforced or bought back while it is live");
            _must(whole, "enforced or bought back whole");
            _must(enforced || parent.flags & LotFlags.RECOURSE != 0, "bought back under recourse only");
            return;
        }
        _must(_isOpen(entry), "ordinary moves keep to the register's hours");
        _must(depth <= entry.maxDepth, "depth");
        _must(entry.lotCount < entry.maxLots, "lot count");
        uint64 left = parent.amount - amount;
        _must(whole || (amount >= entry.minLotMinor && left >= entry.minLotMinor), "smallest lot");
    }

    /// @param raised the lot's `seq` rose: this is a change of its own and not part of a move
    function flags(ILedger.Receivable memory entry, ILedger.Lot memory before, uint8 after_, bool raised)
        internal
        view
    {
        uint8 changed = before.flags ^ after_;
        _must(
            changed & LotFlags.FROZEN == 0 || changed == LotFlags.FROZEN, "an order stops or frees, no more"
        );
        if (before.flags & after_ & LotFlags.FROZEN != 0) {
            _must(!raised && before.amount == 0, "I6: a frozen lot changed");
        }
        if (raised && changed & after_ & LotFlags.CHARGED != 0) {
            _must(before.flags & LotFlags.CHARGED == 0, "never two charges");
            _must(before.flags & LotFlags.EXPORTED == 0, "no charge on what was exported");
            _must(_isOpen(entry), "charged while the register is open");
            _must(before.depth <= entry.maxDepth, "no charge on what is deeper than the limit");
        }
        _must(
            !raised || changed != 0 || before.flags & LotFlags.CHARGED != 0, "a charge alone changes silently"
        );
        uint8 fixed_ = LotFlags.EXPORTED | LotFlags.MANDATED;
        _must(changed & fixed_ == 0 || (!raised && before.flags == 0), "these are for life");
    }

    function state(ILedger.Receivable memory entry, ILedger.State to) internal view {
        _must(_isLegal(entry.state, to), "I9: a forbidden change of state");
        if (to == ILedger.State.Defaulted) {
            uint256 from = entry.due + (1 + uint256(entry.graceDays)) * 1 days;
            _must(block.timestamp >= from, "in default only after the days of grace");
        }
        if (to == ILedger.State.Cancelled) _must(entry.lotCount == 1, "cancelled only before it was split");
        if (to == ILedger.State.Settled) _must(entry.paid == entry.face, "settled only when it is paid");
    }

    function overdue(ILedger.Receivable memory entry, bool set) internal view {
        _must(entry.overdue != set, "overdue changes");
        if (set) _must(block.timestamp >= entry.due + 1 days, "overdue only after the due day");
    }

    /// @param principal and `interest` of the payment
    /// @param owed interest that is left
    function payment(ILedger.Receivable memory entry, uint64 principal, uint64 interest, uint64 owed)
        internal
        view
    {
        _must(_isLive(entry.state) || entry.state == ILedger.State.Suspended, "paid before the end only");
        _must(principal <= entry.face - entry.paid, "never more than is owed");
        _must(interest + owed == _accrued(entry), "late interest is paid or stays owed");
        _must(principal == 0 || owed == 0, "interest comes before principal");
    }

    function claim(ILedger.Receivable memory entry, ILedger.Lot memory lot) internal pure {
        _must(lot.flags & LotFlags.FROZEN == 0, "I6: a frozen lot was paid");
        _must(entry.state != ILedger.State.Suspended, "a suspended receivable pays nobody");
    }

    /// @dev Each whole day since the due day on what is unpaid, at simple interest, rounded half up.
    function _accrued(ILedger.Receivable memory entry) private view returns (uint256) {
        uint256 from = entry.interestThrough > entry.due ? entry.interestThrough : entry.due;
        if (block.timestamp < from + 1 days) return entry.interestOwed;
        uint256 daysLate = (block.timestamp - from) / 1 days;
        uint256 millionths = uint256(entry.face - entry.paid) * entry.lateRatePpmPerDay * daysLate;
        return entry.interestOwed + (millionths + 500_000) / 1e6;
    }

    function _isOpen(ILedger.Receivable memory entry) private view returns (bool) {
        return entry.state == ILedger.State.Active && block.timestamp < entry.due - entry.closeWindowSeconds;
    }

    function _isLive(ILedger.State state_) private pure returns (bool) {
        return state_ == ILedger.State.Active || state_ == ILedger.State.Settling
            || state_ == ILedger.State.Defaulted;
    }

    /// @dev docs/transitions.md, from state to state.
    function _isLegal(ILedger.State from, ILedger.State to) private pure returns (bool) {
        if (from == ILedger.State.Active) {
            return to == ILedger.State.Suspended || to == ILedger.State.Settling
                || to == ILedger.State.Settled || to == ILedger.State.Defaulted
                || to == ILedger.State.Cancelled;
        }
        if (from == ILedger.State.Suspended) {
            return to == ILedger.State.Active || to == ILedger.State.Settling || to == ILedger.State.Settled;
        }
        if (from == ILedger.State.Settling) {
            return to == ILedger.State.Settled || to == ILedger.State.Defaulted;
        }
        return
            from == ILedger.State.Defaulted && (to == ILedger.State.Settled || to == ILedger.State.WrittenOff);
    }

    function _must(bool condition, string memory why) private pure {
        if (!condition) revert NotPermitted(why);
    }
}
