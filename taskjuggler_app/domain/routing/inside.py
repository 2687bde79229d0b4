"""The table of pieces of text; what a word brings is found once and then known."""

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.tables import forget

_LONG_WORD = 64
_WORDS_KEPT = 50_000


class Inside:
    """Terms by a piece of text. A piece without blanks lies inside one word of the text; of one with blanks the
    longest word is looked for, and then the whole piece."""

    def __init__(self) -> None:
        self.has = 0
        self.pieces: dict[str, int] = {}
        self.everywhere = 0
        self._keys: dict[str, tuple[str, ...]] = {}
        self._lengths: list[int] = []
        self._words: dict[str, int] = {}
        self._phrased: dict[str, tuple[tuple[str, int], ...]] = {}
        self._ready = False

    def copy(self) -> "Inside":
        """One that can be changed."""
        made = Inside()
        made.has, made.pieces, made.everywhere = self.has, dict(self.pieces), self.everywhere
        if self._ready:
            made._keys, made._lengths, made._words = dict(self._keys), self._lengths, self._words
            made._phrased, made._ready = self._phrased, True
        return made

    def add(self, value: object, bit: int) -> None:
        """A term that looks for this piece."""
        self._ready = False
        self.has |= bit
        piece = comparing.text(value)
        if not piece:
            self.everywhere |= bit
        elif piece in self.pieces:
            self.pieces[piece] |= bit
        else:
            self.pieces[piece] = bit
            key = _key(piece)
            self._keys[key] = (*self._keys.get(key, ()), piece)

    def drop(self, value: object, bits: int) -> None:
        """Forget terms that looked for this piece."""
        self._ready = False
        self.has &= ~bits
        self.everywhere &= ~bits
        piece = comparing.text(value)
        if forget(self.pieces, piece, bits):
            key = _key(piece)
            self._keys[key] = tuple(one for one in self._keys[key] if one != piece)
            if not self._keys[key]:
                del self._keys[key]

    def finish(self) -> None:
        """Make what lookups need."""
        if self._ready:
            return
        self._ready = True
        self._words, self._phrased = {}, {}
        self._lengths = sorted(set(map(len, self._keys)))

    def of(self, text: str) -> int:
        """The terms whose piece is inside the text (folded)."""
        hits = self.everywhere
        known = self._words.get
        words = text.split()
        for word in words:
            bits = known(word)
            if bits:
                hits |= bits
            elif bits is None:
                hits |= self._look(word, text)
        if self._phrased:
            for word in set(words):
                for piece, bits in self._phrased.get(word, ()):
                    hits |= bits if piece in text else 0
        return hits

    def _look(self, word: str, text: str) -> int:
        """What a word not met before brings; kept for the next text: terms that have it, and pieces that may be."""
        bits, pieces = 0, []
        for key in self._keys_inside(word):
            for piece in self._keys[key]:
                if piece == key:
                    bits |= self.pieces[piece]
                else:
                    pieces.append((piece, self.pieces[piece]))
        if len(word) <= _LONG_WORD and len(self._words) < _WORDS_KEPT:
            if pieces:
                self._phrased[word] = tuple(pieces)
            self._words[word] = bits  # last: whoever finds it finds the pieces too
            return bits
        for piece, more in pieces:
            bits |= more if piece in text else 0
        return bits

    def _keys_inside(self, word: str) -> set[str]:
        size = len(word)
        if size > _LONG_WORD:
            return {key for key in self._keys if key in word}
        keys = self._keys
        spans = (word[at : at + n] for n in self._lengths if n <= size for at in range(size - n + 1))
        return {span for span in spans if span in keys}


def _key(piece: str) -> str:
    """The longest word of a piece."""
    return max(piece.split(), key=len)
