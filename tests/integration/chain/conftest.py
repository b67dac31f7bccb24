"""The chain that the tests of this folder share."""

from tests.support.chain import deployed, dev_node

__all__ = ["deployed", "dev_node"]
