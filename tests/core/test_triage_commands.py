"""`reperibile triage` keeps its contract: order, shapes and exit codes that other tools rely on."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.core.mention import Urgency
from bot.core.triage import Judgement
from bot.core.triage_measure import Labelled, measure
from bot.triage_commands import answers, triage_command

app = typer.Typer()
app.command()(triage_command)
run = CliRunner()

LABELLED = [
    {"id": "a", "text": "il 112 non risponde", "lang": "it", "urgency": "critical", "line": "119"},
    {"id": "b", "text": "my bill is wrong", "lang": "en", "urgency": "normal", "line": "unknown"},
    {"id": "c", "text": "che bel gol", "lang": "it", "urgency": "noise", "line": "unknown"},
]


def lines_of(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def test_answers_keep_order_and_shape() -> None:
    result = run.invoke(app, ["-"], input=lines_of({"id": 7, "text": "il 112 non va"}, {"id": "x", "text": "ciao"}))
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first) == ["id", "urgency", "line", "score", "reasons"]
    assert (first["id"], first["urgency"]) == (7, "critical")
    assert (second["id"], second["urgency"], second["line"]) == ("x", "noise", "unknown")
    assert first["score"] > second["score"]


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[1]",
        '"text"',
        '{"id": 1}',
        '{"text": "a"}',
        '{"id": null, "text": "a"}',
        '{"id": 1, "text": 5}',
        "[" * 5000,
    ],
)
def test_a_bad_line_is_named_and_the_next_one_is_read(bad: str) -> None:
    result = run.invoke(app, ["-"], input=lines_of(bad, "", {"id": 2, "text": "ciao"}))
    assert result.exit_code == 1
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["id"] is None
    assert first["error"].startswith("line 1: ")
    assert second["id"] == 2


def test_bytes_that_are_no_text_do_not_stop_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1, "text": "ciao \xff"}\n{"id": 2, "text": "a\\ud800"}\n')
    result = run.invoke(app, [str(file)])
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 2]


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    result = run.invoke(app, [str(tmp_path / "none.jsonl")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Cannot read" in result.stderr


def test_no_file_is_said_plainly() -> None:
    result = run.invoke(app, [])
    assert result.exit_code == 2
    assert "which file" in result.stderr


def test_figures_have_the_promised_shape(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(lines_of(*LABELLED), encoding="utf-8")
    result = run.invoke(app, ["--eval", str(file), "--json"])
    assert result.exit_code == 0
    figures = json.loads(result.stdout)
    assert list(figures) == [
        "n",
        "alarm",
        "recall_at_fa",
        "critical_recall",
        "line_accuracy",
        "by_lang",
        "us_per_mention",
    ]
    assert figures["n"] == 3
    assert list(figures["alarm"]) == ["precision", "recall", "f1", "false_alarm_rate"]
    assert list(figures["recall_at_fa"]) == ["0.02", "0.05", "0.10"]
    assert sorted(figures["by_lang"]) == ["en", "it"]
    assert figures["alarm"]["recall"] == 1.0
    assert figures["by_lang"]["en"]["alarm"]["recall"] is None


def test_a_table_for_people(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(lines_of(*LABELLED), encoding="utf-8")
    result = run.invoke(app, ["--eval", str(file)])
    assert result.exit_code == 0
    assert "alarm recall" in result.stdout


def test_half_a_file_is_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text(lines_of(*LABELLED, {"id": "d", "text": "x", "urgency": "soon", "line": "119"}), encoding="utf-8")
    result = run.invoke(app, ["--eval", str(file), "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "line 4" in result.stderr


def test_another_judge_answers_in_the_same_shape() -> None:
    def other(text: str, lang: str = "und") -> Judgement:
        return Judgement(Urgency.URGENT, "191", 0.7, (f"U2 {lang}",))

    (answer,) = answers(['{"id": 1, "text": "a", "lang": "en"}'], by=other)
    assert answer == {"id": 1, "urgency": "urgent", "line": "191", "score": 0.7, "reasons": ["U2 en"]}


def judged(urgency: Urgency, score: float, line: str = "unknown") -> Judgement:
    return Judgement(urgency, line, score, ("X1 test",))


def test_figures_by_hand() -> None:
    """Four alarms and ten others; the second best of the others outranks one alarm."""
    rows = [Labelled("", "it", Urgency.CRITICAL, "119")] * 2 + [Labelled("", "it", Urgency.URGENT, "187")] * 2
    found = [judged(Urgency.CRITICAL, 0.9, "119"), judged(Urgency.URGENT, 0.8), judged(Urgency.URGENT, 0.6, "187")]
    found += [judged(Urgency.NORMAL, 0.3)]
    rows += [Labelled("", "it", Urgency.NOISE, "unknown")] * 10
    found += [judged(Urgency.URGENT, 0.7), judged(Urgency.NOISE, 0.4)] + [judged(Urgency.NOISE, 0.0)] * 8
    figures = measure(rows, found)
    assert (figures.precision, figures.recall, figures.false_alarm_rate) == (0.75, 0.75, 0.1)
    assert (figures.critical_recall, figures.line_accuracy) == (1.0, 0.5)
    assert figures.recall_at_false_alarm_rate == {0.02: 0.5, 0.05: 0.5, 0.10: 0.75}
