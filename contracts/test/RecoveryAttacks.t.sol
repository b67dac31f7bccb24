// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {AdminRoles, Powers} from "../src/interfaces/Codes.sol";
import {ILens} from "../src/interfaces/ILens.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Recoveries} from "./support/Recoveries.sol";

/// @title Nobody alone takes over a party, and no recovery moves an asset (test/trees/Recovery.tree)
contract RecoveryAttacksTest is Recoveries {
    uint256 private constant THIEF = 0x666;
    uint256 private constant STEPS = 32;

    // ---- one account, both roles

    function test_PartiesRecoverySameAccount_registrarWithBothRolesCannotSecondItself() public {
        _appoint(AdminRoles.SECONDER, REGISTRAR);
        Plan memory plan = _plan(supplier, SUPPLIER_KEY, THIEF);
        bytes32 id = _propose(plan);
        _refused(
            REGISTRAR,
            address(parties),
            abi.encodeCall(parties.secondRecovery, (supplier, id)),
            _sameAccount()
        );
        vm.warp(block.timestamp + DELAY);
        bytes memory pending = abi.encodeWithSelector(IParties.PartiesRecoveryPending.selector, supplier, id);
        _refused(REGISTRAR, address(parties), _callExecute(plan), pending);
    }

    /// @dev Through the manager the proposer would be the manager, and the same account could second.
    function test_PartiesRecoveryIndirect_registrarWithBothRolesCannotHideBehindTheManager() public {
        _appoint(AdminRoles.SECONDER, REGISTRAR);
        Plan memory plan = _plan(supplier, SUPPLIER_KEY, THIEF);
        bytes memory indirect =
            abi.encodeWithSelector(IParties.PartiesRecoveryIndirect.selector, address(manager));
        _refused(REGISTRAR, address(manager), _relayed(_callPropose(plan)), indirect);
        bytes memory seconding = _relayed(abi.encodeCall(parties.secondRecovery, (supplier, _propose(plan))));
        _refused(REGISTRAR, address(manager), seconding, indirect);
        bytes[] memory both = new bytes[](1);
        both[0] = seconding;
        _refused(REGISTRAR, address(manager), abi.encodeCall(manager.multicall, (both)), indirect);
    }

    /// @dev The one that is seconded is another than the one that took its place.
    function test_attack_registrarCannotExchangeWhatIsBeingSeconded() public {
        bytes32 honest = _propose(_plan(supplier, SUPPLIER_KEY, TIER2_KEY));
        _propose(_plan(supplier, SUPPLIER_KEY, THIEF));
        _refused(
            SECONDER,
            address(parties),
            abi.encodeCall(parties.secondRecovery, (supplier, honest)),
            abi.encodeWithSelector(IParties.PartiesRecoveryUnknown.selector, supplier, honest)
        );
    }

    // ---- one account, anything in any order

    /// forge-config: default.fuzz.runs = 128
    /// forge-config: ci.fuzz.runs = 512
    function testFuzz_nobodyAlone_changesASigner(uint256 who, uint256 seed) public {
        address[9] memory office = [
            CONSORTIUM,
            MODULE_ADMIN,
            REGISTRAR,
            GUARDIAN,
            UNPAUSER,
            MINTER,
            GOVERNOR,
            SECONDER,
            vm.addr(THIEF)
        ];
        _walk(office[who % 9], seed);
    }

    /// @dev Whoever holds all three roles that have to do with recovery, with one account.
    /// forge-config: default.fuzz.runs = 128
    /// forge-config: ci.fuzz.runs = 512
    function testFuzz_nobodyAlone_changesASignerWithAllRolesOfARecovery(uint256 seed) public {
        _appoint(AdminRoles.SECONDER, GOVERNOR);
        _appoint(AdminRoles.REGISTRAR, GOVERNOR);
        _appoint(AdminRoles.GUARDIAN, GOVERNOR);
        _walk(GOVERNOR, seed);
    }

    /// @dev The same walk with a second account in office does get there: it proves something.
    function test_twoAccounts_doChangeASigner() public {
        Plan memory plan = _plan(supplier, SUPPLIER_KEY, THIEF);
        _try(REGISTRAR, address(parties), _callPropose(plan));
        _try(SECONDER, address(parties), abi.encodeCall(parties.secondRecovery, (supplier, _pendingId())));
        vm.warp(block.timestamp + DELAY);
        _try(REGISTRAR, address(parties), _callExecute(plan));
        (uint16 powers,) = parties.signerOf(supplier, vm.addr(THIEF));
        _same(powers, ALL_POWERS, "recovered");
    }

    // ---- assets

    function test_recovery_movesNoAsset_andTheNewKeyCommandsThem() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _doAssign(lot, tier2, FACE / 4);
        _mint(cny, supplier, FACE);
        bytes memory before = _assets(receivable);
        Plan memory plan = _plan(supplier, SUPPLIER_KEY, 0x5001);
        _proposeAndSecond(plan);
        vm.warp(block.timestamp + DELAY);
        _execute(plan);
        _same(_assets(receivable), before, "lots and cash");
        _refused(
            _intentAssign(lot, tier3, FACE / 4),
            abi.encodeWithSelector(IParties.PartiesSignerUnknown.selector, supplier, vm.addr(SUPPLIER_KEY))
        );
        keysOf[supplier] = _keys(0x5001);
        uint64 child = _doAssign(lot, tier3, FACE / 4);
        _same(ledger.lotOf(child).owner, tier3, "assigned with the new key");
        _carry(_intentRedeem(supplier, FACE));
        _same(cny.balanceOf(supplier), 0, "redeemed with the new key");
    }

    // ---- helpers

    function _walk(address who, uint256 seed) private {
        bytes memory before = _signersOf(supplier);
        for (uint256 i = 0; i < STEPS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (address target, bytes memory data) = _move(who, seed % 16, seed >> 64);
            uint256 way = (seed >> 32) % 6;
            if (way == 0) _try(who, address(manager), abi.encodeCall(manager.schedule, (target, data, 0)));
            else if (way == 1) _try(who, address(manager), abi.encodeCall(manager.execute, (target, data)));
            else if (way == 2) vm.warp(block.timestamp + (seed >> 96) % 4 days);
            else _try(who, target, data);
        }
        _same(_signersOf(supplier), before, "signers and thresholds");
    }

    /// @dev Also with the signature of a key that is no signer of the party.
    function _move(address who, uint256 kind, uint256 seed)
        private
        view
        returns (address target, bytes memory data)
    {
        target = address(parties);
        Plan memory plan = _plan(supplier, SUPPLIER_KEY, THIEF);
        if (seed % 4 == 0) plan.thresholds = new IParties.ThresholdGrant[](0);
        bytes32 id = _pendingId();
        if (kind < 3) data = _callPropose(plan);
        else if (kind < 6) data = abi.encodeCall(parties.secondRecovery, (supplier, id));
        else if (kind < 8) data = _callExecute(plan);
        else if (kind == 8) data = abi.encodeCall(parties.cancelRecovery, (supplier, id));
        else if (kind == 9) data = _callVeto(_intentVeto(supplier, id, uint64(seed)), THIEF);
        else if (kind == 10) data = _callSetSigner();
        else if (kind == 11) data = _callSetThreshold();
        else if (kind == 12) data = _callUpdate(IParties.Status(1 + seed % 2));
        else if (kind == 13) data = _callAdmit(plan);
        else (target, data) = (address(manager), _callGrant(kind == 14, who));
    }

    function _callSetSigner() private view returns (bytes memory) {
        uint32 version = parties.partyOf(supplier).version;
        IParties.SetSigner memory intent =
            IParties.SetSigner(supplier, vm.addr(THIEF), ALL_POWERS, START + 9 days, version, _deadline(), 1);
        return abi.encodeCall(parties.setSigner, (intent, _sign(parties.hashSetSigner(intent), THIEF)));
    }

    function _callSetThreshold() private view returns (bytes memory) {
        uint32 version = parties.partyOf(supplier).version;
        IParties.SetThreshold memory intent =
            IParties.SetThreshold(supplier, Powers.PAY, 2, version, _deadline(), 1);
        return abi.encodeCall(parties.setThreshold, (intent, _sign(parties.hashSetThreshold(intent), THIEF)));
    }

    function _callUpdate(IParties.Status status) private view returns (bytes memory) {
        return abi.encodeCall(parties.update, (supplier, status, 1, START + 3650 days, TERMS));
    }

    /// @dev Both the party itself again and one of the thief's own.
    function _callAdmit(Plan memory plan) private view returns (bytes memory) {
        bytes32 legalId = block.timestamp % 2 == 0 ? keccak256("supplier") : keccak256("thief");
        return abi.encodeCall(parties.admit, (legalId, 1, START + 3650 days, plan.signers, plan.thresholds));
    }

    function _callGrant(bool first, address who) private view returns (bytes memory) {
        uint64 role = first ? AdminRoles.REGISTRAR : AdminRoles.SECONDER;
        return abi.encodeCall(manager.grantRole, (role, who, 0));
    }

    /// @dev It may fail: that is the point.
    function _try(address who, address target, bytes memory data) private returns (bool done) {
        vm.prank(who);
        // solhint-disable-next-line avoid-low-level-calls
        (done,) = target.call(data);
    }

    function _relayed(bytes memory data) private view returns (bytes memory) {
        return abi.encodeCall(IAccessManager.execute, (address(parties), data));
    }

    function _appoint(uint64 role, address who) private {
        bytes memory data = abi.encodeCall(manager.grantRole, (role, who, 0));
        _asAnnounced(CONSORTIUM, address(manager), data, 3 days);
    }

    function _pendingId() private view returns (bytes32 id) {
        (id,,,) = parties.recoveryOf(supplier);
    }

    function _sameAccount() private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesRecoverySameAccount.selector, REGISTRAR);
    }

    function _signersOf(address party) private view returns (bytes memory) {
        IParties.Party memory entry = parties.partyOf(party);
        (uint16 own, uint40 ownUntil) = parties.signerOf(party, vm.addr(SUPPLIER_KEY));
        (uint16 thiefs, uint40 thiefsUntil) = parties.signerOf(party, vm.addr(THIEF));
        return abi.encode(own, ownUntil, thiefs, thiefsUntil, entry.version, entry.thresholds);
    }

    function _assets(uint64 receivable) private view returns (bytes memory) {
        ILens.LotView[] memory lots = lens.lots(receivable, 1, 100);
        return abi.encode(
            lots,
            ledger.receivableOf(receivable),
            cny.balanceOf(supplier),
            cny.balanceOf(tier2),
            cny.totalSupply()
        );
    }
}
