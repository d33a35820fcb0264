"""docs/alarms.md and the rules for Prometheus know what /readyz and /metrics really say."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace

from bot import failures
from bot.database.failures import WORDS
from bot.http import health_check
from bot.http.connections import Reason
from bot.http.metrics import Metrics
from tests.deploy.yaml_files import documents
from tests.http.watching import Ward
from tests.repository import ROOT

ALARMS = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")


def rows(heading: str) -> set[str]:
    """What stands in the first column of the table below a heading."""
    section = ALARMS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


async def names(ward: Ward) -> set[str]:
    """The names of all metrics, with those that only PostgreSQL or a delivery brings."""
    check = ward.health_check()
    report = await check.look()
    assert report.stored is not None
    report = replace(
        report,
        last_delivery_at=ward.clock.now(),
        stored=replace(report.stored, skew_seconds=0.0),
    )
    metrics = Metrics(
        heartbeat=ward.heartbeat, payload_metrics=ward.payload_metrics, database=ward.database
    )
    text = metrics.text(report).decode()
    return set(re.findall(r"^# TYPE (basecoach_\w+) ", text, re.MULTILINE))


async def test_every_metric_is_in_the_book_and_no_other(ward: Ward) -> None:
    assert rows("Every metric") == await names(ward)


async def test_every_rule_asks_for_metrics_that_there_are(ward: Ward) -> None:
    known = await names(ward)
    (rules,) = documents(ROOT / "deploy" / "prometheus-rules.yaml")
    alarms = [rule for group in rules["groups"] for rule in group["rules"]]
    for alarm in alarms:
        asked = set(re.findall(r"\bbasecoach_\w+", alarm["expr"]))
        assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} <= known
        assert alarm["annotations"]["summary"]
        parts = re.findall(r'part="(\w+)"', alarm["expr"])
        assert set(parts) <= {failures.LISTENER, failures.ROW}
    reasons = {reason.value for reason in Reason}
    assert {"crowded", "busy"} <= reasons
    assert rows("What the alarms ask for") == {alarm["alert"] for alarm in alarms}


def test_every_cause_is_in_the_book() -> None:
    assert rows("Why the database fails") == set(WORDS)


def test_every_problem_is_in_the_book() -> None:
    told = rows("What /readyz says")
    assert told == {*problems(), *(f"{part} in the last 120 s (…)." for part in parts())}


def parts() -> list[str]:
    return list(health_check._PARTS.values())


def problems() -> set[str]:
    """Every sentence in the source that is put among the problems, with … for what is filled in."""
    tree = ast.parse(inspect.getsource(health_check))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            taken = node.args if node.func.attr == "append" else []
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.List):
            taken = node.value.elts
        else:
            continue
        for text in taken:
            found |= {sentence(text)} - {"… in the last … s (…).", ""}
    return found


def sentence(text: ast.expr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    if not isinstance(text, ast.JoinedStr):
        return ""
    pieces = [str(each.value) if isinstance(each, ast.Constant) else "…" for each in text.values]
    return "".join(pieces).replace("….", "….")
