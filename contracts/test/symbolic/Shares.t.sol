// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Shares} from "../../src/ledger/Shares.sol";

/// @title Parts of a charged lot (rules.md §3), proved for every amount that the ledger takes
contract SharesProof {
    uint64 private constant MAX_FACE = 2 ** 53 - 1;
    /// @dev No lot receives more interest (ADR 0014).
    uint64 private constant MAX_INTEREST = type(uint64).max - MAX_FACE;

    function check_toPledgee_isAtMostWhatTheLotReceivedAndWhatIsSecured(uint64 received, uint64 secured)
        external
        pure
    {
        uint64 part = Shares.toPledgee(received, secured);
        assert(part <= received && part <= secured);
        assert(part == received || part == secured);
    }

    function check_toPledgee_neverFalls(uint64 earlier, uint64 later, uint64 secured) external pure {
        require(earlier <= later);
        assert(Shares.toPledgee(earlier, secured) <= Shares.toPledgee(later, secured));
    }

    function check_toBank_isAtMostWhatTheLotReceived(
        uint64 principal,
        uint64 interest,
        uint64 secured,
        uint64 amount
    ) external pure {
        require(0 < secured && secured <= amount && amount <= MAX_FACE);
        require(principal <= amount && interest <= MAX_INTEREST);
        assert(Shares.toBank(principal, interest, secured, amount) <= principal + interest);
    }

    function check_toBank_neverFallsWithThePrincipal(
        uint64 principal,
        uint64 more,
        uint64 interest,
        uint64 secured,
        uint64 amount
    ) external pure {
        require(0 < secured && secured <= amount && amount <= MAX_FACE);
        require(principal <= more && more <= amount && interest <= MAX_INTEREST);
        uint64 earlier = Shares.toBank(principal, interest, secured, amount);
        assert(earlier <= Shares.toBank(more, interest, secured, amount));
    }

    function check_toBank_neverFallsWithTheInterest(
        uint64 principal,
        uint64 interest,
        uint64 more,
        uint64 secured,
        uint64 amount
    ) external pure {
        require(0 < secured && secured <= amount && amount <= MAX_FACE);
        require(principal <= amount && interest <= more && more <= MAX_INTEREST);
        uint64 earlier = Shares.toBank(principal, interest, secured, amount);
        assert(earlier <= Shares.toBank(principal, more, secured, amount));
    }

    function check_toBank_ofAllSecuredIsAll(uint64 principal, uint64 interest, uint64 amount) external pure {
        require(0 < amount && amount <= MAX_FACE && principal <= amount && interest <= MAX_INTEREST);
        assert(Shares.toBank(principal, interest, amount, amount) == principal + interest);
    }
}
