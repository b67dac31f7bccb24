// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IntentKinds, Powers} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Payout} from "../interfaces/Payouts.sol";
import {Intents} from "../modules/Intents.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";

/// @title Deposits at the settlement bank, one token per currency, in minor units
contract Cash is ICash, ModuleRights, Intents {
    bytes32 private constant REDEEM_TYPE = keccak256(
        "Redeem(address holder,uint16 currency,uint64 amount,bytes32 accountRef,uint40 deadline,uint64 salt)"
    );

    /// @dev 2^63 - 1 minor units (ADR 0014).
    uint256 private constant MAX_SUPPLY = 2 ** 63 - 1;

    IParties public immutable parties;
    /// @inheritdoc ICash
    uint16 public immutable override currency;

    /// @inheritdoc IERC20Metadata
    string public override name;
    /// @inheritdoc IERC20Metadata
    string public override symbol;
    /// @inheritdoc IERC20
    uint256 public override totalSupply;
    /// @inheritdoc IERC20
    mapping(address holder => uint256) public override balanceOf;
    mapping(bytes32 creditRef => bool) private _credited;

    /// @inheritdoc ICash
    uint64 public override mintLimit;
    /// @dev of the UTC day `_mintDay`
    uint64 private _mintedToday;
    uint40 private _mintDay;

    constructor(
        address authority,
        IParties parties_,
        uint16 currencyNumeric,
        string memory name_,
        string memory symbol_,
        uint64 mintLimitPerDayMinor
    ) AccessManaged(authority) Intents("Tallystick Cash") {
        parties = parties_;
        currency = currencyNumeric;
        name = name_;
        symbol = symbol_;
        mintLimit = mintLimitPerDayMinor;
        emit MintLimitChanged(mintLimitPerDayMinor);
    }

    /// @inheritdoc ICash
    function mint(address to, uint64 amount, bytes32 creditRef) external restricted {
        if (amount == 0 || creditRef == 0) revert CashZeroValue();
        if (_credited[creditRef]) revert CashCreditRefUsed(creditRef);
        parties.requireActive(to, 0);
        _credited[creditRef] = true;
        _countMint(amount);
        uint256 supply = totalSupply + amount;
        if (supply > MAX_SUPPLY) revert CashSupplyLimit(supply, MAX_SUPPLY);
        totalSupply = supply;
        balanceOf[to] += amount;
        emit CashMinted(to, amount, creditRef);
        emit Transfer(address(0), to, amount);
    }

    /// @inheritdoc ICash
    function setMintLimit(uint64 perDayMinor) external restricted {
        mintLimit = perDayMinor;
        emit MintLimitChanged(perDayMinor);
    }

    /// @inheritdoc ICash
    function move(address from, address to, uint64 amount, uint16 right) external {
        _requireRight(right);
        if (amount == 0 || to == address(0)) revert CashZeroValue();
        _debit(from, amount);
        unchecked {
            // a balance never exceeds the supply
            balanceOf[to] += amount;
        }
        emit Transfer(from, to, amount);
    }

    /// @inheritdoc ICash
    function payOut(address from, Payout[] calldata payouts, uint16 right) external {
        _requireRight(right);
        uint256 left = balanceOf[from];
        for (uint256 i = 0; i < payouts.length; ++i) {
            Payout payout = payouts[i];
            (address to, uint64 amount) = (payout.to(), payout.amount());
            if (amount == 0 || to == address(0) || to == from) revert CashZeroValue();
            if (left < amount) revert CashInsufficient(from, left, amount);
            unchecked {
                left -= amount;
                // a balance never exceeds the supply
                balanceOf[to] += amount;
            }
            emit Transfer(from, to, amount);
        }
        balanceOf[from] = left;
    }

    /// @inheritdoc ICash
    function redeem(Redeem calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        if (intent.currency != currency) revert CashWrongCurrency(intent.currency, currency);
        if (intent.amount == 0 || intent.accountRef == 0) revert CashZeroValue();
        bytes32 digest = hashRedeem(intent);
        _useOnce(digest);
        parties.requireSigned(intent.holder, Powers.PAY, digest, signatures);
        _debit(intent.holder, intent.amount);
        totalSupply -= intent.amount;
        emit CashRedeemed(intent.holder, intent.amount, intent.accountRef, digest);
        emit Transfer(intent.holder, address(0), intent.amount);
        emit IntentUsed(digest, IntentKinds.REDEEM, 0, msg.sender);
    }

    /// @notice Always reverts: holders are parties, and only modules move cash.
    /// @custom:access nobody
    function transfer(address, uint256) external pure returns (bool) {
        revert CashOnlyModules();
    }

    /// @notice Always reverts: there are no allowances.
    /// @custom:access nobody
    function approve(address, uint256) external pure returns (bool) {
        revert CashOnlyModules();
    }

    /// @notice Always reverts: holders are parties, and only modules move cash.
    /// @custom:access nobody
    function transferFrom(address, address, uint256) external pure returns (bool) {
        revert CashOnlyModules();
    }

    /// @inheritdoc IERC20
    function allowance(address, address) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 2;
    }

    /// @inheritdoc ICash
    function hashRedeem(Redeem calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(REDEEM_TYPE, offset, 6 * 32);
    }

    function _countMint(uint64 amount) private {
        uint40 today = uint40(block.timestamp / 1 days);
        uint64 minted = today == _mintDay ? _mintedToday : 0;
        // the limit may have been lowered below what was minted today
        uint64 left = mintLimit > minted ? mintLimit - minted : 0;
        if (amount > left) revert CashMintLimit(amount, left);
        (_mintDay, _mintedToday) = (today, minted + amount);
    }

    function _debit(address from, uint64 amount) private {
        uint256 balance = balanceOf[from];
        if (balance < amount) revert CashInsufficient(from, balance, amount);
        unchecked {
            balanceOf[from] = balance - amount;
        }
    }
}
