"""The alert rules and the dashboard: they ask for figures that the guide explains, by labels that these have.

Whether each alert fires when it should is in tests/alerts.yml, for Prometheus's own promtool where it is installed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from bot.metrics import Outcome
from bot.processes.observed import route_class
from postings.model import State
from postings.store.operating import WAITING

DOCS = Path(__file__).parent.parent / "docs"
RULES: list[dict[str, Any]] = yaml.safe_load((DOCS / "monitoring" / "alerts.yml").read_text("utf-8"))[
    "groups"
][0]["rules"]
BOARD: dict[str, Any] = json.loads((DOCS / "monitoring" / "dashboard.json").read_text("utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
VALUES: dict[tuple[str, str], set[str]] = {
    ("vigie_postings", "state"): set(State),
    ("vigie_outbox_rows", "state"): set(WAITING),
    ("vigie_looks_total", "outcome"): {"done", "failed"},
    ("vigie_deliveries_total", "outcome"): set(get_args(Outcome)),
    ("vigie_http_requests_total", "route"): {route_class("/readyz")},
}
"""What a label can be, where that is known beforehand."""


def _explained() -> dict[str, set[str]]:
    """The labels of each figure, as the guide has them (and tests/bot/test_metrics.py holds them to be true)."""
    guide = (DOCS / "operations.md").read_text("utf-8")
    rows = re.findall(r"^\| `(vigie_\w+)` \|([^|]*)\|", guide, re.M)
    known = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    known["vigie_look_seconds_bucket"] = known["vigie_look_seconds"] | {"le"}
    return known


def _expressions() -> Iterator[tuple[str, str]]:
    """Each with what it belongs to."""
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in PANELS:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), list(_expressions()))
def test_it_asks_for_figures_and_labels_that_there_are(where: str, expression: str) -> None:
    known = _explained()
    asked = re.findall(r"(vigie_\w+)(?:\{([^}]*)\})?", expression)
    assert asked
    for name, matchers in asked:
        assert name in known
        for label, value in re.findall(r'(\w+)(?:=|!=)"(\w+)"', matchers):
            assert label in known[name]
            assert value in VALUES[name, label]
    (name, _) = asked[0]
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        assert set(re.split(r", *", grouped)) <= known[name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_and_what_to_do_of_what_its_expression_keeps(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    kept = {
        label for labels in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in re.split(r", *", labels)
    }
    for text in (said["summary"], said["description"]):
        assert text.endswith(".")
        assert set(re.findall(r"\$labels\.(\w+)", text)) <= kept
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_dashboard_shows_every_figure_and_no_panel_covers_another() -> None:
    shown = {name for _, expression in _expressions() for name in re.findall(r"vigie_\w+", expression)}
    missing = {name for name in _explained() if not any(one.startswith(name) for one in shown)}
    assert not missing
    places: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        covered = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not covered & places
        assert max(x for x, _ in covered) < 24, "Grafana has 24 columns"
        places |= covered
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus")
def test_alerts_fire_when_they_should_and_only_then() -> None:
    cases = Path(__file__).with_name("alerts.yml")
    done = subprocess.run(["promtool", "test", "rules", str(cases)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
