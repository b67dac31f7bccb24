// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, LotFlags, PartyRoles, Powers, Rights} from "../src/interfaces/Codes.sol";
import {IExports} from "../src/interfaces/IExports.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title A lot goes on living in another register, and only there
contract ExportsTest is Bank, Orders, Pledging {
    bytes32 private constant REF = keccak256("their reference");
    bytes32 private constant OTHER_REF = keccak256("their other reference");
    uint64 private constant HALF = FACE / 2;
    uint64 private _receivable;
    uint64 private _lot;
    address private _registry;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _registry = _admitRegistry();
    }

    function test_export_passesTitleToTheOtherRegister() public {
        uint64 child = _carry(_intentExport(_lot, _registry, HALF, REF));
        ILedger.Lot memory part = ledger.lotOf(child);
        _same(part.owner, _registry, "title");
        _same(part.amount, HALF, "amount");
        _same(part.flags, LotFlags.EXPORTED, "flags");
        _same(exports.lotOf(_registry, REF), child, "reference");
        _same(ledger.lotOf(_lot).amount, FACE - HALF, "the rest stays");
        _same(ledger.lotOf(_lot).flags, 0, "and is free");
    }

    function test_export_reportsItself() public {
        IExports.Export memory intent = _intentExport(_lot, _registry, HALF, REF);
        bytes32 digest = exports.hashExport(intent);
        bytes memory ofOwner = _signedBy(supplier, digest);
        bytes memory ofRegistry = _signedBy(_registry, digest);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotFlagsChanged(_receivable, _lot + 1, LotFlags.EXPORTED, 0, REF);
        vm.expectEmit(true, true, true, true, address(exports));
        emit IExports.LotExported(_lot + 1, supplier, _registry, HALF, REF, digest);
        vm.expectEmit(true, true, true, true, address(exports));
        emit IIntents.IntentUsed(digest, IntentKinds.EXPORT, _lot + 1, address(this));
        exports.export(intent, ofOwner, ofRegistry);
    }

    function test_export_theDebtorsMoneyGoesToTheOtherRegister() public {
        uint64 child = _carry(_intentExport(_lot, _registry, HALF, REF));
        _doPay(_receivable, FACE);
        _doClaim(child);
        _same(cny.balanceOf(_registry), HALF, "for whoever holds it there");
    }

    function test_LedgerLotExported_whateverIsToBeDoneWithIt() public {
        uint64 child = _carry(_intentExport(_lot, _registry, HALF, REF));
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerLotExported.selector, child);
        _refused(_intentAssign(child, tier2, HALF), reason);
        _refused(_intentFinance(child, HALF, HALF), reason);
        _refused(_intentPledge(child, HALF, 0), reason);
        IExports.Export memory again = _intentExport(child, _admitSecondRegistry(), HALF, OTHER_REF);
        _refused(again, reason);
        _becomeModule(address(ledger), Rights.FORCE | Rights.PLEDGE);
        _refusedMove(child, ILedger.Cause.Forced, reason);
        _refusedMove(child, ILedger.Cause.Recovery, reason);
    }

    function test_LedgerLotExported_whenALotWithRecourseIsBoughtBack() public {
        uint64 bought = _carry(_intentRecourse(_lot, HALF, HALF, HALF, 0));
        uint64 child = _carry(_intentExport(bought, _registry, HALF, REF));
        _same(ledger.lotOf(child).flags, LotFlags.EXPORTED | LotFlags.RECOURSE, "the charge goes with it");
        _refused(
            _intentBuyback(child, supplier, 1),
            abi.encodeWithSelector(ILedger.LedgerLotExported.selector, child)
        );
    }

    function test_export_ofALotWithRecourseStillPaysTheSellerTheRest() public {
        uint64 bought = _carry(_intentRecourse(_lot, HALF, HALF, HALF - 77, 0));
        uint64 child = _carry(_intentExport(bought, _registry, HALF, REF));
        _doPay(_receivable, FACE);
        _doClaim(child);
        _same(cny.balanceOf(_registry), HALF - 77, "what was secured for the bank");
        _same(cny.balanceOf(supplier), HALF + 77, "the rest, beside the price");
    }

    function test_ExportsReferenceUsed_forASecondLotAndForAReplay() public {
        IExports.Export memory intent = _intentExport(_lot, _registry, HALF, REF);
        uint64 child = _carry(intent);
        bytes memory reason =
            abi.encodeWithSelector(IExports.ExportsReferenceUsed.selector, _registry, REF, child);
        _refused(intent, reason);
        _refused(_intentExport(_lot, _registry, HALF, REF), reason);
        (, uint64 other) = _doIssue(FACE, 90);
        _refused(_intentExport(other, _registry, FACE, REF), reason);
        _same(exports.lotOf(_registry, REF), child, "one reference, one lot");
    }

    function test_export_theSameReferenceInAnotherRegisterIsAnother() public {
        uint64 child = _carry(_intentExport(_lot, _registry, HALF, REF));
        address second = _admitSecondRegistry();
        uint64 sibling = _carry(_intentExport(_lot, second, HALF, REF));
        _same(exports.lotOf(_registry, REF), child, "of the first");
        _same(exports.lotOf(second, REF), sibling, "of the second");
    }

    function test_PartiesRoleMissing_whenTheReceiverIsNoRegister() public {
        _refused(
            _intentExport(_lot, bank, HALF, REF),
            abi.encodeWithSelector(IParties.PartiesRoleMissing.selector, bank, PartyRoles.REGISTRY)
        );
    }

    function test_PartiesBelowThreshold_withoutTheRegistersAcceptanceOrTheOwner() public {
        IExports.Export memory intent = _intentExport(_lot, _registry, HALF, REF);
        bytes32 digest = exports.hashExport(intent);
        _refused(
            address(exports),
            abi.encodeCall(exports.export, (intent, _signedBy(supplier, digest), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, _registry, Powers.ACCEPT, 0, 1)
        );
        _refused(
            address(exports),
            abi.encodeCall(exports.export, (intent, bytes(""), _signedBy(_registry, digest))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, supplier, Powers.ASSIGN, 0, 1)
        );
        _same(exports.lotOf(_registry, REF), 0, "the reference is free");
    }

    function test_PartiesNotActive_whenTheRegisterIsSuspended() public {
        _suspend(_registry);
        _refused(
            _intentExport(_lot, _registry, HALF, REF),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, _registry, IParties.Status.Suspended)
        );
    }

    function test_LedgerZeroValue_withoutAReference() public {
        _refused(_intentExport(_lot, _registry, HALF, 0), _reason(ILedger.LedgerZeroValue.selector));
    }

    function test_LedgerLotFrozen_whenAFrozenLotIsExported() public {
        _freeze(_lot);
        _refused(
            _intentExport(_lot, _registry, HALF, REF),
            abi.encodeWithSelector(ILedger.LedgerLotFrozen.selector, _lot)
        );
    }

    function test_LedgerRegisterClosed_whenExportedAfterAPayment() public {
        _doPay(_receivable, 1);
        uint40 closedAt = _midnight() + 90 days - 1 hours;
        _refused(
            _intentExport(_lot, _registry, FACE, REF),
            abi.encodeWithSelector(
                ILedger.LedgerRegisterClosed.selector, _receivable, ILedger.State.Settling, closedAt
            )
        );
    }

    function test_LedgerNotOwner_and_LedgerStaleLot_whenExported() public {
        IExports.Export memory intent = _intentExport(_lot, _registry, HALF, REF);
        intent.owner = tier2;
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerNotOwner.selector, _lot, supplier, tier2));
        intent = _intentExport(_lot, _registry, HALF, REF);
        _doAssign(_lot, tier2, FACE / 4);
        _refused(intent, abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, _lot, 0, 1));
    }

    function test_RightsPaused_whenExportsArePaused() public {
        vm.prank(GUARDIAN);
        ledger.pause(Rights.EXPORT);
        _refused(
            _intentExport(_lot, _registry, HALF, REF),
            abi.encodeWithSelector(IRights.RightsPaused.selector, Rights.EXPORT)
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        IExports.Export memory intent = _intentExport(_lot, _registry, HALF, REF);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        (uint40 late, uint40 latest) = (START + 1 days + 1, START + 1 days);
        intent.deadline = late;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, late, latest));
    }

    /// @dev What left and what stayed are the face, whatever is exported in which order under which reference.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_export_noSerialLivesTwice(uint64[6] memory amounts, uint8[6] memory references) public {
        uint64 left = FACE;
        for (uint256 i = 0; i < 6; ++i) {
            if (left < 200) break;
            bytes32 registryRef = keccak256(abi.encode(references[i] % 4));
            uint64 amount = uint64(_bound(amounts[i], 100, left - 100));
            IExports.Export memory intent = _intentExport(_lot, _registry, amount, registryRef);
            uint64 taken = exports.lotOf(_registry, registryRef);
            if (taken != 0) {
                _refused(
                    intent,
                    abi.encodeWithSelector(
                        IExports.ExportsReferenceUsed.selector, _registry, registryRef, taken
                    )
                );
                continue;
            }
            uint64 child = _carry(intent);
            _same(ledger.lotOf(child).first, FACE - left, "the next serials, and no other");
            left -= amount;
            _same(ledger.lotOf(_lot).amount, left, "what stays");
        }
    }

    // ---- helpers

    function _admitSecondRegistry() private returns (address) {
        return _admit("second register", PartyRoles.REGISTRY, _keys(REGISTRY_KEY), 1);
    }

    function _refusedMove(uint64 lot, ILedger.Cause cause, bytes memory reason) private {
        ILedger.MoveOrder memory order =
            ILedger.MoveOrder(lot, 0, _registry, tier2, HALF, cause, ORDER, false);
        _refused(address(ledger), abi.encodeCall(ledger.move, (order)), reason);
    }
}
