"""`reperibile authorize`: an account lets the app in with a PIN, as the stand-in X asks for it."""

import io
import re
import sys
import urllib.request

import pytest
from command_line import CommandLine, Done

from bot.sandbox.faults import Fault


def authorize(shell: CommandLine, monkeypatch: pytest.MonkeyPatch, *, wanted: str, signed_in: str) -> Done:
    """The command, with a person who opens the address it prints and types what the page says."""

    class Person(io.StringIO):
        def readline(self, size: int | None = -1) -> str:
            told = sys.stderr.buffer.getvalue().decode()  # type: ignore[attr-defined]
            address = re.search(r"http://\S+", told)
            assert address is not None, told
            with urllib.request.urlopen(f"{address[0]}&as={signed_in}", timeout=5) as page:
                pin = re.search(r"<code>(\d+)</code>", page.read().decode())
            return f"{pin[1]}\n" if pin else "0000000\n"

    monkeypatch.setattr(sys, "stdin", Person())
    return shell.do("authorize", wanted)


def test_the_lines_for_the_settings_come_from_a_pin(shell: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    done = authorize(shell, monkeypatch, wanted="@Telecom187Fabio", signed_in="Telecom187Fabio")
    assert done.code == 0, done.err
    assert done.out == (
        "X_TOKEN_TELECOM187FABIO=sandbox-token-telecom187fabio\n"
        "X_TOKEN_SECRET_TELECOM187FABIO=sandbox-secret-telecom187fabio\n"
    )
    shell.write_settings(**dict(line.split("=", 1) for line in done.out.splitlines()))
    checks = {check["name"]: check for check in shell.do("check", "--json").json["checks"]}
    assert checks["x @telecom187fabio"]["ok"]


def test_who_is_signed_in_as_somebody_else_is_told(shell: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    done = authorize(shell, monkeypatch, wanted="Telecom187Fabio", signed_in="TIM_Official")
    assert (done.code, done.out) == (1, "")
    assert "signed in as @TIM_Official" in done.err


def test_a_wrong_pin_and_wrong_keys(shell: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    done = authorize(shell, monkeypatch, wanted="Telecom187Fabio", signed_in="nobody")
    assert (done.code, done.out, "X did not let the app in" in done.err) == (1, "", True)
    shell.write_settings(X_CONSUMER_SECRET="another")
    done = authorize(shell, monkeypatch, wanted="Telecom187Fabio", signed_in="nobody")
    assert (done.code, done.out, "Could not authenticate you" in done.err) == (1, "", True)


@pytest.mark.parametrize("fault", [{"status": 503, "body": "down"}, {"status": 200, "body": "nonsense"}])
def test_an_x_that_is_down(shell: CommandLine, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object]) -> None:
    shell.stage.add_faults(Fault("POST /oauth/request_token", **fault))  # type: ignore[arg-type]
    done = authorize(shell, monkeypatch, wanted="Telecom187Fabio", signed_in="nobody")
    assert (done.code, done.out, "did not let the app in" in done.err) == (1, "", True)
    assert "Traceback" not in done.err


def test_without_the_apps_keys_nobody_is_asked(shell: CommandLine) -> None:
    shell.write_settings(X_CONSUMER_KEY="")
    done = shell.do("authorize", "Telecom187Fabio")
    assert (done.code, "Not set: X_CONSUMER_KEY" in done.err) == (1, True)
