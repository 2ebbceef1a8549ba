import re
import tracemalloc
from datetime import date, timedelta

import pypdf
import pytest

from store.snapshots import canonical, report
from store.snapshots.report import document
from store.snapshots.report.faces import REPLACEMENT
from tests.store.snapshots import sample
from tests.store.snapshots.payloads import PAYLOADS

FINGERPRINT = "ab" * 32
SECTIONS = [
    "Summary",
    "License position",
    "Transfers",
    "Overrides",
    "Upcoming events",
    "Optional entitlements",
    "Requests",
    "Charges",
    "Findings",
    "Method",
]
RULES = {"rule": "compliance.under-licensed"}


def made(tmp_path, *, book="Estate of Ζυρίχη", made_by="Ада Лавлейс", key="", **lists):
    target = tmp_path / "snapshot.pdf"
    snapshot = sample.write(tmp_path / "snapshot.json", **lists)
    report.write(snapshot, target, made_by=made_by, book=book, fingerprint=FINGERPRINT, key_fingerprint=key)
    return target


def read(tmp_path, **how):
    return pypdf.PdfReader(made(tmp_path, **how))


def texts(reader):
    return [page.extract_text() for page in reader.pages]


def letters(text):
    """The text without spaces, of which a broken line leaves none."""
    return "".join(text.split())


def whole(tmp_path, **how):
    """All words of the report, without the heads and feet of its pages."""
    pages = (
        re.sub(r"^Page \d.*$|^snapshot\.json SHA.*$", "", text, flags=re.MULTILINE)
        for text in texts(read(tmp_path, **how))
    )
    return letters("".join(pages))


def position(number, **changes):
    own = {"product": f"Product {number:05} for hybrid estates", "balance": number % 700 - 350, "override": None}
    return sample.POSITIONS[0] | own | changes


def finding(text):
    return {"severity": "info", "code": "x", "place": "y", "message": text}


def test_it_has_every_section_in_the_outline_and_on_the_cover_with_its_page(tmp_path):
    reader = read(tmp_path)
    cover = reader.pages[0].extract_text()

    assert [entry.title for entry in reader.outline] == SECTIONS
    for entry in reader.outline:
        page = reader.get_destination_page_number(entry) + 1
        assert re.search(rf"^{entry.title} {page}$", cover, re.MULTILINE), entry.title
        assert entry.title in reader.pages[page - 1].extract_text()


def test_the_cover_names_book_day_maker_currency_and_fingerprints(tmp_path):
    reader = read(tmp_path, key="SHA256:key")
    cover = reader.pages[0].extract_text()

    for text in ("Estate of Ζυρίχη", "21 November 2026", "2026-11-21", "Ада Лавлейс", "EUR", FINGERPRINT, "SHA256:key"):
        assert text in cover
    assert reader.metadata.author == "Ада Лавлейс"
    assert reader.metadata.title == "License compliance as of 2026-11-21"


def test_what_nobody_told_is_left_out(tmp_path):
    cover = read(tmp_path, book="", made_by="").pages[0].extract_text()

    assert "License compliance" in cover
    for name in ("Book", "Made by", "key"):
        assert name not in cover


def test_every_page_is_numbered_and_carries_the_fingerprint_and_all_but_the_cover_say_what_they_belong_to(tmp_path):
    pages = texts(read(tmp_path, key="SHA256:key", positions=[position(number) for number in range(100)]))

    assert len(pages) > 6
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert f"SHA-256 {FINGERPRINT}" in text
        assert "data.json SHA-256" in text
        assert "key SHA256:key" in text
    assert all("Estate of Ζυρίχη · License compliance as of 2026-11-21" in " ".join(text.split()) for text in pages[1:])
    assert all("License position" in text for text in pages[2:5])


def test_the_head_of_a_table_is_repeated_on_every_page(tmp_path):
    pages = texts(read(tmp_path, positions=[position(number) for number in range(100)]))

    tables = [text for text in pages if "hybrid estates" in text and "Summary" not in text]
    assert len(tables) > 3
    assert all("Licensing\ndelta" in text or "delta\nLicensing" in text for text in tables)


def test_the_license_position_adds_up_and_says_what_is_special(tmp_path):
    text = whole(tmp_path)

    assert letters("SQL Server 2022 Standard perpetual, core 120 80 1,155 −1,035 −35 −1,070 −3,837,234.00 EUR") in text
    assert letters("under-licensed") in text
    assert letters("no model, device") in text
    assert letters("no entitlement") in text


def test_an_override_stands_beside_the_calculated_value_with_its_reason(tmp_path):
    text = whole(tmp_path)

    assert letters("demand 500 480 0 +20 compliant over-licensed 20 Geräte doppelt gezählt; siehe Prüfbericht") in text


def test_a_transfer_names_its_right_and_only_events_from_the_day_on_are_upcoming(tmp_path):
    text = whole(tmp_path)

    assert letters("SQL Server 2019 Standard no entitlement core 35 R-SQL-DOWN") in text
    assert letters("2026-11-30 9 license end C-1002 1") in text
    assert "2023-01-15" not in text


def test_the_rules_that_fired_are_told_in_words(tmp_path):
    text = whole(tmp_path, positions=[sample.POSITIONS[0] | RULES, sample.POSITIONS[2]])

    assert letters("compliance.under-licensed 1 A balance below zero is under-licensed") in text
    assert letters("compliance.even 1 a rule of another version of the rulebook") in text


def test_an_empty_snapshot_says_what_there_is_not(tmp_path):
    reader = read(tmp_path, **{name: [] for name in sample.LISTS})
    text = " ".join("".join(texts(reader)).split())

    assert [entry.title for entry in reader.outline] == [*SECTIONS[:5], "Findings", "Method"]
    for sentence in (
        "none of 0 positions is under-licensed",
        "Nothing is short.",
        "No right ends in these months.",
        "There are no positions",
        "No license covers another version",
        "No figure was set by hand",
        "Nothing is due from the day of judgement on.",
        "Nothing was noticed in the data.",
    ):
        assert sentence in text


def test_the_pictures_show_the_largest_and_the_months_in_which_rights_end(tmp_path):
    ends = [(date(2026, 11, 21) + timedelta(40 * number)).isoformat() for number in range(30)]
    entitlements = [sample.ENTITLEMENTS[0] | {"expiration": end, "product": end} for end in ends]
    positions = [position(number, balance=number - 12) for number in range(25)]

    summary = read(tmp_path, entitlements=entitlements, positions=positions).pages[1].extract_text()

    assert "under-licensed: 25, 100 %" in summary
    assert "Product 00000 for hybrid estates\nno model" not in summary
    for number in (0, 7, 17, 24):
        assert f"Product {number:05} for" in summary
    for number in (8, 16):
        assert f"Product {number:05} for" not in summary
    assert "18 entitlements with 2,160 licenses" in summary
    assert "Jan 2027" in summary


def test_names_of_any_length_stay_in_the_pictures_of_their_page(tmp_path):
    reader = read(tmp_path, positions=[position(1, product="x" * 10_000), position(2, product="wide " * 2_000)])

    assert [entry.title for entry in reader.outline][:2] == SECTIONS[:2]
    assert reader.get_destination_page_number(reader.outline[1]) == 2
    assert "xxxx…" in reader.pages[1].extract_text()


def test_a_book_with_a_name_longer_than_its_cover_is_named_all_the_same(tmp_path):
    text = whole(tmp_path, book="Estate " * 2_000 + "to its end")

    assert text.count("toitsend") == 2, "as the title and among the facts"
    assert text.count("Estate") > 4_000


def test_greek_and_cyrillic_names_are_shown_and_other_scripts_leave_a_box_and_a_remark(tmp_path):
    text = whole(tmp_path)

    for name in ("Учёт оборудования 2019", "Σύστημα Αρχειοθέτησης"):
        assert letters(name) in text
    assert REPLACEMENT * len("資産管理システム") in text
    assert "U+7406" in text
    assert letters("stands for a character of another script") in text


def test_without_other_scripts_there_is_no_remark_about_them(tmp_path):
    assert REPLACEMENT not in whole(tmp_path, entitlements=[], events=[])


def test_no_text_is_taken_for_markup_a_link_or_an_action(tmp_path):
    texts_in = [*PAYLOADS, "<b>bold</b> & <font color=green>compliant</font>", "<a href='http://x.invalid'>x</a>"]
    target = made(
        tmp_path, findings=list(map(finding, texts_in)), book="<b>Book</b> &amp;", made_by="=cmd|' /C calc'!A0"
    )
    reader = pypdf.PdfReader(target)
    text = letters("".join(texts(reader)))

    assert letters("<b>bold</b> & <font color=green>compliant</font>") in text
    assert "<b>Book</b>&amp;" in text
    for name in texts_in:
        seen = "".join(letter if letter.isascii() and letter.isprintable() else "" for letter in letters(name))
        assert seen in re.sub(r"[^!-~]", "", text), name
    raw = target.read_bytes()
    assert not re.search(rb"/(Annots?|URI|A|AA|JS|JavaScript|OpenAction|Launch|EmbeddedFile|AcroForm)\b", raw)
    assert not any(page.get("/Annots") for page in reader.pages)


def test_what_cannot_be_seen_is_shown_as_a_box(tmp_path):
    text = whole(tmp_path, findings=[finding("a\x00b\x1f\u202ec\u200bd\ue000e\u2028f\U0001f600g\u05d0h")])

    assert "a#b##c#d#e#f#g#h".replace("#", REPLACEMENT) in text


def test_a_row_taller_than_a_page_goes_on_over_pages_and_loses_nothing(tmp_path):
    long, broken = "0123456789" * 2_000, "\n".join(f"line {number}" for number in range(200))

    text = whole(tmp_path, findings=[finding(long), finding(broken), finding("the last one")])

    text = text.replace(letters("Findings Severity Code Place What was found"), "").replace(
        "EstateofΖυρίχη·Licensecomplianceasof2026-11-21", ""
    )
    assert text.count(long) == 1
    assert letters(broken) in text
    assert letters("the last one") in text


@pytest.mark.parametrize("count", [250, pytest.param(11_500, marks=pytest.mark.deep)])
def test_all_words_that_go_in_come_out_again_on_any_number_of_pages(tmp_path, count):
    wide = "Extraordinarily-long-compound-names/without.any_space-at-all-for-the-whole-width-and-more"
    positions = [
        position(number, product=f"{number:05} {wide if number % 9 == 0 else sample.LONG_NAME}")
        for number in range(count)
    ]
    reader = read(tmp_path, positions=positions)
    pages = texts(reader)

    assert len(pages) > count // 24
    text, place = (
        letters("".join(re.sub(r"^Page \d.*$|^snapshot\.json SHA.*$", "", page, flags=re.M) for page in pages[2:])),
        0,
    )
    for each in positions:
        place = text.find(letters(each["product"]), place)
        assert place > 0, each["product"]
    assert text.count("under-licensed") >= count


@pytest.mark.parametrize(
    ("count", "megabytes"), [(2_500, 7), pytest.param(9_000, 12, marks=pytest.mark.deep)], ids=["2500", "9000"]
)
def test_memory_stays_modest_for_long_reports(tmp_path, count, megabytes):
    snapshot = tmp_path / "snapshot.json"
    events = (canonical.encode(sample.EVENTS[1] | {"item": str(number)}) for number in range(count))
    canonical.write(snapshot, sample.HEAD, dict.fromkeys(sample.LISTS, ()) | {"events": events})
    texts = document.Texts("", "", FINGERPRINT, "")
    document.write(sample.write(tmp_path / "first.json"), tmp_path / "first.pdf", texts)  # what is imported counts not

    tracemalloc.start()
    document.write(snapshot, tmp_path / "snapshot.pdf", texts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(pypdf.PdfReader(tmp_path / "snapshot.pdf").pages) > count // 36
    assert peak < megabytes * 1_000_000


def test_a_disk_that_takes_no_byte_is_an_os_error(tmp_path):
    snapshot = sample.write(tmp_path / "snapshot.json")
    (tmp_path / "snapshot.pdf").symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left on device"):
        report.write(snapshot, tmp_path / "snapshot.pdf", made_by="", book="", fingerprint=FINGERPRINT)


def test_the_fonts_are_embedded_and_no_time_is_written(tmp_path):
    reader = read(tmp_path)
    fonts = {}
    for page in reader.pages:
        fonts |= {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}

    assert {font["/BaseFont"].split("+")[1] for font in fonts.values()} == {"Inter-Regular", "Inter-SemiBold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts.values())
    assert reader.metadata["/CreationDate"] == reader.metadata["/ModDate"] == "D:20000101000000+00'00'"
