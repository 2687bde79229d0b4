"""HTML of a mail: as text, and as HTML that is safe to show and loads nothing from elsewhere."""

import re

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

_INVISIBLE = frozenset({"head", "script", "style", "title", "template", "noscript", "object", "svg", "math", "meta"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p"}
    | {"pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table", "dl"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.])|mso-hide\s*:\s*all", re.I)
_TAGS = nh3.ALLOWED_TAGS | {"font", "center", "u", "big"}
_STYLES = frozenset(
    {"color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align", "width"}
    | {"text-decoration", "line-height", "border", "border-top", "border-bottom", "border-left", "border-right"}
    | {f"{space}{side}" for space in ("margin", "padding") for side in ("", "-top", "-bottom", "-left", "-right")}
    | {"border-collapse", "max-width", "height", "vertical-align", "white-space"}
)
_ANY = frozenset({"style", "dir", "lang", "title", "align", "valign", "width", "height", "bgcolor"})
_DEPTH = 400


def text_of(source: str) -> str:
    """What a reader sees, blocks on lines of their own, quoted blocks marked with `>`; hidden text is left out."""
    root = LexborHTMLParser(source).root
    if root is None:
        return ""
    out: list[str] = []
    _write(root, out, 0, pre=False)
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _write(node: LexborNode, out: list[str], depth: int, *, pre: bool) -> None:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            text = child.text_content or ""
            out.append(text if pre else re.sub(r"\s+", " ", text))
        elif tag == "br":
            out.append("\n")
        elif tag in {"td", "th"}:
            _below(child, out, depth, pre=pre)
            out.append(" ")
        elif tag == "blockquote":
            inner: list[str] = []
            _below(child, inner, depth, pre=pre)
            quoted = re.sub(r"\n{3,}", "\n\n", "".join(inner)).strip()
            out += ["\n", *(f"> {line.strip()}\n" for line in quoted.split("\n"))]
        elif tag not in _INVISIBLE and not tag.startswith("-") and not _hidden(child):
            edge = "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _BLOCKS else ""
            if edge:
                _break(out, edge)
            _below(child, out, depth, pre=pre or tag == "pre")
            if edge:
                _break(out, edge)


def _below(node: LexborNode, out: list[str], depth: int, *, pre: bool) -> None:
    """Past the depth that a mail program makes, the text goes on without its layout."""
    if depth > _DEPTH:
        out.append(node.text(deep=True) or "")
        return
    _write(node, out, depth + 1, pre=pre)


def _break(out: list[str], edge: str) -> None:
    """End the line, and leave a line empty for `\\n\\n`, counting the breaks that are there."""
    tail = "".join(out[-3:]).rstrip(" \t")
    missing = len(edge) - (len(tail) - len(tail.rstrip("\n")))
    if missing > 0 and (tail or len(out) > 3):
        out.append("\n" * missing)


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def sanitised(source: str) -> tuple[str, int]:
    """The HTML without anything that runs or loads from elsewhere, and how many pictures were held back.

    A held-back picture keeps its address in `data-remote-src`; `cid:` pictures stay for the caller to fill in.
    """
    tree = LexborHTMLParser(source)
    blocked = 0
    for picture in tree.css("img"):
        address = (picture.attributes.get("src") or "").strip()
        if "data-remote-src" in picture.attributes:
            del picture.attrs["data-remote-src"]
        if re.match(r"(?:https?:)?//", address, re.I):
            del picture.attrs["src"]
            picture.attrs["data-remote-src"] = address
            blocked += 1
    attributes = {tag: set(_ANY) for tag in _TAGS}
    attributes["a"] |= {"href"}
    attributes["img"] |= {"src", "alt", "data-remote-src"}
    attributes["font"] |= {"color", "face", "size"}
    for cell in ("td", "th"):
        attributes[cell] |= {"colspan", "rowspan"}
    safe = nh3.clean(
        tree.html or "",
        tags=set(_TAGS),
        clean_content_tags=set(_INVISIBLE & {"script", "style", "title", "template", "noscript", "svg", "math"}),
        attributes=attributes,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=set(_STYLES),
    )
    return safe, blocked


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value.strip().lower().startswith("cid:") else None
    if attribute == "style" and re.search(r"url\s*\(|image|\\|@|expression", value, re.I):
        return None
    return value
