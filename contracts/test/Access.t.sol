// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICash} from "../src/interfaces/ICash.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {AccessClasses} from "./support/AccessClasses.sol";
import {ManagerFunctions} from "./support/ManagerFunctions.sol";
import {Vm} from "./support/Vm.sol";

/// @title I11: every function is in exactly one class of access, and behaves as its class says
/// @dev Those of a succession: `AccessSuccessionTest`.
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract AccessTest is ManagerFunctions, AccessClasses {
    /// @dev A contract that is in no list makes this fail, before anybody thinks of deploying it.
    function test_everyContractOfTheSources_isInAList() public view {
        Vm.DirEntry[] memory folders = vm.readDir("./src");
        uint256 count = 0;
        for (uint256 i = 0; i < folders.length; ++i) {
            Vm.DirEntry[] memory files = vm.readDir(folders[i].path);
            for (uint256 j = 0; j < files.length; ++j) {
                // what is neither abstract nor a library nor an interface; the formatter puts it at the beginning of a line
                string[] memory parts = vm.split(vm.readFile(files[j].path), "\ncontract ");
                for (uint256 k = 1; k < parts.length; ++k) {
                    string memory name = vm.split(parts[k], " ")[0];
                    _yes(_isListed(name), string.concat(name, " is in no list"));
                    ++count;
                }
            }
        }
        // both lists but for the AccessManager, which is not ours, and the second cash
        _same(count, _deployed().length - 2 + _ofASuccession().length, "all contracts");
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

    function _classified() internal view override returns (Deployed[] memory) {
        return _deployed();
    }

    /// @dev Claim, two flags, two batches, the release of exposure, a recovery whose day has come.
    function _openCount() internal pure override returns (uint256) {
        return 7;
    }

    /// @dev The stage is that moment.
    // solhint-disable-next-line no-empty-blocks
    function _prepare(Call memory) internal override {}

    function _isListed(string memory name) private view returns (bool) {
        Deployed[] memory all = _deployed();
        for (uint256 i = 0; i < all.length; ++i) {
            if (_equal(all[i].name, name)) return true;
        }
        string[2] memory more = _ofASuccession();
        return _equal(name, more[0]) || _equal(name, more[1]);
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

    function _reasonOfClosed(Call memory call, address account)
        internal
        pure
        override
        returns (bytes memory)
    {
        if (call.access == Access.Nobody) {
            return _reason(ICash.CashOnlyModules.selector);
        }
        if (call.access != Access.Self) return super._reasonOfClosed(call, account);
        return _equal(call.name, "assignItem")
            ? _reason(ITransfers.TransfersOnlySelf.selector)
            : _reason(IFinancing.FinancingOnlySelf.selector);
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
