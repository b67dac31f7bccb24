// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRoles, Rules} from "../src/interfaces/Codes.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title The statutory term: a large buyer pays a small supplier within 60 days of delivery, or the supplier agrees to more
contract StatutoryTermTest is Scenes {
    uint256 private constant LARGE_KEY = 0x5001;
    uint256 private constant SMALL_KEY = 0x5002;

    address private _large;
    address private _small;

    function setUp() public override {
        super.setUp();
        _large = _admit("large", PartyRoles.DEBTOR | PartyRoles.LARGE_BUYER, _keys(LARGE_KEY), 1);
        _small = _admit("small", PartyRoles.SUPPLIER | PartyRoles.SMALL_SUPPLIER, _keys(SMALL_KEY), 1);
    }

    function test_issue_withinTheTermFromALargeBuyerToASmallSupplier() public {
        _carry(_intent(_large, _small, 60));
        _same(ledger.receivableCount(), 1, "on the last day");
    }

    function test_IssuanceStatutoryTerm_onlyBetweenLargeBuyerAndSmallSupplier() public {
        _refusedTerm(_intent(_large, _small, 61));
        _carry(_intent(_large, supplier, 61));
        _carry(_intent(debtor, _small, 61));
        _carry(_intent(debtor, supplier, 61));
        _same(ledger.receivableCount(), 3, "nobody else is held to it");
    }

    function test_issue_beyondTheTermWithTheSuppliersSignedExtension() public {
        IIssuance.Issue memory intent = _intent(_large, _small, 61);
        intent.extension = keccak256("the supplier agrees");
        _carry(intent);
        _same(ledger.receivableCount(), 1, "issued");
    }

    function test_extension_isPartOfWhatIsSigned() public view {
        IIssuance.Issue memory intent;
        bytes32 without = issuance.hashIssue(intent);
        intent.extension = keccak256("the supplier agrees");
        _yes(issuance.hashIssue(intent) != without, "another digest");
    }

    function test_term_countsFromTheDayOfDelivery() public {
        IIssuance.Issue memory intent = _intent(_large, _small, 31);
        intent.deliveredAt = _midnight() - 30 days;
        _refusedTerm(intent);
        intent.due -= 1 days;
        _carry(intent);
        _same(ledger.receivableCount(), 1, "sixty days after delivery");
    }

    function test_IssuanceNotDelivered_whenDeliveryIsYetToCome() public {
        IIssuance.Issue memory intent = _intent(debtor, supplier, 10);
        intent.deliveredAt = START + 1;
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuanceNotDelivered.selector, START + 1));
        intent.deliveredAt = START;
        _carry(intent);
        // an extension is no licence for a prepayment
        intent = _intent(_large, _small, 10);
        (intent.deliveredAt, intent.extension) = (START + 1, TERMS);
        _refused(intent, abi.encodeWithSelector(IIssuance.IssuanceNotDelivered.selector, START + 1));
    }

    function test_term_isADatedRule() public {
        uint40 day = _midnight() + 10 days;
        _schedule(Rules.STATUTORY_TERM_DAYS, 0, 30, day);
        vm.warp(day - 1);
        _carry(_intent(_large, _small, 60));
        vm.warp(day);
        IIssuance.Issue memory intent = _intent(_large, _small, 31);
        _refusedTerm(intent);
        intent.due -= 1 days;
        _carry(intent);
        _same(ledger.receivableCount(), 2, "the new term from its second on");
    }

    function test_term_ofZeroDaysIsNoRule() public {
        uint40 day = _midnight() + 10 days;
        _schedule(Rules.STATUTORY_TERM_DAYS, 0, 0, day);
        vm.warp(day);
        _carry(_intent(_large, _small, 365));
        _same(ledger.receivableCount(), 1, "no law says so");
    }

    function test_term_followsTheRolesOfTheDay() public {
        vm.prank(REGISTRAR);
        parties.update(
            _small, IParties.Status.Active, PartyRoles.SUPPLIER, START + 3650 days, keccak256("it has grown")
        );
        _carry(_intent(_large, _small, 90));
        _same(ledger.receivableCount(), 1, "no longer small");
    }

    // ---- helpers

    /// @dev Delivered today.
    function _intent(address buyer, address seller, uint40 termDays)
        private
        returns (IIssuance.Issue memory intent)
    {
        intent = _intentIssue(FACE, _midnight() + termDays * 1 days);
        (intent.debtor, intent.creditor) = (buyer, seller);
    }

    /// @dev One day beyond the term.
    function _refusedTerm(IIssuance.Issue memory intent) private {
        _refused(
            intent,
            abi.encodeWithSelector(IIssuance.IssuanceStatutoryTerm.selector, intent.due, intent.due - 1 days)
        );
    }
}
