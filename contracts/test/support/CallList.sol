// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../../src/interfaces/Codes.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {Stage} from "./Stage.sol";

interface IAuthorityKeeper {
    function setAuthority(address newAuthority) external;
}

/// @title A list of calls, each in exactly one class of access (I11)
abstract contract CallList is Stage {
    enum Access {
        /// holder of an administrative role, at once or when its delay is over
        Role,
        /// a module with the right
        Right,
        /// anyone who brings the signatures of the parties
        Signed,
        Anyone,
        /// the contract itself
        Self,
        Nobody,
        /// as the AccessManager decides about itself
        Manager,
        /// the AccessManager alone, asked by its administrator
        Authority
    }

    /// @param holder of the role
    /// @param right that a module needs
    struct Call {
        string contract_;
        string name;
        address target;
        bytes data;
        Access access;
        address holder;
        uint16 right;
    }

    Call[] private _calls;

    /// @return one good call of each function, with signatures as `proofs` says
    function _everyFunction() internal returns (Call[] memory) {
        delete _calls;
        _listFunctions();
        return _calls;
    }

    function _listFunctions() internal virtual;

    function _keeper(string memory contract_, address target) internal {
        bytes memory data = abi.encodeCall(IRights.setRights, (STRANGER, Rights.ASSIGN));
        _byRole(contract_, "setRights", target, data, MODULE_ADMIN);
        _byRole(contract_, "pause", target, abi.encodeCall(IRights.pause, (Rights.ASSIGN)), GUARDIAN);
        _byRole(contract_, "unpause", target, abi.encodeCall(IRights.unpause, (Rights.ASSIGN)), UNPAUSER);
        _byAuthority(contract_, target);
    }

    function _byRole(
        string memory contract_,
        string memory name,
        address target,
        bytes memory data,
        address holder
    ) internal {
        _calls.push(Call(contract_, name, target, data, Access.Role, holder, 0));
    }

    function _byRight(
        string memory contract_,
        string memory name,
        address target,
        bytes memory data,
        uint16 right
    ) internal {
        _calls.push(Call(contract_, name, target, data, Access.Right, address(0), right));
    }

    function _bySignature(string memory contract_, string memory name, address target, bytes memory data)
        internal
    {
        _calls.push(Call(contract_, name, target, data, Access.Signed, address(0), 0));
    }

    function _byAnyone(string memory contract_, string memory name, address target, bytes memory data)
        internal
    {
        _calls.push(Call(contract_, name, target, data, Access.Anyone, address(0), 0));
    }

    function _byItself(string memory contract_, string memory name, address target, bytes memory data)
        internal
    {
        _calls.push(Call(contract_, name, target, data, Access.Self, address(0), 0));
    }

    function _byNobody(string memory name, address target, bytes memory data) internal {
        _calls.push(Call("Cash", name, target, data, Access.Nobody, address(0), 0));
    }

    function _byAuthority(string memory contract_, address target) internal {
        bytes memory data = abi.encodeCall(IAuthorityKeeper.setAuthority, (STRANGER));
        _calls.push(Call(contract_, "setAuthority", target, data, Access.Authority, address(0), 0));
    }

    function _ofManager(string memory name, bytes memory data) internal {
        _calls.push(Call("AccessManager", name, address(manager), data, Access.Manager, address(0), 0));
    }
}
