"""Column types that mean the same on PostgreSQL and in a STRICT table of SQLite."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override


class _Portable(TypeDecorator[Any]):
    """A type with a name of its own in SQLite, whose STRICT tables know only INTEGER, TEXT, REAL and BLOB."""

    cache_ok = True
    on_sqlite: TypeEngine[Any]

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        chosen = self.on_sqlite if dialect.name == "sqlite" else self.impl_instance
        return dialect.type_descriptor(chosen)


class Int64(_Portable):
    """Amounts in minor units, seconds, block numbers and ids: all below 2**63 (domain bounds)."""

    impl = BigInteger
    cache_ok = True
    on_sqlite = Integer()


class AddressText(_Portable):
    """20 bytes as `0x` and 40 hexadecimal digits in the checksummed spelling of EIP-55."""

    impl = String(42)
    cache_ok = True
    on_sqlite = Text()


class WordText(_Portable):
    """32 bytes as `0x` and 64 lower-case hexadecimal digits."""

    impl = String(66)
    cache_ok = True
    on_sqlite = Text()


class SelectorText(_Portable):
    """4 bytes as `0x` and 8 lower-case hexadecimal digits."""

    impl = String(10)
    cache_ok = True
    on_sqlite = Text()


class U64(_Portable):
    """All 64 bits, which no SQL integer has: `0x` and 16 digits, so that text order is number order."""

    impl = String(18)
    cache_ok = True
    on_sqlite = Text()

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else f"0x{value:016x}"

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else int(value, 16)


class Flag(_Portable):
    """True or false; 1 or 0 in SQLite."""

    impl = Boolean
    cache_ok = True
    on_sqlite = Integer()

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else int(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None else bool(value)
