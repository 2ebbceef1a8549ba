"""What readers hand over: rows in blocks that fit on a line, and the reason where a file cannot be read."""

from collections.abc import Iterable, Iterator

LONGEST = 131_072
"""Characters that a cell may have."""

_ROWS_A_LINE = 1_000
_CHARACTERS_A_LINE = 1 << 20


class Failed(Exception):
    """The file cannot be read: why, and where in it ("" where that says nothing)."""

    def __init__(self, reason: str, place: str = "") -> None:
        self.reason, self.place = reason, place
        super().__init__(f"{place}: {reason}" if place else reason)


class Block:
    """Rows that go out on one line."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.rows: list[list[str]] = []
        self.size = 0

    def add(self, number: int, texts: list[str], characters: int) -> bool:
        """Take a row of so many characters; whether the line is full now."""
        self.numbers.append(number)
        self.rows.append(texts)
        self.size += characters + len(texts)
        return self.size > _CHARACTERS_A_LINE or len(self.rows) >= _ROWS_A_LINE

    def taken(self) -> list[object]:
        """The line, after which the block is empty."""
        line: list[object] = ["rows", self.numbers, self.rows]
        self.numbers, self.rows, self.size = [], [], 0
        return line


def piece(head: list[object], rows: Iterable[tuple[int, list[str]]], *tail: object) -> Iterator[list[object]]:
    """A table as lines: ["begin", *head], ["rows", numbers, rows of texts] as often as needed, ["end", *tail].

    `rows` gives the number of each row as people count them, and its cells. Raises Failed where a cell is too long.
    """
    yield ["begin", *head]
    block = Block()
    for number, texts in rows:
        lengths = list(map(len, texts))
        if max(lengths, default=0) > LONGEST:
            raise Failed(f"a cell has more than {LONGEST:,} characters", f"row {number:,}")
        if block.add(number, texts, sum(lengths)):
            yield block.taken()
    if block.numbers:
        yield block.taken()
    yield ["end", *tail]
