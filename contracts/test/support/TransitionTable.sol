// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../../src/interfaces/ILedger.sol";
import {Scenes} from "./Scenes.sol";

/// @title The published table of transitions (docs/transitions.md), read from the file that the document is compared with
/// @dev A cell is the state after the operation, the error that refuses it (without `Ledger`), or "-" where the case cannot
/// come about. Row and column numbers are those of the file.
abstract contract TransitionTable is Scenes {
    string private constant FILE = "test/tables/transitions.csv";
    uint256 private constant KEYS = 3;
    bytes32 private constant UNREACHABLE = "-";

    /// @dev In the order of the enumerations of `TransitionCases`.
    string[] internal operations;
    string[] internal moments;
    string[] internal kinds;
    string[] internal columns;
    /// @dev What each column's receivable is in.
    ILedger.State[] internal stateOfColumn;

    bytes32[][] private _rows;
    /// @dev row + 1
    mapping(bytes32 key => uint256) private _rowOf;
    mapping(string name => bytes32) private _codes;

    function _loadTable() internal {
        _nameCodes();
        string[] memory lines = vm.split(vm.readFile(FILE), "\n");
        _checkHeader(vm.split(lines[0], ","));
        // the file ends with a line break
        for (uint256 i = 1; i + 1 < lines.length; ++i) {
            _loadRow(vm.split(lines[i], ","));
        }
    }

    function _rowCount() internal view returns (uint256) {
        return _rows.length;
    }

    /// @return whether the table says that the case can come about
    function _isReachable(uint256 row, uint256 column) internal view returns (bool) {
        return _rows[row][column] != UNREACHABLE;
    }

    /// @return row of the case, and what the table says of it
    function _lookUp(uint256 operation, uint256 moment, uint256 kind, uint256 column)
        internal
        view
        returns (uint256 row, bytes32 code)
    {
        row = _rowOf[_key(operations[operation], moments[moment], kinds[kind])];
        _yes(row != 0, string.concat("no row for ", operations[operation], " of a lot ", kinds[kind]));
        code = _rows[--row][column];
        _yes(code != UNREACHABLE, string.concat(operations[operation], " can come about"));
    }

    function _isState(bytes32 code) internal pure returns (bool) {
        return uint256(code) <= uint256(type(ILedger.State).max);
    }

    function _loadRow(string[] memory cells) private {
        _same(cells.length, KEYS + columns.length, "cells of a row");
        uint256 row = _rows.length;
        bytes32[] memory codes = new bytes32[](columns.length);
        for (uint256 i = 0; i < codes.length; ++i) {
            codes[i] = _codes[cells[KEYS + i]];
            _yes(codes[i] != 0, string.concat("unknown word in the table: ", cells[KEYS + i]));
        }
        _rows.push(codes);
        _index(_listed(cells[0], operations), _listed(cells[1], moments), _listed(cells[2], kinds), row);
    }

    function _index(string[] memory ops, string[] memory whens, string[] memory lots, uint256 row) private {
        for (uint256 i = 0; i < ops.length; ++i) {
            for (uint256 j = 0; j < whens.length; ++j) {
                for (uint256 k = 0; k < lots.length; ++k) {
                    bytes32 key = _key(ops[i], whens[j], lots[k]);
                    _same(_rowOf[key], 0, string.concat("two rows for ", ops[i], " of a lot ", lots[k]));
                    _rowOf[key] = row + 1;
                }
            }
        }
    }

    function _listed(string memory cell, string[] memory all) private pure returns (string[] memory) {
        return keccak256(bytes(cell)) == keccak256("any") ? all : vm.split(cell, "; ");
    }

    function _checkHeader(string[] memory header) private view {
        _same(header.length, KEYS + columns.length, "columns of the table");
        for (uint256 i = 0; i < columns.length; ++i) {
            _same(bytes(header[KEYS + i]), bytes(columns[i]), "name of a column");
        }
    }

    function _key(string memory op, string memory when, string memory lot) private pure returns (bytes32) {
        return keccak256(abi.encode(op, when, lot));
    }

    function _nameCodes() private {
        _codes["-"] = UNREACHABLE;
        for (uint256 i = 1; i < columns.length; ++i) {
            bytes32 code = bytes32(uint256(stateOfColumn[i]));
            // a name with a remark in brackets is no state, only a column
            if (_codes[columns[i]] == 0) _codes[columns[i]] = code;
        }
        _codes["UnknownReceivable"] = ILedger.LedgerUnknownReceivable.selector;
        _codes["UnknownLot"] = ILedger.LedgerUnknownLot.selector;
        _codes["AmountOverLot"] = ILedger.LedgerAmountOverLot.selector;
        _codes["RegisterClosed"] = ILedger.LedgerRegisterClosed.selector;
        _codes["NotPayable"] = ILedger.LedgerNotPayable.selector;
        _codes["Overpaid"] = ILedger.LedgerOverpaid.selector;
        _codes["NothingToClaim"] = ILedger.LedgerNothingToClaim.selector;
        _codes["NotOverdue"] = ILedger.LedgerNotOverdue.selector;
        _codes["NotInDefault"] = ILedger.LedgerNotInDefault.selector;
        _codes["WrongState"] = ILedger.LedgerWrongState.selector;
        _codes["AlreadySplit"] = ILedger.LedgerAlreadySplit.selector;
        _codes["ReceivableSuspended"] = ILedger.LedgerReceivableSuspended.selector;
        _codes["LotFrozen"] = ILedger.LedgerLotFrozen.selector;
        _codes["LotNotFrozen"] = ILedger.LedgerLotNotFrozen.selector;
        _codes["LotExported"] = ILedger.LedgerLotExported.selector;
        _codes["LotCharged"] = ILedger.LedgerLotCharged.selector;
        _codes["LotNotPledgedTo"] = ILedger.LedgerLotNotPledgedTo.selector;
        _codes["LotOnlyWhole"] = ILedger.LedgerLotOnlyWhole.selector;
        _codes["BadCharge"] = ILedger.LedgerBadCharge.selector;
    }
}
