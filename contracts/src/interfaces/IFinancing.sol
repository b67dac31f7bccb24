// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMandates} from "./IMandates.sol";

/// @title Financing: title against cash in one transaction; buy-back under recourse
interface IFinancing is IMandates {
    /// @param amount face sold, minor units
    /// @param price gross purchase price; the seller receives `price - fees`
    /// @param fees withheld from the price and paid to `feesTo`
    /// @param ratePpm discount rate, parts per million a year
    /// @param dayCount 360 or 365
    /// @param recourse 0 without, 1 in full, 2 limited
    /// @param secured with recourse: principal that the bank gets before the seller gets the rest; else 0
    /// @param recourseLimit limited recourse: the most the seller has to buy back for; else 0
    /// @param registrationRef reference of the registration of the assignment (zero where the rule set asks for none)
    /// @param noticeRef reference of the notice to the debtor
    /// @param termsHash commitment to the cost sheet, never zero; the evidence of this hop
    struct Finance {
        address bank;
        address seller;
        uint64 lot;
        uint24 seq;
        uint64 amount;
        uint64 price;
        uint64 fees;
        address feesTo;
        uint32 ratePpm;
        uint16 dayCount;
        uint8 recourse;
        uint64 secured;
        uint64 recourseLimit;
        bytes32 registrationRef;
        bytes32 noticeRef;
        bytes32 termsHash;
        uint40 deadline;
        uint64 salt;
    }

    /// @dev `mandate` all zero: the bank signed with FINANCE; else its quoter alone signed.
    struct FinanceItem {
        Finance intent;
        Mandate mandate;
        bytes bankSignatures;
        bytes sellerSignatures;
    }

    /// @notice The seller takes a lot back that the debtor does not pay.
    /// @param price what the bank gets; under limited recourse at most the limit
    struct Buyback {
        address bank;
        address seller;
        uint64 lot;
        uint24 seq;
        uint64 price;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    event Financed(
        uint64 indexed child,
        address indexed bank,
        address indexed seller,
        uint64 amount,
        uint64 price,
        uint64 fees,
        address feesTo,
        uint32 ratePpm,
        uint16 dayCount,
        uint8 recourse,
        bytes32 registrationRef,
        bytes32 noticeRef,
        bytes32 termsHash,
        bytes32 digest
    );
    event BoughtBack(
        uint64 indexed child,
        address indexed bank,
        address indexed seller,
        uint64 amount,
        uint64 price,
        bytes32 evidence,
        bytes32 digest
    );

    /// @dev price must be in (0, amount], fees < price, feesTo set exactly when fees > 0
    error FinancingBadPrice(uint64 amount, uint64 price, uint64 fees);
    error FinancingBadDayCount(uint16 dayCount);
    /// @dev without: both 0; in full: 0 < secured <= amount and no limit; limited: the same and a limit in (0, amount]
    error FinancingBadRecourse(uint8 recourse, uint64 secured, uint64 recourseLimit);
    /// @dev The lot was not bought with recourse to this seller.
    error FinancingNoRecourse(uint64 lot, address seller);
    error FinancingOverRecourse(uint64 lot, uint64 price, uint64 recourseLimit);
    error FinancingOnlySelf();
    error FinancingTooMany(uint256 count, uint256 limit);

    /// @custom:access signatures of bank (FINANCE) and seller (ASSIGN)
    function finance(Finance calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child);
    /// @notice The same, quoted by the key that the bank's mandate names, within the mandate.
    /// @custom:access signatures of the mandate's quoter (QUOTE) and the seller (ASSIGN)
    function financeUnderMandate(
        Finance calldata intent,
        Mandate calldata mandate,
        bytes calldata quoterSignature,
        bytes calldata sellerSignatures
    ) external returns (uint64 child);
    /// @notice Many at once, each like one of the two above; a bad item is reported by `IntentFailed` and harms no other.
    /// @return children new lots, 0 where the item failed
    /// @custom:access each item by its own signatures
    function financeMany(FinanceItem[] calldata items) external returns (uint64[] memory children);
    /// @custom:access signatures of bank (FINANCE) and seller (PAY)
    function buyBack(Buyback calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child);
    function hashFinance(Finance calldata intent) external view returns (bytes32);
    function hashBuyback(Buyback calldata intent) external view returns (bytes32);
}
