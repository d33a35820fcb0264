"""mrkdwn as HTML: what Slack makes of it, and that nothing gets through unescaped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rendering.mrkdwn import Viewer, ago, mrkdwn_to_html, plain_to_html, unescape

VIEWER = Viewer(
    user_id="U0PRIYA",
    zone=ZoneInfo("Europe/London"),
    now=datetime(2026, 7, 6, 12, 0, tzinfo=UTC),
    users={"U0PRIYA": "Priya Nair", "U0SAM": "Sam <Ortiz>"},
    channels={"C0GENERAL": "general"},
)
AT = int(datetime(2026, 7, 6, 8, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<strong>bold</strong>"),
        ("_italic_ and ~gone~", "<em>italic</em> and <s>gone</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("* no bold *", "* no bold *"),
        ("***", "***"),
        ("*over\ntwo lines*", "*over<br>two lines*"),
        ("`*code* :x:`", '<code class="code">*code* :x:</code>'),
        ("*a `b*c` d*", '<strong>a <code class="code">b*c</code> d</strong>'),
        ("```\n*a*\n b\n```", '<pre class="preformatted">*a*\n b</pre>'),
        ("&gt; said\n> so\nand", '<blockquote class="quote">said<br>so</blockquote>and'),
        (">>>all\nof it", '<blockquote class="quote">all<br>of it</blockquote>'),
        ("- one\n• two", "- one<br>• two"),
        ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
        ("&amp;lt; stays", "&amp;lt; stays"),
        ("&copy; &nbsp;", "&amp;copy; &amp;nbsp;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a < b and c > d", "a &lt; b and c &gt; d"),
        (":nothing_like_that:", ":nothing_like_that:"),
        ("at 10:30:45", "at 10:30:45"),
    ],
)
def test_what_slack_makes_of_it(text: str, html: str) -> None:
    assert mrkdwn_to_html(text, VIEWER) == html


@pytest.mark.parametrize(
    ("text", "address", "label"),
    [
        ("<https://example.com/a_b_c?x=1&amp;y=2|here & there>", "x=1&amp;y=2", "here &amp; there"),
        ("<https://example.com|a|b>", 'href="https://example.com"', ">a|b<"),
        ("<https://example.com>", 'href="https://example.com"', ">https://example.com<"),
        ("<mailto:a@example.com>", 'href="mailto:a@example.com"', ">a@example.com<"),
        ("see https://example.com/x.", 'href="https://example.com/x"', ">https://example.com/x<"),
        ("_<https://example.com/_x_|it>_", 'href="https://example.com/_x_"', "<em><a"),
        ('<https://e.com/"onclick=x|y>', "https://e.com/&#34;onclick=x", ">y<"),
    ],
)
def test_links(text: str, address: str, label: str) -> None:
    html = mrkdwn_to_html(text, VIEWER)
    assert address in html
    assert label in html


@pytest.mark.parametrize(
    "text", ["<javascript:alert(1)|x>", "<data:text/html,x>", "<foo|bar>", "<>"]
)
def test_what_is_no_control_is_shown_as_typed(text: str) -> None:
    html = mrkdwn_to_html(text, VIEWER)
    assert "href" not in html
    assert unescape(html) == text


def test_people_are_called_by_their_names_here() -> None:
    html = mrkdwn_to_html("<@U0SAM|old-name> <@U0PRIYA> <@U0WHO|who>", VIEWER)
    assert html == (
        '<span class="mention" data-user="U0SAM">@Sam &lt;Ortiz&gt;</span> '
        '<span class="mention mention-me" data-user="U0PRIYA">@Priya Nair</span> '
        '<span class="mention" data-user="U0WHO">@who</span>'
    )


def test_a_channel_is_a_link_only_for_who_may_see_it() -> None:
    assert mrkdwn_to_html("<#C0GENERAL>", VIEWER) == (
        '<a class="mention" href="/p/U0PRIYA/c/C0GENERAL">#general</a>'
    )
    assert mrkdwn_to_html("<#C0SECRET>", VIEWER) == '<span class="mention">#private channel</span>'


@pytest.mark.parametrize("audience", ["here", "channel", "everyone"])
def test_a_call_to_all_is_live_only_in_brackets_or_unguarded_text(audience: str) -> None:
    live = f'data-broadcast="{audience}"'
    assert live in mrkdwn_to_html(f"<!{audience}>", VIEWER, verbatim=True)
    assert live in mrkdwn_to_html(f"<!{audience}|{audience}>", VIEWER)
    assert live in mrkdwn_to_html(f"hi @{audience}!", VIEWER)
    assert live not in mrkdwn_to_html(f"hi @{audience}!", VIEWER, verbatim=True)
    assert live not in mrkdwn_to_html(f"hi @{audience}!", VIEWER, parse_names=False)
    assert live not in mrkdwn_to_html(f"&lt;!{audience}&gt;", VIEWER)
    assert live not in plain_to_html(f"<!{audience}> @{audience}")


def test_verbatim_text_has_no_links_but_those_in_brackets() -> None:
    html = mrkdwn_to_html("https://a.example <https://b.example> #general", VIEWER, verbatim=True)
    assert html.count("href") == 1
    assert 'href="https://b.example"' in html


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_num} {time}", "2026-07-06 9:30 AM"),
        ("{date_short_pretty} at {time_secs}", "today at 9:30:00 AM"),
        ("{date_long}", "Monday, 6 July 2026"),
        ("{ago}", "3 hours ago"),
        ("*{date}*", "*6 July 2026*"),
    ],
)
def test_dates_are_in_the_reader_s_zone(form: str, shown: str) -> None:
    html = mrkdwn_to_html(f"<!date^{AT}^{form}|then>", VIEWER)
    assert f">{shown}</time>" in html
    assert 'datetime="2026-07-06T09:30:00+01:00"' in html


@pytest.mark.parametrize(
    "date", [f"<!date^{AT}^{{moon}}|then>", "<!date^999999999999^{date}|then>"]
)
def test_a_date_that_makes_no_sense_shows_its_fallback(date: str) -> None:
    assert mrkdwn_to_html(date, VIEWER) == "then"


def test_a_date_may_be_a_link_but_not_to_a_script() -> None:
    linked = mrkdwn_to_html(f"<!date^{AT}^{{date}}^https://example.com|then>", VIEWER)
    assert 'href="https://example.com"' in linked
    assert "href" not in mrkdwn_to_html(f"<!date^{AT}^{{date}}^javascript:x|then>", VIEWER)


def test_emoji_are_read_aloud_by_name() -> None:
    for html in (mrkdwn_to_html("done :white_check_mark:", VIEWER), plain_to_html("done :tada:")):
        assert 'role="img" aria-label="' in html
    assert 'aria-label="white check mark"' in mrkdwn_to_html(":white_check_mark:", VIEWER)
    assert plain_to_html(":tada:", emoji=False) == ":tada:"


def test_plain_text_is_plain() -> None:
    assert plain_to_html("*a* <b> &amp;\nnext") == "*a* &lt;b&gt; &amp;amp;<br>next"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=-2), "in 2 hours"),
        (timedelta(days=3, hours=5), "3 days ago"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    assert ago(passed) == words


# Whatever people type

ALLOWED_TAGS = {"a", "strong", "em", "s", "code", "pre", "blockquote", "br", "span", "time"}
ALLOWED_TAGS |= {"svg", "title", "path", "rect", "circle", "ellipse", "g"}
VOID_TAGS = {"br", "path", "rect", "circle", "ellipse"}


class Tags(HTMLParser):
    """Reads HTML as a browser would, and fails on anything that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS
        for name, value in attributes:
            assert not name.startswith("on")
            assert name != "style"
            if name == "href":
                assert (value or "").lower().startswith(("http", "mailto:", "tel:", "/p/"))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_TAGS:
            assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def check(html: str) -> None:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []


PIECES = st.sampled_from(
    [
        *(
            "*",
            "_",
            "~",
            "`",
            "```",
            ">",
            "&gt;",
            ">>>",
            "\n",
            " ",
            "|",
            "^",
            ":",
            '"',
            "'",
            "&",
            "\\",
        ),
        *(
            "<",
            "</",
            "<script>",
            "<img src=x onerror=y>",
            "<!--",
            "<!here>",
            "<!channel|",
            "<@U0SAM>",
        ),
        *(
            "<#C0GENERAL|",
            "<https://e.com/",
            "<javascript:",
            "https://e.com/",
            "<!date^1^{date}^",
            "&lt;",
        ),
        *(
            "@here",
            "#general",
            ":tada:",
            "a",
            "Ünï",
            "\u202e",
            "\x00",
            "]]>",
            "{date}",
            "<!subteam^S1|",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_nothing_that_people_type_becomes_a_tag(text: str) -> None:
    check(mrkdwn_to_html(text, VIEWER))
    check(mrkdwn_to_html(text, VIEWER, verbatim=True))
    check(plain_to_html(text))


@given(st.text(st.characters(exclude_characters="*_~`:<>&@#/\n'\""), max_size=80))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert mrkdwn_to_html(text, VIEWER) == text


def test_the_longest_messages_of_unfinished_marks_are_drawn() -> None:
    for text in ("*a " * 13_000, "<" * 40_000, "`" * 40_000, "*<a" * 13_000, "```" * 13_000):
        check(mrkdwn_to_html(text, VIEWER))
