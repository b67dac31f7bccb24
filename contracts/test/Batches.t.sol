// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {Bank} from "./support/Bank.sol";
import {BurningSigner, CostlySigner} from "./support/OddSigners.sol";
import {Vm} from "./support/Vm.sol";

interface ISelfCall {
    function financeItem(IFinancing.FinanceItem calldata item, address relayer) external returns (uint64);
}

/// @title Many at once: a bad item harms no other, and whoever carries a batch cannot make a good one fail
contract BatchesTest is Bank {
    uint256 private constant PLENTY = 30_000_000;
    uint64 private constant PART = FACE / 8;

    /// @dev Twelve of twelve keys must sign for each of these.
    address private _crowd;
    address private _crowdBank;
    address private _burner;
    address private _costly;
    mapping(address party => address) private _signerOf;
    IMandates.Mandate private _mandate;

    function setUp() public override {
        super.setUp();
        _crowd = _admit("crowd", PartyRoles.SUPPLIER, _twelve(0x5000), 1);
        _needTwelve(_crowd, Powers.ACCEPT);
        _needTwelve(_crowd, Powers.ASSIGN);
        _crowdBank = _admit("crowd bank", PartyRoles.BANK, _twelve(0x6000), 1);
        _needTwelve(_crowdBank, Powers.FINANCE);
        _burner = _admitContract("burner", address(new BurningSigner()));
        _costly = _admitContract("costly", address(new CostlySigner()));
        _mint(cny, _crowdBank, FACE);
        _addQuoter(bank, QUOTER_KEY);
        _mandate = _mandateOf(bank, PART);
        _grant(_mandate);
    }

    // ---- assign

    function test_assignMany_goodItemsHaveTheirEffectAndBadOnesSayWhy() public {
        (ITransfers.AssignItem[] memory items, bytes[] memory reasons) = _assignments();
        vm.recordLogs();
        uint64[] memory children = transfers.assignMany(items);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < items.length; ++i) {
            _checkItem(logs, i, transfers.hashAssign(items[i].intent), children[i], reasons[i]);
        }
        _same(ledger.lotOf(children[0]).owner, tier2, "before the bad ones");
        _same(ledger.lotOf(children[4]).owner, tier2, "after them");
        _same(ledger.lotOf(children[5]).owner, _crowd, "signed by twelve");
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 200
    function testFuzz_assignMany_hasAllItsEffectOrNoneWhateverGasIsGiven(uint256 gasGiven) public {
        (ITransfers.AssignItem[] memory items,) = _assignments();
        _allOrNothing(
            address(transfers),
            abi.encodeCall(transfers.assignMany, (items)),
            _bound(gasGiven, 60_000, 3_000_000)
        );
    }

    /// @dev Copying a long proof costs before the item begins; that too must not be taken from the item.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 200
    function testFuzz_assignMany_ofALongProofHasItsEffectOrNone(uint256 gasGiven, uint256 size) public {
        bytes memory data = _costlyBatch(_newLot(), 0, _bound(size, 200_000, 260_000));
        _allOrNothing(address(transfers), data, _bound(gasGiven, 60_000, 2_000_000));
    }

    /// @dev The dearest item that just has its effect with all the gas of an item: a little less, and it would not.
    /// forge-config: default.fuzz.runs = 16
    /// forge-config: ci.fuzz.runs = 50
    function testFuzz_assignMany_ofAnItemThatNeedsAllOfItsGasHasItsEffectOrNone(uint256 size) public {
        size = _bound(size, 0, 10_000);
        uint64 lot = _newLot();
        (uint256 low, uint256 high) = (0, 500_000);
        while (high - low > 200) {
            uint256 middle = (low + high) / 2;
            if (_hasEffect(_costlyBatch(lot, middle, size))) low = middle;
            else high = middle;
        }
        _allOrNothing(address(transfers), _costlyBatch(lot, low, size), 60_000);
    }

    // ---- finance

    function test_financeMany_goodItemsHaveTheirEffectAndBadOnesSayWhy() public {
        (IFinancing.FinanceItem[] memory items, bytes[] memory reasons) = _financings();
        vm.recordLogs();
        uint64[] memory children = financing.financeMany(items);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < items.length; ++i) {
            _checkItem(logs, i, financing.hashFinance(items[i].intent), children[i], reasons[i]);
        }
        _same(ledger.lotOf(children[0]).owner, bank, "under a mandate");
        _same(ledger.lotOf(children[1]).owner, bank, "signed by the bank");
        _same(ledger.lotOf(children[5]).owner, _crowdBank, "signed by two dozen");
        (, uint64 exposure) = financing.exposureOf(financing.hashMandate(_mandate));
        _same(exposure, PART, "the second quote was over the limit");
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 200
    function testFuzz_financeMany_hasAllItsEffectOrNoneWhateverGasIsGiven(uint256 gasGiven) public {
        (IFinancing.FinanceItem[] memory items,) = _financings();
        _allOrNothing(
            address(financing),
            abi.encodeCall(financing.financeMany, (items)),
            _bound(gasGiven, 60_000, 4_000_000)
        );
    }

    function test_financeMany_reportsTheRelayerNotItself() public {
        IFinancing.FinanceItem[] memory items = new IFinancing.FinanceItem[](1);
        uint64 lot = _newLot();
        items[0] = _item(_intentFinance(lot, PART, PART));
        bytes32 digest = financing.hashFinance(items[0].intent);
        vm.expectEmit(true, true, true, true, address(financing));
        emit IIntents.IntentUsed(digest, IntentKinds.FINANCE, lot + 1, address(0xBEEF));
        vm.prank(address(0xBEEF));
        financing.financeMany(items);
    }

    function test_attack_theSameFinanceItemTwiceInABatchCountsOnce() public {
        IFinancing.FinanceItem[] memory items = new IFinancing.FinanceItem[](2);
        items[0] = _item(_intentFinance(_newLot(), PART, PART));
        items[1] = items[0];
        uint256 before = cny.balanceOf(bank);
        uint64[] memory children = financing.financeMany(items);
        _same(children[1], 0, "no second effect");
        _same(cny.balanceOf(bank), before - PART, "paid once");
    }

    function test_FinancingTooMany_beyondTheLimit() public {
        _refused(
            address(financing),
            abi.encodeCall(financing.financeMany, (new IFinancing.FinanceItem[](51))),
            abi.encodeWithSelector(IFinancing.FinancingTooMany.selector, 51, 50)
        );
    }

    function test_FinancingOnlySelf_whenSomebodyElseCallsAnItem() public {
        IFinancing.FinanceItem memory item = _item(_intentFinance(_newLot(), PART, PART));
        _refused(
            address(financing),
            abi.encodeCall(ISelfCall.financeItem, (item, address(this))),
            _reason(IFinancing.FinancingOnlySelf.selector)
        );
    }

    // ---- claims

    /// @dev With too little gas nobody is paid, or everybody is. An exposure that was not released then can be later.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_claim_ofMandatedLotsPaysAllOrNobodyWhateverGasIsGiven(uint256 gasGiven) public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        uint64[] memory lots = new uint64[](2);
        (lots[0], lots[1]) = (_doQuote(_mandate, lot, PART), lot);
        _doPay(receivable, FACE);
        uint256 ofBank = cny.balanceOf(bank);
        uint256 ofSupplier = cny.balanceOf(supplier);
        bytes memory data = abi.encodeCall(settlement.claim, (lots));
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(settlement).call{gas: _bound(gasGiven, 25_000, 400_000)}(data);
        _same(cny.balanceOf(bank) - ofBank, done ? PART : 0, "the bank");
        _same(cny.balanceOf(supplier) - ofSupplier, done ? FACE - PART : 0, "the supplier");
        if (!done) return;
        financing.releaseExposure(lots);
        (, uint64 exposure) = financing.exposureOf(financing.hashMandate(_mandate));
        _same(exposure, 0, "released by whoever wants it");
    }

    // ---- batches

    /// @dev Good, burning, stale, unsigned, good, good and signed by twelve. Each has a receivable of its own.
    function _assignments() private returns (ITransfers.AssignItem[] memory items, bytes[] memory reasons) {
        items = new ITransfers.AssignItem[](6);
        reasons = new bytes[](6);
        for (uint256 i = 0; i < 6; ++i) {
            address to = i == 5 ? _crowd : i % 4 == 0 ? tier2 : tier3;
            ITransfers.Assign memory intent = _intentAssign(_newLot(), i == 1 ? _burner : to, PART);
            if (i == 2) intent.seq = 7;
            if (i != 1) items[i] = _item(intent);
            else items[i] = ITransfers.AssignItem(intent, "", _contractSigned(_burner, ""));
        }
        items[1].ownerSignatures = _signedBy(supplier, transfers.hashAssign(items[1].intent));
        items[3].receiverSignatures = "";
        reasons[1] = _burnt();
        reasons[2] =
            abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, items[2].intent.lot, uint24(7), 0);
        reasons[3] =
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, tier3, Powers.ACCEPT, 0, 1);
    }

    /// @dev Quoted, signed, over the mandate's limit, burning, too dear, signed by two dozen with recourse and fees.
    function _financings() private returns (IFinancing.FinanceItem[] memory items, bytes[] memory reasons) {
        items = new IFinancing.FinanceItem[](6);
        reasons = new bytes[](6);
        items[0] = _item(_intentQuote(_mandate, _newLot(), PART), _mandate);
        items[1] = _item(_intentFinance(_newLot(), PART, PART));
        items[2] = _item(_intentQuote(_mandate, _newLot(), PART), _mandate);
        reasons[2] = abi.encodeWithSelector(IMandates.MandateOverLimit.selector, PART, PART, PART);
        IFinancing.Finance memory intent = _intentFinance(_newLot(), PART, PART);
        intent.bank = _burner;
        items[3].intent = intent;
        items[3].bankSignatures = _contractSigned(_burner, "");
        reasons[3] = _burnt();
        items[4] = _item(_intentFinance(_newLot(), PART, PART + 1));
        reasons[4] = abi.encodeWithSelector(IFinancing.FinancingBadPrice.selector, PART, PART + 1, 0);
        uint64 lot = _doAssign(_newLot(), _crowd, FACE);
        intent = _intentRecourse(lot, PART, PART, PART, PART);
        (intent.bank, intent.fees, intent.feesTo) = (_crowdBank, 77, tier3);
        items[5] = _item(intent);
    }

    /// @dev One item, whose receiver's signer uses up `cost` and wants a proof of some `size`.
    function _costlyBatch(uint64 lot, uint256 cost, uint256 size) private returns (bytes memory) {
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](1);
        ITransfers.Assign memory intent = _intentAssign(lot, _costly, PART);
        bytes32 digest = transfers.hashAssign(intent);
        bytes memory proof = bytes.concat(digest, bytes32(cost), new bytes(size));
        items[0] = ITransfers.AssignItem(intent, _signedBy(supplier, digest), _contractSigned(_costly, proof));
        return abi.encodeCall(transfers.assignMany, (items));
    }

    /// @dev With plenty of gas; and as if it had not been.
    function _hasEffect(bytes memory data) private returns (bool) {
        uint256 start = vm.snapshotState();
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = address(transfers).call{gas: PLENTY}(data);
        _yes(done, "the batch works");
        vm.revertToState(start);
        return abi.decode(result, (uint64[]))[0] != 0;
    }

    // ---- what must hold

    /// @dev With plenty of gas each item gets exactly its due; with any other amount the batch does the same, or nothing.
    /// Where it asks for more, it is given just that, until it has its effect.
    function _allOrNothing(address module, bytes memory data, uint256 gasGiven) private {
        uint256 start = vm.snapshotState();
        (bytes memory refusal, bytes32 plenty) = _outcome(module, data, PLENTY);
        _same(refusal.length, 0, "the batch works");
        vm.revertToState(start);
        bytes32 outcome;
        (refusal, outcome) = _outcome(module, data, gasGiven);
        while (refusal.length != 0) {
            gasGiven += _missing(refusal);
            (refusal, outcome) = _outcome(module, data, gasGiven);
        }
        _same(outcome, plenty, "the same results and events");
    }

    /// @return refusal nothing where it had its effect; what it is refused for can only be the gas
    /// @return outcome of results and events
    function _outcome(address module, bytes memory data, uint256 gasGiven)
        private
        returns (bytes memory refusal, bytes32 outcome)
    {
        vm.recordLogs();
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = module.call{gas: gasGiven}(data);
        outcome = keccak256(abi.encode(result, vm.getRecordedLogs()));
        if (done) return ("", outcome);
        // all gas used up before there was anything to say
        if (result.length == 0) result = _noGas();
        _yes(bytes4(result) == IIntents.IntentGasTooLow.selector, "refused for nothing but gas");
        return (result, 0);
    }

    function _noGas() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IIntents.IntentGasTooLow.selector, 0, 100_000);
    }

    /// @return more gas, just enough to be let in
    function _missing(bytes memory refusal) private pure returns (uint256 more) {
        _same(refusal.length, 68, "two figures");
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            more := sub(mload(add(refusal, 68)), mload(add(refusal, 36)))
        }
    }

    function _checkItem(
        Vm.Log[] memory logs,
        uint256 index,
        bytes32 digest,
        uint64 child,
        bytes memory reason
    ) private pure {
        _yes((child != 0) == (reason.length == 0), "exactly the good items have effect");
        uint256 reports = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32[] memory topics = logs[i].topics;
            bool isReport = topics[0] == IIntents.IntentFailed.selector && topics[1] == bytes32(index);
            if (!isReport) continue;
            ++reports;
            _same(topics[2], digest, "digest of the bad item");
            _same(abi.decode(logs[i].data, (bytes)), reason, "reason of the bad item");
        }
        _same(reports, reason.length == 0 ? 0 : 1, "a bad item is reported once");
    }

    // ---- helpers

    function _newLot() private returns (uint64 lot) {
        (, lot) = _doIssue(FACE, 90);
    }

    function _burnt() private view returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBadSignature.selector, _signerOf[_burner]);
    }

    function _admitContract(string memory name, address signer) private returns (address party) {
        IParties.SignerGrant[] memory signers = new IParties.SignerGrant[](1);
        signers[0] = IParties.SignerGrant(signer, ALL_POWERS, START + 3650 days);
        vm.prank(REGISTRAR);
        party = parties.admit(
            keccak256(bytes(name)),
            PartyRoles.BANK,
            START + 3650 days,
            signers,
            new IParties.ThresholdGrant[](0)
        );
        _signerOf[party] = signer;
    }

    /// @dev One entry, its tail right behind it (ADR 0010).
    function _contractSigned(address party, bytes memory proof) private view returns (bytes memory) {
        return
            abi.encodePacked(uint256(uint160(_signerOf[party])), uint256(65), uint8(0), proof.length, proof);
    }

    function _twelve(uint256 first) private pure returns (uint256[] memory keys) {
        keys = new uint256[](12);
        for (uint256 i = 0; i < 12; ++i) {
            keys[i] = first + i;
        }
    }

    function _needTwelve(address party, uint8 power) private {
        IParties.SetThreshold memory intent =
            IParties.SetThreshold(party, power, 12, parties.partyOf(party).version, _deadline(), ++_salt);
        parties.setThreshold(intent, _signedBy(party, parties.hashSetThreshold(intent)));
    }
}
