// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags, Rights} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {Bank} from "./support/Bank.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Exposure under mandates over random lives of the lots bought
/// @dev Two receivables, three mandates of two banks. After every step the exposure of each mandate is what its lots hold,
/// at most its limit, and never less than what the debtor still owes on lots that the bank still has.
contract ExposureTest is Bank, Orders, Pledging {
    uint64 private constant LIMIT = FACE;
    uint256 private constant STEPS = 14;

    uint64[2] private _receivables;
    uint64[2] private _roots;
    IMandates.Mandate[3] private _mandates;
    bytes32[3] private _ids;
    uint64[] private _bought;
    /// @dev mandate of each of `_bought`
    uint256[] private _under;

    function setUp() public override {
        super.setUp();
        // the day of the court passes for each seizure: here it is enough that title is taken
        _becomeModule(address(ledger), Rights.FORCE);
        for (uint256 i = 0; i < 2; ++i) {
            (_receivables[i], _roots[i]) = _doIssue(FACE, 90);
        }
        _addQuoter(bank, QUOTER_KEY);
        _addQuoter(otherBank, QUOTER_KEY);
        _mint(cny, otherBank, 10 * FACE);
        _mint(cny, supplier, FACE);
        for (uint256 i = 0; i < 3; ++i) {
            _mandates[i] = _mandateOf(i == 2 ? otherBank : bank, LIMIT);
            if (i == 1) _mandates[i].recourse = 1;
            _ids[i] = _grant(_mandates[i]);
        }
    }

    /// forge-config: default.fuzz.runs = 128
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_exposure_isNeverBelowWhatIsTrulyOpen(uint256[14] memory choices) public {
        for (uint256 i = 0; i < STEPS; ++i) {
            _step(choices[i] % 10, choices[i] / 10);
            _check(false);
        }
        financing.releaseExposure(_bought);
        _check(true);
    }

    /// @dev The same random lives, but a thief tries to release all after each step.
    /// forge-config: default.fuzz.runs = 128
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_exposure_releasedAtEveryStepIsExactlyWhatIsOpen(uint256[14] memory choices) public {
        for (uint256 i = 0; i < STEPS; ++i) {
            _step(choices[i] % 10, choices[i] / 10);
            financing.releaseExposure(_bought);
            financing.releaseExposure(_bought);
            _check(true);
        }
    }

    // ---- steps

    function _step(uint256 action, uint256 choice) private {
        if (action < 3) _buy(choice);
        else if (action == 3) _payPart(choice);
        else if (action == 4) _claimOne(choice);
        else if (action == 5) _sellOn(choice);
        else if (action == 6) _passOn(choice);
        else if (action == 7) _backToTheSeller(choice);
        else if (action == 8) _seize(choice);
        else _pledgeAndRealise(choice);
    }

    /// @dev Beyond the limit the very same purchase is refused, with the exposure as it stands.
    function _buy(uint256 choice) private {
        uint256 which = choice % 2;
        uint256 under = (choice / 2) % 3;
        uint64 lot = _roots[which];
        uint64 left = ledger.lotOf(lot).amount;
        if (!_isOpen(lot) || left < 200) return;
        uint64 amount = uint64(_bound(choice / 6, 100, left - 100));
        (, uint64 exposure) = financing.exposureOf(_ids[under]);
        IFinancing.Finance memory intent = _intentQuote(_mandates[under], lot, amount);
        if (exposure + amount > LIMIT) {
            bytes memory reason =
                abi.encodeWithSelector(IMandates.MandateOverLimit.selector, LIMIT, exposure, amount);
            _refused(intent, _mandates[under], reason);
            return;
        }
        _remember(_carry(intent, _mandates[under]), under);
    }

    function _payPart(uint256 choice) private {
        uint64 receivable = _receivables[choice % 2];
        (uint64 principal,) = ledger.owedAt(receivable, uint40(block.timestamp));
        if (principal == 0) return;
        // all of it now and then
        uint64 amount = choice % 5 == 0 ? principal : uint64(_bound(choice / 2, 1, principal));
        if (cny.balanceOf(debtor) < amount) _mint(cny, debtor, amount);
        _doPay(receivable, amount);
    }

    function _claimOne(uint256 choice) private {
        if (_bought.length != 0) _doClaim(_bought[choice % _bought.length]);
    }

    /// @dev Bank to bank, part of a lot where it may be cut; under the buyer's own mandate now and then.
    function _sellOn(uint256 choice) private {
        (bool found, uint64 lot, ILedger.Lot memory held) = _pick(choice);
        if (!found || held.owner != bank || !_isOpen(lot)) return;
        uint64 amount = _part(held, choice / 16);
        (, uint64 exposure) = financing.exposureOf(_ids[2]);
        if (choice % 3 == 0 && exposure + amount <= LIMIT) {
            _remember(_carry(_intentQuote(_mandates[2], lot, amount), _mandates[2]), 2);
            return;
        }
        IFinancing.Finance memory sale = _intentFinance(lot, amount, amount);
        sale.bank = otherBank;
        _carry(sale);
    }

    function _passOn(uint256 choice) private {
        (bool found, uint64 lot, ILedger.Lot memory held) = _pick(choice);
        if (found && _isOpen(lot)) _doAssign(lot, tier3, _part(held, choice / 16));
    }

    function _backToTheSeller(uint256 choice) private {
        (bool found, uint64 lot, ILedger.Lot memory held) = _pick(choice);
        if (!found || held.flags & LotFlags.RECOURSE == 0 || _isSettled(lot)) return;
        _carry(_intentBuyback(lot, held.chargee, 1));
    }

    function _seize(uint256 choice) private {
        (bool found, uint64 lot, ILedger.Lot memory held) = _pick(choice);
        if (!found) return;
        uint64 amount = _isOpen(lot) ? _part(held, choice / 16) : held.amount;
        ledger.move(ILedger.MoveOrder(lot, 0, held.owner, tier2, amount, ILedger.Cause.Forced, ORDER, false));
    }

    function _pledgeAndRealise(uint256 choice) private {
        (bool found, uint64 lot, ILedger.Lot memory held) = _pick(choice);
        if (!found || held.flags & LotFlags.CHARGED != 0 || !_isOpen(lot)) return;
        IPledges.Pledge memory loan = _intentPledge(lot, held.amount, 0);
        loan.pledgee = held.owner == bank ? otherBank : bank;
        _carry(loan);
        if (choice % 2 == 0) _carry(_intentRealise(lot, loan.pledgee, 1));
        else _carry(_intentRelease(lot, 0, 0));
    }

    // ---- what must hold

    /// @param released everybody's exposure was just released: it is what is open, and no more
    function _check(bool released) private view {
        uint256[3] memory sums;
        for (uint256 i = 0; i < _bought.length; ++i) {
            (bytes32 id, uint64 held) = financing.exposureOfLot(_bought[i]);
            _same(id, _ids[_under[i]], "a lot counts under one mandate for good");
            uint256 open = _trulyOpen(_bought[i]);
            _atMost(open, held, "held is at least what is open");
            if (released) _same(held, open, "held is what is open");
            sums[_under[i]] += held;
        }
        for (uint256 i = 0; i < 3; ++i) {
            (, uint64 exposure) = financing.exposureOf(_ids[i]);
            _same(exposure, sums[i], "exposure is the sum of its lots");
            _atMost(exposure, LIMIT, "exposure is within the limit");
        }
    }

    /// @dev The unpaid part of the face that is still in the lot, rounded up; from the receivable itself.
    function _trulyOpen(uint64 lot) private view returns (uint256) {
        ILedger.Receivable memory entry = ledger.receivableOf(lot >> 24);
        uint256 unpaid = uint256(ledger.lotOf(lot).amount) * (entry.face - entry.paid);
        return (unpaid + entry.face - 1) / entry.face;
    }

    // ---- helpers

    function _remember(uint64 lot, uint256 under) private {
        _bought.push(lot);
        _under.push(under);
    }

    function _pick(uint256 choice) private view returns (bool found, uint64 lot, ILedger.Lot memory held) {
        if (_bought.length == 0) return (false, 0, held);
        lot = _bought[choice % _bought.length];
        held = ledger.lotOf(lot);
        found = held.amount != 0;
    }

    /// @dev All of it where a charge or the smallest lot forbid a cut.
    function _part(ILedger.Lot memory held, uint256 choice) private pure returns (uint64) {
        bool whole = held.flags & LotFlags.CHARGED != 0 || held.amount < 200 || choice % 4 == 0;
        return whole ? held.amount : uint64(_bound(choice, 100, held.amount - 100));
    }

    function _isOpen(uint64 lot) private view returns (bool) {
        return ledger.receivableOf(lot >> 24).state == ILedger.State.Active;
    }

    function _isSettled(uint64 lot) private view returns (bool) {
        return ledger.receivableOf(lot >> 24).state == ILedger.State.Settled;
    }
}
