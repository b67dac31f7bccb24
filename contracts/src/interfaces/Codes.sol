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
}

/// @title Rights a module may hold in the ledger, an invoice register or a cash token
/// @notice One bit per cause of change, so that a module can do only what it is for; the guardian pauses the same bits.
library Rights {
    uint16 internal constant ISSUE = 1;
    uint16 internal constant ASSIGN = 2;
    uint16 internal constant FINANCE = 4;
    uint16 internal constant PAY = 8;
    uint16 internal constant CLAIM = 16;
    uint16 internal constant FLAG = 32;
    /// @dev What the guardian may pause: never claims, never flags.
    uint16 internal constant PAUSABLE = ISSUE | ASSIGN | FINANCE | PAY;
}

/// @title Kinds of signed intents, as reported by `IntentUsed`
library IntentKinds {
    uint8 internal constant ISSUE = 1;
    uint8 internal constant ASSIGN = 2;
    uint8 internal constant FINANCE = 3;
    uint8 internal constant PAY = 5;
    uint8 internal constant REDEEM = 6;
    uint8 internal constant REVOKE = 8;
    uint8 internal constant SET_SIGNER = 9;
    uint8 internal constant SET_THRESHOLD = 10;
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
    uint16 internal constant LAST = 7;
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
}
