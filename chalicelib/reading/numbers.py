"""Numbers that must not be public: payment cards, bank accounts, telephones. Found by their form and their checksum."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(?<![\w@/#=.])\+?\(?\d(?:[ \-./()]{0,2}\d){7,18}(?![\w=])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)", re.IGNORECASE)
_SOMETHING_LIKE_IT = re.compile(r"[0-9][0-9 \-./()]{7}|[0-9]{2}[ A-Za-z0-9]{9}")
_CARD_LENGTHS = range(13, 20)
_PHONE_LENGTHS = range(9, 16)
MASK = "•••"


def personal_numbers(text: str) -> tuple[str, ...]:
    """The sorts of personal numbers in a text: `card number`, `bank account`, `telephone number`. Never the numbers."""
    if not _SOMETHING_LIKE_IT.search(text):
        return ()
    sorts = [sort for _, _, sort in _found(text)]
    return tuple(dict.fromkeys(sorts))


def masked(text: str) -> str:
    """The text with every personal number as `•••`."""
    for start, end, _ in reversed(_found(text)):
        text = text[:start] + MASK + text[end:]
    return text


def _found(text: str) -> list[tuple[int, int, str]]:
    ibans = [(*_span(text, match), "bank account") for match in _IBAN.finditer(text)]
    taken = [(start, end, sort) for start, end, sort in ibans if start < end]
    for match in _DIGITS.finditer(text):
        sort = _sort(match[0])
        if sort and not any(start < match.end() and match.start() < end for start, end, _ in taken):
            taken.append((match.start(), match.end(), sort))
    return sorted(taken)


def _span(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The IBAN in a match, which words after it may have lengthened; an empty span where there is none."""
    pieces = [place.end() for place in re.finditer(r"\S+", match[0])]
    for end in reversed(pieces):
        if _is_iban("".join(match[0][:end].split())):
            return match.start(), match.start() + end
    return match.start(), match.start()


def _sort(written: str) -> str | None:
    digits = re.sub(r"\D", "", written)
    if len(digits) in _CARD_LENGTHS and digits[0] in "23456" and is_luhn(digits):
        return "card number"
    is_dialled = written[0] in "+0" or written.startswith("(0")
    return "telephone number" if is_dialled and len(digits) in _PHONE_LENGTHS else None


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the others' check digit (ISO/IEC 7812-1, Annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_iban(written: str) -> bool:
    """ISO 13616: the country and check digits moved to the end, letters as 10 to 35, leave 1 when divided by 97."""
    if not 15 <= len(written) <= 34 or not written.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in written[4:] + written[:4])) % 97 == 1
