"""The language a message is written in: by its small words, else by runs of letters (py3langid)."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from taskjuggler_app.domain.receptionist.extraction.document import MASK, Document
from taskjuggler_app.domain.receptionist.extraction.values import Language
from taskjuggler_app.domain.receptionist.extraction.words import word_set

# Words that stand in almost every sentence of a language and in few of another.
_SMALL_WORDS = {
    "en": word_set(
        "the and you your my is are was were for with this that have has can could would please thanks it's i'm we our "
        "not what when where how do does need want to of on hi hello there they will from get been just"
    ),
    "de": word_set(
        "der die das und ist nicht ich sie wir ein eine einen mit für auf bitte können kann haben habe wird bei zu zum "
        "uns mein meine guten danke den dem wann noch auch hallo sehr"
    ),
    "fr": word_set(
        "le la les et est une des vous je nous pour avec dans pas bonjour merci mon ma mes votre sur que qui au aux du "
        "ne suis être avez pouvez voudrais s'il plaît"
    ),
    "es": word_set(
        "el los las y es una por para con que mi no hola gracias puede quiero necesito está usted cita del se tengo me "
        "lo su favor cuándo muy como"
    ),
    "it": word_set(
        "il gli è una per con che non mi buongiorno grazie vorrei sono della del può ho questo anche nel alla come ciao"
    ),
    "pt": word_set(
        "o os as é uma para com que não meu minha obrigado obrigada olá você preciso está por do da em quero"
    ),
    "nl": word_set(
        "de het een en is niet ik wij voor met van dat mijn graag kunt hallo bedankt op aan ook kan wel er u"
    ),
    "pl": word_set("i w nie jest się na z do to że proszę dziękuję czy mam dzień dobry moje jak od dla po"),
}
_READ = 2_000
"""Characters that are looked at."""
_FEWEST_LETTERS = 8
_FEWEST_FOR_MODEL = 20


def language(documents: Sequence[Document]) -> Language | None:
    """ISO 639-1 code with a confidence; None where too little is written to tell."""
    words = [token.word for doc in documents for token in doc.tokens if not token.word[0].isdecimal()][:300]
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS:
        return None
    hits = Counter({code: sum(word in known for word in words) for code, known in _SMALL_WORDS.items()})
    (best, most), (_, second) = hits.most_common(2)
    if most >= max(2, 2 * second) and most / len(words) >= 0.15:
        return Language(best, round(min(0.98, 0.8 + 0.03 * (most - second)), 2))
    if letters < _FEWEST_FOR_MODEL and all(word.isascii() for word in words):
        return Language(best, 0.5) if most > second else None
    text = " ".join(doc.text.replace(MASK, " ") for doc in documents)[:_READ]
    code, probability = _model().classify(text)
    return Language(str(code), round(min(float(probability), 0.95), 2)) if probability >= 0.5 else None


@cache
def _model() -> Any:
    """Loaded at the first message that needs it: it takes a tenth of a second and some 20 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
