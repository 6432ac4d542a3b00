"""What YAML would lose without a word, looked for in the raw text: unquoted # and @, and Tabs."""

from __future__ import annotations

from chalicelib.errors import Problem

_HASH = 'words that start with # or @ need quotes, like "#fail".'
_TAB = "there is a Tab in this line. Indent with spaces."
_OPENERS = "[{,:-"


def spelling(text: str, file: str) -> list[Problem]:
    """Every line that YAML would misread silently."""
    scan = _Scan()
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            problems.append(Problem(file, number, _TAB))
        if scan.loses_a_word(line):
            problems.append(Problem(file, number, _HASH))
    return problems


def unclosed(text: str) -> int | None:
    """The first line on which a quote is opened and not closed; where YAML fails, that is mostly why."""
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), 1):
        scan.loses_a_word(line)
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

    def loses_a_word(self, line: str) -> bool:
        """Whether an unquoted word on this line starts with # or @."""
        before, lost, position = "", False, 0
        while position < len(line):
            char = line[position]
            if self._quote:
                position += self._inside_quotes(line, position)
                before = char
                continue
            starts = self._starts_a_word(line, position, before)
            if char == "#" and (position == 0 or line[position - 1].isspace() or starts):
                word = line[position + 1 : position + 2]
                return lost or (starts and bool(word) and not word.isspace() and word != "#")
            lost = lost or (char == "@" and starts)
            self._open(char, opens_quotes=not before or before in _OPENERS)
            before = before if char.isspace() else char
            position += 1
        return lost

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
