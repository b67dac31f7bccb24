// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IEnforcement} from "../src/interfaces/IEnforcement.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Abis} from "./support/Abis.sol";
import {Arguments} from "./support/Arguments.sol";

/// @title Promise 5, the negative proof: no office moves anybody's title or money (I15)
/// @dev For every function that changes something × everybody in office, the deployer and a stranger: the call, with many
/// arguments, reverts or leaves every lot and every balance as it was. The exceptions, all of them:
///
///     function                who                     what it may change
///     Cash.mint               the settlement bank     adds what it mints to the account of the party it names
///     Settlement.claim        anyone                  pays owners and chargees of the lots their own open shares
///     Enforcement.forceMove   the court, after 24 h   the lot that the order names (test_forceMove_…)
///
/// A mint carried by the AccessManager's `execute` or `multicall` is the same exception.
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract PowerlessTest is Arguments, Abis {
    Held private _before;
    uint256 private _stage;

    function setUp() public override {
        super.setUp();
        _prepareArguments();
        _before = _held();
        _stage = vm.snapshotState();
    }

    function test_noOffice_changesAnyLotOrBalance() public {
        // a hundred thousand calls are more than a test's gas
        vm.pauseGasMetering();
        address[] memory accounts = _accounts();
        uint256 pairs = 0;
        uint256 calls = 0;
        uint256 effective = 0;
        for (uint256 i = 0; i < _functionCount(); ++i) {
            for (uint256 j = 0; j < accounts.length; ++j) {
                (uint256 tried, uint256 succeeded) = this.attemptAll(i, accounts[j]);
                _yes(tried > 20, "many arguments each");
                (calls, effective, pairs) = (calls + tried, effective + succeeded, pairs + 1);
            }
        }
        _same(pairs, _countAbiFunctions() * accounts.length, "every function times every account");
        _say("functions x accounts", pairs);
        _say("calls", calls);
        _say("calls that did not revert", effective);
    }

    /// @dev A frame of its own for each pair, so that memory does not pile up.
    function attemptAll(uint256 index, address account) external returns (uint256 tried, uint256 succeeded) {
        Call memory call = _functionAt(index);
        bytes[] memory arguments = _argumentsOf(index, account);
        tried = arguments.length;
        for (uint256 i = 0; i < tried; ++i) {
            if (_attempt(account, call, arguments[i])) ++succeeded;
        }
    }

    /// @dev Three words at a time, of a call that is good or well signed.
    function testFuzz_noOffice_changesAnyLotOrBalance(uint256 function_, uint256 who, uint256 seed) public {
        Call memory call = _functionAt(function_ % _functionCount());
        address[] memory accounts = _accounts();
        address account = accounts[who % accounts.length];
        uint256[15] memory values = _values(account);
        bytes memory data = call.data;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 words = (data.length - 4) / 32;
            if (words == 0) break;
            uint256 value = values[uint8(seed >> 16) % values.length];
            bytes memory changed = _tampered(data, uint16(seed) % words, value);
            if (changed.length != 0) data = changed;
            seed >>= 24;
        }
        bool same = keccak256(data) == keccak256(call.data);
        if (!same || !_needsSignatures(call)) _attempt(account, call, data);
    }

    /// @dev The same through the AccessManager's delays: announced, waited for, carried out.
    function test_noOfficeWithADelay_changesAnyLotOrBalanceButTheCourt() public {
        address[] memory accounts = _accounts();
        uint256 effective = 0;
        for (uint256 i = 0; i < _functionCount(); ++i) {
            Call memory call = _functionAt(i);
            bool isForce = bytes4(call.data) == IEnforcement.forceMove.selector;
            for (uint256 j = 0; j < accounts.length; ++j) {
                if (isForce && accounts[j] == COURT) continue;
                if (!_announced(accounts[j], call)) continue;
                _judge(accounts[j], call, call.data);
                ++effective;
            }
        }
        // module rights, pauses ended, rules, a write-off, roles and targets
        _say("announced calls that did not revert", effective);
        _yes(effective > 20, "some of them have an effect");
    }

    function test_forceMove_movesTheLotOfItsOrderAndNothingElse() public {
        bytes memory data = _callForceMove();
        Held memory before = _held();
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        vm.warp(block.timestamp + 1 days - 1);
        bytes32 operation = manager.hashOperation(COURT, address(enforcement), data);
        bytes memory early = abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation);
        bytes memory execute = abi.encodeCall(manager.execute, (address(enforcement), data));
        _refused(COURT, address(manager), execute, early);
        vm.warp(block.timestamp + 1);
        ILedger.Lot memory lot = ledger.lotOf(freeLot);
        vm.prank(COURT);
        manager.execute(address(enforcement), data);
        uint64 child = (live << 24) + ledger.receivableOf(live).lotCount;
        _same(ledger.lotOf(child).owner, tier3, "to whom the order says");
        _same(ledger.lotOf(child).first, lot.first, "what the order says");
        _same(ledger.lotOf(child).amount, FACE / 20, "as much as the order says");
        _same(ledger.lotOf(freeLot).amount, lot.amount - FACE / 20, "the rest stays");
        _same(ledger.lotOf(freeLot).owner, tier2, "with its owner");
        Held memory now_ = _held();
        bytes32 balances = keccak256(abi.encode(now_.balances));
        _same(balances, keccak256(abi.encode(before.balances)), "no cash moved");
    }

    function test_forceMove_isStoppedByTheGuardian() public {
        bytes memory data = _callForceMove();
        vm.prank(COURT);
        manager.schedule(address(enforcement), data, 0);
        vm.prank(GUARDIAN);
        manager.cancel(COURT, address(enforcement), data);
        vm.warp(block.timestamp + 1 days);
        bytes32 operation = manager.hashOperation(COURT, address(enforcement), data);
        bytes memory gone =
            abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation);
        bytes memory execute = abi.encodeCall(manager.execute, (address(enforcement), data));
        _refused(COURT, address(manager), execute, gone);
    }

    // ---- helpers

    function _attempt(address account, Call memory call, bytes memory data) private returns (bool) {
        vm.prank(account);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) = call.target.call(data);
        // what reverts has changed nothing
        if (!success) return false;
        _judge(account, call, data);
        return true;
    }

    /// @dev After a call that did not revert, which is undone here.
    function _judge(address account, Call memory call, bytes memory data) private {
        Held memory after_ = _held();
        vm.revertToState(_stage);
        // what is allowed depends on what was there before
        Change[] memory allowed = _allowed(account, call.target, data);
        _checkHeld(_before, after_, allowed, string.concat(call.contract_, ".", call.name));
    }

    /// @dev Leaves the state as it was if it had no effect.
    function _announced(address account, Call memory call) private returns (bool success) {
        (, uint32 delay) = manager.canCall(account, call.target, bytes4(call.data));
        if (delay == 0) return false;
        vm.prank(account);
        // solhint-disable-next-line avoid-low-level-calls
        (success,) = address(manager).call(abi.encodeCall(manager.schedule, (call.target, call.data, 0)));
        if (!success) return false;
        vm.warp(block.timestamp + delay);
        vm.prank(account);
        // solhint-disable-next-line avoid-low-level-calls
        (success,) = address(manager).call(abi.encodeCall(manager.execute, (call.target, call.data)));
        if (!success) vm.revertToState(_stage);
    }

    /// @dev The table of exceptions; `data` is of a call that did not revert.
    function _allowed(address account, address target, bytes memory data)
        private
        view
        returns (Change[] memory changes)
    {
        bytes4 selector = bytes4(data);
        if (target == address(settlement) && selector == ISettlement.claim.selector) {
            return _claimsOf(abi.decode(_argumentsIn(data), (uint64[])));
        }
        if (account != MINTER) return changes;
        if (target == address(manager) && selector == IAccessManager.execute.selector) {
            (target, data) = abi.decode(_argumentsIn(data), (address, bytes));
            return _allowed(account, target, data);
        }
        if (target == address(manager) && selector == Multicall.multicall.selector) {
            bytes[] memory inner = abi.decode(_argumentsIn(data), (bytes[]));
            return inner.length == 1 ? _allowed(account, target, inner[0]) : changes;
        }
        bool isCash = target == address(cny) || target == address(eur);
        if (!isCash || selector != ICash.mint.selector) return changes;
        changes = new Change[](1);
        changes[0] = Change(target, address(uint160(_word(data, 0))), _word(data, 1), true);
    }

    function _argumentsIn(bytes memory data) private pure returns (bytes memory arguments) {
        arguments = new bytes(data.length - 4);
        for (uint256 i = 0; i < arguments.length; ++i) {
            arguments[i] = data[i + 4];
        }
    }

    /// @dev Those that only revert, and so are pure, are tried too.
    function _countAbiFunctions() private view returns (uint256 count) {
        Deployed[] memory all = _deployed();
        for (uint256 i = 0; i < all.length; ++i) {
            count += _changing(all[i].name).length;
        }
        for (uint256 i = 0; i < _functionCount(); ++i) {
            if (_functionAt(i).access == Access.Nobody) ++count;
        }
    }

    function _say(string memory what, uint256 value) private view {
        address console = 0x000000000000000000636F6e736F6c652e6c6f67;
        // solhint-disable-next-line avoid-low-level-calls
        (bool said,) = console.staticcall(abi.encodeWithSignature("log(string,uint256)", what, value));
        _yes(said, "the console of forge");
    }
}
