"""The Geocoder without a provider: coordinates as typed, and the towns that the time zone database names (tzdata)."""

import re
from functools import cache
from importlib import resources

from taskjuggler_app.core.ports import Place

_PAIR = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


class ZoneGeocoder:
    """The Geocoder port, offline: about four hundred towns of the world."""

    def find(self, text: str) -> Place | None:
        """Coordinates ("43.66, -70.26"), or a town by its name; what follows a comma is not needed."""
        pair = _PAIR.match(text)
        if pair:
            latitude, longitude = (float(part) for part in pair.groups())
            inside = abs(latitude) <= 90 and abs(longitude) <= 180
            return Place(f"{latitude:.3f}, {longitude:.3f}", latitude, longitude) if inside else None
        return _towns().get(" ".join(text.partition(",")[0].lower().split()))


@cache
def _towns() -> dict[str, Place]:
    """Name in lower case -> place, of zone.tab: country, coordinates (ISO 6709), zone."""
    lines = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        columns = line.split("\t")
        match = _ISO_6709.fullmatch(columns[1]) if len(columns) > 2 else None
        if match is None:
            continue
        name = columns[2].rpartition("/")[2].replace("_", " ")
        north, east = match.groups()[:4], match.groups()[4:]
        found[name.lower()] = Place(name, _degrees(*north), _degrees(*east))
    return found


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if sign == "-" else size
