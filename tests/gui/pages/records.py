"""Records of the sample estate, and what one sees and does on their pages."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.pages.record_parts.page import RecordPage
from gui.widgets.listing import Listing

WINDOWS = "Windows Server 2022 Standard|perpetual|core"
SHORT = "Windows Server 2012 R2 Standard|perpetual|core"

Go = Callable[..., RecordPage]


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def table(page: QWidget, name: str) -> Listing:
    """The newest of that name: an older one may still wait for its end."""
    return [one for one in page.findChildren(Listing) if one.accessibleName().startswith(name)][-1]


def rows(page: QWidget, name: str) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table(page, name).listed.cells]


def follow(page: QWidget, name: str, text: str) -> None:
    listing = table(page, name)
    row, column = next(
        (r, c) for r, row in enumerate(listing.listed.cells) for c, cell in enumerate(row) if cell.text == text
    )
    listing.setCurrentIndex(listing.listed.index(row, column))
    listing.setFocus()
    assert listing.follow(listing.currentIndex())


def pressed(page: QWidget, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisibleTo(page))


def reasons(page: RecordPage) -> list[str]:
    return [item.text() for item in page.why._items()]
