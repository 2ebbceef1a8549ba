"""A folder of CSV files: which of them are tables, and what is said of the others."""

from store.imports.csv_folder import read_folder

GROUPS = "name\nFinance\n"


def test_tables_come_in_the_order_of_the_template_whatever_their_files_are_called(folder, read):
    path = folder(**{"Contract Items": "x\n", "PRODUCTS": "product\nOffice\n", "user groups": GROUPS})
    found = read(path)
    assert [raw.place for raw in found.source.tables] == ["PRODUCTS.csv", "user groups.csv"]
    assert found.source.kind == "template"
    assert found.errors[0].startswith("error: Contract Items.csv: the column contract is missing")


def test_an_unknown_file_is_a_warning_and_the_import_goes_on(folder, read):
    path = folder(user_groups=GROUPS, colours="name\nblue\n")
    (path / "estate.xlsx").write_bytes(b"")
    (path / "README.md").write_text("about")
    (path / ".hidden").write_text("about")
    found = read(path)
    assert found.lines == [
        "warning: colours.csv: the file is not named after a table of the template and was ignored",
        "warning: estate.xlsx: the file is not named after a table of the template and was ignored",
    ]
    assert len(found.rows["user_groups"]) == 1


def test_two_files_of_one_table_are_told(folder, read):
    found = read(folder(user_groups=GROUPS, **{"User Groups": GROUPS}))
    assert [line.split(":")[1] for line in found.errors] == [" User Groups.csv", " user_groups.csv"]


def test_a_folder_without_a_known_table_is_told_with_what_it_holds(folder, read):
    (line,) = read(folder(colours="name\nblue\n")).errors
    assert line.endswith("no table of the template, such as products.csv or contracts.csv; it holds: colours.csv")


def test_an_empty_folder_is_told(tmp_path, read):
    (line,) = read(tmp_path).errors
    assert line.endswith("it holds: nothing")


def test_every_file_is_looked_at_even_when_one_is_bad(folder, read):
    found = read(folder(products=b"\xff", user_groups="", demand="product,metric,quantity\nOffice,device,x\n"))
    assert [line.split(":")[1].split(",")[0].strip() for line in found.errors] == [
        "products.csv",
        "user_groups.csv",
        "demand.csv",
    ]


def test_the_digest_tells_whether_the_tables_are_the_same(folder):
    first = read_folder(folder(user_groups=GROUPS)).sha256
    assert read_folder(folder(user_groups=GROUPS)).sha256 == first
    assert read_folder(folder(user_groups=GROUPS + "Sales\n")).sha256 != first
    assert len(first) == 64
