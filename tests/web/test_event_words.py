"""What the log's events say in words."""

import pytest

from taskjuggler_app.domain.cases.audit import AuditRow
from taskjuggler_app.web.pages.settings.audit_lines import audit_line


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("site.added", "added the site"),
        ("issue_ignored", "ignored the issue"),
        ("rule.enabled", "enabled the rule"),
        ("webhook.switched_off", "switched off the webhook"),
        ("project.people_changed", "changed the people of the project"),
        ("contact_list.import_started", "started the import of the contact list"),
        ("team.invited", "invited somebody to the workspace"),
        ("task.commented", "commented on the task"),
        ("mcp.search_tasks", "called search_tasks"),
    ],
)
def test_an_event_reads_after_the_name_of_who_did_it(kind: str, text: str) -> None:
    assert audit_line(AuditRow(kind=kind)).text == text
