// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights, Rules} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Scenes} from "./support/Scenes.sol";
import {Vm} from "./support/Vm.sol";

/// @title The ledger at the last place, the single cent and the farthest day
/// @dev Each of these was found by a fault that nothing else noticed (docs/mutation.md).
contract LedgerEdgesTest is Scenes {
    /// @dev Seven modules are those of the network; this one has the last of the sixteen places.
    address private constant LAST = address(9);

    function test_retire_takesTheRightsOfTheLastOfSixteenModules() public {
        _fillAllPlaces();
        _asAnnounced(MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.retire, (address(1))), 7 days);
        _same(ledger.rightsOf(LAST), 0, "nothing is left");
    }

    function test_pause_reachesTheLastOfSixteenModules() public {
        (uint64 id,) = _doIssue(FACE, 30);
        _fillAllPlaces();
        vm.prank(GUARDIAN);
        ledger.pause(Rights.PAY);
        bytes memory data = abi.encodeCall(ledger.recordPayment, (id, debtor, 1, 0, TERMS));
        bytes memory reason = abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.PAY);
        _refused(LAST, address(ledger), data, reason);
    }

    function test_move_toAPartyThatHeldBeforeGivesItNoNewNumber() public {
        (, uint64 lot) = _doIssue(FACE, 30);
        uint256 first = _writesOfAMove(lot);
        uint256 second = _writesOfAMove(lot);
        // how many numbers there are, the party's, and whose the number is
        _same(first, second + 3, "words written");
    }

    function test_interestOfASingleCentIsPaidOut() public {
        (uint64 id, uint64 lot) = _doIssue(2000, 30);
        vm.warp(_midnight() + 31 days);
        (uint64 principal, uint64 interest) = ledger.owedAt(id, uint40(block.timestamp));
        _same(interest, 1, "2,000 at 500 millionths a day, for a day");
        _doPay(id, principal + interest);
        _doClaim(lot);
        _same(cny.balanceOf(supplier), 2001, "all of it");
    }

    function test_owedAt_twoCenturiesLateCountsEachDayOnce() public {
        (uint64 id,) = _doIssue(FACE, 30);
        uint40 due = _midnight() + 30 days;
        (, uint64 interest) = ledger.owedAt(id, due + 90_000 days);
        _same(interest, FACE / 1e6 * 500 * 90_000, "90,000 days");
    }

    function test_pay_aSecondPartReportsNoChangeOfState() public {
        (uint64 id,) = _doIssue(FACE, 30);
        _same(_changesReportedByACent(id), 1, "from Active to Settling");
        _same(_changesReportedByACent(id), 0, "and there it stays");
    }

    function test_interestOfHalfACentIsRoundedUp() public {
        (uint64 id,) = _doIssue(1000, 30);
        (, uint64 interest) = ledger.owedAt(id, _midnight() + 31 days);
        _same(interest, 1, "1,000 at 500 millionths a day, for a day");
    }

    function test_owedAt_aDayThatWasChargedAlreadyAddsNothing() public {
        (uint64 id,) = _doIssue(FACE, 30);
        uint40 due = _midnight() + 30 days;
        vm.warp(due + 10 days);
        _doPay(id, 1);
        (, uint64 left) = ledger.owedAt(id, due + 10 days);
        (, uint64 before) = ledger.owedAt(id, due + 5 days);
        _same(before, left, "what is owed does not grow backwards");
    }

    function test_owedAt_theEndOfTheCalendarIsAsMuchAsFits() public {
        (uint64 id,) = _doIssue(2 ** 53 - 1, 30);
        (, uint64 interest) = ledger.owedAt(id, _midnight() + 8_000_000 days);
        _same(interest, type(uint64).max, "more than 64 bits");
    }

    function test_retire_reportsEachModuleAndTheSuccessor() public {
        _fillAllPlaces();
        vm.recordLogs();
        _asAnnounced(MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.retire, (address(1))), 7 days);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 taken = 0;
        uint256 retired = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IRights.RightsChanged.selector) {
                _same(uint256(bytes32(logs[i].data)), 0, "no right is left");
                ++taken;
            }
            if (logs[i].topics[0] != IRights.Retired.selector) continue;
            _same(uint256(logs[i].topics[1]), 1, "who comes after it");
            ++retired;
        }
        _same(taken, 16, "all modules");
        _same(retired, 1, "once");
    }

    function test_pause_reportsWhatIsPausedNow() public {
        vm.prank(GUARDIAN);
        ledger.pause(Rights.PAY);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit IRights.PauseChanged(Rights.PAY | Rights.ASSIGN);
        vm.prank(GUARDIAN);
        ledger.pause(Rights.ASSIGN);
    }

    function test_setRights_ofTheFirstRightAloneGivesIt() public {
        bytes memory data = abi.encodeCall(ledger.setRights, (LAST, Rights.ISSUE));
        _asAnnounced(MODULE_ADMIN, address(ledger), data, 7 days);
        _same(ledger.rightsOf(LAST), Rights.ISSUE, "no more and no less");
    }

    function test_move_ofAPlainLotReportsTheMoveAndNothingElse() public {
        (, uint64 lot) = _doIssue(FACE, 30);
        vm.recordLogs();
        _doAssign(lot, tier2, FACE / 10);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(ledger)) ++count;
        }
        _same(count, 1, "LotMoved");
    }

    function test_move_ofAChargedLotLeavesNobodyChargedBehind() public {
        (, uint64 lot) = _doIssue(FACE, 30);
        IFinancing.Finance memory sale = _intentFinance(lot, FACE / 4, FACE / 5);
        (sale.recourse, sale.secured) = (1, FACE / 5);
        uint64 sold = _carry(sale);
        _doAssign(sold, otherBank, FACE / 4);
        _same(ledger.lotOf(sold).chargee, address(0), "the charge went along");
    }

    function test_setCurrency_reportsIt() public {
        bytes memory data = abi.encodeCall(ledger.setCurrency, (840, address(1)));
        vm.prank(MODULE_ADMIN);
        manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.CurrencySet(840, address(1));
        vm.prank(MODULE_ADMIN);
        manager.execute(address(ledger), data);
    }

    function test_claim_ofTheLargestFaceLeavesWhatWasPaid() public {
        (uint64 id, uint64 lot) = _doIssue(2 ** 53 - 1, 30);
        _becomeModule(address(ledger), Rights.PAY | Rights.CLAIM);
        ledger.recordPayment(id, debtor, 2 ** 53 - 1, 0, TERMS);
        uint64[] memory lots = new uint64[](1);
        lots[0] = lot;
        ledger.recordClaims(lots);
        _same(ledger.receivableOf(id).paid, 2 ** 53 - 1, "paid");
        _same(ledger.receivableOf(id).claimed, 2 ** 53 - 1, "claimed");
    }

    function test_freeze_ofTheDeepestLotLeavesItsDepth() public {
        _schedule(Rules.MAX_DEPTH, 0, 254, _midnight() + 2 days);
        vm.warp(_midnight() + 2 days);
        (, uint64 lot) = _doIssue(FACE, 90);
        _becomeModule(address(ledger), Rights.ASSIGN | Rights.FREEZE);
        address from = supplier;
        for (uint256 depth = 1; depth <= 254; ++depth) {
            address to = from == tier2 ? tier3 : tier2;
            (lot,) =
                ledger.move(ILedger.MoveOrder(lot, 0, from, to, FACE, ILedger.Cause.Assign, EVIDENCE, false));
            from = to;
        }
        ledger.setFrozen(lot, true, EVIDENCE);
        _same(ledger.lotOf(lot).depth, 254, "depth");
        _same(ledger.lotOf(lot).seq, 1, "seq");
    }

    function test_claim_overTwoReceivablesBooksBoth() public {
        (uint64 first, uint64 firstLot) = _doIssue(FACE, 30);
        (uint64 second, uint64 secondLot) = _doIssue(FACE, 30);
        _doPay(first, FACE);
        _doPay(second, FACE);
        uint64[] memory lots = new uint64[](2);
        (lots[0], lots[1]) = (firstLot, secondLot);
        settlement.claim(lots);
        _same(ledger.receivableOf(first).claimed, FACE, "the first");
        _same(ledger.receivableOf(second).claimed, FACE, "the second");
    }

    function test_claim_ofAChargedLotReportsItsNewSeq() public {
        (uint64 id, uint64 lot) = _doIssue(FACE, 30);
        IFinancing.Finance memory sale = _intentFinance(lot, FACE / 4, FACE / 5);
        (sale.recourse, sale.secured) = (1, FACE / 5);
        uint64 sold = _carry(sale);
        _doPay(id, FACE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(id, sold, LotFlags.RECOURSE, 2, 0);
        _doClaim(sold);
    }

    // ---- helpers

    function _fillAllPlaces() private {
        for (uint160 i = 1; i <= 9; ++i) {
            bytes memory data = abi.encodeCall(ledger.setRights, (address(i), Rights.PAY));
            _asAnnounced(MODULE_ADMIN, address(ledger), data, 7 days);
        }
    }

    function _writesOfAMove(uint64 lot) private returns (uint256) {
        vm.record();
        _doAssign(lot, tier2, FACE / 10);
        (, bytes32[] memory writes) = vm.accesses(address(ledger));
        return writes.length;
    }

    function _changesReportedByACent(uint64 receivable) private returns (uint256 count) {
        vm.recordLogs();
        _doPay(receivable, 1);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ILedger.ReceivableStateChanged.selector) ++count;
        }
    }
}
