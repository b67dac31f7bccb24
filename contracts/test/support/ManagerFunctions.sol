// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AdminRoles} from "../../src/interfaces/Codes.sol";
import {IEnforcement} from "../../src/interfaces/IEnforcement.sol";
import {Functions} from "./Functions.sol";

/// @title The functions of the AccessManager, which guard themselves
abstract contract ManagerFunctions is Functions {
    function _listManager() internal override {
        address target = address(enforcement);
        bytes memory freeze = abi.encodeCall(enforcement.freeze, (_lots(freeLot), EVIDENCE));
        _ofManager("execute", abi.encodeCall(manager.execute, (target, freeze)));
        _ofManager("schedule", abi.encodeCall(manager.schedule, (target, _callForceMove(), 0)));
        _ofManager("cancel", abi.encodeCall(manager.cancel, (COURT, target, _callForceMove())));
        _ofManager(
            "consumeScheduledOp", abi.encodeCall(manager.consumeScheduledOp, (COURT, _callForceMove()))
        );
        bytes[] memory inner = new bytes[](1);
        inner[0] = abi.encodeCall(manager.execute, (target, freeze));
        _ofManager("multicall", abi.encodeCall(manager.multicall, (inner)));
        _listRoles();
        _listTargets();
    }

    function _listRoles() private {
        uint64 role = AdminRoles.MODULES;
        _ofManager("grantRole", abi.encodeCall(manager.grantRole, (role, STRANGER, uint32(0))));
        _ofManager("revokeRole", abi.encodeCall(manager.revokeRole, (role, MODULE_ADMIN)));
        _ofManager("renounceRole", abi.encodeCall(manager.renounceRole, (AdminRoles.REGISTRAR, REGISTRAR)));
        _ofManager("labelRole", abi.encodeCall(manager.labelRole, (role, "modules")));
        _ofManager("setRoleAdmin", abi.encodeCall(manager.setRoleAdmin, (role, AdminRoles.GUARDIAN)));
        _ofManager("setRoleGuardian", abi.encodeCall(manager.setRoleGuardian, (role, AdminRoles.COURT)));
        _ofManager("setGrantDelay", abi.encodeCall(manager.setGrantDelay, (role, uint32(0))));
    }

    function _listTargets() private {
        address target = address(enforcement);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = IEnforcement.forceMove.selector;
        bytes memory data =
            abi.encodeCall(manager.setTargetFunctionRole, (target, selectors, AdminRoles.REGISTRAR));
        _ofManager("setTargetFunctionRole", data);
        _ofManager("setTargetAdminDelay", abi.encodeCall(manager.setTargetAdminDelay, (target, uint32(1))));
        _ofManager("setTargetClosed", abi.encodeCall(manager.setTargetClosed, (target, true)));
        _ofManager("updateAuthority", abi.encodeCall(manager.updateAuthority, (target, STRANGER)));
    }
}
