"""Markdown that people wrote, as HTML that a page may show: no raw HTML, no pictures, no scripts."""

import nh3
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h1", "h2", "h3", "hr"}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")


def html(text: str) -> str:
    """Rendered, then sanitised; links open nothing of ours and pass nothing on."""
    rendered = _markdown.render(text)
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
