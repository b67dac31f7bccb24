// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, Powers, Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {IParties} from "../interfaces/IParties.sol";
import {Intents} from "./Intents.sol";

/// @title Settlement: the debtor pays once, holders claim
/// @dev Holds, per currency, exactly what was paid in and not yet claimed.
contract Settlement is ISettlement, Intents {
    uint256 public constant MAX_ITEMS = 200;
    uint256 private constant ITEM_GAS = 150_000;
    bytes32 private constant PAY_TYPE = keccak256(
        "Pay(address debtor,uint64 receivable,uint64 amount,uint64 paidBefore,uint40 deadline,uint64 salt)"
    );

    ILedger public immutable ledger;
    IParties public immutable parties;

    constructor(ILedger ledger_, IParties parties_) Intents("Tallystick Settlement") {
        ledger = ledger_;
        parties = parties_;
    }

    /// @inheritdoc ISettlement
    function pay(Pay calldata intent, bytes calldata signatures) external {
        _checkDeadline(intent.deadline);
        bytes32 digest = hashPay(intent);
        parties.requireSigned(intent.debtor, Powers.PAY, digest, signatures);
        uint16 currency =
            ledger.recordPayment(intent.receivable, intent.debtor, intent.amount, intent.paidBefore, digest);
        emit IntentUsed(digest, IntentKinds.PAY, intent.receivable, msg.sender);
        ICash(ledger.cashOf(currency)).move(intent.debtor, address(this), intent.amount, Rights.PAY);
    }

    /// @inheritdoc ISettlement
    /// @dev Only the ledger can refuse a lot, and its call is undone by itself. Cash has no hooks: it cannot refuse an owner.
    function claim(uint64[] calldata lots) external {
        uint256 count = lots.length;
        if (count > MAX_ITEMS) revert SettlementTooMany(count, MAX_ITEMS);
        ICash cash;
        uint16 cashCurrency = 0;
        for (uint256 i = 0; i < count; ++i) {
            _requireGas(ITEM_GAS);
            try ledger.recordClaim(lots[i]) returns (address owner, uint64 amount, uint16 currency) {
                if (currency != cashCurrency) {
                    (cash, cashCurrency) = (ICash(ledger.cashOf(currency)), currency);
                }
                cash.move(address(this), owner, amount, Rights.CLAIM);
            } catch (bytes memory reason) {
                emit ClaimFailed(lots[i], reason);
            }
        }
    }

    /// @inheritdoc ISettlement
    function flagOverdue(uint64 receivable) external {
        ledger.recordOverdue(receivable);
    }

    /// @inheritdoc ISettlement
    function hashPay(Pay calldata intent) public view returns (bytes32) {
        uint256 offset;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            offset := intent
        }
        return _digest(PAY_TYPE, offset, 6 * 32);
    }
}
