// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IIntents} from "./IIntents.sol";
import {IRights} from "./IRights.sol";
import {Payout} from "./Payouts.sol";

/// @title Deposits at the settlement bank, one token per currency, in minor units
/// @notice Minted against a bank credit notice, burned against a payment order. Holders are parties, which hold no keys:
/// `transfer`, `approve` and `transferFrom` always revert, only modules with a right move cash.
interface ICash is IERC20Metadata, IIntents, IRights {
    struct Redeem {
        address holder;
        uint16 currency;
        uint64 amount;
        bytes32 accountRef;
        uint40 deadline;
        uint64 salt;
    }

    event CashMinted(address indexed to, uint64 amount, bytes32 indexed creditRef);
    event CashRedeemed(address indexed holder, uint64 amount, bytes32 indexed accountRef, bytes32 digest);
    event MintLimitChanged(uint64 perDayMinor);

    error CashInsufficient(address holder, uint256 balance, uint256 amount);
    error CashOnlyModules();
    error CashZeroValue();
    error CashCreditRefUsed(bytes32 creditRef);
    error CashMintLimit(uint64 amount, uint64 leftToday);
    /// @dev The supply stays inside the signed 64 bits of a database.
    error CashSupplyLimit(uint256 supply, uint256 limit);
    error CashWrongCurrency(uint16 given, uint16 expected);

    /// @param creditRef hash of the bank's credit notice; each counts once
    /// @custom:access AccessManager role SETTLEMENT_BANK
    function mint(address to, uint64 amount, bytes32 creditRef) external;
    /// @custom:access AccessManager role ADMIN
    function setMintLimit(uint64 perDayMinor) external;
    /// @notice Move cash between parties.
    /// @param right the right the caller acts under: FINANCE, BUYBACK, PLEDGE, PAY or CLAIM
    /// @custom:access that right
    function move(address from, address to, uint64 amount, uint16 right) external;
    /// @notice Move cash from one holder to many.
    /// @param payouts `Payout` words, each with a receiver and an amount
    /// @custom:access that right
    function payOut(address from, Payout[] calldata payouts, uint16 right) external;
    /// @notice Burn cash against a payment order to the holder's own bank account.
    /// @custom:access signatures of the holder (PAY)
    function redeem(Redeem calldata intent, bytes calldata signatures) external;

    function currency() external view returns (uint16);
    function mintLimit() external view returns (uint64 perDayMinor);
    function hashRedeem(Redeem calldata intent) external view returns (bytes32);
}
