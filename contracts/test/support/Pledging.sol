// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRoles} from "../../src/interfaces/Codes.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {World} from "./World.sol";

/// @title Loans against lots, and the way out to another register
abstract contract Pledging is World {
    uint256 internal constant REGISTRY_KEY = 0x4001;

    // ---- pledge

    function _intentPledge(uint64 lot, uint64 secured, uint64 advance)
        internal
        returns (IPledges.Pledge memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent = IPledges.Pledge(
            held.owner, bank, lot, held.seq, secured, advance, EVIDENCE, _deadline(), ++_salt
        );
    }

    function _callOf(IPledges.Pledge memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashPledge(intent);
        return abi.encodeCall(
            pledges.pledge, (intent, _signedBy(intent.owner, digest), _signedBy(intent.pledgee, digest))
        );
    }

    function _carry(IPledges.Pledge memory intent) internal {
        bytes32 digest = pledges.hashPledge(intent);
        pledges.pledge(intent, _signedBy(intent.owner, digest), _signedBy(intent.pledgee, digest));
    }

    function _refused(IPledges.Pledge memory intent, bytes memory reason) internal {
        _refused(address(pledges), _callOf(intent), reason);
    }

    function _doPledge(uint64 lot, uint64 secured) internal {
        _carry(_intentPledge(lot, secured, 0));
    }

    // ---- release

    function _intentRelease(uint64 lot, uint64 secured, uint64 repayment)
        internal
        returns (IPledges.Release memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent = IPledges.Release(
            held.owner, held.chargee, lot, held.seq, secured, repayment, EVIDENCE, _deadline(), ++_salt
        );
    }

    function _callOf(IPledges.Release memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashRelease(intent);
        return abi.encodeCall(
            pledges.release, (intent, _signedBy(intent.owner, digest), _signedBy(intent.pledgee, digest))
        );
    }

    function _carry(IPledges.Release memory intent) internal {
        bytes32 digest = pledges.hashRelease(intent);
        pledges.release(intent, _signedBy(intent.owner, digest), _signedBy(intent.pledgee, digest));
    }

    function _refused(IPledges.Release memory intent, bytes memory reason) internal {
        _refused(address(pledges), _callOf(intent), reason);
    }

    // ---- realise

    function _intentRealise(uint64 lot, address buyer, uint64 price)
        internal
        returns (IPledges.Realise memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent = IPledges.Realise(
            held.owner, held.chargee, buyer, lot, held.seq, price, EVIDENCE, _deadline(), ++_salt
        );
    }

    function _callOf(IPledges.Realise memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashRealise(intent);
        bytes memory ofOwner = _signedBy(intent.owner, digest);
        bytes memory ofPledgee = _signedBy(intent.pledgee, digest);
        return abi.encodeCall(pledges.realise, (intent, ofOwner, ofPledgee, _signedBy(intent.buyer, digest)));
    }

    function _carry(IPledges.Realise memory intent) internal returns (uint64 child) {
        bytes32 digest = pledges.hashRealise(intent);
        bytes memory ofOwner = _signedBy(intent.owner, digest);
        bytes memory ofPledgee = _signedBy(intent.pledgee, digest);
        return pledges.realise(intent, ofOwner, ofPledgee, _signedBy(intent.buyer, digest));
    }

    function _refused(IPledges.Realise memory intent, bytes memory reason) internal {
        _refused(address(pledges), _callOf(intent), reason);
    }

    // ---- export

    function _admitRegistry() internal returns (address registry) {
        return _admit("other register", PartyRoles.REGISTRY, _keys(REGISTRY_KEY), 1);
    }

    function _intentExport(uint64 lot, address registry, uint64 amount, bytes32 registryRef)
        internal
        returns (IExports.Export memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent =
            IExports.Export(held.owner, registry, lot, held.seq, amount, registryRef, _deadline(), ++_salt);
    }

    function _callOf(IExports.Export memory intent) internal view returns (bytes memory) {
        bytes32 digest = exports.hashExport(intent);
        return abi.encodeCall(
            exports.export, (intent, _signedBy(intent.owner, digest), _signedBy(intent.registry, digest))
        );
    }

    function _carry(IExports.Export memory intent) internal returns (uint64 child) {
        bytes32 digest = exports.hashExport(intent);
        return exports.export(intent, _signedBy(intent.owner, digest), _signedBy(intent.registry, digest));
    }

    function _refused(IExports.Export memory intent, bytes memory reason) internal {
        _refused(address(exports), _callOf(intent), reason);
    }
}
