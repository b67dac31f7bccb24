"""Typed contracts, generated from their ABIs by `python -m chain.codegen`; a test fails when they drift."""
