// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers, Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IFinancing} from "../interfaces/IFinancing.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "./Intents.sol";

/// @title Financing: title against cash in one transaction
contract Financing is IFinancing, Intents {
    bytes32 private constant FINANCE_TYPE = keccak256(
        "Finance(address bank,address seller,uint64 lot,uint24 seq,uint64 amount,uint64 price,uint64 fees,address feesTo,uint32 ratePpm,uint16 dayCount,uint8 recourse,bytes32 registrationRef,bytes32 noticeRef,bytes32 termsHash,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;

    constructor(ILedger ledger_, IParties parties_) Intents("Tallystick Financing") {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc IFinancing
    function finance(Finance calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child)
    {
        _checkDeadline(intent.deadline);
        _checkPrice(intent);
        bytes32 digest = hashFinance(intent);
        parties.requireSigned(intent.bank, Powers.FINANCE, digest, bankSignatures);
        parties.requireActive(intent.bank, PartyRoles.BANK);
        parties.requireSigned(intent.seller, Powers.ASSIGN, digest, sellerSignatures);
        uint16 currency;
        (child, currency) = _moveTitle(intent);
        _emitFinanced(intent, child, digest);
        emit IntentUsed(digest, IntentKinds.FINANCE, child, msg.sender);
        _moveCash(intent, ICash(ledger.cashOf(currency)));
    }

    /// @inheritdoc IFinancing
    function hashFinance(Finance calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(FINANCE_TYPE, offset, 16 * 32);
    }

    /// @dev The evidence of this hop is the cost sheet that both signed.
    function _moveTitle(Finance calldata intent) private returns (uint64 child, uint16 currency) {
        return ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.seller,
                to: intent.bank,
                amount: intent.amount,
                cause: ILedger.Cause.Finance,
                evidence: intent.termsHash
            })
        );
    }

    /// @dev Fees go to parties only: cash at any other address could never be used.
    function _moveCash(Finance calldata intent, ICash cash) private {
        cash.move(intent.bank, intent.seller, intent.price - intent.fees, Rights.FINANCE);
        if (intent.fees != 0) {
            parties.requireActive(intent.feesTo, 0);
            cash.move(intent.bank, intent.feesTo, intent.fees, Rights.FINANCE);
        }
    }

    function _emitFinanced(Finance calldata intent, uint64 child, bytes32 digest) private {
        emit Financed(
            child,
            intent.bank,
            intent.seller,
            intent.amount,
            intent.price,
            intent.fees,
            intent.feesTo,
            intent.ratePpm,
            intent.dayCount,
            intent.recourse,
            intent.registrationRef,
            intent.noticeRef,
            intent.termsHash,
            digest
        );
    }

    function _checkPrice(Finance calldata intent) private pure {
        bool feesNamed = (intent.fees != 0) == (intent.feesTo != address(0));
        if (intent.price == 0 || intent.price > intent.amount || intent.fees >= intent.price || !feesNamed) {
            revert FinancingBadPrice(intent.amount, intent.price, intent.fees);
        }
        if (intent.dayCount != 360 && intent.dayCount != 365) revert FinancingBadDayCount(intent.dayCount);
        if (intent.recourse > 1) revert FinancingBadRecourse(intent.recourse);
    }
}
