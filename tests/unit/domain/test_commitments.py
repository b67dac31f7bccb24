import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commitments import JSON_INTEGER_MAX, canonical_json, commitment
from domain.errors import NotCanonical

text = st.text(st.characters(codec="utf-8"))
leaves = st.none() | st.booleans() | text | st.integers(-JSON_INTEGER_MAX, JSON_INTEGER_MAX)
keys = st.text(st.characters(max_codepoint=127))
documents = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=8)


def test_keys_are_sorted_and_nothing_is_spaced_or_escaped() -> None:
    assert canonical_json({"b": [1, True, None], "a": "契/é"}) == '{"a":"契/é","b":[1,true,null]}'.encode()


def test_the_commitment_is_the_sha256_of_the_canonical_bytes() -> None:
    assert commitment({"a": 1}) == "0x" + hashlib.sha256(b'{"a":1}').hexdigest()


@given(st.dictionaries(keys, documents, max_size=5))
def test_the_order_of_members_does_not_count(document: dict[str, object]) -> None:
    assert commitment(dict(reversed(document.items()))) == commitment(document)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"a": 1.5}, "$.a"),
        ({"a": [0, float("nan")]}, "$.a[1]"),
        ({1: "a"}, "$"),
        ({"é": 1}, "$"),
        ({"a": {"b": b"bytes"}}, "$.a.b"),
        ({"a": JSON_INTEGER_MAX + 1}, "$.a"),
        ({"a": "\ud800"}, "$"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(document: object, place: str) -> None:
    with pytest.raises(NotCanonical) as refusal:
        commitment(document)
    assert refusal.value.place == place
