"""The service as a process to be killed: `reperibile run` in all but the command line.

Standard input brings one JSON object a line, `{"id", "environ", "control", "log", "tick_s"}`; each becomes a process of
its own, forked from this one so that the libraries are read once and a start takes a fraction of a second. Standard
output says `{"id", "pid"}` when it lives and `{"id", "exit"}` when it is gone altogether (its locks with it).

A service reports each boundary of a write transaction (Store.boundaries), with the tables it wrote to, to `control`, a
port on loopback, and waits there for one byte before it goes on. So the test sees commits and requests in one order,
and whoever is killed by it while he waits died exactly between two steps. `tick_s` makes the tick quick: a night has to
fit into seconds.
"""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot import app, logs
from bot.clock import Clock
from bot.settings import load
from bot.store.migrate import upgrade


def main() -> None:
    for line in sys.stdin:
        spec = json.loads(line)
        if os.fork() == 0:
            _nanny(spec)


def _nanny(spec: dict[str, Any]) -> None:
    """Stands between the launcher and the service, to tell of its birth and its death."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _live(spec)
    _say({"id": spec["id"], "pid": pid})
    status = os.waitpid(pid, 0)[1]
    _say({"id": spec["id"], "exit": os.waitstatus_to_exitcode(status)})
    os._exit(0)


def _live(spec: dict[str, Any]) -> None:
    """What `reperibile run` does, with the seam for the boundaries."""
    code = 1
    try:
        log = os.open(spec["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        settings = load(None, spec["environ"])
        logs.set_up(settings.secrets())
        upgrade(settings.database_url)
        app.TICK_S = spec["tick_s"]
        control = socket.create_connection(("127.0.0.1", spec["control"]))
        control.sendall(f"{spec['id']}\n".encode())

        written: set[str] = set()

        def wrote(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', statement)
            if found:
                written.add(found[1])

        def report(moment: str, name: str) -> None:
            control.sendall(f"{moment} {name} [{', '.join(sorted(written))}]\n".encode())
            if moment == "after_commit":
                written.clear()
            if not control.recv(1):
                os._exit(2)

        async def ready(house: app.House) -> None:
            event.listen(house.store.engine, "before_cursor_execute", wrote)
            house.store.boundaries.append(report)

        asyncio.run(app.run(settings, Clock(timedelta(seconds=settings.now_offset_s)), on_ready=ready))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _say(words: dict[str, Any]) -> None:
    os.write(1, (json.dumps(words) + "\n").encode())


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the nannies are nobody's business
    main()
