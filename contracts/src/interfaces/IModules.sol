// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";
import {IInvoices} from "./IInvoices.sol";

/// @title Issuance: debtor and creditor sign the same `Issue`
interface IIssuance is IIntents {
    /// @param face sum of the invoices' amounts, minor units
    /// @param due 00:00 UTC of the due day
    /// @param currency ISO 4217 numeric
    /// @param termsHash commitment to the terms, never zero
    /// @param invoices what backs the face; the EIP-712 hash of this array is the receivable's `invoiceSet`
    struct Issue {
        address debtor;
        address creditor;
        uint64 face;
        uint40 due;
        uint16 currency;
        bytes32 termsHash;
        IInvoices.InvoiceUse[] invoices;
        uint40 deadline;
        uint64 salt;
    }

    error IssuanceSameParty(address party);
    error IssuanceFaceMismatch(uint64 face, uint256 invoiced);
    error IssuanceDueNotADay(uint40 due);
    error IssuanceDuePast(uint40 due, uint40 today);
    error IssuanceTermTooLong(uint40 due, uint40 latest);
    error IssuanceDebtorBlocked(address debtor, uint32 blocking);
    error IssuancePrepayment(bytes32 fingerprint, uint40 issuedAt);
    error IssuanceTooManyInvoices(uint256 count, uint256 limit);

    /// @custom:access signatures of debtor (CONFIRM) and creditor (ACCEPT)
    function issue(Issue calldata intent, bytes calldata debtorSignatures, bytes calldata creditorSignatures)
        external
        returns (uint64 receivable, uint64 lot);
    function hashIssue(Issue calldata intent) external view returns (bytes32);
}

/// @title Transfers: split a lot and pass the part on
interface ITransfers is IIntents {
    /// @param evidence salted commitment to the trade documents behind this hop, never zero
    struct Assign {
        address owner;
        address to;
        uint64 lot;
        uint24 seq;
        uint64 amount;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    struct AssignItem {
        Assign intent;
        bytes ownerSignatures;
        bytes receiverSignatures;
    }

    error TransfersOnlySelf();
    error TransfersTooMany(uint256 count, uint256 limit);

    /// @custom:access signatures of owner (ASSIGN) and receiver (ACCEPT)
    function assign(Assign calldata intent, bytes calldata ownerSignatures, bytes calldata receiverSignatures)
        external
        returns (uint64 child);
    /// @notice Many at once; a bad item is reported by `IntentFailed` and harms no other.
    /// @return children new lots, 0 where the item failed
    /// @custom:access each item by its own signatures
    function assignMany(AssignItem[] calldata items) external returns (uint64[] memory children);
    function hashAssign(Assign calldata intent) external view returns (bytes32);
}

/// @title Financing: title against cash in one transaction
interface IFinancing is IIntents {
    /// @param amount face sold, minor units
    /// @param price gross purchase price; the seller receives `price - fees`
    /// @param fees withheld from the price and paid to `feesTo`
    /// @param ratePpm discount rate, parts per million a year
    /// @param dayCount 360 or 365
    /// @param recourse 0 without, 1 with
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
        bytes32 registrationRef;
        bytes32 noticeRef;
        bytes32 termsHash;
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

    /// @dev price must be in (0, amount], fees < price, feesTo set exactly when fees > 0
    error FinancingBadPrice(uint64 amount, uint64 price, uint64 fees);
    error FinancingBadDayCount(uint16 dayCount);
    error FinancingBadRecourse(uint8 recourse);

    /// @custom:access signatures of bank (FINANCE) and seller (ASSIGN)
    function finance(Finance calldata intent, bytes calldata bankSignatures, bytes calldata sellerSignatures)
        external
        returns (uint64 child);
    function hashFinance(Finance calldata intent) external view returns (bytes32);
}

/// @title Settlement: the debtor pays once, holders claim; holds the cash paid in and not yet claimed
interface ISettlement is IIntents {
    /// @param amount principal and interest, minor units
    /// @param paidBefore principal and interest paid before this payment: a replay is stale by itself
    struct Pay {
        address debtor;
        uint64 receivable;
        uint64 amount;
        uint64 paidBefore;
        uint40 deadline;
        uint64 salt;
    }

    /// @notice One lot of a claim got nothing; the others are not touched by it.
    event ClaimFailed(uint64 indexed lot, bytes reason);

    error SettlementTooMany(uint256 count, uint256 limit);

    /// @custom:access signatures of the debtor (PAY)
    function pay(Pay calldata intent, bytes calldata signatures) external;
    /// @notice Pay each lot's open share to its owner, whoever asks.
    /// @custom:access anyone
    function claim(uint64[] calldata lots) external;
    /// @notice Flag a receivable that is due and unpaid; its debtor cannot issue until it has paid.
    /// @custom:access anyone
    function flagOverdue(uint64 receivable) external;
    function hashPay(Pay calldata intent) external view returns (bytes32);
}
