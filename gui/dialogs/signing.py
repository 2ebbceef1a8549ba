"""What has to be typed before a snapshot can be signed: the passphrase of the key, or twice that of a new one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from gui import own_key
from gui.theme import SPACE
from gui.widgets.layout import column
from gui.widgets.text import label
from gui.wizards.fields import Field
from store.snapshots import keys
from store.snapshots.keys import Signer
from store.snapshots.verify import grouped


class Signing(QWidget):
    """Explains the key and asks for its passphrase. `signer()` gives what opens it, to be called off the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.known = own_key.fingerprint()
        self.passphrase = _secret("Passphrase of your signing key" if self.known else "New passphrase")
        self.again = _secret("New passphrase again")
        self.setLayout(column(*self._parts(), gap=SPACE))

    def _parts(self) -> list[QWidget]:
        if self.known:
            shown = label(f"Your signing key: {grouped(self.known)}", "muted", wrap=True, selectable=True)
            return [shown, self.passphrase]
        about = (
            "You have no signing key yet: one is made now, for you alone, and kept encrypted in"
            f" {own_key.folder()}. Keep the passphrase: without it nobody can sign with this key again."
        )
        return [label(about, "muted", wrap=True), self.passphrase, self.again]

    def complain(self) -> bool:
        """Say below the fields what is missing in them; whether anything is."""
        typed, again = (field.control.text() for field in (self.passphrase, self.again))
        if not typed:
            self.passphrase.say("Type the passphrase.")
        elif not self.known and len(typed) < keys.SHORTEST:
            self.passphrase.say(f"A passphrase has {keys.SHORTEST} characters or more.")
        elif not self.known and typed != again:
            self.again.say("The two differ. Type the same passphrase twice.")
        return bool(self.passphrase.said() or self.again.said())

    def signer(self) -> Callable[[], Signer]:
        """What opens the key, or makes it; the fields are emptied, so that nothing of them stays on the screen."""
        typed, place, act = self.passphrase.control.text(), own_key.folder(), keys.open_ if self.known else keys.make
        for field in (self.passphrase, self.again):
            field.control.clear()
        return lambda: act(place, typed)


def _secret(title: str) -> Field:
    control = QLineEdit()
    control.setEchoMode(QLineEdit.EchoMode.Password)
    return Field(title, control, needed=True)
