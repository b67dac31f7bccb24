// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParties} from "../src/interfaces/IParties.sol";
import {Bank} from "./support/Bank.sol";

/// @title A thief has one key of a party, good for nothing but quotes, and withdraws whatever the others sign
contract AttacksSignersTest is Bank {
    function setUp() public override {
        super.setUp();
        _addQuoter(bank, QUOTER_KEY);
    }

    function test_attack_aStolenKeyCannotWithdrawItsOwnRemoval() public {
        IParties.SetSigner memory intent = IParties.SetSigner(
            bank, vm.addr(QUOTER_KEY), 0, 0, parties.partyOf(bank).version, _deadline(), 1
        );
        bytes32 digest = parties.hashSetSigner(intent);
        bytes memory signatures = _signedBy(bank, digest);
        _steal(digest);
        parties.setSigner(intent, signatures);
        (uint16 powers,) = parties.signerOf(bank, vm.addr(QUOTER_KEY));
        _same(powers, 0, "the thief is out");
    }

    function test_attack_aStolenKeyCannotHoldAThresholdDown() public {
        IParties.SetThreshold memory intent =
            IParties.SetThreshold(bank, 4, 2, parties.partyOf(bank).version, _deadline(), 1);
        bytes32 digest = parties.hashSetThreshold(intent);
        bytes memory signatures = _signedBy(bank, digest);
        _steal(digest);
        parties.setThreshold(intent, signatures);
        _same(parties.thresholdOf(bank, 4), 2, "quotes need two");
    }

    function test_PartiesStaleVersion_isHowAChangeOfSignersIsTakenBack() public {
        uint32 version = parties.partyOf(bank).version;
        IParties.SetThreshold memory unwanted = IParties.SetThreshold(bank, 4, 2, version, _deadline(), 1);
        bytes memory signatures = _signedBy(bank, parties.hashSetThreshold(unwanted));
        _setSigner(bank, vm.addr(QUOTER_KEY), ONLY_QUOTE, START + 1 days);
        _refused(
            address(parties),
            abi.encodeCall(parties.setThreshold, (unwanted, signatures)),
            abi.encodeWithSelector(IParties.PartiesStaleVersion.selector, bank, version, version + 1)
        );
    }

    /// @dev The thief saw the digest before it was carried.
    function _steal(bytes32 digest) private {
        IParties.Revoke memory revoked = IParties.Revoke(bank, digest, _deadline(), 1);
        parties.revoke(revoked, _sign(parties.hashRevoke(revoked), QUOTER_KEY));
    }
}
