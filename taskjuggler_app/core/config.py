"""Settings, read once from the environment and `.env`. docs/settings.md describes each."""

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names it."""


class Settings(BaseSettings):
    """Every setting of the product; names in the environment are the same in upper case."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    database_url: str | None = Field(None, description="PostgreSQL to use; the embedded one when empty")
    redis_url: str | None = Field(
        None, description="Redis for pages and rate limits, needed with several web processes"
    )
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8080, ge=1, le=65535, description="Port to listen on")
    public_url: str = Field("", description="Address that visitors and vendors use; http://HOST:PORT when empty")
    trusted_proxies: int = Field(0, ge=0, le=10, description="How many proxies of ours stand in front")
    operator_emails: Annotated[list[str], NoDecode] = Field(
        [], description="Who runs this installation, comma-separated"
    )
    secret_key: SecretStr = Field(SecretStr(""), description="Key of cookies and signatures; made and kept when empty")
    data_dir: Path = Field(ROOT / ".data", description="Where the embedded database, files and the key live")
    db_pool_size: int = Field(8, ge=1, le=100, description="Database connections of each process")
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs a worker runs at the same time")
    mail_from: str = Field("TaskJuggler <no-reply@localhost>", description="Sender of outgoing mail")
    smtp_url: SecretStr | None = Field(None, description="smtp:// or smtps:// URL of a mail server")
    sendgrid_api_key: SecretStr | None = Field(None, description="SendGrid key for outgoing mail")
    twilio_account_sid: str | None = Field(None, description="Twilio account for calls and texts")
    twilio_auth_token: SecretStr | None = Field(None, description="Twilio token; signs its webhooks")
    twilio_signing_key: SecretStr | None = Field(None, description="Twilio shared key, for SHA-256 webhook signatures")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme.split("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("must be http://host or https://host, without a path")
        return value.rstrip("/")

    @field_validator("operator_emails", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip().lower() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _fill(self) -> "Settings":
        self.data_dir = self.data_dir.expanduser().resolve()
        if not self.public_url:
            host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  # compared, not bound
            self.public_url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        if not self.secret_key.get_secret_value():
            self.secret_key = SecretStr(_kept_secret(self.data_dir / "secret.key"))
        elif len(self.secret_key.get_secret_value()) < 16:
            raise ValueError("SECRET_KEY must have at least 16 characters")
        return self

    @property
    def allowed_origins(self) -> list[str]:
        """The origins whose pages may open the event socket."""
        own = {self.public_url, *(f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]"))}
        return sorted(own)


@lru_cache
def settings() -> Settings:
    """The process's settings. Raises SettingsError with one line when one of them is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name or 'Settings'}: {first['msg'].removeprefix('Value error, ')}") from None


def _kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
