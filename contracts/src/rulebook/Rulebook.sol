// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Rules} from "../interfaces/Codes.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";

/// @title Dated parameters
/// @dev Only `MIN_LOT_MINOR` may differ per currency. Values never change once scheduled; a later one supersedes them.
contract Rulebook is IRulebook, AccessManaged {
    /// @dev one slot
    struct Value {
        uint64 value;
        uint40 effective;
    }

    /// @dev in ascending order of the day they take effect
    mapping(uint16 param => mapping(uint16 currency => Value[])) private _values;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IRulebook
    function schedule(uint16 param, uint16 currency, uint64 value, uint40 effective) external restricted {
        if (currency != 0 && param != Rules.MIN_LOT_MINOR) revert RulebookUnknownParameter(param);
        uint64 limit = _limit(param);
        if (value > limit) revert RulebookValueTooLarge(param, value, limit);
        uint40 now_ = uint40(block.timestamp);
        if (effective < now_) revert RulebookInThePast(effective, now_);
        Value[] storage values = _values[param][currency];
        uint256 count = values.length;
        if (count != 0 && effective <= values[count - 1].effective) {
            revert RulebookNotLater(param, effective, values[count - 1].effective);
        }
        values.push(Value({value: value, effective: effective}));
        emit RuleScheduled(param, currency, value, effective);
    }

    /// @inheritdoc IRulebook
    function termsAt(uint16 currency, uint40 when) external view returns (Terms memory) {
        // the casts lose nothing: see `_limit`
        return Terms({
            maxTermDays: uint16(valueAt(Rules.MAX_TERM_DAYS, 0, when)),
            maxDepth: uint8(valueAt(Rules.MAX_DEPTH, 0, when)),
            maxLots: uint24(valueAt(Rules.MAX_LOTS, 0, when)),
            minLotMinor: valueAt(Rules.MIN_LOT_MINOR, currency, when),
            lateRatePpmPerDay: uint32(valueAt(Rules.LATE_RATE_PPM_PER_DAY, 0, when)),
            graceDays: uint16(valueAt(Rules.GRACE_DAYS, 0, when)),
            closeWindowSeconds: uint32(valueAt(Rules.CLOSE_WINDOW_SECONDS, 0, when))
        });
    }

    /// @inheritdoc IRulebook
    function scheduleOf(uint16 param, uint16 currency)
        external
        view
        returns (uint64[] memory values, uint40[] memory effectives)
    {
        Value[] storage scheduled = _values[param][currency];
        values = new uint64[](scheduled.length);
        effectives = new uint40[](scheduled.length);
        for (uint256 i = 0; i < scheduled.length; ++i) {
            (values[i], effectives[i]) = (scheduled[i].value, scheduled[i].effective);
        }
    }

    /// @inheritdoc IRulebook
    function valueAt(uint16 param, uint16 currency, uint40 when) public view returns (uint64) {
        (bool found, uint64 value) = _find(param, currency, when);
        if (!found && currency != 0) (found, value) = _find(param, 0, when);
        if (!found) revert RulebookNoValue(param, currency, when);
        return value;
    }

    /// @dev From the newest back: the value wanted is nearly always among the last two.
    function _find(uint16 param, uint16 currency, uint40 when)
        private
        view
        returns (bool found, uint64 value)
    {
        Value[] storage values = _values[param][currency];
        for (uint256 i = values.length; i != 0; --i) {
            Value memory candidate = values[i - 1];
            if (candidate.effective <= when) return (true, candidate.value);
        }
    }

    /// @dev Bounds keep every value inside the type it is stored in (a depth also plus one) and products inside 256 bits.
    function _limit(uint16 param) private pure returns (uint64) {
        if (param == Rules.MAX_TERM_DAYS) return 3650;
        if (param == Rules.MAX_DEPTH) return 254;
        if (param == Rules.MAX_LOTS) return type(uint24).max;
        if (param == Rules.MIN_LOT_MINOR) return type(uint48).max;
        if (param == Rules.LATE_RATE_PPM_PER_DAY) return 10_000;
        if (param == Rules.GRACE_DAYS) return 3650;
        if (param == Rules.CLOSE_WINDOW_SECONDS) return 30 days;
        if (param == Rules.STATUTORY_TERM_DAYS) return 3650;
        revert RulebookUnknownParameter(param);
    }
}
