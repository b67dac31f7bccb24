// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IParties} from "../../src/interfaces/IParties.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {Recoveries} from "./Recoveries.sol";
import {World} from "./World.sol";

/// @title Signers, thresholds, revocations, and recovery of parties that lost their keys
abstract contract HandlerParties is HandlerBase, Recoveries {
    uint256 private _extraKey = 0xE000;
    mapping(address party => uint256 key) private _keyFound;

    function setUp() public virtual override(HandlerBase, World) {
        super.setUp();
    }

    function changeParties(uint256 which, uint256 powers) external recorded {
        address party = people[which % 8];
        if (!_isUp(party)) return;
        bytes memory grant = _signed(_goodSigner(party, vm.addr(++_extraKey), uint16(powers % 256)));
        _act("setSigner", address(parties), grant);
        // no action needs two signers for this, and the keys of everybody are as many as they were
        IParties.SetThreshold memory change = _goodThreshold(party, 4, uint8(1 + powers % 15));
        // a stolen key cannot stop its own removal: this is withdrawn, and takes effect all the same
        bytes32 withdrawn = parties.hashSetThreshold(change);
        _act("revoke", address(parties), _signed(_goodRevoke(party, withdrawn)));
        _act("setThreshold", address(parties), _signed(change));
        uint16 roles = parties.partyOf(party).roles;
        vm.prank(REGISTRAR);
        parties.update(party, IParties.Status.Active, roles, START + 4000 days, TERMS);
    }

    /// @dev Whatever comes of it, the party's other actions are signed with the keys it then has.
    function recover(uint256 which, uint256 steps, uint256 choice) external recorded {
        for (uint256 i = 0; i < _bound(steps, 1, 3); ++i) {
            _recoverStep(people[which % 8], choice >> (8 * i));
        }
    }

    // ---- helpers

    /// @dev What may come next for this party, by choice where several things may.
    function _recoverStep(address party, uint256 choice) private {
        (bytes32 id,, uint40 readyAt, uint32 version) = parties.recoveryOf(party);
        bool dead = id == 0 || version != parties.partyOf(party).version
            || (readyAt != 0 && block.timestamp >= readyAt + LIFETIME);
        if (dead || (readyAt == 0 && choice % 4 == 0)) {
            _keyFound[party] = ++_extraKey;
            _propose(_planned(party));
            ++done["proposeRecovery"];
        } else if (choice % 8 == 1) {
            _stop(party, id, choice);
        } else if (readyAt == 0) {
            _second(party, id);
            ++done["secondRecovery"];
        } else {
            _executeNext(party, readyAt);
        }
    }

    function _stop(address party, bytes32 id, uint256 choice) private {
        if (choice % 16 == 1) {
            vm.prank(GUARDIAN);
            parties.cancelRecovery(party, id);
            ++done["cancelRecovery"];
            _checkEnded(party);
            return;
        }
        IParties.VetoRecovery memory intent = _intentVeto(party, id, ++_salt);
        _act("vetoRecovery", address(parties), _callVeto(intent, keysOf[party][0]));
        _checkEnded(party);
    }

    /// @dev The signers in office go on with everything until the day it is carried out.
    function _executeNext(address party, uint40 readyAt) private {
        if (block.timestamp < readyAt) vm.warp(readyAt);
        _act("executeRecovery", address(parties), _callExecute(_planned(party)));
        keysOf[party][0] = _keyFound[party];
        _checkEnded(party);
    }

    /// @dev Nobody can carry it out any more.
    function _checkEnded(address party) private view {
        (bytes32 id,,,) = parties.recoveryOf(party);
        _yes(id == 0, "a recovery that has ended is gone");
    }

    function _planned(address party) private view returns (Plan memory) {
        return _plan(party, keysOf[party][0], _keyFound[party]);
    }
}
