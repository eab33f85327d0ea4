"""The shape of the product: imports point one way, one writer, and every view says who may use it.

CONTRIBUTING.md explains the shape; here is the list that it is held against.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from inventory.web.roles import ANYONE, EVERYONE

ROOT = Path(__file__).resolve().parent.parent

# A feature may use those on the lines above its own.
FEATURES = (
    {"web"},
    {"sheets"},
    {"accounts"},
    {"catalog"},
    {"scanning"},
    {"stock"},
    {"counts", "procedures", "purchasing"},
    {"recalls"},
    {"imports"},
    {"reports"},
    {"attention"},
    {"api"},
    {"demo"},
)
LEVEL = {name: level for level, names in enumerate(FEATURES) for name in names}

# What these hold is for the forms and views of others; they only must not go in circles.
HELPERS = {"web", "sheets"}

# Inside a feature: models and pure modules, then the writer, then forms, then views.
LAYERS = (
    {"ledger", "record", "register", "starter", "receiving"},
    {"forms", "filters", "tables", "columns", "desk"},
    {"views"},
    {"urls", "routes"},
)
LAYER = {name: layer for layer, names in enumerate(LAYERS, start=1) for name in names}

# Functions of their arguments alone: whatever they import is as pure.
PURE = (
    "inventory.catalog.billing_codes",
    "inventory.counts.plan",
    "inventory.imports.headings",
    "inventory.imports.layout",
    "inventory.imports.meaning.matching",
    "inventory.imports.meaning.moments",
    "inventory.imports.meaning.packages",
    "inventory.sheets.plain_cells",
    "inventory.imports.planned",
    "inventory.imports.stock.rows",
    "inventory.procedures.billing",
    "inventory.purchasing.orders.differences",
    "inventory.purchasing.orders.returned",
    "inventory.purchasing.orders.sheet",
    "inventory.purchasing.outlook.projection",
    "inventory.purchasing.backtest.contest",
    "inventory.purchasing.backtest.demand_maker",
    "inventory.purchasing.backtest.files",
    "inventory.purchasing.backtest.policies",
    "inventory.purchasing.backtest.score",
    "inventory.purchasing.backtest.simulate",
    "inventory.purchasing.planning.demand",
    "inventory.purchasing.planning.expiry",
    "inventory.purchasing.planning.forecast",
    "inventory.purchasing.planning.levels",
    "inventory.purchasing.planning.moves",
    "inventory.purchasing.planning.ordering",
    "inventory.purchasing.planning.quantiles",
    "inventory.purchasing.planning.vials",
    "inventory.reports.performance",
    "inventory.stock.allocation",
    "inventory.counts.plan",
    "inventory.stock.usable",
)
# These take rows that somebody else has read.
TOLD = (
    *PURE,
    "inventory.attention.rules",
    "inventory.imports.catalog.code_rows",
    "inventory.imports.catalog.item_rows",
    "inventory.imports.catalog.offer_rows",
    "inventory.imports.past.procedure_rows",
    "inventory.purchasing.orders.workbook",
    "inventory.stock.reversal",
)
DATABASE_AND_CLOCK = ("django.db", "django.utils.timezone", "time")

THE_WRITER = "inventory.stock.ledger"
LEDGER_MODELS = {"Movement", "Entry", "Holding"}
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete",
}  # fmt: skip

# In pieces, so that this file does not name them itself.
REGISTRIES = [
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("debian", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare"),
    )
]


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    name: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    @property
    def feature(self) -> str | None:
        return self.parts[1] if self.parts[1:] and self.parts[1] in LEVEL else None

    @property
    def layer(self) -> int:
        """0 is models and whatever is pure; `stock/lot_views.py` is a module of views, and so is
        `stock/labels/views.py`."""
        return max((LAYER.get(noun.rpartition("_")[2], 0) for noun in self.parts[2:]), default=0)

    def imports(self) -> set[str]:
        """Return the dotted names that this module imports, those for types included."""
        return {name for node in ast.walk(self.tree) for name in _imported(node)}


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.module, "Relative imports hide where a name comes from."
        yield from (
            inside if (inside := f"{node.module}.{alias.name}") in names() else node.module
            for alias in node.names
        )


@cache
def names() -> frozenset[str]:
    return frozenset(_name(path) for path in (ROOT / "inventory").rglob("*.py"))


@cache
def modules() -> dict[str, Module]:
    return {
        _name(path): Module(_name(path), ast.parse(path.read_text(), str(path)))
        for path in sorted((ROOT / "inventory").rglob("*.py"))
    }


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def own_imports(module: Module) -> list[Module]:
    return [modules()[name] for name in sorted(module.imports()) if name in modules()]


def each_feature_module() -> Iterator[Module]:
    return (module for module in modules().values() if module.feature)


def test_features_import_one_way() -> None:
    backwards = [
        f"{module.name} imports {used.name}"
        for module in each_feature_module()
        for used in own_imports(module)
        if used.feature != module.feature
        and (not used.feature or LEVEL[used.feature] >= LEVEL[str(module.feature)])
        and used.name != "inventory"
    ]

    assert backwards == []


def test_inside_a_feature_views_come_last() -> None:
    backwards = [
        f"{module.name} imports {used.name}"
        for module in each_feature_module()
        for used in own_imports(module)
        if module.feature not in HELPERS
        and used.feature == module.feature
        and used.layer > module.layer
    ]

    assert backwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        name: {used.name for used in own_imports(module)} - {name}
        for name, module in modules().items()
    }

    # Raises CycleError, which names the circle.
    assert list(TopologicalSorter(graph).static_order())


def test_no_function_hides_an_import_of_its_own() -> None:
    hidden = {
        f"{module.name} line {node.lineno}: {name}"
        for module in modules().values()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _imported(node)
        if name.startswith("inventory")
    }

    assert hidden == set()


@pytest.mark.parametrize("name", PURE)
def test_a_decision_knows_neither_the_database_nor_the_clock(name: str) -> None:
    impure = [
        f"{module.name} imports {used}"
        for module in _reached_from(modules()[name])
        for used in module.imports()
        if used.startswith(DATABASE_AND_CLOCK)
    ]

    assert impure == []


@pytest.mark.parametrize("name", TOLD)
def test_a_decision_is_told_what_there_is_and_what_day_it_is(name: str) -> None:
    asked = [
        f"{name} line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(modules()[name].tree)
        if isinstance(node, ast.Call) and _asks(node)
    ]

    assert asked == []


def _asks(call: ast.Call) -> bool:
    """Say whether this call reads the clock or the database; to convert a time is neither."""
    function = ast.unparse(call.func)
    if function.endswith(("localdate", "localtime")):
        return not call.args
    return function.endswith((".now", ".today", ".utcnow")) or ".objects." in function


def _reached_from(start: Module) -> list[Module]:
    reached = [start]
    for module in reached:
        reached.extend(used for used in own_imports(module) if used not in reached)
    return reached


def test_only_the_ledger_writes_stock() -> None:
    writers = {
        f"{module.name} line {node.lineno}: {ast.unparse(node.func)}"
        for module in modules().values()
        if module.name != THE_WRITER and "migrations" not in module.parts
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _writes_stock(node.func)
    }

    assert writers == set()


def _writes_stock(function: ast.expr) -> bool:
    """Say whether this calls `Entry(...)`, or a writing method of `Entry.objects`."""
    if isinstance(function, ast.Name):
        # A holding that is not saved yet is a mere value.
        return function.id in LEDGER_MODELS - {"Holding"}
    if not isinstance(function, ast.Attribute) or function.attr not in WRITES:
        return False
    manager = ast.unparse(function.value)
    return manager.startswith(tuple(f"{model}.objects" for model in LEDGER_MODELS))


def views(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, path)
        else:
            yield path, pattern


def pages() -> list[tuple[str, URLPattern]]:
    """Return the path and the pattern of each page; the API's own test looks at its calls."""
    return [(path, pattern) for path, pattern in views() if not path.startswith("api/v1/")]


def test_every_view_says_who_may_use_it() -> None:
    silent = [
        path
        for path, pattern in pages()
        if not _known_roles(getattr(pattern.callback, "allowed_roles", None))
    ]

    assert pages()
    assert silent == []


def _known_roles(roles: frozenset[str] | None) -> bool:
    return bool(roles) and {*EVERYONE, ANYONE}.issuperset(roles or ())


def test_a_page_has_one_noun_in_its_address_and_its_view() -> None:
    two_nouns = [
        f"{path}: {pattern.name} is {pattern.callback.__name__}"
        for path, pattern in pages()
        if pattern.name != pattern.callback.__name__
    ]

    assert two_nouns == []


@pytest.mark.django_db
def test_the_migrations_are_up_to_date_with_the_models() -> None:
    # Leaves with SystemExit, and names the change, when one is missing.
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    found = subprocess.run(
        ["git", "grep", "--untracked", "--files-with-matches", "--fixed-strings", "-I", host],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stderr == ""
    assert found.stdout.split() == []
