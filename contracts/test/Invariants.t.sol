// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ILens} from "../src/interfaces/ILens.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {IRulebook} from "../src/interfaces/IRulebook.sol";
import {Checks} from "./support/Checks.sol";
import {Handler} from "./support/Handler.sol";
import {Replay} from "./support/Replay.sol";

/// @title The ledger's invariants (ledger.md §9) after any sequence of actions
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: ci.invariant.fail-on-revert = true
contract InvariantsTest is Checks {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private _handler;
    Replay private _replay;
    ILedger private _ledger;
    ILens private _lens;
    IParties private _parties;
    IInvoices private _invoices;
    IRulebook private _rulebook;
    ICash private _cny;
    ICash private _eur;

    function setUp() public {
        _handler = new Handler();
        _handler.setUp();
        _replay = _handler.replay();
        (_ledger, _lens, _parties, _invoices, _rulebook, _cny, _eur) = _handler.system();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](15);
        selectors[0] = Handler.issue.selector;
        selectors[1] = Handler.assign.selector;
        selectors[2] = Handler.assignMany.selector;
        selectors[3] = Handler.finance.selector;
        selectors[4] = Handler.pay.selector;
        selectors[5] = Handler.claim.selector;
        selectors[6] = Handler.flagOverdue.selector;
        selectors[7] = Handler.mint.selector;
        selectors[8] = Handler.redeem.selector;
        selectors[9] = Handler.changeParties.selector;
        selectors[10] = Handler.changeRules.selector;
        selectors[11] = Handler.pauseAndUnpause.selector;
        selectors[12] = Handler.wait_.selector;
        selectors[13] = Handler.replayOldCall.selector;
        selectors[14] = Handler.recover.selector;
        targets[0] = FuzzSelector(address(_handler), selectors);
    }

    /// @dev One function, so that the state after a run is walked over once.
    function invariant_allHold() external view {
        (uint256 cnyHeld, uint256 eurHeld) = (0, 0);
        uint64 count = _ledger.receivableCount();
        for (uint64 id = 1; id <= count; ++id) {
            ILedger.Receivable memory entry = _ledger.receivableOf(id);
            ILens.LotView[] memory lots = _lens.lots(id, 1, type(uint24).max - 1);
            _partition(lots, entry.face);
            _lineage(lots, id);
            _entitlements(lots, entry);
            _replayedReceivable(id, entry, lots);
            uint256 held = uint256(entry.paid) + entry.interestPaid - entry.claimed;
            if (entry.currency == _cny.currency()) cnyHeld += held;
            else eurHeld += held;
        }
        address settlement = _handler.modules()[3];
        _same(_cny.balanceOf(settlement), cnyHeld, "I3: settlement holds what is not claimed, CNY");
        _same(_eur.balanceOf(settlement), eurHeld, "I3: settlement holds what is not claimed, EUR");
        _money(_cny);
        _money(_eur);
        _replayedInvoices();
        _replayedParties();
        _replayedRights(_ledger);
        _replayedRights(_cny);
        _replayedRules();
        _same(count, _countReplayed(), "I8: every receivable is in the events");
    }

    /// @dev I1: live ranges partition [0, face).
    function _partition(ILens.LotView[] memory lots, uint64 face) private pure {
        uint256 total = 0;
        for (uint256 i = 0; i < lots.length; ++i) {
            ILedger.Lot memory held = lots[i].lot;
            total += held.amount;
            for (uint256 j = 0; j < i; ++j) {
                ILedger.Lot memory other = lots[j].lot;
                if (held.amount == 0 || other.amount == 0) continue;
                bool apart =
                    held.first + held.amount <= other.first || other.first + other.amount <= held.first;
                _yes(apart, "I1: two live ranges overlap");
            }
            _atMost(held.first + held.amount, face, "I1: a range leaves the face");
        }
        _same(total, face, "I1: live ranges add up to the face");
    }

    /// @dev I2 and I7: parents come before children, one deeper; seq only rises (the replay has it from the events).
    function _lineage(ILens.LotView[] memory lots, uint64 receivable) private pure {
        for (uint256 i = 0; i < lots.length; ++i) {
            ILedger.Lot memory held = lots[i].lot;
            _same(lots[i].id, (receivable << 24) + i + 1, "I2: ids follow each other");
            _same(held.receivable, receivable, "I2: same receivable");
            if (i == 0) {
                _same(held.parent, 0, "I2: the first lot has no parent");
                continue;
            }
            _yes(held.parent < lots[i].id && held.parent >> 24 == receivable, "I2: parent before child");
            ILedger.Lot memory parent = lots[(held.parent & 0xffffff) - 1].lot;
            _same(held.depth, parent.depth + 1, "I2: depth");
        }
    }

    /// @dev I3 and I4: never more claimed than paid, and nothing left over in the end.
    function _entitlements(ILens.LotView[] memory lots, ILedger.Receivable memory entry) private view {
        uint256 paid = uint256(entry.paid) + entry.interestPaid;
        _atMost(entry.paid, entry.face, "I3: paid <= face");
        uint256 claims = entry.claimed;
        for (uint256 i = 0; i < lots.length; ++i) {
            (uint64 principal, uint64 interest) = _ledger.claimableOf(lots[i].id);
            claims += uint256(principal) + interest;
        }
        _atMost(claims, paid, "I3: claimed and claimable <= paid");
        if (entry.state == ILedger.State.Settled) {
            _same(claims, paid, "I4: all that was paid can be claimed");
            _same(entry.paid, entry.face, "I4: settled means paid");
            _same(entry.interestOwed, 0, "I4: settled means no interest owed");
        }
    }

    /// @dev I10: balances add up to the supply; and both are what the events say (I8).
    function _money(ICash cash) private view {
        uint256 total = 0;
        for (uint256 i = 0; i < _handler.peopleCount(); ++i) {
            address holder = _handler.people(i);
            uint256 balance = cash.balanceOf(holder);
            _same(balance, _replay.balances(address(cash), holder), "I8: balance");
            total += balance;
        }
        _same(total, cash.totalSupply(), "I10: balances add up to the supply");
        _same(_replay.supply(address(cash)), cash.totalSupply(), "I8: supply");
        _same(_replay.mintLimits(address(cash)), cash.mintLimit(), "I8: mint limit");
    }

    function _replayedReceivable(uint64 id, ILedger.Receivable memory entry, ILens.LotView[] memory lots)
        private
        view
    {
        _same(abi.encode(_replay.receivable(id)), abi.encode(entry), "I8: receivable, field by field");
        _same(_replay.blocking(entry.debtor), _ledger.blockingCount(entry.debtor), "I8: blocking");
        for (uint256 i = 0; i < lots.length; ++i) {
            _same(abi.encode(_replay.lot(lots[i].id)), abi.encode(lots[i].lot), "I8: lot, field by field");
        }
        for (uint16 n = 0; n <= entry.installments; ++n) {
            (uint64 principal, uint64 interest) = _ledger.paidThrough(id, n);
            (uint64 principalSeen, uint64 interestSeen) = _replay.totals(id, n);
            _same(principal, principalSeen, "I8: principal through an installment");
            _same(interest, interestSeen, "I8: interest through an installment");
        }
    }

    /// @dev I5 and I8.
    function _replayedInvoices() private view {
        (, uint256 count) = _replay.counts();
        for (uint256 i = 0; i < count; ++i) {
            bytes32 fingerprint = _replay.fingerprints(i);
            (uint64 total, uint64 used) = _invoices.useOf(fingerprint);
            (uint64 totalSeen, uint64 usedSeen) = _replay.uses(fingerprint);
            _atMost(used, total, "I5: used <= total");
            _same(total, totalSeen, "I8: total of an invoice");
            _same(used, usedSeen, "I8: use of an invoice");
        }
    }

    function _replayedParties() private view {
        for (uint256 i = 0; i < 6; ++i) {
            address party = _handler.people(i);
            _same(abi.encode(_replay.party(party)), abi.encode(_parties.partyOf(party)), "I8: party");
            _replayedRecovery(party);
            for (uint256 key = 0xE001; key < 0xE010; ++key) {
                address signer = vm.addr(key);
                (uint16 powers, uint40 expires) = _parties.signerOf(party, signer);
                (, uint16 powersSeen, uint40 expiresSeen) = _replay.signers(party, signer);
                _same(powers, powersSeen, "I8: powers");
                _same(expires, expiresSeen, "I8: expires");
            }
        }
    }

    function _replayedRecovery(address party) private view {
        (bytes32 id, address proposer, uint40 readyAt, uint32 version) = _parties.recoveryOf(party);
        (bytes32 idSeen, address proposerSeen, uint40 readyAtSeen, uint32 versionSeen) =
            _replay.recovery(party);
        _same(
            abi.encode(idSeen, proposerSeen, readyAtSeen, versionSeen),
            abi.encode(id, proposer, readyAt, version),
            "I8: recovery"
        );
        _same(_replay.recoveryId(party), id, "I8: what is proposed");
    }

    function _replayedRights(IRights keeper) private view {
        address[4] memory modules = _handler.modules();
        for (uint256 i = 0; i < modules.length; ++i) {
            _same(keeper.rightsOf(modules[i]), _replay.rights(address(keeper), modules[i]), "I8: rights");
        }
        _same(keeper.paused(), _replay.paused(address(keeper)), "I8: paused");
        _same(_replay.cashOf(_cny.currency()), _ledger.cashOf(_cny.currency()), "I8: currency");
    }

    function _replayedRules() private view {
        for (uint16 param = 1; param <= Rules.LAST; ++param) {
            (uint64[] memory values, uint40[] memory effectives) = _rulebook.scheduleOf(param, 0);
            (uint64[] memory valuesSeen, uint40[] memory effectivesSeen) = _replay.rules(param, 0);
            _same(abi.encode(values, effectives), abi.encode(valuesSeen, effectivesSeen), "I8: rules");
        }
    }

    function _countReplayed() private view returns (uint256 receivables) {
        (receivables,) = _replay.counts();
    }

    /// @dev The walk has to get somewhere: a handler that only skips would prove nothing.
    function test_handler_reachesEveryAction() external {
        _handler.issue(FACE_SEED, 30, 5, false);
        _handler.issue(FACE_SEED + 1, 40, 5, true);
        _handler.assign(0, 2, FACE_SEED);
        _handler.assignMany(0, 3, FACE_SEED + 1);
        _handler.finance(0, FACE_SEED + 1, 777, true);
        _handler.finance(1, FACE_SEED + 1, 777, false);
        _handler.pay(0, 1000, false);
        _handler.claim(0, 4);
        _handler.wait_(24 * 20 - 1);
        _handler.wait_(24 * 20 - 1);
        _handler.flagOverdue(0);
        _handler.pay(0, 0, true);
        _handler.claim(0, 9);
        _handler.mint(1, 5);
        _handler.redeem(1, 5);
        _handler.changeParties(1, 5);
        _handler.recover(0, 2, 0x030303);
        _handler.recover(1, 2, 0x010303);
        _handler.recover(2, 2, 0x090303);
        _handler.recover(0, 0, 0x03);
        _handler.changeRules(5);
        _handler.pauseAndUnpause(14);
        for (uint256 i = 0; i < 10; ++i) {
            _handler.replayOldCall(i);
        }
        _same(_ledger.receivableCount(), 2, "issued");
        (bytes32 id,,,) = _parties.recoveryOf(_handler.people(0));
        _yes(id != 0 && _parties.partyOf(_handler.people(0)).version == 2, "recovered, and proposed again");
        _yes(_ledger.receivableOf(1).state == ILedger.State.Settled, "settled");
        this.invariant_allHold();
    }

    uint256 private constant FACE_SEED = 12_345_677;
}
