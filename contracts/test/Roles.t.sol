// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {AdminRoles} from "../src/interfaces/Codes.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {World} from "./support/World.sol";

/// @title Administrative roles: who is refused, what waits, what the deployer keeps
contract RolesTest is World {
    function test_AccessManagedUnauthorized_forEveryRoleGatedFunction() public {
        _nobodyBut(REGISTRAR, address(parties), _callAdmit());
        _nobodyBut(
            REGISTRAR,
            address(parties),
            abi.encodeCall(parties.update, (debtor, IParties.Status.Active, 1, START, TERMS))
        );
        _nobodyBut(REGISTRAR, address(parties), _callProposeRecovery());
        _nobodyBut(SECONDER, address(parties), abi.encodeCall(parties.secondRecovery, (debtor, TERMS)));
        _nobodyBut(GUARDIAN, address(parties), abi.encodeCall(parties.cancelRecovery, (debtor, TERMS)));
        _nobodyBut(GOVERNOR, address(rulebook), abi.encodeCall(rulebook.schedule, (1, 0, 1, START)));
        _nobodyBut(MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.setCurrency, (1, address(1))));
        address[4] memory keepers = [address(ledger), address(invoices), address(cny), address(eur)];
        for (uint256 i = 0; i < keepers.length; ++i) {
            _nobodyBut(MODULE_ADMIN, keepers[i], abi.encodeCall(IRights.setRights, (address(1), 1)));
            _nobodyBut(GUARDIAN, keepers[i], abi.encodeCall(IRights.pause, (1)));
            _nobodyBut(UNPAUSER, keepers[i], abi.encodeCall(IRights.unpause, (1)));
        }
        _nobodyBut(MINTER, address(cny), abi.encodeCall(cny.mint, (bank, 1, TERMS)));
        _nobodyBut(CONSORTIUM, address(cny), abi.encodeCall(cny.setMintLimit, (1)));
    }

    function test_deployer_endsWithNothing() public view {
        for (uint64 role = 0; role <= AdminRoles.SECONDER; ++role) {
            (bool member,) = manager.hasRole(role, address(this));
            _yes(!member, "the deployer has no role");
        }
    }

    function test_deployer_cannotGrantItselfARole() public {
        _refused(
            address(manager),
            abi.encodeCall(manager.grantRole, (AdminRoles.REGISTRAR, address(this), 0)),
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedAccount.selector, address(this), AdminRoles.ADMIN
            )
        );
    }

    function test_delays_areThoseOfTheDesign() public view {
        _delay(AdminRoles.ADMIN, CONSORTIUM, 3 days);
        _delay(AdminRoles.MODULES, MODULE_ADMIN, 7 days);
        _delay(AdminRoles.REGISTRAR, REGISTRAR, 0);
        _delay(AdminRoles.GUARDIAN, GUARDIAN, 0);
        _delay(AdminRoles.UNPAUSER, UNPAUSER, 1 hours);
        _delay(AdminRoles.SETTLEMENT_BANK, MINTER, 0);
        _delay(AdminRoles.GOVERNANCE, GOVERNOR, 1 days);
        _delay(AdminRoles.SECONDER, SECONDER, 0);
    }

    function test_moduleRights_cannotChangeBeforeTheDelay() public {
        bytes memory data = abi.encodeCall(ledger.setRights, (address(1), 1));
        vm.prank(MODULE_ADMIN);
        (bytes32 operation,) = manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days - 1);
        _refused(
            MODULE_ADMIN,
            address(manager),
            abi.encodeCall(manager.execute, (address(ledger), data)),
            abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation)
        );
    }

    function test_guardian_cancelsAScheduledChangeOfModules() public {
        bytes memory data = abi.encodeCall(ledger.setRights, (address(1), 1));
        vm.prank(MODULE_ADMIN);
        (bytes32 operation,) = manager.schedule(address(ledger), data, 0);
        vm.prank(GUARDIAN);
        manager.cancel(MODULE_ADMIN, address(ledger), data);
        vm.warp(block.timestamp + 8 days);
        _refused(
            MODULE_ADMIN,
            address(manager),
            abi.encodeCall(manager.execute, (address(ledger), data)),
            abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation)
        );
    }

    // ---- helpers

    /// @dev Everybody else in office is refused, and so is a stranger.
    function _nobodyBut(address holder, address target, bytes memory data) private {
        address[9] memory people = [
            CONSORTIUM, MODULE_ADMIN, REGISTRAR, GUARDIAN, UNPAUSER, MINTER, GOVERNOR, SECONDER, address(this)
        ];
        for (uint256 i = 0; i < people.length; ++i) {
            if (people[i] == holder) continue;
            bytes memory reason =
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, people[i]);
            _refused(people[i], target, data, reason);
        }
    }

    function _delay(uint64 role, address who, uint32 delay) private view {
        (bool member, uint32 given) = manager.hasRole(role, who);
        _yes(member, "member");
        _same(given, delay, "delay");
    }

    function _callAdmit() private view returns (bytes memory) {
        return abi.encodeCall(parties.admit, (TERMS, 1, START, _signers(), new IParties.ThresholdGrant[](0)));
    }

    function _callProposeRecovery() private view returns (bytes memory) {
        return abi.encodeCall(
            parties.proposeRecovery, (debtor, _signers(), new IParties.ThresholdGrant[](0), TERMS)
        );
    }

    function _signers() private pure returns (IParties.SignerGrant[] memory signers) {
        signers = new IParties.SignerGrant[](1);
        signers[0] = IParties.SignerGrant(address(1), 1, START);
    }
}
