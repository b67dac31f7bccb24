// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers} from "../src/interfaces/Codes.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {World} from "./support/World.sol";

/// @title Issue: debtor's maker and checker and the creditor sign the same digest
contract IssuanceTest is World {
    function test_issue_opensReceivableAndFirstLot() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        (uint64 receivable, uint64 lot) = _carry(intent);
        _same(receivable, 1, "first id");
        _same(lot, (1 << 24) | 1, "first lot");
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        _same(entry.debtor, debtor, "debtor");
        _same(entry.creditor, supplier, "creditor");
        _same(entry.face, FACE, "face");
        _same(entry.due, intent.due, "due");
        _same(entry.issued, START, "issued");
        _same(entry.currency, CNY, "currency");
        _same(entry.termsHash, TERMS, "termsHash");
        _same(entry.lotCount, 1, "lotCount");
        _yes(entry.state == ILedger.State.Active, "Active");
        ILedger.Lot memory held = ledger.lotOf(lot);
        _same(held.owner, supplier, "owner");
        _same(held.receivable, receivable, "receivable");
        _same(held.amount, FACE, "amount");
        _same(held.since, START, "since");
        _same(held.seq, 0, "seq starts at 0");
    }

    function test_issue_reportsReceivableLotInvoiceAndIntent() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        bytes memory data = _callOf(intent);
        bytes32 digest = issuance.hashIssue(intent);
        bytes32 invoiceSet = _invoiceSet(intent.invoices);
        uint64 lot = (1 << 24) | 1;
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableIssued(1, debtor, supplier, lot, FACE, intent.due, CNY, TERMS, invoiceSet);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotMoved(1, 0, lot, address(0), supplier, 0, FACE, 0, 0, 0, 0, invoiceSet);
        vm.expectEmit(true, true, true, true, address(issuance));
        emit IIntents.IntentUsed(digest, IntentKinds.ISSUE, 1, address(this));
        vm.expectEmit(true, true, true, true, address(invoices));
        emit IInvoices.InvoiceBound(intent.invoices[0].fingerprint, 1, FACE, FACE, FACE);
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(issuance).call(data);
        _yes(done, "issued");
    }

    function test_issue_acceptsSeveralInvoicesUpToTheLimit() public {
        IIssuance.Issue memory intent = _intentIssue(50, _midnight() + 90 days);
        intent.invoices = _uses(50);
        (uint64 receivable,) = _carry(intent);
        _same(ledger.receivableOf(receivable).face, 50, "face");
    }

    function test_issue_acceptsDueTodayAndAtTheLongestTerm() public {
        _doIssue(FACE, 0);
        _doIssue(FACE, 365);
        _same(ledger.receivableCount(), 2, "both are issued");
    }

    function test_IssuanceTooManyInvoices_beyondTheLimit() public {
        IIssuance.Issue memory intent = _intentIssue(51, _midnight() + 90 days);
        intent.invoices = _uses(51);
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuanceTooManyInvoices.selector, 51, 50));
    }

    function test_IssuanceSameParty_whenDebtorIsCreditor() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.creditor = debtor;
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuanceSameParty.selector, debtor));
    }

    function test_IssuanceFaceMismatch_whenTheInvoicesSayOtherwise() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.face = FACE + 1;
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuanceFaceMismatch.selector, FACE + 1, FACE));
    }

    function test_IssuanceFaceMismatch_whenTheSumWouldWrap() public {
        IIssuance.Issue memory intent = _intentIssue(1, _midnight() + 90 days);
        intent.invoices = _uses(2);
        intent.invoices[0].amount = type(uint64).max;
        intent.invoices[1].amount = 2;
        _refused(
            intent, abi.encodeWithSelector(IIssuance.IssuanceFaceMismatch.selector, 1, uint256(2 ** 64) + 1)
        );
    }

    function test_LedgerFaceTooLarge_aboveWhatJsonHoldsExactly() public {
        uint64 limit = 2 ** 53 - 1;
        _refused(
            _intentIssue(limit + 1, _midnight() + 90 days),
            abi.encodeWithSelector(ILedger.LedgerFaceTooLarge.selector, limit + 1, limit)
        );
        (uint64 receivable,) = _doIssue(limit, 90);
        _same(ledger.receivableOf(receivable).face, limit, "the largest face");
    }

    function test_aCenturyOfInterestOnTheLargestFaceFitsSigned64Bits() public {
        (uint64 receivable,) = _doIssue(2 ** 53 - 1, 90);
        uint40 due = ledger.receivableOf(receivable).due;
        (uint64 principal, uint64 interest) = ledger.owedAt(receivable, due + 36_500 days);
        // the highest rate that the Rulebook takes is 20 times the one in force
        _yes(uint256(interest) * 20 + principal < 2 ** 63, "interest for a century");
    }

    function test_IssuanceDueNotADay_whenNotMidnight() public {
        uint40 due = _midnight() + 90 days + 1;
        _refused(_intentIssue(FACE, due), abi.encodeWithSelector(IIssuance.IssuanceDueNotADay.selector, due));
    }

    function test_IssuanceDuePast_whenYesterday() public {
        uint40 due = _midnight() - 1 days;
        _refused(
            _intentIssue(FACE, due),
            abi.encodeWithSelector(IIssuance.IssuanceDuePast.selector, due, _midnight())
        );
    }

    function test_IssuanceTermTooLong_oneDayBeyondTheLongestTerm() public {
        uint40 due = _midnight() + 366 days;
        _refused(
            _intentIssue(FACE, due),
            abi.encodeWithSelector(IIssuance.IssuanceTermTooLong.selector, due, _midnight() + 365 days)
        );
    }

    function test_IssuanceDebtorBlocked_untilTheOverdueOneIsPaid() public {
        (uint64 receivable,) = _doIssue(FACE, 1);
        vm.warp(_midnight() + 2 days);
        settlement.flagOverdue(receivable);
        _refused(
            _intentIssue(FACE, _midnight() + 90 days),
            abi.encodeWithSelector(IIssuance.IssuanceDebtorBlocked.selector, debtor, 1)
        );
        (uint64 principal, uint64 interest) = ledger.owedAt(receivable, uint40(block.timestamp));
        _doPay(receivable, principal + interest);
        _doIssue(FACE, 90);
    }

    function test_IssuancePrepayment_whenTheInvoiceIsDatedLater() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.invoices[0].issuedAt = START + 1;
        bytes32 print = intent.invoices[0].fingerprint;
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuancePrepayment.selector, print, START + 1));
    }

    function test_LedgerZeroValue_withoutTermsOrFace() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.termsHash = 0;
        _refused(intent, _reason(ILedger.LedgerZeroValue.selector));
        intent = _intentIssue(0, _midnight() + 90 days);
        intent.invoices = _uses(0);
        _refused(intent, _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_LedgerUnknownCurrency_whenNoCashIsSet() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.currency = 840;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerUnknownCurrency.selector, 840));
    }

    function test_PartiesBelowThreshold_whenOnlyTheMakerConfirmed() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        bytes32 digest = issuance.hashIssue(intent);
        _refused(
            address(issuance),
            abi.encodeCall(issuance.issue, (intent, _sign(digest, MAKER), _signedBy(supplier, digest))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, debtor, Powers.CONFIRM, 1, 2)
        );
    }

    function test_PartiesBelowThreshold_whenTheCreditorDidNotAccept() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        bytes32 digest = issuance.hashIssue(intent);
        _refused(
            address(issuance),
            abi.encodeCall(issuance.issue, (intent, _signedBy(debtor, digest), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ACCEPT, 0, 1)
        );
    }

    function test_PartiesRoleMissing_whenTheDebtorIsNotAdmittedAsOne() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.debtor = tier2;
        _refused(
            intent, abi.encodeWithSelector(IParties.PartiesRoleMissing.selector, tier2, PartyRoles.DEBTOR)
        );
    }

    function test_PartiesNotActive_whenTheCreditorIsSuspended() public {
        _suspend(supplier);
        _refused(
            _intentIssue(FACE, _midnight() + 90 days),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, supplier, IParties.Status.Suspended)
        );
    }

    function test_IntentAlreadyUsed_whenReplayed() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        // half of the invoice, so that only the digest stands in the way
        intent.invoices[0].total = 2 * FACE;
        _carry(intent);
        _refused(
            intent, abi.encodeWithSelector(IIntents.IntentAlreadyUsed.selector, issuance.hashIssue(intent))
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refused(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
        intent.deadline = START + 1 days;
        _carry(intent);
    }

    // ---- helpers

    function _uses(uint256 count) private view returns (IInvoices.InvoiceUse[] memory uses) {
        uses = new IInvoices.InvoiceUse[](count);
        for (uint256 i = 0; i < count; ++i) {
            uses[i] = IInvoices.InvoiceUse(keccak256(abi.encode("many", i)), 1, 1, _midnight());
        }
    }

    function _invoiceSet(IInvoices.InvoiceUse[] memory uses) private pure returns (bytes32) {
        bytes32 kind = keccak256("InvoiceUse(bytes32 fingerprint,uint64 total,uint64 amount,uint40 issuedAt)");
        return keccak256(abi.encodePacked(keccak256(abi.encode(kind, uses[0]))));
    }
}
