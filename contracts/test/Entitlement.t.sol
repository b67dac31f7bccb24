// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entitlement} from "../src/ledger/Entitlement.sol";
import {LateInterest} from "../src/ledger/LateInterest.sol";
import {Checks} from "./support/Checks.sol";

/// @title Arithmetic of shares (ADR 0003) and of late interest (ADR 0004), over the whole range of values
contract EntitlementTest is Checks {
    uint64 private constant MAX = type(uint64).max;

    function testFuzz_settled_addsUpToTheTotalOverAnyPartition(
        uint64 face,
        uint64 total,
        uint64[6] memory cuts
    ) public pure {
        face = uint64(_bound(face, 1, MAX));
        uint256 sum = 0;
        uint64 first = 0;
        for (uint256 i = 0; i < cuts.length; ++i) {
            uint64 amount = uint64(_bound(cuts[i], 0, face - first));
            sum += Entitlement.settled(first, amount, total, face);
            first += amount;
        }
        sum += Entitlement.settled(first, face - first, total, face);
        _same(sum, total, "sum of the shares");
    }

    function testFuzz_settled_isUnchangedByACut(
        uint64 face,
        uint64 total,
        uint64 first,
        uint64 amount,
        uint64 part
    ) public pure {
        (face, first, amount) = _range(face, first, amount);
        part = uint64(_bound(part, 0, amount));
        uint64 whole = Entitlement.settled(first, amount, total, face);
        uint64 low = Entitlement.settled(first, part, total, face);
        uint64 high = Entitlement.settled(first + part, amount - part, total, face);
        _same(whole, uint256(low) + high, "a cut changes nothing");
    }

    function testFuzz_whileOpen_neverFalls(uint64 face, uint64 amount, uint64 earlier, uint64 later)
        public
        pure
    {
        (face,, amount) = _range(face, 0, amount);
        (earlier, later) = earlier < later ? (earlier, later) : (later, earlier);
        _atMost(
            Entitlement.whileOpen(amount, earlier, face), Entitlement.whileOpen(amount, later, face), "falls"
        );
    }

    function testFuzz_lastPayment_neverTakesBack(
        uint64 face,
        uint64 first,
        uint64 amount,
        uint64 earlier,
        uint64 later
    ) public pure {
        (face, first, amount) = _range(face, first, amount);
        (earlier, later) = earlier < later ? (earlier, later) : (later, earlier);
        _atMost(
            Entitlement.whileOpen(amount, earlier, face),
            Entitlement.settled(first, amount, later, face),
            "taken back"
        );
    }

    function testFuzz_settled_givesEachSerialItsUnitWhenThePrincipalIsPaid(
        uint64 face,
        uint64 first,
        uint64 amount
    ) public pure {
        (face, first, amount) = _range(face, first, amount);
        _same(Entitlement.settled(first, amount, face, face), amount, "to the cent");
    }

    /// @dev Why there are two rules: the exact share falls by one when more is paid.
    function test_settled_isNotMonotone() public pure {
        _same(Entitlement.settled(2, 1, 4, 10), 1, "share of 4 of 10");
        _same(Entitlement.settled(2, 1, 5, 10), 0, "share of 5 of 10");
    }

    function testFuzz_accrue_isTheSameInOneStepOrTwoUpToRounding(
        uint64 principal,
        uint32 rate,
        uint16 days1,
        uint16 days2
    ) public pure {
        principal = uint64(_bound(principal, 0, 1e15));
        rate = uint32(_bound(rate, 0, 10_000));
        (days1, days2) = (uint16(_bound(days1, 1, 2000)), uint16(_bound(days2, 1, 2000)));
        uint40 due = 1_767_571_200;
        uint40 middle = due + uint40(days1) * 1 days;
        uint40 end = middle + uint40(days2) * 1 days;
        (uint64 once,) = LateInterest.accrue(principal, rate, due, 0, end);
        (uint64 one, uint40 through) = LateInterest.accrue(principal, rate, due, 0, middle + 5 hours);
        _same(through, middle, "whole days only");
        (uint64 two,) = LateInterest.accrue(principal, rate, due, through, end);
        _atMost(once, uint256(one) + two + 1, "one step");
        _atMost(uint256(one) + two, uint256(once) + 1, "two steps");
    }

    function test_accrue_stopsAtTheLargestAmountInsteadOfWrapping() public pure {
        (uint64 interest, uint40 through) =
            LateInterest.accrue(2 ** 53 - 1, type(uint32).max, 0, 0, 12_000_000 days);
        _same(interest, MAX, "interest");
        _same(through, 12_000_000 days, "through");
    }

    function test_isLate_fromTheEndOfTheDueDay() public pure {
        _yes(!LateInterest.isLate(1000 days, 1000 days), "on the due day");
        _yes(!LateInterest.isLate(1000 days, 1001 days - 1), "last second");
        _yes(LateInterest.isLate(1000 days, 1001 days), "the day after");
    }

    function _range(uint64 face, uint64 first, uint64 amount) private pure returns (uint64, uint64, uint64) {
        face = uint64(_bound(face, 1, MAX));
        first = uint64(_bound(first, 0, face - 1));
        return (face, first, uint64(_bound(amount, 0, face - first)));
    }
}
