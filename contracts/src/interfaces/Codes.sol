// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Powers of a signer inside its party
/// @notice Bit index of each power in a signer's `powers` mask and nibble index in a party's thresholds.
library Powers {
    uint8 internal constant ISSUE = 0;
    uint8 internal constant CONFIRM = 1;
    uint8 internal constant ACCEPT = 2;
    uint8 internal constant ASSIGN = 3;
    uint8 internal constant QUOTE = 4;
    uint8 internal constant FINANCE = 5;
    uint8 internal constant PAY = 6;
    uint8 internal constant ADMIN = 7;
    uint8 internal constant COUNT = 8;
}

/// @title What a party is admitted as, as bit flags
library PartyRoles {
    uint16 internal constant DEBTOR = 1;
    uint16 internal constant SUPPLIER = 2;
    uint16 internal constant BANK = 4;
    uint16 internal constant AUDITOR = 8;
    uint16 internal constant SETTLEMENT_BANK = 16;
    uint16 internal constant OPERATOR = 32;
    /// @dev a large buyer and a small or medium supplier: between them the statutory term holds
    uint16 internal constant LARGE_BUYER = 64;
    uint16 internal constant SMALL_SUPPLIER = 128;
    /// @dev another register of receivables, which takes lots over
    uint16 internal constant REGISTRY = 256;
}

/// @title Rights a module may hold in the ledger, an invoice register or a cash token
/// @notice One bit per cause of change, so that a module can do only what it is for; the guardian pauses the same bits.
library Rights {
    uint16 internal constant ISSUE = 1;
    uint16 internal constant ASSIGN = 2;
    uint16 internal constant FINANCE = 4;
    uint16 internal constant PAY = 8;
    uint16 internal constant CLAIM = 16;
    /// @dev overdue and default, which follow from time alone
    uint16 internal constant FLAG = 32;
    uint16 internal constant BUYBACK = 64;
    uint16 internal constant PLEDGE = 128;
    /// @dev freeze a lot, suspend a receivable
    uint16 internal constant FREEZE = 256;
    /// @dev move a lot under an order
    uint16 internal constant FORCE = 512;
    uint16 internal constant WRITE_OFF = 1024;
    uint16 internal constant CANCEL = 2048;
    uint16 internal constant EXPORT = 4096;
    /// @dev What the guardian may pause: never claims, never flags, never what is done under an order.
    uint16 internal constant PAUSABLE = ISSUE | ASSIGN | FINANCE | PAY | BUYBACK | PLEDGE | CANCEL | EXPORT;
}

/// @title Kinds of signed intents, as reported by `IntentUsed`
library IntentKinds {
    uint8 internal constant ISSUE = 1;
    uint8 internal constant ASSIGN = 2;
    uint8 internal constant FINANCE = 3;
    uint8 internal constant BUYBACK = 4;
    uint8 internal constant PAY = 5;
    uint8 internal constant REDEEM = 6;
    uint8 internal constant MANDATE = 7;
    uint8 internal constant REVOKE = 8;
    uint8 internal constant SET_SIGNER = 9;
    uint8 internal constant SET_THRESHOLD = 10;
    uint8 internal constant PLEDGE = 11;
    uint8 internal constant RELEASE = 12;
    uint8 internal constant REALISE = 13;
    uint8 internal constant CANCEL = 14;
    uint8 internal constant EXPORT = 15;
    uint8 internal constant VETO_RECOVERY = 16;
}

/// @title Flags of a lot, as bits
library LotFlags {
    /// @dev stopped by an order: only a forced move or unfreezing changes it, and its share waits
    uint8 internal constant FROZEN = 1;
    /// @dev a pledgee is paid first, up to the secured amount; only its enforcement moves the lot
    uint8 internal constant PLEDGED = 2;
    /// @dev bought with recourse: the owner is paid first, up to the secured amount, the seller gets the rest
    uint8 internal constant RECOURSE = 4;
    /// @dev lives in another register: never moves here again
    uint8 internal constant EXPORTED = 8;
    /// @dev bought under a bank's mandate, whose exposure falls when the lot is paid or sold on
    uint8 internal constant MANDATED = 16;
    uint8 internal constant CHARGED = PLEDGED | RECOURSE;
}

/// @title Why a lot of a claim got nothing
library ClaimProblems {
    uint8 internal constant UNKNOWN = 1;
    uint8 internal constant NOTHING = 2;
    uint8 internal constant FROZEN = 3;
    uint8 internal constant SUSPENDED = 4;
}

/// @title Rulebook parameters
/// @notice Those marked (currency) may differ per currency; currency 0 is the value for all others.
library Rules {
    uint16 internal constant MAX_TERM_DAYS = 1;
    uint16 internal constant MAX_DEPTH = 2;
    uint16 internal constant MAX_LOTS = 3;
    /// @dev (currency) smallest lot in minor units
    uint16 internal constant MIN_LOT_MINOR = 4;
    uint16 internal constant LATE_RATE_PPM_PER_DAY = 5;
    uint16 internal constant GRACE_DAYS = 6;
    /// @dev seconds before 00:00 UTC of the due day at which the register closes to ordinary moves
    uint16 internal constant CLOSE_WINDOW_SECONDS = 7;
    /// @dev days from delivery within which a large buyer pays a small supplier, 0 where no law says so
    uint16 internal constant STATUTORY_TERM_DAYS = 8;
    uint16 internal constant LAST = 8;
}

/// @title Roles in the AccessManager
library AdminRoles {
    uint64 internal constant ADMIN = 0;
    uint64 internal constant MODULES = 1;
    uint64 internal constant REGISTRAR = 2;
    uint64 internal constant FREEZER = 3;
    uint64 internal constant COURT = 4;
    uint64 internal constant GUARDIAN = 5;
    uint64 internal constant UNPAUSER = 6;
    uint64 internal constant SETTLEMENT_BANK = 7;
    uint64 internal constant GOVERNANCE = 8;
    /// @dev seconds the registrar's proposal to recover a party; must be another account
    uint64 internal constant SECONDER = 9;
}
