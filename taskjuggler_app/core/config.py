"""Settings, read once from the environment and `.env`. docs/settings.md describes each."""

from decimal import Decimal
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from taskjuggler_app.core.keptsecret import kept_secret

ROOT = Path(__file__).resolve().parents[2]
SHORTEST_SECRET = 16


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names it."""


class Settings(BaseSettings):
    """Every setting of the product; names in the environment are the same in upper case."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    database_url: str | None = Field(
        None,
        description="PostgreSQL to use, `postgresql://user:password@host:port/database`; the embedded one when empty",
    )
    redis_url: str | None = Field(
        None,
        description="Redis for pages and rate limits, `redis://host:port/number`; needed with several web processes",
    )
    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` for every one of this machine")
    port: int = Field(8080, ge=1, le=65535, description="Port to listen on")
    public_url: str = Field(
        "", description="Address that visitors and vendors use, without a path; `http://HOST:PORT` when empty"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="How many proxies of ours stand in front: whose X-Forwarded-For is believed"
    )
    operator_emails: Annotated[list[str], NoDecode] = Field(
        [], description="Who runs this installation: mail addresses, comma-separated"
    )
    security_contact: str = Field(
        "",
        description="Where a hole is reported, a mail address or https://…; `/.well-known/security.txt` says it",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key of cookies and signatures, 16 characters or more; made and kept in DATA_DIR when empty",
    )
    data_dir: Path = Field(ROOT / ".data", description="Where the embedded database, files and the secret key live")
    db_pool_size: int = Field(8, ge=1, le=100, description="Database connections of each process")
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs that a worker runs at the same time")
    mail_from: str = Field("TaskJuggler <no-reply@localhost>", description="Sender of outgoing mail")
    smtp_url: SecretStr | None = Field(
        None, description="Mail server, `smtp://user:password@host:port` or `smtps://…`; it goes before SendGrid"
    )
    sendgrid_api_key: SecretStr | None = Field(
        None, description="SendGrid key for outgoing mail; without a mail server mail is kept in the outbox"
    )
    sendgrid_inbound_public_key: str | None = Field(
        None,
        description="Public key of SendGrid's security policy for Inbound Parse; without one the address is secret",
    )
    assistant_domain: str = Field(
        "", description="Domain of the mail addresses that receive requests; `inbox.` and the public host when empty"
    )
    sendgrid_event_public_key: str | None = Field(
        None, description="Public key of SendGrid's signed event webhook, which tells what became of mails"
    )
    twilio_account_sid: str | None = Field(
        None, description="Twilio account for texts; without one they are kept in the outbox"
    )
    twilio_auth_token: SecretStr | None = Field(
        None, description="Twilio token, which signs its webhooks; when empty one made from SECRET_KEY stands in"
    )
    twilio_signing_key: SecretStr | None = Field(None, description="Twilio shared key, for SHA-256 webhook signatures")
    stripe_secret_key: SecretStr | None = Field(
        None, description="Stripe key for payments and plans; without one an embedded provider stands in"
    )
    stripe_webhook_secret: SecretStr | None = Field(
        None, description="Secret with which Stripe signs its webhooks to `/webhooks/stripe`"
    )
    fee_buyer_percent: Decimal = Field(
        Decimal(5), ge=0, le=50, description="What a buyer pays on top of a vendor's price, in percent"
    )
    fee_vendor_percent: Decimal = Field(
        Decimal(10), ge=0, le=50, description="What a human vendor gives of their price, in percent"
    )
    fee_ai_percent: Decimal = Field(
        Decimal(10), ge=0, le=50, description="What a buyer pays on top of an AI vendor's cost, in percent"
    )
    release_after_days: int = Field(
        7, ge=1, le=90, description="Days after delivery until held money is released without a dispute"
    )
    account_grace_days: int = Field(
        14, ge=0, le=90, description="Days between asking for an account's deletion and the deletion"
    )
    metrics_token: SecretStr | None = Field(
        None, description="What Prometheus sends to read `/metrics` (Bearer); without one this machine alone reads it"
    )
    chromium: str = Field(
        "", description="Browser of the site scanner; Chromium on the path or Playwright's when empty"
    )
    allow_local_targets: bool = Field(
        False,
        description="Whether scans, webhooks and feeds may reach this machine and private networks: never in public",
    )

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        """As libpq reads it, also where a SQLAlchemy URL (postgresql+psycopg://) was given."""
        if value is None:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("must be postgresql://user:password@host:port/database")
        return f"postgresql://{rest}"

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must be redis://host:port/number")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("must be smtp://user:password@host:port or smtps://…")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        extra = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or extra or not _has_port(value)):
            raise ValueError("must be http://host or https://host, with a port if it needs one and without a path")
        return value.rstrip("/")

    @field_validator("operator_emails", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip().lower() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("operator_emails")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        for address in value:
            if not _is_mail_address(address):
                raise ValueError(f"{address!r} is no mail address; separate several by commas")
        return value

    @field_validator("security_contact")
    @classmethod
    def _is_contact(cls, value: str) -> str:
        if value and not (_is_mail_address(value) or (value.startswith("https://") and urlsplit(value).hostname)):
            raise ValueError("must be a mail address or begin with https://")
        if any(not letter.isprintable() or letter.isspace() for letter in value):
            raise ValueError("must be one word")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if not _is_mail_address(parseaddr(value)[1]):
            raise ValueError("must be name@host or Name <name@host>")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"must have at least {SHORTEST_SECRET} characters; leave it empty and one is made")
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _fill(self) -> "Settings":
        if not self.public_url:
            self.public_url = self.local_url
        if not self.secret_key.get_secret_value():
            self.secret_key = SecretStr(_own_secret(self.data_dir))
        return self

    @property
    def mail_domain(self) -> str:
        """The domain of mail channels' addresses, in lower case."""
        if self.assistant_domain:
            return self.assistant_domain.lower().strip(".@ ")
        host = urlsplit(self.public_url).hostname or "localhost"
        return "inbox.localhost" if host.replace(".", "").isdigit() or ":" in host else f"inbox.{host}"

    @property
    def local_url(self) -> str:
        """The address at which this machine reaches the web process."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  # compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine is meant to reach the public address."""
        return (urlsplit(self.public_url).hostname or "") in ("localhost", "127.0.0.1", "::1")

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
        name = str(first["loc"][0]).upper() if first["loc"] else "Settings"
        raise SettingsError(f"{name}: {_lower_first(first['msg'].removeprefix('Value error, '))}") from None


def _own_secret(data_dir: Path) -> str:
    try:
        return kept_secret(data_dir / "secret.key", 48)
    except OSError as error:
        raise SettingsError(
            f"DATA_DIR: {error.filename or data_dir} cannot be used by this account ({error.strerror}); "
            "start as the account that owns it, or set DATA_DIR to a folder of your own"
        ) from None


def _has_port(url: str) -> bool:
    """Whether the URL's port, if there is one, is a port."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _is_mail_address(text: str) -> bool:
    name, separator, host = text.rpartition("@")
    return bool(name and separator and host) and not any(letter.isspace() for letter in text)


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]
