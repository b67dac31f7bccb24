// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rules} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Scenes} from "./support/Scenes.sol";

/// @title Who is paid what of what came in: free, frozen, suspended, charged and mandated lots
contract ClaimsTest is Scenes {
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
    }

    // ---- free lots

    function test_claim_paysEachHolderToTheCent() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _doPay(_receivable, FACE);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.LotClaimed(child, tier2, FACE / 3, 0, 1, FACE / 3);
        _doClaim(child);
        _doClaim(_lot);
        _same(cny.balanceOf(tier2), FACE / 3, "tier 2");
        _same(cny.balanceOf(supplier), FACE - FACE / 3, "supplier");
        _same(cny.balanceOf(address(settlement)), 0, "nothing left");
        _same(ledger.receivableOf(_receivable).claimed, FACE, "claimed");
    }

    function test_claim_goesToTheOwnerWhoeverAsks() public {
        _doPay(_receivable, FACE);
        vm.prank(address(0xDEAD));
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE, "owner");
        _same(cny.balanceOf(address(0xDEAD)), 0, "caller");
    }

    function test_claim_betweenInstallmentsNeverTakesFromOthers() public {
        // face 10, lot [2, 3): its exact share is 1 of 4 and 0 of 5
        (uint64 receivable, uint64 lot) = _tiny();
        uint64 second = lot + 2;
        _doPay(receivable, 4);
        _doPay(receivable, 1);
        _failsToClaim(second, _nothing(second));
        _doPay(receivable, 5);
        for (uint64 i = 0; i < 4; ++i) {
            if (ledger.lotOf(lot + i).amount != 0) _doClaim(lot + i);
        }
        _same(ledger.receivableOf(receivable).claimed, 10, "all");
        _same(cny.balanceOf(address(settlement)), 0, "nothing left");
    }

    function test_claim_ofAnEmptiedLotGivesNothing() public {
        _doAssign(_lot, tier2, FACE);
        _doPay(_receivable, FACE);
        (uint64 principal, uint64 interest) = ledger.claimableOf(_lot);
        _same(principal + interest, 0, "nothing");
        _failsToClaim(_lot, _nothing(_lot));
    }

    // ---- waiting

    function test_claim_ofAFrozenLotWaitsAndGetsEverythingAfterwards() public {
        uint64 child = _doAssign(_lot, tier2, FACE / 3);
        _freeze(child);
        _doPay(_receivable, FACE / 2);
        _failsToClaim(child, _frozen(child));
        _doClaim(_lot);
        _doPay(_receivable, FACE - FACE / 2);
        _failsToClaim(child, _frozen(child));
        _claimable(child, FACE / 3, 0);
        _unfreeze(child);
        _doClaim(child);
        _doClaim(_lot);
        _same(cny.balanceOf(tier2), FACE / 3, "all that waited");
        _same(cny.balanceOf(supplier), FACE - FACE / 3, "and nothing of it went to others");
    }

    function test_LedgerReceivableSuspended_untilTheOrderIsLifted() public {
        _suspendReceivable(_receivable);
        _doPay(_receivable, FACE / 2);
        _failsToClaim(_lot, abi.encodeWithSelector(ILedger.LedgerReceivableSuspended.selector, _receivable));
        _same(cny.balanceOf(address(settlement)), FACE / 2, "it waits");
        _resume(_receivable);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE / 2, "paid");
    }

    function test_claim_ofASuspendedHolderGoesIntoItsAccountAndStaysThere() public {
        _doPay(_receivable, FACE);
        _suspend(supplier);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), FACE, "paid into its account");
        _refused(
            _intentRedeem(supplier, FACE),
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, supplier, IParties.Status.Suspended)
        );
    }

    // ---- charged and mandated lots

    function test_claim_ofAPledgedLotPaysThePledgeeFirst() public {
        _pledgeTo(_lot, bank, FACE / 2);
        _doPay(_receivable, FACE / 4);
        vm.expectEmit(true, true, true, true, address(ledger));
        emit ILedger.ChargePaid(_lot, bank, FACE / 4);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), 0, "nothing for the owner yet");
        _doPay(_receivable, FACE - FACE / 4);
        _doClaim(_lot);
        _same(cny.balanceOf(bank), 10 * FACE + FACE / 2, "the pledgee has what is secured");
        _same(cny.balanceOf(supplier), FACE - FACE / 2, "the owner has the rest");
    }

    function test_claim_ofALotWithRecoursePaysTheBankFirst() public {
        uint64 child = _sellWithRecourse(_lot, FACE / 2, FACE / 4);
        _doPay(_receivable, FACE / 2);
        _doClaim(child);
        _same(cny.balanceOf(bank), 10 * FACE - FACE / 2 + FACE / 4, "the bank has what is secured");
        _doPay(_receivable, FACE - FACE / 2);
        _doClaim(child);
        _same(cny.balanceOf(supplier), FACE / 2 + FACE / 4, "price, and what is beyond what is secured");
    }

    function test_claim_ofAMandatedLotFreesItsMandate() public {
        (uint64 child, bytes32 id) = _sellUnderMandate(FACE / 2);
        _exposure(id, FACE / 2);
        _doPay(_receivable, FACE / 2);
        settlement.claim(_list(child, _lot));
        _exposure(id, FACE / 4);
        _doPay(_receivable, FACE - FACE / 2);
        settlement.claim(_list(_lot, child));
        _exposure(id, 0);
        _same(cny.balanceOf(bank), 10 * FACE, "and is paid like any other");
    }

    function test_claim_isPaidEvenIfTheMandateCannotBeFreed() public {
        (uint64 child, bytes32 id) = _sellUnderMandate(FACE / 2);
        _doPay(_receivable, FACE);
        vm.etch(address(financing), hex"60006000fd");
        _doClaim(child);
        _same(cny.balanceOf(bank), 10 * FACE, "the bank is paid");
        _yes(id != 0, "under a mandate");
    }

    // ---- helpers

    function _sellUnderMandate(uint64 amount) private returns (uint64 child, bytes32 id) {
        IMandates.Mandate memory mandate = IMandates.Mandate({
            bank: bank,
            quoter: vm.addr(BANK_KEY),
            debtor: debtor,
            currency: CNY,
            limit: FACE,
            minRatePpm: 0,
            dayCount: 360,
            maxTenorDays: 90,
            recourse: 0,
            validFrom: START,
            validUntil: START + 90 days,
            deadline: _deadline(),
            salt: 1
        });
        id = financing.hashMandate(mandate);
        financing.grantMandate(mandate, _signedBy(bank, id));
        IFinancing.Finance memory intent = _intentFinance(_lot, amount, amount);
        bytes32 digest = financing.hashFinance(intent);
        child = financing.financeUnderMandate(
            intent, mandate, _sign(digest, BANK_KEY), _signedBy(supplier, digest)
        );
    }

    function _exposure(bytes32 id, uint64 expected) private view {
        (, uint64 exposure) = financing.exposureOf(id);
        _same(exposure, expected, "exposure");
    }

    /// @dev Face 10 in lots [0, 2), [2, 3), [3, 6) and [6, 10).
    function _tiny() private returns (uint64 receivable, uint64 lot) {
        _schedule(Rules.MIN_LOT_MINOR, 0, 1, START + 2 days);
        vm.warp(START + 2 days);
        (receivable, lot) = _doIssue(10, 30);
        _doAssign(lot, tier2, 2);
        _doAssign(lot, tier3, 1);
        _doAssign(lot, tier2, 3);
    }
}
