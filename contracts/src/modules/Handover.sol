// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../interfaces/Codes.sol";
import {ICash} from "../interfaces/ICash.sol";
import {IHandover} from "../interfaces/IHandover.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ISuccessor} from "../interfaces/ISuccessor.sol";

/// @title Handover: the cash that waits for holders follows the receivables to a successor
/// @dev Needs the right CLAIM in each cash token while it works, and none afterwards.
contract Handover is IHandover {
    ISuccessor public immutable successor;
    address public immutable oldSettlement;
    address public immutable newSettlement;

    constructor(ISuccessor successor_, address oldSettlement_, address newSettlement_) {
        successor = successor_;
        oldSettlement = oldSettlement_;
        newSettlement = newSettlement_;
    }

    /// @inheritdoc IHandover
    function handOver(uint16 currency) external {
        if (!successor.isSealed()) revert ISuccessor.SuccessorNotSealed();
        ICash cash = ICash(ILedger(address(successor)).cashOf(currency));
        uint256 held = cash.balanceOf(oldSettlement);
        uint256 unclaimed = successor.unclaimedOf(currency);
        if (held != unclaimed) revert HandoverAmountDiffers(currency, held, unclaimed);
        cash.move(oldSettlement, newSettlement, uint64(held), Rights.CLAIM);
    }
}
