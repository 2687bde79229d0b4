"""Street addresses as Britain, the German-speaking countries and France write them."""

import re

_WORD_DE = r"[A-ZÄÖÜ][\wäöüß.-]{1,30}"
_NUMBER_DE = r"\d{1,4}\s?[a-z]?(?:\s?[-\u2013/]\s?\d{1,4}[a-z]?)?(?!\w)"
_TOWN_DE = (
    r"(?:,?\s{1,2}(?:Top|Whg\.?|Wohnung|Hinterhaus|\d{1,2}\.\s?(?:OG|Stock|Etage))(?:\s\d{1,3})?)?"
    r"(?:(?:,|\s-)?\s{1,2}(?:in\s)?(?:D-|A-|CH-)?\d{4,5}\s[A-ZÄÖÜ][\wäöüß-]{1,30}"
    r"(?:\s(?:am|an der|im|ob der|bei)\s[A-ZÄÖÜ][\wäöüß-]{1,30})?)?"
)
_NEEDED_DE = _TOWN_DE[:-1]
_GERMAN = re.compile(
    rf"(?<!\w)[A-ZÄÖÜ][\wäöüß-]{{1,30}}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|ring|graben|markt|steig|chaussee)"
    rf"\s{_NUMBER_DE}{_TOWN_DE}"
)
_GERMAN_WORDS = re.compile(
    rf"(?<!\w)[A-ZÄÖÜ][\wäöüß-]{{2,30}}(?:\s|-)(?:Straße|Strasse|Str\.|Platz|Allee|Weg|Ring|Damm|Ufer|Chaussee)\s{_NUMBER_DE}{_TOWN_DE}"
)
_GERMAN_PHRASE = re.compile(
    r"(?<!\w)(?:Am|An der|An den|Im|In der|Unter den|Zum|Zur|Auf der|Alte|Alter|Neue|Neuer|Große|Kleine|Platz der|"
    r"Platz des|Straße des|Straße der)\s"
    rf"(?:{_WORD_DE}|\d{{1,2}}\.\s{_WORD_DE})(?:\s{_WORD_DE})?\s{_NUMBER_DE}{_NEEDED_DE}"
)
_GERMAN_BOX = re.compile(rf"(?<!\w)Postfach\s\d[\d ]{{1,8}}\d{_NEEDED_DE}")

_LINK_FR = r"(?:(?:de|du|des|la|le|les|aux?|l['\u2019]|d['\u2019])\s?){0,3}"
_NAME_FR = r"[A-ZÀ-Þ][\w'\u2019.-]{1,30}"
_TOWN_FR = (
    r"(?:,?\s{1,2}(?:F-)?\d{4,5}\s[A-ZÀ-Þ][\wÀ-ÿ'\u2019-]{1,30}(?:\s(?!CEDEX|Cedex|cedex)(?:[A-ZÀ-Þ][\wÀ-ÿ'\u2019-]{1,30}|sur|le|la)){0,2}"
    r"(?:\s(?:CEDEX|[Cc]edex)(?:\s\d{1,2})?)?)?"
)
_HOUSE_FR = r"(?<![\w.,/-])\d{1,4}(?:\s?(?:bis|ter|quater)(?!\w)|[A-C](?!\w))?,?\s{1,2}"
_STREET_FR = rf"(?:{_LINK_FR}{_NAME_FR}(?:\s{_LINK_FR}{_NAME_FR}){{0,2}}|du\s\d{{1,2}}\s[^\W\d_]{{3,10}}\s\d{{4}})"
_OWN_FR = r"(?i:rue|chemin|ch\.|allées?|impasse|cours|quai|bd\.?|bld|boul\.|faubourg|sentier|ruelle|montée|rond-point)"
_SHARED_FR = r"avenue|boulevard|place|route|square|passage|villa|promenade|esplanade|cité|av\.|pl\."
_FRENCH = re.compile(rf"{_HOUSE_FR}(?:{_OWN_FR}|{_SHARED_FR})\s{{1,2}}{_STREET_FR}{_TOWN_FR}")
_FRENCH_CAPITAL = re.compile(rf"{_HOUSE_FR}(?i:{_SHARED_FR})\s{{1,2}}{_STREET_FR}{_TOWN_FR[:-1]}")
"""A word that English has too says little in capitals ("12 Place Settings"): a town has to follow."""
_FRENCH_BOX = re.compile(rf"(?<!\w)(?:BP|B\.P\.|CS)\s\d{{2,6}}{_TOWN_FR[:-1]}")

_POSTCODE_GB = r"(?:GIR\s?0AA|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?!\w)"
_NAME_GB = r"(?:[A-Z][\w'\u2019.-]{0,24}|of|on|under|upon|in|the|le|and|&)"
_PIECE_GB = rf"[A-Z0-9][\w'\u2019./-]{{0,24}}(?:\s{{1,2}}{_NAME_GB}){{0,4}}"
_HOUSE_GB = (
    r"(?:\d{1,4}[A-Za-z]?|(?:Unit|Flat|Suite|Apartment|Studio|Plot)\s\w{1,4}"
    r"|(?:[A-Z][\w'\u2019-]{1,24}\s){0,3}(?:Cottage|House|Farm|Farmhouse|Rectory|Vicarage|Lodge|Barn|Manor|Hall|Mill|Mews|"
    r"Court|Lane|Street|Road|Close|Estate|Drive|Avenue|Way|Park|Terrace)(?!\w))"
)
_BRITISH = re.compile(rf"(?<![\w.,/-]){_HOUSE_GB},?\s{{1,2}}(?:{_PIECE_GB},?\s{{1,2}}){{1,5}}{_POSTCODE_GB}")
"""Whatever begins as a house does and leads up to a postcode: names of houses, estates, hills."""
_BRITISH_STREET = re.compile(
    r"(?<![\w$£€#.,:/+-])\d{1,4}[A-Za-z]?\s{1,2}(?:[A-Z][\w'\u2019.-]{1,24}\s){1,3}"
    r"(?:Hill|Grove|Gate|Green|Walk|Rise|View|Vale|Wharf|Yard|Parade|Villas|Buildings|Cottages|Embankment|Kingsway|Lea|"
    r"Drove|Wynd|Brae|Quay|Park|Croft|Meadows?|Fields?)(?!\w)(?:,\s{0,2}[A-Z][\w'\u2019-]{2,24}(?!\w))"
)

STREETS = (
    (_BRITISH, 0.92),
    (_GERMAN, 0.9),
    (_GERMAN_WORDS, 0.9),
    (_GERMAN_PHRASE, 0.9),
    (_GERMAN_BOX, 0.88),
    (_FRENCH, 0.88),
    (_FRENCH_CAPITAL, 0.88),
    (_FRENCH_BOX, 0.85),
    (_BRITISH_STREET, 0.75),
)
"""Patterns, each with how sure it is."""
