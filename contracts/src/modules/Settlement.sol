// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimProblems, IntentKinds, Powers, Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Payout} from "../interfaces/Payouts.sol";
import {Intents} from "./Intents.sol";

/// @title Settlement: the debtor pays once, holders claim
/// @dev Holds, per currency, exactly what was paid in and not yet claimed.
contract Settlement is ISettlement, Intents {
    uint256 public constant MAX_ITEMS = 200;
    bytes32 private constant PAY_TYPE = keccak256(
        "Pay(address debtor,uint64 receivable,uint64 amount,uint64 paidBefore,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;
    /// @dev told what was paid of lots that a bank bought under a mandate
    IMandates public immutable mandates;

    constructor(ILedger ledger_, IParties parties_, IMandates mandates_) Intents("Tallystick Settlement") {
        ledger = ledger_;
        parties = parties_;
        mandates = mandates_;
    }

    /// @inheritdoc ISettlement
    function pay(Pay calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashPay(intent);
        parties.requireSigned(intent.debtor, Powers.PAY, digest, signatures);
        uint16 currency =
            ledger.recordPayment(intent.receivable, intent.debtor, intent.amount, intent.paidBefore, digest);
        emit IntentUsed(digest, IntentKinds.PAY, intent.receivable, msg.sender);
        ICash(ledger.cashOf(currency)).move(intent.debtor, address(this), intent.amount, Rights.PAY);
    }

    /// @inheritdoc ISettlement
    /// @dev One call of the ledger for all lots and one of each cash token, so a batch has its effect as a whole; lots that
    /// get nothing are skipped inside the ledger, and cash has no hooks: it cannot refuse an owner.
    function claim(uint64[] calldata lots) external {
        uint256 count = lots.length;
        if (count > MAX_ITEMS) revert SettlementTooMany(count, MAX_ITEMS);
        (Payout[] memory payouts, bool plain) = ledger.recordClaims(lots);
        if (payouts.length == 0) return;
        if (plain) {
            _payOut(payouts);
            return;
        }
        _payOutByCurrency(payouts);
        _releaseExposure(lots);
    }

    /// @inheritdoc ISettlement
    function flagOverdue(uint64 receivable) external {
        ledger.recordOverdue(receivable);
    }

    /// @inheritdoc ISettlement
    function declareDefault(uint64 receivable) external {
        ledger.recordDefault(receivable);
    }

    /// @inheritdoc ISettlement
    function hashPay(Pay calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(PAY_TYPE, offset, 6 * 32);
    }

    /// @dev Those that are paid move to the front, each currency in one piece; the others are reported.
    function _payOutByCurrency(Payout[] memory payouts) private {
        uint256 start = 0;
        uint256 end = 0;
        for (uint256 i = 0; i < payouts.length; ++i) {
            Payout payout = payouts[i];
            if (payout.problem() != 0) {
                emit ClaimFailed(payout.lot(), _reason(payout.lot(), payout.problem()));
                continue;
            }
            if (start != end && payout.currency() != payouts[start].currency()) {
                _payOut(_part(payouts, start, end));
                start = end;
            }
            payouts[end++] = payout;
        }
        if (start != end) _payOut(_part(payouts, start, end));
    }

    function _payOut(Payout[] memory payouts) private {
        ICash(ledger.cashOf(payouts[0].currency())).payOut(address(this), payouts, Rights.CLAIM);
    }

    function _part(Payout[] memory payouts, uint256 start, uint256 end)
        private
        pure
        returns (Payout[] memory part)
    {
        part = new Payout[](end - start);
        for (uint256 i = start; i < end; ++i) {
            part[i - start] = payouts[i];
        }
    }

    /// @dev Nothing that happens there may keep anybody from being paid. An exposure that stays too high does no harm, and
    /// anyone may release it again.
    function _releaseExposure(uint64[] calldata lots) private {
        // solhint-disable-next-line no-empty-blocks
        try mandates.releaseExposure(lots) {} catch {}
    }

    function _reason(uint64 lot, uint8 problem) private pure returns (bytes memory) {
        bytes4 selector = ILedger.LedgerNothingToClaim.selector;
        if (problem == ClaimProblems.UNKNOWN) selector = ILedger.LedgerUnknownLot.selector;
        if (problem == ClaimProblems.FROZEN) selector = ILedger.LedgerLotFrozen.selector;
        if (problem == ClaimProblems.SUSPENDED) {
            return abi.encodeWithSelector(ILedger.LedgerReceivableSuspended.selector, lot >> 24);
        }
        return abi.encodeWithSelector(selector, lot);
    }
}
