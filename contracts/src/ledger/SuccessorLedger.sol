// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "../interfaces/ILedger.sol";
import {IRights} from "../interfaces/IRights.sol";
import {IRulebook} from "../interfaces/IRulebook.sol";
import {ISuccessor} from "../interfaces/ISuccessor.sol";
import {ModuleRights} from "../rights/ModuleRights.sol";
import {Ledger} from "./Ledger.sol";
import {LotIds} from "./LotIds.sol";
import {packCharge, packLot} from "./LotWords.sol";
import {Money, packArrears, packDebt, packTotals, wholeMoney, wholeRegister} from "./Slots.sol";

/// @title A ledger that begins with the state of a retired one
/// @dev A network that starts anew deploys `Ledger`, which has no import at all.
contract SuccessorLedger is ISuccessor, Ledger {
    /// @dev How much of a receivable is here.
    struct Progress {
        uint24 lots;
        uint16 totals;
        bool complete;
    }

    ILedger private immutable _predecessor;
    bool private _sealed;
    uint64 private _complete;
    mapping(uint64 receivable => Progress) private _progress;
    /// @inheritdoc ISuccessor
    mapping(uint16 currency => uint256) public override unclaimedOf;

    constructor(address authority, IRulebook rulebook_, ILedger predecessor_) Ledger(authority, rulebook_) {
        _predecessor = predecessor_;
    }

    /// @inheritdoc ISuccessor
    function importReceivables(uint64 count) external {
        _checkOpen();
        uint64 left = _predecessor.receivableCount() - receivableCount;
        for (uint64 i = 0; i < count && i < left; ++i) {
            _importReceivable(++receivableCount);
        }
    }

    /// @inheritdoc ISuccessor
    function importTotals(uint64 receivable, uint16 count) external {
        _checkOpen();
        uint16 wanted = _totalsOf(receivable);
        Progress memory progress = _progress[receivable];
        for (uint16 i = 0; i < count && progress.totals < wanted; ++i) {
            uint16 installment = ++progress.totals;
            (uint64 principal, uint64 interest) = _predecessor.paidThrough(receivable, installment);
            _history[receivable][installment] = packTotals(principal, interest);
            emit TotalsImported(receivable, installment, principal, interest);
        }
        _advanceImport(receivable, progress);
    }

    /// @inheritdoc ISuccessor
    function importLots(uint64 receivable, uint24 count) external {
        _checkOpen();
        uint24 wanted = _receivables[receivable].register.lotCount();
        Progress memory progress = _progress[receivable];
        for (uint24 i = 0; i < count && progress.lots < wanted; ++i) {
            _importLot(LotIds.lotId(receivable, ++progress.lots));
        }
        _advanceImport(receivable, progress);
    }

    /// @inheritdoc ISuccessor
    function seal() external {
        _checkOpen();
        uint64 expected = _predecessor.receivableCount();
        if (_complete != expected) revert SuccessorIncomplete(_complete, expected);
        _sealed = true;
        emit Sealed(address(_predecessor), expected);
    }

    /// @inheritdoc IRights
    /// @dev Nothing can happen here before the import is complete.
    function setRights(address module, uint16 rights) public override(IRights, ModuleRights) {
        if (!_sealed) revert SuccessorNotSealed();
        super.setRights(module, rights);
    }

    /// @inheritdoc ILedger
    /// @dev A ledger that lacks a part of its own predecessor's state has nothing to pass on yet.
    function isRetired() public view override returns (bool) {
        return _sealed && super.isRetired();
    }

    /// @inheritdoc ISuccessor
    function predecessor() external view returns (address) {
        return address(_predecessor);
    }

    /// @inheritdoc ISuccessor
    function isSealed() external view returns (bool) {
        return _sealed;
    }

    function _importReceivable(uint64 id) private {
        Receivable memory old = _predecessor.receivableOf(id);
        ReceivableEntry storage entry = _receivables[id];
        entry.register = wholeRegister(old);
        entry.money = wholeMoney(old);
        entry.debt = packDebt(old.debtor).withInterest(old.interestPaid);
        entry.creditor = old.creditor;
        entry.termsHash = old.termsHash;
        entry.invoiceSet = old.invoiceSet;
        entry.arrears = packArrears(old.interestOwed, old.interestThrough);
        unclaimedOf[old.currency] += uint256(old.paid) + old.interestPaid - old.claimed;
        if (cashOf[old.currency] == address(0)) _importCurrency(old.currency);
        bytes32 topic = ReceivableImported.selector;
        // emit ReceivableImported(id, …): the event's data is the struct as it lies in memory, 23 words
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            log2(old, 736, topic, id)
        }
        if (old.overdue) emit OverdueChanged(id, old.debtor, true, ++blockingCount[old.debtor]);
    }

    function _importCurrency(uint16 currency) private {
        address cash = _predecessor.cashOf(currency);
        cashOf[currency] = cash;
        emit CurrencySet(currency, cash);
    }

    function _importLot(uint64 id) private {
        Lot memory old = _predecessor.lotOf(id);
        _lots[id] = packLot(
                _holderNumber(old.owner),
                old.first,
                old.amount,
                LotIds.indexOf(old.parent),
                old.depth,
                old.claimedThrough,
                old.since,
                old.flags
            ).withFlags(old.flags, old.seq);
        if (old.chargee != address(0)) {
            _charges[id] = packCharge(_holderNumber(old.chargee), old.secured, old.recourseLimit);
        }
        bytes32 topic = LotImported.selector;
        // emit LotImported(id, …): the event's data is the struct as it lies in memory, 13 words
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            log2(old, 416, topic, id)
        }
    }

    function _advanceImport(uint64 receivable, Progress memory progress) private {
        bool complete = progress.lots == _receivables[receivable].register.lotCount()
            && progress.totals == _totalsOf(receivable);
        if (complete && !progress.complete) ++_complete;
        progress.complete = complete;
        _progress[receivable] = progress;
    }

    /// @dev The last payment's totals are the receivable's own.
    function _totalsOf(uint64 receivable) private view returns (uint16) {
        Money money = _receivables[receivable].money;
        if (Money.unwrap(money) == 0) revert SuccessorNotImported(receivable);
        uint16 installments = money.installments();
        return installments == 0 ? 0 : installments - 1;
    }

    function _checkOpen() private view {
        if (_sealed) revert SuccessorSealed();
        if (!_predecessor.isRetired()) revert SuccessorNotRetired(address(_predecessor));
    }
}
