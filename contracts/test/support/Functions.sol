// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PartyRoles, Rights, Rules} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {IParties} from "../../src/interfaces/IParties.sol";
import {ITransfers} from "../../src/interfaces/ITransfers.sol";
import {Payout, packPayout} from "../../src/interfaces/Payouts.sol";
import {LedgerFunctions} from "./LedgerFunctions.sol";

interface ISelfCalls {
    function assignItem(ITransfers.AssignItem calldata item, address relayer) external returns (uint64);
    function financeItem(IFinancing.FinanceItem calldata item, address relayer) external returns (uint64);
}

/// @title Every function that changes something, with a call of it that is good as the stage is set
/// @dev Each is in exactly one class of access (I11). `AccessTest` holds the list against the ABIs.
abstract contract Functions is LedgerFunctions {
    function _listFunctions() internal override {
        _addParties();
        _addRecovery();
        _addLedger("Ledger", ledger);
        _addInvoices();
        _addCash(cny);
        _addCash(eur);
        _addIssuanceAndTransfers();
        _addFinancing();
        _addPledgesAndExports();
        _addSettlementAndEnforcement();
        _byRole("Rulebook", "schedule", address(rulebook), _callSchedule(), GOVERNOR);
        _byAuthority("Rulebook", address(rulebook));
        _listManager();
    }

    function _listManager() internal virtual;

    function _callForceMove() internal view returns (bytes memory) {
        return abi.encodeCall(enforcement.forceMove, (freeLot, tier3, FACE / 20, EVIDENCE));
    }

    function _addParties() private {
        IParties.SignerGrant[] memory signers = new IParties.SignerGrant[](1);
        signers[0] = IParties.SignerGrant(STRANGER, ALL_POWERS, START + 3650 days);
        bytes memory data = abi.encodeCall(
            parties.admit,
            (
                keccak256("newcomer"),
                PartyRoles.SUPPLIER,
                START + 3650 days,
                signers,
                new IParties.ThresholdGrant[](0)
            )
        );
        _byRole("Parties", "admit", address(parties), data, REGISTRAR);
        data = abi.encodeCall(
            parties.update,
            (tier2, IParties.Status.Suspended, PartyRoles.SUPPLIER, START + 3650 days, EVIDENCE)
        );
        _byRole("Parties", "update", address(parties), data, REGISTRAR);
        _bySignature("Parties", "setSigner", address(parties), _signed(_goodSigner(tier2, STRANGER, 255)));
        _bySignature("Parties", "setThreshold", address(parties), _signed(_goodThreshold(tier2, 3, 2)));
        _bySignature("Parties", "revoke", address(parties), _signed(_goodRevoke(tier2, EVIDENCE)));
        _byAuthority("Parties", address(parties));
    }

    function _addRecovery() private {
        address target = address(parties);
        (bytes32 id,,,) = parties.recoveryOf(otherBank);
        _byRole("Parties", "proposeRecovery", target, _callPropose(_planFor(tier3)), REGISTRAR);
        bytes memory data = abi.encodeCall(parties.secondRecovery, (otherBank, id));
        _byRole("Parties", "secondRecovery", target, data, SECONDER);
        data = abi.encodeCall(parties.cancelRecovery, (otherBank, id));
        _byRole("Parties", "cancelRecovery", target, data, GUARDIAN);
        IParties.VetoRecovery memory veto = _intentVeto(otherBank, id, 1);
        bytes memory proof = _proof(otherBank, parties.hashVetoRecovery(veto));
        data = abi.encodeCall(parties.vetoRecovery, (veto, proof));
        _bySignature("Parties", "vetoRecovery", target, data);
        _byAnyone("Parties", "executeRecovery", target, _callExecute(_planFor(registry)));
    }

    function _addInvoices() private {
        address target = address(invoices);
        bytes memory data = abi.encodeCall(invoices.bind, (live, _intentIssue(FACE, START).invoices));
        _byRight("Invoices", "bind", target, data, Rights.ISSUE);
        data = abi.encodeCall(invoices.release, (untouched, untouchedInvoices));
        _byRight("Invoices", "release", target, data, Rights.CANCEL);
        _keeper("Invoices", target);
    }

    function _addCash(ICash cash) private {
        address target = address(cash);
        bytes memory data = abi.encodeCall(cash.mint, (bank, 1000, _unique("credit")));
        _byRole("Cash", "mint", target, data, MINTER);
        _byRole("Cash", "setMintLimit", target, abi.encodeCall(cash.setMintLimit, (1)), CONSORTIUM);
        data = abi.encodeCall(cash.move, (bank, tier2, 1000, Rights.FINANCE));
        _byRight("Cash", "move", target, data, Rights.FINANCE);
        Payout[] memory payouts = new Payout[](1);
        payouts[0] = packPayout(tier2, 1000, cash.currency(), false);
        data = abi.encodeCall(cash.payOut, (address(settlement), payouts, Rights.CLAIM));
        _byRight("Cash", "payOut", target, data, Rights.CLAIM);
        ICash.Redeem memory intent = _intentRedeem(bank, 1000);
        intent.currency = cash.currency();
        data = abi.encodeCall(cash.redeem, (intent, _proof(bank, cash.hashRedeem(intent))));
        _bySignature("Cash", "redeem", target, data);
        _byNobody("transfer", target, abi.encodeCall(cash.transfer, (bank, 1)));
        _byNobody("approve", target, abi.encodeCall(cash.approve, (bank, 1)));
        _byNobody("transferFrom", target, abi.encodeCall(cash.transferFrom, (bank, tier2, 1)));
        _keeper("Cash", target);
    }

    function _addIssuanceAndTransfers() private {
        bytes memory data = _signed(_intentIssue(FACE, _midnight() + 90 days));
        _bySignature("Issuance", "issue", address(issuance), data);
        data = _signed(_goodCancel(untouched, untouchedInvoices));
        _bySignature("Issuance", "cancel", address(issuance), data);
        address target = address(transfers);
        data = _signed(_intentAssign(freeLot, tier3, FACE / 20));
        _bySignature("Transfers", "assign", target, data);
        ITransfers.AssignItem[] memory items = new ITransfers.AssignItem[](1);
        items[0] = _assignItem(_intentAssign(freeLot, tier3, FACE / 20));
        _byAnyone("Transfers", "assignMany", target, abi.encodeCall(transfers.assignMany, (items)));
        data = abi.encodeCall(ISelfCalls.assignItem, (items[0], STRANGER));
        _byItself("Transfers", "assignItem", target, data);
    }

    function _addFinancing() private {
        address target = address(financing);
        IMandates.Mandate memory none;
        IFinancing.Finance memory intent = _intentFinance(freeLot, FACE / 20, FACE / 30);
        (intent.recourse, intent.secured) = (1, FACE / 20);
        (intent.fees, intent.feesTo) = (7, otherBank);
        _bySignature("Financing", "finance", target, _signed(intent));
        bytes memory data = _signed(_goodQuote(mandate, freeLot, FACE / 20), mandate);
        _bySignature("Financing", "financeUnderMandate", target, data);
        IFinancing.FinanceItem[] memory items = new IFinancing.FinanceItem[](1);
        items[0] = _financeItem(intent, none);
        _byAnyone("Financing", "financeMany", target, abi.encodeCall(financing.financeMany, (items)));
        data = abi.encodeCall(ISelfCalls.financeItem, (items[0], STRANGER));
        _byItself("Financing", "financeItem", target, data);
        _bySignature("Financing", "buyBack", target, _signed(_goodBuyback(recourseLot, FACE / 100)));
        data = _signed(_goodMandate(bank, debtor, CNY, FACE, 0));
        _bySignature("Financing", "grantMandate", target, data);
        data = abi.encodeCall(financing.releaseExposure, (_lots(firstLot)));
        _byAnyone("Financing", "releaseExposure", target, data);
    }

    function _addPledgesAndExports() private {
        address target = address(pledges);
        bytes memory data = _signed(_goodPledge(freeLot, bank, FACE / 20, FACE / 40));
        _bySignature("Pledges", "pledge", target, data);
        data = _signed(_goodRelease(pledgedLot, FACE / 100, 1000));
        _bySignature("Pledges", "release", target, data);
        data = _signed(_goodRealise(pledgedLot, tier2, FACE / 30));
        _bySignature("Pledges", "realise", target, data);
        data = _signed(_goodExport(freeLot, FACE / 20));
        _bySignature("Exports", "export", address(exports), data);
    }

    function _addSettlementAndEnforcement() private {
        address target = address(settlement);
        _bySignature("Settlement", "pay", target, _signed(_intentPay(live, 1000)));
        _byAnyone("Settlement", "claim", target, abi.encodeCall(settlement.claim, (_lots(paidLot))));
        _byAnyone("Settlement", "flagOverdue", target, abi.encodeCall(settlement.flagOverdue, (late)));
        bytes memory data = abi.encodeCall(settlement.declareDefault, (beyondGrace));
        _byAnyone("Settlement", "declareDefault", target, data);
        target = address(enforcement);
        data = abi.encodeCall(enforcement.freeze, (_lots(freeLot), EVIDENCE));
        _byRole("Enforcement", "freeze", target, data, FREEZER);
        data = abi.encodeCall(enforcement.unfreeze, (_lots(frozenLot), EVIDENCE));
        _byRole("Enforcement", "unfreeze", target, data, FREEZER);
        data = abi.encodeCall(enforcement.suspend, (untouched, EVIDENCE));
        _byRole("Enforcement", "suspend", target, data, FREEZER);
        data = abi.encodeCall(enforcement.resume, (stopped, EVIDENCE));
        _byRole("Enforcement", "resume", target, data, FREEZER);
        _byRole("Enforcement", "forceMove", target, _callForceMove(), COURT);
        data = abi.encodeCall(enforcement.writeOff, (defaulted, EVIDENCE));
        _byRole("Enforcement", "writeOff", target, data, COURT);
        _byAuthority("Enforcement", target);
    }

    function _callSchedule() private view returns (bytes memory) {
        uint40 effective = uint40(block.timestamp) + 90 days;
        return abi.encodeCall(rulebook.schedule, (Rules.MIN_LOT_MINOR, 0, 500, effective));
    }
}
