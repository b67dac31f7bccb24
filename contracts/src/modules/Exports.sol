// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers} from "../interfaces/Codes.sol";
import {IExports} from "../interfaces/IExports.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "./Intents.sol";

/// @title Exports: a lot goes on living in another register
contract Exports is IExports, Intents {
    bytes32 private constant EXPORT_TYPE = keccak256(
        "Export(address owner,address registry,uint64 lot,uint24 seq,uint64 amount,bytes32 registryRef,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;

    /// @inheritdoc IExports
    mapping(address registry => mapping(bytes32 registryRef => uint64)) public override lotOf;

    constructor(ILedger ledger_, IParties parties_) Intents("Tallystick Exports") {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc IExports
    /// @dev The evidence of this hop is the other register's reference.
    function export(Export calldata intent, bytes calldata ownerSignatures, bytes calldata registrySignatures)
        external
        returns (uint64 child)
    {
        _checkDeadline(intent.deadline);
        uint64 taken = lotOf[intent.registry][intent.registryRef];
        if (taken != 0) revert ExportsReferenceUsed(intent.registry, intent.registryRef, taken);
        bytes32 digest = hashExport(intent);
        parties.requireSigned(intent.owner, Powers.ASSIGN, digest, ownerSignatures);
        parties.requireSigned(intent.registry, Powers.ACCEPT, digest, registrySignatures);
        parties.requireActive(intent.registry, PartyRoles.REGISTRY);
        (child,) = ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.owner,
                to: intent.registry,
                amount: intent.amount,
                cause: ILedger.Cause.Export,
                evidence: intent.registryRef,
                mandated: false
            })
        );
        lotOf[intent.registry][intent.registryRef] = child;
        emit LotExported(child, intent.owner, intent.registry, intent.amount, intent.registryRef, digest);
        emit IntentUsed(digest, IntentKinds.EXPORT, child, msg.sender);
    }

    /// @inheritdoc IExports
    function hashExport(Export calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(EXPORT_TYPE, offset, 8 * 32);
    }
}
