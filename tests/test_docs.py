"""What the papers say is so: their commands, settings, files, sign-ins and the call to the API."""

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from inventory.accounts import tokens
from inventory.catalog.starter import rows
from inventory.demo import people
from tests import clinic, screenshots

ROOT = Path(settings.BASE_DIR)
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
FOR_USERS = {"demo", "test", "serve", "bench", "screenshots"}
NOT_FEATURES = {"management", "migrations", "static", "templatetags"}

CODE = re.compile(r"`([^`\n]+)`|^    (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
MANAGE = re.compile(r"manage\.py ([a-z_]+)([^)`]*)")
MODULE = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.[a-z]+)`")
SETTING = re.compile(r"[A-Z][A-Z_]+\Z")


def text(paper: str = "README.md") -> str:
    return (ROOT / paper).read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Return the part of the README below a heading, up to the next one of its level."""
    _, _, below = text().partition(f"\n## {heading}\n")
    assert below, f"The README has no section {heading}."
    return below.partition("\n## ")[0]


def code(paper: str = "README.md") -> list[str]:
    return [inline or line for inline, line in CODE.findall(text(paper))]


def first_cells(table_of: str) -> list[str]:
    """Return what stands in backticks at the beginning of the table's rows."""
    return re.findall(r"^\| `([^`]+)` \|", section(table_of), re.MULTILINE)


# Commands


def make_targets() -> dict[str, bool]:
    """Return the targets of the Makefile, and whether `make help` lists them."""
    rules = re.findall(r"^([a-z-]+):(.*)$", text("Makefile"), re.MULTILINE)
    return {name: "## " in rest for name, rest in rules}


def named_targets(paper: str) -> set[str]:
    return {name for line in code(paper) for name in re.findall(r"\bmake ([a-z-]+)", line)}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_make_command_that_is_named_exists(paper: str) -> None:
    assert named_targets(paper) - set(make_targets()) == set()


def test_every_make_command_is_explained() -> None:
    listed = {name for name, is_listed in make_targets().items() if is_listed}
    for_users = named_targets("README.md")

    assert for_users >= FOR_USERS
    assert listed - for_users - named_targets("CONTRIBUTING.md") == {"help"}


def manage_commands() -> list[str]:
    """Return what follows `manage.py` wherever the papers name a command."""
    return [
        f"{name}{arguments}"
        for paper in PAPERS
        for line in code(paper)
        for name, arguments in MANAGE.findall(line)
    ]


@pytest.mark.parametrize("command", sorted(set(manage_commands())))
def test_a_management_command_understands_what_is_written(command: str) -> None:
    name, *arguments = shlex.split(command)
    assert name in get_commands()
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)

    # Raises CommandError where an option or an argument is not as the README has it.
    parser.parse_args(arguments)


def test_every_command_of_our_own_is_named() -> None:
    own = {name for name, app in get_commands().items() if app == "inventory"}

    assert own
    assert own - {command.split()[0] for command in manage_commands()} == set()


# Settings


def settings_read() -> Iterator[tuple[str, str]]:
    """Return the name of each variable that settings.py reads, and its default if a plain word."""
    tree = ast.parse(text("inventory/settings.py"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        plain = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        name, default = ([str(each) for each in plain if each is not False] + ["", ""])[:2]
        if SETTING.match(name):
            yield name, default
        if ast.unparse(call.func) == "dj_database_url.config":
            yield dj_database_url.DEFAULT_ENV, ""


def test_the_table_of_settings_has_each_variable_that_is_read_and_no_other() -> None:
    names = {name for name, _ in settings_read()}

    assert sorted(first_cells("Settings")) == sorted(names)


@pytest.mark.parametrize(
    ("name", "default"), sorted({(name, default) for name, default in settings_read() if default})
)
def test_the_table_of_settings_has_the_real_default(name: str, default: str) -> None:
    assert f"| `{name}` | `{default}` |" in section("Settings")


# Files and links


@pytest.mark.parametrize("paper", PAPERS)
def test_no_link_inside_the_repository_is_dead(paper: str) -> None:
    targets = [markdown or html for markdown, html in LINK.findall(text(paper))]
    dead = [
        target
        for target in targets
        if "://" not in target and not (ROOT / target.partition("#")[0]).exists()
    ]

    assert dead == []


def test_the_pictures_are_those_that_the_command_takes() -> None:
    shown = set(re.findall(r"docs/images/[\w.-]+", text()))
    kept = {path.relative_to(ROOT).as_posix() for path in screenshots.PICTURES.iterdir()}
    taken = {picture.file.relative_to(ROOT).as_posix() for picture in screenshots.GALLERY}

    assert shown == kept == taken


@pytest.mark.parametrize("paper", PAPERS)
def test_every_module_that_is_named_exists(paper: str) -> None:
    missing = [
        path
        for path in MODULE.findall(text(paper))
        if not (ROOT / path).exists() and not (ROOT / "inventory" / path).exists()
    ]

    assert missing == []


def test_every_package_is_described() -> None:
    packages = {path.parent.name for path in (ROOT / "inventory").glob("*/__init__.py")}

    assert packages - NOT_FEATURES == set(first_cells("How it is built"))


def test_the_changelog_begins_with_the_version_that_is_packaged() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)

    assert newest
    assert newest[1].rstrip(",") == version


# The demo


def test_the_sign_ins_are_those_of_the_demo() -> None:
    rows_shown = re.findall(r"^\| (\w+) \| (`.+`) \| `(.+)` \|$", section("Try it"), re.MULTILINE)
    shown = {
        (role, username, password)
        for role, usernames, password in rows_shown
        for username in re.findall(r"`(\w+)`", usernames)
    }

    assert shown == {(who.role, who.username, people.PASSWORD) for who in people.EVERYBODY}


def test_the_pictures_are_taken_by_people_of_the_demo() -> None:
    signed_in = {picture.username for picture in screenshots.GALLERY}

    assert signed_in <= {who.username for who in people.EVERYBODY}
    assert screenshots.PASSWORD == people.PASSWORD


# The API


def example() -> dict[str, object]:
    """Return the body of the README's example call."""
    found = re.search(r"--data '(.+)'", section("API"))
    assert found
    body: dict[str, object] = json.loads(found[1])
    return body


def test_the_example_of_the_api_names_what_the_starter_catalog_has() -> None:
    assert example()["type"] in {row["code"] for row in rows("procedure_types")}
    assert example()["location"] in {row["code"] for row in rows("locations")}


@pytest.mark.django_db
def test_the_example_of_the_api_logs_a_procedure() -> None:
    body = example()
    clinic.procedure_type(str(body["type"]))
    clinic.place(str(body["location"]))
    mara = clinic.signed_in(clinic.mara())

    answer = mara.post(
        "/api/v1/procedures",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {tokens.issue(clinic.mara())}"},
    )

    assert (answer.status_code, answer.json()["status"]) == (201, "logged")
