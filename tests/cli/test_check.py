"""`reperibile check`: every check when all is well and when not, each with its cure, all against the stand-ins."""

import contextlib
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from command_line import SATURDAY_NIGHT, CommandLine, Done
from rich.console import Console
from sqlmodel import Session

from bot.checking import Check, table
from bot.checking.clocks import Reading, clock_check
from bot.checking.database import database_checks
from bot.checking.files import disk_checks, settings_checks
from bot.sandbox.faults import Fault
from bot.settings import load
from bot.store.db import Store
from bot.store.lock import Leadership
from bot.store.tables import Cursor, MentionRow, PersonRow, ReplyRow, TicketRow

MIB = 1024**2


def asked(shell: CommandLine, *more: str) -> list[dict[str, Any]]:
    """All checks, as JSON tells them."""
    done = shell.do("check", "--json", *more)
    checks: list[dict[str, Any]] = done.json["checks"]
    assert done.json["ok"] is (done.code == 0) is all(each["ok"] for each in checks)
    return checks


def named(checks: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [each for each in checks if each["name"] == name]
    return found


def wrong(checks: list[dict[str, Any]]) -> list[str]:
    """The names of what is wrong; nothing wrong goes without a cure."""
    bad = [each for each in checks if not each["ok"]]
    assert all(each["cure"] for each in bad), bad
    return [each["name"] for each in bad]


def stored(shell: CommandLine, *rows: object) -> None:
    """Put rows into the database."""

    def put(session: Session) -> None:
        for row in rows:
            session.merge(row)

    store = Store.open(f"sqlite:///{shell.folder}/reperibile.db")
    store.run_now(put)
    store.close()


def may(shell: CommandLine, handle: str, rights: str) -> None:
    """From now on X says this about the account's token."""
    accounts = shell.stage.x.accounts
    accounts[handle.lower()] = replace(accounts[handle.lower()], rights=rights)


# --- as a whole ------------------------------------------------------------------------------------------------------


def test_all_is_ready(ready: CommandLine) -> None:
    checks = asked(ready)
    assert wrong(checks) == []
    assert all(set(check) == {"name", "ok", "what", "cure"} for check in checks)
    well = {check["name"] for check in checks if not check["cure"]}
    assert well >= {
        "settings", "files", "database", "disk", "rota", "phones", "leads", "x @tim_official", "x @tim119giulia",
        "x rights @tim_official", "telegram", "telegram webhook", "telegram polling", "clock", "http", "price", "usage",
        "calendars",
    }  # fmt: skip


def test_a_person_reads_what_is_wrong_first(ready: CommandLine) -> None:
    good = ready.do("check")
    assert (good.code, good.out, "Ready to go on call" in good.err) == (0, "", True)
    may(ready, "TIM_Official", "read")
    bad = ready.do("check")
    assert (bad.code, bad.out) == (1, "")
    assert bad.err.startswith("✗ wrong: x rights @tim_official: may only read")
    assert "Not ready: 1 of" in bad.err


def test_on_a_terminal_it_is_a_table() -> None:
    written = StringIO()
    shown = [
        Check("disk", True, "room"),
        Check("rota", False, "none", "Write one."),
        Check("clock", True, "off", "Set."),
    ]
    table(shown, Console(file=written, force_terminal=True, width=60, color_system=None))
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    assert [line.split()[1:3] for line in lines if "→" not in line][:3] == [
        ["wrong", "rota"], ["look", "clock"], ["well", "disk"],
    ]  # fmt: skip
    assert any("→ Write one." in line for line in lines)
    assert lines[-1] == "Not ready: 1 of 3 checks say what is wrong."


def test_a_check_changes_nothing(shell: CommandLine) -> None:
    before = sorted(path.name for path in shell.folder.iterdir())
    done = shell.do("check")
    assert (done.code, done.out) == (1, "")
    assert "enroll marco" in done.err
    assert sorted(path.name for path in shell.folder.iterdir()) == before
    for request in shell.stage.record.to_json(0):
        assert request["method"] == "GET" or "/bot/get" in request["path"] or request["path"] == "/oauth2/token", (
            request
        )
        assert "offset" not in (request["body"] or {}), "that would confirm, and so forget, what phones sent"


def test_settings_that_cannot_be_read_are_the_only_finding(shell: CommandLine) -> None:
    shell.write_settings(WATCH="sometimes", REPLY_HOLD_S="soon")
    checks = asked(shell)
    assert wrong(checks) == ["settings", "settings"] == [check["name"] for check in checks]


# --- settings, files, disk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "name", "ok", "words"),
    [
        ({"DRY_RUN": "1"}, "settings", True, "posts nothing"),
        ({"X_POLL_S": "0.5"}, "settings", True, "used up early"),
        ({}, "settings", False, "Not set: TELEGRAM_TOKEN"),
        ({}, "addresses", True, "X and Telegram themselves"),
        ({"X_API_URL": "http://127.0.0.1:1"}, "addresses", False, "half a rehearsal"),
        (
            {"X_API_URL": "http://127.0.0.1:1", "TELEGRAM_API_URL": "http://127.0.0.1:1"},
            "addresses", True, "stand-ins on loopback",
        ),
        ({"X_API_URL": "https://x.example.org"}, "addresses", True, "neither X nor Telegram"),
        (
            {"X_API_URL": "http://[::1]:1", "TELEGRAM_API_URL": "http://localhost:1", "NOW_OFFSET_S": "60"},
            "settings", True, "this is a rehearsal",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)  # fmt: skip
def test_settings_that_can_be_read(keys: dict[str, str], name: str, ok: bool, words: str) -> None:
    found = [each for each in settings_checks(load(None, keys), None) if each.name == name and words in each.what]
    assert [each.ok for each in found] == [ok]
    assert bool(found[0].cure) == (words != "X and Telegram themselves")


def test_files_that_others_may_read(ready: CommandLine) -> None:
    for name in ("config.env", "reperibile.db"):
        (ready.folder / name).chmod(0o644)
    checks = asked(ready)
    assert wrong(checks) == ["files", "files"]
    assert all("chmod 600" in check["cure"] for check in checks if not check["ok"])


@pytest.mark.parametrize(("free", "ok", "cured"), [(100, False, True), (500, True, True), (2000, True, False)])
def test_a_disk_that_is_nearly_full(tmp_path: Path, free: int, ok: bool, cured: bool) -> None:
    settings = load(None, {"DATABASE_URL": f"sqlite:///{tmp_path}/reperibile.db"})
    (found,) = disk_checks(settings, free * MIB)
    assert (found.ok, bool(found.cure)) == (ok, cured)
    assert f"{free} MiB" in found.what


# --- database --------------------------------------------------------------------------------------------------------


def test_a_database_that_is_not_there_yet(shell: CommandLine) -> None:
    found = named(asked(shell), "database")
    assert (found["ok"], "the first start makes it" in found["what"]) == (True, True)
    shell.write_settings(DATABASE_URL=f"sqlite:///{shell.folder}/nowhere/reperibile.db")
    found = named(asked(shell), "database")
    assert (found["ok"], found["cure"]) == (False, f"mkdir -p {shell.folder}/nowhere")


def test_a_file_that_is_no_database(shell: CommandLine) -> None:
    (shell.folder / "reperibile.db").write_bytes(b"this is a letter, no database" * 200)
    (shell.folder / "reperibile.db").chmod(0o600)
    assert "database" in wrong(asked(shell))


def test_a_database_on_a_network_disk(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/export {tmp_path} nfs4 rw 0 0\n")
    settings = load(None, {"DATABASE_URL": f"sqlite:///{tmp_path}/reperibile.db"})
    (found,) = database_checks(settings, SATURDAY_NIGHT, mounts).checks
    assert (found.ok, "(nfs4)" in found.what, "local disk" in found.cure) == (False, True, True)


def test_a_database_this_user_may_not_write(ready: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root, as whom tests may run, is never refused.
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    found = [each for each in asked(ready) if each["name"] == "database" and not each["ok"]]
    assert ["chown" in each["cure"] for each in found] == [True]
    (ready.folder / "reperibile.db").unlink()
    assert "may not write in" in named(asked(ready), "database")["what"]


def test_a_newer_database_is_left_alone(ready: CommandLine) -> None:
    store = Store.open(f"sqlite:///{ready.folder}/reperibile.db")
    store.run_now(
        lambda session: session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='later'")
    )
    store.close()
    checks = asked(ready)
    assert wrong(checks)[0] == "database"
    assert "newer" in named(checks, "database")["what"]
    assert "Traceback" not in ready.do("run").err


@pytest.fixture
def on_call(ready: CommandLine) -> Iterator[CommandLine]:
    """Another process, so it seems, runs on this database."""
    leadership = Leadership(f"sqlite:///{ready.folder}/reperibile.db")
    assert leadership.try_acquire()
    yield ready
    leadership.release()


def test_beside_a_running_service(on_call: CommandLine) -> None:
    """Its poll must not be cut off by ours: who hears the phones is asked of the database."""
    checks = asked(on_call)
    assert "is on call on this database" in named(checks, "service")["what"]
    assert wrong(checks) == []
    assert on_call.stage.record.of("* /bot/getUpdates") == []
    stored(on_call, Cursor(name="telegram", good_at=SATURDAY_NIGHT - timedelta(minutes=20.5), fails=7))
    found = named(asked(on_call), "service")
    assert (found["ok"], "has not heard Telegram for 20 minutes" in found["what"]) == (False, True)
    assert "telegram polling" in found["cure"]


# --- rota and phones -------------------------------------------------------------------------------------------------


def test_no_rota_and_a_broken_one(ready: CommandLine) -> None:
    path = ready.folder / "rota.toml"
    path.write_text('timezone = "Moon/Sea"\n')
    assert set(wrong(asked(ready))) == {"rota"}
    path.unlink()
    found = named(asked(ready), "rota")
    assert (found["ok"], "Copy rota.example.toml" in found["cure"]) == (False, True)


def test_a_hole_now_and_one_ahead(ready: CommandLine) -> None:
    path = ready.folder / "rota.toml"
    text = path.read_text()
    (layer,) = [line for line in text.splitlines() if line.startswith("windows")][:1]
    path.write_text(text.replace(layer, 'windows = ["mon-thu 18:00-09:00"]', 1))
    now = named(asked(ready), "rota gap")
    assert (now["ok"], "/override" in now["cure"], "nobody is on duty now" in now["what"]) == (False, True, True)
    path.write_text(text.replace(layer, 'windows = ["fri 18:00 - mon 09:00"]', 1))
    ahead = named(asked(ready), "rota gap")
    assert (ahead["ok"], "/override" in ahead["cure"], "first: Mon" in ahead["what"]) == (True, True, True)


def test_a_file_that_differs_from_the_rota_in_force(ready: CommandLine) -> None:
    assert ready.do("rota", "import", "rota.toml").code == 0
    with (ready.folder / "rota.toml").open("a") as file:
        file.write("# another thought\n")
    assert [c for c in asked(ready) if c["name"] == "rota" and "rota import rota.toml" in c["cure"] and c["ok"]]


@pytest.mark.parametrize(
    ("change", "words", "cure"),
    [
        ({"user_id": None}, "has no linked phone", "reperibile enroll giulia"),
        ({"locked_at": SATURDAY_NIGHT}, "locked out", "reperibile enroll giulia"),
        ({"confirmed": False}, "no lead has confirmed", "presses Confirm"),
        ({"unreachable_since": SATURDAY_NIGHT}, "blocks the bot", "press Restart"),
    ],
)
def test_a_phone_on_duty_that_cannot_be_rung(ready: CommandLine, change: dict[str, Any], words: str, cure: str) -> None:
    row = {"id": "giulia", "user_id": 1001, "enrolled_at": SATURDAY_NIGHT, "confirmed": True} | change
    stored(ready, PersonRow(**row))
    checks = asked(ready)
    found = named(checks, "phone of giulia")
    assert wrong(checks) == ["phone of giulia"]
    assert "is on duty now" in found["what"]
    assert words in found["what"]
    assert cure in found["cure"]


def test_no_lead_can_be_rung(ready: CommandLine) -> None:
    stored(ready, PersonRow(id="marco", user_id=1004, locked_at=SATURDAY_NIGHT))
    found = named(asked(ready), "leads")
    assert (found["ok"], "reperibile enroll marco" in found["cure"]) == (False, True)


def test_somebody_without_a_phone_who_is_not_on_duty_yet(ready: CommandLine) -> None:
    text = (ready.folder / "rota.toml").read_text()
    (ready.folder / "rota.toml").write_text(f'{text}\n[people.nora]\nname = "Nora Neri"\nsignature = "NN"\n')
    (found,) = [each for each in asked(ready) if each["name"] == "phones" and each["cure"]]
    assert (found["ok"], "nora" in found["what"], "enroll nora" in found["cure"]) == (True, True, True)


def test_keys_of_another_account_and_of_none(ready: CommandLine) -> None:
    giulias = {f"X_TOKEN{kind}_TIM_OFFICIAL": ready.settings[f"X_TOKEN{kind}_TIM119GIULIA"] for kind in ("", "_SECRET")}
    gone = dict.fromkeys(("X_TOKEN_TIM119GIULIA", "X_TOKEN_SECRET_TIM119GIULIA"), "")
    fabio = {"X_TOKEN_TELECOM187FABIO": "sandbox-token-telecom187fabio"}
    fabio["X_TOKEN_SECRET_TELECOM187FABIO"] = "sandbox-secret-telecom187fabio"
    ready.write_settings(**giulias, **gone, **fabio)
    checks = asked(ready)
    assert wrong(checks) == ["account @TIM119Giulia", "x @tim_official"]
    assert "belong to @TIM119Giulia" in named(checks, "x @tim_official")["what"]
    assert named(checks, "account @telecom187fabio")["cure"]


# --- X ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "status", "words"),
    [
        ("GET /2/users/me", 401, "refuses these keys"),
        ("GET /2/users/me", 402, "no credits"),
        ("GET /2/users/me", 403, "does not let this app"),
        ("GET /2/users/me", 429, "rate limit"),
        ("GET /2/users/me", 503, "does not answer properly"),
        ("* /bot/getMe", 401, "does not know this token"),
        ("* /bot/getMe", 429, "asks us to wait"),
        ("* /bot/getMe", 502, "does not answer properly"),
    ],
)
def test_what_the_others_refuse_is_said_in_words(ready: CommandLine, match: str, status: int, words: str) -> None:
    body = {"ok": False, "error_code": status, "description": "no", "detail": "no", "title": "no"}
    if status == 429:
        body["parameters"] = {"retry_after": 1}
    ready.stage.add_faults(Fault(match, times=None, status=status, body=body))
    bad = [check for check in asked(ready) if not check["ok"]]
    assert bad
    assert all(words in check["what"] and check["cure"] for check in bad), bad


def test_outside_out_of_reach_is_found_quickly(ready: CommandLine) -> None:
    """A door that is shut is told; all the others are still looked at."""
    ready.write_settings(X_API_URL="http://127.0.0.1:9", TELEGRAM_API_URL="http://127.0.0.1:9")
    checks = asked(ready)
    assert set(wrong(checks)) == {"telegram", "x @tim_official", "x @tim119giulia"}
    assert "not compared" in named(checks, "clock")["what"]


def test_a_token_that_may_only_read(ready: CommandLine) -> None:
    may(ready, "TIM_Official", "read")
    may(ready, "TIM119Giulia", "")
    checks = asked(ready)
    assert wrong(checks) == ["x rights @tim_official"]
    assert "only then make new tokens" in named(checks, "x rights @tim_official")["cure"]
    silent = named(checks, "x rights @tim119giulia")
    assert (silent["ok"], "did not say" in silent["what"], "test post" in silent["cure"]) == (True, True, True)


def test_what_the_last_day_cost(ready: CommandLine) -> None:
    """Four posts of two authors, a reply without a link and one with: by the prices published."""
    recently, long_ago = SATURDAY_NIGHT - timedelta(hours=2), SATURDAY_NIGHT - timedelta(hours=30)
    stored(
        ready, _ticket(recently), *(_mention(n, 100 + n % 2, recently) for n in (1, 2, 3, 4)), _mention(5, 9, long_ago)
    )
    stored(ready, _reply(1, "Grazie, guardiamo subito ^GR", recently), _reply(2, "Ecco: https://tim.it ^GR", recently))
    stored(ready, _reply(3, "Ieri ^GR", long_ago))
    found = named(asked(ready), "price")
    assert found["what"].startswith(
        "about $0.25 at X in the last 24 hours, from our own records: 4 mentions read, 2 auth"
    )
    assert "twenty times" in found["cure"]


def test_what_x_itself_has_counted(ready: CommandLine) -> None:
    """X counts posts, in two shapes of which both are read; that it does not tell is no fault of ours."""
    assert "X has counted 0 posts" in named(asked(ready), "usage")["what"]
    today = SATURDAY_NIGHT.date().isoformat()
    old = {"daily_project_usage": [{"date": today, "usage": [{"app_id": "1", "tweets_consumed": 7}]}]}
    new = {"daily_project_usage": {"project_id": "1", "usage": [{"date": f"{today}T00:00:00.000Z", "usage": "7"}]}}
    for data in (old, new):
        ready.stage.add_faults(Fault("GET /2/usage/tweets", status=200, body={"data": data}))
        assert "X has counted 7 posts" in named(asked(ready), "usage")["what"]
    for refusal in (
        Fault("GET /2/usage/*", status=403, body={"detail": "no"}),
        Fault("POST /oauth2/*", status=200, body=[]),
    ):
        ready.stage.add_faults(refusal)
        checks = asked(ready)
        assert wrong(checks) == []
        assert "does not tell this app" in named(checks, "usage")["what"]


def _ticket(at: datetime) -> TicketRow:
    return TicketRow(
        id=1, account="TIM_Official", author_id=101, author="anna", state="claimed", urgency="urgent", line="187",
        opened_at=at, first_mention_at=at, last_mention_at=at, newest_mention_id=1,
    )  # fmt: skip


def _mention(number: int, author: int, at: datetime) -> MentionRow:
    return MentionRow(
        id=number, newest_id=number, account="TIM_Official", author_id=author, author=f"a{author}", author_name="A",
        text="ciao", conversation_id=number, created_at=at, seen_at=at,
    )  # fmt: skip


def _reply(number: int, text: str, at: datetime) -> ReplyRow:
    return ReplyRow(
        id=number, ticket_id=1, writer="giulia", account="TIM_Official", mention_id=1, parent_id=1, typed=text,
        text=text, state="posted", made_at=at, posted_at=at, x_id=number,
    )  # fmt: skip


# --- Telegram --------------------------------------------------------------------------------------------------------


def test_a_webhook_left_over_and_a_team_chat_nobody_knows(ready: CommandLine) -> None:
    info = {"ok": True, "result": {"url": "https://old.example.org/canary-path", "pending_update_count": 0}}
    ready.stage.add_faults(Fault("* /bot/getWebhookInfo", times=None, status=200, body=info))
    ready.write_settings(TEAM_CHAT_ID="-100123")
    checks = asked(ready)
    assert wrong(checks) == ["telegram webhook", "team chat"]
    hook = named(checks, "telegram webhook")
    assert "old.example.org" in hook["what"]
    assert "deleteWebhook" in hook["cure"]
    assert "canary" not in json.dumps(checks)


@pytest.mark.parametrize("in_a_file", [False, True], ids=["token", "token-file"])
def test_the_cure_of_a_webhook_can_be_pasted(ready: CommandLine, in_a_file: bool) -> None:
    """It asks for curl, which a test cannot rely on; what is handed to it is looked at."""
    if shutil.which("sh") is None:
        pytest.fail("every machine that runs this has sh")
    import subprocess

    token = ready.settings["TELEGRAM_TOKEN"]
    if in_a_file:
        (ready.folder / "token").write_text(token + "\n", encoding="utf-8")
        (ready.folder / "token").chmod(0o600)
        ready.write_settings(TELEGRAM_TOKEN="", TELEGRAM_TOKEN_FILE="token")
    info = {"ok": True, "result": {"url": "https://old.example.org/", "pending_update_count": 0}}
    ready.stage.add_faults(Fault("* /bot/getWebhookInfo", times=None, status=200, body=info))
    cure = named(asked(ready), "telegram webhook")["cure"]
    shell_line = cure.partition("run: ")[2].replace("curl -sK -", "cat")
    told = subprocess.run(["sh", "-c", shell_line], cwd=ready.folder, capture_output=True, text=True, check=True).stdout
    assert told == f"url={ready.address}/bot{token}/deleteWebhook\n"


def test_somebody_else_listens(ready: CommandLine) -> None:
    ready.stage.clear_faults()
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    body = {"ok": False, "error_code": 409, "description": words}
    ready.stage.add_faults(Fault("* /bot/getUpdates", times=None, status=409, body=body))
    checks = asked(ready)
    assert wrong(checks) == ["telegram polling"]
    assert "/revoke" in named(checks, "telegram polling")["cure"]


def test_the_bot_and_the_teams_group(ready: CommandLine) -> None:
    ready.stage.telegram.group(-100777, "Care on call")
    ready.stage.telegram.adds_bot(-100777, 1004)
    ready.write_settings(TEAM_CHAT_ID="-100777")
    _bot_says(ready, can_join_groups=True, can_read_all_group_messages=False)
    checks = asked(ready)
    assert wrong(checks) == []
    assert "“Care on call”" in named(checks, "team chat")["what"]
    assert "meant for it" in named(checks, "telegram groups")["what"]

    _bot_says(ready, can_join_groups=True, can_read_all_group_messages=True)
    assert "/setprivacy" in named(asked(ready), "telegram groups")["cure"]

    _bot_says(ready, can_join_groups=False, can_read_all_group_messages=False)
    checks = asked(ready)
    assert wrong(checks) == ["telegram groups"]
    assert "/setjoingroups" in named(checks, "telegram groups")["cure"]


def _bot_says(shell: CommandLine, **flags: bool) -> None:
    body = {"ok": True, "result": {"id": 110201543, "is_bot": True, "first_name": "R", "username": "r_bot", **flags}}
    silence = Fault("* /bot/getUpdates", times=None, status=200, body={"ok": True, "result": []})
    shell.stage.clear_faults()
    shell.stage.add_faults(silence, Fault("* /bot/getMe", times=None, status=200, body=body))


# --- clocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead_s", "ok", "cured"),
    [(0, True, False), (30, True, False), (-31, True, True), (31, True, True), (240, True, True), (241, False, True)],
)
def test_how_far_a_clock_may_be_off(ahead_s: int, ok: bool, cured: bool) -> None:
    reading = Reading("X", SATURDAY_NIGHT, SATURDAY_NIGHT + timedelta(seconds=ahead_s))
    found = clock_check([reading], shifted=False)
    assert (found.ok, bool(found.cure)) == (ok, cured)
    if cured:
        assert ("ahead of X's" if ahead_s > 0 else "behind X's") in found.what


def test_a_refusal_tells_the_time_too(ready: CommandLine) -> None:
    """A wrong clock is the very reason why X refuses signatures."""
    body = {"title": "Unauthorized", "detail": "Unauthorized"}
    late = {"date": "Sat, 28 Nov 2026 20:49:30 GMT"}
    ready.stage.add_faults(Fault("GET /2/users/me", times=None, status=401, headers=late, body=body))
    found = named(asked(ready), "clock")
    assert (found["ok"], "10 minutes ahead of X's" in found["what"]) == (False, True)
    assert "NOW_OFFSET_S" in found["cure"]


# --- around it -------------------------------------------------------------------------------------------------------


def test_the_port_of_health_is_free_taken_or_ours(ready: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ready.write_settings(HTTP_PORT=str(port))
    assert "is free" in named(asked(ready), "http")["what"]

    ready.write_settings(HTTP_PORT=ready.address.rpartition(":")[2])
    checks = asked(ready)
    assert wrong(checks) == ["http"]
    assert "another HTTP_PORT" in named(checks, "http")["cure"]

    with _no_http() as port:
        ready.write_settings(HTTP_PORT=str(port))
        assert "cannot be had" in named(asked(ready), "http")["what"]

    ready.write_settings(HTTP_PORT=ready.address.rpartition(":")[2])
    health = {"ok": False, "role": "leader", "database": True, "x": {}, "telegram": None, "version": "1"}
    ready.stage.add_faults(Fault("GET /healthz", times=None, status=503, body=health))
    assert "our own service" in named(asked(ready), "http")["what"]


@contextmanager
def _no_http() -> Iterator[int]:
    """A port where somebody answers who speaks no HTTP; gives its number."""

    def answer() -> None:
        with contextlib.suppress(OSError):
            taken, _ = listener.accept()
            with taken:
                taken.recv(1000)
                taken.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        speaks = threading.Thread(target=answer)
        speaks.start()
        yield listener.getsockname()[1]
        speaks.join()


def test_the_watcher_elsewhere(ready: CommandLine) -> None:
    assert "nobody is told" in named(asked(ready), "heartbeat")["what"]
    ready.write_settings(HEARTBEAT_URL=f"{ready.address}/canary-heartbeat")
    found = named(asked(ready), "heartbeat")
    assert (found["ok"], found["cure"]) == (True, "")
    assert ready.stage.record.of("* /canary*") == [], "a call would say that all is well"
    ready.write_settings(HEARTBEAT_URL="http://127.0.0.1:9/canary-heartbeat")
    checks = asked(ready)
    assert wrong(checks) == ["heartbeat"]
    assert "canary" not in json.dumps(checks)
    ready.write_settings(HEARTBEAT_URL="https://watcher..example/canary-heartbeat")
    assert wrong(asked(ready)) == ["heartbeat"]


def test_addresses_of_the_last_resort_are_tried_on_apprise_alone(ready: CommandLine) -> None:
    assert "LAST_RESORT_URLS is empty" in named(asked(ready), "last resort")["what"]
    here = f"json://127.0.0.1:{ready.address.rpartition(':')[2]}/hook"
    ready.write_settings(LAST_RESORT_URLS=here)
    assert "--ring" in named(asked(ready), "last resort")["cure"]
    ready.write_settings(LAST_RESORT_URLS=f"{here} nonsense://canary-secret")
    checks = asked(ready)
    assert [c["what"] for c in checks if not c["ok"]] == ["address 2 of LAST_RESORT_URLS is none"]
    assert "canary" not in json.dumps(checks)
    assert ready.stage.record.of("POST /hook") == []


@pytest.mark.parametrize("option", ["--ring", "--send-test"])
def test_every_address_of_the_last_resort_is_rung_when_asked_for(ready: CommandLine, option: str) -> None:
    """Also those behind one that works: nobody else finds out that they do not."""
    port = ready.address.rpartition(":")[2]
    ready.write_settings(LAST_RESORT_URLS=" ".join(f"json://127.0.0.1:{port}/hook{n}" for n in (1, 2, 3)))
    for n in (1, 3):
        ready.stage.add_faults(Fault(f"POST /hook{n}", status=200, body={}))
    found = [check for check in asked(ready, option) if check["name"] == "last resort"]
    assert [(c["ok"], "took a test" in c["what"]) for c in found] == [(True, True), (False, False), (True, True)]
    assert "Nothing is wrong" in json.dumps([sent.body for sent in ready.stage.record.of("POST /hook3")])


def test_no_trace_in_any_answer(ready: CommandLine) -> None:
    done: Done = ready.do("check", "--json", DATABASE_URL="postgresql://reperibile:canary@127.0.0.1:9/reperibile")
    assert "database" in wrong(done.json["checks"])
    assert "canary" not in done.out + done.err
