"""The rota's numbered revisions: bring one in, write one out, look back, bring one back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.rota_commands.findings import finding_text
from bot.rota_commands.shared import (
    AUTHOR,
    ConfigOption,
    JsonOption,
    RotaStore,
    current_revision,
    refuse,
    refuse_file,
    rota_plan,
    rota_store,
    say_json,
    tell,
    this_second,
)


def import_(
    file: Annotated[Path, typer.Argument(help="The rota file to make current.")],
    by: Annotated[str, typer.Option("--by", help="Who made the change.")] = AUTHOR,
    why: Annotated[str, typer.Option("--why", help="Why it was made.")] = "",
    config: ConfigOption = None,
) -> None:
    """Make a file the current revision; refused when it has errors."""
    from schedules.checks import findings

    store = rota_store(config)
    plan = rota_plan(file, config)
    for finding in findings(plan, this_second()):
        tell(finding_text(finding))
    _save(store, plan.text, by, why or f"import of {file.name}")


def export(config: ConfigOption = None) -> None:
    """Write the current revision to standard output, word for word."""
    # As bytes: the text keeps its own line ends and letters, whatever the terminal's.
    sys.stdout.buffer.write(current_revision(rota_store(config))[1].encode("utf-8"))
    sys.stdout.buffer.flush()


def history(as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """The revisions, newest first."""
    from schedules.walltime import format_instant

    rows = [(number, author, format_instant(at), why) for number, author, at, why in rota_store(config).history()]
    if as_json:
        say_json([{"revision": n, "author": author, "made_at": at, "why": why} for n, author, at, why in rows])
    else:
        for row in rows:
            print("\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in row))


def restore(
    number: Annotated[int, typer.Argument(help="The revision to bring back.")],
    by: Annotated[str, typer.Option("--by", help="Who made the change.")] = AUTHOR,
    config: ConfigOption = None,
) -> None:
    """Make an old revision current again, as a new one."""
    from schedules.problems import RotaErrors
    from schedules.rota_file import load as load_file

    store = rota_store(config)
    text = store.get(number)
    if text is None:
        refuse(f"there is no revision {number}; `reperibile rota history` lists them")
    try:
        load_file(text, f"revision {number}")
    except RotaErrors as errors:
        refuse_file(errors.problems)
    _save(store, text, by, f"restore of revision {number}")


def _save(store: RotaStore, text: str, author: str, why: str) -> None:
    from bot.errors import Refused

    current = store.current()
    if current is not None and current[1] == text:
        tell(f"revision {current[0]} already says exactly this; nothing was changed")
        return
    try:
        number = store.save(text, author, why, current[0] if current else None)
    except Refused as refused:
        refuse(f"not saved: {refused}; somebody else changed the rota meanwhile, look at `reperibile rota history`")
    tell(f"revision {number} is current")
