// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "../../src/interfaces/Codes.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {World} from "./World.sol";

/// @title What a bank does beside plain finance: recourse, buy-back, mandates for its quoting key
abstract contract Bank is World {
    uint256 internal constant QUOTER_KEY = 0x3101;
    uint16 internal constant ONLY_QUOTE = uint16(1 << Powers.QUOTE);

    // ---- recourse and buy-back

    function _intentRecourse(uint64 lot, uint64 amount, uint64 price, uint64 secured, uint64 limit)
        internal
        returns (IFinancing.Finance memory intent)
    {
        intent = _intentFinance(lot, amount, price);
        intent.recourse = limit == 0 ? 1 : 2;
        (intent.secured, intent.recourseLimit) = (secured, limit);
    }

    function _intentBuyback(uint64 lot, address seller, uint64 price)
        internal
        returns (IFinancing.Buyback memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent = IFinancing.Buyback(held.owner, seller, lot, held.seq, price, EVIDENCE, _deadline(), ++_salt);
    }

    function _callOf(IFinancing.Buyback memory intent) internal view returns (bytes memory) {
        bytes32 digest = financing.hashBuyback(intent);
        return abi.encodeCall(
            financing.buyBack, (intent, _signedBy(intent.bank, digest), _signedBy(intent.seller, digest))
        );
    }

    function _carry(IFinancing.Buyback memory intent) internal returns (uint64 child) {
        bytes32 digest = financing.hashBuyback(intent);
        return financing.buyBack(intent, _signedBy(intent.bank, digest), _signedBy(intent.seller, digest));
    }

    function _refused(IFinancing.Buyback memory intent, bytes memory reason) internal {
        _refused(address(financing), _callOf(intent), reason);
    }

    // ---- mandates

    /// @dev Gives the bank a key that can do nothing but quote.
    function _addQuoter(address party, uint256 key) internal {
        _setSigner(party, vm.addr(key), ONLY_QUOTE, START + 3650 days);
    }

    function _setSigner(address party, address signer, uint16 powers, uint40 expires) internal {
        uint32 version = parties.partyOf(party).version;
        IParties.SetSigner memory intent =
            IParties.SetSigner(party, signer, powers, expires, version, _deadline(), ++_salt);
        parties.setSigner(intent, _signedBy(party, parties.hashSetSigner(intent)));
    }

    /// @dev ACT/360 at 3 % or more, at most 180 days, without recourse, for 30 days from now on.
    function _mandateOf(address party, uint64 limit) internal returns (IMandates.Mandate memory mandate) {
        mandate.bank = party;
        mandate.quoter = vm.addr(QUOTER_KEY);
        mandate.debtor = debtor;
        mandate.currency = CNY;
        mandate.limit = limit;
        mandate.minRatePpm = 30_000;
        mandate.dayCount = 360;
        mandate.maxTenorDays = 180;
        mandate.validFrom = uint40(block.timestamp);
        mandate.validUntil = uint40(block.timestamp) + 30 days;
        mandate.deadline = _deadline();
        mandate.salt = ++_salt;
    }

    function _grant(IMandates.Mandate memory mandate) internal returns (bytes32 id) {
        return financing.grantMandate(mandate, _signedBy(mandate.bank, financing.hashMandate(mandate)));
    }

    function _refused(IMandates.Mandate memory mandate, bytes memory reason) internal {
        bytes memory signatures = _signedBy(mandate.bank, financing.hashMandate(mandate));
        _refused(address(financing), abi.encodeCall(financing.grantMandate, (mandate, signatures)), reason);
    }

    /// @dev Withdraws a signature of the party, for example a mandate's.
    function _revoke(address party, bytes32 digest) internal {
        IParties.Revoke memory intent = IParties.Revoke(party, digest, _deadline(), ++_salt);
        parties.revoke(intent, _signedBy(party, parties.hashRevoke(intent)));
    }

    /// @dev The dearest quote that the mandate allows.
    function _intentQuote(IMandates.Mandate memory mandate, uint64 lot, uint64 amount)
        internal
        returns (IFinancing.Finance memory intent)
    {
        uint64 price = financing.ceilingOf(mandate, amount, ledger.receivableOf(lot >> 24).due);
        intent = _intentFinance(lot, amount, price);
        (intent.bank, intent.dayCount, intent.recourse) = (mandate.bank, mandate.dayCount, mandate.recourse);
        if (mandate.recourse != 0) intent.secured = amount;
    }

    function _callOf(IFinancing.Finance memory intent, IMandates.Mandate memory mandate, uint256 quoterKey)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = financing.hashFinance(intent);
        return abi.encodeCall(
            financing.financeUnderMandate,
            (intent, mandate, _sign(digest, quoterKey), _signedBy(intent.seller, digest))
        );
    }

    function _carry(IFinancing.Finance memory intent, IMandates.Mandate memory mandate)
        internal
        returns (uint64 child)
    {
        bytes32 digest = financing.hashFinance(intent);
        bytes memory quoted = _sign(digest, QUOTER_KEY);
        return financing.financeUnderMandate(intent, mandate, quoted, _signedBy(intent.seller, digest));
    }

    function _refused(IFinancing.Finance memory intent, IMandates.Mandate memory mandate, bytes memory reason)
        internal
    {
        _refused(address(financing), _callOf(intent, mandate, QUOTER_KEY), reason);
    }

    function _doQuote(IMandates.Mandate memory mandate, uint64 lot, uint64 amount)
        internal
        returns (uint64 child)
    {
        return _carry(_intentQuote(mandate, lot, amount), mandate);
    }

    // ---- batches

    function _item(IFinancing.Finance memory intent)
        internal
        view
        returns (IFinancing.FinanceItem memory item)
    {
        bytes32 digest = financing.hashFinance(intent);
        item.intent = intent;
        item.bankSignatures = _signedBy(intent.bank, digest);
        item.sellerSignatures = _signedBy(intent.seller, digest);
    }

    function _item(IFinancing.Finance memory intent, IMandates.Mandate memory mandate)
        internal
        view
        returns (IFinancing.FinanceItem memory item)
    {
        item = _item(intent);
        item.mandate = mandate;
        item.bankSignatures = _sign(financing.hashFinance(intent), QUOTER_KEY);
    }
}
