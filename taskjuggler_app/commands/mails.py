"""`taskjuggler parse-email`: mail files in, a JSON line a file out."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def parse_email(
    files: Annotated[list[str], typer.Argument(help="Mail files as they came (.eml)", metavar="FILE…")],
) -> None:
    """Read mail files and print what is in each: sender, subject, text, attachments."""
    for file in files:
        sys.stdout.write(json.dumps(_answer(file)) + "\n")


def _answer(file: str) -> dict[str, Any]:
    """The answer for one file; a file that cannot be opened gets one that says why."""
    from taskjuggler_app.domain.receptionist.mail import ParsedMail, parse_mail

    try:
        mail = parse_mail(Path(file).read_bytes())
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        mail = ParsedMail(raw_kept_reason=f"This file could not be read: {said}.")
    return {
        "file": file,
        "from": mail.sender.address or mail.sender.name,
        "from_name": mail.sender.name,
        "to": [to.address for to in mail.to],
        "cc": [cc.address for cc in mail.cc],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "text": mail.text,
        "visible_text": mail.visible_text,
        "original_from": mail.original_from.address if mail.original_from else None,
        "attachments": [{"name": kept.name, "type": kept.type, "size": kept.size} for kept in mail.attachments],
        "skipped": [{"name": left.name, "reason": left.reason} for left in mail.skipped],
        "raw_kept_reason": mail.raw_kept_reason,
    }
