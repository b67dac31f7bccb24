// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {Abis} from "./support/Abis.sol";
import {ManagerFunctions} from "./support/ManagerFunctions.sol";
import {Vm} from "./support/Vm.sol";

/// @title I11: every function is in exactly one class of access, and behaves as its class says
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract AccessTest is ManagerFunctions, Abis {
    function test_everyFunction_isListedOnceWithItsSelector() public {
        Call[] memory calls = _everyFunction();
        Deployed[] memory all = _deployed();
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

    /// @dev A contract gets its golden ABI before anything else can use it.
    function test_everyContractWithAnAbi_isDeployedHere() public view {
        Vm.DirEntry[] memory files = vm.readDir("./abi");
        Deployed[] memory all = _deployed();
        for (uint256 i = 0; i < files.length; ++i) {
            bool found = false;
            for (uint256 j = 0; j < all.length; ++j) {
                found = found || _endsWith(files[i].path, string.concat("/", all[j].name, ".json"));
            }
            _yes(found, files[i].path);
        }
    }

    function test_roleGated_refusesEverybodyElse() public {
        Call[] memory calls = _everyFunction();
        address[] memory accounts = _accounts();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Role) continue;
            for (uint256 j = 0; j < accounts.length; ++j) {
                if (accounts[j] == calls[i].holder) continue;
                _refused(accounts[j], calls[i].target, calls[i].data, _unauthorized(accounts[j]));
            }
        }
    }

    function test_roleGated_letsItsHolderInWhenTheDelayIsOver() public {
        Call[] memory calls = _everyFunction();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Role) continue;
            uint256 before = vm.snapshotState();
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

    function test_signatureGated_letsAnyoneCarryWhatIsSigned() public {
        Call[] memory calls = _everyFunction();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Signed) continue;
            uint256 before = vm.snapshotState();
            _done(STRANGER, calls[i]);
            vm.revertToStateAndDelete(before);
        }
    }

    function test_signatureGated_refusesWhatIsNotSigned() public {
        for (uint8 kind = uint8(Proofs.None); kind <= uint8(Proofs.Garbage); ++kind) {
            proofs = Proofs(kind);
            Call[] memory calls = _everyFunction();
            for (uint256 i = 0; i < calls.length; ++i) {
                if (calls[i].access == Access.Signed) _refusedForSignatures(calls[i]);
            }
        }
    }

    function test_openToAnyone_isOpenToAStranger() public {
        Call[] memory calls = _everyFunction();
        uint256 open = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Anyone) continue;
            uint256 before = vm.snapshotState();
            _done(STRANGER, calls[i]);
            vm.revertToStateAndDelete(before);
            ++open;
        }
        // claim, two flags, two batches, the release of exposure, a recovery whose day has come
        _same(open, 7, "the short list");
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

    /// @dev Unmodified code of OpenZeppelin; here only that it lets in nobody who has no role.
    function test_accessManager_givesAStrangerNothing() public {
        Call[] memory calls = _everyFunction();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].access != Access.Manager) continue;
            vm.prank(STRANGER);
            // solhint-disable-next-line avoid-low-level-calls
            (bool success,) = calls[i].target.call(calls[i].data);
            _yes(!success, calls[i].name);
        }
    }

    // ---- helpers

    function setUp() public override {
        super.setUp();
    }

    function _done(address sender, Call memory call) private {
        vm.prank(sender);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) = call.target.call(call.data);
        _yes(success, string.concat(call.contract_, ".", call.name, " is good as the stage is set"));
    }

    function _refusedForSignatures(Call memory call) private {
        vm.prank(STRANGER);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = call.target.call(call.data);
        _yes(!success, call.name);
        bytes4 reason = bytes4(result);
        bool forSignatures = reason == IParties.PartiesBelowThreshold.selector
            || reason == IParties.PartiesSignerUnknown.selector
            || reason == IParties.PartiesQuoterDiffers.selector
            || reason == IParties.PartiesBadSignature.selector
            || reason == IParties.PartiesBadSignatureEncoding.selector;
        _yes(forSignatures, string.concat(call.name, " is refused for its signatures"));
    }

    function _reasonOfClosed(Call memory call, address account) private pure returns (bytes memory) {
        if (call.access == Access.Authority) return _unauthorized(account);
        if (call.access == Access.Nobody) return _reason(ICash.CashOnlyModules.selector);
        if (call.access != Access.Self) return "";
        return _equal(call.name, "assignItem")
            ? _reason(ITransfers.TransfersOnlySelf.selector)
            : _reason(IFinancing.FinancingOnlySelf.selector);
    }

    function _unauthorized(address account) private pure returns (bytes memory) {
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

    function _endsWith(string memory text, string memory end) private pure returns (bool) {
        (bytes memory whole, bytes memory part) = (bytes(text), bytes(end));
        if (whole.length < part.length) return false;
        for (uint256 i = 1; i <= part.length; ++i) {
            if (whole[whole.length - i] != part[part.length - i]) return false;
        }
        return true;
    }
}
