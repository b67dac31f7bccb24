// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Rules} from "../../src/interfaces/Codes.sol";
import {ILedger} from "../../src/interfaces/ILedger.sol";
import {ILens} from "../../src/interfaces/ILens.sol";
import {IRights} from "../../src/interfaces/IRights.sol";
import {ReplayIntents} from "./ReplayIntents.sol";
import {Walk} from "./Walk.sol";

/// @title I8: replaying the events gives the storage, field by field
abstract contract WalkReplay is Walk {
    function _replayed() internal view {
        _replayedInvoices();
        _replayedParties();
        _replayedRights(_system.ledger);
        _replayedRights(_system.invoices);
        _replayedRights(_system.cny);
        _replayedRights(_system.eur);
        _replayedRules();
        _replayedExports();
        address[] memory strangers = _replay.strangers();
        for (uint256 i = 0; i < strangers.length; ++i) {
            _same(strangers[i], _system.manager, "I8: an event of ours that the replay does not know");
        }
    }

    function _replayedReceivable(uint64 id, ILedger.Receivable memory entry, ILens.LotView[] memory lots)
        internal
        view
    {
        _same(abi.encode(_replay.receivable(id)), abi.encode(entry), "I8: receivable, field by field");
        _same(_replay.blocking(entry.debtor), _system.ledger.blockingCount(entry.debtor), "I8: blocking");
        for (uint256 i = 0; i < lots.length; ++i) {
            _same(abi.encode(_replay.lot(lots[i].id)), abi.encode(lots[i].lot), "I8: lot, field by field");
            (bytes32 mandate, uint64 held) = _system.financing.exposureOfLot(lots[i].id);
            (bytes32 mandateSeen, uint64 heldSeen) = _replay.holding(lots[i].id);
            _same(mandate, mandateSeen, "I8: mandate of a lot");
            _same(held, heldSeen, "I8: exposure of a lot");
        }
        for (uint16 n = 0; n <= entry.installments; ++n) {
            (uint64 principal, uint64 interest) = _system.ledger.paidThrough(id, n);
            (uint64 principalSeen, uint64 interestSeen) = _replay.totals(id, n);
            _same(principal, principalSeen, "I8: principal through an installment");
            _same(interest, interestSeen, "I8: interest through an installment");
        }
    }

    /// @dev I5 and I8.
    function _replayedInvoices() private view {
        (, uint256 count) = _replay.counts();
        for (uint256 i = 0; i < count; ++i) {
            bytes32 fingerprint = _replay.fingerprints(i);
            (uint64 total, uint64 used) = _system.invoices.useOf(fingerprint);
            (uint64 totalSeen, uint64 usedSeen) = _replay.uses(fingerprint);
            _atMost(used, total, "I5: used <= total");
            _same(total, totalSeen, "I8: total of an invoice");
            _same(used, usedSeen, "I8: use of an invoice");
        }
    }

    function _replayedParties() private view {
        for (uint256 i = 0; i < 8; ++i) {
            address party = _handler.people(i);
            _same(abi.encode(_replay.party(party)), abi.encode(_system.parties.partyOf(party)), "I8: party");
            _replayedRecovery(party);
            for (uint256 key = 0xE001; key < 0xE010; ++key) {
                address signer = vm.addr(key);
                (uint16 powers, uint40 expires) = _system.parties.signerOf(party, signer);
                (, uint16 powersSeen, uint40 expiresSeen) = _replay.signers(party, signer);
                _same(powers, powersSeen, "I8: powers");
                _same(expires, expiresSeen, "I8: expires");
            }
        }
    }

    function _replayedRecovery(address party) private view {
        (bytes32 id, address proposer, uint40 readyAt, uint32 version) = _system.parties.recoveryOf(party);
        (bytes32 idSeen, address proposerSeen, uint40 readyAtSeen, uint32 versionSeen) =
            _replay.recovery(party);
        _same(
            abi.encode(idSeen, proposerSeen, readyAtSeen, versionSeen),
            abi.encode(id, proposer, readyAt, version),
            "I8: recovery"
        );
        _same(_replay.recoveryId(party), id, "I8: what is proposed");
    }

    function _replayedRights(IRights keeper) private view {
        address[] memory modules = _system.modules;
        for (uint256 i = 0; i < modules.length; ++i) {
            _same(keeper.rightsOf(modules[i]), _replay.rights(address(keeper), modules[i]), "I8: rights");
        }
        _same(keeper.paused(), _replay.paused(address(keeper)), "I8: paused");
        address authority = IAccessManaged(address(keeper)).authority();
        _same(authority, _replay.authorityOf(address(keeper)), "I8: authority");
    }

    function _replayedRules() private view {
        for (uint16 param = 1; param <= Rules.LAST; ++param) {
            (uint64[] memory values, uint40[] memory effectives) = _system.rulebook.scheduleOf(param, 0);
            (uint64[] memory valuesSeen, uint40[] memory effectivesSeen) = _replay.rules(param, 0);
            _same(abi.encode(values, effectives), abi.encode(valuesSeen, effectivesSeen), "I8: rules");
        }
        _same(_replay.cashOf(_system.cny.currency()), address(_system.cny), "I8: currency");
        _same(_replay.cashOf(_system.eur.currency()), address(_system.eur), "I8: currency");
    }

    /// @dev One reference of another register, one lot.
    function _replayedExports() private view {
        ReplayIntents.Export[] memory seen = _replay.exportsSeen();
        for (uint256 i = 0; i < seen.length; ++i) {
            uint64 lot = _system.exports.lotOf(seen[i].registry, seen[i].registryRef);
            _same(lot, seen[i].lot, "I8: the lot of a reference");
            _same(_system.ledger.lotOf(lot).owner, seen[i].registry, "what was exported stays there");
        }
    }
}
