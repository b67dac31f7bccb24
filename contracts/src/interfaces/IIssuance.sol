// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";
import {IInvoices} from "./IInvoices.sol";

/// @title Issuance: debtor and creditor sign the same `Issue`
interface IIssuance is IIntents {
    /// @param face sum of the invoices' amounts, minor units
    /// @param due 00:00 UTC of the due day
    /// @param currency ISO 4217 numeric
    /// @param termsHash commitment to the terms, never zero
    /// @param deliveredAt 00:00 UTC of the day of delivery, from which the statutory term counts
    /// @param extension commitment to the supplier's agreement to a later due date than the statutory term allows, or zero
    /// @param invoices what backs the face; the EIP-712 hash of this array is the receivable's `invoiceSet`
    struct Issue {
        address debtor;
        address creditor;
        uint64 face;
        uint40 due;
        uint16 currency;
        bytes32 termsHash;
        uint40 deliveredAt;
        bytes32 extension;
        IInvoices.InvoiceUse[] invoices;
        uint40 deadline;
        uint64 salt;
    }

    /// @notice Debtor and creditor take a receivable back before anything happened to it.
    /// @param invoices those of the `Issue`, which are free again
    struct Cancel {
        address debtor;
        address creditor;
        uint64 receivable;
        bytes32 evidence;
        IInvoices.InvoiceUse[] invoices;
        uint40 deadline;
        uint64 salt;
    }

    error IssuanceSameParty(address party);
    error IssuanceFaceMismatch(uint64 face, uint256 invoiced);
    error IssuanceDueNotADay(uint40 due);
    error IssuanceDuePast(uint40 due, uint40 today);
    error IssuanceTermTooLong(uint40 due, uint40 latest);
    error IssuanceDebtorBlocked(address debtor, uint32 blocking);
    error IssuancePrepayment(bytes32 fingerprint, uint40 issuedAt);
    error IssuanceTooManyInvoices(uint256 count, uint256 limit);
    /// @dev The goods are yet to come: delivery is dated after the issue.
    error IssuanceNotDelivered(uint40 deliveredAt);
    /// @dev A large buyer's due date towards a small supplier is beyond the statutory term, and no extension was signed.
    error IssuanceStatutoryTerm(uint40 due, uint40 latest);
    error IssuanceInvoicesDiffer(uint64 receivable, bytes32 invoiceSet, bytes32 given);

    /// @custom:access signatures of debtor (CONFIRM) and creditor (ACCEPT)
    function issue(Issue calldata intent, bytes calldata debtorSignatures, bytes calldata creditorSignatures)
        external
        returns (uint64 receivable, uint64 lot);
    /// @custom:access signatures of debtor (CONFIRM) and creditor (ACCEPT)
    function cancel(
        Cancel calldata intent,
        bytes calldata debtorSignatures,
        bytes calldata creditorSignatures
    ) external;
    function hashCancel(Cancel calldata intent) external view returns (bytes32);
    function hashIssue(Issue calldata intent) external view returns (bytes32);
}
