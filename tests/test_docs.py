"""What is written about Assay is true of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI

from assay.charts import CHARTS
from assay.cli import main
from assay.formats import FORMATS
from assay.gates import BUILT_IN
from assay.settings import Settings
from assay.testtools import XL_TESTVIEW
from assay.web.compat import calliope
from assay.web.compat.description import PROBLEMS, UNSAID
from assay.web.options import OPTIONS, read_flag

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
OPERATE = (ROOT / "docs/operate.md").read_text()
IMPORT = (ROOT / "docs/import.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]


def test_every_setting_is_explained_and_no_other() -> None:
    named = set(re.findall(r"`ASSAY_([A-Z_]+)`", OPERATE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_format_is_in_the_list_that_the_readme_leads_to() -> None:
    assert "(docs/formats.md)" in README
    listed = (ROOT / "docs/formats.md").read_text()
    for found in FORMATS:
        assert f"[{found.title}](formats/{found.name}.md)" in listed


def test_every_chart_is_in_the_table_of_charts_and_no_other() -> None:
    told = (ROOT / "docs/charts.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", told, re.MULTILINE)
    words = {"functional": "tests", "performance": "load tests", "set": "sets"}
    assert rows == [
        (
            each.title,
            each.name,
            ", ".join(words[kind] for kind in words if kind in each.fits),
            ", ".join(f"`{name}`" for name in each.xlt) or "–",
        )
        for each in CHARTS
    ]


def test_the_pages_of_the_formats_say_what_the_formats_say() -> None:
    command = [sys.executable, "scripts/format_docs.py", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_module_of_the_floor_plan_is_there() -> None:
    plan = (ROOT / "CONTRIBUTING.md").read_text().split("```")[3]
    for name in re.findall(r"\b[a-z_]+\.py\b", plan):
        assert list((ROOT / "src/assay").rglob(name)), name


def test_the_commands_of_the_readme_exist() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    for name in re.findall(r"^assay ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^  {name}\b", answer.output, re.MULTILINE), name


def test_the_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for name in set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_no_page_names_a_path_of_somebodys_machine(document: Path) -> None:
    assert not re.search(r"(?<![\w.])/(home|root|Users)/", document.read_text())


def test_every_option_of_an_import_is_explained_in_the_same_way_everywhere() -> None:
    """docs/import.md, OpenAPI's parameters, OpenAPI's form, and what the server reads."""
    told = {name: option for name, option in OPTIONS.items() if name not in UNSAID}
    table = re.findall(
        r"^\| `([\w\[\]]+)` \| (boolean|text|date)[^|]*\| (\S+) \|", IMPORT, re.MULTILINE
    )
    assert {name for name, _, _ in table} == set(told)
    for name, kind, default in table:
        option = told[name]
        assert (kind == "boolean") == (option.read is read_flag), name
        assert (option.default is None) == (default in ("–", "automatic")), name
        assert option.default is None or default == f"`{str(option.default).lower()}`", name
    described = [*router_operations()]
    assert len(described) == 4
    for path, operation in described:
        expected = set(told) - ({"formatter"} if "{formatter}" in path else set())
        queried = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        assert len(queried) == len(set(queried))
        assert set(queried) == expected, path
        form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
        assert set(form) == expected | {"file[]", "attachment[]"}, path
        assert all(each.get("description") for each in form.values())
        assert {"201", "401", "403", "404", "413", "422"} <= set(operation["responses"])


def router_operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """The ways to import, as OpenAPI describes them."""
    app = FastAPI()
    app.include_router(calliope.router)
    for path, methods in app.openapi()["paths"].items():
        if "post" in methods:
            yield path, methods["post"]


def test_every_status_of_an_answer_is_explained() -> None:
    for code in PROBLEMS:
        assert f"| {code} |" in IMPORT


def test_the_tools_of_xl_testview_are_listed_as_they_are() -> None:
    listed = (ROOT / "docs/testview.md").read_text()
    for tool in XL_TESTVIEW:
        assert f"| `{tool.type}` | {tool.label} | `{tool.pattern}` |" in listed
    for name in BUILT_IN:
        assert f"`{name}`" in listed
