// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers, Rights} from "../src/interfaces/Codes.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Taken back: a receivable is cancelled by both that made it, and its invoices are free again
contract CancelTest is Scenes {
    bytes32 private constant PRINT = keccak256("print");

    IInvoices.InvoiceUse private _invoice;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        IIssuance.Issue memory issued = _intentIssue(FACE, _midnight() + 90 days);
        issued.invoices[0].total = 2 * FACE;
        (_receivable, _lot) = _carry(issued);
        _invoice = issued.invoices[0];
    }

    // ---- cancel

    function test_cancel_endsTheReceivableAndFreesItsInvoices() public {
        IIssuance.Cancel memory intent = _intentCancel();
        bytes memory data = _callOf(intent);
        bytes32 digest = issuance.hashCancel(intent);
        bytes32 print = _invoice.fingerprint;
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableStateChanged(
            _receivable, uint8(ILedger.State.Active), uint8(ILedger.State.Cancelled)
        );
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableOrdered(_receivable, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(issuance));
        emit IIntents.IntentUsed(digest, IntentKinds.CANCEL, _receivable, address(this));
        vm.expectEmit(true, true, true, true, address(invoices));
        emit IInvoices.InvoiceReleased(print, _receivable, FACE, 2 * FACE, 0);
        _done(data);
        _stateIs(_receivable, ILedger.State.Cancelled);
        (uint64 total, uint64 used) = invoices.useOf(print);
        _same(total, 2 * FACE, "the invoice is the same");
        _same(used, 0, "and free");
        _owed(_receivable, 0, 0);
    }

    function test_cancel_letsTheInvoiceBackANewReceivable() public {
        _done(_callOf(_intentCancel()));
        IIssuance.Issue memory again = _intentIssue(2 * FACE, _midnight() + 90 days);
        again.invoices[0] = _invoice;
        again.invoices[0].amount = 2 * FACE;
        (uint64 receivable,) = _carry(again);
        _stateIs(receivable, ILedger.State.Active);
    }

    function test_cancel_ofAnOverdueReceivableFreesTheDebtor() public {
        vm.warp(ledger.receivableOf(_receivable).due + 1 days);
        settlement.flagOverdue(_receivable);
        _same(ledger.blockingCount(debtor), 1, "blocked");
        _done(_callOf(_intentCancel()));
        _same(ledger.blockingCount(debtor), 0, "free");
        _yes(!ledger.receivableOf(_receivable).overdue, "nothing is overdue");
    }

    function test_cancel_ofALotThatWasPledgedAndReleased() public {
        _becomeModule(address(ledger), Rights.PLEDGE);
        _pledgeTo(_lot, bank, FACE);
        _refusedCancel(
            abi.encodeWithSelector(ILedger.LedgerLotCharged.selector, _lot, ledger.lotOf(_lot).flags)
        );
        ledger.lowerPledge(_lot, 1, bank, 0, EVIDENCE);
        _done(_callOf(_intentCancel()));
        _stateIs(_receivable, ILedger.State.Cancelled);
    }

    function test_LedgerAlreadySplit_evenWhenTheLotCameBack() public {
        uint64 child = _doAssign(_lot, tier2, FACE);
        _doAssign(child, supplier, FACE);
        _refusedCancel(abi.encodeWithSelector(ILedger.LedgerAlreadySplit.selector, _receivable, 3));
    }

    function test_LedgerWrongState_whenSuspendedPaidOrCancelledAlready() public {
        uint256 state = vm.snapshotState();
        _suspendReceivable(_receivable);
        _refusedCancel(_wrongState(_receivable, ILedger.State.Suspended));
        vm.revertToState(state);
        _doPay(_receivable, 1);
        _refusedCancel(_wrongState(_receivable, ILedger.State.Settling));
        _doPay(_receivable, FACE - 1);
        _refusedCancel(_wrongState(_receivable, ILedger.State.Settled));
        vm.revertToState(state);
        IIssuance.Cancel memory intent = _intentCancel();
        _done(_callOf(intent));
        _refused(address(issuance), _callOf(intent), _wrongState(_receivable, ILedger.State.Cancelled));
    }

    function test_LedgerNotPayable_onceCancelled() public {
        _done(_callOf(_intentCancel()));
        _refused(
            _intentPay(_receivable, 1),
            abi.encodeWithSelector(ILedger.LedgerNotPayable.selector, _receivable, ILedger.State.Cancelled)
        );
        _failsToClaim(_lot, _nothing(_lot));
    }

    function test_LedgerNotDebtor_and_LedgerNotCreditor_whenOthersSign() public {
        IIssuance.Cancel memory intent = _intentCancel();
        intent.debtor = tier2;
        _refused(
            address(issuance),
            _callOf(intent),
            abi.encodeWithSelector(ILedger.LedgerNotDebtor.selector, _receivable, debtor, tier2)
        );
        intent = _intentCancel();
        intent.creditor = tier2;
        _refused(
            address(issuance),
            _callOf(intent),
            abi.encodeWithSelector(ILedger.LedgerNotCreditor.selector, _receivable, supplier, tier2)
        );
    }

    function test_IssuanceInvoicesDiffer_whenOtherInvoicesAreNamed() public {
        (uint64 other,) = _doIssue(FACE, 90);
        IIssuance.Cancel memory intent = _intentCancel();
        intent.receivable = other;
        bytes32 bound = ledger.receivableOf(other).invoiceSet;
        bytes32 given = ledger.receivableOf(_receivable).invoiceSet;
        _refused(
            address(issuance),
            _callOf(intent),
            abi.encodeWithSelector(IIssuance.IssuanceInvoicesDiffer.selector, other, bound, given)
        );
    }

    function test_LedgerZeroValue_and_LedgerUnknownReceivable_whenCancelling() public {
        IIssuance.Cancel memory intent = _intentCancel();
        intent.evidence = 0;
        _refused(address(issuance), _callOf(intent), _reason(ILedger.LedgerZeroValue.selector));
        intent = _intentCancel();
        intent.receivable = 42;
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerUnknownReceivable.selector, 42);
        _refused(address(issuance), _callOf(intent), reason);
    }

    function test_PartiesBelowThreshold_whenOneOfThemDidNotSign() public {
        IIssuance.Cancel memory intent = _intentCancel();
        bytes32 digest = issuance.hashCancel(intent);
        _refused(
            address(issuance),
            abi.encodeCall(issuance.cancel, (intent, _sign(digest, MAKER), _signedBy(supplier, digest))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, debtor, Powers.CONFIRM, 1, 2)
        );
        _refused(
            address(issuance),
            abi.encodeCall(issuance.cancel, (intent, _signedBy(debtor, digest), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ACCEPT, 0, 1)
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar_whenCancelling() public {
        IIssuance.Cancel memory intent = _intentCancel();
        intent.deadline = START - 1;
        bytes memory reason = abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START);
        _refused(address(issuance), _callOf(intent), reason);
        (intent.deadline, reason) =
        (
            START + 1 days + 1,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
        _refused(address(issuance), _callOf(intent), reason);
    }

    // ---- release, as a module sees it

    function test_release_freesExactlyWhatIsReleased() public {
        _becomeModule(address(invoices), Rights.ISSUE | Rights.CANCEL);
        invoices.bind(7, _use(100, 60));
        invoices.bind(8, _use(100, 40));
        vm.expectEmit(true, true, true, true, address(invoices));
        emit IInvoices.InvoiceReleased(PRINT, 7, 60, 100, 40);
        invoices.release(7, _use(100, 60));
        (, uint64 used) = invoices.useOf(PRINT);
        _same(used, 40, "what the other one uses stays bound");
    }

    function test_panic_whenMoreIsReleasedThanIsUsed() public {
        _becomeModule(address(invoices), Rights.ISSUE | Rights.CANCEL);
        invoices.bind(7, _use(100, 60));
        bytes memory data = abi.encodeCall(invoices.release, (7, _use(100, 61)));
        _refused(address(invoices), data, abi.encodeWithSignature("Panic(uint256)", 0x11));
    }

    // ---- helpers

    function _intentCancel() private view returns (IIssuance.Cancel memory) {
        IInvoices.InvoiceUse[] memory uses = new IInvoices.InvoiceUse[](1);
        uses[0] = _invoice;
        return IIssuance.Cancel(debtor, supplier, _receivable, EVIDENCE, uses, _deadline(), 1);
    }

    function _callOf(IIssuance.Cancel memory intent) private view returns (bytes memory) {
        bytes32 digest = issuance.hashCancel(intent);
        return abi.encodeCall(
            issuance.cancel, (intent, _signedBy(intent.debtor, digest), _signedBy(intent.creditor, digest))
        );
    }

    function _refusedCancel(bytes memory reason) private {
        _refused(address(issuance), _callOf(_intentCancel()), reason);
    }

    function _done(bytes memory data) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(issuance).call(data);
        _yes(done, "cancelled");
    }

    function _use(uint64 total, uint64 amount) private pure returns (IInvoices.InvoiceUse[] memory uses) {
        uses = new IInvoices.InvoiceUse[](1);
        uses[0] = IInvoices.InvoiceUse(PRINT, total, amount, 0);
    }
}
