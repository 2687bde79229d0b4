"""Text for spreadsheets."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that a sheet shows instead of running (OWASP, CSV injection); a phone number stays as it is."""
    digits = text[1:].replace(" ", "")
    return f"'{text}" if text.startswith(_FORMULA) and not (text[0] == "+" and digits.isdigit()) else text
