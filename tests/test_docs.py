"""What is written about Assay is true of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli import main
from assay.formats import FORMATS
from assay.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
OPERATE = (ROOT / "docs/operate.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]


def test_every_setting_is_explained_and_no_other() -> None:
    named = set(re.findall(r"`ASSAY_([A-Z_]+)`", OPERATE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_format_is_in_the_list_that_the_readme_leads_to() -> None:
    assert "(docs/formats.md)" in README
    listed = (ROOT / "docs/formats.md").read_text()
    for found in FORMATS:
        assert f"[{found.title}](formats/{found.name}.md)" in listed


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
