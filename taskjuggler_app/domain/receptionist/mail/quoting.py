"""What a reply quotes, and who wrote what was forwarded."""

import re

from taskjuggler_app.domain.receptionist.mail.headers import mailboxes
from taskjuggler_app.domain.receptionist.mail.parsed import Address

_WROTE = re.compile(
    r"(?:On|Le|Am|El|Il|Op|Em|Den|Dnia)\b.{4,300}?"
    r"\b(?:wrote|a écrit|schrieb.{0,80}|escribió|ha scritto|schreef.{0,80}|escreveu|skrev.{0,80}|napisał.{0,80})\s*:?",
    re.DOTALL,
)
_ORIGINAL = re.compile(
    r"[-_\s]{2,}(?:Original (?:Message|Appointment)|Message d'origine|Ursprüngliche Nachricht|Mensaje original"
    r"|Messaggio originale|Oorspronkelijk bericht|Mensagem original|Urspr\S+ Nachricht)[-_\s]*",
    re.I,
)
_FORWARDED = re.compile(
    r"[-_>\s]*(?:Forwarded message|Begin forwarded message|Forwarded by .{0,80}|Weitergeleitete Nachricht"
    r"|Message transféré|Mensaje reenviado|Messaggio inoltrato|Doorgestuurd bericht)\s*:?[-_\s]*",
    re.I,
)
_RULE = re.compile(r"_{20,}|-{20,}")
_FROM = re.compile(r"\**(?:From|Von|De|Da|Van|Från|Fra)\s?:\**\s*(\S.*)", re.I)
_BLOCK = re.compile(
    r"\**(?:Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|Asunto|Inviato|A|Oggetto"
    r"|Verzonden|Aan|Onderwerp|Cc)\s?:\**\s",
    re.I,
)
_FORWARDING_SUBJECT = re.compile(r"\s*(?:fwd?|wg|tr|rv|doorst|enc)\s*:", re.I)


def visible(text: str, subject: str) -> str:
    """`text` without what it quotes; all of it when nothing else would be left, or when it was forwarded."""
    lines = text.split("\n")
    if _FORWARDING_SUBJECT.match(subject) or any(_FORWARDED.fullmatch(line) for line in lines if len(line) < 200):
        return text.strip()
    quoted = [line.lstrip().startswith(">") for line in lines]
    place = 0
    while place < len(lines):
        introduction = _introduction(lines, place)
        if introduction:
            for number in range(place, place + introduction):
                quoted[number] = True
            if not _marks_follow(lines, place + introduction):
                quoted[place:] = [True] * (len(lines) - place)
                break
            place += introduction
        elif _starts_original(lines, place):
            quoted[place:] = [True] * (len(lines) - place)
            break
        else:
            place += 1
    left = "\n".join(line for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted)
    return re.sub(r"\n{3,}", "\n\n", left).strip() or text.strip()


def _introduction(lines: list[str], place: int) -> int:
    """How many lines from here say `On … wrote:`; mail programs wrap it. 0 when it does not start here."""
    if not re.match(r"\s*(?:On|Le|Am|El|Il|Op|Em|Den|Dnia)\b", lines[place]):
        return 0
    for count in range(1, 5):
        joined = " ".join(line.strip() for line in lines[place : place + count])
        if joined.endswith(":") and len(joined) < 400:
            return count if _WROTE.fullmatch(joined) else 0
        if not lines[min(place + count, len(lines)) - 1].strip():
            return 0
    return 0


def _marks_follow(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place:] if line.strip()), "")
    return following.lstrip().startswith(">")


def _starts_original(lines: list[str], place: int) -> bool:
    line = lines[place].strip()
    if len(line) < 200 and _ORIGINAL.fullmatch(line):
        return True
    if _RULE.fullmatch(line):
        following = [other.strip() for other in lines[place + 1 : place + 4] if other.strip()]
        return bool(following and _FROM.match(following[0]) and len(following) > 1 and _BLOCK.match(following[1]))
    if _FROM.match(line):
        following = [other.strip() for other in lines[place + 1 : place + 5] if other.strip()]
        return sum(bool(_BLOCK.match(other)) for other in following) >= 2
    return False


def original_from(text: str, subject: str) -> Address | None:
    """The `From:` of the first forwarded mail in `text`; None when it was not forwarded or does not say."""
    forwarding = bool(_FORWARDING_SUBJECT.match(subject))
    lines = [line.strip().lstrip("> ").strip() for line in text.split("\n")]
    for place, line in enumerate(lines):
        if len(line) < 200 and (_FORWARDED.fullmatch(line) or (forwarding and _starts_original(lines, place))):
            for candidate in lines[place : place + 8]:
                said = _FROM.match(candidate)
                if said:
                    found = mailboxes(re.sub(r"\[mailto:([^\]]+)\]", r"<\1>", said[1].replace("*", "")))
                    return found[0] if found else Address(said[1].strip()[:200], "")
            return None
    return None
