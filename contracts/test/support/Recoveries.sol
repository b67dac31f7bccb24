// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "../../src/interfaces/Codes.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {World} from "./World.sol";

/// @title Recoveries as the consortium proposes, seconds and carries them out
abstract contract Recoveries is World {
    uint40 internal constant DELAY = 24 hours;
    uint40 internal constant LIFETIME = 30 days;

    struct Plan {
        address party;
        IParties.SignerGrant[] signers;
        IParties.ThresholdGrant[] thresholds;
        bytes32 reason;
    }

    /// @dev The key that was lost goes, another comes; both with the threshold of CONFIRM as the party has it.
    function _plan(address party, uint256 lost, uint256 found) internal view returns (Plan memory plan) {
        plan.party = party;
        plan.signers = new IParties.SignerGrant[](2);
        plan.signers[0] = IParties.SignerGrant(vm.addr(lost), 0, 0);
        plan.signers[1] = IParties.SignerGrant(vm.addr(found), ALL_POWERS, START + 3650 days);
        plan.thresholds = new IParties.ThresholdGrant[](1);
        plan.thresholds[0] =
            IParties.ThresholdGrant(Powers.CONFIRM, parties.thresholdOf(party, Powers.CONFIRM));
        plan.reason = keccak256(abi.encode("resolution", found));
    }

    function _idOf(Plan memory plan, uint32 version) internal pure returns (bytes32) {
        bytes memory arguments = abi.encode(plan.party, plan.signers, plan.thresholds, plan.reason);
        return keccak256(bytes.concat(bytes32(uint256(version)), arguments));
    }

    function _callPropose(Plan memory plan) internal view returns (bytes memory) {
        return
            abi.encodeCall(parties.proposeRecovery, (plan.party, plan.signers, plan.thresholds, plan.reason));
    }

    function _callExecute(Plan memory plan) internal view returns (bytes memory) {
        return
            abi.encodeCall(parties.executeRecovery, (plan.party, plan.signers, plan.thresholds, plan.reason));
    }

    function _intentVeto(address party, bytes32 id, uint64 salt)
        internal
        view
        returns (IParties.VetoRecovery memory)
    {
        return IParties.VetoRecovery(party, id, _deadline(), salt);
    }

    function _callVeto(IParties.VetoRecovery memory intent, uint256 key)
        internal
        view
        returns (bytes memory)
    {
        return abi.encodeCall(parties.vetoRecovery, (intent, _sign(parties.hashVetoRecovery(intent), key)));
    }

    function _propose(Plan memory plan) internal returns (bytes32 id) {
        vm.prank(REGISTRAR);
        id = parties.proposeRecovery(plan.party, plan.signers, plan.thresholds, plan.reason);
    }

    function _second(address party, bytes32 id) internal {
        vm.prank(SECONDER);
        parties.secondRecovery(party, id);
    }

    function _proposeAndSecond(Plan memory plan) internal returns (bytes32 id) {
        id = _propose(plan);
        _second(plan.party, id);
    }

    function _veto(IParties.VetoRecovery memory intent, uint256 key) internal {
        parties.vetoRecovery(intent, _sign(parties.hashVetoRecovery(intent), key));
    }

    function _execute(Plan memory plan) internal {
        parties.executeRecovery(plan.party, plan.signers, plan.thresholds, plan.reason);
    }
}
