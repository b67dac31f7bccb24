// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Rights} from "../interfaces/Codes.sol";
import {IRights} from "../interfaces/IRights.sol";

/// @title What the contracts that keep state have in common: which module may do what, and what is paused
/// @dev Granted and paused bits of a module share one word, so that every action reads one slot (ADR 0005). Pausing is
/// rare and pays for that: it walks over the modules, of which there are at most `MAX_MODULES`.
abstract contract ModuleRights is IRights, AccessManaged {
    uint256 internal constant MAX_MODULES = 16;

    /// @dev granted bits in the low 16, paused bits in the next 16
    mapping(address module => uint256 word) private _words;
    /// @dev modules with at least one right, in any order; zero where a place is free
    address[MAX_MODULES] private _modules;
    uint16 private _paused;
    bool private _retired;

    /// @inheritdoc IRights
    function setRights(address module, uint16 rights) public virtual restricted {
        if (_retired) revert RightsRetired();
        bool listed = uint16(_words[module]) != 0;
        if (listed && rights == 0) _replace(module, address(0));
        if (!listed && rights != 0) _replace(address(0), module);
        _words[module] = rights == 0 ? 0 : _word(rights, _paused);
        emit RightsChanged(module, rights);
    }

    /// @inheritdoc IRights
    function pause(uint16 mask) external restricted {
        _setPaused(mask, _paused | mask);
    }

    /// @inheritdoc IRights
    function unpause(uint16 mask) external restricted {
        _setPaused(mask, _paused & ~mask);
    }

    /// @inheritdoc IRights
    function rightsOf(address module) external view returns (uint16) {
        return uint16(_words[module]);
    }

    /// @inheritdoc IRights
    function paused() external view returns (uint16) {
        return _paused;
    }

    /// @dev Takes every right from every module, for good.
    function _retire(address successor) internal {
        if (_retired) revert RightsRetired();
        _retired = true;
        for (uint256 i = 0; i < MAX_MODULES; ++i) {
            address module = _modules[i];
            if (module == address(0)) continue;
            (_words[module], _modules[i]) = (0, address(0));
            emit RightsChanged(module, 0);
        }
        emit Retired(successor);
    }

    function _isRetired() internal view returns (bool) {
        return _retired;
    }

    /// @dev Reverts unless the caller has every bit of `right` and none of them is paused. No right is never enough.
    function _requireRight(uint16 right) internal view {
        uint256 word = _words[msg.sender];
        if (right == 0 || uint16(word) & right != right) revert RightsMissing(msg.sender, right);
        if (uint16(word >> 16) & right != 0) revert RightsPaused(right);
    }

    function _setPaused(uint16 mask, uint16 paused_) private {
        if (mask & ~Rights.PAUSABLE != 0) revert RightsNotPausable(mask);
        _paused = paused_;
        for (uint256 i = 0; i < MAX_MODULES; ++i) {
            address module = _modules[i];
            if (module != address(0)) _words[module] = _word(uint16(_words[module]), paused_);
        }
        emit PauseChanged(paused_);
    }

    function _replace(address module, address by) private {
        for (uint256 i = 0; i < MAX_MODULES; ++i) {
            if (_modules[i] == module) {
                _modules[i] = by;
                return;
            }
        }
        revert RightsTooManyModules(MAX_MODULES);
    }

    function _word(uint16 granted, uint16 paused_) private pure returns (uint256) {
        return uint256(granted) | (uint256(paused_) << 16);
    }
}
