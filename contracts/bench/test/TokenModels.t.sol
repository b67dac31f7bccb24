// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checks} from "../../test/support/Checks.sol";
import {Money, Payer} from "../src/PushedCash.sol";
import {Receivables1155} from "../src/Receivables1155.sol";
import {Receivables3525} from "../src/Receivables3525.sol";
import {Receivables721} from "../src/Receivables721.sol";

/// @title Gas of other token models for what the ledger does, measured as ../../test/Gas.t.sol measures the ledger
/// @dev Cold storage, intrinsic gas and calldata in, refunds taken off. Owner and receiver have held a token of the
/// contract before, and money. A group of figures is a model; a batch is recorded as what each of its parts costs.
contract TokenModelsTest is Checks {
    uint64 private constant FACE = 1_000_000_00;
    uint256 private constant BATCH = 20;

    address private constant DEBTOR = address(0xD0001);
    address private constant SUPPLIER = address(0xD0002);
    address private constant TIER2 = address(0xD0003);

    function test_erc721() public {
        Receivables721 tokens = new Receivables721();
        tokens.issue(TIER2, FACE);
        uint64 first = tokens.issue(SUPPLIER, FACE);
        uint64 second = tokens.issue(SUPPLIER, FACE);

        vm.prank(SUPPLIER);
        (uint64 rest, uint64 part) = tokens.split(first, TIER2, FACE / 4);
        _record("ERC-721", "split");
        _same(tokens.ownerOf(part), TIER2, "the part is the receiver's");
        (uint64 amount, uint64 parent) = tokens.partOf(rest);
        _same(amount, FACE - FACE / 4, "the rest is what is left");
        _same(parent, first, "its lineage is kept");

        (address[] memory to, uint64[] memory amounts) = _shares();
        vm.prank(SUPPLIER);
        tokens.splitMany(second, to, amounts);
        _recordEach("ERC-721", "batch");
        _same(tokens.balanceOf(TIER2), 2 + BATCH, "every part is the receiver's");
        vm.snapshotValue("ERC-721", "code size", address(tokens).code.length);
    }

    function test_erc1155() public {
        Receivables1155 tokens = new Receivables1155();
        tokens.issue(TIER2, 1, FACE);
        uint256[] memory receivables = new uint256[](BATCH);
        uint256[] memory amounts = new uint256[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            receivables[i] = 2 + i;
            amounts[i] = FACE / 40;
            tokens.issue(SUPPLIER, receivables[i], FACE);
        }
        tokens.issue(SUPPLIER, 100, FACE);

        vm.prank(SUPPLIER);
        tokens.safeTransferFrom(SUPPLIER, TIER2, 100, FACE / 4, "");
        _record("ERC-1155", "split");
        _same(tokens.balanceOf(TIER2, 100), FACE / 4, "the part is the receiver's");

        vm.prank(SUPPLIER);
        tokens.safeBatchTransferFrom(SUPPLIER, TIER2, receivables, amounts, "");
        _recordEach("ERC-1155", "batch");
        _same(tokens.balanceOf(TIER2, receivables[BATCH - 1]), FACE / 40, "every part is the receiver's");
        vm.snapshotValue("ERC-1155", "code size", address(tokens).code.length);
    }

    function test_erc3525() public {
        Receivables3525 tokens = new Receivables3525();
        tokens.issue(TIER2, 1, FACE);
        uint256 first = tokens.issue(SUPPLIER, 2, FACE);
        uint256 second = tokens.issue(SUPPLIER, 3, FACE);

        vm.prank(SUPPLIER);
        uint256 part = tokens.transferFrom(first, TIER2, FACE / 4);
        _record("ERC-3525", "split");
        _same(tokens.balanceOf(part), FACE / 4, "the part is the receiver's");

        vm.prank(SUPPLIER);
        tokens.transferFrom(first, part, FACE / 4);
        _record("ERC-3525", "add to a part");
        _same(tokens.balanceOf(part), FACE / 2, "the part has grown");

        (address[] memory to, uint64[] memory amounts) = _shares();
        vm.prank(SUPPLIER);
        tokens.splitMany(second, to, amounts);
        _recordEach("ERC-3525", "batch");
        _same(tokens.balanceOf(TIER2), 2 + BATCH, "every part is the receiver's");
        vm.snapshotValue("ERC-3525", "code size", address(tokens).code.length);
    }

    function test_erc20() public {
        Money money = new Money();
        money.issue(SUPPLIER, 1);
        money.issue(DEBTOR, 2 * uint256(FACE));
        vm.prank(DEBTOR);
        money.transfer(SUPPLIER, FACE);
        _record("ERC-20", "transfer");

        uint16[3] memory counts = [10, 100, 1000];
        for (uint256 i = 0; i < counts.length; ++i) {
            _measurePush(counts[i]);
        }
    }

    function _measurePush(uint256 count) private {
        Money money = new Money();
        Payer payer = new Payer(money);
        (address[] memory holders, uint256[] memory amounts) = (new address[](count), new uint256[](count));
        for (uint256 i = 0; i < count; ++i) {
            (holders[i], amounts[i]) = (address(uint160(0xE00000 + i)), FACE / count);
            money.issue(holders[i], 1);
        }
        money.issue(DEBTOR, 2 * uint256(FACE));
        vm.prank(DEBTOR);
        money.approve(address(payer), type(uint256).max);

        vm.prank(DEBTOR);
        payer.pay(holders, amounts);
        _record("ERC-20", string.concat("push to ", vm.toString(count)));
        _same(money.balanceOf(holders[count - 1]), FACE / count + 1, "every holder is paid");
    }

    function _shares() private pure returns (address[] memory to, uint64[] memory amounts) {
        (to, amounts) = (new address[](BATCH), new uint64[](BATCH));
        for (uint256 i = 0; i < BATCH; ++i) {
            (to[i], amounts[i]) = (TIER2, FACE / 40);
        }
    }

    function _record(string memory model, string memory operation) private {
        vm.snapshotValue(model, operation, vm.lastCallGas().gasTotalUsed);
    }

    function _recordEach(string memory model, string memory operation) private {
        vm.snapshotValue(model, operation, vm.lastCallGas().gasTotalUsed / BATCH);
    }
}
