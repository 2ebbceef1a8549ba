"""Whatever a reader does in its own process, here it is an answer or a refusal with a sentence."""

import errno
import gc
import importlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.imports import isolated
from store.imports.children import start
from store.imports.isolated import Limits
from store.imports.source import Unreadable


@pytest.fixture
def warm_readers():
    """None: here it is the process itself that matters."""


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """A reader with this body, in a copy of the package beside ours; gives what asks it about a file."""
    copy = shutil.copytree(Path(start.__file__).parents[2], tmp_path / "elsewhere" / "store")
    monkeypatch.setattr(isolated, "_folders", lambda: [str(copy.parent), *sys.path])
    monkeypatch.setattr(start, "__file__", str(copy / "imports" / "children" / "start.py"))
    (tmp_path / "a.dat").write_bytes(b"content")

    def make(body: str, *, secret: bool = False, **limits):
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        head = "import os, sys, time\nfrom store.imports.children.answers import Failed\n\n"
        program = f"{head}def read(path, *more):\n{lines}    yield ['end']\n"
        (copy / "imports" / "children" / "fake.py").write_text(program)
        return isolated.ask("fake", tmp_path / "a.dat", "more", limits=Limits(**limits), secret=secret)

    return make


def refusal(reader, body, **how):
    with pytest.raises(Unreadable) as refused:
        reader(body, **how)
    (finding,) = refused.value.findings
    assert finding.place.startswith("a.dat")
    return str(finding)


def test_the_values_of_a_reader_come_as_it_gave_them(reader):
    answer = reader("yield [open(path).read(), more, 1.5, None, 'Büro']")
    assert list(answer) == list(answer) == [["content", ["more"], 1.5, None, "Büro"], ["end"]]


def test_tables_of_a_reader_are_read_when_they_are_asked_for(reader):
    rows = "\n".join(f"yield ['rows', [{n}], [['{n}']]]" for n in (2, 3))
    one, two = reader(f"yield ['begin', 'a']\n{rows}\nyield ['end', 2]\nyield ['begin', 'b']").pieces()
    assert (one.head, one.tail, two.head, two.tail) == (["a"], [2], ["b"], [])
    assert list(one.batches()) == list(one.batches()) == [([2], [["2"]]), ([3], [["3"]])]
    assert list(two.batches()) == []


def test_the_answer_goes_when_nobody_reads_from_it(reader):
    answer = reader("yield [1]")
    file = answer.file
    assert not file.closed
    del answer
    gc.collect()
    assert file.closed


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise Failed('it is no music', 'bar 3')", "a.dat, bar 3: this file could not be read safely: it is no music"),
        ("raise MemoryError", "it needs too much memory"),
        ("raise KeyError('surprise')", "or the file misled it"),
        ("os.abort()", "or the file misled it"),
        ("os._exit(0)", "the reader ended early"),
        ("os.write(1, b'[1]\\n'); os._exit(0)", "the reader ended early"),
        ("os.write(1, b'nonsense'); os._exit(0)", "the answer of the reader makes no sense"),
        ("yield '\\ud800'", "or the file misled it"),
        ("x = b'x' * (3 << 30)", "it needs too much memory"),
        ("def f(): f()\nf()", "or the file misled it"),
        ("for _ in range(3000): yield 'x' * 1000", "or the file misled it"),
    ],
)
def test_whatever_a_reader_does_the_file_is_refused_in_order(reader, body, says):
    assert says in refusal(reader, body, written=2 << 20)


def test_what_is_secret_goes_through_no_file(reader, monkeypatch):
    monkeypatch.setattr(isolated.tempfile, "TemporaryFile", None)
    assert list(reader("yield [open(path).read(), more]", secret=True)) == [["content", ["more"]], ["end"]]
    long = list(reader("for _ in range(3000): yield 'x' * 1000", secret=True))
    assert (len(long), {len(line) for line in long[:-1]}) == (3_001, {1_000})


@pytest.mark.parametrize(
    ("body", "how", "says"),
    [
        ("raise Failed('it is no music', 'bar 3')", {}, "a.dat, bar 3: this file could not be read safely"),
        ("os.abort()", {}, "or the file misled it"),
        ("for _ in range(3000): yield 'x' * 1000", {"written": 1 << 20}, "or the file misled it"),
        ("time.sleep(60)", {"patience": 0.3}, "it took longer than 0.3 seconds"),
    ],
)
def test_what_is_secret_is_bounded_as_well(reader, body, how, says):
    assert says in refusal(reader, body, secret=True, **how)


@pytest.mark.parametrize("secret", [False, True])
def test_a_reader_knows_no_passphrase_of_the_environment(reader, monkeypatch, secret):
    monkeypatch.setenv("ELPIS_PASSPHRASE", "for the key")
    monkeypatch.setenv("ELPIS_BOOK_PASSPHRASE", "for the book")
    monkeypatch.setenv("OTHER", "stays")
    (names, _) = list(reader("yield sorted(os.environ)", secret=secret))
    assert "OTHER" in names
    assert [name for name in names if name.startswith("ELPIS")] == []


def test_nonsense_among_the_lines_is_a_refusal_when_it_is_met(reader):
    answer = reader("yield ['begin', 'a']\nos.write(1, b'nonsense\\n')")
    with pytest.raises(Unreadable, match="makes no sense"):
        list(answer)
    with pytest.raises(Unreadable, match="makes no sense"):
        answer.pieces()
    assert reader("yield ['surprise']").pieces() == []


@pytest.mark.parametrize(
    "body",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "open(path, 'w')",
        "os.remove(path)",
    ],
)
def test_a_reader_reaches_no_network_no_program_and_no_other_file(reader, body, tmp_path):
    assert "or the file misled it" in refusal(reader, body)
    told = "try:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    (line, _) = list(reader(f"{told}except PermissionError as fault:\n    yield str(fault)"))
    assert "a reader may not use" in line
    assert (tmp_path / "a.dat").read_bytes() == b"content"


def test_a_reader_that_never_ends_is_stopped(reader):
    assert "it took longer than 0.3 seconds" in refusal(reader, "time.sleep(60)", patience=0.3)


def test_a_reader_that_only_computes_is_stopped(reader):
    assert "1 seconds), or the file misled it" in refusal(reader, "while True: pass", seconds=1)


def test_a_file_that_is_too_large_is_not_begun(reader, tmp_path):
    (tmp_path / "a.dat").write_bytes(bytes(3 << 20))
    assert "it is larger than 2 MB" in refusal(reader, "yield 1", size=2 << 20)


def test_a_full_disk_is_no_fault_of_the_file(reader):
    with pytest.raises(OSError, match="No space left") as full:
        reader("raise OSError(28, 'No space left on device')")
    assert full.value.errno == errno.ENOSPC


def test_reading_ends_when_it_is_not_wanted_any_more(reader):
    class Enough(Exception):
        pass

    def stop():
        raise Enough

    begun = time.monotonic()
    with isolated.watched_by(stop), pytest.raises(Enough):
        reader("time.sleep(60)")
    assert time.monotonic() - begun < 30
    with isolated.watched_by(None):
        assert list(reader("yield 1"))


def test_the_process_is_bounded_and_leaves_no_core(reader):
    body = "import resource as r\nyield [r.getrlimit(one) for one in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)]"
    ((memory, seconds, core), _) = list(reader(body))
    assert (memory, seconds, core) == ([2 << 30] * 2, [60] * 2, [0, 0])


def test_bounds_that_are_tighter_already_stay():
    program = (
        "import json, resource, sys; sys.path.insert(0, '.')\n"
        "from store.imports.children import start\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (30, 30)); start.limit(1 << 31, 60, 1 << 20)\n"
        "print(json.dumps(resource.getrlimit(resource.RLIMIT_CPU)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [30, 30]


def test_a_system_without_limits_is_no_fault(monkeypatch):
    monkeypatch.setattr(start, "resource", None)
    start.limit(1, 1, 1)


@pytest.mark.parametrize("name", [p.stem for p in Path(start.__file__).parent.glob("*.py") if p.stem != "__init__"])
def test_readers_know_nothing_of_elpis(name):
    """What runs beside hostile bytes holds as little as can be: only what stands beside it, and libraries."""
    program = (
        f"import sys, json; import store.imports.children.{name}\n"
        "print(json.dumps([one for one in sys.modules if one.partition('.')[0] in ('gui', 'rules', 'store')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    known = {"store", "store.imports"}
    assert [one for one in json.loads(done.stdout) if one not in known and "store.imports.children" not in one] == []


def test_every_reader_has_its_door():
    children = Path(start.__file__).parent
    helpers = {"__init__", "start", "answers", "headers", "strict_json"}
    for path in children.glob("*.py"):
        if path.stem not in helpers:
            assert callable(importlib.import_module(f"store.imports.children.{path.stem}").read)
