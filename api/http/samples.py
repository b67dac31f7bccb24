"""Samples of whole bodies in the API's description."""

from typing import Any

from pydantic import ConfigDict


def sampled(**sample: Any) -> ConfigDict:
    """Configuration of a body, with one sample of it as clients send it."""
    return ConfigDict(json_schema_extra={"examples": [sample]})
