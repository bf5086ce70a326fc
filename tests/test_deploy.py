"""deploy/ fits the product and docs/going-live.md: what the unit starts exists, what it may not do stays so."""

import configparser
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer.main

from bot.__main__ import app
from bot.settings import KEYS
from bot.web.health import STANDS_STILL

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
GUIDE = (ROOT / "docs" / "going-live.md").read_text(encoding="utf-8")
HOME = "/var/lib/reperibile"
BIN = "/opt/reperibile/.venv/bin"


class Unit(configparser.RawConfigParser):
    """A systemd unit: keys in their own case; of a key given twice the last counts, which is enough here."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(path, encoding="utf-8")


@pytest.fixture(scope="module")
def service() -> Unit:
    return Unit(DEPLOY / "reperibile.service")


def test_it_starts_the_installed_command(service: Unit) -> None:
    """With options that the command has."""
    program, command, *options = shlex.split(service["Service"]["ExecStart"])
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert Path(program).parent.as_posix() == BIN
    assert Path(program).name in scripts
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    named = [word for word in options if word.startswith("--")]
    assert set(named) <= {option for each in known.params for option in each.opts}
    assert options[options.index("--config") + 1] == f"{HOME}/config.env"


def test_it_runs_as_its_own_user_in_its_own_folder(service: Unit) -> None:
    assert service["Service"]["WorkingDirectory"] == HOME == f"/var/lib/{service['Service']['StateDirectory']}"
    user = service["Service"]["User"]
    assert re.search(rf"^u {user} - .* {HOME} ", (DEPLOY / "sysusers.conf").read_text(), re.MULTILINE)
    assert (
        f"d {HOME} {service['Service']['StateDirectoryMode']} {user} {user}" in (DEPLOY / "tmpfiles.conf").read_text()
    )
    wrapper = (DEPLOY / "reperibile").read_text()
    assert f"user={user}\n" in wrapper
    assert f"cd {HOME} " in wrapper
    assert f"{BIN}/reperibile" in wrapper


def test_it_is_never_given_up(service: Unit) -> None:
    """A crash at 3 a.m. must not be the end; and a check that X fails must not keep it from starting."""
    assert service["Service"]["Restart"] == "always"
    assert service["Unit"]["StartLimitIntervalSec"] == "0"
    assert "ExecStartPre" not in service["Service"]


def test_systemd_hears_that_it_lives(service: Unit) -> None:
    """The health page calls a loop dead after a minute; systemd asks a little later, for the trace to be written."""
    assert service["Service"]["Type"] == "notify"
    assert int(service["Service"]["WatchdogSec"]) > STANDS_STILL.total_seconds()
    assert "AF_UNIX" in service["Service"]["RestrictAddressFamilies"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"),
    ],
)
def test_it_may_do_no_more_than_it_needs(service: Unit, key: str, value: str) -> None:
    assert service["Service"][key] == value


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_setting_a_unit_names_exists(path: Path) -> None:
    known = {key.name for key in KEYS} | {f"{key.name}_FILE" for key in KEYS if key.secret}
    named = re.findall(r"Environment=([A-Z_]+)=", path.read_text(encoding="utf-8"))
    assert set(named) <= known


def test_the_watch_asks_the_port_that_is_served() -> None:
    port = next(key.default for key in KEYS if key.name == "HTTP_PORT")
    watch = Unit(DEPLOY / "reperibile-watch.service")
    assert f"http://127.0.0.1:{port}/healthz" in watch["Service"]["ExecStart"]
    assert "try-restart reperibile.service" in watch["Service"]["ExecStart"], "one that was stopped stays stopped"


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_the_guide_uses_every_file(path: Path) -> None:
    assert f"deploy/{path.name}" in GUIDE


@pytest.mark.parametrize("name", ["reperibile", "backup"])
def test_scripts_can_be_run(name: str) -> None:
    script = DEPLOY / name
    assert script.stat().st_mode & 0o111
    assert script.read_text().startswith("#!/bin/sh\n")
