"""Reading mail: raw bytes in, a `ParsedMail` out. Pure, no network; any bytes in the world parse or say why not."""

from taskjuggler_app.domain.receptionist.mail.parse import LIMIT, parse_mail
from taskjuggler_app.domain.receptionist.mail.parsed import Address, Attachment, ParsedMail, Skipped

__all__ = ["LIMIT", "Address", "Attachment", "ParsedMail", "Skipped", "parse_mail"]
