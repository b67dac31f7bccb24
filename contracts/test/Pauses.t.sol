// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {IRights} from "../src/interfaces/IRights.sol";
import {ManagerFunctions} from "./support/ManagerFunctions.sol";

/// @title I12: a pause bit stops exactly what it names
/// @dev Every bit on every contract that keeps state, against every function that somebody outside can have an effect with.
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract PausesTest is ManagerFunctions {
    /// @dev What a function needs of the ledger, the invoice register and the cash of its currency.
    struct Needs {
        uint16 ledger;
        uint16 invoices;
        uint16 cash;
    }

    mapping(bytes32 function_ => Needs) private _needs;

    function setUp() public override {
        super.setUp();
        _need("Issuance", "issue", Rights.ISSUE, Rights.ISSUE, 0);
        _need("Issuance", "cancel", Rights.CANCEL, Rights.CANCEL, 0);
        _need("Transfers", "assign", Rights.ASSIGN, 0, 0);
        _need("Transfers", "assignMany", Rights.ASSIGN, 0, 0);
        _need("Financing", "finance", Rights.FINANCE, 0, Rights.FINANCE);
        _need("Financing", "financeUnderMandate", Rights.FINANCE, 0, Rights.FINANCE);
        _need("Financing", "financeMany", Rights.FINANCE, 0, Rights.FINANCE);
        _need("Financing", "buyBack", Rights.BUYBACK, 0, Rights.BUYBACK);
        _need("Pledges", "pledge", Rights.PLEDGE, 0, Rights.PLEDGE);
        _need("Pledges", "release", Rights.PLEDGE, 0, Rights.PLEDGE);
        _need("Pledges", "realise", Rights.PLEDGE, 0, Rights.PLEDGE);
        _need("Exports", "export", Rights.EXPORT, 0, 0);
        _need("Settlement", "pay", Rights.PAY, 0, Rights.PAY);
    }

    function test_everyBit_stopsExactlyTheFunctionsThatNeedIt() public {
        Call[] memory calls = _everyFunction();
        IRights[4] memory keepers = [IRights(ledger), IRights(invoices), IRights(cny), IRights(eur)];
        uint256 tried = 0;
        uint256 stopped_ = 0;
        for (uint16 bit = 1; bit != 0 && bit <= Rights.PAUSABLE; bit <<= 1) {
            if (bit & Rights.PAUSABLE == 0) continue;
            for (uint256 i = 0; i < keepers.length; ++i) {
                uint256 before = vm.snapshotState();
                vm.prank(GUARDIAN);
                keepers[i].pause(bit);
                (uint256 tried_, uint256 refused) = _tryAll(calls, address(keepers[i]), bit);
                (tried, stopped_) = (tried + tried_, stopped_ + refused);
                vm.revertToStateAndDelete(before);
            }
        }
        // eight bits on four contracts, against all that is not for modules or for the contract itself
        _same(tried, 8 * 4 * _countOutside(calls), "tried");
        // one for each need above; nothing here is in euro
        _same(stopped_, 23, "stopped");
    }

    function test_unpaused_everythingWorks() public {
        Call[] memory calls = _everyFunction();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (_isOutside(calls[i])) _yes(_hasEffect(calls[i]), calls[i].name);
        }
    }

    function test_everythingPaused_stillPaysClaimsAndKeepsOrdersGoing() public {
        Call[] memory calls = _everyFunction();
        address[4] memory keepers = [address(ledger), address(invoices), address(cny), address(eur)];
        for (uint256 i = 0; i < keepers.length; ++i) {
            vm.prank(GUARDIAN);
            IRights(keepers[i]).pause(Rights.PAUSABLE);
        }
        for (uint256 i = 0; i < calls.length; ++i) {
            if (!_isOutside(calls[i])) continue;
            Needs memory needs = _needs[_key(calls[i].contract_, calls[i].name)];
            bool stops = needs.ledger != 0 || needs.invoices != 0 || needs.cash != 0;
            _yes(_hasEffect(calls[i]) == !stops, calls[i].name);
        }
    }

    // ---- helpers

    function _tryAll(Call[] memory calls, address keeper, uint16 bit)
        private
        returns (uint256 tried, uint256 refused)
    {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (!_isOutside(calls[i])) continue;
            ++tried;
            bool stops = _needOf(calls[i], keeper) & bit != 0;
            string memory what = string.concat(calls[i].name, " with bit ", vm.toString(uint256(bit)));
            _yes(_hasEffect(calls[i]) == !stops, what);
            if (!stops) continue;
            ++refused;
            if (calls[i].access == Access.Anyone) continue;
            _refused(
                calls[i].target, calls[i].data, abi.encodeWithSelector(IRights.RightsPaused.selector, bit)
            );
        }
    }

    /// @dev A batch never fails; its one item has an effect or not.
    function _hasEffect(Call memory call) private returns (bool effect) {
        uint256 before = vm.snapshotState();
        uint32 delay = 0;
        if (call.access == Access.Role) {
            (, delay) = manager.canCall(call.holder, call.target, bytes4(call.data));
        }
        bytes memory result;
        if (delay == 0) {
            vm.prank(call.access == Access.Role ? call.holder : STRANGER);
            // solhint-disable-next-line avoid-low-level-calls
            (effect, result) = call.target.call(call.data);
        } else {
            _asAnnounced(call.holder, call.target, call.data, delay);
            effect = true;
        }
        bool batch = _isNamed(call, "assignMany") || _isNamed(call, "financeMany");
        if (effect && batch) effect = abi.decode(result, (uint64[]))[0] != 0;
        vm.revertToStateAndDelete(before);
    }

    /// @dev Modules alone reach the functions that need a right; the AccessManager has no pauses.
    function _isOutside(Call memory call) private pure returns (bool) {
        return call.access == Access.Role || call.access == Access.Signed || call.access == Access.Anyone;
    }

    function _countOutside(Call[] memory calls) private pure returns (uint256 count) {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (_isOutside(calls[i])) ++count;
        }
    }

    function _needOf(Call memory call, address keeper) private view returns (uint16) {
        Needs memory needs = _needs[_key(call.contract_, call.name)];
        if (keeper == address(ledger)) return needs.ledger;
        if (keeper == address(invoices)) return needs.invoices;
        return keeper == address(cny) ? needs.cash : 0;
    }

    function _need(string memory contract_, string memory name, uint16 ledger_, uint16 invoices_, uint16 cash)
        private
    {
        _needs[_key(contract_, name)] = Needs(ledger_, invoices_, cash);
    }

    function _key(string memory contract_, string memory name) private pure returns (bytes32) {
        return keccak256(abi.encode(contract_, name));
    }

    function _isNamed(Call memory call, string memory name) private pure returns (bool) {
        return keccak256(bytes(call.name)) == keccak256(bytes(name));
    }
}
