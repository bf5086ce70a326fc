"""The processes of a run: the stage, and what is measured against it, the service or the forwarder.

Each is a real process that talks HTTP on loopback; CPU and memory are the operating system's figures for it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import httpx

from benchmarks import prepared
from benchmarks.stage import PEOPLE
from bot.sandbox.stage import BOT_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, secret_of, token_of

if TYPE_CHECKING:
    import psutil

Subject = Literal["reperibile", "forwarder"]
SUBJECTS: tuple[Subject, ...] = ("reperibile", "forwarder")
ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY_S = 0.1

T = TypeVar("T")


class Failed(RuntimeError):
    """The run says nothing: a process died or something never happened."""


class TooLate(Failed):
    """What was waited for did not happen in time; the process lives."""


@dataclass(slots=True)
class StageProcess:
    """The stand-ins, asked over HTTP."""

    address: str
    _client: httpx.Client

    def load(self, posts: Sequence[tuple[float, str, str, str, str]]) -> None:
        self._ask("POST", "/bench/load", list(posts))

    def go(self) -> float:
        """Write the posts now; gives when "now" was."""
        return float(self._ask("POST", "/bench/go")["begins"])

    def progress(self) -> dict[str, Any]:
        return dict(self._ask("GET", "/bench/progress"))

    def report(self) -> dict[str, Any]:
        return dict(self._ask("GET", "/bench/report"))

    def phone(self, user_id: int) -> list[dict[str, Any]]:
        """The messages that stand on a phone, oldest first."""
        return list(self._ask("GET", "/sandbox/state")["phones"][str(user_id)]["messages"])

    def types(self, user_id: int, text: str, reply_to: int) -> None:
        self._ask("POST", f"/sandbox/telegram/{user_id}/type", {"text": text, "reply_to": reply_to})

    def presses(self, user_id: int, message_id: int, data: str) -> None:
        self._ask("POST", f"/sandbox/telegram/{user_id}/press", {"message_id": message_id, "data": data})

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._client.request(method, self.address + path, json=body).raise_for_status().json()


@contextmanager
def stage(handles: Sequence[str]) -> Iterator[StageProcess]:
    """A fresh stage; it ends with the block."""
    command = [sys.executable, "-m", "benchmarks.stage", *handles]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise Failed("the stage did not start")
            with httpx.Client(trust_env=False, timeout=60) as client:
                yield StageProcess(address, client)
        finally:
            process.stdin.close()
            process.wait(10)


@dataclass(slots=True)
class Measured:
    """A running subject. started: the monotonic instant just before its process was made."""

    subject: Subject
    folder: Path
    started: float
    log: Path
    _process: subprocess.Popen[bytes]
    _seen: "psutil.Process"

    def cpu_s(self) -> float:
        """CPU seconds so far, of user and system."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    def peak_mib(self) -> float:
        """The most memory it ever had resident; where the system does not tell, what it has now."""
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        return float(self._seen.memory_info().rss) / 2**20

    def until(self, what: str, look: Callable[[], T | None], timeout_s: float, every_s: float = LOOK_EVERY_S) -> T:
        """The first answer of `look` that is not None. Raises: TooLate; Failed when the process dies."""
        end = time.monotonic() + timeout_s
        while True:
            if (found := look()) is not None:
                return found
            if self._process.poll() is not None:
                raise Failed(f"{self.subject} ended by itself:\n{self._said()}")
            if time.monotonic() > end:
                raise TooLate(f"{self.subject}: {what} did not happen in {timeout_s:g} s\n{self._said()}")
            time.sleep(every_s)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _said(self) -> str:
        return self.log.read_text("utf-8", "replace")[-2000:]


@contextmanager
def running(
    subject: Subject,
    on: StageProcess,
    past: Path,
    folder: Path,
    handles: Sequence[str],
    poll_s: float,
    profile: Path | None = None,
    **settings: str,
) -> Iterator[Measured]:
    """The subject on this stage, in `folder`, which must not exist; `past` (see prepared) is what it begins with.

    settings: of the service, besides the usual ones.
    """
    import psutil  # of the bench extra alone, which the tests do without

    folder.mkdir(parents=True)
    environ = {key: value for key in ("PATH", "HOME", "LANG", "TMPDIR") if (value := os.environ.get(key))}
    if subject == "reperibile":
        shutil.copytree(past, folder, dirs_exist_ok=True)
        environ |= prepared.settings(on.address, folder, handles, poll_s, _free_port()) | settings
        command = installed()
        if profile is not None:
            command = [sys.executable, "-m", "benchmarks.profiled", str(profile)]
        command.append("run")
    else:
        config = folder / "forwarder.json"
        config.write_text(json.dumps(_forwarder_config(on.address, handles, poll_s)))
        command = [sys.executable, "-m", "benchmarks.forwarder", str(config)]
    environ["PYTHONPATH"] = str(ROOT)
    log = folder / "stderr.log"
    with log.open("wb") as error:
        started = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=error, stderr=error
        )
    measured = Measured(subject, folder, started, log, process, psutil.Process(process.pid))
    try:
        yield measured
    finally:
        measured.stop()


def installed() -> list[str]:
    """The `reperibile` beside this Python; the module when it is not installed."""
    command = Path(sys.executable).with_name("reperibile")
    return [str(command)] if command.exists() else [sys.executable, "-m", "bot"]


def _forwarder_config(address: str, handles: Sequence[str], poll_s: float) -> dict[str, Any]:
    return {
        "x_url": address,
        "telegram_url": address,
        "token": BOT_TOKEN,
        "chat_id": PEOPLE["giulia"],
        "poll_s": poll_s,
        "consumer": [CONSUMER_KEY, CONSUMER_SECRET],
        "accounts": {handle: [token_of(handle), secret_of(handle)] for handle in handles},
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
