// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IRulebook} from "../src/interfaces/IRulebook.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title The announced change: the longest term falls from 366 to 184 days, to the second
contract TermSwitchTest is Scenes {
    uint40 private constant LONG = 366;
    uint40 private constant SHORT = 184;

    /// @dev First second of the shorter term.
    uint40 private _day;

    function setUp() public override {
        super.setUp();
        uint40 start = _midnight() + 2 days;
        _schedule(Rules.MAX_TERM_DAYS, 0, uint64(LONG), start);
        _day = _midnight() + 100 days;
        _schedule(Rules.MAX_TERM_DAYS, 0, uint64(SHORT), _day);
        vm.warp(start);
    }

    function test_issue_inTheLastSecondOfTheLongTerm() public {
        vm.warp(_day - 1);
        _tooLong(LONG + 1, LONG);
        (uint64 receivable,) = _doIssue(FACE, uint16(LONG));
        _same(ledger.receivableOf(receivable).due, _day - 1 days + LONG * 1 days, "due in a year");
    }

    function test_issue_inTheFirstSecondOfTheShortTerm() public {
        vm.warp(_day);
        _tooLong(LONG, SHORT);
        _tooLong(SHORT + 1, SHORT);
        (uint64 receivable,) = _doIssue(FACE, uint16(SHORT));
        _same(ledger.receivableOf(receivable).due, _day + SHORT * 1 days, "due in half a year");
    }

    function test_issue_signedBeforeAndCarriedAfterIsHeldToTheShortTerm() public {
        vm.warp(_day - 1);
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + LONG * 1 days);
        uint256 state = vm.snapshotState();
        _carry(intent);
        vm.revertToState(state);
        vm.warp(_day);
        bytes memory reason =
            abi.encodeWithSelector(IIssuance.IssuanceTermTooLong.selector, intent.due, _day + SHORT * 1 days);
        _refused(intent, reason);
    }

    function test_receivable_bornBeforeKeepsItsLife() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, uint16(LONG));
        uint40 due = ledger.receivableOf(receivable).due;
        vm.warp(_day + 180 days);
        lot = _doAssign(lot, tier2, FACE);
        lot = _carry(_intentFinance(lot, FACE, FACE - 100));
        vm.warp(due + 1 days - 1);
        _owed(receivable, FACE, 0);
        _doPay(receivable, FACE);
        _doClaim(lot);
        _stateIs(receivable, ILedger.State.Settled);
        _same(cny.balanceOf(bank), 10 * FACE + 100, "paid on its own day, without interest");
    }

    function test_schedule_isPublicBeforeItHolds() public view {
        _same(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, _today()), LONG, "today");
        _same(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, _day - 1), LONG, "until its eve");
        _same(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, _day), SHORT, "from its day on");
        IRulebook.Terms memory terms = rulebook.termsAt(CNY, _day);
        _same(terms.maxTermDays, SHORT, "in the terms of that day");
    }

    // ---- helpers

    function _tooLong(uint40 termDays, uint40 longest) private {
        uint40 due = _midnight() + termDays * 1 days;
        uint40 latest = _midnight() + longest * 1 days;
        _refused(
            _intentIssue(FACE, due),
            abi.encodeWithSelector(IIssuance.IssuanceTermTooLong.selector, due, latest)
        );
    }
}
