// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LotIds} from "../../src/ledger/LotIds.sol";
import {Charge, LotWord, packCharge, packLot} from "../../src/ledger/LotWords.sol";

/// @title The word of a lot, and what a cut does to it (I1: nothing of the face is lost, doubled or moved)
/// @dev Any word is tried, also those that the ledger never makes. Only what is read by the accessors is compared.
contract LotsProof {
    uint64 private constant MAX_FACE = 2 ** 53 - 1;

    struct Packed {
        uint32 holder;
        uint64 first;
        uint64 amount;
        uint24 parentIndex;
        uint8 depth;
        uint16 claimedThrough;
        uint40 since;
        uint8 flags;
    }

    enum Field {
        Range,
        ClaimedThrough,
        Flags
    }

    function check_lot_isReadAsPacked(Packed calldata given) external pure {
        require(given.first <= MAX_FACE && given.amount <= MAX_FACE && given.flags < 64);
        LotWord lot = _pack(given);
        assert(lot.holder() == given.holder);
        assert(lot.first() == given.first);
        assert(lot.amount() == given.amount);
        assert(lot.parentIndex() == given.parentIndex);
        assert(lot.depth() == given.depth);
        assert(lot.seq() == 0);
        assert(lot.claimedThrough() == given.claimedThrough);
        assert(lot.since() == given.since);
        assert(lot.flags() == given.flags);
    }

    /// @dev As `move` does it: the child is the low end of what the parent had, and both together are all of it.
    function check_cut_sharesTheRangeBetweenParentAndChild(LotWord parent, uint64 taken) external pure {
        _cuttable(parent, taken);
        LotWord rest = parent.withLowEndCut(taken);
        LotWord child = packLot(1, parent.first(), taken, 1, 1, 0, 1, 0);
        assert(child.first() == parent.first());
        assert(child.first() + child.amount() == rest.first());
        assert(rest.first() + rest.amount() == parent.first() + parent.amount());
        assert(child.amount() + rest.amount() == parent.amount());
    }

    function check_withLowEndCut_changesRangeAndSeqOnly(LotWord lot, uint64 taken) external pure {
        _cuttable(lot, taken);
        LotWord after_ = lot.withLowEndCut(taken);
        assert(after_.first() == lot.first() + taken);
        assert(after_.amount() == lot.amount() - taken);
        assert(after_.seq() == lot.seq() + 1);
        _same(lot, after_, Field.Range);
    }

    function check_withClaimedThrough_changesItsFieldOnly(LotWord lot, uint16 installment) external pure {
        LotWord after_ = lot.withClaimedThrough(installment);
        assert(after_.claimedThrough() == installment);
        assert(_equal(after_.withClaimedThrough(lot.claimedThrough()), lot));
        _same(lot, after_, Field.ClaimedThrough);
    }

    function check_withFirstClaim_isWithClaimedThroughWhereNothingWasClaimed(LotWord lot, uint16 installment)
        external
        pure
    {
        require(lot.claimedThrough() == 0);
        assert(_equal(lot.withFirstClaim(installment), lot.withClaimedThrough(installment)));
    }

    function check_withFlags_changesFlagsAndSeqOnly(LotWord lot, uint8 flags, uint24 seq) external pure {
        require(flags < 64);
        LotWord after_ = lot.withFlags(flags, seq);
        assert(after_.flags() == flags);
        assert(after_.seq() == seq);
        assert(_equal(after_.withFlags(lot.flags(), lot.seq()), lot));
        _same(lot, after_, Field.Flags);
    }

    function check_charge_isReadAsPacked(uint32 chargee, uint64 secured, uint64 limit) external pure {
        Charge charge = packCharge(chargee, secured, limit);
        assert(charge.chargeeNumber() == chargee);
        assert(charge.secured() == secured);
        assert(charge.recourseLimit() == limit);
    }

    // ---- ids

    function check_lotId_isReadAsMade(uint64 receivable, uint24 index) external pure {
        require(receivable < 2 ** 40);
        uint64 lot = LotIds.lotId(receivable, index);
        assert(LotIds.receivableOf(lot) == receivable);
        assert(LotIds.indexOf(lot) == index);
    }

    function check_lotId_isThatOfOneLotOnly(uint64 lot) external pure {
        assert(LotIds.lotId(LotIds.receivableOf(lot), LotIds.indexOf(lot)) == lot);
    }

    // ---- helpers

    /// @dev What the ledger has checked before it cuts.
    function _cuttable(LotWord lot, uint64 taken) private pure {
        require(lot.first() + lot.amount() <= MAX_FACE && taken <= lot.amount());
        require(lot.seq() < type(uint24).max);
    }

    function _same(LotWord lot, LotWord after_, Field changed) private pure {
        assert(after_.holder() == lot.holder());
        assert(after_.parentIndex() == lot.parentIndex());
        assert(after_.depth() == lot.depth());
        assert(after_.since() == lot.since());
        assert(changed == Field.Flags || after_.flags() == lot.flags());
        assert(changed == Field.ClaimedThrough || after_.claimedThrough() == lot.claimedThrough());
        if (changed != Field.Range) {
            assert(after_.first() == lot.first());
            assert(after_.amount() == lot.amount());
            assert(changed == Field.Flags || after_.seq() == lot.seq());
        }
    }

    function _equal(LotWord one, LotWord other) private pure returns (bool) {
        return LotWord.unwrap(one) == LotWord.unwrap(other);
    }

    function _pack(Packed calldata given) private pure returns (LotWord) {
        return packLot(
            given.holder,
            given.first,
            given.amount,
            given.parentIndex,
            given.depth,
            given.claimedThrough,
            given.since,
            given.flags
        );
    }
}
