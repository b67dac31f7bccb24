// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {Permitted} from "./Permitted.sol";
import {ReplayLedger} from "./ReplayLedger.sol";
import {Vm} from "./Vm.sol";

/// @title Who got what of each lot, and that the money went there
/// @dev Counts from the first payment on and states the sharing rule a second time, in totals: a pledgee has had the lesser of
/// all that the lot received and what is secured, a bank with recourse principal up to what is secured and that part of the
/// interest, the seller the rest.
abstract contract ReplayReceipts is ReplayLedger {
    struct Receipt {
        uint64 principal;
        uint64 interest;
        uint64 toChargee;
        uint64 announced;
    }

    mapping(uint64 lot => Receipt) public receipts;
    mapping(address token => mapping(address party => uint256)) private _booked;
    uint256 private _unannounced;
    uint256 private _unpaid;

    /// @dev What a lot received goes on with it: once payments have begun it moves whole.
    function _inherit(uint64 parent, uint64 child, bool whole) internal override {
        if (whole) receipts[child] = receipts[parent];
    }

    function _claimed(Vm.Log memory log) internal override {
        uint64 id = _u64(log.topics[1]);
        ILedger.Lot memory held = _lots[id];
        (uint64 principal, uint64 interest,,) = abi.decode(log.data, (uint64, uint64, uint16, uint64));
        Permitted.claim(_receivables[held.receivable], held);
        _same(_address(log.topics[2]), held.owner, "a claim names the lot's owner");
        bool charged = held.flags & LotFlags.CHARGED != 0;
        _yes(
            _claimAnnounced[id] == charged,
            "I7: a claim makes stale what was signed for a charged lot, and no other"
        );
        _claimAnnounced[id] = false;
        Receipt storage receipt = receipts[id];
        receipt.principal += principal;
        receipt.interest += interest;
        uint64 part = _dueToChargee(held, receipt) - receipt.toChargee;
        receipt.announced = part;
        _unannounced += part;
        _book(held.receivable, held.owner, principal + interest - part);
        super._claimed(log);
    }

    function _chargePaid(Vm.Log memory log) internal override {
        uint64 id = _u64(log.topics[1]);
        ILedger.Lot memory held = _lots[id];
        uint64 amount = abi.decode(log.data, (uint64));
        Receipt storage receipt = receipts[id];
        _same(_address(log.topics[2]), held.chargee, "a charge is paid to its chargee");
        _same(amount, receipt.announced, "the parts of owner and chargee add up to the claim");
        if (held.flags & LotFlags.PLEDGED != 0) {
            _atMost(receipt.toChargee + amount, held.secured, "a pledgee never gets more than is secured");
        }
        receipt.toChargee += amount;
        receipt.announced = 0;
        _unannounced -= amount;
        _book(held.receivable, held.chargee, amount);
    }

    /// @dev Whoever may pay out claims, the settlement contract, pays what was booked and to whom it was booked.
    function _paidOut(address token, address to, uint256 amount) internal {
        _atMost(amount, _booked[token][to], "I10: a payout without a claim");
        _booked[token][to] -= amount;
        _unpaid -= amount;
    }

    function _isPayer(address token, address from) internal view returns (bool) {
        return _rightsOf(token, from) & Rights.CLAIM != 0;
    }

    function _rightsOf(address keeper, address module) internal view virtual returns (uint16);

    /// @dev Called after the events of one action.
    function _closeBooks() internal view {
        _same(_unannounced, 0, "a chargee's part of a claim was not paid");
        _same(_unpaid, 0, "a claim was booked and not paid");
    }

    function _book(uint64 receivable, address party, uint64 amount) private {
        _booked[cashOf[_receivables[receivable].currency]][party] += amount;
        _unpaid += amount;
    }

    function _dueToChargee(ILedger.Lot memory held, Receipt memory receipt) private pure returns (uint64) {
        uint64 received = receipt.principal + receipt.interest;
        if (held.flags & LotFlags.PLEDGED != 0) {
            // a pledge that was lowered below what its pledgee already has takes nothing back
            uint64 share = received < held.secured ? received : held.secured;
            return share > receipt.toChargee ? share : receipt.toChargee;
        }
        if (held.flags & LotFlags.RECOURSE == 0) return receipt.toChargee;
        uint64 principal = receipt.principal < held.secured ? receipt.principal : held.secured;
        return received - principal - uint64(uint256(receipt.interest) * held.secured / held.amount);
    }
}
