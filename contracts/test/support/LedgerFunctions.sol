// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {CallList} from "./CallList.sol";

/// @title The functions that every ledger has, also one that takes over from another
abstract contract LedgerFunctions is CallList {
    /// @param of_ whose functions are listed; the calls are about lots of the ledger of the stage
    function _addLedger(string memory name, ILedger of_) internal {
        _addTitle(name, of_);
        _addMoney(name, of_);
    }

    function _addTitle(string memory name, ILedger of_) private {
        address target = address(of_);
        ILedger.IssueOrder memory order =
            ILedger.IssueOrder(debtor, supplier, FACE, START + 90 days, CNY, TERMS, TERMS);
        _byRight(name, "issue", target, abi.encodeCall(of_.issue, (order)), Rights.ISSUE);
        ILedger.MoveOrder memory move =
            ILedger.MoveOrder(freeLot, 0, tier2, bank, FACE / 20, ILedger.Cause.Assign, EVIDENCE, false);
        _byRight(name, "move", target, abi.encodeCall(of_.move, (move)), Rights.ASSIGN);
        ILedger.ChargeOrder memory charge =
            ILedger.ChargeOrder(freeLot, 0, tier2, bank, 2, FACE / 20, 0, EVIDENCE);
        _byRight(name, "charge", target, abi.encodeCall(of_.charge, (charge)), Rights.PLEDGE);
        uint24 seq = ledger.lotOf(pledgedLot).seq;
        bytes memory data = abi.encodeCall(of_.lowerPledge, (pledgedLot, seq, bank, 1, EVIDENCE));
        _byRight(name, "lowerPledge", target, data, Rights.PLEDGE);
        data = abi.encodeCall(of_.setFrozen, (freeLot, true, EVIDENCE));
        _byRight(name, "setFrozen", target, data, Rights.FREEZE);
        data = abi.encodeCall(of_.cancel, (untouched, debtor, supplier, EVIDENCE));
        _byRight(name, "cancel", target, data, Rights.CANCEL);
        data = abi.encodeCall(of_.setCurrency, (840, address(cny)));
        _byRole(name, "setCurrency", target, data, MODULE_ADMIN);
        _byRole(name, "retire", target, abi.encodeCall(of_.retire, (STRANGER)), MODULE_ADMIN);
        _keeper(name, target);
    }

    function _addMoney(string memory name, ILedger of_) private {
        address target = address(of_);
        bytes memory data = abi.encodeCall(of_.recordPayment, (live, debtor, 1, 0, TERMS));
        _byRight(name, "recordPayment", target, data, Rights.PAY);
        data = abi.encodeCall(of_.recordClaims, (_lots(paidLot)));
        _byRight(name, "recordClaims", target, data, Rights.CLAIM);
        data = abi.encodeCall(of_.recordOverdue, (late));
        _byRight(name, "recordOverdue", target, data, Rights.FLAG);
        data = abi.encodeCall(of_.recordDefault, (beyondGrace));
        _byRight(name, "recordDefault", target, data, Rights.FLAG);
        data = abi.encodeCall(of_.setSuspended, (untouched, true, EVIDENCE));
        _byRight(name, "setSuspended", target, data, Rights.FREEZE);
        data = abi.encodeCall(of_.writeOff, (defaulted, EVIDENCE));
        _byRight(name, "writeOff", target, data, Rights.WRITE_OFF);
    }
}
