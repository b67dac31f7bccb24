"""Evidence behind assignments."""

from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field

from api.db import AppTable


class AssignmentEvidence(AppTable, table=True):
    """What the commitment in an `Assign` was made from, its salt included, kept for owner, receiver and
    auditor.
    """

    __tablename__ = "assignment_evidence"

    evidence: str = Field(primary_key=True, max_length=66)
    digest: str = Field(max_length=66, unique=True)
    document: dict[str, Any] = Field(sa_type=JSON)
    owner: str = Field(max_length=42)
    receiver: str = Field(max_length=42)
    created_ms: int = Field(sa_type=BigInteger)
