// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @title Issue, cancel, pass on, sell, buy back, export
abstract contract HandlerTrade is HandlerBase {
    IInvoices.InvoiceUse[] private _invoicesSeen;
    IInvoices.InvoiceUse[] private _invoicesReleased;

    function issue(uint256 face, uint256 term, uint256 slack, uint256 choice) public recorded {
        if (ledger.receivableCount() == MAX_RECEIVABLES) return;
        address owing = choice % 2 == 0 ? debtor : secondDebtor;
        if (!_isUp(owing) || !_isUp(supplier) || ledger.blockingCount(owing) != 0) return;
        // small faces show what rounding does
        face = _bound(face, 1, (choice >> 8) % 3 == 0 ? 40 : 5 * FACE);
        uint40 due = _midnight() + uint40(_bound(term, 0, 90)) * 1 days;
        IIssuance.Issue memory intent = _intentIssue(uint64(face), due);
        intent.debtor = owing;
        if ((choice >> 1) % 2 == 0) intent.currency = EUR;
        intent.invoices[0].total += uint64(_bound(slack, 0, FACE));
        if ((choice >> 2) % 2 == 0) _reuse(intent, choice >> 16);
        _act("issue", address(issuance), _signed(intent));
        _usesOf[ledger.receivableCount()].push(intent.invoices[0]);
        _invoicesSeen.push(intent.invoices[0]);
    }

    /// @dev An invoice that backs something comes again with another total, or for more than is left of it.
    function tryIssue(uint256 which, uint256 total, uint256 amount) external recorded {
        if (_invoicesSeen.length == 0) return;
        IInvoices.InvoiceUse memory use = _invoicesSeen[which % _invoicesSeen.length];
        (uint64 known, uint64 used) = invoices.useOf(use.fingerprint);
        if (used == 0) return;
        use.total = total % 2 == 0 ? known : uint64(_bound(total, used + 1, 10 * FACE));
        uint64 left = use.total - used;
        use.amount = use.total == known ? left + uint64(_bound(amount, 1, FACE)) : 1 + uint64(amount) % left;
        IIssuance.Issue memory intent = _intentIssue(use.amount, _midnight() + 30 days);
        intent.invoices[0] = use;
        _try(address(issuance), _signed(intent), true);
    }

    function cancel(uint256 which) external recorded {
        (uint64 id,) = _findReceivable(which, _isUntouched);
        if (id == 0) return;
        _act("cancel", address(issuance), _signed(_goodCancel(id, _usesOf[id])));
        _invoicesReleased.push(_usesOf[id][0]);
    }

    function assign(uint256 which, uint256 to, uint256 amount) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        address receiver = people[to % 7];
        if (id == 0 || receiver == lot.owner || !_isUp(receiver)) return;
        _act("assign", address(transfers), _signed(_intentAssign(id, receiver, _cut(lot, amount))));
    }

    function assignMany(uint256 which, uint256 to, uint256 amount) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        address receiver = people[to % 7];
        if (id == 0 || receiver == lot.owner || !_isUp(receiver)) return;
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](2);
        items[0] = _assignItem(_intentAssign(id, receiver, _cut(lot, amount)));
        items[1] = items[0];
        uint64[] memory children = transfers.assignMany(items);
        _yes(children[0] != 0 && children[1] == 0, "the first has effect, its replay has none");
        ++done["assignMany"];
    }

    function finance(uint256 which, uint256 choice, uint256 amount, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        if (id != 0) _finance("finance", id, lot, choice, amount, price);
    }

    /// @dev What one bank bought another buys.
    function resell(uint256 which, uint256 choice, uint256 amount, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isABanks);
        if (id != 0) _finance("resell", id, lot, choice, amount, price);
    }

    function buyBack(uint256 which, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isWithRecourse);
        if (id == 0) return;
        uint64 most = lot.recourseLimit == 0 ? lot.amount : lot.recourseLimit;
        IFinancing.Buyback memory intent = _goodBuyback(id, uint64(_bound(price, 1, most)));
        _giveAway(_cashOf(id), intent.seller, intent.bank, intent.price);
        _act("buyBack", address(financing), _signed(intent));
        _checkReleased(id);
        if (lot.recourseLimit != 0) ++done["buyBackWithinLimit"];
    }

    function export_(uint256 which, uint256 amount) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        if (id == 0 || lot.owner == registry || !_isUp(registry)) return;
        IExports.Export memory intent = _goodExport(id, _cut(lot, amount));
        _act("export", address(exports), _signed(intent));
    }

    /// @dev The first is good, the second its replay.
    function financeMany(uint256 which, uint256 choice, uint256 amount, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        if (id == 0) return;
        address buyer = _bankBut(lot.owner, choice);
        if (buyer == lot.owner || !_isUp(buyer)) return;
        IFinancing.FinanceItem[] memory items = new IFinancing.FinanceItem[](2);
        IMandates.Mandate memory none;
        items[0] = _financeItem(_offer(id, lot, buyer, choice, amount, price), none);
        items[1] = items[0];
        uint64[] memory children = financing.financeMany(items);
        _yes(children[0] != 0 && children[1] == 0, "the first has effect, its replay has none");
        ++done["financeMany"];
    }

    // ---- helpers

    function _finance(
        string memory action,
        uint64 id,
        ILedger.Lot memory lot,
        uint256 choice,
        uint256 amount,
        uint256 price
    ) private {
        address buyer = _bankBut(lot.owner, choice);
        if (buyer == lot.owner || !_isUp(buyer)) return;
        IFinancing.Finance memory intent = _offer(id, lot, buyer, choice, amount, price);
        _act(action, address(financing), _signed(intent));
        _checkReleased(id);
        if (intent.recourse == 1) ++done["financeInFull"];
        if (intent.recourse == 2) ++done["financeLimited"];
    }

    function _offer(
        uint64 id,
        ILedger.Lot memory lot,
        address buyer,
        uint256 choice,
        uint256 amount,
        uint256 price
    ) private returns (IFinancing.Finance memory intent) {
        uint64 part = _cut(lot, amount);
        intent = _intentFinance(id, part, uint64(_bound(price, 1, part)));
        intent.bank = buyer;
        // a lot that has a charge never gets a second one
        if (lot.flags & LotFlags.CHARGED == 0) intent.recourse = uint8((choice >> 1) % 3);
        if (intent.recourse != 0) intent.secured = uint64(_bound(choice >> 8, 1, part));
        if (intent.recourse == 2) intent.recourseLimit = uint64(_bound(choice >> 80, 1, part));
        if ((choice >> 4) % 2 == 0 && intent.price > 1 && _isUp(tier3)) {
            (intent.fees, intent.feesTo) = (intent.price / 2, tier3);
        }
        ICash cash = _cashOf(id);
        _giveAway(cash, buyer, intent.seller, intent.price - intent.fees);
        if (intent.fees != 0) _giveAway(cash, buyer, tier3, intent.fees);
    }

    /// @dev What is left of an invoice that backed something before, or was released by a cancellation.
    function _reuse(IIssuance.Issue memory intent, uint256 choice) private {
        if (_invoicesSeen.length == 0 || _reuseReleased(intent, choice)) return;
        IInvoices.InvoiceUse memory use = _invoicesSeen[choice % _invoicesSeen.length];
        (uint64 total, uint64 used) = invoices.useOf(use.fingerprint);
        if (used == total) return;
        (use.total, use.amount) = (total, uint64(_bound(choice >> 64, 1, total - used)));
        intent.invoices[0] = use;
        intent.face = use.amount;
    }

    /// @dev Nothing hangs on the total of an invoice that nobody uses any more: it may come again with another one.
    function _reuseReleased(IIssuance.Issue memory intent, uint256 choice) private returns (bool) {
        if (_invoicesReleased.length == 0) return false;
        IInvoices.InvoiceUse memory use = _invoicesReleased[choice % _invoicesReleased.length];
        (uint64 total, uint64 used) = invoices.useOf(use.fingerprint);
        if (used != 0) return false;
        use.total = uint64(_bound(choice >> 64, 1, FACE));
        use.amount = uint64(_bound(choice >> 128, 1, use.total));
        intent.invoices[0] = use;
        intent.face = use.amount;
        if (use.total != total) ++done["issueWithAnotherTotal"];
        return true;
    }

    function _isUntouched(uint64 id, ILedger.Receivable memory entry) private view returns (bool) {
        return entry.state == ILedger.State.Active && entry.lotCount == 1 && _isUp(entry.debtor)
            && _isUp(entry.creditor) && ledger.lotOf((id << 24) + 1).flags == 0;
    }

    function _isABanks(ILedger.Lot memory lot, ILedger.Receivable memory entry) private view returns (bool) {
        return (lot.owner == bank || lot.owner == otherBank) && _isMovable(lot, entry);
    }

    function _isWithRecourse(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        private
        view
        returns (bool)
    {
        return lot.flags & LotFlags.RECOURSE != 0 && _isLate(lot, entry);
    }
}
