// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights, Rules} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ILens} from "../../src/interfaces/ILens.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IRulebook} from "../../src/interfaces/IRulebook.sol";
import {Recoveries} from "./Recoveries.sol";
import {Replay} from "./Replay.sol";

/// @title Random life of a network: every action is a good one and must not revert
/// @dev Arguments are bent into the allowed range; where nothing is allowed, the action does nothing. After each action
/// the events go to the replay, and the call is kept so that a later action can try it again.
contract Handler is Recoveries {
    uint256 private constant MAX_RECEIVABLES = 6;
    uint256 private constant MAX_LOTS = 24;

    Replay public replay;
    address[] public people;
    mapping(uint64 lot => uint24) public seqSeen;
    mapping(string action => uint256) public done;
    bytes[] private _spent;
    address[] private _spentOn;
    uint256 private _extraKey = 0xE000;
    mapping(address party => uint256 key) private _keyFound;

    modifier recorded(string memory action) {
        vm.recordLogs();
        _;
        replay.applyAll(vm.getRecordedLogs());
        ++done[action];
    }

    function setUp() public override {
        replay = new Replay();
        vm.recordLogs();
        super.setUp();
        _mint(eur, debtor, 10 * FACE);
        _mint(eur, bank, 10 * FACE);
        people = [debtor, supplier, tier2, tier3, bank, otherBank, address(settlement)];
        replay.applyAll(vm.getRecordedLogs());
    }

    // ---- what the invariants look at

    function system() external view returns (ILedger, ILens, IParties, IInvoices, IRulebook, ICash, ICash) {
        return (ledger, lens, parties, invoices, rulebook, cny, eur);
    }

    function modules() external view returns (address[4] memory) {
        return [address(issuance), address(transfers), address(financing), address(settlement)];
    }

    function peopleCount() external view returns (uint256) {
        return people.length;
    }

    // ---- actions

    function issue(uint256 face, uint256 term, uint256 slack, bool inEuro) external recorded("issue") {
        if (ledger.receivableCount() == MAX_RECEIVABLES || ledger.blockingCount(debtor) != 0) return;
        face = _bound(face, 1, 5 * FACE);
        IIssuance.Issue memory intent =
            _intentIssue(uint64(face), _midnight() + uint40(_bound(term, 0, 200)) * 1 days);
        intent.invoices[0].total += uint64(_bound(slack, 0, FACE));
        if (inEuro) intent.currency = EUR;
        bytes memory data = _callOf(intent);
        _carry(intent);
        _remember(address(issuance), data);
    }

    function assign(uint256 which, uint256 to, uint256 amount) external recorded("assign") {
        (bool open, uint64 lot) = _movableLot(which);
        address receiver = people[to % 4];
        if (!open || receiver == ledger.lotOf(lot).owner) return;
        ITransfers.Assign memory intent = _intentAssign(lot, receiver, _cut(lot, amount));
        ITransfers.AssignItem memory item = _item(intent);
        _carry(intent);
        _remember(
            address(transfers),
            abi.encodeCall(transfers.assign, (intent, item.ownerSignatures, item.receiverSignatures))
        );
    }

    function assignMany(uint256 which, uint256 to, uint256 amount) external recorded("assignMany") {
        (bool open, uint64 lot) = _movableLot(which);
        address receiver = people[to % 4];
        if (!open || receiver == ledger.lotOf(lot).owner) return;
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](2);
        items[0] = _item(_intentAssign(lot, receiver, _cut(lot, amount)));
        items[1] = items[0];
        uint64[] memory children = transfers.assignMany(items);
        _yes(children[0] != 0 && children[1] == 0, "the first has effect, its replay has none");
    }

    function finance(uint256 which, uint256 amount, uint256 price, bool withFees)
        external
        recorded("finance")
    {
        (bool open, uint64 lot) = _movableLot(which);
        if (!open || ledger.lotOf(lot).owner == bank) return;
        uint64 part = _cut(lot, amount);
        IFinancing.Finance memory intent = _intentFinance(lot, part, uint64(_bound(price, 1, part)));
        if (withFees && intent.price > 1) (intent.fees, intent.feesTo) = (intent.price / 2, otherBank);
        _afford(_cashOf(lot), bank, intent.price);
        bytes32 digest = financing.hashFinance(intent);
        bytes memory data = abi.encodeCall(
            financing.finance, (intent, _signedBy(bank, digest), _signedBy(intent.seller, digest))
        );
        _carry(intent);
        _remember(address(financing), data);
    }

    function pay(uint256 which, uint256 amount, bool inFull) external recorded("pay") {
        uint64 count = ledger.receivableCount();
        if (count == 0) return;
        uint64 receivable = uint64(1 + which % count);
        (uint64 principal, uint64 interest) = ledger.owedAt(receivable, uint40(block.timestamp));
        uint64 owed = principal + interest;
        if (owed == 0) return;
        ISettlement.Pay memory intent =
            _intentPay(receivable, inFull ? owed : uint64(_bound(amount, 1, owed)));
        _afford(_cashOf(receivable << 24 | 1), debtor, intent.amount);
        _carry(intent);
        _remember(
            address(settlement),
            abi.encodeCall(settlement.pay, (intent, _signedBy(debtor, settlement.hashPay(intent))))
        );
    }

    function claim(uint256 which, uint256 howMany) external recorded("claim") {
        uint64 count = ledger.receivableCount();
        if (count == 0) return;
        uint64 receivable = uint64(1 + which % count);
        uint24 lotCount = ledger.receivableOf(receivable).lotCount;
        uint64[] memory lots = new uint64[](_bound(howMany, 1, 2 * lotCount));
        for (uint256 i = 0; i < lots.length; ++i) {
            // some twice, one that does not exist: none may harm another
            lots[i] = (receivable << 24) + 1 + uint64((which % 1e9 + i * 7) % (lotCount + 1));
        }
        settlement.claim(lots);
    }

    function flagOverdue(uint256 which) external recorded("flagOverdue") {
        uint64 count = ledger.receivableCount();
        if (count == 0) return;
        uint64 receivable = uint64(1 + which % count);
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        if (entry.paid == entry.face || entry.overdue || block.timestamp < entry.due + 1 days) return;
        settlement.flagOverdue(receivable);
    }

    function mint(uint256 to, uint256 amount) external recorded("mint") {
        _mint(cny, people[to % 6], uint64(_bound(amount, 1, FACE)));
    }

    function redeem(uint256 from, uint256 amount) external recorded("redeem") {
        address holder = people[from % 6];
        uint256 balance = cny.balanceOf(holder);
        if (balance == 0) return;
        ICash.Redeem memory intent = _intentRedeem(holder, uint64(_bound(amount, 1, balance)));
        _carry(intent);
        _remember(
            address(cny), abi.encodeCall(cny.redeem, (intent, _signedBy(holder, cny.hashRedeem(intent))))
        );
    }

    function changeParties(uint256 which, uint256 powers) external recorded("changeParties") {
        address party = people[which % 6];
        uint32 version = parties.partyOf(party).version;
        IParties.SetSigner memory intent = IParties.SetSigner(
            party, vm.addr(++_extraKey), uint16(powers % 256), START + 999 days, version, _deadline(), 1
        );
        bytes memory signatures = _signedBy(party, parties.hashSetSigner(intent));
        parties.setSigner(intent, signatures);
        _remember(address(parties), abi.encodeCall(parties.setSigner, (intent, signatures)));
        IParties.Revoke memory revocation =
            IParties.Revoke(party, keccak256(abi.encode(powers)), _deadline(), 1);
        if (parties.isRevoked(party, revocation.digest)) return;
        parties.revoke(revocation, _sign(parties.hashRevoke(revocation), keysOf[party][0]));
        uint16 roles = parties.partyOf(party).roles;
        vm.prank(REGISTRAR);
        parties.update(party, IParties.Status.Active, roles, START + 4000 days, TERMS);
    }

    /// @dev Whatever comes of it, the party's other actions are signed with the keys it then has.
    function recover(uint256 which, uint256 steps, uint256 choice) external recorded("recover") {
        for (uint256 i = 0; i < _bound(steps, 1, 3); ++i) {
            _recoverStep(people[which % 6], choice >> (8 * i));
        }
    }

    function changeRules(uint256 value) external recorded("changeRules") {
        bytes memory data = abi.encodeCall(
            rulebook.schedule,
            (Rules.MIN_LOT_MINOR, 0, uint64(_bound(value, 1, 1000)), uint40(block.timestamp) + 2 days)
        );
        _asAnnounced(GOVERNOR, address(rulebook), data, 1 days);
        vm.warp(block.timestamp + 1 days);
    }

    function pauseAndUnpause(uint256 mask) external recorded("pauseAndUnpause") {
        uint16 bits = uint16(mask) & Rights.PAUSABLE;
        vm.prank(GUARDIAN);
        cny.pause(bits);
        _asAnnounced(UNPAUSER, address(cny), abi.encodeCall(cny.unpause, (bits)), 1 hours);
    }

    function wait_(uint256 hours_) external {
        vm.warp(block.timestamp + _bound(hours_, 1, 24 * 20) * 1 hours);
    }

    /// @dev I7: nothing that took effect once takes effect again.
    function replayOldCall(uint256 which) external {
        if (_spent.length == 0) return;
        uint256 i = which % _spent.length;
        // solhint-disable-next-line avoid-low-level-calls
        (bool again,) = _spentOn[i].call(_spent[i]);
        _yes(!again, "a digest succeeded twice (I7)");
        ++done["replayOldCall"];
    }

    // ---- helpers

    /// @dev What may come next for this party, by choice where several things may.
    function _recoverStep(address party, uint256 choice) private {
        (bytes32 id,, uint40 readyAt, uint32 version) = parties.recoveryOf(party);
        bool dead = id == 0 || version != parties.partyOf(party).version
            || (readyAt != 0 && block.timestamp >= readyAt + LIFETIME);
        if (dead || (readyAt == 0 && choice % 4 == 0)) _proposeNext(party);
        else if (choice % 8 == 1) _stop(party, id, choice);
        else if (readyAt == 0) _second(party, id);
        else _executeNext(party, readyAt);
    }

    function _proposeNext(address party) private {
        _keyFound[party] = ++_extraKey;
        _propose(_planned(party));
    }

    function _stop(address party, bytes32 id, uint256 choice) private {
        if (choice % 16 == 1) {
            vm.prank(GUARDIAN);
            parties.cancelRecovery(party, id);
            return;
        }
        IParties.VetoRecovery memory intent = _intentVeto(party, id, 1);
        bytes memory data = _callVeto(intent, keysOf[party][0]);
        _veto(intent, keysOf[party][0]);
        _remember(address(parties), data);
    }

    function _executeNext(address party, uint40 readyAt) private {
        if (block.timestamp < readyAt) vm.warp(readyAt);
        Plan memory plan = _planned(party);
        _execute(plan);
        keysOf[party][0] = _keyFound[party];
        _remember(address(parties), _callExecute(plan));
    }

    function _planned(address party) private view returns (Plan memory) {
        return _plan(party, keysOf[party][0], _keyFound[party]);
    }

    function _movableLot(uint256 which) private view returns (bool, uint64) {
        uint64 count = ledger.receivableCount();
        if (count == 0) return (false, 0);
        uint64 receivable = uint64(1 + which % count);
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        bool closed = entry.state != ILedger.State.Active || block.timestamp >= entry.due - 1 hours;
        if (closed || entry.lotCount >= MAX_LOTS) return (false, 0);
        uint64 lot = (receivable << 24) + 1 + uint64((which >> 64) % entry.lotCount);
        ILedger.Lot memory held = ledger.lotOf(lot);
        return (held.amount != 0 && held.depth < entry.maxDepth, lot);
    }

    /// @dev An allowed part of the lot: all of it, or one that leaves two lots of at least the smallest size.
    function _cut(uint64 lot, uint256 choice) private view returns (uint64) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        uint64 minimum = ledger.receivableOf(held.receivable).minLotMinor;
        if (choice % 4 == 0 || held.amount < 2 * minimum) return held.amount;
        return uint64(_bound(choice, minimum, held.amount - minimum));
    }

    function _cashOf(uint64 lot) private view returns (ICash) {
        return ICash(ledger.cashOf(ledger.receivableOf(lot >> 24).currency));
    }

    function _afford(ICash cash, address party, uint64 amount) private {
        if (cash.balanceOf(party) < amount) _mint(cash, party, amount);
    }

    function _remember(address target, bytes memory data) private {
        _spent.push(data);
        _spentOn.push(target);
    }
}
