"""The words that tell one message from another: content words, those said twice or telling of a category first."""

from collections.abc import Sequence

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Found, Span
from taskjuggler_app.domain.receptionist.extraction.words import word_set

KEYWORD_LIMIT = 8

_COMMON = word_set(
    "a about above after again against all also am an and any anybody anyone anything are aren't around "
    "as ask at away back be because been before being below between both but by call came can can't "
    "cannot come could couldn't did didn't do does doesn't doing don't done down during each either else "
    "even ever every everything few for from get gets getting give go goes going good got great had has "
    "hasn't have haven't having he hello her here hers hey hi him his how however i i'd i'll i'm i've if "
    "in into is isn't it it's its just keep keeps know last late let let's like little long look looking "
    "lot made make many may maybe me mine more most much must my name need needs never new next no nobody "
    "nor not nothing now of off ok okay on once one only or other our ours out over own please put rather "
    "really regards right said same say see send sent she should shouldn't since so some somebody someone "
    "something soon sorry still such sure take tell than thank thanks that that's the their them then "
    "there there's these they thing things think this those through time to today together told tomorrow "
    "tonight too took two under until up us very want wanted was wasn't way we we'd we'll we're we've "
    "well went were what what's when where whether which while who whom whose why will with within "
    "without won't would wouldn't yes yesterday yet you you'd you'll you're you've your yours able best "
    "cheers dear guys kind morning afternoon evening week month year day days monday tuesday wednesday "
    "thursday friday saturday sunday asap "
    "january february march april june july august september october november december"
)


def keywords(documents: Sequence[Document], evidence: Sequence[Span]) -> tuple[Found, ...]:
    """At most eight, folded, with the place of their first use; numbers and addresses are not among them."""
    spoken = {(s.part, i) for s in evidence for i in range(s.start, s.end)}
    first: dict[str, Found] = {}
    worth: dict[str, float] = {}
    for doc in documents:
        for token in doc.tokens:
            word = token.word.removesuffix("'s")
            if len(word) < 3 or word in _COMMON or any(c.isdigit() for c in word) or len(word) > 40:
                continue
            if word not in first:
                first[word] = doc.found(word, token.start, token.end, 0.5)
                worth[word] = min(len(word), 10) / 10
            worth[word] += 1.0
            if (doc.part, token.start) in spoken:
                worth[word] += 2.0
    best = sorted(worth, key=lambda w: (-worth[w], first[w].span.part, first[w].span.start))[:KEYWORD_LIMIT]
    return tuple(
        Found(word, first[word].span, round(min(0.9, 0.3 + 0.1 * worth[word]), 2))
        for word in sorted(best, key=lambda w: (-worth[w], first[w].span.start))
    )
