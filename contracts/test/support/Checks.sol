// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @title Assertions and bounds
/// @dev The forge-std of the registry is a broken copy; this is the part that is needed. A failed check reverts.
abstract contract Checks {
    error CheckEqual(string what, uint256 left, uint256 right);
    error CheckEqualHash(string what, bytes32 left, bytes32 right);
    error CheckAtMost(string what, uint256 value, uint256 limit);
    error CheckTrue(string what);
    error CheckRefusal(bytes given, bytes expected);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function _same(uint256 left, uint256 right, string memory what) internal pure {
        if (left != right) revert CheckEqual(what, left, right);
    }

    function _same(address left, address right, string memory what) internal pure {
        if (left != right) revert CheckEqual(what, uint160(left), uint160(right));
    }

    function _same(bytes32 left, bytes32 right, string memory what) internal pure {
        if (left != right) revert CheckEqualHash(what, left, right);
    }

    function _same(bytes memory left, bytes memory right, string memory what) internal pure {
        if (keccak256(left) != keccak256(right)) {
            revert CheckEqualHash(what, keccak256(left), keccak256(right));
        }
    }

    function _atMost(uint256 value, uint256 limit, string memory what) internal pure {
        if (value > limit) revert CheckAtMost(what, value, limit);
    }

    function _yes(bool condition, string memory what) internal pure {
        if (!condition) revert CheckTrue(what);
    }

    /// @dev The call reverts with exactly `reason`. Unlike `expectRevert` it leaves the views that prepare a call alone.
    function _refused(address target, bytes memory data, bytes memory reason) internal {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = target.call(data);
        if (done) revert CheckTrue("the call had to be refused");
        if (keccak256(result) != keccak256(reason)) revert CheckRefusal(result, reason);
    }

    function _refused(address sender, address target, bytes memory data, bytes memory reason) internal {
        vm.prank(sender);
        _refused(target, data, reason);
    }

    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
