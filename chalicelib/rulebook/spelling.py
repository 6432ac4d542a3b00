"""What YAML would lose or misread without a word, looked for in the raw text: unquoted # and @, Tabs, curly quotes."""

from __future__ import annotations

from chalicelib.errors import Problem

_SIGN = 'words that start with # or @ need quotes, like "#fail".'
_TAB = "there is a Tab in this line. Indent with spaces."
_CURLY = 'curly quotes do not count as quotes here. Use straight ones, like "money back".'
_SPACE = "there is a space here that looks like one and is none (word processors make them). Type it again."
_OPENERS = "[{,:-"
_CURLY_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
# YAML ends a line at these, where no editor shows one: all lines below would be told by a wrong number.
_BREAKS = frozenset("\u2028\u2029\u0085")
_STRANGE_SPACES = "\u00a0\u2007\u202f\u3000\u200b\ufeff"


def spelling(text: str, file: str) -> list[Problem]:
    """Every line that YAML would misread silently."""
    scan = _Scan()
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            problems.append(Problem(file, number, _TAB))
        lost = scan.misread(line)
        if lost or not _BREAKS.isdisjoint(line):
            problems.append(Problem(file, number, lost or _SPACE))
    return problems


def unclosed(text: str) -> int | None:
    """The first line on which a quote is opened and not closed; where YAML fails, that is mostly why."""
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), 1):
        scan.misread(line)
        if scan.in_quotes:
            return number
    return None


class _Scan:
    """Walks the lines, knowing which brackets and quotes are open."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0

    @property
    def in_quotes(self) -> bool:
        """Whether a quote is open."""
        return bool(self._quote)

    def misread(self, line: str) -> str:
        """What YAML misreads on this line, outside quotes and comments; empty where it reads it rightly."""
        before, told, position = "", "", 0
        while position < len(line):
            char = line[position]
            if self._quote:
                position += self._inside_quotes(line, position)
                before = char
                continue
            starts = self._starts_a_word(line, position, before)
            if char == "#" and (position == 0 or line[position - 1].isspace() or starts):
                return told or (_SIGN if starts and _is_word(line[position + 1 :]) else "")
            told = told or _wrong(char, starts)
            self._open(char, opens_quotes=not before or before in _OPENERS)
            before = before if char.isspace() else char
            position += 1
        return told

    def _starts_a_word(self, line: str, position: int, before: str) -> bool:
        if not before:
            return self._depth > 0
        if before in "[{,":
            return self._depth > 0
        return before in _OPENERS and line[position - 1].isspace()

    def _open(self, char: str, opens_quotes: bool) -> None:
        if char in "[{":
            self._depth += 1
        elif char in "]}":
            self._depth = max(0, self._depth - 1)
        elif char in "\"'" and opens_quotes:
            self._quote = char

    def _inside_quotes(self, line: str, position: int) -> int:
        """How far to go: past an escaped sign, else one sign; leaves the quotes at their end."""
        char = line[position]
        if char == "\\" and self._quote == '"':
            return 2
        if char == self._quote:
            if self._quote == "'" and line[position + 1 : position + 2] == "'":
                return 2
            self._quote = ""
        return 1


def _wrong(char: str, starts: bool) -> str:
    if char in _STRANGE_SPACES:
        return _SPACE
    if not starts:
        return ""
    return _SIGN if char == "@" else _CURLY if char in _CURLY_QUOTES else ""


def _is_word(after: str) -> bool:
    """Whether what follows a # makes it a hashtag, not a comment."""
    return bool(after) and not after[0].isspace() and after[0] != "#"
