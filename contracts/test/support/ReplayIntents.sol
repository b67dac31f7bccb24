// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds} from "../../src/interfaces/Codes.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {IIntents} from "../../src/interfaces/IIntents.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {Checks} from "./Checks.sol";
import {Vm} from "./Vm.sol";

/// @title What the events say about intents: which took effect, mandates and their exposure, exports
abstract contract ReplayIntents is Checks {
    struct Holding {
        bytes32 id;
        uint64 held;
    }

    struct Export {
        address registry;
        bytes32 registryRef;
        uint64 lot;
    }

    mapping(bytes32 digest => bool) public usedDigest;
    mapping(uint64 receivable => bytes32) public issueDigest;
    mapping(bytes32 id => uint64) public mandateLimit;
    mapping(bytes32 id => uint64) public exposure;
    mapping(uint64 lot => Holding) public holding;
    bytes32[] private _mandateIds;
    Export[] private _exports;

    function mandateIds() external view returns (bytes32[] memory) {
        return _mandateIds;
    }

    function exportsSeen() external view returns (Export[] memory) {
        return _exports;
    }

    function _applyIntents(Vm.Log memory log) internal returns (bool) {
        bytes32 kind = log.topics[0];
        if (kind == IIntents.IntentUsed.selector) {
            _intentUsed(log);
        } else if (kind == IMandates.MandateGranted.selector) {
            (,, mandateLimit[log.topics[1]],,,,,,) = abi.decode(
                log.data, (address, uint16, uint64, uint32, uint16, uint16, uint8, uint40, uint40)
            );
            _mandateIds.push(log.topics[1]);
        } else if (kind == IMandates.MandateExposure.selector) {
            (uint64 held, uint64 total) = abi.decode(log.data, (uint64, uint64));
            if (total > exposure[log.topics[1]]) {
                _atMost(total, mandateLimit[log.topics[1]], "a mandate is used beyond its limit");
            }
            holding[uint64(uint256(log.topics[2]))] = Holding(log.topics[1], held);
            exposure[log.topics[1]] = total;
        } else if (kind == IExports.LotExported.selector) {
            (, bytes32 registryRef,) = abi.decode(log.data, (uint64, bytes32, bytes32));
            address registry = address(uint160(uint256(log.topics[3])));
            _exports.push(Export(registry, registryRef, uint64(uint256(log.topics[1]))));
        } else {
            return false;
        }
        return true;
    }

    function _intentUsed(Vm.Log memory log) private {
        _yes(!usedDigest[log.topics[1]], "I7: a digest took effect twice");
        usedDigest[log.topics[1]] = true;
        if (uint256(log.topics[2]) == IntentKinds.ISSUE) {
            issueDigest[uint64(uint256(log.topics[3]))] = log.topics[1];
        }
    }
}
