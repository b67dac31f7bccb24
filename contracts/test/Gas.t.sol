// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {World} from "./support/World.sol";

/// @title Gas of the operations of the design (ledger.md §10), as a user pays it
/// @dev forge isolates each call: intrinsic gas and calldata are in, storage is cold, refunds are taken off. Whoever
/// receives has held a lot and cash before, but for the row of a new holder. The figures must be those of snapshots/gas.json; `make gas` writes them anew (FORGE_SNAPSHOT_EMIT=true).
contract GasTest is World {
    string private _rows;

    string private constant SNAPSHOT = "snapshots/gas.json";

    function test_figuresAreThoseOfTheSnapshot() public {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        _measureIssue();
        _measureNewHolder();
        _makeHolders();
        _measureSplitPrimitive();
        _measureAssign();
        _measureBatch();
        _measureFinance();
        _measurePayments();
        _measureClaims(receivable, lot);
        _measureClaimsOfOneHolder();
        _measureSizes();
        string memory table = string.concat("[\n", _rows, "\n]\n");
        // `tally bench gas` takes the figures of the day to a file of its own
        string memory path = vm.envOr("GAS_SNAPSHOT_PATH", SNAPSHOT);
        if (vm.envOr("FORGE_SNAPSHOT_EMIT", false)) vm.writeFile(path, table);
        _same(bytes(vm.readFile(path)), bytes(table), "gas or code size has changed: see `make gas`");
    }

    function _measureIssue() private {
        _doIssue(FACE, 90);
        _row("issue, one invoice, three signatures", _lastGas(), 0);
    }

    function _measureNewHolder() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        _doAssign(lot, tier2, FACE / 4);
        _row("assign, to a party that never held a lot", _lastGas(), 0);
    }

    /// @dev The bank, and the suppliers by the rows before, are in the ledger's list of holders.
    function _makeHolders() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        _doAssign(lot, bank, FACE / 4);
    }

    function _measureSplitPrimitive() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        address module = address(0xBEEF);
        _grant(address(ledger), module, Rights.ASSIGN);
        ILedger.MoveOrder memory order =
            ILedger.MoveOrder(lot, 0, supplier, tier2, FACE / 4, ILedger.Cause.Assign, EVIDENCE, false);
        vm.prank(module);
        ledger.move(order);
        _row("split, ledger primitive", _lastGas(), 86_000);
    }

    function _measureAssign() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        _doAssign(lot, tier2, FACE / 4);
        _row("assign, two signatures, relayed", _lastGas(), 128_000);
    }

    function _measureBatch() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](20);
        for (uint24 i = 0; i < 20; ++i) {
            ITransfers.Assign memory intent = _intentAssign(lot, tier2, FACE / 40);
            intent.seq = i;
            items[i] = _item(intent);
        }
        uint64[] memory children = transfers.assignMany(items);
        uint256 used = _lastGas();
        for (uint256 i = 0; i < 20; ++i) {
            _yes(children[i] != 0, "every item of the batch has effect");
        }
        _row("assign, two signatures, each in a batch of 20", used / 20, 72_000);
    }

    function _measureFinance() private {
        (, uint64 lot) = _doIssue(FACE, 90);
        _mint(cny, supplier, 1);
        _carry(_intentFinance(lot, FACE / 4, FACE / 4 - 1000));
        _row("finance part of a lot, two signatures, cash", _lastGas(), 146_000);
    }

    function _measurePayments() private {
        (uint64 receivable,) = _doIssue(FACE, 90);
        address module = address(0xBEE2);
        _grant(address(ledger), module, Rights.PAY);
        vm.prank(module);
        ledger.recordPayment(receivable, debtor, FACE, 0, TERMS);
        _row("payment, ledger primitive", _lastGas(), 49_000);
        (receivable,) = _doIssue(FACE, 90);
        // another payment has already arrived: the settlement account is not empty
        _doPay(receivable, 1);
        (receivable,) = _doIssue(FACE, 90);
        _doPay(receivable, FACE);
        _row("pay in full, one signature, relayed, with cash", _lastGas(), 0);
    }

    function _measureClaims(uint64 receivable, uint64 lot) private {
        uint64[] memory lots = new uint64[](10);
        for (uint256 i = 0; i < 10; ++i) {
            address holder = _admit(string.concat("holder ", vm.toString(i)), 2, _keys(0x9000 + i), 1);
            _mint(cny, holder, 1);
            lots[i] = _doAssign(lot, holder, FACE / 10);
        }
        _doPay(receivable, FACE);
        settlement.claim(lots);
        uint256 used = _lastGas();
        _same(cny.balanceOf(ledger.lotOf(lots[9]).owner), FACE / 10 + 1, "every lot of the batch is paid");
        _row("claim, per lot in a batch of 10", used / 10, 21_800);
    }

    /// @dev As a bank claims: its lots of one receivable in a row.
    function _measureClaimsOfOneHolder() private {
        (uint64 receivable, uint64 lot) = _doIssue(FACE, 90);
        uint64[] memory lots = new uint64[](10);
        for (uint256 i = 0; i < 10; ++i) {
            lots[i] = _doAssign(lot, bank, FACE / 10);
        }
        _doPay(receivable, FACE);
        settlement.claim(lots);
        _row("claim, per lot in a batch of 10 of one holder", _lastGas() / 10, 21_800);
    }

    function _measureSizes() private {
        _size("Parties", address(parties));
        _size("Rulebook", address(rulebook));
        _size("Ledger", address(ledger));
        _size("Invoices", address(invoices));
        _size("Cash", address(cny));
        _size("Issuance", address(issuance));
        _size("Transfers", address(transfers));
        _size("Financing", address(financing));
        _size("Pledges", address(pledges));
        _size("Settlement", address(settlement));
        _size("Enforcement", address(enforcement));
        _size("Exports", address(exports));
        _size(
            "SuccessorLedger",
            vm.deployCode("SuccessorLedger.sol:SuccessorLedger", abi.encode(manager, rulebook, ledger))
        );
        _size("Lens", address(lens));
    }

    function _grant(address keeper, address module, uint16 right) private {
        _asAnnounced(MODULE_ADMIN, keeper, abi.encodeCall(ledger.setRights, (module, right)), 7 days);
    }

    function _lastGas() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    function _size(string memory name, address target) private {
        _append(string.concat("{\"name\": \"code size ", name, "\", \"bytes\": "), target.code.length, 10_000);
    }

    /// @param target 0 where the design names none
    function _row(string memory name, uint256 used, uint256 target) private {
        _append(string.concat("{\"name\": \"", name, "\", \"gas\": "), used, target);
    }

    function _append(string memory start, uint256 value, uint256 target) private {
        string memory limit = target == 0 ? "null" : vm.toString(target);
        string memory row = string.concat("  ", start, vm.toString(value), ", \"target\": ", limit, "}");
        _rows = bytes(_rows).length == 0 ? row : string.concat(_rows, ",\n", row);
    }
}
