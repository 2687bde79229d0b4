"""One spelling for each email address and phone number."""

import re
import unicodedata

import phonenumbers

from taskjuggler_app.core.errors import Invalid

LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3: a path has 256 octets with its brackets
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")


def normalise_email(text: str) -> str:
    """The address in lower case with its domain in ASCII. Raises Invalid for the field `email`.

    Lower-casing the part before the @ goes beyond RFC 5321, and is what people and providers expect.
    """
    local, at, domain = unicodedata.normalize("NFKC", text).strip().lower().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    address = f"{local}@{ascii_domain}"
    fits = len(local) <= 64 and len(address) <= LONGEST_EMAIL
    if not (at and fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise Invalid("That is not an email address we can write to.", "email")
    return address


def normalise_phone(text: str, region: str = "US") -> str:
    """The number in E.164 (+15551234567); numbers without + are read as of `region`. Raises Invalid (`phone`)."""
    try:
        number = phonenumbers.parse(text.strip(), region)
    except phonenumbers.NumberParseException as error:
        raise Invalid("That is not a phone number. Start with + and the country code.", "phone") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid("That phone number has too few or too many digits.", "phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
