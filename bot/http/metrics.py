"""Writes the report as Prometheus metrics. Labels are kinds and results, never members, texts or channels."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.database import Database
from bot.database.disk import Disk
from bot.failures import Failures
from bot.http.health_check import HealthReport, Stored
from bot.scheduler import Heartbeat
from bot.slack.receiving.payload_metrics import BOUNDS, PayloadMetrics


class Metrics:
    """All metrics of the bot, in Prometheus' text format."""

    def __init__(
        self, *, heartbeat: Heartbeat, payload_metrics: PayloadMetrics, database: Database
    ) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._ours = _Ours(heartbeat, payload_metrics, database)
        self._registry.register(self._ours)

    def text(self, report: HealthReport) -> bytes:
        """Return the metrics with the values of this report."""
        self._ours.report = report
        return generate_latest(self._registry)


class _Ours(Collector):
    """Reads the bot's own counts at the moment that Prometheus collects them."""

    def __init__(
        self, heartbeat: Heartbeat, payload_metrics: PayloadMetrics, database: Database
    ) -> None:
        self.report: HealthReport | None = None
        self._heartbeat = heartbeat
        self._payload_metrics = payload_metrics
        self._database = database

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily(
            "basecoach_build", "The running release.", {"version": version("basecoach")}
        )
        if self.report is not None:
            yield from _of_vitals(self.report)
        yield from _of_beats(self._heartbeat)
        yield from _of_payloads(self._payload_metrics)
        yield from _of_connections(self._payload_metrics)
        yield from _of_failures(self._payload_metrics.failures, self._database.write_failures())


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"basecoach_{name}", words, value=value)


def _of_vitals(report: HealthReport) -> Iterator[Metric]:
    yield _gauge("ready", "Whether /readyz says ready.", float(not report.problems))
    connected = GaugeMetricFamily(
        "basecoach_slack_connected",
        "Whether Slack can reach the bot, as far as this end can tell.",
        labels=["transport"],
    )
    connected.add_metric([report.transport], float(report.connected))
    yield connected
    yield _gauge(
        "slack_cut_off_seconds",
        "For how long there has been no connection to Slack.",
        report.cut_off_seconds,
    )
    yield CounterMetricFamily(
        "basecoach_slack_reconnects",
        "How often the connection to Slack was opened anew.",
        value=report.reconnects,
    )
    if report.tick_seconds_ago is not None:
        yield _gauge(
            "last_tick_timestamp_seconds",
            "When a tick last went well.",
            time.time() - report.tick_seconds_ago,
        )
    if report.last_delivery_at is not None:
        yield _gauge(
            "last_delivery_timestamp_seconds",
            "When Slack last took a message.",
            report.last_delivery_at.timestamp(),
        )
    yield _gauge(
        "clock_jump_hold",
        "Whether everything is held back because the clock was set.",
        float(report.holding_back),
    )
    yield _gauge("database_up", "Whether the database answers.", float(report.stored is not None))
    if report.stored is not None:
        yield _gauge(
            "database_writable",
            "Whether the database took the last write that readiness tried.",
            float(report.unwritable is None),
        )
        if report.stored.disk is not None:
            yield from _of_disk(report.stored.disk)
        yield from _of_outbox(report, report.stored)


def _of_disk(disk: Disk) -> Iterator[Metric]:
    yield _gauge(
        "database_disk_free_bytes", "What is left on the disk of the SQLite database.", disk.free
    )
    yield _gauge("database_bytes", "The size of the SQLite database.", disk.database)


def _of_outbox(report: HealthReport, stored: Stored) -> Iterator[Metric]:
    yield _gauge("outbox_due", "Messages that are due and not delivered.", stored.backlog.due)
    yield _gauge(
        "outbox_oldest_due_seconds",
        "For how long the oldest of them has been due.",
        report.oldest_due_seconds,
    )
    yield _gauge(
        "outbox_given_up",
        "Messages that could not be delivered and are not tried again.",
        stored.backlog.given_up,
    )
    why = GaugeMetricFamily(
        "basecoach_outbox_given_up_by_reason",
        "The same by what they show and by the reason, which is mostly a code of Slack's.",
        labels=["surface", "reason"],
    )
    for surface, reason, count in stored.backlog.reasons:
        why.add_metric([surface, reason], count)
    yield why
    if stored.skew_seconds is not None:
        yield _gauge(
            "database_clock_skew_seconds",
            "How far the database's clock is ahead of this machine's.",
            stored.skew_seconds,
        )


def _of_beats(heartbeat: Heartbeat) -> Iterator[Metric]:
    beats = CounterMetricFamily(
        "basecoach_beats", "Beats by name and how they ended.", labels=["beat", "result"]
    )
    for labels, count in heartbeat.beats.items():
        beats.add_metric(labels, count)
    yield beats
    yield CounterMetricFamily(
        "basecoach_clock_jumps", "How often the clock was set.", value=heartbeat.guard.jumps
    )


def _of_payloads(payload_metrics: PayloadMetrics) -> Iterator[Metric]:
    payloads = CounterMetricFamily(
        "basecoach_payloads", "Payloads from Slack by kind and answer.", labels=["kind", "status"]
    )
    for (kind, status), count in payload_metrics.payloads.items():
        payloads.add_metric([kind, str(status)], count)
    yield payloads
    refused = CounterMetricFamily(
        "basecoach_requests_refused",
        "Requests that were refused before Bolt saw them, by status and reason.",
        labels=["status", "why"],
    )
    for (status, why), count in payload_metrics.refused.items():
        refused.add_metric([str(status), why], count)
    yield refused
    took = HistogramMetricFamily(
        "basecoach_payload_seconds",
        "How long payloads took to be answered; Slack waits 3 s.",
        labels=["kind"],
    )
    for kind, total in payload_metrics.seconds.items():
        sum_so_far = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip(BOUNDS, payload_metrics.buckets[kind], strict=True):
            sum_so_far += count
            buckets.append((str(bound), sum_so_far))
        everything = sum(n for (of, _), n in payload_metrics.payloads.items() if of == kind)
        took.add_metric([kind], [*buckets, ("+Inf", everything)], sum_value=total)
    yield took


def _of_connections(payload_metrics: PayloadMetrics) -> Iterator[Metric]:
    yield _gauge(
        "http_connections",
        "Connections that the server of HTTP mode holds.",
        len(payload_metrics.connections),
    )
    closed = CounterMetricFamily(
        "basecoach_http_connections_closed",
        "Connections that the server of HTTP mode closed by itself, by reason.",
        labels=["why"],
    )
    for why, count in payload_metrics.closed.items():
        closed.add_metric([why], count)
    yield closed


def _of_failures(failures: Failures, writes: Mapping[str, int]) -> Iterator[Metric]:
    failed = CounterMetricFamily(
        "basecoach_failures",
        "What failed because of the bot, its database or Slack, by part, kind and cause.",
        labels=["part", "kind", "cause"],
    )
    for labels, count in failures.counts.items():
        failed.add_metric(labels, count)
    yield failed
    failed_writes = CounterMetricFamily(
        "basecoach_write_failures", "Writes that the database did not take.", labels=["cause"]
    )
    for cause, count in writes.items():
        failed_writes.add_metric([cause], count)
    yield failed_writes
