import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFDocument

from store.snapshots.report.faces import BOLD, REGULAR, REPLACEMENT, Face


def face(name=REGULAR):
    return Face(name, PDFDocument(), set())


FACE = face()


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_figures_and_signs_are_equally_wide_so_that_columns_align(name):
    own = face(name)

    assert len({own.width(letter) for letter in "0123456789+\N{MINUS SIGN}"}) == 1
    assert own.width("i") < own.width("1") < own.width("W")


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_latin_greek_and_cyrillic_are_covered(name):
    missing = set()
    own = Face(name, PDFDocument(), missing)
    scripts = [
        (0x21, 0x7F),
        (0xA1, 0xAD),
        (0xAE, 0x149),
        (0x14A, 0x180),
        (0x391, 0x3A2),
        (0x3A3, 0x3CF),
        (0x400, 0x460),
    ]

    for start, end in scripts:
        own.lines("".join(map(chr, range(start, end))), 1e9)

    assert missing == set()


def test_a_character_that_is_missing_is_noted_and_shown_as_a_box():
    missing = set()
    own = Face(REGULAR, PDFDocument(), missing)

    assert own.lines("a資\tb\u00a0c\r", 100) == (f"a{REPLACEMENT} b c{REPLACEMENT}",)
    assert missing == {"資", "\r"}


def test_a_text_breaks_at_spaces_and_a_long_word_behind_a_sign():
    room = FACE.width("a word that")

    assert FACE.lines("a word that is long", room) == ("a word that", "is long")
    assert FACE.lines("one\n\ntwo", room) == ("one", "", "two")
    assert FACE.lines("", room) == ("",)
    assert FACE.lines("x wordy/unbroken", FACE.width("wordy/unb")) == ("x", "wordy/", "unbroken")


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=200), room=st.floats(1.2, 60))
@example(text="00:0M", room=1.5)
def test_no_line_is_too_wide_and_no_letter_gets_lost(text, room):
    lines = FACE.lines(text, room)

    shown = FACE.lines(text, 1e9)
    assert "".join("".join(lines).split()) == "".join("".join(shown).split())
    assert all(FACE.width(line) <= room or len(line) == 1 for line in lines)
    assert all(FACE.operators(line, 8) is not None for line in lines)
