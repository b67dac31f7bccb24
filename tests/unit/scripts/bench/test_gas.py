"""What forge has written becomes figures and comparisons, and a figure that is missing is named."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from chain.compile import CONTRACTS, SETTINGS
from scripts.bench import forge
from scripts.bench.forge import install_models
from scripts.bench.gas import read_ledger, read_models
from scripts.bench.models import HOLDERS, LOSES, Comparison, compare
from scripts.bench.registry import BENCHMARKS
from scripts.exits import ExitCode, Failure

ROWS = """[
  {"name": "issue, one invoice, three signatures", "gas": 352231, "target": null},
  {"name": "split, ledger primitive", "gas": 68755, "target": 86000},
  {"name": "assign, two signatures, relayed", "gas": 102107, "target": 128000},
  {"name": "assign, two signatures, each in a batch of 20", "gas": 57635, "target": 72000},
  {"name": "pay in full, one signature, relayed, with cash", "gas": 94347, "target": null},
  {"name": "claim, per lot in a batch of 10", "gas": 26879, "target": 21800},
  {"name": "code size Ledger", "bytes": 10417, "target": 10000}
]
"""
MODELS = {
    "ERC-721": '{\n  "batch": "52863",\n  "code size": "4304",\n  "split": "136452"\n}',
    "ERC-1155": '{\n  "batch": "30443",\n  "code size": "4182",\n  "split": "56499"\n}',
    "ERC-3525": (
        '{\n  "add to a part": "62769",\n  "batch": "182088",\n  "code size": "10037",\n'
        '  "split": "234261"\n}'
    ),
    "ERC-20": (
        '{\n  "push to 10": "121547",\n  "push to 100": "932289",\n  "push to 1000": "9050363",\n'
        '  "transfer": "33898"\n}'
    ),
}
"""Both as Gas.t.sol and TokenModels.t.sol wrote them."""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.json"
    path.write_text(ROWS)
    return path


@pytest.fixture
def ledger(rows: Path) -> dict[str, int]:
    return {figure.name: int(figure.value or 0) for figure in read_ledger(rows)}


@pytest.fixture
def models(tmp_path: Path) -> dict[str, dict[str, int]]:
    folder = tmp_path / "models"
    folder.mkdir()
    for model, text in MODELS.items():
        (folder / f"{model}.json").write_text(text)
    return read_models(folder)


@pytest.fixture
def manifests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of token models whose packages were never installed."""
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setattr(forge, "MODELS", tmp_path)
    monkeypatch.setattr(forge, "CACHE", tmp_path / "cache")
    return tmp_path


def _one(comparisons: list[Comparison], operation: str, model: str, way: str) -> Comparison:
    found = [one for one in comparisons if (one.operation, one.model, one.way) == (operation, model, way)]
    assert len(found) == 1, found
    return found[0]


def test_each_row_of_the_ledger_is_held_against_its_target(rows: Path) -> None:
    figures = {figure.name: figure for figure in read_ledger(rows)}
    assert figures["split, ledger primitive"].met is True
    assert figures["claim, per lot in a batch of 10"].met is False
    assert figures["issue, one invoice, three signatures"].met is None
    size = figures["code size Ledger"]
    assert (size.value, size.unit, size.met) == (10_417, "bytes", False)


def test_the_numbers_that_forge_writes_as_text_are_numbers(models: dict[str, dict[str, int]]) -> None:
    assert models["ERC-20"]["push to 1000"] == 9_050_363
    assert set(models) == set(MODELS)


def test_a_split_is_compared_with_each_model_and_the_ratio_is_ours_to_theirs(
    ledger: dict[str, int], models: dict[str, dict[str, int]]
) -> None:
    comparisons = compare(ledger, models)
    burnt = _one(comparisons, "split, ledger primitive", "ERC-721", "burn one, mint two")
    assert (burnt.ours, burnt.theirs, burnt.as_dict()["ratio"]) == (68_755, 136_452, 0.5039)
    balance = _one(comparisons, "split, ours signed by both and relayed", "ERC-1155", "part of a balance")
    assert (balance.ours, balance.theirs, balance.as_dict()["ratio"]) == (102_107, 56_499, 1.8072)


@pytest.mark.parametrize("count", HOLDERS)
def test_a_debtor_pays_once_and_the_claims_are_counted_apart(
    ledger: dict[str, int], models: dict[str, dict[str, int]], count: int
) -> None:
    comparisons = compare(ledger, models)
    push = models["ERC-20"][f"push to {count}"]
    debtor = _one(comparisons, f"debtor pays {count:,} holders", "ERC-20", "all in one call")
    assert (debtor.ours, debtor.theirs) == (94_347, push)
    everybody = _one(
        comparisons, f"the same, with the {count:,} claims (computed)", "ERC-20", "a transfer each (computed)"
    )
    assert (everybody.ours, everybody.theirs) == (94_347 + 26_879 * count, 33_898 * count)


def test_every_model_that_is_compared_says_what_it_loses(
    ledger: dict[str, int], models: dict[str, dict[str, int]]
) -> None:
    assert {one.model for one in compare(ledger, models)} == set(LOSES)


def test_rows_that_nobody_compares_are_no_matter(
    ledger: dict[str, int], models: dict[str, dict[str, int]]
) -> None:
    assert compare({**ledger, "pledge, two signatures": 1}, models) == compare(ledger, models)


@pytest.mark.parametrize(
    "name", ["split, ledger primitive", "claim, per lot in a batch of 10", "code size Ledger"]
)
def test_a_row_of_the_ledger_that_was_renamed_is_named(
    ledger: dict[str, int], models: dict[str, dict[str, int]], name: str
) -> None:
    del ledger[name]
    with pytest.raises(Failure, match=re.escape(f"the ledger has no figure {name!r}")) as caught:
        compare(ledger, models)
    assert caught.value.code is ExitCode.DIFFERS


def test_a_model_that_was_not_measured_is_named(
    ledger: dict[str, int], models: dict[str, dict[str, int]]
) -> None:
    del models["ERC-3525"]
    with pytest.raises(Failure, match="ERC-3525 has no figure 'split'"):
        compare(ledger, models)


def test_without_npm_the_benchmark_says_what_to_do(monkeypatch: pytest.MonkeyPatch, manifests: Path) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Failure, match="npm is not there, run `make setup`") as caught:
        install_models()
    assert caught.value.code is ExitCode.MISSING
    assert not (manifests / "node_modules").exists()


def test_the_token_models_are_compiled_as_what_is_deployed() -> None:
    profiles = tomllib.loads((CONTRACTS / "foundry.toml").read_text())["profile"]
    settings = {**profiles["default"], **profiles["bench"]}
    assert settings["via_ir"] is SETTINGS["viaIR"]
    assert settings["evm_version"] == SETTINGS["evmVersion"]
    assert {"enabled": settings["optimizer"], "runs": settings["optimizer_runs"]} == SETTINGS["optimizer"]
    assert (settings["solc"], settings["isolate"]) == ("./solc.mjs", True)


def test_the_list_of_benchmarks_names_the_models_that_are_compared() -> None:
    _, what = BENCHMARKS["gas"]
    assert [model for model in LOSES if model not in what] == []


def test_setting_up_the_system_does_not_install_the_token_models() -> None:
    manifest = json.loads((CONTRACTS / "package.json").read_text())
    models = json.loads((CONTRACTS / "bench" / "package.json").read_text())
    assert not set(models["dependencies"]) & set(manifest["dependencies"])
    assert "workspaces" not in manifest
