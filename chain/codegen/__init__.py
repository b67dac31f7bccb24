"""Typed Python from the ABIs of our contracts: reads a build, writes chain/bindings and contracts/abi."""
