// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRoles, Powers} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {Deployment} from "./Deployment.sol";
import {Signing} from "./Signing.sol";

/// @title A small network: a core enterprise with maker and checker, three tiers of suppliers, two banks
/// @dev Every action is signed as its parties would sign it. `_intent…` makes a good intent to be spoilt by a test,
/// `_do…` makes, signs and carries it.
abstract contract World is Deployment, Signing {
    uint16 internal constant ALL_POWERS = 255;
    uint64 internal constant FACE = 1_000_000_00;
    bytes32 internal constant TERMS = keccak256("terms");
    bytes32 internal constant EVIDENCE = keccak256("evidence");

    uint256 internal constant MAKER = 0x1001;
    uint256 internal constant CHECKER = 0x1002;
    uint256 internal constant SUPPLIER_KEY = 0x2001;
    uint256 internal constant TIER2_KEY = 0x2002;
    uint256 internal constant TIER3_KEY = 0x2003;
    uint256 internal constant BANK_KEY = 0x3001;
    uint256 internal constant OTHER_BANK_KEY = 0x3002;

    address internal debtor;
    address internal supplier;
    address internal tier2;
    address internal tier3;
    address internal bank;
    address internal otherBank;
    mapping(address party => uint256[]) internal keysOf;
    uint64 internal _salt;

    function setUp() public virtual {
        _deployAll();
        debtor = _admit("core", PartyRoles.DEBTOR, _keys(MAKER, CHECKER), 2);
        supplier = _admit("supplier", PartyRoles.SUPPLIER, _keys(SUPPLIER_KEY), 1);
        tier2 = _admit("tier2", PartyRoles.SUPPLIER, _keys(TIER2_KEY), 1);
        tier3 = _admit("tier3", PartyRoles.SUPPLIER, _keys(TIER3_KEY), 1);
        bank = _admit("bank", PartyRoles.BANK, _keys(BANK_KEY), 1);
        otherBank = _admit("other bank", PartyRoles.BANK, _keys(OTHER_BANK_KEY), 1);
        _mint(cny, debtor, 10 * FACE);
        _mint(cny, bank, 10 * FACE);
    }

    // ---- parties and cash

    function _admit(string memory name, uint16 roles, uint256[] memory keys, uint8 confirmThreshold)
        internal
        returns (address party)
    {
        IParties.SignerGrant[] memory signers = new IParties.SignerGrant[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            signers[i] = IParties.SignerGrant(vm.addr(keys[i]), ALL_POWERS, START + 3650 days);
        }
        IParties.ThresholdGrant[] memory thresholds = new IParties.ThresholdGrant[](1);
        thresholds[0] = IParties.ThresholdGrant(Powers.CONFIRM, confirmThreshold);
        vm.prank(REGISTRAR);
        party = parties.admit(keccak256(bytes(name)), roles, START + 3650 days, signers, thresholds);
        keysOf[party] = keys;
    }

    function _suspend(address party) internal {
        IParties.Party memory entry = parties.partyOf(party);
        vm.prank(REGISTRAR);
        parties.update(party, IParties.Status.Suspended, entry.roles, entry.kybUntil, keccak256("order"));
    }

    function _mint(ICash cash, address to, uint64 amount) internal {
        vm.prank(MINTER);
        cash.mint(to, amount, keccak256(abi.encode("credit", ++_salt)));
    }

    function _signedBy(address party, bytes32 digest) internal view returns (bytes memory) {
        return _sign(digest, keysOf[party]);
    }

    function _deadline() internal view returns (uint40) {
        return uint40(block.timestamp) + 1 hours;
    }

    function _midnight() internal view returns (uint40) {
        return uint40(block.timestamp - block.timestamp % 1 days);
    }

    // ---- issue

    function _intentIssue(uint64 face, uint40 due) internal returns (IIssuance.Issue memory intent) {
        IInvoices.InvoiceUse[] memory uses = new IInvoices.InvoiceUse[](1);
        uses[0] = IInvoices.InvoiceUse(keccak256(abi.encode("invoice", ++_salt)), face, face, _midnight());
        intent = IIssuance.Issue(
            debtor, supplier, face, due, CNY, TERMS, _midnight(), 0, uses, _deadline(), ++_salt
        );
    }

    function _carry(IIssuance.Issue memory intent) internal returns (uint64 receivable, uint64 lot) {
        bytes32 digest = issuance.hashIssue(intent);
        return issuance.issue(intent, _signedBy(intent.debtor, digest), _signedBy(intent.creditor, digest));
    }

    function _callOf(IIssuance.Issue memory intent) internal view returns (bytes memory) {
        bytes32 digest = issuance.hashIssue(intent);
        return abi.encodeCall(
            issuance.issue, (intent, _signedBy(intent.debtor, digest), _signedBy(intent.creditor, digest))
        );
    }

    function _refused(IIssuance.Issue memory intent, bytes memory reason) internal {
        _refused(address(issuance), _callOf(intent), reason);
    }

    function _doIssue(uint64 face, uint16 termDays) internal returns (uint64 receivable, uint64 lot) {
        return _carry(_intentIssue(face, _midnight() + uint40(termDays) * 1 days));
    }

    // ---- assign

    function _intentAssign(uint64 lot, address to, uint64 amount)
        internal
        returns (ITransfers.Assign memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent = ITransfers.Assign(held.owner, to, lot, held.seq, amount, EVIDENCE, _deadline(), ++_salt);
    }

    function _item(ITransfers.Assign memory intent) internal view returns (ITransfers.AssignItem memory) {
        bytes32 digest = transfers.hashAssign(intent);
        return ITransfers.AssignItem(intent, _signedBy(intent.owner, digest), _signedBy(intent.to, digest));
    }

    function _carry(ITransfers.Assign memory intent) internal returns (uint64 child) {
        ITransfers.AssignItem memory item = _item(intent);
        return transfers.assign(intent, item.ownerSignatures, item.receiverSignatures);
    }

    function _refused(ITransfers.Assign memory intent, bytes memory reason) internal {
        ITransfers.AssignItem memory item = _item(intent);
        bytes memory data =
            abi.encodeCall(transfers.assign, (intent, item.ownerSignatures, item.receiverSignatures));
        _refused(address(transfers), data, reason);
    }

    function _doAssign(uint64 lot, address to, uint64 amount) internal returns (uint64 child) {
        return _carry(_intentAssign(lot, to, amount));
    }

    // ---- finance

    function _intentFinance(uint64 lot, uint64 amount, uint64 price)
        internal
        returns (IFinancing.Finance memory intent)
    {
        ILedger.Lot memory held = ledger.lotOf(lot);
        intent.bank = bank;
        intent.seller = held.owner;
        intent.lot = lot;
        intent.seq = held.seq;
        intent.amount = amount;
        intent.price = price;
        intent.ratePpm = 30_000;
        intent.dayCount = 360;
        intent.registrationRef = keccak256("registration");
        intent.noticeRef = keccak256("notice");
        intent.termsHash = keccak256("cost sheet");
        intent.deadline = _deadline();
        intent.salt = ++_salt;
    }

    function _carry(IFinancing.Finance memory intent) internal returns (uint64 child) {
        bytes32 digest = financing.hashFinance(intent);
        return financing.finance(intent, _signedBy(intent.bank, digest), _signedBy(intent.seller, digest));
    }

    function _refused(IFinancing.Finance memory intent, bytes memory reason) internal {
        bytes32 digest = financing.hashFinance(intent);
        bytes memory data = abi.encodeCall(
            financing.finance, (intent, _signedBy(intent.bank, digest), _signedBy(intent.seller, digest))
        );
        _refused(address(financing), data, reason);
    }

    // ---- pay and claim

    function _intentPay(uint64 receivable, uint64 amount) internal returns (ISettlement.Pay memory intent) {
        ILedger.Receivable memory entry = ledger.receivableOf(receivable);
        uint64 paidBefore = entry.paid + entry.interestPaid;
        intent = ISettlement.Pay(entry.debtor, receivable, amount, paidBefore, _deadline(), ++_salt);
    }

    function _carry(ISettlement.Pay memory intent) internal {
        settlement.pay(intent, _signedBy(intent.debtor, settlement.hashPay(intent)));
    }

    function _refused(ISettlement.Pay memory intent, bytes memory reason) internal {
        bytes memory signatures = _signedBy(intent.debtor, settlement.hashPay(intent));
        _refused(address(settlement), abi.encodeCall(settlement.pay, (intent, signatures)), reason);
    }

    function _doPay(uint64 receivable, uint64 amount) internal {
        _carry(_intentPay(receivable, amount));
    }

    function _doClaim(uint64 lot) internal {
        uint64[] memory lots = new uint64[](1);
        lots[0] = lot;
        settlement.claim(lots);
    }

    // ---- redeem

    function _intentRedeem(address holder, uint64 amount) internal returns (ICash.Redeem memory intent) {
        intent = ICash.Redeem(holder, CNY, amount, keccak256("account"), _deadline(), ++_salt);
    }

    function _carry(ICash.Redeem memory intent) internal {
        cny.redeem(intent, _signedBy(intent.holder, cny.hashRedeem(intent)));
    }

    function _refused(ICash.Redeem memory intent, bytes memory reason) internal {
        bytes memory signatures = _signedBy(intent.holder, cny.hashRedeem(intent));
        _refused(address(cny), abi.encodeCall(cny.redeem, (intent, signatures)), reason);
    }

    // ---- acting as a module

    /// @dev This test contract gets a right, as governance would give it.
    function _becomeModule(address keeper, uint16 rights) internal {
        _asAnnounced(MODULE_ADMIN, keeper, abi.encodeCall(ledger.setRights, (address(this), rights)), 7 days);
    }

    function _reason(bytes4 selector) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector);
    }
}
