"""Every command to its end: what it answers, how it fails, and that no secret leaves it."""

import re
import socket
from pathlib import Path

import pytest
from command_line import SECRETS, CommandLine

from bot.sandbox.faults import Fault


def check_names(found: dict[str, object], *, ok: bool) -> list[str]:
    checks = found["checks"]
    assert isinstance(checks, list)
    return [check["name"] for check in checks if check["ok"] is ok]


def no_trace(text: str) -> bool:
    return "Traceback" not in text and "Error:" not in text


def test_without_arguments_it_says_what_it_can(shell: CommandLine) -> None:
    done = shell.do()
    said = done.out + done.err
    for command in ("demo", "run", "check", "enroll", "lock", "tickets", "triage", "rota"):
        assert re.search(rf"\b{command}\b", said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("run", "--nonsense"),
        ("enroll",),
        ("lock",),
        ("demo", "--port", "many"),
        ("demo", "--port", "70000"),
        ("check", "extra"),
        ("triage",),
        ("rota", "who"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    done = shell.do(*arguments)
    assert (done.code, done.out) == (2, "")
    assert no_trace(done.err)


def test_the_version(shell: CommandLine) -> None:
    done = shell.do("--version")
    assert (done.code, bool(re.fullmatch(r"\d+\.\d+\.\d+\S*\n", done.out))) == (0, True)


@pytest.mark.parametrize(
    "arguments", [("run",), ("enroll", "marco"), ("lock", "marco"), ("tickets", "--json"), ("rota", "history")]
)
def test_wrong_settings_are_said_plainly(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    shell.write_settings(REPLY_HOLD_S="soon", X_TOKEN_SECRET_TIM_OFFICIAL="")
    done = shell.do(*arguments)
    assert (done.code, done.out) == (1, "")
    assert "REPLY_HOLD_S=soon" in done.err
    assert "X_TOKEN_SECRET_TIM_OFFICIAL" in done.err
    assert no_trace(done.err)


def test_run_needs_its_keys(shell: CommandLine) -> None:
    shell.write_settings(TELEGRAM_TOKEN="", X_CONSUMER_KEY="")
    done = shell.do("run")
    assert done.code == 1
    assert "Not set: TELEGRAM_TOKEN, X_CONSUMER_KEY" in done.err
    assert no_trace(done.err)


@pytest.mark.parametrize(
    ("rota", "said"), [(None, "rota.toml does not exist"), ('timezone = "Moon/Sea"\n', "rota.toml:1")]
)
def test_run_needs_a_rota(shell: CommandLine, rota: str | None, said: str) -> None:
    path = shell.folder / "rota.toml"
    path.unlink() if rota is None else path.write_text(rota)
    for arguments in (("run",), ("enroll", "marco")):
        done = shell.do(*arguments)
        assert (done.code, said in done.err, no_trace(done.err)) == (1, True, True), done.err


@pytest.mark.parametrize("bytes_", [b"this is a letter, no database" * 200])
def test_another_file_is_no_database(shell: CommandLine, bytes_: bytes) -> None:
    (shell.folder / "reperibile.db").write_bytes(bytes_)
    for arguments in (("tickets",), ("run",)):
        done = shell.do(*arguments)
        assert (done.code, "no SQLite database" in done.err, no_trace(done.err)) == (1, True, True), done.err
    found = (shell.do("check", "--json")).json
    assert "database" in check_names(found, ok=False)


def test_a_database_nobody_answers_for(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shell.write_settings(DATABASE_URL=f"postgresql://reperibile:canary-password@127.0.0.1:{port}/reperibile")
    for arguments in (("run",), ("tickets",)):
        done = shell.do(*arguments)
        assert (done.code, "cannot be used" in done.err, no_trace(done.err)) == (1, True, True), done.err
        assert "canary" not in done.err
    found = shell.do("check", "--json")
    assert "database" in check_names(found.json, ok=False)
    assert "canary" not in found.out + found.err


def test_ports_that_are_taken(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        demo = shell.do("demo", "--port", port)
        assert (demo.code, "--port 0" in demo.err, no_trace(demo.err)) == (1, True, True), demo.err
        shell.write_settings(HTTP_PORT=port)
        run = shell.do("run")
        assert (run.code, f"HTTP_PORT={port}" in run.err, no_trace(run.err)) == (1, True, True), run.err


def test_enrol_lock_and_list(shell: CommandLine) -> None:
    """On an empty database: the first lead is enrolled before anything has ever run."""
    plain = shell.do("enroll", "marco")
    assert plain.code == 0
    url, token = plain.out.splitlines()
    assert url == f"https://t.me/reperibile_bot?start={token}"
    assert re.fullmatch(r"[\w-]{22,64}", token)

    told = shell.do("enroll", "giulia", "--json")
    assert told.json == {
        "person": "giulia",
        "token": told.json["token"],
        "url": f"https://t.me/reperibile_bot?start={told.json['token']}",
    }

    locked = shell.do("lock", "giulia")
    assert (locked.code, locked.out, "giulia is locked out" in locked.err) == (0, "", True)

    for command in ("enroll", "lock"):
        nobody = shell.do(command, "nobody")
        assert (nobody.code, nobody.out, "giulia" in nobody.err, no_trace(nobody.err)) == (1, "", True, True)

    empty = shell.do("tickets", "--json")
    assert (empty.code, empty.out) == (0, "")
    shown = shell.do("tickets")
    assert (shown.code, shown.out, "urgency" in shown.err) == (0, "", True)


def test_enrolment_waits_for_no_telegram(shell: CommandLine) -> None:
    shell.write_settings(TELEGRAM_API_URL="http://127.0.0.1:9")
    done = shell.do("enroll", "marco")
    assert done.code == 0
    assert done.out.splitlines()[0].startswith("https://t.me/YOUR_BOT?start=")


def test_rota_commands_keep_their_streams(shell: CommandLine) -> None:
    asked = ("--rota", "primary", "--at", "2026-11-28T21:00:00Z")
    assert (shell.do("rota", "who", "rota.toml", *asked, "--json")).json["who"] == ["giulia"]
    assert (shell.do("rota", "who", "rota.toml", *asked)).out == "2026-11-28T21:00:00Z\tgiulia\n"
    imported = shell.do("rota", "import", "rota.toml")
    assert (imported.code, imported.out, "revision 1 is current" in imported.err) == (0, "", True)
    exported = shell.do("rota", "export")
    assert exported.out == (shell.folder / "rota.toml").read_text()
    assert (shell.do("rota", "history", "--json")).json[0]["revision"] == 1
    checked = shell.do("rota", "check", "--json")
    assert (checked.code, checked.json["ok"]) == (0, True)


def test_triage_answers_a_line_each(shell: CommandLine) -> None:
    (shell.folder / "mentions.jsonl").write_text('{"id": 1, "text": "@TIM_Official grazie!"}\n{"id": 2}\n')
    done = shell.do("triage", "mentions.jsonl")
    assert [line["id"] for line in done.lines] == [1, None]


@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("enroll", "marco"), ("enroll", "marco", "--json"), ("tickets",)]
)
def test_no_secret_leaves_a_command(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    """Also not when the outside echoes what it was sent."""
    echo = {"ok": False, "error_code": 400, "description": f"bad {SECRETS[0]}", "detail": f"bad {SECRETS[2]}"}
    shell.stage.add_faults(Fault("*", times=None, status=400, body=echo))
    done = shell.do(*arguments)
    leaked = [secret for secret in SECRETS if secret in done.out + done.err]
    assert leaked == []


def test_the_stand_ins_secrets_are_canaries() -> None:
    """The tests above look for these very texts, so they must be what the example hands out."""
    example = (Path(__file__).parents[2] / "config.example.env").read_text(encoding="utf-8")
    assert SECRETS[0] in example
    assert SECRETS[2] in example
