"""Mrkdwn is made of constants and of escaped text only: how it is made, and the code that uses it, read."""

from __future__ import annotations

import ast
import inspect
import re
import string
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.slack.views import blocks, words
from bot.slack.views import mrkdwn as markup
from bot.slack.views.mrkdwn import (
    Mrkdwn,
    capitalized,
    channel_link,
    cut,
    escape,
    fill,
    join,
    literal,
    mention,
    wrap,
)

BOT = Path(bot.__file__).parent
TYPE = BOT / "slack" / "views" / "mrkdwn.py"
CONSTANTS = {"literal": 0, "fill": 0, "join": 1, "wrap": 1}
"""The functions that take a constant, and which of their arguments it is."""


def test_text_of_people_keeps_none_of_the_signs_that_slack_reads() -> None:
    odd = "<!channel> & <http://x|y> &lt;"
    assert escape(odd) == "&lt;!channel&gt; &amp; &lt;http://x|y&gt; &amp;lt;"


def test_ids_become_a_mention_and_a_link_and_nothing_else() -> None:
    assert (mention("U0DANA"), channel_link("C0COACH")) == ("<@U0DANA>", "<#C0COACH>")
    assert mention("U1> <!here") == "<@U1&gt; &lt;!here>"
    assert channel_link("C1> <!here") == "<#C1&gt; &lt;!here>"


def test_a_part_is_put_in_as_it_is_and_its_braces_are_no_template() -> None:
    assert fill("*{name}* {many}", name=escape("{many} & co"), many=3) == "*{many} &amp; co* 3"
    with pytest.raises(KeyError):
        fill("{name}")


def test_parts_are_joined() -> None:
    assert join([literal("*a*"), escape("<b>")], ", ") == "*a*, &lt;b&gt;"
    assert capitalized(literal("version 3")) == "Version 3"
    assert capitalized(literal("")) == ""


def test_parts_share_a_text_as_long_as_they_fit() -> None:
    parts = [literal("aa"), literal("bb"), literal("cccccccc"), literal("d")]
    assert wrap(parts, ", ", 6) == ["aa, bb", "cccccccc", "d"]
    assert wrap(parts, ", ", 5) == ["aa", "bb", "cccccccc", "d"]
    assert wrap([], ", ", 5) == []


def test_a_long_text_is_cut_with_no_mention_and_no_sign_left_in_half() -> None:
    text = join([literal("Seen by"), mention("U0DANA"), escape("& me")], " ")
    assert text == "Seen by <@U0DANA> &amp; me"
    assert cut(text, len(text)) == text
    for limit in range(1, len(text)):
        whole = cut(text, limit)
        assert len(whole) <= limit
        rest = whole.removesuffix("…").replace("<@U0DANA>", "").replace("&amp;", "")
        assert not {"<", ">", "&"} & set(rest)
    assert cut(text, len(text) - 1) == "Seen by <@U0DANA> &amp; …"
    assert cut(text, 17) == "Seen by …"


# Reading the code


def modules(word: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules in whose text this pattern is found; to parse all of them takes seconds."""
    for path in sorted(BOT.rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(word, text):
            yield path, ast.parse(text)


def calls(tree: ast.AST, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in names:
                yield name, node


def is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.fixture(scope="module")
def users() -> list[tuple[Path, ast.Module]]:
    """The modules that take something from the module of the type."""
    found = []
    for path, tree in modules(re.escape(markup.__name__)):
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if markup.__name__ in names:
            found.append((path, tree))
    return found


def test_nobody_else_makes_mrkdwn_out_of_a_text(
    users: list[tuple[Path, ast.Module]],
) -> None:
    found = [
        f"{path.relative_to(BOT)}:{call.lineno} {name}"
        for path, tree in users
        for name, call in calls(tree, {"Mrkdwn", "cast"})
    ]
    assert found == []
    assert any(calls(ast.parse(TYPE.read_text("utf-8")), {"Mrkdwn"}))


def test_nobody_turns_off_the_check_of_types_in_a_view() -> None:
    views = list((BOT / "slack" / "views").rglob("*.py"))
    assert len(views) > 20
    assert [path.name for path in views if "type: ignore" in path.read_text("utf-8")] == []


def test_literals_templates_and_separators_are_constants(
    users: list[tuple[Path, ast.Module]],
) -> None:
    read, found = 0, []
    for path, tree in users:
        for name, call in calls(tree, set(CONSTANTS)):
            if isinstance(call.func, ast.Attribute):
                continue  # a join of text
            read += 1
            rest = call.args[CONSTANTS[name] :][:1]
            if not all(map(is_constant, rest)) or (name in {"literal", "fill"} and not rest):
                found.append(f"{path.relative_to(BOT)}:{call.lineno} {name}")
    assert found == []
    assert read > 300


def test_a_template_names_exactly_its_parts(
    users: list[tuple[Path, ast.Module]],
) -> None:
    found = []
    for path, tree in users:
        for _, call in calls(tree, {"fill"}):
            template = ast.literal_eval(call.args[0])
            wanted = {name for _, name, _, _ in string.Formatter().parse(template) if name}
            given = {keyword.arg for keyword in call.keywords}
            if wanted != given:
                found.append(f"{path.relative_to(BOT)}:{call.lineno} {wanted ^ given}")
    assert found == []


MAKERS = (literal, fill, join, escape, mention, channel_link, capitalized, cut)
MAKERS_OF_MANY = (wrap,)
SHOWING = {
    blocks.mrkdwn: "text",
    blocks.section: "text",
    blocks.fields: "texts",
    blocks.context: "texts",
    blocks.notice: "text",
    blocks.message: "text",
}


def test_what_makes_mrkdwn_says_so_in_its_type() -> None:
    public = {
        found
        for name, found in vars(markup).items()
        if inspect.isfunction(found) and not name.startswith("_")
    }
    assert public == {*MAKERS, *MAKERS_OF_MANY}
    for maker in MAKERS:
        assert typing.get_type_hints(maker)["return"] is Mrkdwn
    for maker in MAKERS_OF_MANY:
        assert typing.get_type_hints(maker)["return"] == list[Mrkdwn]


def test_what_shows_mrkdwn_takes_nothing_else() -> None:
    for show, name in SHOWING.items():
        asked = typing.get_type_hints(show)[name]
        assert Mrkdwn in (asked, *typing.get_args(asked)), show.__name__
    assert typing.get_type_hints(words.number)["return"] is str  # its unit is a word of people's


def test_every_mrkdwn_object_is_made_in_one_place() -> None:
    found = [
        f"{path.relative_to(BOT)}:{node.lineno}"
        for path, tree in modules("[\"']mrkdwn[\"']")
        if "slack" in path.relative_to(BOT).parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "mrkdwn"
    ]
    assert len(found) == 1
    assert found[0].startswith("slack/views/blocks.py:")
