"""What a system keeps on disk."""

import json
import stat
from pathlib import Path

from scripts.system.folder import Folder, write_private


def test_a_private_file_is_for_its_owner_only_and_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    for value in ("first", "第二"):
        write_private(path, {"key": value})
    assert json.loads(path.read_text()) == {"key": "第二"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_setting_aside_moves_what_is_ours_and_leaves_the_rest(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path / "data")
    folder.make()
    for name in ("app.db", "app.db-wal", "secrets.json", "playing", "notes.txt"):
        (folder.root / name).touch()
    folder.chain_state.parent.mkdir()
    assert folder.set_aside().name == "interrupted-1"
    assert {path.name for path in folder.root.iterdir()} == {"interrupted-1", "notes.txt"}
    (folder.root / "app.db").touch()
    assert folder.set_aside().name == "interrupted-2"
