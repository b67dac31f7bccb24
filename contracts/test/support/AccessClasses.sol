// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {Abis} from "./Abis.sol";
import {CallList} from "./CallList.sol";

/// @title What every list of calls is held to: it is complete, and each function behaves as its class says
abstract contract AccessClasses is CallList, Abis {
    function test_everyFunction_isListedOnceWithItsSelector() public {
        Call[] memory calls = _everyFunction();
        Deployed[] memory all = _classified();
        uint256 changing = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            string[] memory names = _changing(all[i].name);
            for (uint256 j = 0; j < names.length; ++j) {
                uint256 times = _countListed(calls, all[i].target, names[j]);
                _same(times, 1, string.concat(all[i].name, ".", names[j], " is in one class"));
            }
            changing += names.length;
            _checkSelectors(calls, all[i]);
        }
        uint256 pure_ = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            // of an ERC-20 that nobody can move: they only revert, and so the compiler calls them pure
            if (calls[i].access == Access.Nobody) ++pure_;
        }
        _same(calls.length, changing + pure_, "nothing is listed that does not exist");
    }

    function test_roleGated_refusesEverybodyElse() public {
        Call[] memory calls = _everyFunction();
        address[] memory accounts = _accounts();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Role) continue;
            uint256 before = vm.snapshotState();
            _prepare(calls[i]);
            for (uint256 j = 0; j < accounts.length; ++j) {
                if (accounts[j] == calls[i].holder) continue;
                _refused(accounts[j], calls[i].target, calls[i].data, _unauthorized(accounts[j]));
            }
            vm.revertToStateAndDelete(before);
        }
    }

    function test_roleGated_letsItsHolderInWhenTheDelayIsOver() public {
        Call[] memory calls = _everyFunction();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Role) continue;
            uint256 before = vm.snapshotState();
            _prepare(calls[i]);
            (, uint32 delay) = manager.canCall(calls[i].holder, calls[i].target, bytes4(calls[i].data));
            if (delay == 0) {
                _done(calls[i].holder, calls[i]);
            } else {
                bytes32 operation = manager.hashOperation(calls[i].holder, calls[i].target, calls[i].data);
                bytes memory reason =
                    abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation);
                _refused(calls[i].holder, calls[i].target, calls[i].data, reason);
                _asAnnounced(calls[i].holder, calls[i].target, calls[i].data, delay);
            }
            vm.revertToStateAndDelete(before);
        }
    }

    function test_rightsGated_refusesEverybodyWithoutTheRight() public {
        Call[] memory calls = _everyFunction();
        address[] memory accounts = _accounts();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Right) continue;
            for (uint256 j = 0; j < accounts.length; ++j) {
                bytes memory reason =
                    abi.encodeWithSelector(IRights.RightsMissing.selector, accounts[j], calls[i].right);
                _refused(accounts[j], calls[i].target, calls[i].data, reason);
            }
        }
    }

    function test_openToAnyone_isOpenToAStranger() public {
        Call[] memory calls = _everyFunction();
        uint256 open = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Anyone) continue;
            uint256 before = vm.snapshotState();
            _prepare(calls[i]);
            _done(STRANGER, calls[i]);
            vm.revertToStateAndDelete(before);
            ++open;
        }
        _same(open, _openCount(), "the short list");
    }

    function test_closedFunctions_refuseEverybody() public {
        Call[] memory calls = _everyFunction();
        address[] memory accounts = _accounts();
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < accounts.length; ++j) {
                bytes memory reason = _reasonOfClosed(calls[i], accounts[j]);
                if (reason.length != 0) _refused(accounts[j], calls[i].target, calls[i].data, reason);
            }
        }
    }

    // ---- what a list says of itself

    /// @return the contracts whose functions are listed
    function _classified() internal view virtual returns (Deployed[] memory);

    /// @return how many functions are open to anyone
    function _openCount() internal pure virtual returns (uint256);

    /// @dev Brings about the moment in which a call is good.
    function _prepare(Call memory call) internal virtual;

    /// @return why nobody at all may call it; empty where somebody may
    function _reasonOfClosed(Call memory call, address account) internal pure virtual returns (bytes memory) {
        return call.access == Access.Authority ? _unauthorized(account) : bytes("");
    }

    // ---- helpers

    function _done(address sender, Call memory call) internal {
        vm.prank(sender);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) = call.target.call(call.data);
        _yes(success, string.concat(call.contract_, ".", call.name, " is good as the stage is set"));
    }

    function _unauthorized(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, account);
    }

    function _countListed(Call[] memory calls, address target, string memory name)
        private
        pure
        returns (uint256 count)
    {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].target == target && _equal(calls[i].name, name)) ++count;
        }
    }

    function _checkSelectors(Call[] memory calls, Deployed memory deployed) private view {
        string[] memory signatures = _signatures(deployed.name);
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].target != deployed.target) continue;
            uint256 found = 0;
            for (uint256 j = 0; j < signatures.length; ++j) {
                if (!_isOf(signatures[j], calls[i].name)) continue;
                ++found;
                bytes4 selector = bytes4(keccak256(bytes(signatures[j])));
                _yes(selector == bytes4(calls[i].data), string.concat(deployed.name, ".", signatures[j]));
            }
            _same(found, 1, string.concat(deployed.name, ".", calls[i].name, " has one signature"));
        }
    }
}
