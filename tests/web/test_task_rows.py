"""Rows of the task list under headings; Markdown that people wrote."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from taskjuggler_app.web import markdown
from taskjuggler_app.web.components import TaskLine
from taskjuggler_app.web.pages.tasks.grouping import grouped

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def _line(name: str, **over: object) -> TaskLine:
    return TaskLine(id=name, title=name, **over)  # type: ignore[arg-type]  # values of several types


def _shape(rows: list[TaskLine]) -> list[tuple[str, str]]:
    return [(row.head, row.title) for row in rows]


def test_groups_keep_the_order_inside_and_are_named_once() -> None:
    rows = [
        _line("a", status="pending"),
        _line("b", status="in_progress"),
        _line("c", status="pending"),
        _line("d", status="in_progress"),
    ]
    assert _shape(grouped(rows, "status", NOON, "UTC")) == [
        ("In progress", "b"),
        ("", "d"),
        ("To do", "a"),
        ("", "c"),
    ]
    assert _shape(grouped(rows, "", NOON, "UTC")) == [("", "a"), ("", "b"), ("", "c"), ("", "d")]


def test_days_are_those_of_the_persons_own_clock() -> None:
    rows = [
        _line("none"),
        _line("later", due_at="2026-03-20T12:00:00+00:00"),
        _line("tonight", due_at="2026-03-03T03:00:00+00:00"),
        _line("late", due_at="2026-03-01T12:00:00+00:00", overdue=True),
        _line("soon", due_at="2026-03-05T12:00:00+00:00"),
    ]
    in_new_york = [("Overdue", "late"), ("Today", "tonight"), ("In the next 7 days", "soon")]
    assert _shape(grouped(rows, "due", NOON, "America/New_York"))[:3] == in_new_york
    assert _shape(grouped(rows, "due", NOON, "UTC"))[1:3] == [("In the next 7 days", "tonight"), ("", "soon")]


def test_nobodys_tasks_come_before_those_of_people() -> None:
    rows = [_line("a", doer="Zoe"), _line("b", doer="ada"), _line("c")]
    assert _shape(grouped(rows, "doer", NOON, "UTC")) == [("Nobody yet", "c"), ("ada", "b"), ("Zoe", "a")]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        "![x](https://tracker.example.com/pixel.png)",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "[x](vbscript:msgbox)",
        "<iframe src=https://example.com></iframe>",
        "[x](\x01javascript:alert(1))",
        '"><script>alert(1)</script>',
        "<style>body{display:none}</style>",
    ],
)
def test_no_markdown_runs_loads_or_hides_anything(hostile: str) -> None:
    found = _Found()
    found.feed(markdown.html(hostile))
    assert found.tags <= {"p", "a"}
    assert {name for name, _ in found.attributes} <= {"href", "rel", "title"}
    assert all((value or "").startswith("https://") for name, value in found.attributes if name == "href")


class _Found(HTMLParser):
    """The tags and attributes of a text, as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.add(tag)
        self.attributes += attrs


def test_markdown_becomes_what_people_meant() -> None:
    html = markdown.html("**bold** and [a link](https://example.com)\n\n- one\n- two\n\n~~gone~~")
    assert "<strong>bold</strong>" in html
    assert 'href="https://example.com"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "<li>one</li>" in html
    assert "gone" in html
