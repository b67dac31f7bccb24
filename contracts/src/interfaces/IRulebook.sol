// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Dated parameters
/// @notice A value is set today for a day to come; receivables keep the values of the day they were issued.
interface IRulebook {
    /// @notice The parameters that a receivable keeps for life.
    struct Terms {
        uint16 maxTermDays;
        uint8 maxDepth;
        uint24 maxLots;
        uint64 minLotMinor;
        uint32 lateRatePpmPerDay;
        uint16 graceDays;
        uint32 closeWindowSeconds;
    }

    /// @param param see `Rules`
    /// @param currency ISO 4217 numeric code, 0 for all
    /// @param effective second from which the value holds
    event RuleScheduled(uint16 indexed param, uint16 indexed currency, uint64 value, uint40 effective);

    error RulebookUnknownParameter(uint16 param);
    error RulebookInThePast(uint40 effective, uint40 now_);
    error RulebookNotLater(uint16 param, uint40 effective, uint40 last);
    error RulebookValueTooLarge(uint16 param, uint64 value, uint64 limit);
    error RulebookNoValue(uint16 param, uint16 currency, uint40 when);

    /// @custom:access AccessManager role GOVERNANCE
    function schedule(uint16 param, uint16 currency, uint64 value, uint40 effective) external;

    /// @notice Value in force at `when`; the currency's own value wins over the value for all currencies.
    function valueAt(uint16 param, uint16 currency, uint40 when) external view returns (uint64);
    function termsAt(uint16 currency, uint40 when) external view returns (Terms memory);
    function scheduleOf(uint16 param, uint16 currency)
        external
        view
        returns (uint64[] memory values, uint40[] memory effectives);
}
