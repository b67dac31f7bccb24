// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "../src/interfaces/Codes.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {ContractSigner} from "./support/ContractSigner.sol";
import {World} from "./support/World.sol";

/// @title Reading of signatures: order, threshold, malleability, contract signers (ADR 0010)
contract SignaturesTest is World {
    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant DIGEST = keccak256("digest");

    function test_requireSigned_acceptsMakerAndChecker() public view {
        _check(_sign(DIGEST, _keys(MAKER, CHECKER)));
    }

    function test_requireSigned_acceptsMoreThanTheThreshold() public {
        uint256[] memory keys = new uint256[](3);
        (keys[0], keys[1], keys[2]) = (11, 12, 13);
        address party = _admit("three", 1, keys, 2);
        parties.requireSigned(party, Powers.CONFIRM, DIGEST, _sign(DIGEST, keys));
    }

    function testFuzz_requireSigned_countsMOfN(uint256 members, uint256 threshold, uint256 signing) public {
        members = _bound(members, 1, 10);
        threshold = _bound(threshold, 1, members);
        signing = _bound(signing, 0, members);
        uint256[] memory keys = new uint256[](members);
        for (uint256 i = 0; i < members; ++i) {
            keys[i] = 0x7000 + i;
        }
        address party = _admit("m of n", 1, keys, uint8(threshold));
        uint256[] memory some = new uint256[](signing);
        for (uint256 i = 0; i < signing; ++i) {
            some[i] = keys[i];
        }
        bytes memory data =
            abi.encodeCall(parties.requireSigned, (party, Powers.CONFIRM, DIGEST, _sign(DIGEST, some)));
        if (signing >= threshold) {
            parties.requireSigned(party, Powers.CONFIRM, DIGEST, _sign(DIGEST, some));
        } else {
            bytes memory reason = abi.encodeWithSelector(
                IParties.PartiesBelowThreshold.selector, party, Powers.CONFIRM, signing, threshold
            );
            _refused(address(parties), data, reason);
        }
    }

    function test_PartiesBelowThreshold_whenOnlyTheMakerSigned() public {
        _bad(_sign(DIGEST, MAKER), _below(1));
        _bad("", _below(0));
    }

    function test_PartiesSignersNotAscending_whenOneMakerSignsTwice() public {
        bytes memory once = _sign(DIGEST, MAKER);
        address maker = vm.addr(MAKER);
        _bad(
            bytes.concat(once, once),
            abi.encodeWithSelector(IParties.PartiesSignersNotAscending.selector, maker, maker)
        );
    }

    function test_PartiesSignersNotAscending_whenInTheWrongOrder() public {
        uint256[] memory sorted = _byAddress(_keys(MAKER, CHECKER));
        _bad(
            bytes.concat(_sign(DIGEST, sorted[1]), _sign(DIGEST, sorted[0])),
            abi.encodeWithSelector(
                IParties.PartiesSignersNotAscending.selector, vm.addr(sorted[1]), vm.addr(sorted[0])
            )
        );
    }

    function test_PartiesSignerUnknown_whenAnotherPartySigned() public {
        _bad(
            _sign(DIGEST, BANK_KEY),
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, debtor, vm.addr(BANK_KEY))
        );
    }

    function test_PartiesSignerExpired_fromTheSecondItExpires() public {
        vm.prank(REGISTRAR);
        parties.update(debtor, IParties.Status.Active, 1, START + 9000 days, TERMS);
        vm.warp(START + 3650 days - 1);
        _check(_sign(DIGEST, _keys(MAKER, CHECKER)));
        vm.warp(START + 3650 days);
        _bad(
            _sign(DIGEST, MAKER),
            abi.encodeWithSelector(
                IParties.PartiesSignerExpired.selector, debtor, vm.addr(MAKER), START + 3650 days
            )
        );
    }

    function test_PartiesBadSignature_whenMalleable() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(MAKER, DIGEST);
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        uint8 flipped = v == 27 ? 28 : 27;
        _bad(
            abi.encodePacked(r, high, flipped),
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, address(0))
        );
    }

    function test_PartiesBadSignature_whenVIsUnknown() public {
        (, bytes32 r, bytes32 s) = vm.sign(MAKER, DIGEST);
        _bad(
            abi.encodePacked(r, s, uint8(1)), abi.encodeWithSelector(IParties.PartiesBadSignature.selector, 0)
        );
    }

    function testFuzz_PartiesBadSignatureEncoding_whenNotAWholeNumberOfEntries(uint256 length) public {
        length = _bound(length, 1, 64);
        bytes memory good = _sign(DIGEST, _byAddress(_keys(MAKER, CHECKER))[0]);
        bytes memory longer = bytes.concat(good, new bytes(length));
        _bad(longer, abi.encodeWithSelector(IParties.PartiesBadSignatureEncoding.selector, longer.length));
    }

    // ---- contract signers

    function test_requireSigned_acceptsAContractSignerBesideAKey() public {
        (address party, ContractSigner signer) = _mixedParty();
        parties.requireSigned(party, Powers.CONFIRM, DIGEST, _mixed(signer, "secret"));
    }

    function test_requireSigned_acceptsTwoContractSignersWithTheirProofsInAnyOrder() public {
        (address low, address high) = (address(new ContractSigner("x")), address(new ContractSigner("x")));
        (low, high) = low < high ? (low, high) : (high, low);
        address party = _admitSigners(low, high);
        uint256 second = 130 + _tail("x").length;
        bytes memory tails = bytes.concat(_tail("x"), _tail("x"));
        bytes memory inOrder = bytes.concat(_entry(low, 130), _entry(high, second), tails);
        parties.requireSigned(party, Powers.CONFIRM, DIGEST, inOrder);
        bytes memory crossed = bytes.concat(_entry(low, second), _entry(high, 130), tails);
        parties.requireSigned(party, Powers.CONFIRM, DIGEST, crossed);
    }

    function test_PartiesBadSignature_whenTheContractRefuses() public {
        (address party, ContractSigner signer) = _mixedParty();
        _refusedFor(
            party,
            _mixed(signer, "wrong"),
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, address(signer))
        );
    }

    function test_PartiesBadSignature_whenAKeyIsGivenAsAContract() public {
        bytes memory tail = abi.encodePacked(uint256(0));
        bytes memory entry = abi.encodePacked(uint256(uint160(vm.addr(MAKER))), uint256(65), uint8(0));
        _bad(
            bytes.concat(entry, tail),
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, vm.addr(MAKER))
        );
    }

    function test_PartiesBadSignatureEncoding_whenAContractTailPointsOutside() public {
        _badTail(uint256(uint160(address(this))), 64, 0);
        _badTail(uint256(uint160(address(this))), 66, 0);
        _badTail(uint256(uint160(address(this))), 97, 0);
        _badTail(uint256(uint160(address(this))), 98, 0);
        _badTail(uint256(uint160(address(this))), type(uint256).max, 0);
        _badTail(uint256(uint160(address(this))), 65, 1);
        _badTail(uint256(uint160(address(this))), 65, type(uint256).max);
        _badTail(type(uint256).max, 65, 0);
    }

    // ---- one key alone

    function test_requireSignedBy_acceptsTheKeyWhateverTheThreshold() public view {
        parties.requireSignedBy(debtor, vm.addr(MAKER), Powers.CONFIRM, DIGEST, _sign(DIGEST, MAKER));
    }

    function test_requireSignedBy_acceptsAContractSigner() public {
        (address party, ContractSigner signer) = _mixedParty();
        bytes memory proof = abi.encodePacked(DIGEST, "secret");
        bytes memory signature =
            bytes.concat(_entry(address(signer), 65), abi.encodePacked(proof.length, proof));
        parties.requireSignedBy(party, address(signer), Powers.QUOTE, DIGEST, signature);
    }

    function test_PartiesQuoterDiffers_whenAnotherSignerOfThePartySigned() public {
        bytes memory reason =
            abi.encodeWithSelector(IParties.PartiesQuoterDiffers.selector, vm.addr(MAKER), vm.addr(CHECKER));
        _badBy(MAKER, _sign(DIGEST, CHECKER), reason);
    }

    function test_PartiesSignerUnknown_whenAStrangerSignedAlone() public {
        bytes memory reason =
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, debtor, vm.addr(BANK_KEY));
        _badBy(MAKER, _sign(DIGEST, BANK_KEY), reason);
        _badBy(BANK_KEY, _sign(DIGEST, BANK_KEY), reason);
    }

    function test_PartiesBadSignatureEncoding_whenNotExactlyOneSigned() public {
        _badBy(MAKER, "", _encoding(0));
        _badBy(MAKER, _sign(DIGEST, _keys(MAKER, CHECKER)), _encoding(130));
        bytes memory tail = bytes.concat(_sign(DIGEST, MAKER), bytes1(0));
        _badBy(MAKER, tail, _encoding(66));
    }

    function test_PartiesSignerLacksPower_whenTheKeyMayNotSignThis() public {
        IParties.SetSigner memory intent = IParties.SetSigner(
            debtor, vm.addr(MAKER), uint16(1 << Powers.QUOTE), START + 9 days, 1, _deadline(), 1
        );
        parties.setSigner(intent, _signedBy(debtor, parties.hashSetSigner(intent)));
        parties.requireSignedBy(debtor, vm.addr(MAKER), Powers.QUOTE, DIGEST, _sign(DIGEST, MAKER));
        bytes memory reason = abi.encodeWithSelector(
            IParties.PartiesSignerLacksPower.selector, debtor, vm.addr(MAKER), Powers.CONFIRM
        );
        _badBy(MAKER, _sign(DIGEST, MAKER), reason);
        vm.warp(START + 9 days);
        reason = abi.encodeWithSelector(
            IParties.PartiesSignerExpired.selector, debtor, vm.addr(MAKER), START + 9 days
        );
        _badBy(MAKER, _sign(DIGEST, MAKER), reason);
    }

    function test_PartiesIntentRevoked_whenTheOneSignatureWasWithdrawn() public {
        IParties.Revoke memory intent = IParties.Revoke(debtor, DIGEST, _deadline(), 1);
        parties.revoke(intent, _sign(parties.hashRevoke(intent), CHECKER));
        bytes memory reason = abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, debtor, DIGEST);
        _badBy(MAKER, _sign(DIGEST, MAKER), reason);
    }

    function test_requireSignedBy_refusesAPartyThatIsNotActive() public {
        _suspend(debtor);
        bytes memory reason =
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, debtor, IParties.Status.Suspended);
        _badBy(MAKER, _sign(DIGEST, MAKER), reason);
        vm.prank(REGISTRAR);
        parties.update(debtor, IParties.Status.Active, 1, START, TERMS);
        reason = abi.encodeWithSelector(IParties.PartiesKybExpired.selector, debtor, START);
        _badBy(MAKER, _sign(DIGEST, MAKER), reason);
        bytes memory data =
            abi.encodeCall(parties.requireSignedBy, (address(9), vm.addr(MAKER), Powers.CONFIRM, DIGEST, ""));
        _refused(address(parties), data, abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(9)));
    }

    // ---- helpers

    function _mixedParty() private returns (address party, ContractSigner signer) {
        signer = new ContractSigner("secret");
        party = _admitSigners(address(signer), vm.addr(MAKER));
    }

    /// @dev Both have to sign.
    function _admitSigners(address one, address other) private returns (address party) {
        IParties.SignerGrant[] memory signers = new IParties.SignerGrant[](2);
        signers[0] = IParties.SignerGrant(one, ALL_POWERS, START + 1 days);
        signers[1] = IParties.SignerGrant(other, ALL_POWERS, START + 1 days);
        IParties.ThresholdGrant[] memory thresholds = new IParties.ThresholdGrant[](1);
        thresholds[0] = IParties.ThresholdGrant(Powers.CONFIRM, 2);
        vm.prank(REGISTRAR);
        party = parties.admit(keccak256("mixed"), 1, START + 1 days, signers, thresholds);
    }

    function _mixed(ContractSigner signer, bytes memory secret) private pure returns (bytes memory) {
        bytes memory ofContract = _entry(address(signer), 130);
        bytes memory ofKey = _sign(DIGEST, MAKER);
        bytes memory entries = address(signer) < vm.addr(MAKER)
            ? bytes.concat(ofContract, ofKey)
            : bytes.concat(ofKey, ofContract);
        return bytes.concat(entries, _tail(secret));
    }

    function _entry(address signer, uint256 offset) private pure returns (bytes memory) {
        return abi.encodePacked(uint256(uint160(signer)), offset, uint8(0));
    }

    function _tail(bytes memory secret) private pure returns (bytes memory) {
        bytes memory proof = abi.encodePacked(DIGEST, secret);
        return abi.encodePacked(proof.length, proof);
    }

    function _badTail(uint256 r, uint256 offset, uint256 size) private {
        bytes memory signatures = abi.encodePacked(r, offset, uint8(0), size);
        _bad(
            signatures,
            abi.encodeWithSelector(IParties.PartiesBadSignatureEncoding.selector, signatures.length)
        );
    }

    function _encoding(uint256 length) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBadSignatureEncoding.selector, length);
    }

    function _badBy(uint256 key, bytes memory signature, bytes memory reason) private {
        bytes memory data = abi.encodeCall(
            parties.requireSignedBy, (debtor, vm.addr(key), Powers.CONFIRM, DIGEST, signature)
        );
        _refused(address(parties), data, reason);
    }

    function _check(bytes memory signatures) private view {
        parties.requireSigned(debtor, Powers.CONFIRM, DIGEST, signatures);
    }

    function _below(uint256 have) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, debtor, Powers.CONFIRM, have, 2);
    }

    function _bad(bytes memory signatures, bytes memory reason) private {
        _refusedFor(debtor, signatures, reason);
    }

    function _refusedFor(address party, bytes memory signatures, bytes memory reason) private {
        bytes memory data = abi.encodeCall(parties.requireSigned, (party, Powers.CONFIRM, DIGEST, signatures));
        _refused(address(parties), data, reason);
    }
}
