"""What the shipped functions do without a language model: deterministic, from the words that are there. Pure."""

import re
from collections import Counter
from urllib.parse import unquote, urlsplit

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_STOP = frozenset(
    (
        *("the", "and", "for", "that", "with", "this", "you", "your", "are"),
        *("was", "were", "have", "has", "had", "not", "but", "from", "they"),
        *("his", "her", "its", "our", "their", "will", "can"),
        *("could", "would", "should", "there", "here", "what", "when", "where", "which"),
        *("who", "how", "all", "any", "please", "thanks", "thank", "hello", "just"),
        *("been", "also", "than"),
        *("then", "them", "about", "into", "out", "over", "some", "such", "only"),
        *("very", "one", "two"),
    )
)
_PAIR = re.compile(r"^\s*[-*•]?\s*([^:|\t]{1,60}?)\s*[:=]\s+(\S.*)$")
_AMOUNT = re.compile(
    r"^\s*[-*•]?\s*(.+?)[\s.…]+((?:[$€£¥]\s?)?\d[\d,]*(?:\.\d+)?\s?(?:%|USD|EUR|GBP|CAD|AUD|JPY)?)\s*$"
)
_IMAGE = re.compile(r"(?:https?://)?[^\s\"'<>()]+\.(?:png|jpe?g|gif|webp|avif|svg)\b[^\s\"'<>()]*", re.IGNORECASE)
_TAG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NOISE = re.compile(
    r"^(img|image|photo|pic|picture|dsc|dscn|screenshot|scan|untitled|copy|final|v?\d+|\d+x\d+|[a-f\d]{8,})$"
)
SENTENCES = 3


def summarise(text: str) -> str:
    """The three sentences whose words the text uses most, in their own order."""
    sentences = [one.strip() for one in _SENTENCE.split(text) if one.strip()]
    if len(sentences) <= SENTENCES:
        return " ".join(sentences)
    weights = Counter(word for word in _words(text) if word not in _STOP)

    def worth(place: int) -> float:
        words = [word for word in _words(sentences[place]) if word not in _STOP]
        heads = 1.3 if place == 0 else 1.0
        return heads * sum(weights[word] for word in set(words)) / (len(words) + 4)

    best = sorted(range(len(sentences)), key=lambda place: (-worth(place), place))[:SENTENCES]
    return " ".join(sentences[place] for place in sorted(best))


def draft_reply(text: str) -> str:
    """A polite answer that repeats the request and promises nothing."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "your message").rstrip(".!?")
    asks = [one.strip() for one in _SENTENCE.split(text) if one.strip().endswith("?")][:SENTENCES]
    signed = re.search(r"\b(?i:this is|my name is)\s+([A-Z][\w'-]+)", text)
    lines = [f"Hello{' ' + signed.group(1) if signed else ''},", "", f"thank you for writing about “{first}”."]
    if asks:
        lines += ["", "You asked:", *(f"- {one}" for one in asks), "", "[Answer here.]"]
    else:
        lines += ["", "We have it on our list and will come back to you with the next step."]
    return "\n".join([*lines, "", "Kind regards"])


def extract_table(text: str) -> str:
    """Rows that stand in the text, as a Markdown table: columns by | or tab or comma, names with values, prices."""
    lines = [line for line in text.splitlines() if line.strip()]
    for divider in ("|", "\t", ";", ","):
        rows = [[cell.strip() for cell in line.strip().strip("|").split(divider)] for line in lines if divider in line]
        rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
        widths = Counter(len(row) for row in rows)
        width, number = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        if number >= 2 and width >= (3 if divider == "," else 2):
            kept = [row for row in rows if len(row) == width]
            return _table(kept[0], kept[1:])
    pairs = [found.groups() for line in lines if (found := _PAIR.match(line))]
    if len(pairs) >= 2:
        return _table(["Name", "Value"], [[one.strip() for one in pair] for pair in pairs])
    priced = [found.groups() for line in lines if (found := _AMOUNT.match(line))]
    if priced:
        return _table(["Item", "Amount"], [[one.strip() for one in pair] for pair in priced])
    return "No table was found in the text."


def alt_text(text: str) -> str:
    """A first wording for each image named in the text: what its page says, else the words of its file's name."""
    found: dict[str, str] = {}
    for tag in _TAG.findall(text):
        said = {name.lower(): one or other for name, one, other in _ATTRIBUTE.findall(tag)}
        if source := said.get("src", ""):
            found[source] = said.get("alt") or said.get("title") or _from_name(source)
    for source in _IMAGE.findall(text):
        found.setdefault(source, _from_name(source))
    if not found:
        return "No image was named: give addresses or file names that end in .png, .jpg, .webp or the like."
    return "\n".join(f"{source}: {words or '[decorative, or describe it]'}" for source, words in found.items())


def _from_name(source: str) -> str:
    name = unquote(urlsplit(source).path or source).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = [word for word in re.split(r"[\W_]+", spaced) if word and not _NOISE.match(word.lower())]
    return " ".join(words).lower().capitalize()


def _table(head: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)])


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
