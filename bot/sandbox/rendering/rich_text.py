"""Slack's `rich_text` blocks as HTML: sections, lists, quotes and preformatted text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.rendering.emoji import emoji_html
from bot.sandbox.rendering.mrkdwn import LINK_SCHEMES, Viewer, channel_link, date_html, mention

STYLES = (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"))


def rich_text_to_html(block: Mapping[str, Any], viewer: Viewer) -> Markup:
    """Return a whole `rich_text` block as HTML. Text leaves are never interpreted, as in Slack."""
    return Markup("").join(_element(element, viewer) for element in block.get("elements", ()))


def _element(element: Mapping[str, Any], viewer: Viewer) -> Markup:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, viewer)
    leaves = _leaves(element.get("elements", ()), viewer, breaks=kind != "rich_text_preformatted")
    if kind == "rich_text_quote":
        return Markup('<blockquote class="quote">{}</blockquote>').format(leaves)
    if kind == "rich_text_preformatted":
        return Markup('<pre class="preformatted">{}</pre>').format(leaves)
    return Markup('<div class="paragraph">{}</div>').format(leaves)


def _list(element: Mapping[str, Any], viewer: Viewer) -> Markup:
    ordered = element.get("style") == "ordered"
    indent = min(int(element.get("indent") or 0), 8)
    items = Markup("").join(
        Markup("<li>{}</li>").format(_leaves(item.get("elements", ()), viewer))
        for item in element.get("elements", ())
    )
    start = Markup(' start="{}"').format(int(element.get("offset") or 0) + 1) if ordered else ""
    return Markup('<{0} class="list indent-{1}"{2}>{3}</{0}>').format(
        "ol" if ordered else "ul", indent, start, items
    )


def _leaves(leaves: Iterable[Mapping[str, Any]], viewer: Viewer, *, breaks: bool = True) -> Markup:
    return Markup("").join(_styled(leaf, viewer, breaks=breaks) for leaf in leaves)


def _styled(leaf: Mapping[str, Any], viewer: Viewer, *, breaks: bool) -> Markup:
    shown = _leaf(leaf, viewer, breaks=breaks)
    style = leaf.get("style") or {}
    for name, tag in STYLES:
        if style.get(name):
            shown = Markup("<{0}>{1}</{0}>").format(tag, shown)
    return shown


def _leaf(leaf: Mapping[str, Any], viewer: Viewer, *, breaks: bool) -> Markup:
    kind = leaf.get("type")
    if kind == "text":
        lines = str(leaf.get("text", "")).split("\n")
        between = Markup("<br>") if breaks else Markup("\n")
        return between.join(escape(line) for line in lines)
    if kind == "link":
        url = str(leaf.get("url", ""))
        label = str(leaf.get("text") or url)
        if not url.lower().startswith(LINK_SCHEMES):
            return escape(label)
        return Markup(
            '<a class="link" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
        ).format(url, label)
    if kind == "user":
        return mention(str(leaf.get("user_id", "")), viewer)
    if kind == "channel":
        return channel_link(str(leaf.get("channel_id", "")), viewer)
    if kind == "emoji":
        name = str(leaf.get("name", ""))
        return emoji_html(name) or escape(f":{name}:")
    if kind == "broadcast":
        return Markup('<span class="mention mention-me" data-broadcast="{0}">@{0}</span>').format(
            leaf.get("range", "")
        )
    if kind == "usergroup":
        return Markup('<span class="mention">@{}</span>').format(leaf.get("usergroup_id", ""))
    if kind == "date":
        return date_html(
            int(leaf.get("timestamp", 0)),
            str(leaf.get("format", "")),
            viewer,
            fallback=str(leaf.get("fallback", "")),
        )
    return escape(leaf.get("value") or leaf.get("text") or "")  # color, team: shown as text
