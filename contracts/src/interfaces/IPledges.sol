// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIntents} from "./IIntents.sol";

/// @title Pledges: a loan against a lot
/// @notice The lot stays with its owner and is locked. Settlement pays the pledgee up to the secured amount, the owner the rest.
interface IPledges is IIntents {
    /// @param secured most that the pledgee gets from the lot, minor units
    /// @param advance loan paid out in the same transaction, minor units; may be 0
    /// @param evidence commitment to the loan agreement, never zero
    struct Pledge {
        address owner;
        address pledgee;
        uint64 lot;
        uint24 seq;
        uint64 secured;
        uint64 advance;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    /// @param secured what stays secured; 0 lifts the pledge
    /// @param repayment paid by the owner to the pledgee in the same transaction; may be 0
    struct Release {
        address owner;
        address pledgee;
        uint64 lot;
        uint24 seq;
        uint64 secured;
        uint64 repayment;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    /// @notice Enforcement with the owner's consent: the lot goes to a buyer, who may be the pledgee, free of the pledge.
    /// @param price what the buyer pays: to the pledgee up to what is secured and was not paid to it by claims before, the
    /// rest to the owner
    /// @param evidence commitment to the agreement or valuation behind it, never zero
    struct Realise {
        address owner;
        address pledgee;
        address buyer;
        uint64 lot;
        uint24 seq;
        uint64 price;
        bytes32 evidence;
        uint40 deadline;
        uint64 salt;
    }

    event Pledged(
        uint64 indexed lot,
        address indexed owner,
        address indexed pledgee,
        uint64 secured,
        uint64 advance,
        bytes32 evidence,
        bytes32 digest
    );
    event PledgeReleased(
        uint64 indexed lot,
        address indexed owner,
        address indexed pledgee,
        uint64 secured,
        uint64 repayment,
        bytes32 evidence,
        bytes32 digest
    );
    event PledgeRealised(
        uint64 indexed child,
        address indexed pledgee,
        address indexed buyer,
        address owner,
        uint64 amount,
        uint64 price,
        uint64 toPledgee,
        bytes32 evidence,
        bytes32 digest
    );

    error PledgesZeroPrice(uint64 lot);
    error PledgesOwnerDiffers(uint64 lot, address owner, address given);
    error PledgesAdvanceOverSecured(uint64 advance, uint64 secured);

    /// @custom:access signatures of owner (ASSIGN) and pledgee (FINANCE)
    function pledge(Pledge calldata intent, bytes calldata ownerSignatures, bytes calldata pledgeeSignatures)
        external;
    /// @custom:access signatures of the pledgee (FINANCE), and of the owner (PAY) where it repays
    function release(
        Release calldata intent,
        bytes calldata ownerSignatures,
        bytes calldata pledgeeSignatures
    ) external;
    /// @custom:access signatures of owner (ASSIGN), pledgee (FINANCE) and, where it is another, buyer (PAY)
    function realise(
        Realise calldata intent,
        bytes calldata ownerSignatures,
        bytes calldata pledgeeSignatures,
        bytes calldata buyerSignatures
    ) external returns (uint64 child);
    function hashPledge(Pledge calldata intent) external view returns (bytes32);
    function hashRelease(Release calldata intent) external view returns (bytes32);
    function hashRealise(Realise calldata intent) external view returns (bytes32);
}
