// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRoles, Powers} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IExports} from "../../src/interfaces/IExports.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {IPledges} from "../../src/interfaces/IPledges.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {World} from "./World.sol";

/// @title Everything that parties can sign, in a network with a second core enterprise and another register
/// @dev `_good…` makes an intent that is good as things stand, `_signed` the call that carries it. Every signature comes
/// from `_proof`, so that a test can have the same calls with others, or none.
abstract contract Actions is World {
    uint256 internal constant SECOND_DEBTOR_KEY = 0x1003;
    uint256 internal constant QUOTER_KEY = 0x3003;
    uint256 internal constant REGISTRY_KEY = 0x5001;

    address internal secondDebtor;
    address internal registry;
    /// @dev signs quotes for both banks, with a key that can do nothing else
    address internal quoter;
    uint64 private _nonce = 1e9;

    function setUp() public virtual override {
        super.setUp();
        secondDebtor = _admit("second core", PartyRoles.DEBTOR, _keys(SECOND_DEBTOR_KEY), 1);
        registry = _admit("other register", PartyRoles.REGISTRY, _keys(REGISTRY_KEY), 1);
        quoter = vm.addr(QUOTER_KEY);
        _appointQuoter(bank);
        _appointQuoter(otherBank);
    }

    function _proof(address party, bytes32 digest) internal view virtual returns (bytes memory) {
        return _signedBy(party, digest);
    }

    function _proofOfQuoter(bytes32 digest) internal view virtual returns (bytes memory) {
        return _sign(digest, QUOTER_KEY);
    }

    function _unique(string memory what) internal returns (bytes32) {
        return keccak256(abi.encode(what, ++_nonce));
    }

    function _cashOf(uint64 lot) internal view returns (ICash) {
        (,, uint16 currency) = ledger.debtOf(lot >> 24);
        return ICash(ledger.cashOf(currency));
    }

    // ---- issuance and transfers

    function _goodCancel(uint64 receivable, IInvoices.InvoiceUse[] memory uses)
        internal
        returns (IIssuance.Cancel memory)
    {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        return
            IIssuance.Cancel(entry.debtor, entry.creditor, receivable, EVIDENCE, uses, _deadline(), ++_nonce);
    }

    function _signed(IIssuance.Issue memory intent) internal view returns (bytes memory) {
        bytes32 digest = issuance.hashIssue(intent);
        return abi.encodeCall(
            issuance.issue, (intent, _proof(intent.debtor, digest), _proof(intent.creditor, digest))
        );
    }

    function _signed(IIssuance.Cancel memory intent) internal view returns (bytes memory) {
        bytes32 digest = issuance.hashCancel(intent);
        return abi.encodeCall(
            issuance.cancel, (intent, _proof(intent.debtor, digest), _proof(intent.creditor, digest))
        );
    }

    function _signed(ITransfers.Assign memory intent) internal view returns (bytes memory) {
        bytes32 digest = transfers.hashAssign(intent);
        return
            abi.encodeCall(
                transfers.assign, (intent, _proof(intent.owner, digest), _proof(intent.to, digest))
            );
    }

    function _assignItem(ITransfers.Assign memory intent)
        internal
        view
        returns (ITransfers.AssignItem memory)
    {
        bytes32 digest = transfers.hashAssign(intent);
        return ITransfers.AssignItem(intent, _proof(intent.owner, digest), _proof(intent.to, digest));
    }

    // ---- financing

    function _goodMandate(address bank_, address debtor_, uint16 currency, uint64 limit, uint8 recourse)
        internal
        returns (IMandates.Mandate memory mandate)
    {
        (mandate.bank, mandate.quoter, mandate.debtor) = (bank_, quoter, debtor_);
        (mandate.currency, mandate.limit, mandate.recourse) = (currency, limit, recourse);
        (mandate.minRatePpm, mandate.dayCount, mandate.maxTenorDays) = (20_000, 360, 365);
        mandate.validFrom = uint40(block.timestamp);
        mandate.validUntil = uint40(block.timestamp) + 120 days;
        (mandate.deadline, mandate.salt) = (_deadline(), ++_nonce);
    }

    /// @dev At the highest price that the mandate allows.
    function _goodQuote(IMandates.Mandate memory mandate, uint64 lot, uint64 amount)
        internal
        returns (IFinancing.Finance memory intent)
    {
        (, uint40 due,) = ledger.debtOf(lot >> 24);
        intent = _intentFinance(lot, amount, financing.ceilingOf(mandate, amount, due));
        (intent.bank, intent.dayCount, intent.recourse) = (mandate.bank, mandate.dayCount, mandate.recourse);
        if (mandate.recourse != 0) intent.secured = amount;
    }

    function _goodBuyback(uint64 lot, uint64 price) internal returns (IFinancing.Buyback memory) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        return
            IFinancing.Buyback(
                held.owner, held.chargee, lot, held.seq, price, EVIDENCE, _deadline(), ++_nonce
            );
    }

    function _signed(IFinancing.Finance memory intent) internal view returns (bytes memory) {
        bytes32 digest = financing.hashFinance(intent);
        return abi.encodeCall(
            financing.finance, (intent, _proof(intent.bank, digest), _proof(intent.seller, digest))
        );
    }

    function _signed(IFinancing.Finance memory intent, IMandates.Mandate memory mandate)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = financing.hashFinance(intent);
        return abi.encodeCall(
            financing.financeUnderMandate,
            (intent, mandate, _proofOfQuoter(digest), _proof(intent.seller, digest))
        );
    }

    /// @param mandate all zero where the bank itself signs
    function _financeItem(IFinancing.Finance memory intent, IMandates.Mandate memory mandate)
        internal
        view
        returns (IFinancing.FinanceItem memory)
    {
        bytes32 digest = financing.hashFinance(intent);
        bytes memory proof = mandate.bank == address(0) ? _proof(intent.bank, digest) : _proofOfQuoter(digest);
        return IFinancing.FinanceItem(intent, mandate, proof, _proof(intent.seller, digest));
    }

    function _signed(IFinancing.Buyback memory intent) internal view returns (bytes memory) {
        bytes32 digest = financing.hashBuyback(intent);
        return abi.encodeCall(
            financing.buyBack, (intent, _proof(intent.bank, digest), _proof(intent.seller, digest))
        );
    }

    function _signed(IMandates.Mandate memory mandate) internal view returns (bytes memory) {
        bytes32 digest = financing.hashMandate(mandate);
        return abi.encodeCall(financing.grantMandate, (mandate, _proof(mandate.bank, digest)));
    }

    // ---- pledges

    function _goodPledge(uint64 lot, address pledgee, uint64 secured, uint64 advance)
        internal
        returns (IPledges.Pledge memory)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        return IPledges.Pledge(
            held.owner, pledgee, lot, held.seq, secured, advance, EVIDENCE, _deadline(), ++_nonce
        );
    }

    function _goodRelease(uint64 lot, uint64 secured, uint64 repayment)
        internal
        returns (IPledges.Release memory)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        return IPledges.Release(
            held.owner, held.chargee, lot, held.seq, secured, repayment, EVIDENCE, _deadline(), ++_nonce
        );
    }

    function _goodRealise(uint64 lot, address buyer, uint64 price)
        internal
        returns (IPledges.Realise memory)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        return IPledges.Realise(
            held.owner, held.chargee, buyer, lot, held.seq, price, EVIDENCE, _deadline(), ++_nonce
        );
    }

    function _signed(IPledges.Pledge memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashPledge(intent);
        return abi.encodeCall(
            pledges.pledge, (intent, _proof(intent.owner, digest), _proof(intent.pledgee, digest))
        );
    }

    function _signed(IPledges.Release memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashRelease(intent);
        return abi.encodeCall(
            pledges.release, (intent, _proof(intent.owner, digest), _proof(intent.pledgee, digest))
        );
    }

    function _signed(IPledges.Realise memory intent) internal view returns (bytes memory) {
        bytes32 digest = pledges.hashRealise(intent);
        return abi.encodeCall(
            pledges.realise,
            (
                intent,
                _proof(intent.owner, digest),
                _proof(intent.pledgee, digest),
                _proof(intent.buyer, digest)
            )
        );
    }

    // ---- exports, money, parties

    function _goodExport(uint64 lot, uint64 amount) internal returns (IExports.Export memory) {
        ILedger.Lot memory held = ledger.lotOf(lot);
        return IExports.Export(
            held.owner, registry, lot, held.seq, amount, _unique("reference"), _deadline(), ++_nonce
        );
    }

    function _signed(IExports.Export memory intent) internal view returns (bytes memory) {
        bytes32 digest = exports.hashExport(intent);
        return abi.encodeCall(
            exports.export, (intent, _proof(intent.owner, digest), _proof(intent.registry, digest))
        );
    }

    function _signed(ISettlement.Pay memory intent) internal view returns (bytes memory) {
        return abi.encodeCall(settlement.pay, (intent, _proof(intent.debtor, settlement.hashPay(intent))));
    }

    function _signed(ICash.Redeem memory intent) internal view returns (bytes memory) {
        return abi.encodeCall(cny.redeem, (intent, _proof(intent.holder, cny.hashRedeem(intent))));
    }

    function _goodSigner(address party, address signer, uint16 powers)
        internal
        returns (IParties.SetSigner memory)
    {
        uint32 version = parties.partyOf(party).version;
        return IParties.SetSigner(party, signer, powers, START + 3650 days, version, _deadline(), ++_nonce);
    }

    function _goodThreshold(address party, uint8 power, uint8 threshold)
        internal
        returns (IParties.SetThreshold memory)
    {
        uint32 version = parties.partyOf(party).version;
        return IParties.SetThreshold(party, power, threshold, version, _deadline(), ++_nonce);
    }

    function _goodRevoke(address party, bytes32 digest) internal returns (IParties.Revoke memory) {
        return IParties.Revoke(party, digest, _deadline(), ++_nonce);
    }

    function _signed(IParties.SetSigner memory intent) internal view returns (bytes memory) {
        bytes32 digest = parties.hashSetSigner(intent);
        return abi.encodeCall(parties.setSigner, (intent, _proof(intent.party, digest)));
    }

    function _signed(IParties.SetThreshold memory intent) internal view returns (bytes memory) {
        bytes32 digest = parties.hashSetThreshold(intent);
        return abi.encodeCall(parties.setThreshold, (intent, _proof(intent.party, digest)));
    }

    function _signed(IParties.Revoke memory intent) internal view returns (bytes memory) {
        bytes32 digest = parties.hashRevoke(intent);
        return abi.encodeCall(parties.revoke, (intent, _proof(intent.party, digest)));
    }

    function _appointQuoter(address bank_) private {
        IParties.SetSigner memory intent = _goodSigner(bank_, quoter, uint16(1 << Powers.QUOTE));
        parties.setSigner(intent, _signedBy(bank_, parties.hashSetSigner(intent)));
    }
}
