"""Each kind of ending has its exit code, and one line that says what was wrong and where."""

from pathlib import Path

import pytest

from tests.support.tally import last_json, tally

NOBODY = "http://127.0.0.1:1"


def test_help_names_every_verb_and_every_exit_code() -> None:
    done = tally("--help")
    assert done.returncode == 0
    verbs = "demo up deploy index api sender trace import keys bench doctor"
    assert [verb for verb in verbs.split() if verb not in done.stdout] == []
    assert "130 interrupted" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "nonsense"),
        (["demo", "--invoices", "no-such-folder"], 2, "no such folder"),
        (["bench", "nonsense"], 2, "story"),
        (["import", "README.md", "--url", NOBODY], 2, "TALLY_API_KEY"),
        (["trace", "0"], 2, "receivable"),
        (["api"], 3, "TALLY_APP_DATABASE_URL"),
        (["keys", "show", "nobody"], 3, "nobody.json"),
        (["keys", "show", "../nobody"], 2, "name"),
        (["trace", "1", "--url", NOBODY, "--api-key", "tly_x"], 4, NOBODY),
    ],
)
def test_a_verb_that_cannot_go_on_says_why_and_ends_with_its_code(
    arguments: list[str], code: int, said: str
) -> None:
    done = tally(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_folder_of_invoices_is_bad_use(tmp_path: Path) -> None:
    done = tally("demo", "--invoices", tmp_path)
    assert (done.returncode, "no .xml file" in done.stderr) == (2, True)


def test_a_folder_without_one_usable_invoice_is_bad_use(tmp_path: Path) -> None:
    (tmp_path / "broken.xml").write_text("<Invoice")
    done = tally("demo", "--invoices", tmp_path)
    assert (done.returncode, "no file is an invoice" in done.stderr) == (2, True)


def test_a_missing_node_is_code_4_and_the_doctor_says_so_too(tmp_path: Path) -> None:
    book = tmp_path / "address_book.json"
    book.write_text(
        '{"chain_id": 1337000000, "genesis_hash": "0x00", "deployed_block": 1, "build": "x",'
        ' "contracts": {}, "cash": {}, "format": 1}'
    )
    settings = {
        "TALLY_RPC_URL": NOBODY,
        "TALLY_ADDRESS_BOOK": str(book),
        "TALLY_APP_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'app.db'}",
        "TALLY_MIRROR_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}",
    }
    check, doctor = tally("index", "check", **settings), tally("doctor", "--json", **settings)
    assert check.returncode == 4, check.stderr
    assert doctor.returncode == 4, doctor.stderr
    chain = next(one for one in last_json(doctor)["services"] if one["name"] == "chain")
    assert chain["ok"] is False


def test_the_doctor_is_content_where_nothing_has_to_run() -> None:
    done = tally("doctor", "--json")
    assert done.returncode == 0, done.stderr
    assert all(one["ok"] for one in last_json(done)["installed"] if one["needed"])
