// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers} from "../src/interfaces/Codes.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {World} from "./support/World.sol";

/// @title Parties: admission, status, signers, thresholds, withdrawal
contract PartiesTest is World {
    uint256 private constant NEW_KEY = 0x4001;

    // ---- admit

    function test_admit_storesThePartyAndItsSigners() public view {
        IParties.Party memory entry = parties.partyOf(debtor);
        _yes(entry.status == IParties.Status.Active, "active");
        _same(entry.roles, PartyRoles.DEBTOR, "roles");
        _same(entry.kybUntil, START + 3650 days, "kybUntil");
        _same(entry.admittedAt, START, "admittedAt");
        _same(entry.version, 1, "version");
        (uint16 powers, uint40 expires) = parties.signerOf(debtor, vm.addr(MAKER));
        _same(powers, ALL_POWERS, "powers");
        _same(expires, START + 3650 days, "expires");
        _same(parties.thresholdOf(debtor, Powers.CONFIRM), 2, "threshold of CONFIRM");
        _same(parties.thresholdOf(debtor, Powers.PAY), 1, "default threshold");
    }

    function test_admit_derivesTheAddressFromChainRegistryAndLegalId() public view {
        bytes32 legalId = keccak256("core");
        bytes32 expected = keccak256(abi.encode(block.chainid, address(parties), legalId));
        _same(debtor, address(uint160(uint256(expected))), "address");
        _same(parties.partyAddress(legalId), debtor, "partyAddress");
    }

    function test_PartiesAlreadyAdmitted_whenTheLegalIdIsKnown() public {
        _refusedAdmission(
            keccak256("core"),
            1,
            _grants(1, NEW_KEY),
            abi.encodeWithSelector(IParties.PartiesAlreadyAdmitted.selector, debtor)
        );
    }

    function test_PartiesZeroValue_whenAdmittingWithoutIdOrRole() public {
        bytes memory reason = _reason(IParties.PartiesZeroValue.selector);
        _refusedAdmission(0, 1, _grants(1, NEW_KEY), reason);
        _refusedAdmission(keccak256("x"), 0, _grants(1, NEW_KEY), reason);
        IParties.SignerGrant[] memory nobody = _grants(1, NEW_KEY);
        nobody[0].signer = address(0);
        _refusedAdmission(keccak256("x"), 1, nobody, reason);
    }

    function test_PartiesNoSigners_whenAdmittingWithoutSigner() public {
        _refusedAdmission(
            keccak256("x"), 1, new IParties.SignerGrant[](0), _reason(IParties.PartiesNoSigners.selector)
        );
    }

    function test_PartiesBadGrant_whenAPowerIsUnknown() public {
        _refusedAdmission(
            keccak256("x"),
            1,
            _grants(256, NEW_KEY),
            abi.encodeWithSelector(IParties.PartiesBadGrant.selector, vm.addr(NEW_KEY), Powers.COUNT, 256)
        );
    }

    // ---- update

    function test_update_changesStatusRolesAndKyb() public {
        vm.prank(REGISTRAR);
        parties.update(debtor, IParties.Status.Suspended, PartyRoles.AUDITOR, START + 1, keccak256("why"));
        IParties.Party memory entry = parties.partyOf(debtor);
        _yes(entry.status == IParties.Status.Suspended, "suspended");
        _same(entry.roles, PartyRoles.AUDITOR, "roles");
        _same(entry.kybUntil, START + 1, "kybUntil");
        _same(entry.version, 1, "signers are never touched");
    }

    function test_PartiesUnknown_whenUpdatingAStranger() public {
        bytes memory data =
            abi.encodeCall(parties.update, (address(7), IParties.Status.Active, 1, START, TERMS));
        bytes memory reason = abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(7));
        _refused(REGISTRAR, address(parties), data, reason);
    }

    function test_PartiesZeroValue_whenUpdatingWithoutStatusRolesOrReason() public {
        bytes memory reason = _reason(IParties.PartiesZeroValue.selector);
        _refusedUpdate(IParties.Status.None, 1, TERMS, reason);
        _refusedUpdate(IParties.Status.Active, 0, TERMS, reason);
        _refusedUpdate(IParties.Status.Active, 1, 0, reason);
    }

    // ---- signers and thresholds

    function test_setSigner_addsRaisesTheVersionAndRotates() public {
        _carrySigner(_intentSigner(NEW_KEY, uint16(1 << Powers.PAY)), supplier);
        (uint16 powers,) = parties.signerOf(supplier, vm.addr(NEW_KEY));
        _same(powers, 1 << Powers.PAY, "added");
        _same(parties.partyOf(supplier).version, 2, "version");
        _carrySigner(_intentSigner(NEW_KEY, 0), supplier);
        (powers,) = parties.signerOf(supplier, vm.addr(NEW_KEY));
        _same(powers, 0, "removed");
        bytes memory signatures = _sign(TERMS, NEW_KEY);
        _refusedSigned(
            supplier,
            Powers.PAY,
            signatures,
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, supplier, vm.addr(NEW_KEY))
        );
    }

    function test_PartiesStaleVersion_whenASignerIntentIsReplayed() public {
        IParties.SetSigner memory intent = _intentSigner(NEW_KEY, 1);
        _carrySigner(intent, supplier);
        _refusedSigner(intent, abi.encodeWithSelector(IParties.PartiesStaleVersion.selector, supplier, 1, 2));
    }

    function test_PartiesBadGrant_whenSettingUnknownPowers() public {
        _refusedSigner(
            _intentSigner(NEW_KEY, 0x8000),
            abi.encodeWithSelector(IParties.PartiesBadGrant.selector, vm.addr(NEW_KEY), Powers.COUNT, 0x8000)
        );
    }

    function test_PartiesSignerLacksPower_whenANonAdminChangesSigners() public {
        _carrySigner(_intentSigner(NEW_KEY, uint16(1 << Powers.PAY)), supplier);
        IParties.SetSigner memory intent = _intentSigner(NEW_KEY, ALL_POWERS);
        bytes memory signatures = _sign(parties.hashSetSigner(intent), NEW_KEY);
        _refused(
            address(parties),
            abi.encodeCall(parties.setSigner, (intent, signatures)),
            abi.encodeWithSelector(
                IParties.PartiesSignerLacksPower.selector, supplier, vm.addr(NEW_KEY), Powers.ADMIN
            )
        );
    }

    function test_setThreshold_makesTwoNecessary() public {
        _carryThreshold(_intentThreshold(Powers.PAY, 2));
        _same(parties.thresholdOf(supplier, Powers.PAY), 2, "threshold");
        _refusedSigned(
            supplier,
            Powers.PAY,
            _sign(TERMS, SUPPLIER_KEY),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.PAY, 1, 2)
        );
    }

    function test_PartiesBadGrant_whenAThresholdIsOutOfRange() public {
        _refusedThreshold(Powers.COUNT, 1);
        _refusedThreshold(Powers.PAY, 0);
        _refusedThreshold(Powers.PAY, 16);
    }

    function test_IntentExpired_and_IntentDeadlineTooFar_whenChangingSigners() public {
        IParties.SetSigner memory intent = _intentSigner(NEW_KEY, 1);
        intent.deadline = START - 1;
        _refusedSigner(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refusedSigner(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
    }

    // ---- revoke

    function test_revoke_stopsASignatureThatWasNotUsed() public {
        IParties.Revoke memory intent = IParties.Revoke(supplier, TERMS, _deadline(), 1);
        parties.revoke(intent, _sign(parties.hashRevoke(intent), SUPPLIER_KEY));
        _yes(parties.isRevoked(supplier, TERMS), "revoked");
        _refusedSigned(
            supplier,
            Powers.PAY,
            _sign(TERMS, SUPPLIER_KEY),
            abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, supplier, TERMS)
        );
        bytes32 other = keccak256("other");
        parties.requireSigned(supplier, Powers.PAY, other, _sign(other, SUPPLIER_KEY));
    }

    function test_revoke_needsOnlyOneSignerOfAnyPowerEvenWhenSuspended() public {
        _carrySigner(_intentSigner(NEW_KEY, uint16(1 << Powers.QUOTE)), supplier);
        _suspend(supplier);
        IParties.Revoke memory intent = IParties.Revoke(supplier, TERMS, _deadline(), 1);
        parties.revoke(intent, _sign(parties.hashRevoke(intent), NEW_KEY));
        _yes(parties.isRevoked(supplier, TERMS), "revoked");
    }

    function test_PartiesIntentRevoked_whenRevokingTwice() public {
        IParties.Revoke memory intent = IParties.Revoke(supplier, TERMS, _deadline(), 1);
        bytes memory data =
            abi.encodeCall(parties.revoke, (intent, _sign(parties.hashRevoke(intent), SUPPLIER_KEY)));
        parties.revoke(intent, _sign(parties.hashRevoke(intent), SUPPLIER_KEY));
        _refused(
            address(parties),
            data,
            abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, supplier, TERMS)
        );
    }

    function test_PartiesBelowThreshold_whenRevokingWithoutSignature() public {
        IParties.Revoke memory intent = IParties.Revoke(supplier, TERMS, _deadline(), 1);
        _refused(
            address(parties),
            abi.encodeCall(parties.revoke, (intent, "")),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.COUNT, 0, 1)
        );
    }

    function test_PartiesSignerUnknown_whenAStrangerRevokes() public {
        IParties.Revoke memory intent = IParties.Revoke(supplier, TERMS, _deadline(), 1);
        _refused(
            address(parties),
            abi.encodeCall(parties.revoke, (intent, _sign(parties.hashRevoke(intent), NEW_KEY))),
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, supplier, vm.addr(NEW_KEY))
        );
    }

    // ---- requireActive

    function test_PartiesRoleMissing_namesTheMissingRole() public {
        parties.requireActive(debtor, PartyRoles.DEBTOR);
        _refused(
            address(parties),
            abi.encodeCall(parties.requireActive, (debtor, PartyRoles.DEBTOR | PartyRoles.BANK)),
            abi.encodeWithSelector(IParties.PartiesRoleMissing.selector, debtor, PartyRoles.BANK)
        );
    }

    function test_PartiesNotActive_whenSuspended() public {
        _suspend(debtor);
        bytes memory reason =
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, debtor, IParties.Status.Suspended);
        _refused(address(parties), abi.encodeCall(parties.requireActive, (debtor, 0)), reason);
        _refusedSigned(debtor, Powers.PAY, _sign(TERMS, MAKER), reason);
    }

    function test_PartiesKybExpired_fromTheSecondItEnds() public {
        vm.prank(REGISTRAR);
        parties.update(debtor, IParties.Status.Active, 1, START + 10, TERMS);
        vm.warp(START + 9);
        parties.requireActive(debtor, 0);
        vm.warp(START + 10);
        _refused(
            address(parties),
            abi.encodeCall(parties.requireActive, (debtor, 0)),
            abi.encodeWithSelector(IParties.PartiesKybExpired.selector, debtor, START + 10)
        );
    }

    function test_PartiesUnknown_whenAskingForAStranger() public {
        bytes memory reason = abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(9));
        _refused(address(parties), abi.encodeCall(parties.partyOf, (address(9))), reason);
        _refused(address(parties), abi.encodeCall(parties.thresholdOf, (address(9), 0)), reason);
        _refused(address(parties), abi.encodeCall(parties.requireActive, (address(9), 0)), reason);
    }

    // ---- helpers

    function _grants(uint16 powers, uint256 key) private pure returns (IParties.SignerGrant[] memory grants) {
        grants = new IParties.SignerGrant[](1);
        grants[0] = IParties.SignerGrant(vm.addr(key), powers, START + 1 days);
    }

    function _intentSigner(uint256 key, uint16 powers) private view returns (IParties.SetSigner memory) {
        uint32 version = parties.partyOf(supplier).version;
        return IParties.SetSigner(supplier, vm.addr(key), powers, START + 9 days, version, _deadline(), 1);
    }

    function _intentThreshold(uint8 power, uint8 threshold)
        private
        view
        returns (IParties.SetThreshold memory)
    {
        return IParties.SetThreshold(
            supplier, power, threshold, parties.partyOf(supplier).version, _deadline(), 1
        );
    }

    function _carrySigner(IParties.SetSigner memory intent, address party) private {
        bytes32 digest = parties.hashSetSigner(intent);
        bytes memory signatures = _signedBy(party, digest);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IParties.SignerChanged(party, intent.signer, intent.powers, intent.expires, intent.version + 1);
        vm.expectEmit(true, true, true, true, address(parties));
        emit IIntents.IntentUsed(digest, IntentKinds.SET_SIGNER, 0, address(this));
        parties.setSigner(intent, signatures);
    }

    function _carryThreshold(IParties.SetThreshold memory intent) private {
        parties.setThreshold(intent, _signedBy(supplier, parties.hashSetThreshold(intent)));
    }

    function _refusedSigner(IParties.SetSigner memory intent, bytes memory reason) private {
        bytes memory signatures = _signedBy(supplier, parties.hashSetSigner(intent));
        _refused(address(parties), abi.encodeCall(parties.setSigner, (intent, signatures)), reason);
    }

    function _refusedThreshold(uint8 power, uint8 threshold) private {
        IParties.SetThreshold memory intent = _intentThreshold(power, threshold);
        bytes memory signatures = _signedBy(supplier, parties.hashSetThreshold(intent));
        _refused(
            address(parties),
            abi.encodeCall(parties.setThreshold, (intent, signatures)),
            abi.encodeWithSelector(IParties.PartiesBadGrant.selector, address(0), power, threshold)
        );
    }

    function _refusedAdmission(
        bytes32 legalId,
        uint16 roles,
        IParties.SignerGrant[] memory signers,
        bytes memory reason
    ) private {
        bytes memory data = abi.encodeCall(
            parties.admit, (legalId, roles, START + 1 days, signers, new IParties.ThresholdGrant[](0))
        );
        _refused(REGISTRAR, address(parties), data, reason);
    }

    function _refusedUpdate(IParties.Status status, uint16 roles, bytes32 why, bytes memory reason) private {
        bytes memory data = abi.encodeCall(parties.update, (debtor, status, roles, START, why));
        _refused(REGISTRAR, address(parties), data, reason);
    }

    function _refusedSigned(address party, uint8 power, bytes memory signatures, bytes memory reason)
        private
    {
        _refused(
            address(parties), abi.encodeCall(parties.requireSigned, (party, power, TERMS, signatures)), reason
        );
    }
}
