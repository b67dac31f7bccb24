"""Edits of a source, by the byte offsets that the compiler gives."""

from scripts.proofs.syntax import Edit, apply, line_of, text_of

SOURCE = "// 中 …\nuint a = 1;\nuint b = 2;\n"


def node(text: str) -> dict[str, str]:
    start = SOURCE.encode().index(text.encode())
    return {"nodeType": "Literal", "src": f"{start}:{len(text.encode())}:0"}


def test_offsets_are_bytes_not_characters() -> None:
    one = node("uint a = 1")
    assert text_of(SOURCE, one) == "uint a = 1"
    assert line_of(SOURCE, int(one["src"].split(":")[0])) == 2


def test_edits_do_not_move_each_other() -> None:
    at = SOURCE.encode().index(b"1")
    later = SOURCE.encode().index(b"2")
    written = apply(SOURCE, [Edit(later, later + 1, "22"), Edit(at, at + 1, "11")])
    assert written == SOURCE.replace("1;", "11;").replace("2;", "22;")


def test_what_was_asked_for_first_stands_first_at_one_place() -> None:
    assert apply("ab", [Edit(1, 1, "("), Edit(1, 1, "[")]) == "a([b"
