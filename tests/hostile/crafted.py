"""What a crafted file is: how it is made, and what must become of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Rows = Sequence[tuple[object, ...]]
"""Products as the book holds them: name, vendor, rank of the version, day of release, whether maintenance is separate."""

Make = Callable[[Path], Path]
"""Writes the input into a folder; where it is."""


@dataclass(frozen=True)
class Crafted:
    """An input that somebody made on purpose.

    Either it is refused with `says` in a finding, or `rows` are in the book afterwards, in their order.
    """

    name: str
    make: Make
    says: str = ""
    rows: Rows | None = None
    large: bool = False

    def __post_init__(self) -> None:
        assert bool(self.says) != (self.rows is not None), self.name
