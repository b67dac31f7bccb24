// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers} from "../src/interfaces/Codes.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Vm} from "./support/Vm.sol";
import {World} from "./support/World.sol";

interface ISelfCall {
    function assignItem(ITransfers.AssignItem calldata item, address relayer) external returns (uint64);
}

/// @title Assign: owner and receiver sign, one at a time or many
contract TransfersTest is World {
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (, _lot) = _doIssue(FACE, 90);
    }

    function test_assign_passesAPartOnThroughThreeTiers() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 2);
        uint64 grandchild = _doAssign(child, tier3, FACE / 4);
        _same(ledger.lotOf(child).owner, tier2, "tier 2");
        _same(ledger.lotOf(grandchild).owner, tier3, "tier 3");
        _same(ledger.lotOf(grandchild).depth, 2, "depth");
    }

    function test_assign_reportsTheIntent() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 2);
        ITransfers.AssignItem memory item = _item(intent);
        bytes32 digest = transfers.hashAssign(intent);
        vm.expectEmit(true, true, true, true, address(transfers));
        emit IIntents.IntentUsed(digest, IntentKinds.ASSIGN, _lot + 1, address(this));
        transfers.assign(intent, item.ownerSignatures, item.receiverSignatures);
    }

    function test_LedgerStaleLot_whenReplayed() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        _carry(intent);
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
    }

    function test_PartiesBelowThreshold_whenOwnerOrReceiverDidNotSign() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        ITransfers.AssignItem memory item = _item(intent);
        _refused(
            address(transfers),
            abi.encodeCall(transfers.assign, (intent, bytes(""), item.receiverSignatures)),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ASSIGN, 0, 1)
        );
        _refused(
            address(transfers),
            abi.encodeCall(transfers.assign, (intent, item.ownerSignatures, bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, tier2, Powers.ACCEPT, 0, 1)
        );
    }

    function test_LedgerNotOwner_whenTheSignerDoesNotHoldTheLot() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        intent.owner = tier3;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier3));
    }

    function test_PartiesUnknown_whenTheReceiverIsNotAdmitted() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, address(77), FACE / 4);
        _refused(intent, abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(77)));
    }

    function test_PartiesNotActive_whenTheReceiverIsSuspended() public {
        _suspend(tier2);
        _refused(
            _intentAssign(_lot, tier2, FACE / 4),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, tier2, IParties.Status.Suspended)
        );
    }

    function test_PartiesIntentRevoked_whenTheOwnerWithdrewTheSignature() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        bytes32 digest = transfers.hashAssign(intent);
        IParties.Revoke memory revocation = IParties.Revoke(supplier, digest, _deadline(), 1);
        parties.revoke(revocation, _signedBy(supplier, parties.hashRevoke(revocation)));
        _refused(intent, abi.encodeWithSelector(IParties.PartiesIntentRevoked.selector, supplier, digest));
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refused(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
    }

    function test_signature_isBoundToChainAndContract() public {
        ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 4);
        ITransfers.AssignItem memory item = _item(intent);
        vm.chainId(4242);
        vm.expectPartialRevert(IParties.PartiesSignerUnknown.selector);
        transfers.assign(intent, item.ownerSignatures, item.receiverSignatures);
    }

    // ---- batches

    function test_assignMany_isolatesABadItem() public {
        ITransfers.AssignItem[] memory items = _batch(3);
        items[1].intent.amount += 1;
        bytes32 digest = transfers.hashAssign(items[1].intent);
        vm.recordLogs();
        uint64[] memory children = transfers.assignMany(items);
        _same(children.length, 3, "one result an item");
        _same(children[0], _lot + 1, "first");
        _same(children[1], 0, "bad item");
        // the third was signed for the state after the second
        _same(children[2], 0, "stale item");
        bytes32 failed = IIntents.IntentFailed.selector;
        _same(_countLogs(failed, digest), 1, "the bad item is reported");
        _same(ledger.lotOf(_lot).amount, FACE - FACE / 8, "only the good item has effect");
    }

    function test_assignMany_reportsTheRelayerNotItself() public {
        ITransfers.AssignItem[] memory items = _batch(1);
        bytes32 digest = transfers.hashAssign(items[0].intent);
        vm.expectEmit(true, true, true, true, address(transfers));
        emit IIntents.IntentUsed(digest, IntentKinds.ASSIGN, _lot + 1, address(this));
        transfers.assignMany(items);
    }

    function test_assignMany_carriesTheReason() public {
        ITransfers.AssignItem[] memory items = _batch(1);
        items[0].intent.seq = 7;
        items[0] = _item(items[0].intent);
        bytes32 digest = transfers.hashAssign(items[0].intent);
        vm.expectEmit(true, true, true, true, address(transfers));
        emit IIntents.IntentFailed(
            0, digest, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 7, 0)
        );
        transfers.assignMany(items);
    }

    function test_attack_theSameItemTwiceInABatchCountsOnce() public {
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](2);
        items[0] = _item(_intentAssign(_lot, tier2, FACE / 4));
        items[1] = items[0];
        uint64[] memory children = transfers.assignMany(items);
        _same(children[1], 0, "no second effect");
        _same(ledger.lotOf(_lot).amount, FACE - FACE / 4, "one cut");
    }

    function test_TransfersTooMany_beyondTheLimit() public {
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](51);
        _refused(
            address(transfers),
            abi.encodeCall(transfers.assignMany, (items)),
            abi.encodeWithSelector(ITransfers.TransfersTooMany.selector, 51, 50)
        );
    }

    function test_TransfersOnlySelf_whenSomebodyElseCallsAnItem() public {
        ITransfers.AssignItem memory item = _item(_intentAssign(_lot, tier2, FACE / 4));
        _refused(
            address(transfers),
            abi.encodeCall(ISelfCall.assignItem, (item, address(this))),
            _reason(ITransfers.TransfersOnlySelf.selector)
        );
    }

    function test_IntentGasTooLow_whenARelayerGivesTooLittle() public {
        ITransfers.AssignItem[] memory items = _batch(2);
        vm.expectPartialRevert(IIntents.IntentGasTooLow.selector);
        transfers.assignMany{gas: 480_000}(items);
    }

    // ---- helpers

    function _batch(uint24 count) private returns (ITransfers.AssignItem[] memory items) {
        items = new ITransfers.AssignItem[](count);
        for (uint24 i = 0; i < count; ++i) {
            ITransfers.Assign memory intent = _intentAssign(_lot, tier2, FACE / 8);
            intent.seq = i;
            items[i] = _item(intent);
        }
    }

    function _countLogs(bytes32 topic, bytes32 digest) private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic && logs[i].topics[2] == digest) ++count;
        }
    }
}
