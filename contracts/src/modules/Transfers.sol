// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers} from "../interfaces/Codes.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ITransfers} from "../interfaces/ITransfers.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "./Intents.sol";

/// @title Transfers: split a lot and pass the part on
contract Transfers is ITransfers, Intents {
    uint256 public constant MAX_ITEMS = 50;
    /// @dev enough for a dozen signers on each side, cold
    uint256 private constant ITEM_GAS = 500_000;
    bytes32 private constant ASSIGN_TYPE = keccak256(
        "Assign(address owner,address to,uint64 lot,uint24 seq,uint64 amount,bytes32 evidence,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;

    constructor(ILedger ledger_, IParties parties_) Intents("Tallystick Transfers") {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc ITransfers
    function assign(Assign calldata intent, bytes calldata ownerSignatures, bytes calldata receiverSignatures)
        external
        returns (uint64 child)
    {
        return _assign(intent, ownerSignatures, receiverSignatures, msg.sender);
    }

    /// @inheritdoc ITransfers
    function assignMany(AssignItem[] calldata items) external returns (uint64[] memory children) {
        uint256 count = items.length;
        if (count > MAX_ITEMS) revert TransfersTooMany(count, MAX_ITEMS);
        children = new uint64[](count);
        for (uint256 i = 0; i < count; ++i) {
            _requireGas(ITEM_GAS);
            try this.assignItem{gas: ITEM_GAS}(items[i], msg.sender) returns (uint64 child) {
                children[i] = child;
            } catch (bytes memory reason) {
                emit IntentFailed(i, hashAssign(items[i].intent), reason);
            }
        }
    }

    /// @notice One item of a batch, as a call of its own so that its failure undoes only itself.
    /// @param relayer who carried the batch
    /// @custom:access this contract only
    function assignItem(AssignItem calldata item, address relayer) external returns (uint64 child) {
        if (msg.sender != address(this)) revert TransfersOnlySelf();
        return _assign(item.intent, item.ownerSignatures, item.receiverSignatures, relayer);
    }

    /// @inheritdoc ITransfers
    function hashAssign(Assign calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(ASSIGN_TYPE, offset, 8 * 32);
    }

    function _assign(
        Assign calldata intent,
        bytes calldata ownerSignatures,
        bytes calldata receiverSignatures,
        address relayer
    ) private returns (uint64 child) {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashAssign(intent);
        parties.requireSigned(intent.owner, Powers.ASSIGN, digest, ownerSignatures);
        parties.requireSigned(intent.to, Powers.ACCEPT, digest, receiverSignatures);
        (child,) = ledger.move(
            ILedger.MoveOrder({
                parent: intent.lot,
                seq: intent.seq,
                from: intent.owner,
                to: intent.to,
                amount: intent.amount,
                cause: ILedger.Cause.Assign,
                evidence: intent.evidence,
                mandated: false
            })
        );
        emit IntentUsed(digest, IntentKinds.ASSIGN, child, relayer);
    }
}
