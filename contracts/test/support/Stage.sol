// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFinancing} from "../../src/interfaces/IFinancing.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {IIssuance} from "../../src/interfaces/IIssuance.sol";
import {IMandates} from "../../src/interfaces/IMandates.sol";
import {Actions} from "./Actions.sol";
import {Recoveries} from "./Recoveries.sol";
import {World} from "./World.sol";

/// @title A network in the one moment in which every function of every contract has something to do
/// @dev Signatures can be switched from those of the parties to those of a stranger, to garbage, and to none.
abstract contract Stage is Actions, Recoveries {
    enum Proofs {
        Genuine,
        None,
        Foreign,
        Garbage
    }

    address internal constant STRANGER = address(0xBAD);
    uint256 private constant FOREIGN_KEY = 0xBAD0;

    Proofs internal proofs;
    /// @dev receivables
    uint64 internal live;
    uint64 internal late;
    uint64 internal beyondGrace;
    uint64 internal defaulted;
    uint64 internal stopped;
    uint64 internal untouched;
    uint64 internal paid;
    uint64 internal inEuro;
    IInvoices.InvoiceUse[] internal untouchedInvoices;
    /// @dev lots of `live`; the first one is what is left with the supplier
    uint64 internal firstLot;
    uint64 internal freeLot;
    uint64 internal pledgedLot;
    uint64 internal recourseLot;
    uint64 internal frozenLot;
    uint64 internal paidLot;
    IMandates.Mandate internal mandate;
    /// @dev calls with genuine signatures that have had their effect
    bytes[] internal spent;
    address[] internal spentOn;

    function setUp() public virtual override(Actions, World) {
        super.setUp();
        _mint(eur, debtor, FACE);
        _mint(eur, bank, FACE);
        _stageLots();
        _stageStates();
        vm.warp(START + 40 days);
        settlement.declareDefault(defaulted);
        _stageRecoveries();
    }

    function _proof(address party, bytes32 digest) internal view override returns (bytes memory) {
        if (proofs == Proofs.Genuine) return super._proof(party, digest);
        return _otherProof(digest);
    }

    function _proofOfQuoter(bytes32 digest) internal view override returns (bytes memory) {
        if (proofs == Proofs.Genuine) return super._proofOfQuoter(digest);
        return _otherProof(digest);
    }

    /// @dev Everybody in office, the deployer, and somebody without any.
    function _accounts() internal view returns (address[] memory accounts) {
        accounts = new address[](12);
        (accounts[0], accounts[1], accounts[2]) = (CONSORTIUM, MODULE_ADMIN, REGISTRAR);
        (accounts[3], accounts[4], accounts[5]) = (FREEZER, COURT, GUARDIAN);
        (accounts[6], accounts[7], accounts[8]) = (UNPAUSER, MINTER, GOVERNOR);
        (accounts[9], accounts[10], accounts[11]) = (SECONDER, address(this), STRANGER);
    }

    function _use(address target, bytes memory data) internal returns (bytes memory) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = target.call(data);
        _yes(success, "the stage is set");
        spent.push(data);
        spentOn.push(target);
        return result;
    }

    function _planFor(address party) internal view returns (Plan memory) {
        return _plan(party, keysOf[party][0], FOREIGN_KEY);
    }

    function _lots(uint64 lot) internal pure returns (uint64[] memory lots) {
        lots = new uint64[](1);
        lots[0] = lot;
    }

    function _otherProof(bytes32 digest) private view returns (bytes memory) {
        if (proofs == Proofs.None) return "";
        if (proofs == Proofs.Foreign) return _sign(digest, FOREIGN_KEY);
        return abi.encodePacked(digest, digest, uint8(27));
    }

    /// @dev One that is ready, one that nobody has seconded.
    function _stageRecoveries() private {
        _proposeAndSecond(_planFor(registry));
        vm.warp(block.timestamp + DELAY);
        _propose(_planFor(otherBank));
    }

    function _stageLots() private {
        (live, firstLot) = _doIssue(FACE, 200);
        freeLot = _doAssign(firstLot, tier2, FACE / 10);
        pledgedLot = _doAssign(firstLot, tier3, FACE / 10);
        _use(address(pledges), _signed(_goodPledge(pledgedLot, bank, FACE / 20, FACE / 40)));
        frozenLot = _doAssign(firstLot, tier3, FACE / 10);
        vm.prank(FREEZER);
        enforcement.freeze(_lots(frozenLot), EVIDENCE);
        uint64 sold = _doAssign(firstLot, tier2, FACE / 10);
        recourseLot = _sellWithRecourse(sold, FACE / 10);
        mandate = _goodMandate(bank, debtor, CNY, 10 * FACE, 0);
        _use(address(financing), _signed(mandate));
        _use(address(financing), _signed(_goodQuote(mandate, firstLot, FACE / 10), mandate));
        _use(address(transfers), _signed(_intentAssign(firstLot, tier2, FACE / 100)));
        _use(address(cny), _signed(_intentRedeem(bank, 1)));
        _use(address(exports), _signed(_goodExport(firstLot, FACE / 100)));
    }

    function _stageStates() private {
        (late,) = _doIssue(FACE, 1);
        (beyondGrace,) = _doIssue(FACE, 1);
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 1 days);
        intent.debtor = secondDebtor;
        _use(address(issuance), _signed(intent));
        defaulted = ledger.receivableCount();
        (stopped,) = _doIssue(FACE, 200);
        vm.prank(FREEZER);
        enforcement.suspend(stopped, EVIDENCE);
        intent = _intentIssue(FACE, _midnight() + 200 days);
        (untouched,) = _carry(intent);
        untouchedInvoices.push(intent.invoices[0]);
        intent = _intentIssue(FACE, _midnight() + 200 days);
        intent.currency = EUR;
        (inEuro,) = _carry(intent);
        // paid, and not yet claimed: a bank with recourse, its seller, and the supplier
        uint64 lot;
        (paid, lot) = _doIssue(FACE, 200);
        paidLot = _sellWithRecourse(lot, FACE / 3);
        _use(address(settlement), _signed(_intentPay(paid, FACE)));
    }

    function _sellWithRecourse(uint64 lot, uint64 amount) private returns (uint64 child) {
        IFinancing.Finance memory intent = _intentFinance(lot, amount, amount / 2);
        (intent.recourse, intent.secured) = (1, amount / 2);
        return abi.decode(_use(address(financing), _signed(intent)), (uint64));
    }
}
