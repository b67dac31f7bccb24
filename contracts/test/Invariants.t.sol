// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/interfaces/ILedger.sol";
import {ILens} from "../src/interfaces/ILens.sol";
import {Handler} from "./support/Handler.sol";
import {WalkReplay} from "./support/WalkReplay.sol";

/// @title The ledger's invariants (ledger.md §9) after any sequence of actions
/// @dev I5, I7, I9 and I10 are also looked at after every action, by the handler and the replay.
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
/// forge-config: default.invariant.fail-on-revert = true
/// forge-config: ci.invariant.fail-on-revert = true
contract InvariantsTest is WalkReplay {
    uint256 private constant OFTEN = 4;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        _handler = new Handler();
        _handler.setUp();
        _replay = _handler.replay();
        _system = _handler.system();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        // what the money depends on comes more often
        bytes4[18] memory often = [
            _handler.issue.selector,
            _handler.assign.selector,
            _handler.finance.selector,
            _handler.resell.selector,
            _handler.financeUnderMandate.selector,
            _handler.pledge.selector,
            _handler.pay.selector,
            _handler.claim.selector,
            _handler.declareDefault.selector,
            _handler.resume.selector,
            _handler.orderForcedMove.selector,
            _handler.writeOff.selector,
            _handler.endForcedMove.selector,
            _handler.tryMove.selector,
            _handler.tryQuote.selector,
            _handler.tryCharge.selector,
            _handler.tryMoney.selector,
            _handler.tryOrder.selector
        ];
        bytes4[26] memory seldom = [
            _handler.cancel.selector,
            _handler.tryIssue.selector,
            _handler.buyBack.selector,
            _handler.assignMany.selector,
            _handler.financeMany.selector,
            _handler.export_.selector,
            _handler.grantMandate.selector,
            _handler.revokeMandate.selector,
            _handler.releaseExposure.selector,
            _handler.lowerPledge.selector,
            _handler.realise.selector,
            _handler.claimOfHolder.selector,
            _handler.flagOverdue.selector,
            _handler.mint.selector,
            _handler.redeem.selector,
            _handler.freeze.selector,
            _handler.unfreeze.selector,
            _handler.suspend.selector,
            _handler.suspendParty.selector,
            _handler.changeParties.selector,
            _handler.recover.selector,
            _handler.changeRules.selector,
            _handler.pauseAndUnpause.selector,
            _handler.replayOldCall.selector,
            _handler.waitSomeHours.selector,
            _handler.waitForADay.selector
        ];
        bytes4[] memory selectors = new bytes4[](OFTEN * often.length + seldom.length);
        for (uint256 i = 0; i < OFTEN * often.length; ++i) {
            selectors[i] = often[i % often.length];
        }
        for (uint256 i = 0; i < seldom.length; ++i) {
            selectors[OFTEN * often.length + i] = seldom[i];
        }
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), selectors);
    }

    /// @dev One function, so that the state after a run is walked over once.
    function invariant_allHold() external view {
        (uint256 cnyHeld, uint256 eurHeld) = (0, 0);
        uint64 count = _system.ledger.receivableCount();
        for (uint64 id = 1; id <= count; ++id) {
            ILedger.Receivable memory entry = _system.ledger.receivableOf(id);
            ILens.LotView[] memory lots = _system.lens.lots(id, 1, type(uint24).max - 1);
            _walk(id, entry, lots);
            _replayedReceivable(id, entry, lots);
            uint256 held = uint256(entry.paid) + entry.interestPaid - entry.claimed;
            if (entry.currency == _system.cny.currency()) cnyHeld += held;
            else eurHeld += held;
        }
        address settlement = _system.settlement;
        _same(_system.cny.balanceOf(settlement), cnyHeld, "I3: settlement holds what is not claimed, CNY");
        _same(_system.eur.balanceOf(settlement), eurHeld, "I3: settlement holds what is not claimed, EUR");
        _money(_system.cny);
        _money(_system.eur);
        _mandates(count);
        _blocks(count);
        _replayed();
        (uint256 replayed,) = _replay.counts();
        _same(count, replayed, "I8: every receivable is in the events");
    }

    /// @dev Once at the end of each sequence.
    function afterInvariant() external {
        _handler.handOver();
    }

    /// @dev A handler that only skips would prove nothing: every action has its effect here at least once.
    function test_handler_reachesEveryAction() external {
        _reachTrade();
        _reachCredit();
        _reachOrders();
        _reachRefusals();
        _reachMoney();
        this.invariant_allHold();
        this.afterInvariant();
    }

    function _reachTrade() private {
        _reach("issue", _handler.issue.selector, 6);
        _reach("cancel", _handler.cancel.selector, 1);
        _reach("issueWithAnotherTotal", _handler.issue.selector, 1);
        _reach("issue", _handler.issue.selector, 12);
        _reach("assign", _handler.assign.selector, 4);
        _reach("assignMany", _handler.assignMany.selector, 1);
        _reach("finance", _handler.finance.selector, 2);
        _reach("financeInFull", _handler.finance.selector, 2);
        _reach("financeLimited", _handler.finance.selector, 2);
        _reach("financeMany", _handler.financeMany.selector, 1);
        _reach("resell", _handler.resell.selector, 1);
        _reach("buyBack", _handler.buyBack.selector, 1);
        _reach("buyBackWithinLimit", _handler.buyBack.selector, 1);
        _reach("export", _handler.export_.selector, 1);
        _reach("replayOldCall", _handler.replayOldCall.selector, 16);
        _reachBeyondTheLimit();
    }

    function _reachBeyondTheLimit() private {
        for (uint256 i = 0; _handler.done("pledgeTooDeep") == 0; ++i) {
            _yes(i < 64, "a lot deeper than the limit");
            _reach("orderForcedMove", _handler.orderForcedMove.selector, 1 + i);
            _handler.endForcedMove(false);
            _handler.tryCharge(i, 0, i, 0);
        }
    }

    function _reachCredit() private {
        _reach("grantMandate", _handler.grantMandate.selector, 8);
        _reach("financeUnderMandate", _handler.financeUnderMandate.selector, 3);
        _reach("financeManyUnderMandate", _handler.financeUnderMandate.selector, 1);
        _reach("revokeMandate", _handler.revokeMandate.selector, 1);
        _reach("pledge", _handler.pledge.selector, 8);
        _reach("lowerPledge", _handler.lowerPledge.selector, 1);
        _reach("liftPledge", _handler.lowerPledge.selector, 1);
        _reach("realise", _handler.realise.selector, 1);
    }

    function _reachOrders() private {
        _reach("freeze", _handler.freeze.selector, 4);
        _reach("unfreeze", _handler.unfreeze.selector, 1);
        _reach("suspend", _handler.suspend.selector, 2);
        _reach("resume", _handler.resume.selector, 1);
        uint256 orders = 1 + _handler.done("orderForcedMove");
        for (
            uint256 i = 0;
            _handler.done("forceMoveOfFrozen") == 0 || _handler.done("cancelForcedMove") == 0;
            ++i
        ) {
            _yes(i < 64, "forced moves");
            _reach("orderForcedMove", _handler.orderForcedMove.selector, orders + i);
            _handler.endForcedMove(i % 3 == 0);
        }
        _yes(_handler.done("forceMove") != 0, "forceMove");
        _reach("suspendParty", _handler.suspendParty.selector, 1);
        _reach("reinstateParty", _handler.suspendParty.selector, 1);
    }

    function _reachRefusals() private {
        bytes4[5] memory tries = [
            _handler.tryMove.selector,
            _handler.tryQuote.selector,
            _handler.tryCharge.selector,
            _handler.tryMoney.selector,
            _handler.tryOrder.selector
        ];
        for (uint256 i = 0; i < tries.length; ++i) {
            _reach("tried", tries[i], _handler.done("tried") + 2);
            _reach("refused", tries[i], _handler.done("refused") + 2);
        }
        _reach("refused", _handler.tryIssue.selector, _handler.done("refused") + 2);
    }

    function _reachMoney() private {
        _reach("mint", _handler.mint.selector, 1);
        _reach("redeem", _handler.redeem.selector, 1);
        _reach("setThreshold", _handler.changeParties.selector, 2);
        _reach("proposeRecovery", _handler.recover.selector, 2);
        _reach("secondRecovery", _handler.recover.selector, 1);
        _reach("executeRecovery", _handler.recover.selector, 1);
        _reach("vetoRecovery", _handler.recover.selector, 1);
        _reach("cancelRecovery", _handler.recover.selector, 1);
        _reach("changeRules", _handler.changeRules.selector, 4);
        _reach("pauseAndUnpause", _handler.pauseAndUnpause.selector, 8);
        _reach("payWhileSuspended", _handler.pay.selector, 1);
        _reach("claimWhileSuspended", _handler.claim.selector, 1);
        _reach("pay", _handler.pay.selector, 6);
        _reach("releaseExposure", _handler.releaseExposure.selector, 1);
        _reach("claimOfHolder", _handler.claimOfHolder.selector, 2);
        _reach("claim", _handler.claim.selector, 3);
        for (uint256 i = 0; i < 8; ++i) {
            _handler.waitForADay(i, 2);
        }
        _reach("flagOverdue", _handler.flagOverdue.selector, 1);
        _reach("pay", _handler.pay.selector, 12);
        _reach("claimOfFrozen", _handler.claim.selector, 1);
        _reach("claimPledgedAndInterest", _handler.claim.selector, 1);
        _reach("realiseAfterClaim", _handler.realise.selector, 1);
        _reach("claimWithRecourseAndInterest", _handler.claim.selector, 1);
        _reach("declareDefault", _handler.declareDefault.selector, 2);
        _reach("writeOff", _handler.writeOff.selector, 1);
        _reach("claim", _handler.claim.selector, 4);
    }

    /// @dev Calls an action with one set of arguments after the other until it had its effect so many times.
    function _reach(string memory action, bytes4 selector, uint256 times) private {
        for (uint256 i = 0; _handler.done(action) < times; ++i) {
            _yes(i < 200, action);
            bytes32 seed = keccak256(abi.encode(action, times, i));
            bytes memory arguments = abi.encode(
                seed,
                keccak256(abi.encode(seed, 1)),
                keccak256(abi.encode(seed, 2)),
                keccak256(abi.encode(seed, 3))
            );
            // solhint-disable-next-line avoid-low-level-calls
            (bool success,) = address(_handler).call(bytes.concat(selector, arguments));
            _yes(success, string.concat(action, " reverted"));
        }
    }
}
