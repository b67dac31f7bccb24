// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @title Mandates and what is bought under them; pledges
abstract contract HandlerCredit is HandlerBase {
    IMandates.Mandate[] private _mandates;

    // ---- mandates

    function grantMandate(uint256 choice, uint256 limit, uint256 floor) public recorded {
        address bank_ = choice % 2 == 0 ? bank : otherBank;
        if (!_isUp(bank_)) return;
        IMandates.Mandate memory mandate = _goodMandate(
            bank_,
            (choice >> 1) % 2 == 0 ? debtor : secondDebtor,
            (choice >> 2) % 2 == 0 ? EUR : CNY,
            // some are soon used up
            uint64((choice >> 64) % 2 == 0 ? _bound(limit, 1, FACE / 4) : _bound(limit, 5 * FACE, 10 * FACE)),
            uint8((choice >> 3) % 2)
        );
        mandate.minRatePpm = uint32(_bound(floor, 0, 300_000));
        if ((choice >> 70) % 2 == 0) mandate.validUntil += 1000 days;
        _act("grantMandate", address(financing), _signed(mandate));
        _mandates.push(mandate);
    }

    /// @dev Withdrawn, it is good for nothing at once.
    function revokeMandate(uint256 which, uint256 amount) external recorded {
        if (_mandates.length == 0) return;
        IMandates.Mandate memory mandate = _mandates[which % _mandates.length];
        bytes32 id = financing.hashMandate(mandate);
        if (parties.isRevoked(mandate.bank, id)) return;
        _act("revokeMandate", address(parties), _signed(_goodRevoke(mandate.bank, id)));
        (uint64 lotId, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        if (lotId == 0) return;
        bytes memory data = _signed(_goodQuote(mandate, lotId, _cut(lot, amount)), mandate);
        // mandates of a suspended bank fail for that
        if (!_isUp(mandate.bank)) return;
        _refused(address(financing), data, abi.encodeWithSelector(IMandates.MandateRevoked.selector, id));
    }

    function financeUnderMandate(uint256 which, uint256 choice, uint256 amount, uint256 price)
        external
        recorded
    {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isMovable);
        if (id == 0) return;
        (bool found, IMandates.Mandate memory mandate) = _findMandate(choice, id, lot);
        if (!found) return;
        uint64 amount_ = _cut(lot, amount);
        IFinancing.Finance memory intent = _goodQuote(mandate, id, amount_);
        (, uint64 exposure) = financing.exposureOf(financing.hashMandate(mandate));
        if (amount_ > mandate.limit - exposure || intent.price == 0) return;
        // most quotes are better than the floor, some exactly at it
        if (price % 4 != 0) intent.price = uint64(_bound(price, 1, intent.price));
        _giveAway(_cashOf(id), mandate.bank, intent.seller, intent.price);
        if ((choice >> 64) % 4 == 0) {
            _financeInABatch(intent, mandate);
        } else {
            _act("financeUnderMandate", address(financing), _signed(intent, mandate));
        }
    }

    /// @dev A stolen quoting key: any lot, price and amount under any mandate, also an old one. What gets through keeps to the
    /// floor, counted here without the contract's arithmetic, and to what the mandate says.
    function tryQuote(uint256 which, uint256 choice, uint256 amount, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isQuotable);
        if (id == 0 || _mandates.length == 0) return;
        (bool covered, IMandates.Mandate memory mandate) = _findMandate(choice, id, lot);
        if (!covered || choice % 3 == 0) mandate = _mandates[choice % _mandates.length];
        IFinancing.Finance memory intent = _goodQuote(mandate, id, uint64(_bound(amount, 1, lot.amount)));
        uint64 around = uint64(_bound(price, 0, 3));
        intent.price = price % 2 == 0 ? intent.price + around : uint64(_bound(price, 1, intent.amount));
        if (intent.price == 0) return;
        bool stopped = !_isUp(mandate.bank) || !_isUp(lot.owner);
        if (!stopped) _giveAway(_cashOf(id), mandate.bank, lot.owner, intent.price);
        _try(address(financing), _signed(intent, mandate), stopped || !_isCheap(intent, mandate, lot));
    }

    function releaseExposure(uint256 which) external recorded {
        (uint64 id,) = _findLot(which, _isMandated);
        if (id == 0) return;
        (, uint64 before) = financing.exposureOfLot(id);
        uint64[] memory lots = new uint64[](2);
        (lots[0], lots[1]) = (id, id);
        financing.releaseExposure(lots);
        (, uint64 held) = financing.exposureOfLot(id);
        if (held < before) ++done["releaseExposure"];
    }

    // ---- pledges

    function pledge(uint256 which, uint256 choice, uint256 secured, uint256 advance) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isPledgeable);
        if (id == 0) return;
        address pledgee = _bankBut(lot.owner, choice);
        if (pledgee == lot.owner || !_isUp(pledgee)) return;
        uint64 secured_ = uint64(_bound(secured, 1, 2 * lot.amount));
        // some loans were paid out before
        uint64 advance_ = choice % 3 == 0 ? 0 : uint64(_bound(advance, 1, secured_));
        if (advance_ != 0) _giveAway(_cashOf(id), pledgee, lot.owner, advance_);
        _act("pledge", address(pledges), _signed(_goodPledge(id, pledgee, secured_, advance_)));
    }

    function lowerPledge(uint256 which, uint256 choice, uint256 secured, uint256 repayment)
        external
        recorded
    {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isPledged);
        if (id == 0) return;
        bool lifted = choice % 2 == 0 || lot.secured == 1;
        uint64 secured_ = lifted ? 0 : uint64(_bound(secured, 1, lot.secured - 1));
        uint64 repayment_ = (choice >> 1) % 3 == 0 ? 0 : uint64(_bound(repayment, 1, lot.secured));
        if (repayment_ != 0) _giveAway(_cashOf(id), lot.owner, lot.chargee, repayment_);
        string memory action = lifted ? "liftPledge" : "lowerPledge";
        _act(action, address(pledges), _signed(_goodRelease(id, secured_, repayment_)));
    }

    function realise(uint256 which, uint256 choice, uint256 price) external recorded {
        (uint64 id, ILedger.Lot memory lot) = _findLot(which, _isRealisableInPart);
        if (id == 0) (id, lot) = _findLot(which, _isRealisable);
        if (id == 0) return;
        address buyer = choice % 3 == 0 ? lot.chargee : people[(choice >> 8) % 7];
        if (buyer == lot.owner || !_isUp(buyer)) return;
        IPledges.Realise memory intent = _goodRealise(id, buyer, uint64(_bound(price, 1, 2 * lot.amount)));
        ICash cash = _cashOf(id);
        uint64 toPledgee = _toPledgee(id, lot, intent.price);
        if (buyer != lot.chargee && toPledgee != 0) _giveAway(cash, buyer, lot.chargee, toPledgee);
        if (intent.price != toPledgee) _giveAway(cash, buyer, lot.owner, intent.price - toPledgee);
        _act("realise", address(pledges), _signed(intent));
        if (lot.claimedThrough != 0) ++done["realiseAfterClaim"];
    }

    // ---- helpers

    function _financeInABatch(IFinancing.Finance memory intent, IMandates.Mandate memory mandate) private {
        IFinancing.FinanceItem[] memory items = new IFinancing.FinanceItem[](2);
        items[0] = _financeItem(intent, mandate);
        items[1] = items[0];
        uint64[] memory children = financing.financeMany(items);
        _yes(children[0] != 0 && children[1] == 0, "the first has effect, its replay has none");
        ++done["financeManyUnderMandate"];
    }

    /// @return whether the bank buys within its mandate
    function _isCheap(
        IFinancing.Finance memory intent,
        IMandates.Mandate memory mandate,
        ILedger.Lot memory lot
    ) private view returns (bool) {
        if (intent.price > intent.amount) return false;
        ILedger.Receivable memory entry = ledger.receivableOf(lot.receivable);
        uint256 today = _midnight();
        uint256 tenor = entry.due > today ? (entry.due - today) / 1 days : 0;
        // twice the discount in parts of a cent, with half a cent for rounding on the bank's side
        uint256 cent = uint256(mandate.dayCount) * 1e6;
        uint256 discount = 2 * uint256(intent.amount - intent.price) * cent + cent;
        return _isWhollySecured(lot) && discount > 2 * uint256(intent.amount) * mandate.minRatePpm * tenor
            && _isInForce(mandate) && entry.debtor == mandate.debtor && entry.currency == mandate.currency
            && tenor <= mandate.maxTenorDays && lot.owner != mandate.bank;
    }

    /// @dev Recourse that comes along with the lot leaves nothing to its first seller but what the bank does not wait for.
    function _isWhollySecured(ILedger.Lot memory lot) private pure returns (bool) {
        return lot.flags & LotFlags.RECOURSE == 0 || lot.secured == lot.amount;
    }

    function _isInForce(IMandates.Mandate memory mandate) private view returns (bool) {
        return block.timestamp < mandate.validUntil
            && !parties.isRevoked(mandate.bank, financing.hashMandate(mandate));
    }

    function _isQuotable(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        private
        view
        returns (bool)
    {
        return lot.amount != 0 && _isOpen(entry) && entry.lotCount < MAX_LOTS;
    }

    function _findMandate(uint256 choice, uint64 id, ILedger.Lot memory lot)
        private
        view
        returns (bool, IMandates.Mandate memory mandate)
    {
        uint256 count = _mandates.length;
        for (uint256 i = 0; i < count; ++i) {
            mandate = _mandates[(choice % count + i) % count];
            if (_covers(mandate, id, lot)) return (true, mandate);
        }
        return (false, mandate);
    }

    function _covers(IMandates.Mandate memory mandate, uint64 id, ILedger.Lot memory lot)
        private
        view
        returns (bool)
    {
        (address owing, uint40 due, uint16 currency) = ledger.debtOf(id >> 24);
        bool secondCharge = mandate.recourse != 0 && lot.flags & LotFlags.CHARGED != 0;
        return _isInForce(mandate) && !secondCharge && _isWhollySecured(lot) && owing == mandate.debtor
            && currency == mandate.currency && lot.owner != mandate.bank && _isUp(mandate.bank)
            && (due - _midnight()) / 1 days <= mandate.maxTenorDays;
    }

    function _isMandated(ILedger.Lot memory lot, ILedger.Receivable memory) private pure returns (bool) {
        return lot.flags & LotFlags.MANDATED != 0;
    }

    function _isPledgeable(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        private
        view
        returns (bool)
    {
        return lot.flags & LotFlags.RECOURSE == 0 && _isMovable(lot, entry);
    }

    /// @dev A pledge can be lowered whatever became of the receivable.
    function _isPledged(ILedger.Lot memory lot, ILedger.Receivable memory) private view returns (bool) {
        bool free = lot.flags & LotFlags.PLEDGED != 0 && lot.flags & LotFlags.FROZEN == 0;
        return free && _isUp(lot.owner) && _isUp(lot.chargee);
    }

    /// @dev Its pledgee had a part of what is secured by claims.
    function _isRealisableInPart(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        private
        view
        returns (bool)
    {
        return lot.claimedThrough != 0 && _isRealisable(lot, entry);
    }

    function _isRealisable(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        private
        view
        returns (bool)
    {
        return lot.flags & LotFlags.PLEDGED != 0 && _isLate(lot, entry);
    }
}
