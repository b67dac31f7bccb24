// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AdminRoles} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {ISuccessor} from "../../src/interfaces/ISuccessor.sol";
import {Replay} from "./Replay.sol";
import {World} from "./World.sol";

/// @title The steps in which a ledger hands its state over to a new version, and whether that is the same
abstract contract Succession is World {
    ILedger internal _next;
    ISuccessor internal _import;

    function _retire() internal {
        _asAnnounced(MODULE_ADMIN, address(ledger), abi.encodeCall(ledger.retire, (address(0xCAFE))), 7 days);
    }

    function _deploySuccessor() internal {
        address made =
            vm.deployCode("SuccessorLedger.sol:SuccessorLedger", abi.encode(manager, rulebook, ledger));
        (_next, _import) = (ILedger(made), ISuccessor(made));
        _same(_import.predecessor(), address(ledger), "predecessor");
        _assignFunctions(made);
    }

    function _importAll(uint64 receivables, uint24 lots) internal {
        _importWithoutSeal(receivables, lots);
        _yes(!_import.isSealed(), "not yet");
        _import.seal();
        _yes(_import.isSealed(), "sealed");
    }

    function _importWithoutSeal(uint64 receivables, uint24 lots) internal {
        while (_next.receivableCount() < ledger.receivableCount()) {
            _import.importReceivables(receivables);
        }
        for (uint64 id = 1; id <= ledger.receivableCount(); ++id) {
            ILedger.Receivable memory entry = ledger.receivableOf(id);
            for (uint256 done = 0; done < entry.lotCount; done += lots) {
                _import.importLots(id, lots);
            }
            for (uint256 done = 0; done + 1 < entry.installments; done += lots) {
                _import.importTotals(id, uint16(lots));
            }
        }
    }

    /// @param replay that has seen nothing but the import
    function _sameState(Replay replay) internal view {
        uint64 count = ledger.receivableCount();
        _same(_next.receivableCount(), count, "receivables");
        for (uint64 id = 1; id <= count; ++id) {
            _sameReceivable(id);
            _sameByEvents(replay, id);
        }
        _same(_next.cashOf(CNY), address(cny), "CNY");
        _same(_next.cashOf(EUR), address(eur), "EUR");
        _same(_import.unclaimedOf(CNY), cny.balanceOf(address(settlement)), "CNY that waits");
        _same(_import.unclaimedOf(EUR), eur.balanceOf(address(settlement)), "EUR that waits");
    }

    function _sameReceivable(uint64 id) internal view {
        ILedger.Receivable memory old = ledger.receivableOf(id);
        _same(abi.encode(_next.receivableOf(id)), abi.encode(old), "receivable");
        _same(_next.blockingCount(old.debtor), ledger.blockingCount(old.debtor), "blocking");
        for (uint16 n = 0; n <= old.installments; ++n) {
            (uint64 principal, uint64 interest) = ledger.paidThrough(id, n);
            (uint64 principalNext, uint64 interestNext) = _next.paidThrough(id, n);
            _same(principal, principalNext, "principal through a payment");
            _same(interest, interestNext, "interest through a payment");
        }
        for (uint64 lot = (id << 24) + 1; lot <= (id << 24) + old.lotCount; ++lot) {
            bytes memory held = abi.encode(ledger.lotOf(lot));
            _same(abi.encode(_next.lotOf(lot)), held, "lot");
            _sameClaim(lot);
        }
    }

    function _sameClaim(uint64 lot) private view {
        (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
        (uint64 principalNext, uint64 interestNext) = _next.claimableOf(lot);
        _same(principal, principalNext, "claimable principal");
        _same(interest, interestNext, "claimable interest");
        (uint64 toOwner, uint64 toChargee) = ledger.payoutOf(lot);
        (uint64 toOwnerNext, uint64 toChargeeNext) = _next.payoutOf(lot);
        _same(toOwner, toOwnerNext, "the owner's part");
        _same(toChargee, toChargeeNext, "the chargee's part");
    }

    function _sameByEvents(Replay replay, uint64 id) private view {
        ILedger.Receivable memory old = ledger.receivableOf(id);
        _same(abi.encode(replay.receivable(id)), abi.encode(old), "receivable by events");
        for (uint64 lot = (id << 24) + 1; lot <= (id << 24) + old.lotCount; ++lot) {
            _same(abi.encode(replay.lot(lot)), abi.encode(ledger.lotOf(lot)), "lot by events");
        }
    }

    /// @dev As those of the ledger before it, all announced at once.
    function _assignFunctions(address made) private {
        bytes4[] memory modules = new bytes4[](3);
        (modules[0], modules[1]) = (IRights.setRights.selector, ILedger.retire.selector);
        modules[2] = ILedger.setCurrency.selector;
        bytes[] memory calls = new bytes[](3);
        calls[0] = _assignment(made, modules, AdminRoles.MODULES);
        calls[1] = _assignment(made, _one(IRights.pause.selector), AdminRoles.GUARDIAN);
        calls[2] = _assignment(made, _one(IRights.unpause.selector), AdminRoles.UNPAUSER);
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(CONSORTIUM);
            manager.schedule(address(manager), calls[i], 0);
        }
        vm.warp(block.timestamp + 3 days);
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(CONSORTIUM);
            manager.execute(address(manager), calls[i]);
        }
    }

    function _assignment(address made, bytes4[] memory selectors, uint64 role)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeCall(manager.setTargetFunctionRole, (made, selectors, role));
    }

    function _one(bytes4 selector) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }
}
