"""Slack's mrkdwn as HTML that is safe to put on a page.

Slack decodes exactly three entities (`&amp;`, `&lt;`, `&gt;`) and gives a meaning to exactly one
kind of bracket: `<…>` in the text as it was sent. Everything else that people type is shown as
they typed it, and whatever leaves this module has been escaped for HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from markupsafe import Markup, escape

from bot.sandbox.rendering.emoji import emoji_html
from bot.sandbox.rendering.times import clock_time

ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
BROADCASTS = ("here", "channel", "everyone")
LINK_SCHEMES = ("http://", "https://", "mailto:", "tel:")

_PREFORMATTED = re.compile(r"```\n?(?P<body>.+?)\n?```", re.DOTALL)
_QUOTED = re.compile(r"(?:&gt;|>) ?")
_QUOTED_TO_THE_END = re.compile(r"(?:&gt;|>){3} ?")
_INLINE = re.compile(
    r"""
    (?P<code>`(?P<code_body>[^`\n]+)`)
  | (?P<control><(?P<inside>[^<>\n]+)>)
  | (?P<emoji>:(?P<emoji_name>[a-z0-9_+'-]{1,50}):)
  | (?<![^\W_])(?P<mark>[*_~])(?=\S)(?!(?P=mark))
      (?P<marked>(?:<[^<>\n]*>|`[^`\n]+`|[^\n<`]){0,600}?(?:<[^<>\n]*>|`[^`\n]+`|[^\s<`]))
      (?P=mark)(?![^\W_])
  | (?P<address>https?://[^\s<>|]*[^\s<>|.,;:!?'")])
  | (?<!\w)(?P<name>[@\#][\w.-]+)
    """,
    re.VERBOSE,
)
_TAGS = {"*": "strong", "_": "em", "~": "s"}
_DATE = re.compile(r"date\^(?P<at>-?\d{1,12})\^(?P<form>[^^|]*)(?:\^(?P<link>[^|]*))?")
_DATE_TOKEN = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Viewer:
    """The page is for this viewer: with these names, this local time, this locale, and links to their places."""

    user_id: str
    zone: tzinfo
    now: datetime
    locale: str = "en-US"
    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def place(self, channel_id: str) -> str:
        """Return the address of a channel on this viewer's page."""
        return f"/p/{self.user_id}/c/{channel_id}"


def unescape(text: str) -> str:
    """Return the text with Slack's three entities decoded, once."""
    return re.sub("&(?:amp|lt|gt);", lambda match: ENTITIES[match.group()], text)


def plain_to_html(text: str, *, emoji: bool = True) -> Markup:
    """Return a `plain_text` object as HTML. Only emoji names mean something. Line breaks are kept."""
    parts: list[Markup] = []
    end = 0
    for match in re.finditer(r":([a-z0-9_+'-]{1,50}):", text) if emoji else ():
        html = emoji_html(match.group(1))
        if html is not None:
            parts += [_lines(text[end : match.start()]), html]
            end = match.end()
    parts.append(_lines(text[end:]))
    return Markup("").join(parts)


def mrkdwn_to_html(
    text: str, viewer: Viewer, *, verbatim: bool = False, parse_names: bool = True
) -> Markup:
    """Return a mrkdwn text as HTML: code blocks, quotes, and the inline marks inside each line.

    With `verbatim` only what stands in brackets becomes a link or a mention. Without it web addresses do, too,
    and with `parse_names` also `@here` and `#names`. That makes pasted text dangerous in Slack's blocks.
    """
    live = "" if verbatim else "address name" if parse_names else "address"
    parts: list[Markup] = []
    end = 0
    for match in _PREFORMATTED.finditer(text):
        parts.append(_paragraphs(text[end : match.start()], viewer, live=live))
        body = _controls_only(match["body"], viewer)
        parts.append(Markup('<pre class="preformatted">{}</pre>').format(body))
        end = match.end()
    parts.append(_paragraphs(text[end:], viewer, live=live))
    return Markup("").join(parts)


def _paragraphs(text: str, viewer: Viewer, *, live: str) -> Markup:
    """Return the lines, with quoted ones gathered into quotes. A line break beside a block is dropped."""
    if not text.strip("\n"):
        return Markup("")
    parts: list[Markup] = []
    quoted: list[Markup] = []
    plain: list[Markup] = []

    def flush() -> None:
        if plain:
            parts.append(Markup("<br>").join(plain))
            plain.clear()
        if quoted:
            body = Markup("<br>").join(quoted)
            parts.append(Markup('<blockquote class="quote">{}</blockquote>').format(body))
            quoted.clear()

    lines = text.strip("\n").split("\n")
    for number, line in enumerate(lines):
        if rest := _QUOTED_TO_THE_END.match(line):
            if plain:
                flush()
            lines[number] = line[rest.end() :]
            quoted += [_inline(each, viewer, live=live) for each in lines[number:]]
            break
        if quote := _QUOTED.match(line):
            if plain:
                flush()
            quoted.append(_inline(line[quote.end() :], viewer, live=live))
            continue
        if quoted:
            flush()
        plain.append(_inline(line, viewer, live=live))
    flush()
    return Markup("").join(parts)


def _inline(text: str, viewer: Viewer, *, live: str, marks: str = "*_~") -> Markup:
    parts: list[Markup] = []
    end = 0
    at = 0
    while match := _INLINE.search(text, at):
        html = _match_to_html(match, viewer, live=live, marks=marks)
        if html is None:  # looked like something, was not: the rest may still hold something
            at = match.start() + 1
            continue
        parts += [_literal(text[end : match.start()]), html]
        end = at = match.end()
    parts.append(_literal(text[end:]))
    return Markup("").join(parts)


def _match_to_html(match: re.Match[str], viewer: Viewer, *, live: str, marks: str) -> Markup | None:
    if match["code"]:
        body = _controls_only(match["code_body"], viewer)
        return Markup('<code class="code">{}</code>').format(body)
    if match["control"]:
        return _control(match["inside"], viewer)
    if match["emoji"]:
        return emoji_html(match["emoji_name"])
    if mark := match["mark"]:
        if mark not in marks:
            return None
        inner = _inline(match["marked"], viewer, live=live, marks=marks.replace(mark, ""))
        return Markup("<{0}>{1}</{0}>").format(_TAGS[mark], inner)
    if match["address"]:
        address = unescape(match["address"])
        return _link(address, address) if "address" in live else None
    return _name(match["name"], viewer) if "name" in live else None


def _name(name: str, viewer: Viewer) -> Markup | None:
    """Return `@here` or `#coaching` as HTML, in text that was not sent as verbatim."""
    if name[0] == "@":
        return _broadcast(name[1:]) if name[1:] in BROADCASTS else None
    for channel_id, channel in viewer.channels.items():
        if channel == name[1:]:
            return _channel(channel_id, channel, viewer)
    return None


def _controls_only(text: str, viewer: Viewer) -> Markup:
    """Return code as HTML. Marks and emoji are literal in it, but what stands in brackets is not."""
    parts: list[Markup] = []
    end = 0
    for match in re.finditer(r"<([^<>\n]+)>", text):
        parts += [_literal(text[end : match.start()]), _control(match[1], viewer)]
        end = match.end()
    parts.append(_literal(text[end:]))
    return Markup("").join(parts)


def _control(inside: str, viewer: Viewer) -> Markup:
    """Return what stands between `<` and `>` as HTML. It is shown as typed if Slack has no such control."""
    target, _, label = inside.partition("|")
    label = unescape(label)
    if target.startswith("@"):
        return mention(target[1:], viewer, label=label)
    if target.startswith("#"):
        return channel_link(target[1:], viewer, label=label)
    if target.startswith("!"):
        return _special(target[1:], label, viewer) or _literal(f"<{inside}>")
    address = unescape(target)
    if address.lower().startswith(LINK_SCHEMES):
        return _link(address, label or address.removeprefix("mailto:"))
    return _literal(f"<{inside}>")


def _special(command: str, label: str, viewer: Viewer) -> Markup | None:
    if command in BROADCASTS:
        return _broadcast(command)
    if command.startswith("subteam^"):
        name = label.lstrip("@") or command.removeprefix("subteam^")
        return Markup('<span class="mention">@{}</span>').format(name)
    if date := _DATE.fullmatch(command):
        shown = date_html(int(date["at"]), date["form"], viewer, fallback=label)
        link = unescape(date["link"] or "")
        return _link(link, shown) if link.lower().startswith(LINK_SCHEMES) else shown
    return None


def mention(user_id: str, viewer: Viewer, *, label: str = "") -> Markup:
    """Return a person's name as a mention. The viewer's own name is marked."""
    name = viewer.users.get(user_id) or label or user_id
    mine = " mention-me" if user_id == viewer.user_id else ""
    return Markup('<span class="mention{}" data-user="{}">@{}</span>').format(mine, user_id, name)


def channel_link(channel_id: str, viewer: Viewer, *, label: str = "") -> Markup:
    """Return a channel's name as a link to it, or only words if the viewer may not see the channel."""
    name = viewer.channels.get(channel_id)
    if name is None:
        return Markup('<span class="mention">#{}</span>').format(label or "private channel")
    return _channel(channel_id, name, viewer)


def _channel(channel_id: str, name: str, viewer: Viewer) -> Markup:
    return Markup('<a class="mention" href="{}">#{}</a>').format(viewer.place(channel_id), name)


def _broadcast(audience: str) -> Markup:
    return Markup('<span class="mention mention-me" data-broadcast="{0}">@{0}</span>').format(
        audience
    )


def _link(address: str, label: str | Markup) -> Markup:
    return Markup(
        '<a class="link" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    ).format(address, label)


def _literal(text: str) -> Markup:
    return escape(unescape(text))


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def date_html(at: int, form: str, viewer: Viewer, *, fallback: str = "") -> Markup:
    """Return a `<!date>` in the viewer's zone, or the fallback if the moment or a token makes no sense."""
    try:
        moment = datetime.fromtimestamp(at, UTC).astimezone(viewer.zone)
        shown = _DATE_TOKEN.sub(lambda token: _date_part(token[1], moment, viewer), form)
    except (ValueError, OverflowError, OSError, KeyError):
        return escape(fallback)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(),
        f"{moment:%A %-d %B %Y} {clock_time(moment, viewer.locale)} {moment:%Z}",
        shown,
    )


def _date_part(name: str, moment: datetime, viewer: Viewer) -> str:
    """Return one `{token}` of Slack's date formats. Raises KeyError for one that Slack does not have."""
    forms = {
        "date_num": "%Y-%m-%d",
        "date_slash": "%m/%d/%Y",
        "date": "%-d %B %Y",
        "date_short": "%-d %b %Y",
        "date_long": "%A, %-d %B %Y",
        "day_divider_pretty": "%A, %-d %B",
    }
    if name in {"time", "time_secs"}:
        return clock_time(moment, viewer.locale, seconds=name == "time_secs")
    if name == "ago":
        return ago(viewer.now - moment)
    if name.endswith("_pretty"):
        days = (moment.date() - viewer.now.astimezone(viewer.zone).date()).days
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
        if near is not None:
            return near
        name = name if name in forms else name.removesuffix("_pretty")
    return moment.strftime(forms[name])


def ago(passed: timedelta) -> str:
    """Return how long ago it was, or in how long it will be: `3 minutes ago`, `in 2 hours`."""
    seconds = abs(passed.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if passed > timedelta(0) else f"in {words}"
    return "just now"
