// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRights} from "./IRights.sol";

/// @title Register of invoice fingerprints: nothing is financed beyond an invoice's total
/// @notice A fingerprint is an HMAC; nobody can read an invoice from it.
interface IInvoices is IRights {
    /// @param fingerprint HMAC of the canonical invoice identity (no amount in it, so a changed amount collides)
    /// @param total payable amount of the whole invoice, minor units
    /// @param amount part of it that backs this receivable, minor units
    /// @param issuedAt 00:00 UTC of the invoice date
    struct InvoiceUse {
        bytes32 fingerprint;
        uint64 total;
        uint64 amount;
        uint40 issuedAt;
    }

    event InvoiceBound(
        bytes32 indexed fingerprint, uint64 indexed receivable, uint64 amount, uint64 total, uint64 used
    );

    /// @notice A receivable was cancelled: this part of the invoice is free again.
    event InvoiceReleased(
        bytes32 indexed fingerprint, uint64 indexed receivable, uint64 amount, uint64 total, uint64 used
    );

    error InvoicesOverused(bytes32 fingerprint, uint64 total, uint64 used, uint64 amount);
    error InvoicesTotalChanged(bytes32 fingerprint, uint64 total, uint64 given);
    error InvoicesZeroValue(bytes32 fingerprint);
    error InvoicesTotalTooLarge(bytes32 fingerprint, uint64 total, uint64 limit);
    error InvoicesNone();

    /// @custom:access right ISSUE
    function bind(uint64 receivable, InvoiceUse[] calldata invoices) external;

    /// @dev The caller proves that these are what the receivable bound.
    /// @custom:access right CANCEL
    function release(uint64 receivable, InvoiceUse[] calldata invoices) external;

    function useOf(bytes32 fingerprint) external view returns (uint64 total, uint64 used);
}
