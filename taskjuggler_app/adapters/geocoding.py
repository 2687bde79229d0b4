"""The Geocoder without a provider: coordinates as typed, ZIP codes and towns of the United States (zipcodes, a table of
the Postal Service's 42,000 codes), and the towns of the world that the time zone database names (tzdata).
"""

import re
from collections import Counter
from functools import cache
from importlib import resources
from statistics import fmean

import zipcodes

from taskjuggler_app.core.ports import Place

_PAIR = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$")
_ZIP = re.compile(r"(?<!\d)(\d{5})(?:-\d{4})?$")
_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
_STATES = {
    name.lower(): code
    for code, name in re.findall(
        r"([A-Z]{2}) ([^,]+)",
        "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
        "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
        "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
        "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
        "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,"
        "RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,"
        "WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming",
    )
}


class OfflineGeocoder:
    """The Geocoder port, offline."""

    def find(self, text: str) -> Place | None:
        """Coordinates ("43.66, -70.26"), a ZIP code, alone or behind an address, or a town: "Portland, Maine".

        A town that several states have is the one with the most ZIP codes; a state or country behind a comma decides.
        """
        pair = _PAIR.match(text)
        if pair:
            latitude, longitude = (float(part) for part in pair.groups())
            inside = abs(latitude) <= 90 and abs(longitude) <= 180
            return Place(f"{latitude:.3f}, {longitude:.3f}", latitude, longitude) if inside else None
        words = " ".join(text.split())
        if (code := _ZIP.search(words)) and code[1] in _american()[1]:
            return _american()[1][code[1]]
        town, *rest = [part.strip().lower() for part in words.split(",")]
        for part in rest:
            state = _STATES.get(part, part.upper())
            if (found := _american()[0].get((town, state))) is not None:
                return found
        known = _american()[0].get((town, ""))
        abroad = _towns().get(town)
        return abroad if abroad is not None and (rest or known is None) else known


@cache
def _american() -> tuple[dict[tuple[str, str], Place], dict[str, Place]]:
    """(town, state) and (town, "") -> place, in the middle of its ZIP codes; ZIP code -> place."""
    by_town: dict[tuple[str, str], list[tuple[float, float]]] = {}
    by_code: dict[str, Place] = {}
    names: dict[tuple[str, str], str] = {}
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]  # the package leaves it
        if row["country"] != "US" or row["zip_code_type"] == "MILITARY":
            continue
        town, state, at = str(row["city"]), str(row["state"]), (float(row["lat"]), float(row["long"]))
        key = (town.lower(), state)
        by_town.setdefault(key, []).append(at)
        names[key] = f"{town}, {state}"
        by_code[str(row["zip_code"])] = Place(names[key], *at)
    found = {
        key: Place(names[key], round(fmean(lat for lat, _ in spots), 4), round(fmean(lng for _, lng in spots), 4))
        for key, spots in by_town.items()
    }
    sizes = Counter({key: len(spots) for key, spots in by_town.items()})
    for key, _ in sizes.most_common():
        found.setdefault((key[0], ""), found[key])
    return found, by_code


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
