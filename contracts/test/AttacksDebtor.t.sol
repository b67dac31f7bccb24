// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/interfaces/ILedger.sol";
import {Scenes} from "./support/Scenes.sol";
import {Words} from "./support/Words.sol";

/// @title A debtor that pays cent by cent, to be able to say that no more payment is possible
/// @dev 65,535 payments are a few hundred blocks where gas is free. The number is written into the ledger's word here.
contract AttacksDebtorTest is Scenes, Words {
    uint16 private constant LAST = type(uint16).max;
    uint64 private _receivable;
    uint64 private _lot;

    function setUp() public override {
        super.setUp();
        (_receivable, _lot) = _doIssue(FACE, 90);
        _doPay(_receivable, 1);
        bytes32 money = _slotOf(abi.encodeCall(ledger.receivableOf, (_receivable)), 0);
        _store(money, INSTALLMENTS_BIT, 16, LAST - 2);
        _doPay(_receivable, 1);
        _same(ledger.receivableOf(_receivable).installments, LAST - 1, "one number is left");
    }

    function test_LedgerOnlyInFull_whenThePaymentNumbersAreUsedUp() public {
        bytes memory reason = abi.encodeWithSelector(ILedger.LedgerOnlyInFull.selector, _receivable);
        _refused(_intentPay(_receivable, 1), reason);
        _refused(_intentPay(_receivable, FACE - 3), reason);
        _doPay(_receivable, FACE - 2);
        _stateIs(_receivable, ILedger.State.Settled);
        uint256 before = cny.balanceOf(supplier);
        _doClaim(_lot);
        _same(cny.balanceOf(supplier), before + FACE, "all of it");
        _same(cny.balanceOf(address(settlement)), 0, "nothing stays");
    }

    function test_attack_aDebtorThatPaysCentByCentCanStillBeWrittenOff() public {
        _refused(
            _intentPay(_receivable, 1), abi.encodeWithSelector(ILedger.LedgerOnlyInFull.selector, _receivable)
        );
        _default(_receivable);
        _writeOff(_receivable);
        _stateIs(_receivable, ILedger.State.WrittenOff);
        _doClaim(_lot);
        _same(cny.balanceOf(address(settlement)), 0, "nothing stays");
    }

    function test_resume_ofWhatWasPaidInFullWithTheLastNumber() public {
        (uint64 other, uint64 lot) = _doIssue(FACE, 90);
        bytes32 money = _slotOf(abi.encodeCall(ledger.receivableOf, (other)), 0);
        _suspendReceivable(other);
        _store(money, INSTALLMENTS_BIT, 16, LAST - 1);
        _doPay(other, FACE);
        _resume(other);
        _stateIs(other, ILedger.State.Settled);
        _doClaim(lot);
        _same(ledger.lotOf(lot).claimedThrough, LAST, "claimed");
    }
}
