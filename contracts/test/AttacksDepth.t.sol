// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../src/interfaces/ILedger.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
import {Orders} from "./support/Orders.sol";
import {Pledging} from "./support/Pledging.sol";

/// @title Two suppliers and a helper pass a lot on by pledging it and enforcing the pledge, again and again
/// @dev Enforcement keeps to no limit. Without an end to it, a lot 255 hops deep could not even be moved by a court.
contract AttacksDepthTest is Orders, Pledging {
    uint8 private constant MAX_DEPTH = 8;

    function test_LedgerTooDeep_whenALotIsPassedOnByPledgeAndEnforcement() public {
        (, uint64 lot) = _doIssue(FACE, 90);
        _mint(cny, supplier, FACE);
        _mint(cny, tier2, FACE);
        for (uint8 depth = 1; depth <= MAX_DEPTH + 1; ++depth) {
            _carry(_intentHelp(lot));
            lot = _carry(_intentRealise(lot, ledger.lotOf(lot).owner == supplier ? tier2 : supplier, 1));
            _same(ledger.lotOf(lot).depth, depth, "one hop deeper");
        }
        _refused(_intentHelp(lot), abi.encodeWithSelector(ILedger.LedgerTooDeep.selector, lot, MAX_DEPTH));
        uint64 seized = _forceMove(lot, bank, FACE);
        _same(ledger.lotOf(seized).owner, bank, "a court still can");
    }

    function test_pledge_ofALotAtTheDepthLimitAndItsEnforcement() public {
        (, uint64 lot) = _doIssue(FACE, 90);
        for (uint8 depth = 1; depth <= MAX_DEPTH; ++depth) {
            lot = _doAssign(lot, ledger.lotOf(lot).owner == supplier ? tier2 : supplier, FACE);
        }
        _doPledge(lot, FACE);
        uint64 sold = _carry(_intentRealise(lot, bank, FACE));
        _same(ledger.lotOf(sold).owner, bank, "no pledgee is left with a pledge that cannot be enforced");
    }

    function _intentHelp(uint64 lot) private returns (IPledges.Pledge memory intent) {
        intent = _intentPledge(lot, 1, 0);
        intent.pledgee = tier3;
    }
}
