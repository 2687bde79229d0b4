"""The test of a channel: what its vendor would send, through the public address, from a sender whom nobody answers."""

import secrets
from collections.abc import Sequence
from email.message import EmailMessage

import httpx

from taskjuggler_app.adapters.simulator import as_vendor
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.core.config import settings
from taskjuggler_app.domain.receptionist.samples import MARK
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType

TIMEOUT_SECONDS = 15
SENDER = "TaskJuggler"
_REFUSED = {
    403: "The app refused the signature. Is PUBLIC_URL the address that the vendor calls, and are the tokens the same?",
    404: "Nothing answers there. Does the proxy pass /webhooks on to the app?",
    421: "The app does not answer to that host name. Set PUBLIC_URL to the address that the vendor calls.",
}


def run(channel: AssistantChannel) -> tuple[str, bool]:
    """What came of it in a sentence, and whether it worked."""
    if channel.channel_type is ChannelType.EMAIL and not as_vendor.can_sign_mail():
        return "SendGrid's own key is asked for, so only a real mail can test it: send one.", False
    base = settings().public_url
    try:
        with httpx.Client(base_url=base, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            for one in _requests(channel):
                answer = client.post(one.path, content=one.body, headers=dict(one.headers))
                if answer.status_code != httpx.codes.OK:
                    said = _REFUSED.get(answer.status_code, f"The app answered {answer.status_code}.")
                    return said, False
    except httpx.HTTPError:
        return f"Nothing answers at {base}. Is PUBLIC_URL right, and can this machine reach it?", False
    return f"It works: {base} took a signed test, and its message is in the inbox.", True


def _requests(channel: AssistantChannel) -> Sequence[VendorRequest]:
    words = f"Test of “{channel.name}”: this came through the public address with a correct signature."
    number = MARK + secrets.token_hex(12)
    if channel.channel_type is ChannelType.SMS:
        return [as_vendor.text(f"SM{number}", SENDER, channel.phone_number or "", words)]
    if channel.channel_type is ChannelType.PHONE:
        return as_vendor.call(f"CA{number}", SENDER, channel.phone_number or "", words)
    to = channel.email_address or ""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"TaskJuggler <no-reply@{settings().mail_domain}>", to, "Test"
    mail["Message-ID"], mail["Auto-Submitted"] = f"<{number}@test.invalid>", "auto-generated"
    mail.set_content(words)
    return [as_vendor.mail(bytes(mail), [to], "no-reply@test.invalid")]
