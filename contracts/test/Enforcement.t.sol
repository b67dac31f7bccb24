// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {LotFlags} from "../src/interfaces/Codes.sol";
import {IEnforcement} from "../src/interfaces/IEnforcement.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Orders: who may give them, what they stop, and what they never stop
contract EnforcementTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- who

    function test_AccessManagedUnauthorized_forEachFunctionAndEachOtherRole() public {
        address[10] memory people = [
            CONSORTIUM,
            MODULE_ADMIN,
            REGISTRAR,
            FREEZER,
            COURT,
            GUARDIAN,
            UNPAUSER,
            MINTER,
            GOVERNOR,
            address(this)
        ];
        (bytes[6] memory calls, address[6] memory holders) = _calls(ORDER);
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < people.length; ++j) {
                if (people[j] == holders[i]) continue;
                bytes memory reason =
                    abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, people[j]);
                _refused(people[j], address(enforcement), calls[i], reason);
            }
        }
    }

    function test_AccessManagerNotScheduled_whenTheCourtActsWithoutAnnouncement() public {
        (bytes[6] memory calls,) = _calls(ORDER);
        for (uint256 i = 4; i < 6; ++i) {
            _refused(COURT, address(enforcement), calls[i], _notScheduled(calls[i]));
        }
    }

    function test_AccessManagerNotReady_untilTheDayHasPassed() public {
        (bytes[6] memory calls,) = _calls(ORDER);
        for (uint256 i = 4; i < 6; ++i) {
            vm.prank(COURT);
            (bytes32 operation,) = manager.schedule(address(enforcement), calls[i], 0);
            vm.warp(block.timestamp + 1 days - 1);
            bytes memory reason =
                abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation);
            _refused(COURT, address(manager), _execute(calls[i]), reason);
        }
    }

    function test_guardian_cancelsAnOrderOfTheCourt() public {
        (bytes[6] memory calls,) = _calls(ORDER);
        for (uint256 i = 4; i < 6; ++i) {
            vm.prank(COURT);
            manager.schedule(address(enforcement), calls[i], 0);
            vm.prank(GUARDIAN);
            manager.cancel(COURT, address(enforcement), calls[i]);
            vm.warp(block.timestamp + 1 days);
            _refused(COURT, address(manager), _execute(calls[i]), _notScheduled(calls[i]));
        }
    }

    function test_LedgerZeroValue_forEachFunctionWithoutAnOrder() public {
        (bytes[6] memory calls, address[6] memory holders) = _calls(0);
        bytes memory reason = _reason(ILedger.LedgerZeroValue.selector);
        for (uint256 i = 0; i < 4; ++i) {
            _refused(holders[i], address(enforcement), calls[i], reason);
        }
        _refusedOrder(calls[4], reason);
        _refusedOrder(calls[5], reason);
    }

    // ---- freeze

    function test_freeze_reportsTheOrderAndRaisesSeq() public {
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, LotFlags.FROZEN, 1, ORDER);
        _freeze(_lot);
        _same(ledger.lotOf(_lot).flags, LotFlags.FROZEN, "frozen");
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot, 0, 2, ORDER);
        _unfreeze(_lot);
        _same(ledger.lotOf(_lot).seq, 2, "what was signed before is stale");
    }

    function test_freeze_takesAllOfTheListOrNone() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 2);
        _refusedFreeze(_list(_lot, child, 99), abi.encodeWithSelector(ILedger.LedgerUnknownLot.selector, 99));
        _refusedFreeze(_list(_lot, child, _lot), _frozen(_lot));
        _same(ledger.lotOf(_lot).flags | ledger.lotOf(child).flags, 0, "none is frozen");
        vm.prank(FREEZER);
        enforcement.freeze(_list(_lot, child), ORDER);
        _same(ledger.lotOf(_lot).flags & ledger.lotOf(child).flags, LotFlags.FROZEN, "both are frozen");
    }

    function test_EnforcementTooMany_beyondTheLimit() public {
        bytes memory reason = abi.encodeWithSelector(IEnforcement.EnforcementTooMany.selector, 201, 200);
        _refusedFreeze(new uint64[](201), reason);
        bytes memory data = abi.encodeCall(enforcement.unfreeze, (new uint64[](201), ORDER));
        _refused(FREEZER, address(enforcement), data, reason);
    }

    function test_LedgerLotNotFrozen_whenUnfreezingAFreeLot() public {
        bytes memory data = abi.encodeCall(enforcement.unfreeze, (_list(_lot), ORDER));
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotNotFrozen.selector, _lot);
        _refused(FREEZER, address(enforcement), data, reason);
    }

    function test_LedgerLotFrozen_forWhateverItsPartiesSign() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 2);
        _freeze(_lot);
        _refused(_intentAssign(_lot, tier3, 100), _frozen(_lot));
        _refused(_intentFinance(_lot, 100, 100), _frozen(_lot));
        _doAssign(child, tier3, 100);
        _unfreeze(_lot);
        _doAssign(_lot, tier3, 100);
    }

    function test_LedgerLotFrozen_whenCancelling() public {
        IIssuance.Issue memory issued = _intentIssue(FACE, _midnight() + 90 days);
        (uint64 receivable, uint64 lot) = _carry(issued);
        _freeze(lot);
        IIssuance.Cancel memory intent =
            IIssuance.Cancel(debtor, supplier, receivable, EVIDENCE, issued.invoices, _deadline(), 1);
        bytes32 digest = issuance.hashCancel(intent);
        bytes memory data =
            abi.encodeCall(issuance.cancel, (intent, _signedBy(debtor, digest), _signedBy(supplier, digest)));
        _refused(address(issuance), data, _frozen(lot));
    }

    function test_freeze_ofASettledLotHoldsItsShare() public {
        _doPay(_receivable, FACE);
        _freeze(_lot);
        _failsToClaim(_lot, _frozen(_lot));
        _unfreeze(_lot);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE, "paid afterwards");
    }

    // ---- suspend

    function test_suspend_stopsMovesAndResumeLetsThemGoOn() public {
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableStateChanged(
            _receivable, uint8(ILedger.State.Active), uint8(ILedger.State.Suspended)
        );
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableOrdered(_receivable, ORDER);
        _suspendReceivable(_receivable);
        uint40 closedAt = ledger.receivableOf(_receivable).due - 1 hours;
        bytes memory reason = abi.encodeWithSelector(
            ILedger.LedgerRegisterClosed.selector, _receivable, ILedger.State.Suspended, closedAt
        );
        _refused(_intentAssign(_lot, tier2, 100), reason);
        _resume(_receivable);
        _stateIs(_receivable, ILedger.State.Active);
        _doAssign(_lot, tier2, 100);
    }

    function test_resume_goesOnWhereThePaymentsAre() public {
        (uint64 part,) = _doIssue(FACE, 90);
        (uint64 full,) = _doIssue(FACE, 90);
        uint64[3] memory receivables = [_receivable, part, full];
        for (uint256 i = 0; i < 3; ++i) {
            _suspendReceivable(receivables[i]);
        }
        _doPay(part, 1);
        _doPay(full, FACE);
        for (uint256 i = 0; i < 3; ++i) {
            _resume(receivables[i]);
        }
        _stateIs(_receivable, ILedger.State.Active);
        _stateIs(part, ILedger.State.Settling);
        _stateIs(full, ILedger.State.Settled);
    }

    function test_LedgerWrongState_whenSuspendingOrResumingInAnyOtherState() public {
        _refusedResume(ILedger.State.Active);
        _suspendReceivable(_receivable);
        _refusedSuspend(ILedger.State.Suspended);
        _resume(_receivable);
        _doPay(_receivable, 1);
        _refusedBoth(ILedger.State.Settling);
        _default(_receivable);
        _refusedBoth(ILedger.State.Defaulted);
        uint256 state = vm.snapshotState();
        _writeOff(_receivable);
        _refusedBoth(ILedger.State.WrittenOff);
        vm.revertToState(state);
        (uint64 principal, uint64 interest) = ledger.owedAt(_receivable, _today());
        _doPay(_receivable, principal + interest);
        _refusedBoth(ILedger.State.Settled);
    }

    function test_LedgerUnknownReceivable_whenSuspendingOrWritingOff() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerUnknownReceivable.selector, 42);
        _refused(FREEZER, address(enforcement), abi.encodeCall(enforcement.suspend, (42, ORDER)), reason);
        _refused(FREEZER, address(enforcement), abi.encodeCall(enforcement.resume, (42, ORDER)), reason);
        _refusedOrder(abi.encodeCall(enforcement.writeOff, (42, ORDER)), reason);
    }

    // ---- helpers

    /// @dev Those of the court are the last two.
    function _calls(bytes32 order) private view returns (bytes[6] memory calls, address[6] memory holders) {
        calls[0] = abi.encodeCall(enforcement.freeze, (_list(_lot), order));
        calls[1] = abi.encodeCall(enforcement.unfreeze, (_list(_lot), order));
        calls[2] = abi.encodeCall(enforcement.suspend, (_receivable, order));
        calls[3] = abi.encodeCall(enforcement.resume, (_receivable, order));
        calls[4] = abi.encodeCall(enforcement.forceMove, (_lot, tier3, FACE, order));
        calls[5] = abi.encodeCall(enforcement.writeOff, (_receivable, order));
        holders = [FREEZER, FREEZER, FREEZER, FREEZER, COURT, COURT];
    }

    function _execute(bytes memory data) private view returns (bytes memory) {
        return abi.encodeCall(manager.execute, (address(enforcement), data));
    }

    function _notScheduled(bytes memory data) private view returns (bytes memory) {
        bytes32 operation = manager.hashOperation(COURT, address(enforcement), data);
        return abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation);
    }

    function _refusedFreeze(uint64[] memory lots, bytes memory reason) private {
        bytes memory data = abi.encodeCall(enforcement.freeze, (lots, ORDER));
        _refused(FREEZER, address(enforcement), data, reason);
    }

    function _refusedBoth(ILedger.State state) private {
        _refusedSuspend(state);
        _refusedResume(state);
    }

    function _refusedSuspend(ILedger.State state) private {
        bytes memory data = abi.encodeCall(enforcement.suspend, (_receivable, ORDER));
        _refused(FREEZER, address(enforcement), data, _wrongState(_receivable, state));
    }

    function _refusedResume(ILedger.State state) private {
        bytes memory data = abi.encodeCall(enforcement.resume, (_receivable, ORDER));
        _refused(FREEZER, address(enforcement), data, _wrongState(_receivable, state));
    }
}
