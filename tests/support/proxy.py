"""A node that lies, sleeps or is gone: between the mirror and a real one, changing what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web

Lie = Callable[[str, Any], Any]
"""(method, result of the real node) → what is answered instead."""


def honest(_method: str, result: Any) -> Any:
    return result


@dataclass
class Proxy:
    """`lie` may be changed at any time; `delay_s` is waited before each answer; `asked` counts requests."""

    url: str = ""
    lie: Lie = honest
    delay_s: float = 0.0
    asked: int = 0
    methods: list[str] = field(default_factory=list)


@asynccontextmanager
async def proxy_of(real_url: str) -> AsyncIterator[Proxy]:
    """A proxy of a real node, on a port of its own."""
    proxy = Proxy()

    async with httpx.AsyncClient(timeout=30, trust_env=False) as real:

        async def answer(request: web.Request) -> web.Response:
            asked = await request.json()
            told = (await real.post(real_url, json=asked)).json()
            methods = {one["id"]: one["method"] for one in asked}
            proxy.asked += 1
            proxy.methods += methods.values()
            await asyncio.sleep(proxy.delay_s)
            for one in told:
                if "result" in one:
                    one["result"] = proxy.lie(methods[one["id"]], one["result"])
            return web.json_response(told)

        app = web.Application(client_max_size=1 << 30)
        app.router.add_post("/", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        proxy.url = f"http://127.0.0.1:{port}"
        try:
            yield proxy
        finally:
            await runner.cleanup()
