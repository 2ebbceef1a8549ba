"""The entry of the program: the window, or a command.

`elpis` and `elpis BOOK.elpis` open the window, which stands sooner without the command line; everything else goes to
the command line, which starts without Qt.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run the program and end the process."""
    given = sys.argv[1:]
    if not given or (len(given) == 1 and _is_book(given[0])):
        sys.exit(_show(*map(Path, given)))
    from gui import commands

    sys.argv[1:] = arguments(given)
    commands.main()


def arguments(given: list[str]) -> list[str]:
    """The command that is meant: the window where none is named."""
    return given if given and not _is_book(given[0]) else ["window", *given]


def _is_book(word: str) -> bool:
    return word.endswith(".elpis") and not word.startswith("-")


def _show(book: Path | None = None) -> int:
    """Open the window. What goes wrong ends as it does on the command line."""
    try:
        from gui.app import run

        return run(book)
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - told by the last resort of the command line
        from gui import cli

        return cli.told(fault)


if __name__ == "__main__":
    main()
