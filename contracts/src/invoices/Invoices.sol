// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Rights} from "../interfaces/Codes.sol";
import {IInvoices} from "../interfaces/IInvoices.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";

/// @title Register of invoice fingerprints: nothing is financed beyond an invoice's total
contract Invoices is IInvoices, ModuleRights {
    /// @dev one slot; used <= total
    struct Use {
        uint64 total;
        uint64 used;
    }

    /// @dev 2^53 - 1 minor units, as a receivable's face (ADR 0014).
    uint64 private constant MAX_TOTAL = 2 ** 53 - 1;

    mapping(bytes32 fingerprint => Use) private _uses;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IInvoices
    function bind(uint64 receivable, InvoiceUse[] calldata invoices) external {
        _requireRight(Rights.ISSUE);
        if (invoices.length == 0) revert InvoicesNone();
        for (uint256 i = 0; i < invoices.length; ++i) {
            _bind(receivable, invoices[i]);
        }
    }

    /// @inheritdoc IInvoices
    function release(uint64 receivable, InvoiceUse[] calldata invoices) external {
        _requireRight(Rights.CANCEL);
        for (uint256 i = 0; i < invoices.length; ++i) {
            InvoiceUse calldata invoice = invoices[i];
            Use storage use = _uses[invoice.fingerprint];
            // checked: nobody releases more than is used
            use.used -= invoice.amount;
            emit InvoiceReleased(invoice.fingerprint, receivable, invoice.amount, use.total, use.used);
        }
    }

    /// @inheritdoc IInvoices
    function useOf(bytes32 fingerprint) external view returns (uint64 total, uint64 used) {
        Use storage use = _uses[fingerprint];
        return (use.total, use.used);
    }

    function _bind(uint64 receivable, InvoiceUse calldata invoice) private {
        bytes32 fingerprint = invoice.fingerprint;
        if (fingerprint == 0 || invoice.total == 0 || invoice.amount == 0) {
            revert InvoicesZeroValue(fingerprint);
        }
        if (invoice.total > MAX_TOTAL) revert InvoicesTotalTooLarge(fingerprint, invoice.total, MAX_TOTAL);
        Use memory use = _uses[fingerprint];
        // nothing hangs on a total that nobody uses: what was cancelled for a wrong one can be issued with the right one
        if (use.used == 0) {
            use.total = invoice.total;
        } else if (use.total != invoice.total) {
            revert InvoicesTotalChanged(fingerprint, use.total, invoice.total);
        }
        // no underflow: used <= total
        if (invoice.amount > use.total - use.used) {
            revert InvoicesOverused(fingerprint, use.total, use.used, invoice.amount);
        }
        use.used += invoice.amount;
        _uses[fingerprint] = use;
        emit InvoiceBound(fingerprint, receivable, invoice.amount, use.total, use.used);
    }
}
