// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, PartyRoles, Powers, Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {IFinancing} from "../interfaces/IFinancing.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IMandates} from "../interfaces/IMandates.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Floor} from "./Floor.sol";
import {Intents} from "./Intents.sol";
import {Mandates} from "./Mandates.sol";

/// @title Financing: title against cash in one transaction; buy-back under recourse
contract Financing is IFinancing, Mandates {
    uint256 public constant MAX_ITEMS = 50;
    /// @dev enough for a dozen signers on each side, cold, with recourse, fees and a mandate
    uint256 private constant ITEM_GAS = 800_000;
    uint8 private constant IN_FULL = 1;
    uint8 private constant LIMITED = 2;
    bytes32 private constant FINANCE_TYPE = keccak256(
        "Finance(address bank,address seller,uint64 lot,uint24 seq,uint64 amount,uint64 price,uint64 fees,address feesTo,uint32 ratePpm,uint16 dayCount,uint8 recourse,uint64 secured,uint64 recourseLimit,bytes32 registrationRef,bytes32 noticeRef,bytes32 termsHash,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant BUYBACK_TYPE = keccak256(
        "Buyback(address bank,address seller,uint64 lot,uint24 seq,uint64 price,bytes32 evidence,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant MANDATE_TYPE = keccak256(
        "Mandate(address bank,address quoter,address debtor,uint16 currency,uint64 limit,uint32 minRatePpm,uint16 dayCount,uint16 maxTenorDays,uint8 recourse,uint40 validFrom,uint40 validUntil,uint40 deadline,uint64 salt)"
    );

    constructor(ILedger ledger_, IParties parties_)
        Intents("Tallystick Financing")
        Mandates(ledger_, parties_)
    {}

    /// @inheritdoc IFinancing
    function finance(Finance calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child)
    {
        return _financeSigned(intent, bankSignatures, sellerSignatures, msg.sender);
    }

    /// @inheritdoc IFinancing
    function financeUnderMandate(
        Finance calldata intent,
        Mandate calldata mandate,
        bytes calldata quoterSignature,
        bytes calldata sellerSignatures
    ) external returns (uint64 child) {
        return _financeUnderMandate(intent, mandate, quoterSignature, sellerSignatures, msg.sender);
    }

    /// @inheritdoc IFinancing
    function financeMany(FinanceItem[] calldata items) external returns (uint64[] memory children) {
        uint256 count = items.length;
        if (count > MAX_ITEMS) revert FinancingTooMany(count, MAX_ITEMS);
        children = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) {
            _requireGas(ITEM_GAS);
            try this.financeItem{gas: ITEM_GAS}(items[i], msg.sender) returns (uint64 child) {
                children[i] = child;
            } catch (bytes memory reason) {
                emit IntentFailed(i, hashFinance(items[i].intent), reason);
            }
        }
    }

    /// @notice One item of a batch, as a call of its own so that its failure undoes only itself.
    /// @param relayer who carried the batch
    /// @custom:access this contract only
    function financeItem(FinanceItem calldata item, address relayer) external returns (uint64 child) {
        if (msg.sender != address(this)) revert FinancingOnlySelf();
        if (item.mandate.bank != address(0)) {
            return _financeUnderMandate(
                item.intent, item.mandate, item.bankSignatures, item.sellerSignatures, relayer
            );
        }
        return _financeSigned(item.intent, item.bankSignatures, item.sellerSignatures, relayer);
    }

    /// @inheritdoc IFinancing
    function buyBack(Buyback calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child)
    {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashBuyback(intent);
        parties.requireSigned(intent.bank, Powers.FINANCE, digest, bankSignatures);
        parties.requireSigned(intent.seller, Powers.PAY, digest, sellerSignatures);
        ILedger.Lot memory lot = ledger.lotOf(intent.lot);
        _checkBuyback(intent, lot);
        uint16 currency;
        (child, currency) = ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.bank,
                to: intent.seller,
                amount: lot.amount,
                cause: ILedger.Cause.Buyback,
                evidence: intent.evidence,
                mandated: false
            })
        );
        emit BoughtBack(child, intent.bank, intent.seller, lot.amount, intent.price, intent.evidence, digest);
        emit IntentUsed(digest, IntentKinds.BUYBACK, child, msg.sender);
        _release(intent.lot);
        ICash(ledger.cashOf(currency)).move(intent.seller, intent.bank, intent.price, Rights.BUYBACK);
    }

    /// @inheritdoc IFinancing
    function hashFinance(Finance memory intent) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FINANCE_TYPE, intent)));
    }

    /// @inheritdoc IFinancing
    function hashBuyback(Buyback calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(BUYBACK_TYPE, offset, 8 * 32);
    }

    /// @inheritdoc IMandates
    function hashMandate(Mandate memory mandate) public view override(IMandates, Mandates) returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MANDATE_TYPE, mandate)));
    }

    function _financeSigned(
        Finance memory intent,
        bytes calldata bankSignatures,
        bytes calldata sellerSignatures,
        address relayer
    ) private returns (uint64 child) {
        bytes32 digest = _checkFinance(intent);
        parties.requireSigned(intent.bank, Powers.FINANCE, digest, bankSignatures);
        return _finance(intent, digest, sellerSignatures, false, relayer);
    }

    function _financeUnderMandate(
        Finance memory intent,
        Mandate memory mandate,
        bytes calldata quoterSignature,
        bytes calldata sellerSignatures,
        address relayer
    ) private returns (uint64 child) {
        bytes32 digest = _checkFinance(intent);
        bytes32 id = hashMandate(mandate);
        if (intent.bank != mandate.bank) revert MandateBankDiffers(mandate.bank, intent.bank);
        uint256 tenorDays = _checkMandate(id, mandate, intent.lot);
        _checkQuote(intent, mandate, tenorDays);
        _checkEarlierRecourse(intent.lot);
        parties.requireSignedBy(mandate.bank, mandate.quoter, Powers.QUOTE, digest, quoterSignature);
        child = _finance(intent, digest, sellerSignatures, true, relayer);
        _useMandate(id, mandate.limit, child, intent.amount);
    }

    function _finance(
        Finance memory intent,
        bytes32 digest,
        bytes calldata sellerSignatures,
        bool mandated,
        address relayer
    ) private returns (uint64 child) {
        parties.requireActive(intent.bank, PartyRoles.BANK);
        parties.requireSigned(intent.seller, Powers.ASSIGN, digest, sellerSignatures);
        uint16 currency;
        (child, currency) = _moveTitle(intent, mandated);
        if (intent.recourse != 0) _chargeSeller(intent, child);
        _emitFinanced(intent, child, digest);
        emit IntentUsed(digest, IntentKinds.FINANCE, child, relayer);
        // a bank that sells on frees what its own mandate counted
        _release(intent.lot);
        _moveCash(intent, ICash(ledger.cashOf(currency)));
    }

    /// @dev The evidence of this hop is the cost sheet that both signed.
    function _moveTitle(Finance memory intent, bool mandated)
        private
        returns (uint64 child, uint16 currency)
    {
        return ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.seller,
                to: intent.bank,
                amount: intent.amount,
                cause: ILedger.Cause.Finance,
                evidence: intent.termsHash,
                mandated: mandated
            })
        );
    }

    function _chargeSeller(Finance memory intent, uint64 child) private {
        ledger.charge(
            ILedger.ChargeOrder({
                lot: child,
                seq: 0,
                owner: intent.bank,
                chargee: intent.seller,
                kind: LotFlags.RECOURSE,
                secured: intent.secured,
                recourseLimit: intent.recourseLimit,
                evidence: intent.termsHash
            })
        );
    }

    /// @dev Fees go to parties only: cash at any other address could never be used.
    function _moveCash(Finance memory intent, ICash cash) private {
        cash.move(intent.bank, intent.seller, intent.price - intent.fees, Rights.FINANCE);
        if (intent.fees != 0) {
            parties.requireActive(intent.feesTo, 0);
            cash.move(intent.bank, intent.feesTo, intent.fees, Rights.FINANCE);
        }
    }

    function _emitFinanced(Finance memory intent, uint64 child, bytes32 digest) private {
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

    function _checkFinance(Finance memory intent) private view returns (bytes32 digest) {
        _checkDeadline(intent.deadline);
        bool feesNamed = (intent.fees != 0) == (intent.feesTo != address(0));
        if (intent.price == 0 || intent.price > intent.amount || intent.fees >= intent.price || !feesNamed) {
            revert FinancingBadPrice(intent.amount, intent.price, intent.fees);
        }
        if (intent.dayCount != 360 && intent.dayCount != 365) revert FinancingBadDayCount(intent.dayCount);
        _checkRecourse(intent);
        return hashFinance(intent);
    }

    function _checkRecourse(Finance memory intent) private pure {
        (uint8 recourse, uint64 secured, uint64 limit) =
            (intent.recourse, intent.secured, intent.recourseLimit);
        bool good = recourse == 0
            ? secured == 0 && limit == 0
            : secured != 0 && secured <= intent.amount && limit <= intent.amount
                && (recourse == IN_FULL ? limit == 0 : recourse == LIMITED && limit != 0);
        if (!good) revert FinancingBadRecourse(recourse, secured, limit);
    }

    function _checkQuote(Finance memory intent, Mandate memory mandate, uint256 tenorDays) private pure {
        if (intent.dayCount != mandate.dayCount) {
            revert MandateDayCountDiffers(mandate.dayCount, intent.dayCount);
        }
        if (intent.recourse != mandate.recourse) {
            revert MandateRecourseDiffers(mandate.recourse, intent.recourse);
        }
        if (intent.recourse != 0 && intent.secured != intent.amount) {
            revert MandateNotFullySecured(intent.amount, intent.secured);
        }
        uint64 highest = Floor.ceiling(intent.amount, mandate.minRatePpm, tenorDays, mandate.dayCount);
        if (intent.price > highest) revert MandateBelowFloor(intent.price, highest);
    }

    /// @dev A lot bought second hand brings its recourse along, and with it the first seller's right to what is beyond the
    /// secured amount: a thief with a helper could have secured a cent only.
    function _checkEarlierRecourse(uint64 lotId) private view {
        ILedger.Lot memory lot = ledger.lotOf(lotId);
        if (lot.flags & LotFlags.RECOURSE != 0 && lot.secured != lot.amount) {
            revert MandateNotFullySecured(lot.amount, lot.secured);
        }
    }

    function _checkBuyback(Buyback calldata intent, ILedger.Lot memory lot) private pure {
        if (lot.flags & LotFlags.RECOURSE == 0 || lot.chargee != intent.seller) {
            revert FinancingNoRecourse(intent.lot, intent.seller);
        }
        if (lot.recourseLimit != 0 && intent.price > lot.recourseLimit) {
            revert FinancingOverRecourse(intent.lot, intent.price, lot.recourseLimit);
        }
    }
}
