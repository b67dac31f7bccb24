"""`tally trace` and `tally import`: a running API from the command line."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from api.invoices.reading import SIZE_MAX_BYTES
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.story.client import ApiClient, Refused
from scripts.tracing import show_trace


async def trace(url: str, api_key: str, receivable: int, serial: int | None, *, as_json: bool) -> None:
    """Print the tree of a receivable, or the path of one serial. Raises Failure."""
    query = {} if serial is None else {"serial": serial}
    async with ApiClient(url) as client:
        try:
            answer = await client.get(_key(api_key), f"/v1/receivables/{receivable}/trace", **query)
        except Refused as error:
            raise _failure(error) from error
        except httpx.TransportError as error:
            raise _unreachable(url, error) from error
    if as_json:
        screen.print_json(answer.body)
    else:
        show_trace(screen.results(), answer.body)


async def import_files(url: str, api_key: str, files: list[Path], *, as_json: bool) -> None:
    """Upload each file, one line a file. Raises Failure where any was refused."""
    key, refused = _key(api_key), 0
    async with ApiClient(url) as client:
        with screen.progress_bar("importing 导入", len(files)) as (progress, task):
            for file in files:
                line = await _import(client, key, url, file)
                refused += "refusals" in line
                progress.advance(task)
                _print_line(line, as_json=as_json)
    if refused:
        raise Failure(ExitCode.DIFFERS, f"{refused} of {len(files)} files refused 被拒绝", rule="invoices")


async def _import(client: ApiClient, key: str, url: str, file: Path) -> dict[str, Any]:
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise Failure(ExitCode.BAD_USE, error.strerror or str(error), rule="file", place=str(file)) from error
    if len(content) > SIZE_MAX_BYTES:
        return {"file": str(file), "refusals": [{"rule": "too-large", "place": f"{len(content)} bytes"}]}
    try:
        answer = await client.upload(key, "/v1/invoices", content)
    except Refused as error:
        if not 400 <= error.status < 500 or error.status in (401, 403):
            raise _failure(error) from error
        refusals = [{"rule": rule, "place": place} for rule, place in error.rules]
        return {"file": str(file), "refusals": refusals, "detail": error.problem.get("detail", "")}
    except httpx.TransportError as error:
        raise _unreachable(url, error) from error
    body = answer.body
    return {"file": str(file), "id": body["id"], "number": body["number"], "payable": body["payable"]}


def _print_line(line: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        screen.print_json(line)
    elif "refusals" in line:
        rules = ", ".join(f"{one['rule']} at {one['place'] or line['detail']}" for one in line["refusals"])
        screen.results().print(f"refused 拒绝  {line['file']}: {rules}", markup=False)
    else:
        payable = f"{line['payable']['currency']} {line['payable']['amount']}"
        screen.results().print(
            f"draft 草稿  {line['file']}: {line['number']} {payable} {line['id']}", markup=False
        )


def _key(api_key: str) -> str:
    if not api_key:
        raise Failure(ExitCode.BAD_USE, "an API key is needed", rule="api-key", place="TALLY_API_KEY")
    return api_key


def _failure(error: Refused) -> Failure:
    code = ExitCode.UNAVAILABLE if error.status >= 500 else ExitCode.BAD_USE
    rule, place = error.rules[0]
    return Failure(code, str(error), rule=rule, place=place)


def _unreachable(url: str, error: httpx.TransportError) -> Failure:
    return Failure(ExitCode.UNAVAILABLE, str(error) or type(error).__name__, rule="api", place=url)
