// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights, Rules} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ILens} from "../../src/interfaces/ILens.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {IRulebook} from "../../src/interfaces/IRulebook.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {HandlerCredit} from "./HandlerCredit.sol";
import {HandlerMoney} from "./HandlerMoney.sol";
import {HandlerOrders} from "./HandlerOrders.sol";
import {HandlerParties} from "./HandlerParties.sol";
import {HandlerTrade} from "./HandlerTrade.sol";
import {HandlerWilling} from "./HandlerWilling.sol";
import {Replay} from "./Replay.sol";
import {Succession} from "./Succession.sol";
import {World} from "./World.sol";

/// @title Random life of a network: every action is a good one and must not revert
/// @dev After each action the events go to the replay.
contract Handler is
    HandlerTrade,
    HandlerCredit,
    HandlerMoney,
    HandlerOrders,
    HandlerParties,
    HandlerWilling,
    Succession
{
    /// @dev what the invariants look at
    struct System {
        ILedger ledger;
        ILens lens;
        IParties parties;
        IInvoices invoices;
        IRulebook rulebook;
        IFinancing financing;
        IExports exports;
        ICash cny;
        ICash eur;
        address settlement;
        address manager;
        address[] modules;
    }

    /// @dev Life begins with a debt of each debtor in each currency, some of few hops, and each bank's mandates for them: wide
    /// ones with and without recourse, and such as are soon used up.
    function setUp() public override(HandlerBase, HandlerParties, World) {
        super.setUp();
        changeRules(0, 2);
        for (uint256 choice = 0; choice < 4; ++choice) {
            if (choice == 2) changeRules(0, 8);
            issue(FACE + choice, 60 + choice, 0, (1 << 8) | (1 << 2) | choice);
        }
        for (uint256 choice = 0; choice < 16; ++choice) {
            grantMandate(choice | (1 << 64), 7 * FACE + choice, 10_000 * choice);
        }
        for (uint256 choice = 0; choice < 8; ++choice) {
            grantMandate(choice, FACE / 5 + choice, 10_000 * choice);
        }
    }

    function system() external view returns (System memory all) {
        (all.ledger, all.lens, all.parties, all.invoices) = (ledger, lens, parties, invoices);
        (all.rulebook, all.financing, all.exports) = (rulebook, financing, exports);
        (all.cny, all.eur, all.settlement, all.manager) = (cny, eur, address(settlement), address(manager));
        all.modules = new address[](7);
        (all.modules[0], all.modules[1]) = (address(issuance), address(transfers));
        (all.modules[2], all.modules[3]) = (address(financing), address(pledges));
        (all.modules[4], all.modules[5]) = (address(settlement), address(enforcement));
        all.modules[6] = address(exports);
    }

    function changeRules(uint256 which, uint256 value) public recorded {
        uint16 param = which % 2 == 0 ? Rules.MAX_DEPTH : Rules.MIN_LOT_MINOR;
        uint64 value_ = uint64(which % 2 == 0 ? _bound(value, 2, 8) : _bound(value, 1, 1000));
        uint40 effective = uint40(block.timestamp) + 2 days;
        bytes memory data = abi.encodeCall(rulebook.schedule, (param, 0, value_, effective));
        _asAnnounced(GOVERNOR, address(rulebook), data, 1 days);
        vm.warp(block.timestamp + 1 days);
        ++done["changeRules"];
    }

    function pauseAndUnpause(uint256 mask, uint256 which) external recorded {
        uint16 bits = uint16(mask) & Rights.PAUSABLE;
        address[4] memory keepers = [address(ledger), address(invoices), address(cny), address(eur)];
        address keeper = keepers[which % 4];
        vm.prank(GUARDIAN);
        IRights(keeper).pause(bits);
        _asAnnounced(UNPAUSER, keeper, abi.encodeCall(IRights.unpause, (bits)), 1 hours);
        ++done["pauseAndUnpause"];
    }

    /// @dev Whatever came of the network, a new version of the ledger takes it over as it is.
    function handOver() external {
        _retire();
        vm.recordLogs();
        _deploySuccessor();
        _importAll(5, 7);
        Replay imported = new Replay();
        imported.applyAll(vm.getRecordedLogs());
        _sameState(imported);
    }

    function waitSomeHours(uint256 hours_) external {
        if (block.timestamp < LAST_DAY) vm.warp(block.timestamp + _bound(hours_, 1, 24 * 10) * 1 hours);
    }

    /// @dev To where something changes: the register closes, a debt becomes late, the grace period ends; or a second before.
    function waitForADay(uint256 which, uint256 choice) external {
        uint256 count = ledger.receivableCount();
        if (count == 0 || block.timestamp >= LAST_DAY) return;
        (, uint40 due,) = ledger.debtOf(uint64(1 + which % count));
        uint40[3] memory days_ = [due - 1 hours, due + 1 days, due + 31 days];
        uint40 moment = days_[choice % 3] - uint40((choice >> 8) % 2);
        if (moment > block.timestamp) vm.warp(moment);
    }
}
