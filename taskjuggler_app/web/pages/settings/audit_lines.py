"""From the audit log's events to the lines that the page draws."""

from dataclasses import dataclass

from taskjuggler_app.domain.cases.audit import DOORS, AuditRow
from taskjuggler_app.web.pages import lines

_PLACES = {
    "actor": "/network/{}",
    "channel": "/channels/{}",
    "contact_list": "/contacts/{}",
    "inbox_item": "/inbox/{}",
    "listing": "/marketplace/listings/{}",
    "project": "/tasks/projects/{}",
    "rule": "/rules/{}",
    "site": "/sites/{}",
    "task": "/tasks/{}",
    "vendor": "/marketplace/vendors/{}",
}
_SAID = {
    "account.deletion_asked": "asked for the deletion of their account",
    "account.kept": "kept their account",
    "team.samples_loaded": "loaded the demo",
    "team.samples_removed": "took the sample data away",
    "account.password_changed": "changed the password",
    "account.signed_in": "signed in",
    "account.signed_out_everywhere": "signed out everywhere",
    "ai.changed": "changed how AI is used",
    "appointment.no_show": "noted that nobody came to the appointment",
    "call.missed_text": "sent a text after a missed call",
    "contact.opted_in": "noted that they want messages:",
    "contact.opted_out": "noted that they want no messages:",
    "contact_list.messaged": "wrote to the contact list",
    "team.changed": "changed the workspace",
    "team.invitation_declined": "declined an invitation to the workspace",
    "team.invitation_revoked": "took an invitation to the workspace back",
    "team.invited": "invited somebody to the workspace",
    "team.joined": "joined the workspace",
    "team.left": "left the workspace",
    "team.profile_changed": "changed the profile of the workspace",
    "team.removed": "took somebody out of the workspace",
    "team.role_changed": "changed somebody's role",
    "team.transferred": "handed the workspace over",
    "vendor.verification_asked": "asked to have the vendor verified:",
    "token.created": "made the API key",
    "token.revoked": "revoked the API key",
}


@dataclass
class AuditLine:
    """An event as the page has it: `who` did `text` to `subject`, which is at `href`, through `door`."""

    id: str = ""
    at: str = ""
    who: str = ""
    text: str = ""
    subject: str = ""
    href: str = ""
    door: str = ""
    key: str = ""
    kind: str = ""
    refused: str = ""
    detail: str = ""


def audit_line(row: AuditRow) -> AuditLine:
    """The event in words."""
    return AuditLine(
        id=row.id,
        at=row.at,
        who=row.who,
        text=_text(row),
        subject=row.subject if row.subject_type != "user" else "",
        href=_PLACES[row.subject_type].format(row.subject_id) if row.subject and row.subject_type in _PLACES else "",
        door=DOORS.get(row.door, row.door),  # type: ignore[call-overload]  # a StrEnum is looked up by its text
        key=str(row.data.get("api_key") or ""),
        kind=row.kind,
        refused=row.refused,
        detail=row.detail,
    )


def _text(row: AuditRow) -> str:
    if row.kind.startswith("mcp."):
        return f"called {row.kind.removeprefix('mcp.')}"
    return _SAID.get(row.kind) or lines.said(row.kind)
