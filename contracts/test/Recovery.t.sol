// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "../src/interfaces/Codes.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Recoveries} from "./support/Recoveries.sol";

/// @title Recovery of a party that lost its keys: proposing, seconding, cancelling, carrying out (test/trees/Recovery.tree)
contract RecoveryTest is Recoveries {
    uint256 private constant NEW_KEY = 0x5001;
    uint256 private constant OTHER_KEY = 0x5002;

    // ---- proposeRecovery

    function test_proposeRecovery_keepsItAndTellsAllOfIt() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _idOf(plan, 1);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryProposed(supplier, id, REGISTRAR, 1, plan.reason);
        for (uint256 i = 0; i < 2; ++i) {
            IParties.SignerGrant memory grant = plan.signers[i];
            vm.expectEmit(true, true, true, true, address(parties));
            emit IParties.RecoverySignerProposed(supplier, id, grant.signer, grant.powers, grant.expires);
        }
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryThresholdProposed(supplier, id, Powers.CONFIRM, 1);
        _same(_propose(plan), id, "id");
        _pending(id, 0);
        _untouched();
    }

    function test_proposeRecovery_replacesOneThatNobodySeconded() public {
        bytes32 first = _propose(_supplierPlan());
        bytes32 second = _propose(_plan(supplier, SUPPLIER_KEY, OTHER_KEY));
        _pending(second, 0);
        _refusedSecond(first, _unknown(first));
    }

    function test_PartiesRecoverySeconded_whileTheSecondedOneStands() public {
        bytes32 id = _proposeAndSecond(_supplierPlan());
        bytes memory reason = abi.encodeWithSelector(IParties.PartiesRecoverySeconded.selector, supplier, id);
        Plan memory other = _plan(supplier, SUPPLIER_KEY, OTHER_KEY);
        _refusedPropose(other, reason);
        vm.warp(START + DELAY + LIFETIME - 1);
        _refusedPropose(other, reason);
        _pending(id, START + DELAY);
    }

    function test_proposeRecovery_replacesASecondedOneThatHasExpired() public {
        _proposeAndSecond(_supplierPlan());
        vm.warp(START + DELAY + LIFETIME);
        _pending(_propose(_plan(supplier, SUPPLIER_KEY, OTHER_KEY)), 0);
    }

    function test_proposeRecovery_replacesASecondedOneThatThePartyMadeVoid() public {
        _proposeAndSecond(_supplierPlan());
        _partyChangesAThreshold();
        bytes32 id = _propose(_supplierPlan());
        _same(id, _idOf(_supplierPlan(), 2), "the id names the new version");
        (,, uint40 readyAt, uint32 version) = parties.recoveryOf(supplier);
        _yes(readyAt == 0 && version == 2, "proposed anew");
    }

    function test_PartiesUnknown_whenThePartyToRecoverIsAStranger() public {
        Plan memory plan = _supplierPlan();
        plan.party = address(7);
        _refusedPropose(plan, abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(7)));
    }

    function test_PartiesZeroValue_whenProposingWithoutReasonOrSigner() public {
        Plan memory plan = _supplierPlan();
        plan.reason = 0;
        _refusedPropose(plan, _reason(IParties.PartiesZeroValue.selector));
        plan = _supplierPlan();
        plan.signers[1].signer = address(0);
        _refusedPropose(plan, _reason(IParties.PartiesZeroValue.selector));
    }

    function test_PartiesNoSigners_whenProposingNobody() public {
        Plan memory plan = _supplierPlan();
        plan.signers = new IParties.SignerGrant[](0);
        _refusedPropose(plan, _reason(IParties.PartiesNoSigners.selector));
    }

    function test_PartiesBadGrant_whenProposingUnknownPowersOrThresholds() public {
        Plan memory plan = _supplierPlan();
        plan.signers[1].powers = 256;
        _refusedPropose(plan, _badGrant(vm.addr(NEW_KEY), Powers.COUNT, 256));
        plan = _supplierPlan();
        plan.thresholds[0] = IParties.ThresholdGrant(Powers.COUNT, 1);
        _refusedPropose(plan, _badGrant(address(0), Powers.COUNT, 1));
        plan.thresholds[0] = IParties.ThresholdGrant(Powers.PAY, 0);
        _refusedPropose(plan, _badGrant(address(0), Powers.PAY, 0));
        plan.thresholds[0] = IParties.ThresholdGrant(Powers.PAY, 16);
        _refusedPropose(plan, _badGrant(address(0), Powers.PAY, 16));
        _pending(0, 0);
    }

    // ---- secondRecovery

    function test_secondRecovery_setsTheMomentFromWhichItIsReady() public {
        bytes32 id = _propose(_supplierPlan());
        vm.warp(START + 5 days);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoverySeconded(supplier, id, SECONDER, START + 6 days);
        _second(supplier, id);
        _pending(id, START + 6 days);
        _untouched();
    }

    function test_PartiesRecoveryUnknown_whenSecondingWhatIsNotProposed() public {
        _refusedSecond(0, _unknown(0));
        bytes32 id = _propose(_supplierPlan());
        _refusedSecond(TERMS, _unknown(TERMS));
        _refused(
            SECONDER,
            address(parties),
            abi.encodeCall(parties.secondRecovery, (debtor, id)),
            abi.encodeWithSelector(IParties.PartiesRecoveryUnknown.selector, debtor, id)
        );
    }

    function test_PartiesRecoverySeconded_whenSecondedAgain() public {
        bytes32 id = _proposeAndSecond(_supplierPlan());
        _refusedSecond(id, abi.encodeWithSelector(IParties.PartiesRecoverySeconded.selector, supplier, id));
    }

    function test_PartiesStaleVersion_whenSecondingAfterThePartyActed() public {
        bytes32 id = _propose(_supplierPlan());
        _partyChangesAThreshold();
        _refusedSecond(id, _stale());
    }

    // ---- cancelRecovery

    function test_cancelRecovery_stopsAProposalSecondedOrNot() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _propose(plan);
        _cancel(id);
        _refusedSecond(id, _unknown(id));
        _proposeAndSecond(plan);
        _cancel(id);
        vm.warp(START + DELAY);
        _refusedExecute(plan, _unknown(_idOf(plan, 0)));
        _untouched();
    }

    function test_PartiesRecoveryUnknown_whenCancellingWhatIsNotProposed() public {
        bytes memory data = abi.encodeCall(parties.cancelRecovery, (supplier, 0));
        _refused(GUARDIAN, address(parties), data, _unknown(0));
        _propose(_supplierPlan());
        data = abi.encodeCall(parties.cancelRecovery, (supplier, TERMS));
        _refused(GUARDIAN, address(parties), data, _unknown(TERMS));
    }

    // ---- executeRecovery

    function test_executeRecovery_setsEverythingUnderOneVersion() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _proposeAndSecond(plan);
        vm.warp(START + DELAY);
        for (uint256 i = 0; i < 2; ++i) {
            IParties.SignerGrant memory grant = plan.signers[i];
            vm.expectEmit(true, true, true, true, address(parties));
            emit IParties.SignerChanged(supplier, grant.signer, grant.powers, grant.expires, 2);
        }
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.ThresholdChanged(supplier, Powers.CONFIRM, 1, 2);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryExecuted(supplier, id);
        _execute(plan);
        _same(parties.partyOf(supplier).version, 2, "one version");
        _grant(SUPPLIER_KEY, 0, 0);
        _grant(NEW_KEY, ALL_POWERS, START + 3650 days);
        _pending(0, 0);
    }

    function test_executeRecovery_changesThresholdsAndLeavesOtherSigners() public {
        Plan memory plan = _plan(debtor, MAKER, NEW_KEY);
        plan.thresholds[0].threshold = 1;
        _proposeAndSecond(plan);
        vm.warp(START + DELAY);
        _execute(plan);
        _same(parties.thresholdOf(debtor, Powers.CONFIRM), 1, "threshold");
        parties.requireSigned(debtor, Powers.CONFIRM, TERMS, _sign(TERMS, NEW_KEY));
        parties.requireSigned(debtor, Powers.CONFIRM, TERMS, _sign(TERMS, CHECKER));
    }

    function test_executeRecovery_ofASuspendedPartyLeavesItSuspended() public {
        Plan memory plan = _supplierPlan();
        _suspend(supplier);
        _proposeAndSecond(plan);
        vm.warp(START + DELAY);
        _execute(plan);
        _grant(NEW_KEY, ALL_POWERS, START + 3650 days);
        _yes(parties.partyOf(supplier).status == IParties.Status.Suspended, "still suspended");
    }

    function test_executeRecovery_untilTheLastSecond() public {
        Plan memory plan = _supplierPlan();
        _proposeAndSecond(plan);
        vm.warp(START + DELAY + LIFETIME - 1);
        _execute(plan);
        _grant(NEW_KEY, ALL_POWERS, START + 3650 days);
    }

    function testFuzz_PartiesRecoveryNotReady_beforeAndAfterItsTime(uint256 wait, bool late) public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _proposeAndSecond(plan);
        uint256 end = START + DELAY + LIFETIME;
        _notReadyAt(
            late ? _bound(wait, end, end + 3650 days) : _bound(wait, START, START + DELAY - 1), plan, id
        );
        _untouched();
    }

    function test_PartiesRecoveryNotReady_atTheEdges() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _proposeAndSecond(plan);
        _notReadyAt(START + DELAY - 1, plan, id);
        _notReadyAt(START + DELAY + LIFETIME, plan, id);
        _untouched();
    }

    function test_PartiesRecoveryPending_whenNobodySeconded() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _propose(plan);
        vm.warp(START + 9 days);
        _refusedExecute(plan, abi.encodeWithSelector(IParties.PartiesRecoveryPending.selector, supplier, id));
    }

    function test_PartiesRecoveryUnknown_whenOtherThanProposed() public {
        _refusedExecute(_supplierPlan(), _unknown(_idOf(_supplierPlan(), 0)));
        _proposeAndSecond(_supplierPlan());
        vm.warp(START + DELAY);
        for (uint256 i = 0; i < 6; ++i) {
            Plan memory other = _supplierPlan();
            if (i == 0) other.signers[1].signer = vm.addr(OTHER_KEY);
            if (i == 1) other.signers[0].powers = 1;
            if (i == 2) ++other.signers[1].expires;
            if (i == 3) other.thresholds[0].threshold = 2;
            if (i == 4) other.thresholds = new IParties.ThresholdGrant[](0);
            if (i == 5) other.reason = TERMS;
            _refusedExecute(other, _unknown(_idOf(other, 1)));
        }
    }

    function test_PartiesRecoveryUnknown_whenCarriedOutTwice() public {
        Plan memory plan = _supplierPlan();
        _proposeAndSecond(plan);
        vm.warp(START + DELAY);
        _execute(plan);
        _refusedExecute(plan, _unknown(_idOf(plan, 0)));
    }

    function test_PartiesStaleVersion_whenThePartyActedInTheMeantime() public {
        Plan memory plan = _supplierPlan();
        _propose(plan);
        _partyChangesAThreshold();
        _refusedExecute(plan, _stale());
        _proposeAndSecond(plan);
        vm.warp(START + DELAY);
        IParties.SetSigner memory intent =
            IParties.SetSigner(supplier, vm.addr(OTHER_KEY), 1, START + 9 days, 2, _deadline(), 1);
        parties.setSigner(intent, _signedBy(supplier, parties.hashSetSigner(intent)));
        _refusedExecute(plan, abi.encodeWithSelector(IParties.PartiesStaleVersion.selector, supplier, 2, 3));
    }

    // ---- helpers

    function _supplierPlan() private view returns (Plan memory) {
        return _plan(supplier, SUPPLIER_KEY, NEW_KEY);
    }

    function _cancel(bytes32 id) private {
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryCancelled(supplier, id);
        vm.prank(GUARDIAN);
        parties.cancelRecovery(supplier, id);
        _pending(0, 0);
    }

    function _partyChangesAThreshold() private {
        IParties.SetThreshold memory intent =
            IParties.SetThreshold(supplier, Powers.QUOTE, 1, 1, _deadline(), 1);
        parties.setThreshold(intent, _signedBy(supplier, parties.hashSetThreshold(intent)));
    }

    function _pending(bytes32 id, uint40 readyAt) private view {
        (bytes32 found, address proposer, uint40 ready, uint32 version) = parties.recoveryOf(supplier);
        _same(found, id, "id");
        _same(proposer, id == 0 ? address(0) : REGISTRAR, "proposer");
        _same(ready, readyAt, "readyAt");
        _same(version, id == 0 ? 0 : 1, "version");
    }

    function _grant(uint256 key, uint16 powers, uint40 expires) private view {
        (uint16 found, uint40 until) = parties.signerOf(supplier, vm.addr(key));
        _same(found, powers, "powers");
        _same(until, expires, "expires");
    }

    function _untouched() private view {
        _same(parties.partyOf(supplier).version, 1, "version");
        _grant(SUPPLIER_KEY, ALL_POWERS, START + 3650 days);
        _grant(NEW_KEY, 0, 0);
    }

    function _notReadyAt(uint256 time, Plan memory plan, bytes32 id) private {
        vm.warp(time);
        bytes memory reason = abi.encodeWithSelector(
            IParties.PartiesRecoveryNotReady.selector, supplier, id, START + DELAY, START + DELAY + LIFETIME
        );
        _refusedExecute(plan, reason);
    }

    function _unknown(bytes32 id) private view returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesRecoveryUnknown.selector, supplier, id);
    }

    function _stale() private view returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesStaleVersion.selector, supplier, 1, 2);
    }

    function _badGrant(address signer, uint8 power, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBadGrant.selector, signer, power, value);
    }

    function _refusedPropose(Plan memory plan, bytes memory reason) private {
        _refused(REGISTRAR, address(parties), _callPropose(plan), reason);
    }

    function _refusedSecond(bytes32 id, bytes memory reason) private {
        _refused(SECONDER, address(parties), abi.encodeCall(parties.secondRecovery, (supplier, id)), reason);
    }

    function _refusedExecute(Plan memory plan, bytes memory reason) private {
        _refused(address(parties), _callExecute(plan), reason);
    }
}
