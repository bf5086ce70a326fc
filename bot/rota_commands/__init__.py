"""`reperibile rota …`: ask a rota file or the stored rota, and keep its revisions. Source: ROTA.md, "The commands"."""

import typer

from bot.rota_commands.asking import check, spans, who
from bot.rota_commands.loading import load
from bot.rota_commands.revisions import diff, export, history, import_, restore
from bot.rota_commands.shared import RotaStore, around
from bot.rota_commands.showing import show

__all__ = ["RotaStore", "around", "rota_app"]

rota_app = typer.Typer(
    help="Who is on duty: check a rota file, ask it, keep its revisions.", no_args_is_help=True, add_completion=False
)
for _command in (check, who, spans, load, show, import_, export, history, diff, restore):
    rota_app.command(_command.__name__.rstrip("_"))(_command)
