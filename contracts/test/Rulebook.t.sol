// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {IRulebook} from "../src/interfaces/IRulebook.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Dated parameters, and what a receivable keeps of them
contract RulebookTest is Scenes {
    function test_schedule_takesEffectOnItsDayAndNotBefore() public {
        uint40 day = START + 10 days;
        _schedule(Rules.MAX_TERM_DAYS, 0, 180, day);
        _same(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, day - 1), 365, "before");
        _same(rulebook.valueAt(Rules.MAX_TERM_DAYS, 0, day), 180, "from that second on");
        (uint64[] memory values, uint40[] memory days_) = rulebook.scheduleOf(Rules.MAX_TERM_DAYS, 0);
        _same(values.length, 2, "two values");
        _same(values[1], 180, "value");
        _same(days_[1], day, "effective");
    }

    function test_schedule_reportsTheRule() public {
        bytes memory data = abi.encodeCall(rulebook.schedule, (Rules.MAX_DEPTH, 0, 5, START + 3 days));
        vm.prank(GOVERNOR);
        manager.schedule(address(rulebook), data, 0);
        vm.warp(START + 1 days);
        vm.expectEmit(true, true, true, true, address(rulebook));
        emit IRulebook.RuleScheduled(Rules.MAX_DEPTH, 0, 5, START + 3 days);
        vm.prank(GOVERNOR);
        manager.execute(address(rulebook), data);
    }

    function test_termsAt_givesAllParametersOfTheDay() public view {
        IRulebook.Terms memory terms = rulebook.termsAt(CNY, START);
        _same(terms.maxTermDays, 365, "maxTermDays");
        _same(terms.maxDepth, 8, "maxDepth");
        _same(terms.maxLots, 1000, "maxLots");
        _same(terms.minLotMinor, 100, "minLotMinor");
        _same(terms.lateRatePpmPerDay, 500, "lateRatePpmPerDay");
        _same(terms.graceDays, 30, "graceDays");
        _same(terms.closeWindowSeconds, 1 hours, "closeWindowSeconds");
    }

    function test_valueAt_prefersTheCurrencysOwnValue() public {
        uint40 day = START + 10 days;
        _schedule(Rules.MIN_LOT_MINOR, EUR, 5000, day);
        _same(rulebook.termsAt(EUR, day - 1).minLotMinor, 100, "value for all before");
        _same(rulebook.termsAt(EUR, day).minLotMinor, 5000, "own value");
        _same(rulebook.termsAt(CNY, day).minLotMinor, 100, "others keep theirs");
    }

    function test_ruleChange_bindsNewReceivablesAndLeavesOldOnes() public {
        (uint64 old,) = _doIssue(FACE, 360);
        uint40 day = _midnight() + 10 days;
        _schedule(Rules.MAX_DEPTH, 0, 1, day);
        _schedule(Rules.MAX_TERM_DAYS, 0, 180, day + 1);
        vm.warp(day + 1);
        _refused(
            _intentIssue(FACE, _midnight() + 181 days),
            abi.encodeWithSelector(
                IIssuance.IssuanceTermTooLong.selector, _midnight() + 181 days, _midnight() + 180 days
            )
        );
        (uint64 young,) = _doIssue(FACE, 180);
        _same(ledger.receivableOf(old).maxDepth, 8, "old rule");
        _same(ledger.receivableOf(young).maxDepth, 1, "new rule");
    }

    function test_ReceivableTerms_reportsWhatTheReceivableKeeps() public {
        bytes memory data = _callOf(_intentIssue(FACE, _midnight() + 9 days));
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ReceivableTerms(1, 8, 1000, 100, 500, 30, 1 hours);
        // solhint-disable-next-line avoid-low-level-calls
        (bool done,) = address(issuance).call(data);
        _yes(done, "issued");
    }

    function test_schedule_datesEachParameterOnItsOwn() public {
        uint64[8] memory before = [uint64(365), 8, 1000, 100, 500, 30, 1 hours, 60];
        for (uint16 param = 1; param <= Rules.LAST; ++param) {
            uint40 day = _midnight() + 10 days;
            _schedule(param, 0, 7, day);
            for (uint16 other = 1; other <= Rules.LAST; ++other) {
                uint64 expected = other < param ? 7 : before[other - 1];
                _same(rulebook.valueAt(other, 0, day - 1), expected, "until the last second before");
                _same(rulebook.valueAt(other, 0, day), other == param ? 7 : expected, "from its second on");
            }
            vm.warp(day);
        }
    }

    function test_ruleChange_leavesEveryTermOfAnOldReceivable() public {
        uint40 day = _midnight() + 20 days;
        for (uint16 param = Rules.MAX_DEPTH; param <= Rules.CLOSE_WINDOW_SECONDS; ++param) {
            _schedule(param, 0, param, day);
        }
        vm.warp(day - 1);
        (uint64 old,) = _doIssue(FACE, 90);
        vm.warp(day);
        (uint64 young,) = _doIssue(FACE, 90);
        _keeps(old, [uint64(8), 1000, 100, 500, 30, 1 hours]);
        _keeps(young, [uint64(2), 3, 4, 5, 6, 7]);
    }

    function test_RulebookUnknownParameter_whenOutOfRangeOrNotPerCurrency() public {
        _refusedRule(
            0, 0, 1, START + 9 days, abi.encodeWithSelector(IRulebook.RulebookUnknownParameter.selector, 0)
        );
        _refusedRule(
            Rules.LAST + 1,
            0,
            1,
            START + 9 days,
            abi.encodeWithSelector(IRulebook.RulebookUnknownParameter.selector, Rules.LAST + 1)
        );
        _refusedRule(
            Rules.MAX_DEPTH,
            CNY,
            1,
            START + 9 days,
            abi.encodeWithSelector(IRulebook.RulebookUnknownParameter.selector, Rules.MAX_DEPTH)
        );
    }

    function test_RulebookInThePast_whenEffectiveYesterday() public {
        _refusedRule(
            Rules.MAX_DEPTH,
            0,
            1,
            START,
            abi.encodeWithSelector(IRulebook.RulebookInThePast.selector, START, START + 1 days)
        );
    }

    function test_RulebookNotLater_whenNotBehindTheLastOne() public {
        _schedule(Rules.MAX_DEPTH, 0, 5, START + 10 days);
        bytes memory reason = abi.encodeWithSelector(
            IRulebook.RulebookNotLater.selector, Rules.MAX_DEPTH, START + 10 days, START + 10 days
        );
        _refusedRule(Rules.MAX_DEPTH, 0, 6, START + 10 days, reason);
    }

    function test_RulebookValueTooLarge_forEachParameter() public {
        uint64[8] memory limits = [uint64(3650), 254, 2 ** 24 - 1, 2 ** 48 - 1, 10_000, 3650, 30 days, 3650];
        for (uint16 param = 1; param <= Rules.LAST; ++param) {
            uint64 limit = limits[param - 1];
            bytes memory reason =
                abi.encodeWithSelector(IRulebook.RulebookValueTooLarge.selector, param, limit + 1, limit);
            _refusedRule(param, 0, limit + 1, uint40(block.timestamp) + 9 days, reason);
            _schedule(param, 0, limit, uint40(block.timestamp) + 9 days);
        }
    }

    function test_RulebookNoValue_beforeTheFirstDay() public {
        _refused(
            address(rulebook),
            abi.encodeCall(rulebook.valueAt, (Rules.MIN_LOT_MINOR, CNY, START - 1)),
            abi.encodeWithSelector(IRulebook.RulebookNoValue.selector, Rules.MIN_LOT_MINOR, CNY, START - 1)
        );
        _refused(
            address(rulebook),
            abi.encodeCall(rulebook.valueAt, (Rules.MIN_LOT_MINOR, 0, START - 1)),
            abi.encodeWithSelector(IRulebook.RulebookNoValue.selector, Rules.MIN_LOT_MINOR, 0, START - 1)
        );
    }

    function testFuzz_valueAt_isTheLastValueNotAfter(uint40[8] memory steps, uint40 when) public {
        uint40 day = uint40(block.timestamp) + 8 days;
        uint40[] memory effective = new uint40[](steps.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            day += uint40(_bound(steps[i], 1, 100 days));
            effective[i] = day;
            _schedule(Rules.MAX_DEPTH, 0, uint64(i + 10), day);
            if (block.timestamp + 1 days >= day) day = uint40(block.timestamp) + 2 days;
        }
        when = uint40(_bound(when, START, day + 100 days));
        uint64 expected = 8;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (effective[i] <= when) expected = uint64(i + 10);
        }
        _same(rulebook.valueAt(Rules.MAX_DEPTH, 0, when), expected, "value");
    }

    // ---- helpers

    /// @param terms in the order of `Rules`, from MAX_DEPTH to CLOSE_WINDOW_SECONDS
    function _keeps(uint64 receivable, uint64[6] memory terms) private view {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        _same(entry.maxDepth, terms[0], "maxDepth");
        _same(entry.maxLots, terms[1], "maxLots");
        _same(entry.minLotMinor, terms[2], "minLotMinor");
        _same(entry.lateRatePpmPerDay, terms[3], "lateRatePpmPerDay");
        _same(entry.graceDays, terms[4], "graceDays");
        _same(entry.closeWindowSeconds, terms[5], "closeWindowSeconds");
    }

    function _refusedRule(uint16 param, uint16 currency, uint64 value, uint40 effective, bytes memory reason)
        private
    {
        bytes memory data = abi.encodeCall(rulebook.schedule, (param, currency, value, effective));
        vm.prank(GOVERNOR);
        manager.schedule(address(rulebook), data, 0);
        vm.warp(block.timestamp + 1 days);
        _refused(
            GOVERNOR, address(manager), abi.encodeCall(manager.execute, (address(rulebook), data)), reason
        );
    }
}
