"""Progress bars on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def bars() -> Generator[Callable[[str, int, int], None]]:
    """A bar for each step that is told; steps of one part show that they are under way."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, steps: int) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    progress.update(earlier, total=1, completed=1)
                tasks[step] = progress.add_task(step, total=steps if steps > 1 else None)
            progress.update(tasks[step], completed=done)

        yield show
