"""The rota's numbered revisions: bring one in, write one out, look back, bring one back.

Whatever makes a revision shows first what it changes, and is refused when somebody else changed the rota meanwhile.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.rota_commands.differences import Compared, compare, print_difference, tell_difference
from bot.rota_commands.saying import say_findings
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

if TYPE_CHECKING:
    from datetime import datetime

ByOption = Annotated[str, typer.Option("--by", help="Who made the change.")]
WhyOption = Annotated[str, typer.Option("--why", help="Why it was made.")]
BaseOption = Annotated[
    int | None,
    typer.Option("--base", help="Refuse unless this revision is the current one still.", show_default=False),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only show what it would change.")]
# A terminal shows so many revisions; --last says otherwise.
SHOWN = 20


def import_(
    file: Annotated[Path, typer.Argument(help="The rota file to make current.")],
    by: ByOption = AUTHOR,
    why: WhyOption = "",
    base: BaseOption = None,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
) -> None:
    """Make a file the current revision; refused when it has errors."""
    from schedules.checks import findings

    store = rota_store(config)
    plan = rota_plan(file, config)
    say_findings(findings(plan, this_second()), plan)
    _save(store, plan.text, by, why or f"import of {file.name}", base, dry_run=dry_run)


def export(config: ConfigOption = None) -> None:
    """Write the current revision to standard output, word for word."""
    # As bytes: the text keeps its own line ends and letters, whatever the terminal's.
    sys.stdout.buffer.write(current_revision(rota_store(config))[1].encode("utf-8"))
    sys.stdout.buffer.flush()


def history(
    number: Annotated[
        int | None, typer.Argument(help="One revision: what it changed, and whose duties.", show_default=False)
    ] = None,
    last: Annotated[
        int | None, typer.Option("--last", min=1, help=f"How many; {SHOWN} on a terminal.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """The revisions, newest first, with what each changed; or one of them in full."""
    from schedules.walltime import format_instant

    store = rota_store(config)
    rows = store.history()
    if not as_json:
        rows = _printable(rows)
    if number is not None:
        row = next((each for each in rows if each[0] == number), None)
        if row is None:
            _refuse_number(number)
        _one(store, row, as_json=as_json)
        return
    on_terminal = _on_terminal()
    rows = rows[: last or (SHOWN if on_terminal and not as_json else None)]
    if as_json:
        say_json(
            [
                {
                    "revision": n,
                    "author": author,
                    "made_at": format_instant(at),
                    "why": why,
                    "changes": _lines(store, n),
                }
                for n, author, at, why in rows
            ]
        )
    elif on_terminal:
        _table(store, rows)
    else:
        for n, author, at, why in rows:
            print(n, author, format_instant(at), why, sep="\t")


def diff(
    first: Annotated[int, typer.Argument(help="The earlier revision.")],
    second: Annotated[int | None, typer.Argument(help="The later one; the current one.", show_default=False)] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """What one revision says otherwise than another, and whose duties of the next 8 weeks move."""
    store = rota_store(config)
    later = current_revision(store)[0] if second is None else second
    compared = _compared(store, first, later)
    if as_json:
        say_json({"from": first, "to": later, **compared.as_json()})
    else:
        print_difference(compared)


def restore(
    number: Annotated[int, typer.Argument(help="The revision to bring back.")],
    by: ByOption = AUTHOR,
    why: WhyOption = "",
    base: BaseOption = None,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
) -> None:
    """Make an old revision current again, as a new one."""
    from schedules.problems import RotaErrors
    from schedules.rota_file import load as load_file

    store = rota_store(config)
    text = _text(store, number)
    try:
        load_file(text, f"revision {number}")
    except RotaErrors as errors:
        tell(f"revision {number} is not right by today's rules; export it, correct it and import it:")
        refuse_file(errors.problems)
    reason = f"restore of revision {number}" + (f": {why}" if why else "")
    _save(store, text, by, reason, base, dry_run=dry_run)


def _printable(rows: "list[tuple[int, str, datetime, str]]") -> "list[tuple[int, str, datetime, str]]":
    """Author and reason on one line each, without what steers a terminal: anybody may write anything there."""
    from schedules.toml_notes import visible

    return [(n, visible(" ".join(author.split())), at, visible(" ".join(why.split()))) for n, author, at, why in rows]


# -- one revision --


def _one(store: RotaStore, row: "tuple[int, str, datetime, str]", *, as_json: bool) -> None:
    from schedules.walltime import format_instant

    number, author, at, why = row
    compared = _compared(store, number - 1, number)
    if as_json:
        head = {"revision": number, "author": author, "made_at": format_instant(at), "why": why}
        say_json({**head, **compared.as_json()})
        return
    at = at.replace(microsecond=0)
    print(f"revision {number}, {format_instant(at)}, by {author}" + (f": {why}" if why else ""))
    print_difference(compared)


def _compared(store: RotaStore, first: int, second: int) -> Compared:
    """Number 0 stands for what was before the first revision: nothing."""
    old, new = (_text(store, number) if number else "" for number in (first, second))
    return compare(old, new, f"revision {first}", f"revision {second}", this_second())


def _text(store: RotaStore, number: int) -> str:
    text = store.get(number)
    if text is None:
        _refuse_number(number)
    return text


def _refuse_number(number: int) -> NoReturn:
    refuse(f"there is no revision {number}; `reperibile rota history` lists them")


def _lines(store: RotaStore, number: int) -> list[str]:
    """What a revision changed, a line each; without its duties, which are asked about one at a time."""
    old, new = ((store.get(each) or "") if each else "" for each in (number - 1, number))
    return compare(old, new, f"revision {number - 1}", f"revision {number}", None).changes


def _table(store: RotaStore, rows: "list[tuple[int, str, datetime, str]]") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from schedules.walltime import format_instant

    table = Table(show_lines=True)
    table.add_column("revision", justify="right", no_wrap=True)
    for name in ("made at", "by", "why", "what changed"):
        table.add_column(name)
    for number, author, at, why in rows:
        table.add_row(
            str(number),
            *map(escape, (format_instant(at.replace(microsecond=0)), author, why, "\n".join(_lines(store, number)))),
        )
    Console(highlight=False).print(table)


def _on_terminal() -> bool:
    return sys.stdout.isatty()


# -- a new one --


def _save(store: RotaStore, text: str, author: str, why: str, base: int | None, *, dry_run: bool) -> None:
    from bot.errors import Refused

    current = store.current()
    seen = current[0] if current else None
    if base is not None and base != (seen or 0):
        _refuse_moved(store, base, seen or 0)
    if current is not None and current[1] == text:
        tell(f"revision {current[0]} already says exactly this; nothing was changed")
        return
    if current is not None:
        tell_difference(compare(current[1], text, f"revision {current[0]}", "this file", this_second()))
    if dry_run:
        tell("not saved: this was a dry run")
        return
    try:
        number = store.save(text, author, why, seen)
    except Refused as refused:
        _refuse_moved(store, seen or 0, int(refused.facts.get("current") or 0))
    tell(f"revision {number} is current")


def _refuse_moved(store: RotaStore, base: int, current: int) -> NoReturn:
    """Somebody else was quicker: say who, and what they changed."""
    row = next((each for each in _printable(store.history()) if each[0] == current), None)
    if row is None or current <= base:
        refuse(f"not saved: revision {base} is not the current one; look at `reperibile rota history`")
    _, author, _, why = row
    tell(
        f"not saved: the rota has moved on from revision {base} to {current}, by {author}"
        + (f" ({why})" if why else "")
    )
    for line in _compared(store, base, current).changes:
        tell(f"  {line}")
    refuse(
        f"cure: bring both together; `reperibile rota export` writes what holds now, --base {current} says you saw it"
    )
