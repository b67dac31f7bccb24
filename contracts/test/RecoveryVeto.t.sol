// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers} from "../src/interfaces/Codes.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {ContractSigner} from "./support/ContractSigner.sol";
import {Recoveries} from "./support/Recoveries.sol";

/// @title The party's own veto against its recovery (test/trees/Recovery.tree)
contract RecoveryVetoTest is Recoveries {
    uint256 private constant NEW_KEY = 0x5001;

    function test_vetoRecovery_byOneSignerOfAnyPowerEvenWhenSuspended() public {
        uint256 quoting = 0x5003;
        IParties.SetSigner memory grant = IParties.SetSigner(
            debtor, vm.addr(quoting), uint16(1 << Powers.QUOTE), START + 9 days, 1, _deadline(), 1
        );
        parties.setSigner(grant, _signedBy(debtor, parties.hashSetSigner(grant)));
        bytes32 id = _proposeAndSecond(_plan(debtor, MAKER, NEW_KEY));
        _suspend(debtor);
        IParties.VetoRecovery memory intent = _intentVeto(debtor, id, 1);
        bytes32 digest = parties.hashVetoRecovery(intent);
        bytes memory signature = _sign(digest, quoting);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryVetoed(debtor, id, vm.addr(quoting));
        vm.expectEmit(true, true, true, true, address(parties));
        emit IIntents.IntentUsed(digest, IntentKinds.VETO_RECOVERY, 0, address(this));
        parties.vetoRecovery(intent, signature);
        (bytes32 pending,,,) = parties.recoveryOf(debtor);
        _same(pending, 0, "nothing is pending");
    }

    function test_vetoRecovery_beforeItIsSeconded() public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _propose(plan);
        _veto(_intentVeto(supplier, id, 1), SUPPLIER_KEY);
        _refused(
            SECONDER, address(parties), abi.encodeCall(parties.secondRecovery, (supplier, id)), _unknown(id)
        );
    }

    function test_vetoRecovery_byASignerThatIsAContract() public {
        ContractSigner signer = new ContractSigner("secret");
        IParties.SetSigner memory grant =
            IParties.SetSigner(supplier, address(signer), 1, START + 9 days, 1, _deadline(), 1);
        parties.setSigner(grant, _signedBy(supplier, parties.hashSetSigner(grant)));
        bytes32 id = _propose(_supplierPlan());
        IParties.VetoRecovery memory intent = _intentVeto(supplier, id, 1);
        bytes memory proof = abi.encodePacked(parties.hashVetoRecovery(intent), "secret");
        bytes memory entry = abi.encodePacked(uint256(uint160(address(signer))), uint256(65), uint8(0));
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.RecoveryVetoed(supplier, id, address(signer));
        parties.vetoRecovery(intent, bytes.concat(entry, abi.encodePacked(proof.length, proof)));
    }

    /// @dev Whoever stole a key of the party must not be able to keep the others from their veto.
    function test_vetoRecovery_cannotBeWithdrawnByAnotherSigner() public {
        Plan memory plan = _plan(debtor, MAKER, NEW_KEY);
        bytes32 id = _proposeAndSecond(plan);
        IParties.VetoRecovery memory intent = _intentVeto(debtor, id, 1);
        IParties.Revoke memory withdrawal =
            IParties.Revoke(debtor, parties.hashVetoRecovery(intent), _deadline(), 1);
        parties.revoke(withdrawal, _sign(parties.hashRevoke(withdrawal), MAKER));
        _veto(intent, CHECKER);
        vm.warp(START + DELAY);
        bytes memory reason =
            abi.encodeWithSelector(IParties.PartiesRecoveryUnknown.selector, debtor, _idOf(plan, 0));
        _refused(address(parties), _callExecute(plan), reason);
    }

    function testFuzz_vetoRecovery_beatsExecutionAtEveryMomentBefore(
        uint256 seconding,
        uint256 vetoing,
        uint256 trying
    ) public {
        Plan memory plan = _supplierPlan();
        bytes32 id = _propose(plan);
        seconding = _bound(seconding, START, START + 90 days);
        vetoing = _bound(vetoing, START, seconding + 90 days);
        trying = _bound(trying, vetoing, vetoing + 90 days);
        if (seconding <= vetoing) {
            vm.warp(seconding);
            _second(supplier, id);
        }
        vm.warp(vetoing);
        _veto(_intentVeto(supplier, id, 1), SUPPLIER_KEY);
        bytes memory data = abi.encodeCall(parties.secondRecovery, (supplier, id));
        _refused(SECONDER, address(parties), data, _unknown(id));
        _refused(address(parties), _callExecute(plan), _unknown(_idOf(plan, 0)));
        vm.warp(trying);
        _refused(SECONDER, address(parties), data, _unknown(id));
        _refused(address(parties), _callExecute(plan), _unknown(_idOf(plan, 0)));
        _same(parties.partyOf(supplier).version, 1, "version");
    }

    function test_IntentAlreadyUsed_whenAVetoIsReplayedAgainstTheSameProposalMadeAgain() public {
        bytes32 id = _propose(_supplierPlan());
        IParties.VetoRecovery memory intent = _intentVeto(supplier, id, 1);
        bytes memory data = _callVeto(intent, SUPPLIER_KEY);
        _veto(intent, SUPPLIER_KEY);
        bytes memory reason =
            abi.encodeWithSelector(IIntents.IntentAlreadyUsed.selector, parties.hashVetoRecovery(intent));
        _refused(address(parties), data, reason);
        _same(_proposeAndSecond(_supplierPlan()), id, "the same id");
        _refused(address(parties), data, reason);
        _veto(_intentVeto(supplier, id, 2), SUPPLIER_KEY);
    }

    function test_PartiesRecoveryUnknown_whenVetoingWhatIsNotProposed() public {
        _refusedVeto(_intentVeto(supplier, 0, 1), SUPPLIER_KEY, _unknown(0));
        _propose(_supplierPlan());
        _refusedVeto(_intentVeto(supplier, TERMS, 1), SUPPLIER_KEY, _unknown(TERMS));
    }

    function test_IntentExpired_and_IntentDeadlineTooFar_whenVetoing() public {
        IParties.VetoRecovery memory intent = _intentVeto(supplier, _propose(_supplierPlan()), 1);
        intent.deadline = START - 1;
        _refusedVeto(
            intent, SUPPLIER_KEY, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START)
        );
        intent.deadline = START + 1 days + 1;
        bytes memory reason = abi.encodeWithSelector(
            IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days
        );
        _refusedVeto(intent, SUPPLIER_KEY, reason);
    }

    function test_PartiesSignerUnknown_whenAStrangerOrTheProposedKeyVetoes() public {
        IParties.VetoRecovery memory intent = _intentVeto(supplier, _propose(_supplierPlan()), 1);
        _refusedVeto(intent, BANK_KEY, _unknownSigner(BANK_KEY));
        _refusedVeto(intent, NEW_KEY, _unknownSigner(NEW_KEY));
    }

    function test_PartiesSignerExpired_whenAnExpiredSignerVetoes() public {
        bytes32 id = _propose(_supplierPlan());
        vm.warp(START + 3650 days);
        bytes memory reason = abi.encodeWithSelector(
            IParties.PartiesSignerExpired.selector, supplier, vm.addr(SUPPLIER_KEY), START + 3650 days
        );
        _refusedVeto(_intentVeto(supplier, id, 1), SUPPLIER_KEY, reason);
    }

    function test_PartiesBadSignatureEncoding_whenTheVetoHasNoneOrTwo() public {
        bytes32 id = _propose(_plan(debtor, MAKER, NEW_KEY));
        IParties.VetoRecovery memory intent = _intentVeto(debtor, id, 1);
        _refused(address(parties), abi.encodeCall(parties.vetoRecovery, (intent, "")), _encoding(0));
        bytes memory both = _signedBy(debtor, parties.hashVetoRecovery(intent));
        _refused(address(parties), abi.encodeCall(parties.vetoRecovery, (intent, both)), _encoding(130));
    }

    function test_PartiesBadSignature_whenTheVetoIsMalformed() public {
        IParties.VetoRecovery memory intent = _intentVeto(supplier, _propose(_supplierPlan()), 1);
        bytes memory bad = abi.encodePacked(bytes32(0), bytes32(0), uint8(27));
        _refused(
            address(parties),
            abi.encodeCall(parties.vetoRecovery, (intent, bad)),
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, 0)
        );
    }

    // ---- helpers

    function _supplierPlan() private view returns (Plan memory) {
        return _plan(supplier, SUPPLIER_KEY, NEW_KEY);
    }

    function _unknown(bytes32 id) private view returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesRecoveryUnknown.selector, supplier, id);
    }

    function _unknownSigner(uint256 key) private view returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, supplier, vm.addr(key));
    }

    function _encoding(uint256 length) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBadSignatureEncoding.selector, length);
    }

    function _refusedVeto(IParties.VetoRecovery memory intent, uint256 key, bytes memory reason) private {
        _refused(address(parties), _callVeto(intent, key), reason);
    }
}
