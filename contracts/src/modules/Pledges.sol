// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, Powers, Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IParties} from "../interfaces/IParties.sol";
import {IPledges} from "../interfaces/IPledges.sol";
import {Entitlement} from "../ledger/Entitlement.sol";
import {Intents} from "./Intents.sol";

/// @title Pledges: a loan against a lot
contract Pledges is IPledges, Intents {
    bytes32 private constant PLEDGE_TYPE = keccak256(
        "Pledge(address owner,address pledgee,uint64 lot,uint24 seq,uint64 secured,uint64 advance,bytes32 evidence,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant RELEASE_TYPE = keccak256(
        "Release(address owner,address pledgee,uint64 lot,uint24 seq,uint64 secured,uint64 repayment,bytes32 evidence,uint40 deadline,uint64 salt)"
    );
    bytes32 private constant REALISE_TYPE = keccak256(
        "Realise(address owner,address pledgee,address buyer,uint64 lot,uint24 seq,uint64 price,bytes32 evidence,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;

    constructor(ILedger ledger_, IParties parties_) Intents("Tallystick Pledges") {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc IPledges
    function pledge(Pledge calldata intent, bytes calldata ownerSignatures, bytes calldata pledgeeSignatures)
        external
    {
        _checkDeadline(intent.deadline);
        if (intent.advance > intent.secured) {
            revert PledgesAdvanceOverSecured(intent.advance, intent.secured);
        }
        bytes32 digest = hashPledge(intent);
        parties.requireSigned(intent.owner, Powers.ASSIGN, digest, ownerSignatures);
        parties.requireSigned(intent.pledgee, Powers.FINANCE, digest, pledgeeSignatures);
        uint16 currency = ledger.charge(
            ILedger.ChargeOrder({
                lot: intent.lot,
                seq: intent.seq,
                owner: intent.owner,
                chargee: intent.pledgee,
                kind: LotFlags.PLEDGED,
                secured: intent.secured,
                recourseLimit: 0,
                evidence: intent.evidence
            })
        );
        emit Pledged(
            intent.lot, intent.owner, intent.pledgee, intent.secured, intent.advance, intent.evidence, digest
        );
        emit IntentUsed(digest, IntentKinds.PLEDGE, intent.lot, msg.sender);
        _pay(currency, intent.pledgee, intent.owner, intent.advance);
    }

    /// @inheritdoc IPledges
    function release(
        Release calldata intent,
        bytes calldata ownerSignatures,
        bytes calldata pledgeeSignatures
    ) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashRelease(intent);
        parties.requireSigned(intent.pledgee, Powers.FINANCE, digest, pledgeeSignatures);
        if (intent.repayment != 0) {
            parties.requireSigned(intent.owner, Powers.PAY, digest, ownerSignatures);
        }
        (address owner, uint16 currency) =
            ledger.lowerPledge(intent.lot, intent.seq, intent.pledgee, intent.secured, intent.evidence);
        if (owner != intent.owner) revert PledgesOwnerDiffers(intent.lot, owner, intent.owner);
        emit PledgeReleased(
            intent.lot, owner, intent.pledgee, intent.secured, intent.repayment, intent.evidence, digest
        );
        emit IntentUsed(digest, IntentKinds.RELEASE, intent.lot, msg.sender);
        _pay(currency, owner, intent.pledgee, intent.repayment);
    }

    /// @inheritdoc IPledges
    function realise(
        Realise calldata intent,
        bytes calldata ownerSignatures,
        bytes calldata pledgeeSignatures,
        bytes calldata buyerSignatures
    ) external returns (uint64 child) {
        _checkDeadline(intent.deadline);
        if (intent.price == 0) revert PledgesZeroPrice(intent.lot);
        bytes32 digest = hashRealise(intent);
        parties.requireSigned(intent.owner, Powers.ASSIGN, digest, ownerSignatures);
        parties.requireSigned(intent.pledgee, Powers.FINANCE, digest, pledgeeSignatures);
        if (intent.buyer != intent.pledgee) {
            parties.requireSigned(intent.buyer, Powers.PAY, digest, buyerSignatures);
        }
        ILedger.Lot memory lot = ledger.lotOf(intent.lot);
        if (lot.chargee != intent.pledgee) {
            revert ILedger.LedgerLotNotPledgedTo(intent.lot, intent.pledgee);
        }
        uint16 currency;
        (child, currency) = _moveTitle(intent, lot.amount);
        uint64 secured = _stillSecured(lot);
        uint64 toPledgee = intent.price < secured ? intent.price : secured;
        _emitRealised(intent, child, lot.amount, toPledgee, digest);
        emit IntentUsed(digest, IntentKinds.REALISE, child, msg.sender);
        if (intent.buyer != intent.pledgee) _pay(currency, intent.buyer, intent.pledgee, toPledgee);
        _pay(currency, intent.buyer, intent.owner, intent.price - toPledgee);
    }

    /// @inheritdoc IPledges
    function hashPledge(Pledge calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(PLEDGE_TYPE, offset, 9 * 32);
    }

    /// @inheritdoc IPledges
    function hashRelease(Release calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(RELEASE_TYPE, offset, 9 * 32);
    }

    /// @inheritdoc IPledges
    function hashRealise(Realise calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(REALISE_TYPE, offset, 9 * 32);
    }

    /// @dev What is secured is the most that the pledgee gets of the lot in all: what it was paid by claims counts. All of
    /// them were paid while more was to come, else the lot could not be realised any more.
    function _stillSecured(ILedger.Lot memory lot) private view returns (uint64) {
        if (lot.claimedThrough == 0) return lot.secured;
        (uint64 principal, uint64 interest) = ledger.paidThrough(lot.receivable, lot.claimedThrough);
        uint64 face = ledger.receivableOf(lot.receivable).face;
        uint64 got = Entitlement.whileOpen(lot.amount, principal, face)
            + Entitlement.whileOpen(lot.amount, interest, face);
        return got < lot.secured ? lot.secured - got : 0;
    }

    function _moveTitle(Realise calldata intent, uint64 amount)
        private
        returns (uint64 child, uint16 currency)
    {
        return ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.owner,
                to: intent.buyer,
                amount: amount,
                cause: ILedger.Cause.Recovery,
                evidence: intent.evidence,
                mandated: false
            })
        );
    }

    function _pay(uint16 currency, address from, address to, uint64 amount) private {
        if (amount != 0) ICash(ledger.cashOf(currency)).move(from, to, amount, Rights.PLEDGE);
    }

    function _emitRealised(
        Realise calldata intent,
        uint64 child,
        uint64 amount,
        uint64 toPledgee,
        bytes32 digest
    ) private {
        emit PledgeRealised(
            child,
            intent.pledgee,
            intent.buyer,
            intent.owner,
            amount,
            intent.price,
            toPledgee,
            intent.evidence,
            digest
        );
    }
}
