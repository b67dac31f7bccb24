// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {World} from "./support/World.sol";

/// @title An invoice that was registered with a wrong total is stuck with it
/// @dev By mistake, or by two who know a fingerprint: once nothing is issued on it any more, the right total must do.
contract AttacksInvoicesTest is World {
    uint64 private constant WRONG = 2 * FACE;

    function test_cancel_ofAWrongTotalLetsTheRightOneBeIssued() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.invoices[0].total = WRONG;
        (uint64 receivable,) = _carry(intent);
        _cancel(receivable, intent.invoices);
        IIssuance.Issue memory again = _intentIssue(FACE, _midnight() + 90 days);
        again.invoices[0] = intent.invoices[0];
        again.invoices[0].total = FACE;
        _carry(again);
        (uint64 total, uint64 used) = invoices.useOf(again.invoices[0].fingerprint);
        _same(total, FACE, "the right total");
        _same(used, FACE, "and all of it used");
    }

    function test_InvoicesTotalChanged_whileAnyPartOfTheInvoiceIsUsed() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.invoices[0].total = WRONG;
        (uint64 first,) = _carry(intent);
        IIssuance.Issue memory second = _intentIssue(1, _midnight() + 90 days);
        second.invoices[0].fingerprint = intent.invoices[0].fingerprint;
        second.invoices[0].total = WRONG;
        _carry(second);
        _cancel(first, intent.invoices);
        second.invoices[0].total = FACE;
        _refused(
            second,
            abi.encodeWithSelector(
                IInvoices.InvoicesTotalChanged.selector, second.invoices[0].fingerprint, WRONG, FACE
            )
        );
    }

    function _cancel(uint64 receivable, IInvoices.InvoiceUse[] memory uses) private {
        IIssuance.Cancel memory intent =
            IIssuance.Cancel(debtor, supplier, receivable, EVIDENCE, uses, _deadline(), 1);
        bytes32 digest = issuance.hashCancel(intent);
        issuance.cancel(intent, _signedBy(debtor, digest), _signedBy(supplier, digest));
    }
}
