"""Settings: read once, told apart, and every mistake named with its cure and without its secret."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.errors import Misconfigured
from bot.settings import KEYS, Settings, XAccount, is_loopback, load

EXAMPLE = Path(__file__).parents[1] / "config.example.env"
LOOPBACK = {"TELEGRAM_API_URL": "http://127.0.0.1:8080", "X_API_URL": "http://localhost:8080"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.env"
    path.touch(0o600)
    return path


def problems(config: Path | None, environ: dict[str, str]) -> list[str]:
    with pytest.raises(Misconfigured) as refused:
        load(config, environ)
    return str(refused.value).splitlines()


def test_without_anything_the_defaults_hold() -> None:
    settings = load(None, {})
    assert settings.database_url == "sqlite:///reperibile.db"
    assert settings.rota_file == Path("rota.toml")
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.x_api_url == "https://api.x.com"
    assert (settings.x_poll_s, settings.x_lookback_min) == (15, 30)
    assert (settings.x_doubt_wait_s, settings.x_doubt_wait2_s) == (45, 120)
    assert (settings.reply_hold_s, settings.abandon_min, settings.keep_days) == (20, 30, 90)
    assert (settings.watch, settings.dry_run, settings.now_offset_s) == ("out_of_hours", False, 0)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8081)
    assert settings.team_chat_id is None
    assert (settings.last_resort_urls, settings.accounts, settings.warnings) == ((), (), ())


def test_every_key_is_a_field_and_says_why() -> None:
    assert [field.name for field in fields(Settings)] == [key.field for key in KEYS] + ["accounts", "warnings"]
    assert all(key.why.endswith(".") and key.unit for key in KEYS)


def test_the_example_explains_every_key_and_no_other() -> None:
    named = {re.sub(r"(X_TOKEN_(SECRET_)?)\w+", r"\1<ACCOUNT>", name) for name in dotenv_values(EXAMPLE)}
    assert named == {key.name for key in KEYS} | {"X_TOKEN_<ACCOUNT>", "X_TOKEN_SECRET_<ACCOUNT>"}
    for paragraph in EXAMPLE.read_text().split("\n\n"):
        for name in re.findall(r"^([A-Z]\w+)=", paragraph, re.MULTILINE):
            default = next((key.default for key in KEYS if key.name == name), "")
            told = f"Default: {re.escape(default)}[ .;,]" if default else "Default: none|No default"
            assert re.search(told, paragraph), name


def test_the_example_runs_as_it_stands_and_posts_nothing() -> None:
    settings = load(EXAMPLE, {})
    settings.require_doors()
    assert settings.dry_run
    assert is_loopback(settings.x_api_url)
    assert is_loopback(settings.telegram_api_url)
    assert settings.accounts == (
        XAccount("tim119giulia", "sandbox-token-tim119giulia", "sandbox-secret-tim119giulia"),
        XAccount("tim_official", "sandbox-token-tim_official", "sandbox-secret-tim_official"),
    )


def test_the_environment_wins_over_the_file_and_an_empty_value_is_none(config: Path) -> None:
    config.write_text("X_POLL_S=20\nKEEP_DAYS=30\nREPLY_HOLD_S=\n")
    settings = load(config, {"X_POLL_S": "30", "KEEP_DAYS": "", "PATH": "/bin", "X_POLLS": "not ours, no matter"})
    assert (settings.x_poll_s, settings.keep_days, settings.reply_hold_s) == (30, 30, 20)


def test_this_process_has_an_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_DAYS", "7")
    assert load(None).keep_days == 7


def test_values_are_taken_as_written(config: Path) -> None:
    config.write_text(
        "X_CONSUMER_KEY=\"a b\"\nX_CONSUMER_SECRET=${HOME}$x # note\nHTTP_TOKEN='p#q'\nexport DRY_RUN=1\n"
    )
    settings = load(config, {})
    assert (settings.x_consumer_key, settings.x_consumer_secret) == ("a b", "${HOME}$x")
    assert (settings.http_token, settings.dry_run) == ("p#q", True)


WRONG = {
    "X_POLL_S": ["0.19", "fast", "nan", "inf", "-15"],
    "X_LOOKBACK_MIN": ["-1", "1 h"],
    "X_RECHECK_DAYS": ["-1", "1.5"],
    "X_DOUBT_WAIT_S": ["-1", "901"],
    "X_DOUBT_WAIT2_S": ["x"],
    "REPLY_HOLD_S": ["-0.1", "601"],
    "ABANDON_MIN": ["0", "1441"],
    "WATCH": ["sometimes", "ALWAYS"],
    "KEEP_DAYS": ["0", "1.5"],
    "DRY_RUN": ["true", "2"],
    "HTTP_PORT": ["65536", "-1", "http"],
    "TEAM_CHAT_ID": ["4711", "@team"],
    "TELEGRAM_API_URL": ["http://api.telegram.org", "api.telegram.org", "https://", "https://h:99999", "https://h?x"],
    "X_API_URL": ["http://127.0.0.1.example.org", "ftp://api.x.com", "https://a b", "http://[::1"],
    "PUBLIC_URL": ["oncall.example.org"],
    "NOW_OFFSET_S": ["soon", "3600"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_value_is_named_with_its_cure(key: str, value: str) -> None:
    [problem] = problems(None, {key: value})
    assert problem.startswith(f"{key}={value}: ")
    assert "Cure: " in problem


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DATABASE_URL", "mysql://user:canary@host/db"),
        ("DATABASE_URL", "canary"),
        ("TELEGRAM_TOKEN", "canary"),
        ("LAST_RESORT_URLS", "canary"),
        ("HEARTBEAT_URL", "canary"),
        ("X_API_URL", "https://user:canary@api.x.com"),
    ],
)
def test_a_wrong_secret_is_never_shown(key: str, value: str) -> None:
    [problem] = problems(None, {key: value})
    assert problem.startswith(key)
    assert "canary" not in problem


def test_all_problems_are_told_at_once(config: Path) -> None:
    config.write_text("X_POLL_S=0\nX_POL_S=15\nX_TOKEN_ACME=t\njust words\nWATCH=always\nWATCH=out_of_hours\n")
    told = problems(config, {"HTTP_PORT": "x", "NOW_OFFSET_S": "5"})
    expected = ["line 4", "line 6", "X_POL_S", "X_POLL_S=0", "HTTP_PORT=x", "X_TOKEN_ACME", "NOW_OFFSET_S=5"]
    assert len(told) == len(expected)
    for problem, part in zip(told, expected, strict=True):
        assert part in problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("X_POL_S", "did you mean X_POLL_S?"),
        ("x_poll_s", "did you mean X_POLL_S?"),
        ("TELEGRAM_TOKEN_FIL", "did you mean TELEGRAM_TOKEN_FILE?"),
        ("X_TOKEN_acme", "did you mean X_TOKEN_ACME?"),
        ("X_POLL_S_FILE", "did you mean X_POLL_S?"),
        ("COLOUR", "remove it"),
    ],
)
def test_an_unknown_key_in_the_file_is_refused_with_what_was_meant(config: Path, written: str, meant: str) -> None:
    config.write_text(f"{written}=1\n")
    [problem] = problems(config, {})
    assert written in problem
    assert meant in problem


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    [problem] = problems(tmp_path / "gone.env", {})
    assert "gone.env" in problem
    assert "No such file" in problem


def test_accounts_come_in_pairs() -> None:
    settings = load(None, {"X_TOKEN_ACME_CARE": "t", "X_TOKEN_SECRET_ACME_CARE": "s"})
    assert settings.accounts == (XAccount("acme_care", "t", "s"),)
    assert "X_TOKEN_SECRET_ACME" in problems(None, {"X_TOKEN_ACME": "t"})[0]
    assert "set X_TOKEN_ACME as well" in problems(None, {"X_TOKEN_SECRET_ACME": "s"})[0]


def test_a_secret_may_stand_in_a_file_of_its_own(config: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary\n")
    secret.chmod(0o640)
    config.write_text("HTTP_TOKEN=from the config file\n")
    settings = load(
        config,
        {"HTTP_TOKEN_FILE": str(secret), "X_TOKEN_ACME_FILE": str(secret), "X_TOKEN_SECRET_ACME_FILE": str(secret)},
    )
    assert settings.http_token == "canary"
    assert settings.accounts == (XAccount("acme", "canary", "canary"),)


def test_a_secret_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    secret.chmod(0o644)
    [problem] = problems(None, {"HTTP_TOKEN_FILE": str(secret)})
    assert f"chmod 600 {secret}" in problem
    assert "canary" not in problem


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"], ids=["missing", "empty", "not text"])
def test_a_secret_file_without_a_secret_is_refused(tmp_path: Path, content: str | bytes | None) -> None:
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content if isinstance(content, bytes) else content.encode())
        secret.chmod(0o600)
    [problem] = problems(None, {"DATABASE_URL_FILE": str(secret)})
    assert problem.startswith(f"DATABASE_URL_FILE={secret}: ")


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    [problem] = problems(None, {"HTTP_TOKEN": "a", "HTTP_TOKEN_FILE": str(tmp_path)})
    assert "keep one of the two" in problem


def test_the_clock_may_be_shifted_only_on_the_stand_ins() -> None:
    assert load(None, {**LOOPBACK, "NOW_OFFSET_S": "-86400"}).now_offset_s == -86400
    for key in LOOPBACK:
        others = {name: url for name, url in LOOPBACK.items() if name != key}
        assert problems(None, {**others, "NOW_OFFSET_S": "1"})[0].startswith("NOW_OFFSET_S=1: only for rehearsals")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"X_POLL_S": "2.9"}, "X_POLL_S=2.9"),
        ({"X_POLL_S": "300"}, "X_POLL_S=300"),
        ({"X_DOUBT_WAIT_S": "1"}, "posted twice"),
        ({"HTTP_HOST": "0.0.0.0"}, "HTTP_TOKEN is not set"),
        ({"PUBLIC_URL": "http://oncall.example.org"}, "not https"),
    ],
)
def test_what_may_run_but_should_be_looked_at_is_a_warning(environ: dict[str, str], words: str) -> None:
    [warning] = load(None, environ).warnings
    assert words in warning


@pytest.mark.parametrize(
    "environ",
    [
        {"X_POLL_S": "3"},
        {**LOOPBACK, "X_DOUBT_WAIT_S": "1"},
        {"HTTP_HOST": "0.0.0.0", "HTTP_PORT": "0"},
        {"HTTP_HOST": "0.0.0.0", "HTTP_TOKEN": "t"},
        {"HTTP_HOST": "::1", "PUBLIC_URL": "http://localhost:8081"},
    ],
)
def test_what_is_fine_gives_no_warning(environ: dict[str, str]) -> None:
    assert load(None, environ).warnings == ()


def test_a_readable_config_file_with_secrets_is_a_warning(config: Path) -> None:
    config.write_text("X_POLL_S=15\nHTTP_TOKEN=\n")
    config.chmod(0o644)
    assert load(config, {}).warnings == ()
    config.write_text("HTTP_TOKEN=canary\n")
    [warning] = load(config, {}).warnings
    assert f"chmod 600 {config}" in warning
    config.chmod(0o600)
    assert load(config, {}).warnings == ()


SECRETS = {
    "DATABASE_URL": "postgresql://user:c4n%40ry@host/db",
    "TELEGRAM_TOKEN": "110201543:canary-telegram",
    "X_CONSUMER_KEY": "canary-key",
    "X_CONSUMER_SECRET": "canary-secret",
    "X_TOKEN_ACME": "canary-token",
    "X_TOKEN_SECRET_ACME": "canary-token-secret",
    "LAST_RESORT_URLS": "mailto://u:canary-mail@example.org?to=a,b, ntfys://canary-topic",
    "HEARTBEAT_URL": "https://hc.example.org/canary-ping",
    "HTTP_TOKEN": "canary-http",
}


def test_no_secret_shows_in_the_settings_themselves() -> None:
    settings = load(None, SECRETS)
    for text in (repr(settings), str(settings), repr(settings.accounts)):
        assert "canary" not in text
        assert "c4n" not in text
    assert "x_poll_s=15" in repr(settings)


def test_the_log_filter_is_told_every_secret() -> None:
    told = load(None, SECRETS).secrets()
    assert {"c4n%40ry", "c4n@ry"} <= set(told)
    assert set(SECRETS.values()) - set(told) == {SECRETS["DATABASE_URL"], SECRETS["LAST_RESORT_URLS"]}
    assert {"mailto://u:canary-mail@example.org?to=a,b", "ntfys://canary-topic"} <= set(told)
    assert "" not in told


def test_what_run_needs_is_asked_for_by_name() -> None:
    with pytest.raises(Misconfigured, match=r"TELEGRAM_TOKEN, X_CONSUMER_KEY, X_CONSUMER_SECRET, X_TOKEN_<ACCOUNT>"):
        load(None, {}).require_doors()
    load(None, SECRETS).require_doors()


@pytest.mark.parametrize("url", ["http://localhost", "http://127.0.0.1:8080", "http://127.8.9.1/x", "http://[::1]:80"])
def test_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url", ["http://localhost.example.org", "http://127.0.0.1@evil.example", "http://0.0.0.0", "http://10.0.0.1", "x"]
)
def test_everything_else_is_not(url: str) -> None:
    assert not is_loopback(url)


def test_the_log_filter_is_told_the_parts_of_addresses_that_hold_secrets() -> None:
    """Libraries write these parts by themselves, without the rest of the address."""
    urls = "slack://canaryAAAA/canaryBBBB/canaryCCCC json://canaryuser:c%26nary1@example.org/notify/?token=canaryDDDD"
    told = load(None, {"LAST_RESORT_URLS": urls, "HEARTBEAT_URL": "https://example.org/ping/canaryEEEE"}).secrets()
    parts = {f"canary{letter * 4}" for letter in "ABCDE"} | {"canaryuser", "c%26nary1", "c&nary1"}
    # Else ordinary words of the log would be blotted out.
    assert {part.casefold() for part in parts} <= {part.casefold() for part in told}
    assert {"notify", "ping", "example.org"}.isdisjoint(told)
