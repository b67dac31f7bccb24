// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A lot's part of what was paid in
/// @notice While payments may still come, a lot gets floor(amount * paid / face): this never falls when more is paid and
/// its sum over all lots never exceeds what was paid. Once the receivable is settled, a lot gets the exact difference of
/// the cumulative shares at its two ends, so that the sum over any partition of [0, face) is what was paid, to the cent.
/// @dev The exact rule alone would not do while payments may still come: a lot's exact share can fall by one when more
/// is paid (face 5, serial 2: 1 of 2 paid, 0 of 3 paid), after its holder was already paid out. floor(a) + floor(b) <=
/// floor(a + b) makes the step from the first rule to the second never negative. Face is never zero, and
/// first + amount <= face: every product is below 2^128 and every result at most `total`.
library Entitlement {
    function whileOpen(uint64 amount, uint64 total, uint64 face) internal pure returns (uint64) {
        unchecked {
            return uint64((uint256(amount) * total) / face);
        }
    }

    function settled(uint64 first, uint64 amount, uint64 total, uint64 face) internal pure returns (uint64) {
        unchecked {
            uint256 end = uint256(first) + amount;
            return uint64((end * total) / face - (uint256(first) * total) / face);
        }
    }
}
