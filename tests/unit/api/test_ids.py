"""Opaque ids sort by the time they were made and never repeat."""

import time

from api.ids import new_id


def test_ids_of_later_milliseconds_sort_later() -> None:
    earlier = new_id("op")
    time.sleep(0.002)
    assert earlier < new_id("op")


def test_ids_of_one_millisecond_differ_and_keep_their_order() -> None:
    made = [new_id("op") for _ in range(1000)]
    assert made == sorted(set(made))


def test_an_id_names_its_kind_and_fits_its_column() -> None:
    assert new_id("op").startswith("op_")
    assert len(new_id("key")) <= 40
