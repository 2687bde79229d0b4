"""Which adapter stands behind each port: the configured vendor, else the embedded one.

A vendor's SDK is imported when it is chosen: some take tens of megabytes, and most installations use few.
"""

from functools import lru_cache

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.model_ports import LanguageModel, TextModel, Writer
from taskjuggler_app.core.ports import Extractor, Files, Geocoder, Mailer, MailProof, Payments, Telephony


@lru_cache
def mailer() -> Mailer:
    """SMTP if configured, else SendGrid, else the outbox."""
    chosen = settings()
    if chosen.smtp_url is not None:
        from taskjuggler_app.adapters.smtp import SmtpMailer

        return SmtpMailer(chosen.smtp_url.get_secret_value(), chosen.mail_from)
    if chosen.sendgrid_api_key is not None:
        from taskjuggler_app.adapters.sendgrid import SendGridMailer

        return SendGridMailer(chosen.sendgrid_api_key.get_secret_value(), chosen.mail_from)
    from taskjuggler_app.adapters.console import ConsoleMailer

    return ConsoleMailer()


@lru_cache
def telephony() -> Telephony:
    """Twilio if configured, else the outbox."""
    chosen = settings()
    if chosen.twilio_account_sid and chosen.twilio_auth_token:
        from taskjuggler_app.adapters.twilio import TwilioTelephony

        reports = f"{chosen.public_url}/webhooks/twilio/status" if chosen.public_url != chosen.local_url else ""
        token = chosen.twilio_auth_token.get_secret_value()
        return TwilioTelephony(chosen.twilio_account_sid, token, status_url=reports)
    from taskjuggler_app.adapters.console import ConsoleTelephony

    return ConsoleTelephony()


@lru_cache
def extractor() -> Extractor:
    """The deterministic extractor."""
    from taskjuggler_app.adapters.extraction import DeterministicExtractor

    return DeterministicExtractor()


@lru_cache
def language_model() -> LanguageModel:
    """Whatever the workspace's settings name, through OpenAI's protocol."""
    from taskjuggler_app.adapters.llm import OpenAICompatible

    return OpenAICompatible()


@lru_cache
def writer() -> Writer:
    """The same model, asked for a text."""
    from taskjuggler_app.adapters.llm import OpenAICompatible

    return OpenAICompatible()


@lru_cache
def text_model() -> TextModel:
    """The same model, asked for a text of any kind and length."""
    from taskjuggler_app.adapters.llm_text import OpenAIText

    return OpenAIText()


@lru_cache
def files() -> Files:
    """A folder beside the database."""
    from taskjuggler_app.adapters.files import LocalFiles

    return LocalFiles(settings().data_dir / "files")


@lru_cache
def mail_proof() -> MailProof:
    """DKIM, asking the DNS."""
    from taskjuggler_app.adapters.dkim_proof import DkimProof

    return DkimProof()


@lru_cache
def payments() -> Payments:
    """Stripe if configured, else the embedded provider, which charges nobody."""
    chosen = settings()
    if chosen.stripe_secret_key is not None:
        from taskjuggler_app.adapters.stripe_payments import StripePayments

        signing = chosen.stripe_webhook_secret.get_secret_value() if chosen.stripe_webhook_secret else ""
        return StripePayments(chosen.stripe_secret_key.get_secret_value(), signing)
    from taskjuggler_app.adapters.embedded_payments import EmbeddedPayments

    return EmbeddedPayments(chosen.public_url)


@lru_cache
def geocoder() -> Geocoder:
    """Coordinates, ZIP codes, towns: offline."""
    from taskjuggler_app.adapters.geocoding import OfflineGeocoder

    return OfflineGeocoder()
