"""One prepared database of each kind, copied for every night: tables, the rota, everybody's phone linked."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psycopg
from sqlmodel import Session

from bot.app import import_rota
from bot.sandbox.stage import PEOPLE
from bot.store import people
from bot.store.db import Store

SATURDAY_NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
ACCOUNTS = ("TIM_Official",)
ROTA = """\
timezone   = "Europe/Rome"
escalation = "standard"
[office]
hours    = ["mon-fri 09:00-18:00"]
holidays = ["IT", "IT-MI"]
[people.giulia]
name = "Giulia Rossi"
signature = "GR"
language = "en"
[people.sara]
name = "Sara Ricci"
signature = "SR"
language = "en"
[people.marco]
name = "Marco Villa"
signature = "MV"
role = "lead"
language = "en"
[lines.119]
title = "mobile"
[lines.187]
title = "landline and fibre"
[accounts.TIM_Official]
[[rotas.primary.layers]]
people  = ["giulia", "sara"]
starts  = 2026-11-27T18:00:00
turn    = "1 week"
windows = ["fri 18:00 - mon 09:00", "mon-thu 18:00-09:00", "holiday 09:00-18:00"]
[[rotas.backup.layers]]
people = ["sara", "giulia"]
starts = 2026-11-27T18:00:00
turn   = "1 week"
[escalations.standard]
repeat = 2
[[escalations.standard.steps]]
page = ["rota:primary"]
wait_min = 5
[[escalations.standard.steps]]
page = ["rota:primary", "rota:backup"]
wait_min = 5
[[escalations.standard.steps]]
page = ["leads"]
wait_min = 10
"""


class Databases:
    """Fresh copies of one prepared database: tables, the rota, everybody's phone linked."""

    def __init__(self, template_url: str, folder: Path) -> None:
        self._template = template_url
        self._folder = folder
        store = Store.open(template_url)
        import_rota(store, ROTA, "server", "the night", SATURDAY_NIGHT)
        store.run_now(_link_everybody)
        store.close()

    @classmethod
    def on_server(cls, conninfo: str, template: str, folder: Path) -> Self:
        """On PostgreSQL, from a database that has the tables. conninfo: of the server's `postgres` database."""
        name = f"prepared_{uuid.uuid4().hex[:12]}"
        _execute(conninfo, f"CREATE DATABASE {name} TEMPLATE {template}")
        return cls(conninfo.replace("/postgres?", f"/{name}?"), folder)

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """The address of a copy, thrown away afterwards."""
        name = f"night_{uuid.uuid4().hex[:12]}"
        if self._template.startswith("sqlite"):
            path = self._folder / f"{name}.db"
            await asyncio.to_thread(shutil.copy, self._template.removeprefix("sqlite:///"), path)
            yield f"sqlite:///{path}"
            for left in self._folder.glob(f"{name}.db*"):
                left.unlink()
            return
        head, _, tail = self._template.partition("?")
        server, _, template = head.rpartition("/")
        admin = f"{server}/postgres?{tail}"
        await asyncio.to_thread(_execute, admin, f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{server}/{name}?{tail}"
        await asyncio.to_thread(_execute, admin, f"DROP DATABASE {name} WITH (FORCE)")


def _link_everybody(session: Session) -> None:
    for person in ("giulia", "sara", "marco"):
        people.link(session, person, PEOPLE[person][0], SATURDAY_NIGHT, confirmed=True)


def _execute(conninfo: str, statement: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as admin:
        admin.execute(statement.encode())
