"""`run` and `demo` as processes: they start, work beside other commands, and stop when told to."""

import asyncio
import json
import re
import signal
import socket
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import psycopg
from command_line import ROOT, SECRETS, CommandLine, Done

from bot.sandbox.faults import Fault

# Milliseconds on a quiet machine; a long poll that is waited for would take 25 seconds.
STOPS_WITHIN_S = 8.0
OUTAGE = "@TIM_Official siamo un'intera borgata senza linea, nemmeno il 112 si riesce a chiamare"


async def fetched(address: str) -> Any:
    def fetch() -> Any:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return json.load(answer)

    return await asyncio.to_thread(fetch)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def leaked(done: Done, seen: str) -> list[str]:
    return [secret for secret in SECRETS if secret in seen + done.out + done.err]


async def test_from_an_empty_folder_to_an_answered_alarm(outside: CommandLine) -> None:
    """Enrol beside the running service, ring, list, lock: what an installation does on its first evening."""
    port = free_port()
    outside.write_settings(HTTP_PORT=str(port))
    running = await outside.start("run")
    await running.says("on call")
    seen = running.command_line()
    for person in ("marco", "giulia"):
        token = (await outside.do_beside("enroll", person, "--json")).json["token"]
        outside.stage.telegram.types(outside.stage.user_id(person) or 0, f"/start {token}")
        await outside.phone_hears(person, "/")

    health = await fetched(f"http://127.0.0.1:{port}/healthz")
    assert health["role"] == "leader"
    assert set(health["x"]) == {"TIM_Official", "TIM119Giulia"}

    outside.stage.x.write("anna", OUTAGE)
    await outside.phone_hears("giulia", "#1 ")
    (ticket,) = (await outside.do_beside("tickets", "--json")).lines
    assert (ticket["id"], ticket["state"], ticket["urgency"], ticket["owner"]) == (1, "paging", "critical", None)

    locked = await outside.do_beside("lock", "giulia")
    assert (locked.code, "giulia is locked out" in locked.err) == (0, True)

    await asyncio.wait_for(outside.stage.telegram.updates.listening.wait(), 10)
    done = await running.stopped_by(signal.SIGTERM, STOPS_WITHIN_S)
    assert (done.code, done.out) == (0, "")
    assert done.err.rstrip().endswith("stopped")
    assert leaked(done, seen) == []


async def test_ctrl_c_ends_it_at_once_while_a_long_poll_is_open(outside: CommandLine) -> None:
    """As the test above sees a polite kill end it."""
    running = await outside.start("run")
    await running.says("on call")
    await asyncio.wait_for(outside.stage.telegram.updates.listening.wait(), 10)
    done = await running.stopped_by(signal.SIGINT, STOPS_WITHIN_S)
    assert done.code in {0, 130}
    assert "Traceback" not in done.err
    assert done.err.rstrip().endswith("stopped")


async def test_a_second_run_on_one_database_says_who_has_it(outside: CommandLine) -> None:
    """Also when both want the same port: that is not what is wrong."""
    outside.write_settings(HTTP_PORT=str(free_port()))
    first = await outside.start("run")
    await first.says("on call")
    second = await (await outside.start("run")).ends()
    assert second.code == 1
    assert f"Another process runs on this database already (process {first.process.pid})" in second.err
    assert "Traceback" not in second.err


async def test_nobody_outside_needs_to_be_there_at_the_start(outside: CommandLine) -> None:
    """It would otherwise never come up by itself after a power cut that took the network, too."""
    outside.stage.add_faults(Fault("*", times=None, status=503, body="down"))
    running = await outside.start("run")
    await running.says("mentions cannot be read")
    await running.says("on call")
    assert (await running.stopped_by(signal.SIGTERM, STOPS_WITHIN_S)).code == 0


async def test_the_example_settings_work_as_they_stand(outside: CommandLine) -> None:
    """But for the stand-ins' port, which is another one here."""
    example = (ROOT / "config.example.env").read_text(encoding="utf-8")
    config = outside.folder / "example.env"
    config.write_text(
        example.replace("http://127.0.0.1:8080", outside.address).replace("HTTP_PORT=8081", "HTTP_PORT=0")
    )
    config.chmod(0o600)
    (outside.folder / "rota.toml").rename(outside.folder / "rota.example.toml")
    running = await outside.start("run", "--config", "example.env")
    await running.says("on call")
    done = await running.stopped_by(signal.SIGTERM, STOPS_WITHIN_S)
    assert done.code == 0
    assert "warning: " not in done.err, "about the settings; whether somebody is on duty depends on the day"


async def test_the_demo_prints_its_address_and_answers(outside: CommandLine) -> None:
    running = await outside.start("demo", "--headless", "--port", "0")
    address = (await running.says(r"^http://127\.0\.0\.1:\d+$")).strip()
    state = await fetched(f"{address}/sandbox/state")
    assert state["phones"]
    done = await running.stopped_by(signal.SIGINT, STOPS_WITHIN_S)
    assert done.code in {0, 130}
    assert done.out == address + "\n"
    assert "Traceback" not in done.err


async def test_the_stand_ins_alone_serve_a_rehearsal_with_ones_own_settings(outside: CommandLine) -> None:
    """What config.example.env promises: the stand-ins without a service that would ask Telegram with the same token."""
    running = await outside.start("sandbox", "--port", "0")
    address = (await running.says(r"stand-ins are at (http://127\.0\.0\.1:\d+);")).strip()
    found = re.search(r"http://[0-9.:]+", address)
    assert found is not None
    state = await fetched(f"{found[0]}/sandbox/state")
    assert (state["movable"], state["facts"]) == (False, [])
    done = await running.stopped_by(signal.SIGTERM, STOPS_WITHIN_S)
    assert done.code == 0
    assert "Traceback" not in done.err


async def test_a_kill_during_the_start_is_no_failure(outside: CommandLine) -> None:
    """systemd may stop what it has just started; an exit code that says failure would start it again."""
    running = await outside.start("run")
    await running.says("database brought up to date")
    assert (await running.stopped_by(signal.SIGTERM, 5)).code == 0


def test_rota_questions_do_not_wait_for_the_house() -> None:
    """`rota who` is asked by scripts, a thousand times: it must not import what it does not need."""
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['reperibile', 'rota', 'who', 'rota.example.toml', '--rota', 'primary', '--at',"
        " '2026-11-28T21:00:00Z']\n"
        "from bot.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'asyncio', 'sqlalchemy', 'telegram', 'tweepy', 'aiohttp', 'alembic', 'bot.core.triage_words'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


async def test_a_standby_answers_and_takes_over(outside: CommandLine, postgresql_server: str) -> None:
    """Two nodes on one PostgreSQL: the second is seen to stand ready, and leads when the first is gone."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    outside.write_settings(DATABASE_URL=postgresql_server.replace("/postgres?", f"/{name}?"))
    ports = free_port(), free_port()
    first = await outside.start("run", HTTP_PORT=str(ports[0]))
    await first.says("on call")
    second = await outside.start("run", HTTP_PORT=str(ports[1]))
    await second.says("standing by")
    roles = [(await fetched(f"http://127.0.0.1:{port}/healthz"))["role"] for port in ports]
    assert roles == ["leader", "standby"]
    assert "database" not in [
        c["name"] for c in (await outside.do_beside("check", "--json")).json["checks"] if not c["ok"]
    ]

    await first.stopped_by(signal.SIGKILL)
    await second.says("on call")
    assert (await fetched(f"http://127.0.0.1:{ports[1]}/healthz"))["role"] == "leader"
    assert (await second.stopped_by(signal.SIGTERM, STOPS_WITHIN_S)).code == 0
