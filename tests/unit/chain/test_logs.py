import json

import msgspec
import pytest

from chain.errors import MalformedAnswer
from chain.logs import (
    Header,
    MinedReceipt,
    RawLog,
    quantity,
    read_existing_header,
    read_header,
    read_logs,
    read_receipt,
)

LOG = {
    "address": "0xaa",
    "topics": ["0x01"],
    "data": "0x",
    "blockNumber": "0x10",
    "blockHash": "0xbb",
    "blockTimestamp": "0x5",
    "transactionHash": "0xcc",
    "transactionIndex": "0x0",
    "logIndex": "0x2",
    "removed": False,
}
HEADER = {"number": "0x10", "hash": "0xbb", "parentHash": "0xab", "timestamp": "0x68000000", "gasUsed": "0x0"}


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


def test_a_log_is_read_with_plain_numbers() -> None:
    (log,) = read_logs(raw([LOG]))
    assert log == RawLog("0xaa", ("0x01",), "0x", 16, "0xbb", "0xcc", 0, 2)
    assert type(log.block_number) is int


def test_a_header_is_read_and_may_be_missing() -> None:
    assert read_header(raw(HEADER)) == Header(16, "0xbb", "0xab", 0x68000000)
    assert read_header(raw(None)) is None
    with pytest.raises(MalformedAnswer, match="does not have the block"):
        read_existing_header(raw(None))


def test_a_receipt_says_whether_it_worked() -> None:
    assert read_receipt(raw({"blockNumber": "0x5", "status": "0x1"})) == MinedReceipt(5, succeeded=True)
    assert read_receipt(raw({"blockNumber": "0x5", "status": "0x0"})) == MinedReceipt(5, succeeded=False)
    assert read_receipt(raw(None)) is None


@pytest.mark.parametrize(
    "value",
    [None, {}, [{}], [LOG | {"logIndex": 2}], [LOG | {"logIndex": "two"}], [LOG | {"topics": None}], "0x"],
    ids=["null", "object", "empty log", "number", "word", "no topics", "text"],
)
def test_an_answer_that_is_no_list_of_logs_is_refused(value: object) -> None:
    with pytest.raises(MalformedAnswer):
        read_logs(raw(value))


@pytest.mark.parametrize("field", ["number", "hash", "parentHash", "timestamp"])
def test_a_header_that_lacks_a_field_is_refused_with_its_name(field: str) -> None:
    with pytest.raises(MalformedAnswer, match=field):
        read_header(raw({name: value for name, value in HEADER.items() if name != field}))


def test_a_number_that_is_none_is_refused() -> None:
    assert quantity("0x0") == 0
    with pytest.raises(MalformedAnswer, match="no quantity"):
        read_header(raw(HEADER | {"number": "latest"}))
