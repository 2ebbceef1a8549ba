"""Planted secrets, looked for in everything that the program says, writes and shows of itself (R26)."""

import base64
import contextlib
import hashlib
import io
import logging
import subprocess
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from gui import faults
from gui.exports import WAYS
from store import book as books
from store import cipher, derivation
from store.snapshots import kept, keys, pkcs8
from tests import estates
from tests.conftest import NOW, opened

PASSPHRASE = "Planted-Passphrase-Ümlaut-7f3a"
WRONG = "Planted-Wrong-9c1d-passphrase"
DATA = "Planted Product 5e2b"


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as a file or a log could hold it."""
    plain = secret.encode()
    yield plain
    yield from (secret.encode("utf-16-le"), repr(secret)[1:-1].encode(), ascii(secret)[1:-1].encode())
    yield from (plain.hex().encode(), base64.b64encode(plain).rstrip(b"=")[:-1])
    yield from (hashlib.sha256(plain).digest(), hashlib.sha256(plain).hexdigest().encode())


def held(content: bytes, *secrets: str) -> bool:
    return any(spelling in content for secret in secrets for spelling in spellings(secret))


def unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """The name and content of a file, and of what is packed in it."""
    content = path.read_bytes()
    yield str(path), str(path).encode() + b"\n" + content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((f"{path}/{name}", archive.read(name)) for name in archive.namelist())


class Places:
    """Everything that was looked through, and where a secret was found."""

    def __init__(self) -> None:
        self.count = 0
        self.hits: list[str] = []

    def look(self, place: str, content: bytes | str, *secrets: str) -> None:
        self.count += 1
        if held(content if isinstance(content, bytes) else content.encode(), *secrets):
            self.hits.append(place)

    def look_into(self, folder: Path, *secrets: str) -> None:
        for path in sorted(folder.rglob("*")):
            for place, content in unpacked(path) if path.is_file() else ():
                self.look(place, content, *secrets)


class Listening(logging.Handler):
    """Keeps all that is logged, as a log file would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every logger that there is, as talkative as it can be."""
    listening, root = Listening(), logging.getLogger()
    for logger in (root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))):
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        monkeypatch.setattr(logger, "propagate", True)
    root.manager._clear_cache()
    root.addHandler(listening)
    yield listening.lines
    root.removeHandler(listening)
    root.manager._clear_cache()


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of its own, and a key that is quickly made."""
    monkeypatch.setattr(pkcs8, "ROUNDS", 1_000)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("ELPIS_PASSPHRASE", PASSPHRASE)
    return tmp_path / "settings" / "elpis"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    tables = estates.of(estates.item("1", DATA, 5), demand=[estates.demand(DATA, 7)])
    return estates.write(tmp_path / "in", tables)


def test_no_passphrase_and_no_data_get_out_by_the_signing_of_a_snapshot(
    estate: Path, tmp_path: Path, own: Path, elpis, logs: list[str], monkeypatch: pytest.MonkeyPatch, promise
) -> None:
    places, book, file = Places(), tmp_path / "b.elpis", tmp_path / "q4.licsnap"

    def run(*arguments: object, status: int = 0) -> None:
        said = elpis(*arguments)
        assert said.status == status, said
        places.look(f"elpis {arguments[0]}: stdout", said.out, PASSPHRASE, WRONG)
        places.look(f"elpis {arguments[0]}: stderr", said.err, PASSPHRASE, WRONG, DATA)

    run("import", estate, "--book", book, "--as-of", "2026-11-21")
    run("snapshot", book, "--as-of", "2026-11-21", "--out", file)
    run("snapshot", book, "--as-of", "2026-11-22", "--out", tmp_path / "q5.licsnap", "--json")
    run("verify", file, "--key", own / keys.PUBLIC, "--book", book, "--contents")
    run("verify", file, "--json", status=1)
    run("keys", "--export", tmp_path / "public.pem")
    monkeypatch.setenv("ELPIS_PASSPHRASE", WRONG)
    run("snapshot", book, "--as-of", "2026-11-21", "--out", tmp_path / "no.licsnap", status=1)
    for kind, way in WAYS.items():
        with opened(book, read_only=True) as shown:
            way.save(shown, tmp_path / f"out-{kind}{way.ending}", lambda _, __: None)
    places.look("logs", "\n".join(logs), PASSPHRASE, WRONG, DATA)
    assert any("loudly" in line for line in _said_loudly(logs))
    places.look_into(tmp_path, PASSPHRASE, WRONG)
    places.look_into(own, DATA)
    promise("R26", "places of signing and exporting", count=places.count, faults=places.hits, control=control(tmp_path))


def _said_loudly(logs: list[str]) -> list[str]:
    logging.getLogger("store.anything").debug("said loudly")
    return logs


def test_no_object_that_holds_a_secret_shows_it(own: Path, tmp_path: Path, estate: Path, elpis, promise) -> None:
    places = Places()
    elpis("import", estate, "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21")
    signer = keys.make(own, PASSPHRASE)
    private = signer._key.private_bytes_raw()
    with opened(tmp_path / "b.elpis") as book:
        derivation.recalculate(book, as_of=date(2026, 11, 21))
        saved = kept.save_signed(book, tmp_path / "q.licsnap", signer)
        holders = (signer, keys.open_(own, PASSPHRASE), saved, book)
        for one in holders:
            for text in (repr(one), str(one), f"{one}", repr([one])):
                places.look(f"repr of {type(one).__name__}", text, PASSPHRASE, private.hex())
                assert repr(private)[2:-1] not in text
    promise("R26", "objects shown", count=places.count, faults=places.hits, control=control(tmp_path))


# ---------------------------------------------------------------------------------------------------- encrypted books
@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What other processes are started with: their arguments and environments."""
    seen, real = [], subprocess.Popen

    def start(*arguments: object, **how: object) -> object:
        environment = how.get("env")
        seen.append(repr((arguments, environment)))
        return real(*arguments, **how)

    monkeypatch.setattr(subprocess, "Popen", start)
    return seen


def keys_of(path: Path) -> tuple[str, str]:
    """The key of an encrypted book in hexadecimal, and with its salt as it is handed to the database."""
    key = cipher.key_of(path, cipher.Passphrase(PASSPHRASE))
    assert key is not None
    return key.decode()[2:66], key.decode()


def test_no_passphrase_and_no_key_of_a_book_gets_out(
    estate: Path, tmp_path: Path, elpis, logs: list[str], started: list[str], monkeypatch: pytest.MonkeyPatch, promise
) -> None:
    places, book = Places(), tmp_path / "b.elpis"
    monkeypatch.setattr(cipher, "ROUNDS", 1_000)
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("ELPIS_BOOK_NEW_PASSPHRASE", WRONG)

    def run(*arguments: object, status: int = 0) -> None:
        said = elpis(*arguments)
        assert said.status == status, said
        secrets = (PASSPHRASE, WRONG, *(keys_of(book) if cipher.is_encrypted(book) else ()))
        places.look(f"elpis {arguments[:2]}: stdout", said.out, *secrets)
        places.look(f"elpis {arguments[:2]}: stderr", said.err, *secrets, DATA)

    run("import", estate, "--book", book, "--as-of", "2026-11-21")
    run("books", "encrypt", book)
    run("check", book)
    run("books", "backup", book, tmp_path / "copy.elpis")
    run("books", "take-in", tmp_path / "copy.elpis", tmp_path / "mine.elpis")
    run("diff", book, "--from", "2026-11-21", "--to", "2026-12-01", "--out", tmp_path / "diff.json")
    secrets = (PASSPHRASE, WRONG, *keys_of(book), *keys_of(tmp_path / "mine.elpis"))
    run("books", "passphrase", tmp_path / "mine.elpis")
    run("check", tmp_path / "mine.elpis", status=1)
    places.look("logs", "\n".join(logs), *secrets, DATA)
    assert len(started) == 2
    places.look("processes", "\n".join(started), *secrets, DATA)
    places.look_into(tmp_path, *secrets)
    with opened(book, passphrase=cipher.Passphrase(PASSPHRASE)) as shown:
        for one in (shown, shown.passphrase, shown.database, vars(shown)):
            places.look(f"repr of {type(one).__name__}", f"{one!r} {one}", *secrets)
    promise("R26", "places of encrypted books", count=places.count, faults=places.hits, control=control(tmp_path))


def test_an_encrypted_book_at_which_the_program_fails_tells_nothing_either(
    estate: Path, tmp_path: Path, elpis, monkeypatch: pytest.MonkeyPatch, promise
) -> None:
    book, places = tmp_path / "b.elpis", Places()
    monkeypatch.setattr(cipher, "ROUNDS", 1_000)
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", PASSPHRASE)
    elpis("import", estate, "--book", book, "--as-of", "2026-11-21")
    elpis("books", "encrypt", book)
    secrets = (PASSPHRASE, *keys_of(book))

    def fail(_: str, key: bytes | None, **__: object) -> None:
        raise ValueError(PASSPHRASE, key, DATA)

    monkeypatch.setattr(cipher, "connect_by_sqlcipher", fail)
    said = elpis("check", book)
    assert said.status == 3
    assert "ValueError" in said.err
    places.look("stderr", said.err, *secrets, DATA)
    promise("R26", "faults at encrypted books", count=places.count, faults=places.hits, control=control(tmp_path))


# ---------------------------------------------------------------------------------------------------- keys that sign
def _wrong_passphrase(own: Path) -> None:
    keys.open_(own, WRONG)


def _too_short(own: Path) -> None:
    keys.make(own / "new", PASSPHRASE[:7])


def _made_twice(own: Path) -> None:
    keys.make(own, WRONG)


@pytest.mark.parametrize("act", [_wrong_passphrase, _too_short, _made_twice])
def test_a_known_fault_of_a_key_names_no_passphrase_even_with_all_that_led_to_it(
    act: Callable[[Path], None], own: Path, promise, tmp_path: Path
) -> None:
    keys.make(own, PASSPHRASE)
    with pytest.raises(keys.KeyFault) as fault:
        act(own)
    places = Places()
    places.look("traceback", "".join(traceback.format_exception(fault.value)), PASSPHRASE, WRONG)
    places.look("short", repr(fault.value), PASSPHRASE[:7])
    promise("R26", "faults of keys", count=places.count, faults=places.hits, control=control(tmp_path))


@pytest.mark.parametrize("chained", [True, False])
def test_a_fault_of_the_program_is_told_without_what_its_exceptions_say(
    chained: bool, estate: Path, tmp_path: Path, elpis, logs: list[str], monkeypatch: pytest.MonkeyPatch, promise
) -> None:
    """The exceptions hold all that must not get out: a bug could put it there."""
    book, places, met = tmp_path / "b.elpis", Places(), []
    elpis("import", estate, "--book", book, "--as-of", "2026-11-21")

    def fail(_: bytes, passphrase: str) -> bytes:
        planted = ValueError(f"{passphrase} {DATA} {tmp_path}", passphrase, DATA)
        planted.add_note(passphrase)
        met.append(planted)
        try:
            raise OSError(2, passphrase, str(tmp_path / DATA))
        except OSError as first:
            raise planted from (first if chained else None)

    monkeypatch.setattr(pkcs8, "encrypted", fail)
    said = elpis("snapshot", book, "--as-of", "2026-11-21", "--out", tmp_path / "q.licsnap")
    assert said.status == 3
    assert "ValueError" in said.err
    assert ("FileNotFoundError ENOENT" in said.err) == chained
    assert "store/snapshots/keys.py:" in said.err
    report = faults.keep(tmp_path / "reports", faults.report(met[0], "a test", NOW), NOW)
    _, _, told = said.err.partition("this is a fault of the program")
    for name, text in (("told", told), ("report", report.read_text(encoding="utf-8"))):
        places.look(name, text, PASSPHRASE, DATA, str(tmp_path), str(Path(__file__).parent))
    places.look("stdout", said.out, PASSPHRASE, DATA)
    places.look("stderr", said.err, PASSPHRASE, DATA)
    places.look("logs", "\n".join(logs), PASSPHRASE, DATA)
    promise("R26", "faults of the program", count=places.count, faults=places.hits, control=control(tmp_path))


def test_queries_are_not_logged_with_their_values(tmp_path: Path, logs: list[str]) -> None:
    with opened(tmp_path / "b.elpis", create=True) as book, book.transaction():
        book.run("UPDATE settings SET value = ? WHERE value = ?", (DATA, DATA))
        book.database.execute_sql("SELECT ?", (DATA,)).fetchall()
    assert not held("\n".join(logs).encode(), DATA)
    assert books.sqlite_version()


# ------------------------------------------------------------------------------------------------------------- control
@dataclass(frozen=True)
class Careless:
    """Holds a secret as it should not."""

    passphrase: str


def control(tmp_path: Path) -> str:
    """What leaks on purpose, in each way that there is: all of it has to be found."""
    leaks = tmp_path / "leaks"
    leaks.mkdir()
    with zipfile.ZipFile(leaks / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", f"it is {PASSPHRASE}")
    (leaks / "encoded.json").write_bytes(base64.b64encode(PASSPHRASE.encode()))
    (leaks / PASSPHRASE).write_bytes(b"")
    out, listening = io.StringIO(), Listening()
    with contextlib.redirect_stdout(out):
        print(f"wrong passphrase: {PASSPHRASE!a}")
    record = logging.LogRecord("x", logging.DEBUG, "x", 1, "%s", ((PASSPHRASE,),), None)
    listening.emit(record)
    try:
        raise ValueError(PASSPHRASE)
    except ValueError as fault:
        told = "".join(traceback.format_exception(fault))
    found = Places()
    found.look_into(leaks, PASSPHRASE)
    for place, text in (("out", out.getvalue()), ("log", listening.lines[0]), ("error", told)):
        found.look(place, text, PASSPHRASE)
    found.look("repr", repr(Careless(PASSPHRASE)), PASSPHRASE)
    assert len(found.hits) == 7, found.hits
    return f"{len(found.hits)} of 7 leaks found"
