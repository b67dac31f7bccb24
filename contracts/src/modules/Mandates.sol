// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Floor} from "./Floor.sol";
import {Intents} from "./Intents.sol";

/// @title Mandates: what a bank's quoting key may buy
abstract contract Mandates is IMandates, Intents {
    /// @dev one slot
    struct Standing {
        bool granted;
        uint64 exposure;
    }

    /// @dev two slots
    struct Holding {
        bytes32 id;
        uint64 held;
    }

    ILedger public immutable ledger;
    IParties public immutable parties;

    mapping(bytes32 id => Standing) private _standings;
    mapping(uint64 lot => Holding) private _holdings;

    constructor(ILedger ledger_, IParties parties_) {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc IMandates
    function grantMandate(Mandate calldata mandate, bytes calldata bankSignatures)
        external
        returns (bytes32 id)
    {
        _checkDeadline(mandate.deadline);
        bool dayCountKnown = mandate.dayCount == 360 || mandate.dayCount == 365;
        if (!dayCountKnown || mandate.recourse > 1 || mandate.validUntil <= mandate.validFrom) {
            revert MandateBadTerms(mandate.dayCount, mandate.recourse, mandate.validFrom, mandate.validUntil);
        }
        id = hashMandate(mandate);
        if (_standings[id].granted) revert MandateAlreadyGranted(id);
        parties.requireSigned(mandate.bank, Powers.FINANCE, id, bankSignatures);
        _standings[id].granted = true;
        _emitGranted(id, mandate);
        emit IntentUsed(id, IntentKinds.MANDATE, 0, msg.sender);
    }

    /// @inheritdoc IMandates
    function releaseExposure(uint64[] calldata lots) external {
        for (uint256 i = 0; i < lots.length; ++i) {
            _release(lots[i]);
        }
    }

    /// @inheritdoc IMandates
    function exposureOf(bytes32 id) external view returns (bool granted, uint64 exposure) {
        return (_standings[id].granted, _standings[id].exposure);
    }

    /// @inheritdoc IMandates
    function exposureOfLot(uint64 lot) external view returns (bytes32 id, uint64 held) {
        return (_holdings[lot].id, _holdings[lot].held);
    }

    /// @inheritdoc IMandates
    function ceilingOf(Mandate calldata mandate, uint64 amount, uint40 due)
        external
        view
        returns (uint64 highest)
    {
        return Floor.ceiling(amount, mandate.minRatePpm, _tenorDays(due), mandate.dayCount);
    }

    /// @inheritdoc IMandates
    function hashMandate(Mandate memory mandate) public view virtual returns (bytes32);

    /// @dev The exposure of a lot is what its bank still waits for: the face it holds less the principal paid on it.
    function _release(uint64 lot) internal {
        Holding storage holding = _holdings[lot];
        uint64 held = holding.held;
        if (held == 0) return;
        uint64 open = ledger.openFaceOf(lot);
        if (open >= held) return;
        bytes32 id = holding.id;
        uint64 exposure = _standings[id].exposure - (held - open);
        (_standings[id].exposure, holding.held) = (exposure, open);
        emit MandateExposure(id, lot, open, exposure);
    }

    /// @dev The lot was just bought: its face counts from now on.
    function _useMandate(bytes32 id, uint64 limit, uint64 lot, uint64 amount) internal {
        uint64 before = _standings[id].exposure;
        // the sum is below 2^64: both are at most the limit, or amounts of title, which have 53 bits
        if (before > limit || amount > limit - before) revert MandateOverLimit(limit, before, amount);
        uint64 exposure = before + amount;
        _standings[id].exposure = exposure;
        _holdings[lot] = Holding(id, amount);
        emit MandateExposure(id, lot, amount, exposure);
    }

    /// @dev All that does not depend on the lot's amount and price. Whoever signs within these bounds may be a thief.
    function _checkMandate(bytes32 id, Mandate memory mandate, uint64 lot)
        internal
        view
        returns (uint256 tenorDays)
    {
        if (!_standings[id].granted) revert MandateUnknown(id);
        if (parties.isRevoked(mandate.bank, id)) revert MandateRevoked(id);
        uint40 now_ = uint40(block.timestamp);
        if (now_ < mandate.validFrom || now_ >= mandate.validUntil) {
            revert MandateNotInForce(id, mandate.validFrom, mandate.validUntil, now_);
        }
        (address debtor, uint40 due, uint16 currency) = ledger.debtOf(lot >> 24);
        if (debtor != mandate.debtor) revert MandateDebtorDiffers(mandate.debtor, debtor);
        if (currency != mandate.currency) revert MandateCurrencyDiffers(mandate.currency, currency);
        tenorDays = _tenorDays(due);
        if (tenorDays > mandate.maxTenorDays) revert MandateTenorTooLong(tenorDays, mandate.maxTenorDays);
    }

    /// @dev From the value date, included, to the due date, excluded (rules.md §2).
    function _tenorDays(uint40 due) private view returns (uint256) {
        uint256 today = block.timestamp - block.timestamp % 1 days;
        return due > today ? (due - today) / 1 days : 0;
    }

    function _emitGranted(bytes32 id, Mandate memory mandate) private {
        emit MandateGranted(
            id,
            mandate.bank,
            mandate.debtor,
            mandate.quoter,
            mandate.currency,
            mandate.limit,
            mandate.minRatePpm,
            mandate.dayCount,
            mandate.maxTenorDays,
            mandate.recourse,
            mandate.validFrom,
            mandate.validUntil
        );
    }
}
