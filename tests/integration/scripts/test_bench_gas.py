"""`tally bench gas` for real: the ledger and the token models are measured in one run."""

from pathlib import Path
from typing import Any

import pytest

from chain.compile import CONTRACTS
from scripts.bench import forge
from scripts.bench.forge import CACHE, install_models
from scripts.exits import ExitCode, Failure
from tests.support.tally import last_json, tally

pytestmark = pytest.mark.slow

SNAPSHOT = CONTRACTS / "snapshots" / "gas.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    try:
        install_models()
    except Failure as failure:
        pytest.skip(failure.text())
    before = SNAPSHOT.read_bytes()
    done = tally("bench", "gas", "--json", FOUNDRY_PROFILE="ci")
    assert done.returncode == 0, done.stderr
    assert SNAPSHOT.read_bytes() == before, "only `make gas` writes the snapshot"
    return last_json(done)


def test_each_figure_stands_beside_its_target(document: dict[str, Any]) -> None:
    with_target = [one for one in document["figures"] if one["target"]]
    assert {one["unit"] for one in with_target} == {"gas", "bytes"}
    assert [one for one in with_target if one["met"] is not (one["value"] <= one["target"])] == []


def test_what_is_compared_was_measured_in_this_run(document: dict[str, Any]) -> None:
    measured = {one["name"]: one["value"] for one in document["figures"]}
    split = [one for one in document["comparisons"] if one["operation"] == "split, ledger primitive"]
    assert {one["ours"] for one in split} == {measured["split, ledger primitive"]}
    assert {one["model"] for one in split} == {"ERC-721", "ERC-1155", "ERC-3525"}
    assert not list(CACHE.glob("bench-*")), "what was measured is not kept"


def test_a_split_costs_less_than_where_each_part_is_a_token_of_its_own(document: dict[str, Any]) -> None:
    ways = {"burn one, mint two", "part to a new token"}
    ratios = [one["ratio"] for one in document["comparisons"] if one["way"] in ways]
    assert len(ratios) == 4
    assert max(ratios) < 1


def test_what_the_debtor_pays_does_not_grow_with_the_holders(document: dict[str, Any]) -> None:
    pays = [one for one in document["comparisons"] if one["operation"].startswith("debtor pays")]
    assert len({one["ours"] for one in pays}) == 1
    assert max(one["ratio"] for one in pays) < 1


def test_packages_that_cannot_be_installed_end_the_benchmark_with_what_npm_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3')
    monkeypatch.setattr(forge, "MODELS", tmp_path)
    monkeypatch.setattr(forge, "CACHE", tmp_path / "cache")
    with pytest.raises(Failure, match="the token models cannot be installed, see above") as caught:
        install_models()
    assert caught.value.code is ExitCode.MISSING
    assert "npm ci" in capfd.readouterr().err
    assert not (tmp_path / "node_modules").exists()
