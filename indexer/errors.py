"""Why the mirror stops. It stops loudly and keeps its data; the message says what the operator can do.

    MirrorStopped                    indexer.stopped
    ├── OtherChain                   indexer.other_chain          the mirror is of another chain or deployment
    ├── Reorganised                  indexer.reorganised          the node has another block at the cursor
    ├── UnreadableFact               indexer.unreadable_fact      a contract of ours said what we cannot read
    ├── InconsistentEvents           indexer.inconsistent_events  the events contradict the mirror
    ├── CursorMoved                  indexer.cursor_moved         another indexer writes to the same mirror
    ├── MirrorLocked                 indexer.mirror_locked        another indexer holds the writer lock
    └── ArchiveRefused               indexer.archive_refused      the archive is not what it should be

Nothing here goes away by trying again. A node that does not answer is waited for.
"""

from typing import ClassVar

REBUILD_COMMAND = "tally index rebuild"


class MirrorStopped(Exception):
    """The mirror cannot go on without a decision of its operator."""

    code: ClassVar[str] = "indexer.stopped"


class OtherChain(MirrorStopped):
    code = "indexer.other_chain"


class Reorganised(MirrorStopped):
    code = "indexer.reorganised"


class UnreadableFact(MirrorStopped):
    code = "indexer.unreadable_fact"


class InconsistentEvents(MirrorStopped):
    code = "indexer.inconsistent_events"


class CursorMoved(MirrorStopped):
    code = "indexer.cursor_moved"


class MirrorLocked(MirrorStopped):
    code = "indexer.mirror_locked"


class ArchiveRefused(MirrorStopped):
    code = "indexer.archive_refused"
