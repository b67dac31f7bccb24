// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Mandates: what a bank's quoting key may buy without asking anybody
/// @notice The digest of the signed `Mandate` is its id. Whoever uses one shows it in full; the contract keeps only that it
/// was granted, and its exposure. The bank, any signer of it, withdraws a mandate at once with a `Revoke` of the id.
interface IMandates is IIntents {
    /// @param quoter key of the bank that signs alone, with the power QUOTE
    /// @param limit most face held under this mandate at any time, minor units
    /// @param minRatePpm floor rate: the discount is never less than simple interest at it for the days to run
    /// @param dayCount 360 or 365, of the floor and of every quote under it
    /// @param maxTenorDays most days from the value date (included) to the due date (excluded)
    /// @param recourse 0 or 1: every quote must say the same; with recourse all of the lot is secured, as it must be where a
    /// lot brings recourse to an earlier seller along
    /// @param validFrom first second, `validUntil` first second after
    struct Mandate {
        address bank;
        address quoter;
        address debtor;
        uint16 currency;
        uint64 limit;
        uint32 minRatePpm;
        uint16 dayCount;
        uint16 maxTenorDays;
        uint8 recourse;
        uint40 validFrom;
        uint40 validUntil;
        uint40 deadline;
        uint64 salt;
    }

    event MandateGranted(
        bytes32 indexed id,
        address indexed bank,
        address indexed debtor,
        address quoter,
        uint16 currency,
        uint64 limit,
        uint32 minRatePpm,
        uint16 dayCount,
        uint16 maxTenorDays,
        uint8 recourse,
        uint40 validFrom,
        uint40 validUntil
    );
    /// @notice A lot was bought under a mandate, or is paid or sold on.
    /// @param held face of this lot that counts against the limit
    /// @param exposure face of all lots that count, after the change
    event MandateExposure(bytes32 indexed id, uint64 indexed lot, uint64 held, uint64 exposure);

    error MandateUnknown(bytes32 id);
    error MandateAlreadyGranted(bytes32 id);
    error MandateRevoked(bytes32 id);
    error MandateBadTerms(uint16 dayCount, uint8 recourse, uint40 validFrom, uint40 validUntil);
    error MandateNotInForce(bytes32 id, uint40 validFrom, uint40 validUntil, uint40 now_);
    error MandateBankDiffers(address bank, address given);
    error MandateDebtorDiffers(address debtor, address given);
    error MandateCurrencyDiffers(uint16 currency, uint16 given);
    error MandateDayCountDiffers(uint16 dayCount, uint16 given);
    error MandateRecourseDiffers(uint8 recourse, uint8 given);
    error MandateNotFullySecured(uint64 amount, uint64 secured);
    error MandateTenorTooLong(uint256 tenorDays, uint16 maxTenorDays);
    /// @dev The price is above the one that the floor rate gives.
    error MandateBelowFloor(uint64 price, uint64 highest);
    error MandateOverLimit(uint64 limit, uint64 exposure, uint64 amount);

    /// @custom:access signatures of the bank (FINANCE)
    function grantMandate(Mandate calldata mandate, bytes calldata bankSignatures)
        external
        returns (bytes32 id);

    /// @notice Take off the exposure what was paid of lots, or what their bank no longer holds. Other lots are passed over.
    /// @custom:access anyone
    function releaseExposure(uint64[] calldata lots) external;

    function hashMandate(Mandate calldata mandate) external view returns (bytes32);
    function exposureOf(bytes32 id) external view returns (bool granted, uint64 exposure);
    function exposureOfLot(uint64 lot) external view returns (bytes32 id, uint64 held);
    /// @return highest price that the floor allows for `amount` bought now and due at `due`
    function ceilingOf(Mandate calldata mandate, uint64 amount, uint40 due)
        external
        view
        returns (uint64 highest);
}
