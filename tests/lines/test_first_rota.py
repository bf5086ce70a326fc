"""ROTA_FILE at a start: imported word for word when there is no rota, and never in the way of one that is in force."""

import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import prepare_rota
from bot.errors import Misconfigured
from bot.store import rotas
from bot.store.db import Store

NOW = datetime(2026, 11, 24, tzinfo=UTC)
# As an editor on Windows writes it.
TEXT = '\ufefftimezone = "Europe/Rome"\r\n[people.marco]\r\nrole = "lead"\r\n[rotas.primary]\r\n'


@pytest.fixture
def shelf(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A store without a rota."""
    path = tmp_path / "reperibile.db"
    shutil.copy(sqlite_template, path)
    opened = Store.open(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rota.toml"
    path.write_bytes(TEXT.encode())
    return path


def test_it_is_imported_word_for_word(shelf: Store, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Line ends included, or every later start would call the file different from what is in force."""
    prepare_rota(shelf, file, NOW)
    stored = shelf.read_now(rotas.current)
    assert stored is not None
    assert stored.text == TEXT
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        prepare_rota(shelf, file, NOW)
    assert caplog.records == []


def test_one_that_is_no_text_stops_only_the_first_start(
    shelf: Store, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_bytes(TEXT.encode("utf-16"))
    with pytest.raises(Misconfigured, match=r"rota\.toml:1: not UTF-8 but UTF-16; save the file"):
        prepare_rota(shelf, file, NOW)
    file.write_bytes(TEXT.encode())
    prepare_rota(shelf, file, NOW)
    file.write_bytes(TEXT.encode("utf-16"))
    assert list(prepare_rota(shelf, file, NOW).people) == ["marco"]
    assert "the rota in force stays" in caplog.text
