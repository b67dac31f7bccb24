"""Pages by key: complete, without repeats, bounded, and deaf to cursors that nobody gave out."""

import pytest

from indexer.db import make_sessions
from indexer.models import CashMovement, Party
from indexer.queries import PAGE_MAX, BadCursor, Page, cash_movements, parties
from tests.integration.indexer.conftest import Mirror
from tests.support.mirror import CNY, address, word


async def fill(mirror: Mirror, count: int) -> None:
    async with make_sessions(mirror.engine).begin() as session:
        for number in range(1, count + 1):
            session.add(
                Party(
                    address=address(number * 7919), legal_id_hash=word(number), status=1, roles=1,
                    kyb_until_s=1, admitted_s=1, block_number=1, log_index=number,
                )
            )  # fmt: skip
            session.add(
                CashMovement(
                    block_number=number // 3, log_index=number % 3, currency=CNY, kind=3, tx_hash=word(1),
                    from_party=address(1), to_party=address(2), amount_minor=number, moved_s=1,
                )
            )  # fmt: skip


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
async def test_pages_put_together_are_the_whole_list(mirror: Mirror, limit: int) -> None:
    await fill(mirror, 25)
    async with mirror.read() as session:
        for pages_of in (
            lambda cursor: parties(session, cursor=cursor, limit=limit),
            lambda cursor: cash_movements(session, address(2), cursor=cursor, limit=limit),
        ):
            rows: list[object] = []
            page: Page = await pages_of(None)
            while True:
                rows += page.items
                assert len(page.items) <= limit
                if page.next_cursor is None:
                    break
                page = await pages_of(page.next_cursor)
            assert len(rows) == 25
            assert len({id(row) for row in rows}) == 25


async def test_no_page_is_longer_than_the_limit_of_all_pages(mirror: Mirror) -> None:
    await fill(mirror, PAGE_MAX + 5)
    async with mirror.read() as session:
        assert len((await parties(session, limit=10_000)).items) == PAGE_MAX
        assert len((await parties(session, limit=-5)).items) == 1


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.2.3", "1.x", "9223372036854775808.1", "-1.0", "1.%00"])
async def test_a_cursor_that_nobody_gave_out_is_refused(mirror: Mirror, cursor: str) -> None:
    async with mirror.read() as session:
        with pytest.raises(BadCursor):
            await cash_movements(session, address(2), cursor=cursor)
