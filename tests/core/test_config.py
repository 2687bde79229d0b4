"""Settings: what is filled in, and how a wrong one is said."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from taskjuggler_app.core import config
from taskjuggler_app.core.config import ROOT, Settings, SettingsError
from taskjuggler_app.core.keptsecret import kept_secret


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without settings and a folder without an .env."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return monkeypatch


def read(environment: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        environment.setenv(name, value)
    return config.settings.__wrapped__()


def test_nothing_needs_to_be_set(environment: pytest.MonkeyPatch) -> None:
    found = read(environment)
    assert found.database_url is None
    assert found.public_url == "http://127.0.0.1:8080"
    assert len(found.secret_key.get_secret_value()) >= 32


def test_an_empty_setting_counts_as_none(environment: pytest.MonkeyPatch) -> None:
    assert read(environment, DATABASE_URL="", PORT="").port == 8080


def test_the_env_file_is_read_and_the_environment_wins(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('PORT=9000\nMAIL_FROM="Shop <shop@example.com>"\n')
    found = read(environment, PORT="9001")
    assert (found.port, found.mail_from) == (9001, "Shop <shop@example.com>")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104  # a setting, nothing is bound
        ("::", "http://[::1]:8080"),
        ("::1", "http://[::1]:8080"),
        ("desk.local", "http://desk.local:8080"),
    ],
)
def test_the_public_address_follows_host_and_port(environment: pytest.MonkeyPatch, host: str, url: str) -> None:
    assert read(environment, HOST=host).public_url == url


def test_operators_are_a_comma_separated_list(environment: pytest.MonkeyPatch) -> None:
    assert read(environment, OPERATOR_EMAILS="Ann@Example.com, bob@example.com,").operator_emails == [
        "ann@example.com",
        "bob@example.com",
    ]


def test_a_database_url_of_sqlalchemy_is_read_as_libpq_does(environment: pytest.MonkeyPatch) -> None:
    assert read(environment, DATABASE_URL="postgresql+psycopg://u@h/d").database_url == "postgresql://u@h/d"


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("PORT", "http", "integer"),
        ("PORT", "70000", "65535"),
        ("DATABASE_URL", "mysql://h/d", "postgresql://"),
        ("DATABASE_URL", "h:5432/d", "postgresql://"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("PUBLIC_URL", "example.com", "http://host"),
        ("PUBLIC_URL", "https://example.com/app", "without a path"),
        ("PUBLIC_URL", "https://example.com:port", "http://host"),
        ("PUBLIC_URL", "https://a:b@example.com", "http://host"),
        ("TRUSTED_PROXIES", "yes", "integer"),
        ("OPERATOR_EMAILS", "ann, bob@example.com", "'ann'"),
        ("SECRET_KEY", "short", "16 characters"),
        ("SMTP_URL", "mail.example.com", "smtp://"),
        ("MAIL_FROM", "the shop", "name@host"),
        ("WORKER_CONCURRENCY", "0", "1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wanted(
    environment: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(environment, **{name: value})
    said = str(raised.value)
    assert said.startswith(f"{name}: ")
    assert wanted in said
    assert "\n" not in said


def test_a_data_dir_that_cannot_be_made_is_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^DATA_DIR: "):
        read(environment, DATA_DIR=str(tmp_path / "file" / "data"))


def test_a_secret_does_not_show_in_what_is_printed(environment: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in repr(read(environment, TWILIO_AUTH_TOKEN="hunter2", SMTP_URL="smtp://u:hunter2@h"))


def test_the_made_secret_is_kept_for_its_owner_only(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read(environment).secret_key == read(environment).secret_key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.key"]


def test_processes_that_start_together_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: kept_secret(tmp_path / "key", 32), range(64)))) == 1


def test_a_secret_file_that_was_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    made = kept_secret(tmp_path / "key", 32)
    assert made
    assert kept_secret(tmp_path / "key", 32) == made


def test_the_page_and_the_example_say_what_the_code_says() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_settings.py"), "--check"],
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
