"""Encrypted books: what opens one, how it is told from a plain one, and the SQLite that reads it.

An encrypted book is a SQLCipher 4 database: every page, of the book and of its log, is encrypted (AES-256) and carries
a proof that it was not changed (HMAC-SHA512). The key is made of the passphrase and of the salt with which the file
begins; that takes a tenth of a second, once. Connections get the key itself, past all SQL text. Temporary tables stay
in memory. Plain books are read by the SQLite of Peewee, which is quicker to load and to read.
"""

from __future__ import annotations

import hashlib
import os
import sys
import unicodedata
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

import peewee

from store import handles
from store.errors import BookFault, Locked
from store.handles import PAGE

ROUNDS: Final = 256_000
"""Of the derivation of the key: as many as SQLCipher takes, so that its other programs open the book as well."""

SHORTEST: Final = 8
"""Characters that a passphrase has at least."""

_PLAIN: Final = b"SQLite format 3\0"
_SALT: Final = 16
_CHANCE: Final = 240
"""Of the 256 values that a byte may have, a page of nothing but chance has more; text and numbers have fewer."""

_DRIVER: Any = peewee


class Passphrase:
    """What opens encrypted books. Shows nothing of itself; makes the key of each salt once."""

    __slots__ = ("_keys", "_text")

    def __init__(self, text: str) -> None:
        self._text = unicodedata.normalize("NFC", text).encode()
        self._keys: dict[bytes, bytes] = {}

    def key(self, salt: bytes) -> bytes:
        """Key and salt as SQLCipher takes them."""
        if salt not in self._keys:
            made = hashlib.pbkdf2_hmac("sha512", self._text, salt, ROUNDS, 32)
            self._keys[salt] = f"x'{made.hex()}{salt.hex()}'".encode()
        return self._keys[salt]

    def new_key(self) -> bytes:
        """The key for a new file."""
        return self.key(os.urandom(_SALT))

    def __repr__(self) -> str:
        return "Passphrase(…)"


def chosen(text: str) -> Passphrase:
    """The passphrase that somebody chose for a book. Raises BookFault when it is too short."""
    if len(text) < SHORTEST:
        raise BookFault(f"The passphrase is too short: it needs {SHORTEST} characters or more.")
    return Passphrase(text)


# -------------------------------------------------------------------------------------------------------------- files
def is_encrypted(path: Path) -> bool:
    """Whether a file is encrypted, by its first page: a salt, and nothing but chance."""
    page = handles.begins(path)
    return len(page) == PAGE and not page.startswith(_PLAIN) and len(set(page)) > _CHANCE


def is_plain(path: Path) -> bool:
    """Whether a file is a database that is not encrypted."""
    return handles.begins(path).startswith(_PLAIN)


def key_of(path: Path, passphrase: Passphrase | None) -> bytes | None:
    """What opens a file: None for a plain one, whatever passphrase is given. Raises Locked where one is needed."""
    if not is_encrypted(path):
        return None
    if passphrase is None:
        raise Locked(f"{path}: this book is encrypted. It opens with its passphrase only.")
    return passphrase.key(handles.begins(path)[:_SALT])


def require_opening(path: Path, passphrase: Passphrase) -> None:
    """Raise Locked where a passphrase does not open an encrypted file."""
    connection = closed(path, key_of(path, passphrase))
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except errors() as fault:
        raise refused(path) if is_refusal(fault) else fault from None
    finally:
        connection.close()


def refused(path: Path) -> Locked:
    """What is said when a key does not open a file. Nobody can tell a wrong one from the first page being damaged."""
    return Locked(
        f"{path}: the passphrase does not open this book. Type it again; if it is right, the file is damaged or is no"
        " book, and a backup may open."
    )


def is_refusal(error: BaseException | None) -> bool:
    """Whether a database error says that the first page of a file makes no sense."""
    while error is not None:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
            return True
        error = error.__cause__ or error.__context__
    return False


# -------------------------------------------------------------------------------------------------------- connections
def connect(name: str, key: bytes | None = None, **how: Any) -> Any:
    """A connection to a plain file, or to an encrypted one with its key; `how` as the driver takes it."""
    return _DRIVER.sqlite3.connect(name, **how) if key is None else connect_by_sqlcipher(name, key, **how)


def driver() -> Any:
    """What opens encrypted books; brought in when there is one."""
    return import_module("sqlcipher3.dbapi2")


def connect_by_sqlcipher(name: str, key: bytes | None, **how: Any) -> Any:
    """A connection that can hold a plain and an encrypted file at once."""
    connection = driver().connect(name, **how)
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would say on standard error what we say ourselves
    connection.execute("PRAGMA temp_store = MEMORY")
    if key is not None:
        connection.set_key(key)
    return connection


def closed(path: Path, key: bytes | None, *, both: bool = False) -> Any:
    """A connection for reading a file that nobody writes; with `both`, a plain and an encrypted one can be attached."""
    by = connect_by_sqlcipher if both else connect
    return by(f"{path.absolute().as_uri()}?mode=ro&immutable=1", key, uri=True, isolation_level=None)


class Database(peewee.SqliteDatabase):
    """A database of Peewee, each of whose connections has the key."""

    def __init__(self, name: str, key: bytes | None, **how: Any) -> None:
        self._key = key
        cast("Any", super()).__init__(name, **how)

    def _connect(self) -> Any:
        given: Any = self
        connection = connect(
            given.database, self._key, timeout=given._timeout, isolation_level=None, **given.connect_params
        )
        try:
            given._add_conn_hooks(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def errors(name: str = "DatabaseError") -> tuple[type[Exception], ...]:
    """What is raised under a name of the DB API: through Peewee, or in bulk straight from a driver that is in use."""
    drivers = (_DRIVER, _DRIVER.sqlite3, sys.modules.get("sqlcipher3.dbapi2"))
    return tuple(getattr(one, name) for one in drivers if one is not None)
