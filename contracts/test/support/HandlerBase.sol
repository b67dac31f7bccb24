// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LotFlags} from "../../src/interfaces/Codes.sol";
import {ICash} from "../../src/interfaces/ICash.sol";
import {IInvoices} from "../../src/interfaces/IInvoices.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {Actions} from "./Actions.sol";
import {Replay} from "./Replay.sol";
import {Vm} from "./Vm.sol";

/// @title What all actions of the random network have in common
/// @dev An action picks, beginning where its arguments point to, something that allows it, and does nothing where there is none.
/// Everything it then does must succeed. It says which cash its signatures give away: nothing else may leave a party (I10).
abstract contract HandlerBase is Actions {
    uint256 internal constant MAX_RECEIVABLES = 12;
    uint256 internal constant MAX_LOTS = 20;
    /// @dev receivables that a search looks into
    uint256 private constant SEARCHED = 3;
    uint256 private constant KEPT_CALLS = 16;
    /// @dev Signers and parties live ten years; nothing jumps over that.
    uint256 internal constant LAST_DAY = START + 2500 days;

    struct Gift {
        address token;
        address from;
        address to;
        uint256 amount;
    }

    Replay public replay;
    /// @dev everybody who can have cash: parties, then the settlement contract
    address[] public people;
    /// @dev at most one at a time, so that the others can go on
    address internal suspended;
    mapping(string action => uint256) public done;
    mapping(uint64 receivable => IInvoices.InvoiceUse[]) internal _usesOf;
    /// @dev what the signatures of the action under way give away
    Gift[] private _gifts;
    bytes[KEPT_CALLS] private _spent;
    address[KEPT_CALLS] private _spentOn;
    uint256 private _spentCount;

    modifier recorded() {
        vm.recordLogs();
        _;
        _observe();
    }

    function setUp() public virtual override {
        replay = new Replay();
        vm.recordLogs();
        super.setUp();
        people = [debtor, secondDebtor, supplier, tier2, tier3, bank, otherBank, registry];
        people.push(address(settlement));
        _mint(eur, debtor, 10 * FACE);
        _mint(eur, bank, 10 * FACE);
        _observe();
    }

    function peopleCount() external view returns (uint256) {
        return people.length;
    }

    /// @dev I7: nothing that took effect once takes effect again, at once or later.
    function replayOldCall(uint256 which) external {
        if (_spentCount == 0) return;
        uint256 i = which % (_spentCount < KEPT_CALLS ? _spentCount : KEPT_CALLS);
        _again(_spentOn[i], _spent[i]);
        ++done["replayOldCall"];
    }

    // ---- carrying

    /// @dev Carries what was signed, which must succeed, and once more, which must not.
    function _act(string memory action, address target, bytes memory data)
        internal
        returns (bytes memory result)
    {
        result = _mustSucceed(target, data);
        _observe();
        _again(target, data);
        // the log keeps events of calls that were undone
        vm.getRecordedLogs();
        uint256 i = _spentCount++ % KEPT_CALLS;
        (_spent[i], _spentOn[i]) = (data, target);
        ++done[action];
    }

    /// @dev Whether what was signed is good is for the ledger to say. What it does then is looked at as ever.
    /// @param refused it must not have any effect
    function _try(address target, bytes memory data, bool refused) internal {
        _tryAs(address(this), target, data, refused);
    }

    function _tryAs(address sender, address target, bytes memory data, bool refused) internal {
        // the log keeps events of calls that were undone: what came before is taken out of it first
        replay.applyAll(vm.getRecordedLogs());
        vm.prank(sender);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) = target.call(data);
        _yes(!(success && refused), "something was done that had to be refused");
        ++done[success ? "tried" : "refused"];
        if (success) {
            _observe();
            return;
        }
        vm.getRecordedLogs();
        delete _gifts;
    }

    function _mustSucceed(address target, bytes memory data) internal returns (bytes memory) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = target.call(data);
        if (success) return result;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    /// @dev I10: the signatures of this action give this away.
    function _giveAway(ICash cash, address from, address to, uint256 amount) internal {
        uint256 needed = amount;
        for (uint256 i = 0; i < _gifts.length; ++i) {
            if (_gifts[i].from == from) needed += _gifts[i].amount;
        }
        if (cash.balanceOf(from) < needed) _mint(cash, from, uint64(amount));
        _gifts.push(Gift(address(cash), from, to, amount));
    }

    function _observe() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IERC20.Transfer.selector) _checkPayer(logs[i]);
        }
        for (uint256 i = 0; i < _gifts.length; ++i) {
            _same(_gifts[i].amount, 0, "I10: what was signed away did not go");
        }
        delete _gifts;
        replay.applyAll(logs);
    }

    function _again(address target, bytes memory data) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success,) = target.call(data);
        _yes(!success, "I7: a digest succeeded twice");
    }

    function _checkPayer(Vm.Log memory log) private {
        address from = address(uint160(uint256(log.topics[1])));
        address to = address(uint160(uint256(log.topics[2])));
        // a mint is no payment, and the replay knows what settlement owes to whom
        if (from == address(0) || from == address(settlement)) return;
        uint256 amount = abi.decode(log.data, (uint256));
        for (uint256 i = 0; i < _gifts.length; ++i) {
            Gift storage gift = _gifts[i];
            bool same = gift.token == log.emitter && gift.from == from && gift.to == to;
            if (!same || gift.amount != amount) continue;
            gift.amount = 0;
            return;
        }
        revert CheckTrue("I10: cash left a party that did not sign for it");
    }

    /// @dev What was paid out or sold on through Financing no longer counts, without anybody asking for it.
    function _checkReleased(uint64 lot) internal view {
        (, uint64 held) = financing.exposureOfLot(lot);
        if (held != 0) _same(held, ledger.openFaceOf(lot), "exposure is released with what ends it");
    }

    // ---- picking

    function _isUp(address party) internal view returns (bool) {
        return party != suspended;
    }

    /// @dev A bank that may act, the one asked for where possible; never `other`.
    function _bankBut(address other, uint256 choice) internal view returns (address) {
        (address first, address second) = choice % 2 == 0 ? (bank, otherBank) : (otherBank, bank);
        return _isUp(first) && first != other ? first : second;
    }

    function _findReceivable(
        uint256 which,
        function(uint64, ILedger.Receivable memory) internal view returns (bool) fits
    ) internal view returns (uint64, ILedger.Receivable memory entry) {
        uint64 count = ledger.receivableCount();
        for (uint256 i = 0; i < count; ++i) {
            uint64 id = uint64(1 + (which % count + i) % count);
            entry = ledger.receivableOf(id);
            if (fits(id, entry)) return (id, entry);
        }
        return (0, entry);
    }

    /// @return lot 0 where none fits
    function _findLot(
        uint256 which,
        function(ILedger.Lot memory, ILedger.Receivable memory) internal view returns (bool) fits
    ) internal view returns (uint64, ILedger.Lot memory lot) {
        uint64 count = ledger.receivableCount();
        for (uint256 i = 0; i < count && i < SEARCHED; ++i) {
            uint64 id = uint64(1 + (which % count + i) % count);
            ILedger.Receivable memory entry = ledger.receivableOf(id);
            for (uint256 j = 0; j < entry.lotCount; ++j) {
                uint64 lotId = (id << 24) + 1 + uint64(((which >> 64) % entry.lotCount + j) % entry.lotCount);
                lot = ledger.lotOf(lotId);
                if (fits(lot, entry)) return (lotId, lot);
            }
        }
        return (0, lot);
    }

    function _isOpen(ILedger.Receivable memory entry) internal view returns (bool) {
        return entry.state == ILedger.State.Active && block.timestamp < entry.due - entry.closeWindowSeconds;
    }

    /// @dev May be assigned, financed or exported.
    function _isMovable(ILedger.Lot memory lot, ILedger.Receivable memory entry)
        internal
        view
        returns (bool)
    {
        uint8 stopped = LotFlags.FROZEN | LotFlags.PLEDGED | LotFlags.EXPORTED;
        return lot.amount != 0 && lot.flags & stopped == 0 && _isOpen(entry) && lot.depth < entry.maxDepth
            && entry.lotCount < MAX_LOTS && _isUp(lot.owner);
    }

    /// @dev What a buy-back or the enforcement of a pledge needs, beside the charge.
    function _isLate(ILedger.Lot memory lot, ILedger.Receivable memory entry) internal view returns (bool) {
        bool live = entry.state == ILedger.State.Active || entry.state == ILedger.State.Settling
            || entry.state == ILedger.State.Defaulted;
        uint8 stopped = LotFlags.FROZEN | LotFlags.EXPORTED;
        return live && lot.amount != 0 && lot.flags & stopped == 0 && _isUp(lot.owner) && _isUp(lot.chargee)
            && entry.lotCount < 2 * MAX_LOTS;
    }

    /// @return what of the price of a pledged lot goes to its pledgee: up to what is secured and it did not get by claims
    function _toPledgee(uint64 id, ILedger.Lot memory lot, uint64 price) internal view returns (uint64) {
        (uint64 principal, uint64 interest,,) = replay.receipts(id);
        uint64 received = principal + interest;
        uint64 left = received < lot.secured ? lot.secured - received : 0;
        return price < left ? price : left;
    }

    /// @dev An allowed part of the lot: all of it, or one that leaves two lots of at least the smallest size.
    function _cut(ILedger.Lot memory lot, uint256 choice) internal view returns (uint64) {
        uint64 minimum = ledger.receivableOf(lot.receivable).minLotMinor;
        bool whole = choice % 4 == 0 || lot.amount < 2 * minimum || lot.flags & LotFlags.CHARGED != 0;
        return whole ? lot.amount : uint64(_bound(choice, minimum, lot.amount - minimum));
    }
}
