// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AdminRoles, Rights, Rules} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ILens} from "../../src/interfaces/ILens.sol";
import {IEnforcement} from "../../src/interfaces/IEnforcement.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {IRulebook} from "../../src/interfaces/IRulebook.sol";
import {Checks} from "./Checks.sol";

/// @title The whole system, wired as a network wires it
/// @dev Contracts are deployed from their artifacts: tests compile against interfaces only, so a change of an
/// implementation compiles no test again.
abstract contract Deployment is Checks {
    uint16 internal constant CNY = 156;
    uint16 internal constant EUR = 978;
    uint64 internal constant MINT_LIMIT = 1e15;
    /// @dev 2026-01-05 09:00 UTC
    uint40 internal constant START = 1_767_603_600;

    address internal constant CONSORTIUM = address(0xA0);
    address internal constant MODULE_ADMIN = address(0xA1);
    address internal constant REGISTRAR = address(0xA2);
    address internal constant FREEZER = address(0xA3);
    address internal constant COURT = address(0xA4);
    address internal constant GUARDIAN = address(0xA5);
    address internal constant UNPAUSER = address(0xA6);
    address internal constant MINTER = address(0xA7);
    address internal constant GOVERNOR = address(0xA8);
    address internal constant SECONDER = address(0xA9);

    AccessManager internal manager;
    IParties internal parties;
    IRulebook internal rulebook;
    ILedger internal ledger;
    IInvoices internal invoices;
    ICash internal cny;
    ICash internal eur;
    IIssuance internal issuance;
    ITransfers internal transfers;
    IFinancing internal financing;
    IPledges internal pledges;
    ISettlement internal settlement;
    IEnforcement internal enforcement;
    IExports internal exports;
    ILens internal lens;

    function _deployAll() internal {
        vm.warp(START);
        manager = new AccessManager(address(this));
        _deployContracts();
        manager.grantRole(AdminRoles.MODULES, address(this), 0);
        manager.grantRole(AdminRoles.GOVERNANCE, address(this), 0);
        _assignFunctions();
        _grantRights();
        _setRules();
        _appointPeople();
        _leave();
    }

    function _deployContracts() private {
        bytes memory authority = abi.encode(manager);
        parties = IParties(vm.deployCode("Parties.sol:Parties", authority));
        rulebook = IRulebook(vm.deployCode("Rulebook.sol:Rulebook", authority));
        ledger = ILedger(vm.deployCode("Ledger.sol:Ledger", abi.encode(manager, rulebook)));
        invoices = IInvoices(vm.deployCode("Invoices.sol:Invoices", authority));
        cny = _deployCash(CNY, "Deposit CNY", "dCNY");
        eur = _deployCash(EUR, "Deposit EUR", "dEUR");
        issuance = IIssuance(vm.deployCode("Issuance.sol:Issuance", abi.encode(ledger, parties, invoices)));
        transfers = ITransfers(vm.deployCode("Transfers.sol:Transfers", abi.encode(ledger, parties)));
        financing = IFinancing(vm.deployCode("Financing.sol:Financing", abi.encode(ledger, parties)));
        pledges = IPledges(vm.deployCode("Pledges.sol:Pledges", abi.encode(ledger, parties)));
        settlement =
            ISettlement(vm.deployCode("Settlement.sol:Settlement", abi.encode(ledger, parties, financing)));
        enforcement =
            IEnforcement(vm.deployCode("Enforcement.sol:Enforcement", abi.encode(manager, ledger, parties)));
        exports = IExports(vm.deployCode("Exports.sol:Exports", abi.encode(ledger, parties)));
        lens = ILens(vm.deployCode("Lens.sol:Lens", abi.encode(ledger)));
    }

    function _deployCash(uint16 currency, string memory name, string memory symbol) private returns (ICash) {
        bytes memory arguments = abi.encode(manager, parties, currency, name, symbol, MINT_LIMIT);
        return ICash(vm.deployCode("Cash.sol:Cash", arguments));
    }

    function _assignFunctions() private {
        _only(address(parties), IParties.admit.selector, AdminRoles.REGISTRAR);
        _only(address(parties), IParties.update.selector, AdminRoles.REGISTRAR);
        _only(address(parties), IParties.proposeRecovery.selector, AdminRoles.REGISTRAR);
        _only(address(parties), IParties.secondRecovery.selector, AdminRoles.SECONDER);
        _only(address(parties), IParties.cancelRecovery.selector, AdminRoles.GUARDIAN);
        _only(address(rulebook), IRulebook.schedule.selector, AdminRoles.GOVERNANCE);
        _only(address(ledger), ILedger.setCurrency.selector, AdminRoles.MODULES);
        _only(address(ledger), ILedger.retire.selector, AdminRoles.MODULES);
        _only(address(enforcement), IEnforcement.freeze.selector, AdminRoles.FREEZER);
        _only(address(enforcement), IEnforcement.unfreeze.selector, AdminRoles.FREEZER);
        _only(address(enforcement), IEnforcement.suspend.selector, AdminRoles.FREEZER);
        _only(address(enforcement), IEnforcement.resume.selector, AdminRoles.FREEZER);
        _only(address(enforcement), IEnforcement.forceMove.selector, AdminRoles.COURT);
        _only(address(enforcement), IEnforcement.writeOff.selector, AdminRoles.COURT);
        address[4] memory keepers = [address(ledger), address(invoices), address(cny), address(eur)];
        for (uint256 i = 0; i < keepers.length; ++i) {
            _only(keepers[i], IRights.setRights.selector, AdminRoles.MODULES);
            _only(keepers[i], IRights.pause.selector, AdminRoles.GUARDIAN);
            _only(keepers[i], IRights.unpause.selector, AdminRoles.UNPAUSER);
        }
        _only(address(cny), ICash.mint.selector, AdminRoles.SETTLEMENT_BANK);
        _only(address(eur), ICash.mint.selector, AdminRoles.SETTLEMENT_BANK);
    }

    function _grantRights() private {
        ledger.setRights(address(issuance), Rights.ISSUE | Rights.CANCEL);
        ledger.setRights(address(transfers), Rights.ASSIGN);
        ledger.setRights(address(financing), Rights.FINANCE | Rights.BUYBACK);
        ledger.setRights(address(pledges), Rights.PLEDGE);
        ledger.setRights(address(settlement), Rights.PAY | Rights.CLAIM | Rights.FLAG);
        ledger.setRights(address(enforcement), Rights.FREEZE | Rights.FORCE | Rights.WRITE_OFF);
        ledger.setRights(address(exports), Rights.EXPORT);
        invoices.setRights(address(issuance), Rights.ISSUE | Rights.CANCEL);
        ICash[2] memory tokens = [cny, eur];
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokens[i].setRights(address(financing), Rights.FINANCE | Rights.BUYBACK);
            tokens[i].setRights(address(pledges), Rights.PLEDGE);
            tokens[i].setRights(address(settlement), Rights.PAY | Rights.CLAIM);
        }
        ledger.setCurrency(CNY, address(cny));
        ledger.setCurrency(EUR, address(eur));
    }

    function _setRules() private {
        rulebook.schedule(Rules.MAX_TERM_DAYS, 0, 365, START);
        rulebook.schedule(Rules.MAX_DEPTH, 0, 8, START);
        rulebook.schedule(Rules.MAX_LOTS, 0, 1000, START);
        rulebook.schedule(Rules.MIN_LOT_MINOR, 0, 100, START);
        rulebook.schedule(Rules.LATE_RATE_PPM_PER_DAY, 0, 500, START);
        rulebook.schedule(Rules.GRACE_DAYS, 0, 30, START);
        rulebook.schedule(Rules.CLOSE_WINDOW_SECONDS, 0, 1 hours, START);
        rulebook.schedule(Rules.STATUTORY_TERM_DAYS, 0, 60, START);
    }

    function _appointPeople() private {
        manager.setRoleGuardian(AdminRoles.MODULES, AdminRoles.GUARDIAN);
        manager.setRoleGuardian(AdminRoles.GOVERNANCE, AdminRoles.GUARDIAN);
        manager.setRoleGuardian(AdminRoles.COURT, AdminRoles.GUARDIAN);
        manager.grantRole(AdminRoles.MODULES, MODULE_ADMIN, 7 days);
        manager.grantRole(AdminRoles.REGISTRAR, REGISTRAR, 0);
        manager.grantRole(AdminRoles.FREEZER, FREEZER, 0);
        manager.grantRole(AdminRoles.COURT, COURT, 1 days);
        manager.grantRole(AdminRoles.GUARDIAN, GUARDIAN, 0);
        manager.grantRole(AdminRoles.UNPAUSER, UNPAUSER, 1 hours);
        manager.grantRole(AdminRoles.SETTLEMENT_BANK, MINTER, 0);
        manager.grantRole(AdminRoles.GOVERNANCE, GOVERNOR, 1 days);
        manager.grantRole(AdminRoles.SECONDER, SECONDER, 0);
    }

    /// @dev The deployer ends with nothing.
    function _leave() private {
        manager.renounceRole(AdminRoles.MODULES, address(this));
        manager.renounceRole(AdminRoles.GOVERNANCE, address(this));
        manager.grantRole(AdminRoles.ADMIN, CONSORTIUM, 3 days);
        manager.renounceRole(AdminRoles.ADMIN, address(this));
    }

    /// @dev A call under a role that has a delay: announced, waited for, done.
    function _asAnnounced(address who, address target, bytes memory data, uint40 delay) internal {
        vm.prank(who);
        manager.schedule(target, data, 0);
        vm.warp(block.timestamp + delay);
        vm.prank(who);
        manager.execute(target, data);
    }

    function _only(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }
}
