"""Check digits of identifiers; each function takes the canonical form (upper case, letters and digits)."""

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_LENGTH = 18
_LEI_LENGTH = 20
_GLN_LENGTH = 13


def uscc_is_valid(value: str) -> bool:
    """Unified social credit code 统一社会信用代码, GB 32100-2015: weights 3**i, the whole is 0 mod 31."""
    if len(value) != _USCC_LENGTH or any(character not in _USCC_ALPHABET for character in value):
        return False
    numbers = [_USCC_ALPHABET.index(character) for character in value]
    weighted = sum(number * pow(3, position, 31) for position, number in enumerate(numbers[:-1]))
    return (weighted + numbers[-1]) % 31 == 0


def lei_is_valid(value: str) -> bool:
    """Legal entity identifier, ISO 17442 and ISO 7064 MOD 97-10: A..Z count 10..35, the whole is 1 mod 97."""
    if len(value) != _LEI_LENGTH or not value.isascii() or not value.isalnum() or not value[-2:].isdigit():
        return False
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


def gln_is_valid(value: str) -> bool:
    """Global location number, GS1 General Specifications 7.9: weights 1, 3, 1, ..., the sum is 0 mod 10."""
    if len(value) != _GLN_LENGTH or not value.isascii() or not value.isdigit():
        return False
    return sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(value)) % 10 == 0
