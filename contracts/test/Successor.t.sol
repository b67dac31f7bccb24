// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IEnforcement} from "../src/interfaces/IEnforcement.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IHandover} from "../src/interfaces/IHandover.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {ISuccessor} from "../src/interfaces/ISuccessor.sol";
import {Replay} from "./support/Replay.sol";
import {Succession} from "./support/Succession.sol";

/// @title Moving the whole ledger to a new version
contract SuccessorTest is Succession {
    address private _oldSettlement;

    function setUp() public override {
        super.setUp();
        _mint(eur, debtor, 10 * FACE);
        _live();
        _oldSettlement = address(settlement);
    }

    // ---- the whole move

    function test_migration_stateBeforeAndAfterIsEqual() public {
        _retire();
        vm.recordLogs();
        _deploySuccessor();
        _importAll(1, 2);
        Replay replay = new Replay();
        replay.applyAll(vm.getRecordedLogs());
        _sameState(replay);
        _yes(ledger.blockingCount(debtor) != 0, "a blocked debtor is part of the story");
    }

    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_migration_inAnyPieces(uint256 receivables, uint256 lots) public {
        _retire();
        _deploySuccessor();
        _importAll(uint64(_bound(receivables, 1, 9)), uint24(_bound(lots, 1, 9)));
        _sameReceivable(1);
        _sameReceivable(2);
    }

    function test_migration_cashFollowsAndLifeGoesOn() public {
        _retire();
        _deploySuccessor();
        _importAll(50, 50);
        uint256 waiting = cny.balanceOf(_oldSettlement);
        _yes(waiting != 0, "somebody's money waits");
        _startModules();
        _yes(!ledger.isRetired(), "the successor itself is in use");
        _same(cny.balanceOf(_oldSettlement), 0, "nothing is left behind");
        _same(cny.balanceOf(address(settlement)), waiting, "CNY has moved");
        // the second lot of the part-paid receivable was not claimed before
        uint64 lot = (uint64(2) << 24) + 2;
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        uint256 before = cny.balanceOf(tier2);
        _doClaim(lot);
        _same(cny.balanceOf(tier2), before + principal + interest, "claimed at the successor");
        (uint64 owed, uint64 late) = ledger.owedAt(2, uint40(block.timestamp));
        _doPay(2, owed + late);
        _yes(ledger.receivableOf(2).state == ILedger.State.Settled, "settled at the successor");
        (uint64 id,) = _doIssueWhenFree();
        _same(id, 7, "ids go on");
    }

    function _doIssueWhenFree() private returns (uint64 receivable, uint64 lot) {
        (uint64 owed, uint64 late) = ledger.owedAt(3, uint40(block.timestamp));
        _mint(cny, debtor, owed + late);
        _doPay(3, owed + late);
        _same(ledger.blockingCount(debtor), 0, "free");
        return _doIssue(FACE, 30);
    }

    // ---- what is refused

    function test_RightsRetired_andRightsMissing_atTheOldLedger() public {
        _retire();
        ISettlement.Pay memory payment = _intentPay(2, 1);
        _same(ledger.rightsOf(address(settlement)), 0, "no right is left");
        _yes(ledger.isRetired(), "retired");
        _refused(
            payment, abi.encodeWithSelector(IRights.RightsMissing.selector, address(settlement), Rights.PAY)
        );
        bytes memory data = abi.encodeCall(ledger.setRights, (address(settlement), Rights.PAY));
        _refusedAnnounced(data, _reason(IRights.RightsRetired.selector));
        _refusedAnnounced(
            abi.encodeCall(ledger.retire, (address(1))), _reason(IRights.RightsRetired.selector)
        );
    }

    function test_LedgerZeroValue_whenRetiredWithoutASuccessor() public {
        _refusedAnnounced(
            abi.encodeCall(ledger.retire, (address(0))), _reason(ILedger.LedgerZeroValue.selector)
        );
    }

    function test_SuccessorNotRetired_whileTheOldLedgerLives() public {
        _deploySuccessor();
        bytes memory reason = abi.encodeWithSelector(ISuccessor.SuccessorNotRetired.selector, address(ledger));
        _refused(address(_import), abi.encodeCall(_import.importReceivables, (1)), reason);
        _refused(address(_import), abi.encodeCall(_import.importLots, (1, 1)), reason);
        _refused(address(_import), abi.encodeCall(_import.importTotals, (1, 1)), reason);
        _refused(address(_import), abi.encodeCall(_import.seal, ()), reason);
    }

    function test_SuccessorNotImported_beforeTheReceivableIs() public {
        _retire();
        _deploySuccessor();
        bytes memory reason = abi.encodeWithSelector(ISuccessor.SuccessorNotImported.selector, 1);
        _refused(address(_import), abi.encodeCall(_import.importTotals, (1, 1)), reason);
        _refused(address(_import), abi.encodeCall(_import.importLots, (1, 1)), reason);
    }

    function test_SuccessorIncomplete_untilEverythingIsThere() public {
        _retire();
        _deploySuccessor();
        _import.importReceivables(6);
        for (uint64 id = 1; id <= 6; ++id) {
            _import.importLots(id, 100);
        }
        // one that is complete does not count twice
        _import.importLots(1, 1);
        // the one that was paid three times still lacks its history
        _refused(
            address(_import),
            abi.encodeCall(_import.seal, ()),
            abi.encodeWithSelector(ISuccessor.SuccessorIncomplete.selector, 5, 6)
        );
        _import.importTotals(2, 1);
        _refused(
            address(_import),
            abi.encodeCall(_import.seal, ()),
            abi.encodeWithSelector(ISuccessor.SuccessorIncomplete.selector, 5, 6)
        );
        _import.importTotals(2, 9);
        _import.seal();
    }

    function test_SuccessorNotSealed_nobodyActsBeforeTheImportIsComplete() public {
        _retire();
        _deploySuccessor();
        _import.importReceivables(1);
        bytes memory data = abi.encodeCall(_next.setRights, (address(this), Rights.ISSUE));
        vm.prank(MODULE_ADMIN);
        manager.schedule(address(_next), data, 0);
        vm.warp(block.timestamp + 7 days);
        _refused(
            MODULE_ADMIN,
            address(manager),
            abi.encodeCall(manager.execute, (address(_next), data)),
            _reason(ISuccessor.SuccessorNotSealed.selector)
        );
    }

    function test_SuccessorSealed_nothingIsImportedAfterwards() public {
        _retire();
        _deploySuccessor();
        _importAll(9, 9);
        bytes memory reason = _reason(ISuccessor.SuccessorSealed.selector);
        _refused(address(_import), abi.encodeCall(_import.importReceivables, (1)), reason);
        _refused(address(_import), abi.encodeCall(_import.importLots, (1, 1)), reason);
        _refused(address(_import), abi.encodeCall(_import.importTotals, (1, 1)), reason);
        _refused(address(_import), abi.encodeCall(_import.seal, ()), reason);
    }

    function test_importing_againAddsNothing() public {
        _retire();
        _deploySuccessor();
        _importAll(9, 9);
        _same(_import.unclaimedOf(CNY), cny.balanceOf(address(settlement)), "counted once");
    }

    function test_HandoverAmountDiffers_whenTheAccountHoldsSomethingElse() public {
        _retire();
        _deploySuccessor();
        _importAll(9, 9);
        IHandover handover = _deployHandover(address(1));
        uint64 waiting = uint64(cny.balanceOf(_oldSettlement));
        _becomeModule(address(cny), Rights.CLAIM);
        cny.move(_oldSettlement, bank, 1, Rights.CLAIM);
        _refused(
            address(handover),
            abi.encodeCall(handover.handOver, (CNY)),
            abi.encodeWithSelector(IHandover.HandoverAmountDiffers.selector, CNY, waiting - 1, waiting)
        );
    }

    function test_SuccessorNotSealed_noHandoverBefore() public {
        _retire();
        _deploySuccessor();
        IHandover handover = _deployHandover(address(1));
        _refused(
            address(handover),
            abi.encodeCall(handover.handOver, (CNY)),
            _reason(ISuccessor.SuccessorNotSealed.selector)
        );
    }

    // ---- a ledger with something of everything

    /// @dev 1 split and financed with recourse, 2 paid three times and partly claimed, 3 overdue, 4 in euro and settled,
    /// 5 cancelled, 6 pledged and frozen.
    function _live() private {
        (, uint64 first) = _doIssue(FACE, 200);
        _doAssign(first, tier2, FACE / 3);
        IFinancing.Finance memory sale = _intentFinance(first, FACE / 4, FACE / 4 - 100);
        (sale.recourse, sale.secured) = (1, FACE / 5);
        _carry(sale);
        _paidInParts();
        _doIssue(FACE / 7, 20);
        _inEuro();
        _cancelled();
        _pledgedAndFrozen();
        vm.warp(_midnight() + 41 days);
        _doPay(2, 7);
        settlement.flagOverdue(3);
    }

    function _paidInParts() private {
        (uint64 id, uint64 lot) = _doIssue(FACE, 40);
        _doAssign(lot, tier2, FACE / 3 + 1);
        _doAssign(lot, tier3, FACE / 7);
        _doPay(id, 1001);
        _doClaim(lot);
        _doPay(id, 333);
    }

    function _inEuro() private {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 30 days);
        intent.currency = EUR;
        (uint64 id, uint64 lot) = _carry(intent);
        _doAssign(lot, tier2, FACE / 2);
        _doPay(id, FACE);
        _doClaim(lot);
    }

    function _cancelled() private {
        IIssuance.Issue memory issue = _intentIssue(FACE, _midnight() + 30 days);
        (uint64 id,) = _carry(issue);
        IIssuance.Cancel memory intent =
            IIssuance.Cancel(debtor, supplier, id, EVIDENCE, issue.invoices, _deadline(), 1);
        bytes32 digest = issuance.hashCancel(intent);
        issuance.cancel(intent, _signedBy(debtor, digest), _signedBy(supplier, digest));
    }

    function _pledgedAndFrozen() private {
        (, uint64 lot) = _doIssue(FACE, 120);
        IPledges.Pledge memory intent =
            IPledges.Pledge(supplier, bank, lot, 0, FACE / 2, 0, EVIDENCE, _deadline(), 1);
        bytes32 digest = pledges.hashPledge(intent);
        pledges.pledge(intent, _signedBy(supplier, digest), _signedBy(bank, digest));
        uint64[] memory lots = new uint64[](1);
        lots[0] = lot;
        vm.prank(FREEZER);
        enforcement.freeze(lots, EVIDENCE);
    }

    /// @dev The parties keep their registry, the money its tokens; the modules are bound to a ledger and are made anew.
    function _startModules() private {
        ledger = _next;
        issuance = IIssuance(vm.deployCode("Issuance.sol:Issuance", abi.encode(ledger, parties, invoices)));
        financing = IFinancing(vm.deployCode("Financing.sol:Financing", abi.encode(ledger, parties)));
        settlement =
            ISettlement(vm.deployCode("Settlement.sol:Settlement", abi.encode(ledger, parties, financing)));
        IHandover handover = _deployHandover(address(settlement));
        _give(address(ledger), address(issuance), Rights.ISSUE | Rights.CANCEL);
        _give(address(ledger), address(settlement), Rights.PAY | Rights.CLAIM | Rights.FLAG);
        _give(address(invoices), address(issuance), Rights.ISSUE | Rights.CANCEL);
        ICash[2] memory tokens = [cny, eur];
        for (uint256 i = 0; i < 2; ++i) {
            _give(address(tokens[i]), address(handover), Rights.CLAIM);
            handover.handOver(tokens[i].currency());
            _give(address(tokens[i]), address(handover), 0);
            _give(address(tokens[i]), address(settlement), Rights.PAY | Rights.CLAIM);
        }
    }

    function _deployHandover(address to) private returns (IHandover) {
        return IHandover(vm.deployCode("Handover.sol:Handover", abi.encode(_import, _oldSettlement, to)));
    }

    function _give(address keeper, address module, uint16 rights) private {
        _asAnnounced(MODULE_ADMIN, keeper, abi.encodeCall(ledger.setRights, (module, rights)), 7 days);
    }

    function _refusedAnnounced(bytes memory data, bytes memory reason) private {
        vm.prank(MODULE_ADMIN);
        manager.schedule(address(ledger), data, 0);
        vm.warp(block.timestamp + 7 days);
        _refused(
            MODULE_ADMIN, address(manager), abi.encodeCall(manager.execute, (address(ledger), data)), reason
        );
    }
}
