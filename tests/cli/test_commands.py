"""Every command to its end: what it answers, how it fails, and that no secret leaves it."""

import asyncio
import re
import socket
from datetime import datetime
from pathlib import Path

import pytest
from command_line import SECRETS, CommandLine
from sqlmodel import Session

from bot.sandbox.faults import Fault
from bot.sandbox.stage import PEOPLE
from bot.store import people
from bot.store.db import Store
from bot.store.migrate import upgrade


def check_names(found: dict[str, object], *, ok: bool) -> list[str]:
    checks = found["checks"]
    assert isinstance(checks, list)
    return [check["name"] for check in checks if check["ok"] is ok]


def no_trace(text: str) -> bool:
    return "Traceback" not in text and "Error:" not in text


async def test_without_arguments_it_says_what_it_can(shell: CommandLine) -> None:
    done = await shell.do()
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
async def test_wrong_usage_is_2(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    done = await shell.do(*arguments)
    assert (done.code, done.out) == (2, "")
    assert no_trace(done.err)


async def test_the_version(shell: CommandLine) -> None:
    done = await shell.do("--version")
    assert (done.code, bool(re.fullmatch(r"\d+\.\d+\.\d+\S*\n", done.out))) == (0, True)


@pytest.mark.parametrize(
    "arguments", [("run",), ("enroll", "marco"), ("lock", "marco"), ("tickets", "--json"), ("rota", "history")]
)
async def test_wrong_settings_are_said_plainly(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    shell.write_settings(REPLY_HOLD_S="soon", X_TOKEN_SECRET_TIM_OFFICIAL="")
    done = await shell.do(*arguments)
    assert (done.code, done.out) == (1, "")
    assert "REPLY_HOLD_S=soon" in done.err
    assert "X_TOKEN_SECRET_TIM_OFFICIAL" in done.err
    assert no_trace(done.err)


async def test_run_needs_its_keys(shell: CommandLine) -> None:
    shell.write_settings(TELEGRAM_TOKEN="", X_CONSUMER_KEY="")
    done = await shell.do("run")
    assert done.code == 1
    assert "Not set: TELEGRAM_TOKEN, X_CONSUMER_KEY" in done.err
    assert no_trace(done.err)


@pytest.mark.parametrize(
    ("rota", "said"), [(None, "rota.toml does not exist"), ('timezone = "Moon/Sea"\n', "rota.toml:1")]
)
async def test_run_needs_a_rota(shell: CommandLine, rota: str | None, said: str) -> None:
    path = shell.folder / "rota.toml"
    path.unlink() if rota is None else path.write_text(rota)
    for arguments in (("run",), ("enroll", "marco")):
        done = await shell.do(*arguments)
        assert (done.code, said in done.err, no_trace(done.err)) == (1, True, True), done.err


@pytest.mark.parametrize("bytes_", [b"this is a letter, no database" * 200])
async def test_another_file_is_no_database(shell: CommandLine, bytes_: bytes) -> None:
    (shell.folder / "reperibile.db").write_bytes(bytes_)
    for arguments in (("tickets",), ("run",)):
        done = await shell.do(*arguments)
        assert (done.code, "no SQLite database" in done.err, no_trace(done.err)) == (1, True, True), done.err
    found = (await shell.do("check", "--json")).json
    assert "database" in check_names(found, ok=False)


async def test_a_database_nobody_answers_for(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shell.write_settings(DATABASE_URL=f"postgresql://reperibile:canary-password@127.0.0.1:{port}/reperibile")
    for arguments in (("run",), ("tickets",)):
        done = await shell.do(*arguments)
        assert (done.code, "cannot be used" in done.err, no_trace(done.err)) == (1, True, True), done.err
        assert "canary" not in done.err
    found = await shell.do("check", "--json")
    assert "database" in check_names(found.json, ok=False)
    assert "canary" not in found.out + found.err


async def test_ports_that_are_taken(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        demo = await shell.do("demo", "--port", port)
        assert (demo.code, "--port 0" in demo.err, no_trace(demo.err)) == (1, True, True), demo.err
        shell.write_settings(HTTP_PORT=port)
        run = await shell.do("run")
        assert (run.code, f"HTTP_PORT={port}" in run.err, no_trace(run.err)) == (1, True, True), run.err


async def test_enrol_lock_and_list(shell: CommandLine) -> None:
    """On an empty database: the first lead is enrolled before anything has ever run."""
    plain = await shell.do("enroll", "marco")
    assert plain.code == 0
    url, token = plain.out.splitlines()
    assert url == f"https://t.me/reperibile_bot?start={token}"
    assert re.fullmatch(r"[\w-]{22,64}", token)

    told = await shell.do("enroll", "giulia", "--json")
    assert told.json == {
        "person": "giulia",
        "token": told.json["token"],
        "url": f"https://t.me/reperibile_bot?start={told.json['token']}",
    }

    locked = await shell.do("lock", "giulia")
    assert (locked.code, locked.out, "giulia is locked out" in locked.err) == (0, "", True)

    for command in ("enroll", "lock"):
        nobody = await shell.do(command, "nobody")
        assert (nobody.code, nobody.out, "giulia" in nobody.err, no_trace(nobody.err)) == (1, "", True, True)

    empty = await shell.do("tickets", "--json")
    assert (empty.code, empty.out) == (0, "")
    shown = await shell.do("tickets")
    assert (shown.code, shown.out, "urgency" in shown.err) == (0, "", True)


async def test_enrolment_waits_for_no_telegram(shell: CommandLine) -> None:
    shell.write_settings(TELEGRAM_API_URL="http://127.0.0.1:9")
    done = await shell.do("enroll", "marco")
    assert done.code == 0
    assert done.out.splitlines()[0].startswith("https://t.me/YOUR_BOT?start=")


async def test_rota_commands_keep_their_streams(shell: CommandLine) -> None:
    asked = ("--rota", "primary", "--at", "2026-11-28T21:00:00Z")
    assert (await shell.do("rota", "who", "rota.toml", *asked, "--json")).json["who"] == ["giulia"]
    assert (await shell.do("rota", "who", "rota.toml", *asked)).out == "2026-11-28T21:00:00Z\tgiulia\n"
    imported = await shell.do("rota", "import", "rota.toml")
    assert (imported.code, imported.out, "revision 1 is current" in imported.err) == (0, "", True)
    exported = await shell.do("rota", "export")
    assert exported.out == (shell.folder / "rota.toml").read_text()
    assert (await shell.do("rota", "history", "--json")).json[0]["revision"] == 1
    checked = await shell.do("rota", "check", "--json")
    assert (checked.code, checked.json["ok"]) == (0, True)


async def test_triage_answers_a_line_each(shell: CommandLine) -> None:
    (shell.folder / "mentions.jsonl").write_text('{"id": 1, "text": "@TIM_Official grazie!"}\n{"id": 2}\n')
    done = await shell.do("triage", "mentions.jsonl")
    assert [line["id"] for line in done.lines] == [1, None]


# --- check -----------------------------------------------------------------------------------------------------------


def ready(shell: CommandLine) -> None:
    """Everything as it is on a good evening: the rota imported, every phone linked."""
    url = f"sqlite:///{shell.folder}/reperibile.db"
    upgrade(url)
    store = Store.open(url)

    def link(session: Session) -> None:
        for person, (user_id, _) in PEOPLE.items():
            people.link(session, person, user_id, datetime.fromisoformat("2026-11-01T00:00:00Z"), confirmed=True)

    store.run_now(link)
    store.close()


async def test_all_is_ready(shell: CommandLine) -> None:
    ready(shell)
    done = await shell.do("check", "--json")
    assert check_names(done.json, ok=False) == []
    assert (done.code, done.json["ok"]) == (0, True)
    assert all(set(check) == {"name", "ok", "what", "cure"} for check in done.json["checks"])
    names = check_names(done.json, ok=True)
    assert {"settings", "files", "database", "rota", "phones", "leads", "telegram"} <= set(names)
    assert {"x @tim_official", "x @tim119giulia"} <= set(names)

    shown = await shell.do("check")
    assert (shown.code, shown.out, "Ready to go on call" in shown.err) == (0, "", True)


async def test_a_check_changes_nothing(shell: CommandLine) -> None:
    before = sorted(path.name for path in shell.folder.iterdir())
    done = await shell.do("check")
    assert (done.code, done.out) == (1, "")
    assert "enroll marco" in done.err
    assert sorted(path.name for path in shell.folder.iterdir()) == before
    asked = {f"{request['method']} {request['path']}" for request in shell.stage.record.to_json(0)}
    assert not [each for each in asked if re.search(r"POST /2|send|edit|set|delete|getUpdates", each)], asked


async def test_settings_that_cannot_be_read_are_the_only_finding(shell: CommandLine) -> None:
    shell.write_settings(WATCH="sometimes", REPLY_HOLD_S="soon")
    done = await shell.do("check", "--json")
    assert (done.code, check_names(done.json, ok=False), check_names(done.json, ok=True)) == (1, ["settings"] * 2, [])
    assert all(check["cure"] for check in done.json["checks"])


@pytest.mark.parametrize(
    ("match", "status", "words"),
    [
        ("GET /2/users/me", 401, "refuses these keys"),
        ("GET /2/users/me", 402, "no credits"),
        ("GET /2/users/me", 503, "does not answer properly"),
        ("* /bot/getMe", 401, "does not know this token"),
        ("* /bot/getMe", 502, "does not answer properly"),
    ],
)
async def test_what_the_others_refuse_is_said_in_words(shell: CommandLine, match: str, status: int, words: str) -> None:
    ready(shell)
    body = {"ok": False, "error_code": status, "description": "no", "detail": "no", "title": "no"}
    shell.stage.add_faults(Fault(match, times=None, status=status, body=body))
    done = await shell.do("check", "--json")
    wrong = [check for check in done.json["checks"] if not check["ok"]]
    assert done.code == 1
    assert wrong
    assert all(words in check["what"] and check["cure"] for check in wrong), wrong


async def test_outside_out_of_reach_is_found_quickly(shell: CommandLine) -> None:
    """A door that hangs is given up; all the others are still looked at."""
    ready(shell)
    shell.stage.add_faults(Fault("* /bot/*", times=None, delay_s=60))
    shell.write_settings(X_API_URL="http://127.0.0.1:9")
    async with asyncio.timeout(20):
        done = await shell.do("check", "--json")
    assert set(check_names(done.json, ok=False)) == {"telegram", "x @tim_official", "x @tim119giulia"}


async def test_keys_of_another_account_and_of_none(shell: CommandLine) -> None:
    ready(shell)
    giulias = {f"X_TOKEN{kind}_TIM_OFFICIAL": shell.settings[f"X_TOKEN{kind}_TIM119GIULIA"] for kind in ("", "_SECRET")}
    gone = dict.fromkeys(("X_TOKEN_TIM119GIULIA", "X_TOKEN_SECRET_TIM119GIULIA"), "")
    fabio = {"X_TOKEN_TELECOM187FABIO": "sandbox-token-telecom187fabio"}
    fabio["X_TOKEN_SECRET_TELECOM187FABIO"] = "sandbox-secret-telecom187fabio"
    shell.write_settings(**giulias, **gone, **fabio)
    found = {check["name"]: check for check in (await shell.do("check", "--json")).json["checks"]}
    assert "belong to @TIM119Giulia" in found["x @tim_official"]["what"]
    assert not found["account @TIM119Giulia"]["ok"]
    assert found["account @telecom187fabio"]["ok"]
    assert found["account @telecom187fabio"]["cure"]


async def test_a_webhook_left_over_and_a_team_chat_nobody_knows(shell: CommandLine) -> None:
    ready(shell)
    info = {"ok": True, "result": {"url": "https://old.example.org/canary-path", "pending_update_count": 0}}
    shell.stage.add_faults(Fault("* /bot/getWebhookInfo", times=None, status=200, body=info))
    shell.write_settings(TEAM_CHAT_ID="-100123")
    done = await shell.do("check", "--json")
    assert set(check_names(done.json, ok=False)) == {"telegram webhook", "team chat"}
    assert "old.example.org" in done.out
    assert "canary" not in done.out


async def test_addresses_of_the_last_resort_are_tried_on_apprise_alone(shell: CommandLine) -> None:
    ready(shell)
    shell.write_settings(
        LAST_RESORT_URLS=f"json://127.0.0.1:{shell.address.rpartition(':')[2]} nonsense://canary-secret"
    )
    done = await shell.do("check", "--json")
    assert [c["what"] for c in done.json["checks"] if not c["ok"]] == ["address 2 of LAST_RESORT_URLS is none"]
    assert "canary" not in done.out + done.err


async def test_files_that_others_may_read(shell: CommandLine) -> None:
    ready(shell)
    for name in ("config.env", "reperibile.db"):
        (shell.folder / name).chmod(0o644)
    done = await shell.do("check", "--json")
    wrong = [check for check in done.json["checks"] if not check["ok"]]
    assert [check["name"] for check in wrong] == ["files", "files"]
    assert all("chmod 600" in check["cure"] for check in wrong)


async def test_a_file_that_differs_from_the_rota_in_force(shell: CommandLine) -> None:
    ready(shell)
    assert (await shell.do("rota", "import", "rota.toml")).code == 0
    with (shell.folder / "rota.toml").open("a") as file:
        file.write("# another thought\n")
    checks = (await shell.do("check", "--json")).json["checks"]
    assert [c for c in checks if c["name"] == "rota" and "rota import rota.toml" in c["cure"] and c["ok"]]


async def test_a_newer_database_is_left_alone(shell: CommandLine) -> None:
    ready(shell)
    store = Store.open(f"sqlite:///{shell.folder}/reperibile.db")
    store.run_now(
        lambda session: session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='later'")
    )
    store.close()
    found = [c for c in (await shell.do("check", "--json")).json["checks"] if not c["ok"]]
    assert found[0]["name"] == "database"
    assert "newer" in found[0]["what"]
    assert no_trace((await shell.do("run")).err)


@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--json"), ("enroll", "marco"), ("enroll", "marco", "--json"), ("tickets",)]
)
async def test_no_secret_leaves_a_command(shell: CommandLine, arguments: tuple[str, ...]) -> None:
    """Also not when the outside echoes what it was sent."""
    echo = {"ok": False, "error_code": 400, "description": f"bad {SECRETS[0]}", "detail": f"bad {SECRETS[2]}"}
    shell.stage.add_faults(Fault("*", times=None, status=400, body=echo))
    running = await shell.start(*arguments)
    seen = running.command_line()
    done = await running.ends()
    leaked = [secret for secret in SECRETS if secret in seen + done.out + done.err]
    assert leaked == []


def test_the_stand_ins_secrets_are_canaries() -> None:
    """The tests above look for these very texts, so they must be what the example hands out."""
    example = (Path(__file__).parents[2] / "config.example.env").read_text(encoding="utf-8")
    assert SECRETS[0] in example
    assert SECRETS[2] in example
