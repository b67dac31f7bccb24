// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {Bank} from "./support/Bank.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Signed for a lot with money in it, carried once somebody has claimed that money
/// @dev The debtor pays after the signatures and before the deadline, and anyone may claim: who holds the signed intent
/// chooses the order of the two.
contract AttacksStaleTest is Bank, Pledging {
    uint64 private constant LOAN = FACE / 2;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _mint(cny, supplier, FACE);
    }

    function test_attack_aPledgeeClaimsItsLoanAndThenTakesTheSignedRepaymentToo() public {
        _carry(_intentPledge(_lot, LOAN, LOAN));
        IPledges.Release memory intent = _intentRelease(_lot, 0, LOAN);
        uint256 before = cny.balanceOf(bank);
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        _same(cny.balanceOf(bank), before + LOAN, "the claim has repaid the loan");
        _refused(intent, _stale(_lot, intent.seq));
    }

    function test_attack_aBankClaimsAndThenSellsBackWhatIsLeftForTheWholePrice() public {
        uint64 bought = _carry(_intentRecourse(_lot, FACE, FACE, FACE, 0));
        IFinancing.Buyback memory intent = _intentBuyback(bought, supplier, FACE);
        _doPay(_receivable, FACE - 1);
        _doClaim(bought);
        _refused(intent, _stale(bought, intent.seq));
    }

    function test_attack_anOwnerClaimsItsPartAndThenSellsTheLotForThePriceOfAll() public {
        _doPledge(_lot, FACE / 4);
        _mint(cny, tier2, FACE);
        IPledges.Realise memory intent = _intentRealise(_lot, tier2, FACE);
        _doPay(_receivable, FACE - 1);
        _doClaim(_lot);
        _refused(intent, _stale(_lot, intent.seq));
    }

    function test_claim_ofALotWithoutAChargeLeavesWhatIsSignedAsItIs() public {
        _doPay(_receivable, FACE / 2);
        _doClaim(_lot);
        _same(ledger.lotOf(_lot).seq, 0, "nothing that is signed for it could still take effect");
    }

    /// @dev A claim never fails, whatever the counter says.
    function test_claim_ofAChargedLotRaisesSeqByOneForEachPayment() public {
        _doPledge(_lot, LOAN);
        uint24 seq = ledger.lotOf(_lot).seq;
        for (uint24 i = 1; i <= 3; ++i) {
            _doPay(_receivable, FACE / 10);
            _doClaim(_lot);
            _doClaim(_lot);
            _same(ledger.lotOf(_lot).seq, seq + i, "one for each claim that paid");
        }
    }

    function _stale(uint64 lot, uint24 seq) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedger.LedgerStaleLot.selector, lot, seq, seq + 1);
    }
}
