"""What the documents say is so: every command, option and folder that they name exists, and none is left out."""

import re
from pathlib import Path

import click

from gui.commands import elpis
from rules import library

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


GROUPS = [command for command in elpis.commands.values() if isinstance(command, click.Group)]
COMMANDS = [*elpis.commands.values(), *(command for group in GROUPS for command in group.commands.values())]


def options(command):
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def test_the_readme_names_every_command():
    assert [name for name in elpis.commands if f"`elpis {name}" not in README] == []
    for group in GROUPS:
        named = [name for name in group.commands if f"`{name}`" in README or f"elpis {group.name} {name}" in README]
        assert named == [*group.commands], group.name


def test_every_option_that_the_readme_names_exists():
    known = set().union(*map(options, COMMANDS))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - known == {"--help"}


def test_the_readme_names_every_code_of_a_check_and_no_other():
    sources = [ROOT / "store" / "snapshots" / f"{name}.py" for name in ("verify", "verifying", "stamps")]
    known = set(re.findall(r'"((?:[a-z]+)\.[a-z-]+)"', "".join(path.read_text(encoding="utf-8") for path in sources)))
    section = README.split("| code | what was found |")[1].split("\n\n")[0]
    named, subject = set(), ""
    for first, last in re.findall(r"`([a-z]*)\.([a-z-]+)`", section):
        subject = first or subject
        named.add(f"{subject}.{last}")
    assert named == {code for code in known if not code.endswith((".json", ".py"))}


def test_every_folder_that_the_readme_names_exists():
    named = re.findall(r"`((?:gui|store|rules|resources|tests)/[\w/]*)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_make_target_that_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


def test_every_command_and_option_says_what_it_is_for():
    for command in COMMANDS:
        assert command.help or command.get_short_help_str(), command.name
        assert all(option.help for option in command.params if isinstance(option, click.Option)), command.name


def test_every_rule_has_its_source_and_says_what_it_does():
    rules = [rule for document in library.documents().values() for rule in document.rules]
    assert len(rules) == len({rule.name for rule in rules})
    assert all(len(rule.source) > 20 and rule.says[0].isupper() for rule in rules)


def test_every_dependency_gives_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if re.match(r'    "[a-z0-9-]+[><=]', line)]
    assert len(listed) >= 18
    assert [line for line in listed if "# " not in line] == []
