"""Old events out of the database into files that prove themselves, and back.

`archive` moves whole spans of final blocks into a folder, `restore` brings them back, `prove` holds the files
against the chain, and an `ArchivedNode` gives a rebuild the events that its node no longer has.
"""

from indexer.archive.files import Manifest, manifests
from indexer.archive.moving import archive, restore
from indexer.archive.proving import prove
from indexer.archive.source import ArchivedNode

__all__ = ["ArchivedNode", "Manifest", "archive", "manifests", "prove", "restore"]
