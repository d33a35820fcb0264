"""The documents are true: commands, targets, settings, files and links that they name exist, examples work."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from bot.__main__ import main
from bot.config import DATABASE_URL, SANDBOX_PORT, SETTINGS
from bot.domain.imports.csv_files import read_table
from bot.domain.imports.history import COLUMNS
from bot.domain.imports.importing import MEMBER_COLUMNS, TEAM_COLUMNS
from bot.rules.quick_log import parse_quick_log
from bot.slack.listeners.conversations import logging
from tests.repository import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")

FOR_TESTS = {
    "REQUIRE_BROWSER",
    "REQUIRE_PGBOUNCER",
    "BASECOACH_EVERY_CODE",
    "TEST_TURN",
}
"""What only the tests read."""

SLACKS_OWN = {"/invite", "/remove"}

WATCHED = {"/healthz", "/readyz", "/metrics"}
"""Addresses of ours that look like commands of Slack's."""

LARGEST_IMAGE = 200_000


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def code_in(text: str) -> Iterator[str]:
    """Every piece of code: the lines of fenced blocks, without comments, and what stands in backquotes."""
    for block in FENCE.finditer(text):
        for line in block[3].splitlines():
            yield re.sub(r"(^|\s)# .*$", "", line).strip()
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def code(pattern: str) -> list[tuple[str, str]]:
    """(document, found) for each place in the code of any document."""
    return [
        (document.name, found)
        for document in DOCUMENTS
        for piece in code_in(text_of(document))
        for found in re.findall(pattern, piece)
    ]


BASECOACH = sorted(
    {
        found
        for _, found in code(
            r"(?:^(?:\.venv/bin/)?basecoach|^basecoach-as-service|basecoach basecoach|-- basecoach)"
            r"(?=\s|$)([^>]*)"
        )
    }
)
SLASH = sorted({found for _, found in code(r"^(/[a-z][a-z-]*(?: .*)?)$")})
PATHS = sorted(
    {found for _, found in code(r"(?<![\w./])((?:bot|tests|deploy|docs)/[\w./-]+)(?![\w<])")}
)
TARGETS = sorted({found for _, found in code(r"^make ([^\"#]*)")})


def test_the_search_finds_something_of_each_kind() -> None:
    assert {document.name for document in DOCUMENTS} >= {"README.md", "ARCHITECTURE.md", "using.md"}
    assert " import members FILE" in BASECOACH
    assert "/log-conversation Acme 2nd" in SLASH
    assert "bot/domain/outbox/outbox.py" in PATHS
    assert "sandbox" in {target.split()[0] for target in TARGETS}


@pytest.mark.parametrize("line", BASECOACH)
def test_every_basecoach_command_and_its_options_exist(line: str) -> None:
    command: click.Command = main
    words = shlex.split(line)
    context = click.Context(main)
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command “basecoach{line}”"
        command, words = found, words[1:]
    options = {name for parameter in command.get_params(context) for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= options
    assert not words or not isinstance(command, click.Group)


def test_every_basecoach_command_is_in_the_readme() -> None:
    told = {line.split()[0] for line in BASECOACH if line.split() and f"basecoach{line}" in README}
    assert told == set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("line", TARGETS)
def test_every_make_target_exists(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert {word for word in line.split() if "=" not in word} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"\b(?:SLACK|BASECOACH|DATABASE)_[A-Z_]*[A-Z]\b", text_of(document))
    assert set(named) <= {*SETTINGS, *FOR_TESTS}


def test_the_readme_has_a_row_for_every_setting() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", README, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(SETTINGS)
    defaults = dict(rows)
    assert defaults["DATABASE_URL"] == f"`{DATABASE_URL}`"
    assert defaults["BASECOACH_SANDBOX_PORT"] == f"`{SANDBOX_PORT}`"


def test_the_readme_has_the_section_that_the_words_about_missing_tokens_name() -> None:
    assert "\n## Real Slack\n" in README


WORDS = {"help", "undo", *logging.LISTS}
"""What follows `/log-conversation` and is no conversation."""


@pytest.mark.parametrize("line", SLASH)
def test_every_slash_command_exists_and_every_example_is_understood(line: str) -> None:
    manifest = json.loads((ROOT / "deploy" / "slack-manifest.json").read_text(encoding="utf-8"))
    commands = {each["command"] for each in manifest["features"]["slash_commands"]}
    command, _, rest = line.partition(" ")
    assert command in commands | SLACKS_OWN | WATCHED
    if command == "/log-conversation" and rest and rest not in WORDS:
        assert parse_quick_log(rest, today=date(2026, 11, 20)).company in rest


@pytest.mark.parametrize("path", PATHS)
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_map_of_the_house_names_rooms_that_exist() -> None:
    architecture = text_of(ROOT / "ARCHITECTURE.md")
    block = next(found[3] for found in FENCE.finditer(architecture) if "├── commands/" in found[3])
    folders = [ROOT]
    for line in block.splitlines():
        found = re.match(r"([│ ]*)(?:[├└]── )?([\w./]+(?: · [\w./]+)*)(?:\s|$)", line)
        if found is None:
            continue
        depth = len(found[1]) // 4 + ("── " in line)
        for name in found[2].split(" · "):
            path = folders[depth] / name
            assert path.exists(), path
            folders[depth + 1 :] = [path]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    for found in LINK.finditer(FENCE.sub("", text_of(document))):
        link = found[1] or found[2]
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(text_of(target)), link


def anchors(text: str) -> set[str]:
    """The anchors that a page of Markdown gets for its headings."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pictures_are_small_and_all_of_them_are_used() -> None:
    pages = "".join(text_of(document) for document in DOCUMENTS)
    for image in (ROOT / "docs" / "images").iterdir():
        assert image.stat().st_size < LARGEST_IMAGE, image
        assert image.name in pages


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_nothing_belongs_to_one_machine_or_one_registry(document: Path) -> None:
    text = text_of(document)
    assert not re.search(r"(?<![\w.])/(?:home|root|work|tmp|Users|opt(?!/basecoach\b)|mnt)/", text)
    # Written in halves, so that this file does not name them either.
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js", "docker" + ".io", "ghcr" + ".io")
    assert not [host for host in (*hosts, "index" + "-url") if host in text]


def test_the_examples_of_files_can_be_imported() -> None:
    blocks = [found[3] for found in FENCE.finditer(README) if found[2] == "csv"]
    for block, columns in zip(blocks, (TEAM_COLUMNS, MEMBER_COLUMNS, COLUMNS), strict=True):
        table = read_table(block.encode(), columns)
        assert table.rows
        assert not table.problems
        assert block.splitlines()[0] == ",".join(columns.all)


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## [{project['version']}]" in text_of(ROOT / "CHANGELOG.md")
