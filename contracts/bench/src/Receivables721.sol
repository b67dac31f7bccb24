// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Receivables as ERC-721 tokens: to split one, it is burnt, and new ones are minted
/// @dev The least that keeps amount and lineage: one word a token, which stays when the token is burnt.
contract Receivables721 is ERC721 {
    struct Part {
        uint64 amount;
        uint64 parent;
    }

    error NotTheOwner();

    mapping(uint64 token => Part part) public partOf;
    uint64 private _tokens;

    constructor() ERC721("Receivables", "R721") {}

    function issue(address creditor, uint64 amount) external returns (uint64 token) {
        return _make(creditor, amount, 0);
    }

    function split(uint64 token, address to, uint64 amount) external returns (uint64 rest, uint64 part) {
        uint64 whole = _consume(token);
        rest = _make(msg.sender, whole - amount, token);
        part = _make(to, amount, token);
    }

    function splitMany(uint64 token, address[] calldata to, uint64[] calldata amounts) external {
        uint64 left = _consume(token);
        for (uint256 i = 0; i < to.length; ++i) {
            left -= amounts[i];
            _make(to[i], amounts[i], token);
        }
        _make(msg.sender, left, token);
    }

    function _consume(uint64 token) private returns (uint64 amount) {
        if (ownerOf(token) != msg.sender) revert NotTheOwner();
        _burn(token);
        return partOf[token].amount;
    }

    function _make(address to, uint64 amount, uint64 parent) private returns (uint64 token) {
        token = ++_tokens;
        partOf[token] = Part(amount, parent);
        _mint(to, token);
    }
}
