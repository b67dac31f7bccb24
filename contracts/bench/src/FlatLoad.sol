// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The load of `tally bench index`: an event of seven static words, as many as are asked for
/// @dev What each holds follows from its number, so a mirror can be compared with arithmetic
/// (scripts/bench/index/flat.py does the same sums). A ledger would emit what a lot is after each move.
contract FlatLoad {
    uint64 private constant IDS = 10_000;
    uint64 private constant PARTIES = 200;

    /// @param evidence differs for each event
    /// @param amount in minor units
    /// @param seq how often this id was recorded before
    event Recorded(
        uint64 indexed id,
        address indexed party,
        bytes32 indexed evidence,
        uint64 amount,
        uint64 seq,
        uint40 due,
        uint16 currency
    );

    /// @notice Emit the events `first` to `first + count - 1`.
    function record(uint64 first, uint64 count) external {
        for (uint64 number = first; number < first + count; ++number) {
            emit Recorded(
                1 + ((number * 7919) % IDS),
                address(uint160(0xa11ce0000 + ((number * 31) % PARTIES))),
                bytes32(uint256(number) << 128),
                1 + ((number * 104_729) % 1_000_000),
                number / IDS,
                uint40(1_800_000_000 + number),
                156
            );
        }
    }
}
