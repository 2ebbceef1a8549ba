"""The rulebook that comes with the program."""

import threading
from pathlib import Path

import pytest

from rules import library
from rules.engine import Engine
from rules.library import UnknownName


def test_every_file_of_the_rulebook_is_a_document_of_its_subject() -> None:
    assert sorted(library.documents()) == sorted(path.stem for path in library.RULEBOOK.glob("*.toml"))
    assert all(document.subject == subject for subject, document in library.documents().items())


def test_a_rule_is_found_by_its_name() -> None:
    for document in library.documents().values():
        for rule in document.rules:
            assert library.rule(rule.name) is rule


def test_every_rule_says_where_it_comes_from_and_what_it_means() -> None:
    rules = [rule for document in library.documents().values() for rule in document.rules]
    assert [rule.name for rule in rules if not rule.source.strip() or not rule.says.strip()] == []


def test_an_unknown_rule_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(UnknownName) as unknown:
        library.rule("lifecycle.purchasd")
    assert str(unknown.value).startswith("the rulebook has no rule 'lifecycle.purchasd'; it has lifecycle.purchased")


def test_an_unknown_subject_is_answered_with_what_there_is() -> None:
    with pytest.raises(KeyError) as unknown:
        library.engine("weather")
    assert (
        str(unknown.value) == f"the rulebook has no subject 'weather'; it has {', '.join(sorted(library.documents()))}"
    )


def test_a_thread_has_one_engine_a_subject() -> None:
    assert library.engine("lifecycle") is library.engine("lifecycle")
    assert library.engine("lifecycle") is not library.engine("compliance")


def test_another_thread_has_an_engine_of_its_own() -> None:
    engines: list[Engine] = []
    thread = threading.Thread(target=lambda: engines.append(library.engine("lifecycle")))
    thread.start()
    thread.join()
    assert engines[0] is not library.engine("lifecycle")


def test_the_digest_is_that_of_what_the_documents_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = library.digest()
    for path in library.RULEBOOK.glob("*.toml"):
        (tmp_path / path.name).write_text("# A remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert digest_of(tmp_path, monkeypatch) == digest
    changed = tmp_path / "lifecycle.toml"
    changed.write_text(
        changed.read_text(encoding="utf-8").replace('says = "', 'says = "Perhaps: ', 1), encoding="utf-8"
    )
    assert digest_of(tmp_path, monkeypatch) != digest


def digest_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patch:
        patch.setattr(library, "RULEBOOK", folder)
        patch.setattr(library, "documents", library.documents.__wrapped__)
        return library.digest.__wrapped__()
