"""Kinds of chains by chain id."""

from typing import Final

DEV_CHAIN_IDS: Final = range(1_337_000_000, 1_338_000_000)
"""Ids of development chains, one drawn at random a chain, so that two chains on one machine are never
mistaken for each other. Below 2**31: the id fits every SQL integer. No public network is registered in this
range.
"""


def is_dev_chain(chain_id: int) -> bool:
    """Whether keys and value on that chain are play money: only there may keystores be cheap to open."""
    return chain_id in DEV_CHAIN_IDS
