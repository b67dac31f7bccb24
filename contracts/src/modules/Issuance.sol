// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers, Rules} from "../interfaces/Codes.sol";
import {IInvoices} from "../interfaces/IInvoices.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IParties} from "../interfaces/IParties.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {Intents} from "./Intents.sol";

/// @title Issuance: debtor and creditor sign the same `Issue`
contract Issuance is IIssuance, Intents {
    uint256 public constant MAX_INVOICES = 50;
    bytes32 private constant INVOICE_USE_TYPE =
        keccak256("InvoiceUse(bytes32 fingerprint,uint64 total,uint64 amount,uint40 issuedAt)");
    bytes32 private constant ISSUE_TYPE = keccak256(
        "Issue(address debtor,address creditor,uint64 face,uint40 due,uint16 currency,bytes32 termsHash,uint40 deliveredAt,bytes32 extension,InvoiceUse[] invoices,uint40 deadline,uint64 salt)InvoiceUse(bytes32 fingerprint,uint64 total,uint64 amount,uint40 issuedAt)"
    );
    bytes32 private constant CANCEL_TYPE = keccak256(
        "Cancel(address debtor,address creditor,uint64 receivable,bytes32 evidence,InvoiceUse[] invoices,uint40 deadline,uint64 salt)InvoiceUse(bytes32 fingerprint,uint64 total,uint64 amount,uint40 issuedAt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;
    IInvoices public immutable invoices;
    IRulebook public immutable rulebook;

    constructor(ILedger ledger_, IParties parties_, IInvoices invoices_) Intents("Tallystick Issuance") {
        ledger = ledger_;
        parties = parties_;
        invoices = invoices_;
        rulebook = ledger_.rulebook();
    }

    /// @inheritdoc IIssuance
    function issue(Issue calldata intent, bytes calldata debtorSignatures, bytes calldata creditorSignatures)
        external
        returns (uint64 receivable, uint64 lot)
    {
        _checkDeadline(intent.deadline);
        _checkInvoices(intent);
        _checkDue(intent.due);
        _checkStatutoryTerm(intent);
        bytes32 invoiceSet = _hashInvoices(intent.invoices);
        bytes32 digest = _issueDigest(intent, invoiceSet);
        _useOnce(digest);
        _checkParties(intent, digest, debtorSignatures, creditorSignatures);
        (receivable, lot) = ledger.issue(
            ILedger.IssueOrder({
                debtor: intent.debtor,
                creditor: intent.creditor,
                face: intent.face,
                due: intent.due,
                currency: intent.currency,
                termsHash: intent.termsHash,
                invoiceSet: invoiceSet
            })
        );
        emit IntentUsed(digest, IntentKinds.ISSUE, receivable, msg.sender);
        invoices.bind(receivable, intent.invoices);
    }

    /// @inheritdoc IIssuance
    function cancel(
        Cancel calldata intent,
        bytes calldata debtorSignatures,
        bytes calldata creditorSignatures
    ) external {
        _checkDeadline(intent.deadline);
        bytes32 given = _hashInvoices(intent.invoices);
        bytes32 digest = _cancelDigest(intent, given);
        parties.requireSigned(intent.debtor, Powers.CONFIRM, digest, debtorSignatures);
        parties.requireSigned(intent.creditor, Powers.ACCEPT, digest, creditorSignatures);
        bytes32 invoiceSet = ledger.cancel(intent.receivable, intent.debtor, intent.creditor, intent.evidence);
        if (given != invoiceSet) revert IssuanceInvoicesDiffer(intent.receivable, invoiceSet, given);
        emit IntentUsed(digest, IntentKinds.CANCEL, intent.receivable, msg.sender);
        invoices.release(intent.receivable, intent.invoices);
    }

    /// @inheritdoc IIssuance
    function hashIssue(Issue calldata intent) external view returns (bytes32) {
        return _issueDigest(intent, _hashInvoices(intent.invoices));
    }

    /// @inheritdoc IIssuance
    function hashCancel(Cancel calldata intent) external view returns (bytes32) {
        return _cancelDigest(intent, _hashInvoices(intent.invoices));
    }

    function _checkParties(
        Issue calldata intent,
        bytes32 digest,
        bytes calldata debtorSignatures,
        bytes calldata creditorSignatures
    ) private view {
        if (intent.debtor == intent.creditor) {
            revert IssuanceSameParty(intent.debtor);
        }
        parties.requireSigned(intent.debtor, Powers.CONFIRM, digest, debtorSignatures);
        parties.requireActive(intent.debtor, PartyRoles.DEBTOR);
        parties.requireSigned(intent.creditor, Powers.ACCEPT, digest, creditorSignatures);
        uint32 blocking = ledger.blockingCount(intent.debtor);
        if (blocking != 0) revert IssuanceDebtorBlocked(intent.debtor, blocking);
    }

    /// @dev The face is what the invoices say, and nothing is financed before it was invoiced (rules.md §4).
    function _checkInvoices(Issue calldata intent) private view {
        uint256 count = intent.invoices.length;
        if (count > MAX_INVOICES) revert IssuanceTooManyInvoices(count, MAX_INVOICES);
        uint256 invoiced = 0;
        for (uint256 i = 0; i < count; ++i) {
            IInvoices.InvoiceUse calldata use = intent.invoices[i];
            if (use.issuedAt > block.timestamp) revert IssuancePrepayment(use.fingerprint, use.issuedAt);
            invoiced += use.amount;
        }
        if (invoiced != intent.face) revert IssuanceFaceMismatch(intent.face, invoiced);
    }

    function _checkDue(uint40 due) private view {
        if (due % 1 days != 0) revert IssuanceDueNotADay(due);
        uint40 now_ = uint40(block.timestamp);
        uint40 today = now_ - (now_ % 1 days);
        if (due < today) revert IssuanceDuePast(due, today);
        uint40 latest = today + uint40(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, now_)) * 1 days;
        if (due > latest) revert IssuanceTermTooLong(due, latest);
    }

    /// @dev A large buyer pays a small supplier within the statutory term from delivery on; a later day needs the supplier's
    /// agreement of its own, whose commitment both sign here (State Council Order 802, a dated rule).
    function _checkStatutoryTerm(Issue calldata intent) private view {
        uint40 now_ = uint40(block.timestamp);
        if (intent.deliveredAt > now_) revert IssuanceNotDelivered(intent.deliveredAt);
        if (intent.extension != 0) return;
        uint40 termDays = uint40(rulebook.valueAt(Rules.STATUTORY_TERM_DAYS, 0, now_));
        uint40 latest = intent.deliveredAt + termDays * 1 days;
        if (termDays == 0 || intent.due <= latest) return;
        bool large = parties.partyOf(intent.debtor).roles & PartyRoles.LARGE_BUYER != 0;
        if (large && parties.partyOf(intent.creditor).roles & PartyRoles.SMALL_SUPPLIER != 0) {
            revert IssuanceStatutoryTerm(intent.due, latest);
        }
    }

    /// @dev The EIP-712 hash of the array: what was signed is also what the ledger keeps as `invoiceSet`.
    function _hashInvoices(IInvoices.InvoiceUse[] calldata uses) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](uses.length);
        for (uint256 i = 0; i < uses.length; ++i) {
            hashes[i] = keccak256(abi.encode(INVOICE_USE_TYPE, uses[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _issueDigest(Issue calldata intent, bytes32 invoiceSet) private view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ISSUE_TYPE,
                    intent.debtor,
                    intent.creditor,
                    intent.face,
                    intent.due,
                    intent.currency,
                    intent.termsHash,
                    intent.deliveredAt,
                    intent.extension,
                    invoiceSet,
                    intent.deadline,
                    intent.salt
                )
            )
        );
    }

    function _cancelDigest(Cancel calldata intent, bytes32 invoiceSet) private view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    CANCEL_TYPE,
                    intent.debtor,
                    intent.creditor,
                    intent.receivable,
                    intent.evidence,
                    invoiceSet,
                    intent.deadline,
                    intent.salt
                )
            )
        );
    }
}
