// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entitlement} from "../../src/ledger/Entitlement.sol";

/// @title Shares of a lot (ADR 0003), proved for every face, total and range of 64 bits
/// @dev Any panic fails a proof, so nothing here overflows either. A sum of parts is at most that of the whole, which is at
/// most the total: that the parts never exceed the total follows.
contract EntitlementProof {
    function check_whileOpen_isAtMostTheTotal(uint64 amount, uint64 total, uint64 face) external pure {
        require(0 < face && amount <= face);
        uint64 share = Entitlement.whileOpen(amount, total, face);
        assert(share <= total);
        // nothing was cut off by the 64 bits of the result
        assert(uint256(share) * face <= uint256(amount) * total);
        assert((uint256(share) + 1) * face > uint256(amount) * total);
    }

    function check_whileOpen_ofAllPrincipalIsTheAmount(uint64 amount, uint64 face) external pure {
        require(0 < face && amount <= face);
        assert(Entitlement.whileOpen(amount, face, face) == amount);
    }

    function check_whileOpen_ofTwoPartsIsAtMostThatOfTheWhole(
        uint64 one,
        uint64 other,
        uint64 total,
        uint64 face
    ) external pure {
        require(0 < face && one <= face && other <= face - one);
        uint256 parts =
            uint256(Entitlement.whileOpen(one, total, face)) + Entitlement.whileOpen(other, total, face);
        assert(parts <= Entitlement.whileOpen(one + other, total, face));
    }

    function check_whileOpen_neverFallsWhenMoreIsPaid(
        uint64 amount,
        uint64 earlier,
        uint64 later,
        uint64 face
    ) external pure {
        require(0 < face && amount <= face && earlier <= later);
        assert(Entitlement.whileOpen(amount, earlier, face) <= Entitlement.whileOpen(amount, later, face));
    }

    function check_settled_isAtMostTheTotal(uint64 first, uint64 amount, uint64 total, uint64 face)
        external
        pure
    {
        require(0 < face && first <= face && amount <= face - first);
        assert(Entitlement.settled(first, amount, total, face) <= total);
    }

    function check_settled_ofTheWholeFaceIsTheTotal(uint64 total, uint64 face) external pure {
        require(0 < face);
        assert(Entitlement.settled(0, face, total, face) == total);
    }

    /// @dev Added up over the lots of any partition, all but the outer ends cancel: the sum is what the whole range gets.
    function check_settled_isTheDifferenceOfTheSharesUpToItsEnds(
        uint64 first,
        uint64 amount,
        uint64 total,
        uint64 face
    ) external pure {
        require(0 < face && first <= face && amount <= face - first);
        uint256 before = Entitlement.whileOpen(first, total, face);
        uint256 through = Entitlement.whileOpen(first + amount, total, face);
        assert(before + Entitlement.settled(first, amount, total, face) == through);
    }

    function check_settled_ofAllPrincipalIsTheAmount(uint64 first, uint64 amount, uint64 face) external pure {
        require(0 < face && first <= face && amount <= face - first);
        assert(Entitlement.settled(first, amount, face, face) == amount);
    }

    /// @dev The step from the one rule to the other takes nothing back, even when more was paid in between.
    function check_settled_isAtLeastWhatWasDueWhileOpen(
        uint64 first,
        uint64 amount,
        uint64 earlier,
        uint64 later,
        uint64 face
    ) external pure {
        require(0 < face && first <= face && amount <= face - first && earlier <= later);
        assert(
            Entitlement.whileOpen(amount, earlier, face) <= Entitlement.settled(first, amount, later, face)
        );
    }
}
