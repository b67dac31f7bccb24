// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rights} from "../src/interfaces/Codes.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {World} from "./support/World.sol";

/// @title Invoice fingerprints: nothing is financed beyond an invoice's total
contract InvoicesTest is World {
    bytes32 private constant PRINT = keccak256("fingerprint");

    function test_bind_remembersTotalAndUse() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        vm.expectEmit(true, true, true, true, address(invoices));
        emit IInvoices.InvoiceBound(PRINT, 7, 60, 100, 60);
        invoices.bind(7, _use(PRINT, 100, 60));
        invoices.bind(8, _use(PRINT, 100, 40));
        (uint64 total, uint64 used) = invoices.useOf(PRINT);
        _same(total, 100, "total");
        _same(used, 100, "used");
    }

    function test_InvoicesOverused_whenMoreThanTheRestIsBound() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        invoices.bind(7, _use(PRINT, 100, 60));
        _refusedBind(
            _use(PRINT, 100, 41),
            abi.encodeWithSelector(IInvoices.InvoicesOverused.selector, PRINT, 100, 60, 41)
        );
    }

    function test_InvoicesOverused_whenTheSameInvoiceIsListedTwice() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        IInvoices.InvoiceUse[] memory twice = new IInvoices.InvoiceUse[](2);
        twice[0] = IInvoices.InvoiceUse(PRINT, 100, 51, 0);
        twice[1] = twice[0];
        _refusedBind(twice, abi.encodeWithSelector(IInvoices.InvoicesOverused.selector, PRINT, 100, 51, 51));
    }

    function test_InvoicesTotalChanged_whenTheAmountOfTheInvoiceDiffers() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        invoices.bind(7, _use(PRINT, 100, 60));
        _refusedBind(
            _use(PRINT, 101, 1),
            abi.encodeWithSelector(IInvoices.InvoicesTotalChanged.selector, PRINT, 100, 101)
        );
    }

    function test_InvoicesZeroValue_withoutFingerprintTotalOrAmount() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        _refusedBind(_use(0, 100, 60), abi.encodeWithSelector(IInvoices.InvoicesZeroValue.selector, 0));
        bytes memory reason = abi.encodeWithSelector(IInvoices.InvoicesZeroValue.selector, PRINT);
        _refusedBind(_use(PRINT, 0, 60), reason);
        _refusedBind(_use(PRINT, 100, 0), reason);
    }

    function test_InvoicesTotalTooLarge_aboveWhatJsonHoldsExactly() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        uint64 limit = 2 ** 53 - 1;
        _refusedBind(
            _use(PRINT, limit + 1, 60),
            abi.encodeWithSelector(IInvoices.InvoicesTotalTooLarge.selector, PRINT, limit + 1, limit)
        );
    }

    function test_InvoicesNone_whenTheListIsEmpty() public {
        _becomeModule(address(invoices), Rights.ISSUE);
        _refusedBind(new IInvoices.InvoiceUse[](0), _reason(IInvoices.InvoicesNone.selector));
    }

    function test_attack_severalReceivablesOverOneInvoice() public {
        uint40 due = _midnight() + 90 days;
        IIssuance.Issue memory first = _intentIssue(FACE, due);
        first.invoices[0].total = FACE + FACE / 2;
        _carry(first);
        IIssuance.Issue memory second = _intentIssue(FACE, due);
        second.invoices[0].fingerprint = first.invoices[0].fingerprint;
        second.invoices[0].total = FACE + FACE / 2;
        bytes32 print = first.invoices[0].fingerprint;
        _refused(
            second,
            abi.encodeWithSelector(IInvoices.InvoicesOverused.selector, print, FACE + FACE / 2, FACE, FACE)
        );
        second.face = FACE / 2;
        second.invoices[0].amount = FACE / 2;
        _carry(second);
        (uint64 total, uint64 used) = invoices.useOf(print);
        _same(used, total, "all of the invoice is used");
    }

    function testFuzz_used_neverExceedsTheTotal(uint64 total, uint64[6] memory amounts) public {
        _becomeModule(address(invoices), Rights.ISSUE);
        total = uint64(_bound(total, 1, 2 ** 53 - 1));
        uint256 bound = 0;
        for (uint64 i = 0; i < amounts.length; ++i) {
            uint64 amount = uint64(_bound(amounts[i], 1, total));
            if (bound + amount <= total) {
                invoices.bind(i, _use(PRINT, total, amount));
                bound += amount;
            } else {
                bytes memory reason =
                    abi.encodeWithSelector(IInvoices.InvoicesOverused.selector, PRINT, total, bound, amount);
                _refusedBind(_use(PRINT, total, amount), reason);
            }
        }
        (, uint64 used) = invoices.useOf(PRINT);
        _same(used, bound, "used");
    }

    function _use(bytes32 fingerprint, uint64 total, uint64 amount)
        private
        pure
        returns (IInvoices.InvoiceUse[] memory uses)
    {
        uses = new IInvoices.InvoiceUse[](1);
        uses[0] = IInvoices.InvoiceUse(fingerprint, total, amount, 0);
    }

    function _refusedBind(IInvoices.InvoiceUse[] memory uses, bytes memory reason) private {
        _refused(address(invoices), abi.encodeCall(invoices.bind, (9, uses)), reason);
    }
}
