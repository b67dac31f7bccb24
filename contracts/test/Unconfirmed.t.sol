// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IntentKinds, PartyRoles, Powers} from "../src/interfaces/Codes.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ILedger} from "../src/interfaces/ILedger.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {Actions} from "./support/Actions.sol";
import {Vm} from "./support/Vm.sol";

/// @title I14: no path from unconfirmed to financed
/// forge-config: default.isolate = false
/// forge-config: ci.isolate = false
contract UnconfirmedTest is Actions {
    uint256 private constant STEPS = 12;
    uint256 private constant KEYS = 4;
    uint256 private constant FIRST_KEY = 0x7001;

    /// @dev Everybody but the debtor signs whatever is asked, anybody calls anything: there is never anything to finance.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_withoutTheDebtor_nothingEverExists(uint256 seed) public {
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 choice = uint256(keccak256(abi.encode(seed, step)));
            (address target, bytes memory data) =
                choice % 2 == 0 ? _unconfirmedIssue(choice) : _anythingElse(choice);
            if ((choice >> 8) % 2 == 0) vm.prank(_caller(choice >> 16));
            // solhint-disable-next-line avoid-low-level-calls
            (bool success,) = target.call(data);
            _yes(!success, "nothing without the debtor");
        }
        _same(ledger.receivableCount(), 0, "no receivable");
        _same(cny.balanceOf(bank), 10 * FACE, "no cash");
    }

    /// @dev A debtor with n signers that wants m of them, and some subset that signs: financed exactly when m signed, and then
    /// what was signed is on record.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_financed_exactlyWhenTheDebtorsThresholdIsMet(uint8 n, uint8 m, uint8 subset) public {
        n = uint8(_bound(n, 1, KEYS));
        m = uint8(_bound(m, 1, n));
        uint256 signed = subset % (1 << n);
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        intent.debtor = _admitDebtor(n, m);
        bytes32 digest = issuance.hashIssue(intent);
        bytes memory signatures = _sign(digest, _subset(signed, n));
        uint256 have = _countBits(signed);
        bytes memory issue = abi.encodeCall(issuance.issue, (intent, signatures, _signedBy(supplier, digest)));
        vm.recordLogs();
        // solhint-disable-next-line avoid-low-level-calls
        (bool issued, bytes memory reason) = address(issuance).call(issue);
        _yes(issued == (have >= m), "issued exactly when enough signed");
        if (!issued) {
            bytes memory expected = abi.encodeWithSelector(
                IParties.PartiesBelowThreshold.selector, intent.debtor, Powers.CONFIRM, have, m
            );
            _same(reason, expected, "and says how many it lacks");
        }
        _same(_countIssues(digest), issued ? 1 : 0, "what was signed is on record");
        _yes(_tryFinance() == issued, "financed exactly when it was issued");
    }

    /// @dev Signatures of the debtor over anything else give nothing.
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_confirmed_isWhatWasSignedAndNothingElse(uint256 field, uint256 value) public {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        bytes32 digest = issuance.hashIssue(intent);
        bytes memory byDebtor = _signedBy(debtor, digest);
        _change(intent, field % 8, value);
        if (issuance.hashIssue(intent) == digest) return;
        bytes memory byCreditor = _signedBy(intent.creditor, issuance.hashIssue(intent));
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) =
            address(issuance).call(abi.encodeCall(issuance.issue, (intent, byDebtor, byCreditor)));
        _yes(!success, "the debtor signed another one");
        _same(ledger.receivableCount(), 0, "no receivable");
    }

    // ---- helpers

    function _unconfirmedIssue(uint256 choice) private returns (address, bytes memory) {
        IIssuance.Issue memory intent = _intentIssue(FACE, _midnight() + 90 days);
        bytes32 digest = issuance.hashIssue(intent);
        bytes memory byDebtor = _notEnough(digest, (choice >> 24) % 8);
        return
            (
                address(issuance),
                abi.encodeCall(issuance.issue, (intent, byDebtor, _signedBy(supplier, digest)))
            );
    }

    /// @dev Debtor's key twice, one of two, the wrong order, other parties' keys, other digests, none.
    function _notEnough(bytes32 digest, uint256 kind) private view returns (bytes memory) {
        if (kind == 0) return "";
        if (kind == 1) return _sign(digest, MAKER);
        if (kind == 2) return _sign(digest, CHECKER);
        if (kind == 3) return bytes.concat(_sign(digest, MAKER), _sign(digest, MAKER));
        if (kind == 4) return _sign(digest, _keys(SUPPLIER_KEY, BANK_KEY));
        if (kind == 5) return _signedBy(debtor, keccak256(abi.encode(digest)));
        if (kind == 6) return _sign(digest, _keys(MAKER, SUPPLIER_KEY));
        bool ascending = vm.addr(MAKER) < vm.addr(CHECKER);
        (uint256 first, uint256 second) = ascending ? (CHECKER, MAKER) : (MAKER, CHECKER);
        return bytes.concat(_sign(digest, first), _sign(digest, second));
    }

    /// @dev All the others would sign; there is no lot.
    function _anythingElse(uint256 choice) private view returns (address, bytes memory) {
        uint64 lot = uint64((_bound(choice >> 32, 0, 3) << 24) + _bound(choice >> 64, 0, 3));
        uint256 kind = (choice >> 96) % 5;
        if (kind == 0) return (address(ledger), abi.encodeCall(ledger.issue, (_order())));
        if (kind == 1) {
            ITransfers.Assign memory intent =
                ITransfers.Assign(supplier, tier2, lot, 0, FACE / 2, EVIDENCE, _deadline(), 1);
            return (address(transfers), _signed(intent));
        }
        if (kind == 2) return (address(financing), _signed(_finance(lot)));
        if (kind == 3) {
            ILedger.MoveOrder memory order = ILedger.MoveOrder(
                lot, 0, supplier, bank, FACE, ILedger.Cause((choice >> 104) % 7), EVIDENCE, false
            );
            return (address(ledger), abi.encodeCall(ledger.move, (order)));
        }
        return (address(enforcement), abi.encodeCall(enforcement.forceMove, (lot, bank, FACE, EVIDENCE)));
    }

    function _order() private view returns (ILedger.IssueOrder memory) {
        return ILedger.IssueOrder(debtor, supplier, FACE, START + 90 days, CNY, TERMS, TERMS);
    }

    function _finance(uint64 lot) private view returns (IFinancing.Finance memory intent) {
        (intent.bank, intent.seller, intent.lot) = (bank, supplier, lot);
        (intent.amount, intent.price, intent.dayCount) = (FACE, FACE / 2, 360);
        (intent.termsHash, intent.deadline) = (TERMS, _deadline());
    }

    function _tryFinance() private returns (bool success) {
        bytes memory data = _signed(_finance((1 << 24) + 1));
        // solhint-disable-next-line avoid-low-level-calls
        (success,) = address(financing).call(data);
    }

    function _caller(uint256 choice) private view returns (address) {
        address[8] memory callers =
            [REGISTRAR, COURT, MODULE_ADMIN, MINTER, CONSORTIUM, address(financing), supplier, bank];
        return callers[choice % callers.length];
    }

    function _admitDebtor(uint8 n, uint8 m) private returns (address) {
        return _admit("debtor of n", PartyRoles.DEBTOR, _subset((1 << n) - 1, n), m);
    }

    function _subset(uint256 bits, uint8 n) private pure returns (uint256[] memory keys) {
        keys = new uint256[](_countBits(bits));
        uint256 count = 0;
        for (uint256 i = 0; i < n; ++i) {
            if (bits >> i & 1 != 0) keys[count++] = FIRST_KEY + i;
        }
    }

    function _countBits(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) {
            count += bits & 1;
        }
    }

    function _countIssues(bytes32 digest) private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            bool used = logs[i].topics[0] == IIntents.IntentUsed.selector && logs[i].topics[1] == digest;
            if (used && uint256(logs[i].topics[2]) == IntentKinds.ISSUE) ++count;
        }
    }

    function _change(IIssuance.Issue memory intent, uint256 field, uint256 value) private view {
        if (field == 0) intent.face = uint64(_bound(value, 1, 2 * FACE));
        if (field == 1) intent.due = _midnight() + uint40(_bound(value, 1, 200)) * 1 days;
        if (field == 2) intent.creditor = tier2;
        if (field == 3) intent.currency = EUR;
        if (field == 4) intent.termsHash = keccak256(abi.encode(value));
        if (field == 5) intent.salt = uint64(value);
        if (field == 6) intent.invoices[0].fingerprint = keccak256(abi.encode(value));
        if (field == 7) intent.deadline = _deadline() + uint40(_bound(value, 0, 20 hours));
        // the invoices would still say what the face is
        intent.invoices[0].amount = intent.face;
        intent.invoices[0].total = intent.face;
    }
}
