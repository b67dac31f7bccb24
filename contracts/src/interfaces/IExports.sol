// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Exports: a lot goes on living in another register
/// @notice Title passes to the other register, an admitted party with the role REGISTRY, and never moves here again. What the
/// debtor pays on it goes to that register for whoever holds it there. The register's signature over the same digest is the
/// proof that it accepted, and one reference of it takes one lot only: no double life.
interface IExports is IIntents {
    /// @param registry party of the other register
    /// @param reference under which the other register keeps it, never zero
    struct Export {
        address owner;
        address registry;
        uint64 lot;
        uint24 seq;
        uint64 amount;
        bytes32 registryRef;
        uint40 deadline;
        uint64 salt;
    }

    event LotExported(
        uint64 indexed child,
        address indexed owner,
        address indexed registry,
        uint64 amount,
        bytes32 registryRef,
        bytes32 digest
    );

    error ExportsReferenceUsed(address registry, bytes32 registryRef, uint64 lot);

    /// @custom:access signatures of owner (ASSIGN) and registry (ACCEPT)
    function export(Export calldata intent, bytes calldata ownerSignatures, bytes calldata registrySignatures)
        external
        returns (uint64 child);
    /// @return lot that a register's reference stands for, 0 if none
    function lotOf(address registry, bytes32 registryRef) external view returns (uint64 lot);
    function hashExport(Export calldata intent) external view returns (bytes32);
}
