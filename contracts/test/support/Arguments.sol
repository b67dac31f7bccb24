// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Holdings} from "./Holdings.sol";

/// @title Many calls of one function, none of them with signatures that make it good
/// @dev Live lots, real parties, plausible amounts, calls that had their effect before, somebody else's signatures, genuine ones
/// under words that were changed after signing, and garbage.
abstract contract Arguments is Holdings {
    /// @dev of a call, so many words are replaced, one at a time
    uint256 private constant WORDS = 12;
    uint256 private constant GARBAGE = 4;

    /// @dev by kind of signatures, in the order of `_everyFunction`
    mapping(Proofs kind => Call[]) private _with;

    /// @dev Once, before any call: lists are long to build.
    function _prepareArguments() internal {
        for (uint8 kind = 0; kind <= uint8(Proofs.Garbage); ++kind) {
            proofs = Proofs(kind);
            Call[] memory calls = _everyFunction();
            for (uint256 i = 0; i < calls.length; ++i) {
                _with[proofs].push(calls[i]);
            }
        }
        proofs = Proofs.Genuine;
    }

    function _functionCount() internal view returns (uint256) {
        return _with[Proofs.Genuine].length;
    }

    function _functionAt(uint256 index) internal view returns (Call memory) {
        return _with[Proofs.Genuine][index];
    }

    /// @return calls of function number `index`; those by the AccessManager carry every other function
    function _argumentsOf(uint256 index, address account) internal view returns (bytes[] memory calls) {
        Call memory good = _functionAt(index);
        bool carrier = good.access == Access.Manager;
        uint256 most = 1 + 3 + spent.length + GARBAGE + WORDS * _values(account).length;
        calls = new bytes[](most + (carrier ? _functionCount() : 0));
        uint256 count = 0;
        if (!_needsSignatures(good)) calls[count++] = good.data;
        for (uint8 kind = uint8(Proofs.None); kind <= uint8(Proofs.Garbage); ++kind) {
            calls[count++] = _with[Proofs(kind)][index].data;
        }
        for (uint256 i = 0; i < spent.length; ++i) {
            bool same = spentOn[i] == good.target && bytes4(spent[i]) == bytes4(good.data);
            if (same) calls[count++] = spent[i];
        }
        for (uint256 i = 0; i < GARBAGE; ++i) {
            calls[count++] = _garbage(bytes4(good.data), i);
        }
        count = _addTampered(calls, count, good.data, account);
        if (carrier) count = _addCarried(calls, count, bytes4(good.data));
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(calls, count)
        }
    }

    /// @return changed `data` with one word replaced, or nothing where that changes nothing
    function _tampered(bytes memory data, uint256 word, uint256 value)
        internal
        pure
        returns (bytes memory changed)
    {
        if (4 + 32 * word + 32 > data.length || _word(data, word) == value) return "";
        changed = bytes.concat(data);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(add(add(changed, 36), mul(word, 32)), value)
        }
    }

    function _word(bytes memory data, uint256 word) internal pure returns (uint256 value) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            value := mload(add(add(data, 36), mul(word, 32)))
        }
    }

    /// @dev Causes and kinds, rights, lots, receivables, parties, contracts, amounts, the caller itself.
    function _values(address account) internal view returns (uint256[15] memory) {
        return [
            uint256(0),
            1,
            4,
            5,
            FACE / 50,
            freeLot,
            pledgedLot,
            paidLot,
            uint160(bank),
            uint160(tier2),
            uint160(address(settlement)),
            uint160(address(cny)),
            uint160(account),
            type(uint64).max,
            uint256(keccak256("garbage"))
        ];
    }

    /// @dev Good with genuine signatures: then it is the parties who act, whoever carries it.
    function _needsSignatures(Call memory call) internal pure returns (bool) {
        bytes32 name = keccak256(bytes(call.name));
        bool batch = name == keccak256("assignMany") || name == keccak256("financeMany");
        return call.access == Access.Signed || batch;
    }

    function _addTampered(bytes[] memory calls, uint256 count, bytes memory data, address account)
        private
        view
        returns (uint256)
    {
        uint256[15] memory values = _values(account);
        for (uint256 word = 0; word < WORDS; ++word) {
            for (uint256 i = 0; i < values.length; ++i) {
                bytes memory changed = _tampered(data, word, values[i]);
                if (changed.length != 0) calls[count++] = changed;
            }
        }
        return count;
    }

    function _addCarried(bytes[] memory calls, uint256 count, bytes4 carrier) private view returns (uint256) {
        for (uint256 i = 0; i < _functionCount(); ++i) {
            Call memory call = _functionAt(i);
            if (_needsSignatures(call)) call = _with[Proofs.Foreign][i];
            bytes memory inner = abi.encodeCall(manager.execute, (call.target, call.data));
            if (carrier == manager.execute.selector) {
                calls[count++] = inner;
            } else if (carrier == manager.schedule.selector) {
                calls[count++] = abi.encodeCall(manager.schedule, (call.target, call.data, 0));
            } else if (carrier == manager.multicall.selector) {
                bytes[] memory inners = new bytes[](1);
                inners[0] = inner;
                calls[count++] = abi.encodeCall(manager.multicall, (inners));
            }
        }
        return count;
    }

    function _garbage(bytes4 selector, uint256 kind) private pure returns (bytes memory) {
        if (kind == 0) return abi.encodePacked(selector);
        uint256[20] memory words;
        for (uint256 i = 0; i < words.length; ++i) {
            if (kind == 2) words[i] = type(uint256).max;
            if (kind == 3) words[i] = uint256(keccak256(abi.encode(selector, i)));
        }
        return bytes.concat(selector, abi.encode(words));
    }
}
