// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ILens} from "../interfaces/ILens.sol";
import {LotIds} from "../ledger/LotIds.sol";

/// @title Read-only views for people, tests and the mirror's check
contract Lens is ILens {
    ILedger public immutable ledger;

    constructor(ILedger ledger_) {
        ledger = ledger_;
    }

    /// @inheritdoc ILens
    function receivables(uint64 start, uint64 limit) external view returns (ReceivableView[] memory page) {
        uint256 length = _pageLength(start, limit, ledger.receivableCount());
        page = new ReceivableView[](length);
        for (uint256 i = 0; i < length; ++i) {
            uint64 id = start + uint64(i);
            page[i] = ReceivableView({id: id, receivable: ledger.receivableOf(id)});
        }
    }

    /// @inheritdoc ILens
    function lots(uint64 receivable, uint24 start, uint24 limit)
        external
        view
        returns (LotView[] memory page)
    {
        uint256 length = _pageLength(start, limit, ledger.receivableOf(receivable).lotCount);
        page = new LotView[](length);
        for (uint256 i = 0; i < length; ++i) {
            page[i] = _view(LotIds.lotId(receivable, start + uint24(i)));
        }
    }

    /// @inheritdoc ILens
    function claimable(uint64 receivable, uint24 start, uint24 limit)
        external
        view
        returns (ClaimView[] memory page)
    {
        uint256 length = _pageLength(start, limit, ledger.receivableOf(receivable).lotCount);
        ClaimView[] memory found = new ClaimView[](length);
        uint256 count = 0;
        for (uint256 i = 0; i < length; ++i) {
            uint64 lot = LotIds.lotId(receivable, start + uint24(i));
            (uint64 principal, uint64 interest) = ledger.claimableOf(lot);
            if (principal != 0 || interest != 0) found[count++] = _payout(lot, principal, interest);
        }
        page = new ClaimView[](count);
        for (uint256 i = 0; i < count; ++i) {
            page[i] = found[i];
        }
    }

    /// @inheritdoc ILens
    function chainOfTitle(uint64 lot) external view returns (LotView[] memory chain) {
        uint256 length = uint256(ledger.lotOf(lot).depth) + 1;
        chain = new LotView[](length);
        for (uint256 i = 0; i < length; ++i) {
            chain[i] = _view(lot);
            lot = chain[i].lot.parent;
        }
    }

    /// @inheritdoc ILens
    function lotOfSerial(uint64 receivable, uint64 serial) external view returns (LotView memory found) {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        if (serial >= entry.face) revert LensSerialOutOfRange(receivable, serial, entry.face);
        // live ranges partition [0, face): one of them has the serial
        uint24 index = 0;
        do {
            found = _view(LotIds.lotId(receivable, ++index));
        } while (serial < found.lot.first || serial - found.lot.first >= found.lot.amount);
    }

    /// @inheritdoc ILens
    function cashBalances(uint16 currency, address[] calldata parties)
        external
        view
        returns (uint256[] memory)
    {
        address cash = ledger.cashOf(currency);
        if (cash == address(0)) revert ILedger.LedgerUnknownCurrency(currency);
        uint256[] memory balances = new uint256[](parties.length);
        for (uint256 i = 0; i < parties.length; ++i) {
            balances[i] = IERC20(cash).balanceOf(parties[i]);
        }
        return balances;
    }

    function _payout(uint64 lot, uint64 principal, uint64 interest) private view returns (ClaimView memory) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        (uint64 toOwner, uint64 toChargee) = ledger.payoutOf(lot);
        return ClaimView({
            lot: lot,
            principal: principal,
            interest: interest,
            owner: held.owner,
            toOwner: toOwner,
            chargee: held.chargee,
            toChargee: toChargee
        });
    }

    function _view(uint64 lot) private view returns (LotView memory) {
        return LotView({id: lot, lot: ledger.lotOf(lot)});
    }

    function _pageLength(uint256 start, uint256 limit, uint256 last) private pure returns (uint256) {
        if (start > last) return 0;
        uint256 available = last - start + 1;
        return limit < available ? limit : available;
    }
}
