"""Language models as the domain sees them. Every method raises ports.VendorError."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """How a language model is reached: a server that speaks OpenAI's protocol."""

    base_url: str
    model: str
    key: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a language model says of a message, not yet believed; values come with the words that they are from."""

    category: str = ""
    mood: str = ""
    summary: str = ""
    name: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    times: tuple[tuple[str, str], ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    emails: tuple[tuple[str, str], ...] = ()
    locations: tuple[tuple[str, str], ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0


class LanguageModel(Protocol):
    """Reads a message as an Extractor does, elsewhere; sets nothing and decides nothing."""

    def read(
        self, access: ModelAccess, text: str, *, subject: str | None, received_at: datetime, zone: str
    ) -> ModelReading:
        """The facts of one message. Raises VendorError when there is no answer that can be used."""
        ...


@dataclass(frozen=True, slots=True)
class ModelText:
    """One short text that a language model wrote, not yet believed."""

    text: str
    input_tokens: int = 0
    output_tokens: int = 0


class Writer(Protocol):
    """A language model that writes one short text for a place; it is told what for, and given what stands there."""

    def write(self, access: ModelAccess, task: str, material: str) -> ModelText:
        """The text that `task` asks for; `material` is a stranger's. Raises VendorError when there is none."""
        ...


class TextModel(Protocol):
    """A language model that writes freely about a text, as it is told."""

    def write(self, access: ModelAccess, instructions: str, text: str) -> ModelText:
        """What the instructions ask for; `text` is a stranger's. Raises VendorError when there is none."""
        ...
