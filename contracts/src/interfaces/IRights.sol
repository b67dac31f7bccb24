// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Rights of modules over a contract that keeps state
interface IRights {
    /// @param module contract that may act
    /// @param rights mask of `Rights`; 0 takes everything away
    event RightsChanged(address indexed module, uint16 rights);
    /// @param paused mask of `Rights` that are paused for every module
    event PauseChanged(uint16 paused);
    /// @notice No module can ever act here again; the successor goes on from the state as it is.
    event Retired(address indexed successor);

    error RightsMissing(address module, uint16 right);
    error RightsPaused(uint16 right);
    error RightsNotPausable(uint16 mask);
    error RightsTooManyModules(uint256 limit);
    error RightsRetired();

    /// @custom:access AccessManager role MODULES (7 d)
    function setRights(address module, uint16 rights) external;
    /// @custom:access AccessManager role GUARDIAN
    function pause(uint16 mask) external;
    /// @custom:access AccessManager role UNPAUSER (1 h)
    function unpause(uint16 mask) external;

    function rightsOf(address module) external view returns (uint16);
    function paused() external view returns (uint16);
}
