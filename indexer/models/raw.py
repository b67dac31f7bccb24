"""Facts as the node reported them, append-only, and the cursor that says how far they reach."""

from sqlalchemy import Text
from sqlmodel import Field

from indexer.models.base import OWN, STRICT, LedgerTable
from indexer.models.types import AddressText, Int64, WordText


class ChainBlock(LedgerTable, table=True):
    """A block; `parent_hash` is the hash of block `number - 1`, checked before it was written."""

    __tablename__ = "chain_block"
    __table_args__ = STRICT

    number: int = Field(sa_type=Int64, primary_key=True)
    hash: str = Field(sa_type=WordText)
    parent_hash: str = Field(sa_type=WordText)
    time_s: int = Field(sa_type=Int64)


class ChainEvent(LedgerTable, table=True):
    """An event of one of our contracts, undecoded: `data` is hexadecimal, missing topics are null.

    Bytes stay hexadecimal, so whatever a contract says, no column ever holds a NUL. In PostgreSQL a table of
    its own for each span of blocks (`indexer.store.spans`); what is in the archive is no longer here.
    """

    __tablename__ = "chain_event"
    __table_args__ = STRICT | {"postgresql_partition_by": "RANGE (block_number)"}

    block_number: int = Field(sa_type=Int64, primary_key=True)
    log_index: int = Field(sa_type=Int64, primary_key=True)
    tx_hash: str = Field(sa_type=WordText, index=True)
    tx_index: int = Field(sa_type=Int64)
    contract: str = Field(sa_type=AddressText)
    name: str = Field(sa_type=Text)
    topic0: str = Field(sa_type=WordText)
    topic1: str | None = Field(default=None, sa_type=WordText)
    topic2: str | None = Field(default=None, sa_type=WordText)
    topic3: str | None = Field(default=None, sa_type=WordText)
    data: str = Field(sa_type=Text)


class Cursor(LedgerTable, table=True):
    """The one row that says which chain this mirrors and through which block, moved with the facts.

    Blocks through `final_block` cannot be taken back.
    """

    __tablename__ = "mirror_cursor"
    __table_args__ = STRICT

    id: int = Field(default=1, sa_type=Int64, primary_key=True)
    chain_id: int = Field(sa_type=Int64)
    genesis_hash: str = Field(sa_type=WordText)
    ledger: str = Field(sa_type=AddressText)
    block_number: int = Field(sa_type=Int64)
    block_hash: str = Field(sa_type=WordText)
    block_time_s: int = Field(sa_type=Int64)
    final_block: int = Field(sa_type=Int64, sa_column_kwargs={"info": OWN})


class Undo(LedgerTable, table=True):
    """A row as it was after block `after_block`, before a batch of blocks through `through_block`.

    Kept while those blocks may still be taken back. `row_key` and `row_before` are JSON by column, the latter
    null where there was no such row.
    """

    __tablename__ = "mirror_undo"
    __table_args__ = STRICT | {"info": OWN}

    after_block: int = Field(sa_type=Int64, primary_key=True)
    through_block: int = Field(sa_type=Int64)
    table_name: str = Field(sa_type=Text, primary_key=True)
    row_key: str = Field(sa_type=Text, primary_key=True)
    row_before: str | None = Field(default=None, sa_type=Text)


class ValidatorSet(LedgerTable, table=True):
    """Validators of the blocks from `first_block` through `last_block`; each was mirrored after enough of
    them were seen to have sealed it. `addresses` is lower-case 0x text, ascending, with blanks between.
    """

    __tablename__ = "mirror_validators"
    __table_args__ = STRICT | {"info": OWN}

    first_block: int = Field(sa_type=Int64, primary_key=True)
    last_block: int = Field(sa_type=Int64)
    addresses: str = Field(sa_type=Text)


class MirrorCheck(LedgerTable, table=True):
    """The mirror was compared with the chain: `fields` of them, as of a block. `checked_ms` is this machine's
    clock.
    """

    __tablename__ = "mirror_check"
    __table_args__ = STRICT | {"info": OWN}

    checked_ms: int = Field(sa_type=Int64, primary_key=True)
    block_number: int = Field(sa_type=Int64)
    fields: int = Field(sa_type=Int64)
    differences: int = Field(sa_type=Int64)
    first_difference: str | None = Field(default=None, sa_type=Text)


class Archive(LedgerTable, table=True):
    """Events of the blocks [first_block, through_block] are in a file of the archive, and no longer here.

    `sha256` is that of its manifest. `archived_ms` is this machine's clock.
    """

    __tablename__ = "mirror_archive"
    __table_args__ = STRICT | {"info": OWN}

    first_block: int = Field(sa_type=Int64, primary_key=True)
    through_block: int = Field(sa_type=Int64)
    events: int = Field(sa_type=Int64)
    sha256: str = Field(sa_type=Text)
    archived_ms: int = Field(sa_type=Int64)


class Reorganisation(LedgerTable, table=True):
    """The chain took another way: blocks after `block_number`, through `orphaned_number`, were taken back.

    `found_ms` is this machine's clock.
    """

    __tablename__ = "mirror_reorganisation"
    __table_args__ = STRICT | {"info": OWN}

    epoch: int = Field(sa_type=Int64, primary_key=True)
    block_number: int = Field(sa_type=Int64)
    block_hash: str = Field(sa_type=WordText)
    orphaned_number: int = Field(sa_type=Int64)
    orphaned_hash: str = Field(sa_type=WordText)
    found_ms: int = Field(sa_type=Int64)
