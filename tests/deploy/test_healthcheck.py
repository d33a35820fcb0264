"""The container's health check asks where the settings say, and ends as Docker wants it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.repository import ROOT

SCRIPT = ROOT / "deploy" / "healthcheck.py"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where somebody answers /healthz."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def check(**environment: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-S", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stderr


def test_it_asks_the_port_that_is_set(port: int) -> None:
    everywhere = {
        "BASECOACH_METRICS_HOST": "0.0.0.0",  # noqa: S104
        "http_proxy": "http://127.0.0.1:9",
    }
    assert check(BASECOACH_METRICS_PORT=str(port), **everywhere) == (0, "")


def test_it_says_who_does_not_answer() -> None:
    code, said = check(BASECOACH_METRICS_PORT="1", BASECOACH_METRICS_HOST="::")
    assert code == 1
    assert said.startswith("http://[::1]:1/healthz: ")
    assert "Traceback" not in said


@pytest.mark.parametrize("value", ["x", "-1", "99999999"])
def test_a_port_that_is_none_is_no_health(value: str) -> None:
    code, said = check(BASECOACH_METRICS_PORT=value)
    assert code == 1
    assert "Traceback" not in said


def test_where_no_health_is_served_there_is_nothing_to_ask() -> None:
    assert check(BASECOACH_METRICS_PORT="") == (0, "")


def test_it_uses_nothing_but_the_standard_library() -> None:
    imports = [line for line in Path(SCRIPT).read_text("utf-8").splitlines() if "import " in line]
    assert {line.split()[1].split(".")[0] for line in imports} <= {
        "__future__",
        "collections",
        "http",
        "os",
        "sys",
        "urllib",
    }
