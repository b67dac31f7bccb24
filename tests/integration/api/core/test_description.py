"""The OpenAPI document says what the edge does, and the page for people needs nothing from elsewhere."""

import re

import pytest

from tests.support.api import System

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_document_names_every_operation_once_and_its_problems(system: System) -> None:
    document = (await system.caller(None).get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(set(ids)) == len(ids)
    for path, method, operation in operations:
        assert operation.get("description"), path
        if path.startswith("/v1/") and not path.startswith("/v1/problems"):
            assert "application/problem+json" in operation["responses"]["4XX"]["content"], path
        if method == "post" and operation["tags"] != ["oauth"]:
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert {"Idempotency-Key", "Prefer"} <= set(names), path


async def test_every_reference_in_the_document_leads_somewhere(system: System) -> None:
    answer = await system.caller(None).get("/openapi.json")
    schemas = answer.json()["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', answer.text):
        assert name in schemas


async def test_the_page_for_people_loads_nothing(system: System) -> None:
    page = await system.caller(None).get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "/v1/intents/{digest}/signatures" in page.text
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href)="([^"]+)"', page.text) == ["openapi.json", "v1/problems"]
