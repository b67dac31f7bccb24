// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployment} from "./Deployment.sol";

/// @title Which functions the deployed contracts have, read from the artifacts that they were deployed from
abstract contract Abis is Deployment {
    struct Deployed {
        string name;
        address target;
    }

    function _deployed() internal view returns (Deployed[] memory all) {
        all = new Deployed[](15);
        all[0] = Deployed("AccessManager", address(manager));
        all[1] = Deployed("Parties", address(parties));
        all[2] = Deployed("Rulebook", address(rulebook));
        all[3] = Deployed("Ledger", address(ledger));
        all[4] = Deployed("Invoices", address(invoices));
        all[5] = Deployed("Cash", address(cny));
        all[6] = Deployed("Cash", address(eur));
        all[7] = Deployed("Issuance", address(issuance));
        all[8] = Deployed("Transfers", address(transfers));
        all[9] = Deployed("Financing", address(financing));
        all[10] = Deployed("Pledges", address(pledges));
        all[11] = Deployed("Settlement", address(settlement));
        all[12] = Deployed("Enforcement", address(enforcement));
        all[13] = Deployed("Exports", address(exports));
        all[14] = Deployed("Lens", address(lens));
    }

    /// @return names of the contracts that only a succession has
    function _ofASuccession() internal pure returns (string[2] memory) {
        return ["SuccessorLedger", "Handover"];
    }

    /// @return names of the functions of a contract that are neither view nor pure
    function _changing(string memory name) internal view returns (string[] memory names) {
        string memory json = vm.readFile(string.concat("./out/", name, ".sol/", name, ".abi.json"));
        uint256 length = 0;
        while (vm.keyExistsJson(json, _at(length, ""))) ++length;
        names = new string[](length);
        uint256 count = 0;
        for (uint256 i = 0; i < length; ++i) {
            string memory kind = vm.parseJsonString(json, _at(i, ".type"));
            _yes(!_equal(kind, "fallback") && !_equal(kind, "receive"), "nothing takes a call without a name");
            if (!_equal(kind, "function")) continue;
            string memory mutability = vm.parseJsonString(json, _at(i, ".stateMutability"));
            if (_equal(mutability, "view") || _equal(mutability, "pure")) continue;
            names[count++] = vm.parseJsonString(json, _at(i, ".name"));
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(names, count)
        }
    }

    /// @return signatures of all functions of a contract
    function _signatures(string memory name) internal view returns (string[] memory) {
        string memory json = vm.readFile(string.concat("./out/", name, ".sol/", name, ".json"));
        return vm.parseJsonKeys(json, ".methodIdentifiers");
    }

    /// @return whether `signature` is that of a function called `name`
    function _isOf(string memory signature, string memory name) internal pure returns (bool) {
        bytes memory prefix = bytes(string.concat(name, "("));
        bytes memory text = bytes(signature);
        if (text.length < prefix.length) return false;
        for (uint256 i = 0; i < prefix.length; ++i) {
            if (text[i] != prefix[i]) return false;
        }
        return true;
    }

    function _equal(string memory left, string memory right) internal pure returns (bool) {
        return keccak256(bytes(left)) == keccak256(bytes(right));
    }

    function _at(uint256 index, string memory field) private pure returns (string memory) {
        return string.concat("$[", vm.toString(index), "]", field);
    }
}
