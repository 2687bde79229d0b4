"""Days a message names, resolved from the day of receipt; ISO 8601, a range has `until`.

Patterns only, no free search: "may I ask" and "march over there" are no dates. A day without a year is the next
such day, unless the sentence tells of the past; a weekday is the next one after the day of receipt.
"""

import re

from taskjuggler_app.domain.receptionist.extraction import date_counts as counts
from taskjuggler_app.domain.receptionist.extraction import date_readings as read
from taskjuggler_app.domain.receptionist.extraction.calendar import (
    COUNT,
    DAY_WORD,
    MONTH,
    NTH,
    WEEKDAY,
    WEEKDAYS,
    Moment,
)
from taskjuggler_app.domain.receptionist.extraction.context import FOLLOWED
from taskjuggler_app.domain.receptionist.extraction.day_lists import DAY_END, listed
from taskjuggler_app.domain.receptionist.extraction.document import Document, Rule, first_claims
from taskjuggler_app.domain.receptionist.extraction.holidays import HOLIDAY
from taskjuggler_app.domain.receptionist.extraction.ranges import joined
from taskjuggler_app.domain.receptionist.extraction.values import Found

_WD = rf"(?:(?P<wd>{WEEKDAY})\.?,?\s{{1,2}}(?:the\s)?)?"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s{1,2}(?P<y>(?:19|20)\d\d)(?!\w))?"
_DAY2 = r"(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?!\w|:|\s?[ap]\.?m)"
_TO_DAY = (
    r"(?:(?:\s?[-\u2013]\s?|\s(?:thru|through)\s(?:the\s)?"
    rf"|\s(?:to|until|till|and|&)\s(?:the\s)?(?=\d\d?(?:st|nd|rd|th))){_DAY2})?"
)
_TO_DAY_FIRST = rf"(?:(?:\s?[-\u2013]\s?|\s(?:thru|through|to|until|till|and|&)\s(?:the\s)?){_DAY2})?"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?)"
_PERIOD_BEFORE = r"in|by|since|until|during|last|next|this|through|before|after|late|early|mid|end\sof(?:\sthe)?"
_TODAY = r"today|tonight|tonite|this\s(?:morning|afternoon|evening|arvo)"
_TOMORROW = r"tomm?orr?ow|tmrw?|2morrow|2moro|tomoz"

# Earlier shapes win over later ones where they overlap.
_SHAPES = (
    (r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d-])", read.iso),
    (
        rf"{_WD}(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/-])",
        read.numeric,
    ),
    (rf"(?P<d>[0-3]?\d)(?P<sep>[/-])(?P<m>{MONTH})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)(?![\w/-])", read.month_day),
    (
        r"(?:the\s)?(?P<d>[0-3]?\d)(?:st|nd|rd|th)\s(?:day\s)?of\s(?:the\s)?"
        r"(?P<which>this|next|last|current|following|previous)\smonth(?!\w)",
        counts.of_month,
    ),
    (
        r"(?:the\s)?(?:very\s)?last\sday\s(?:of|in)\s"
        r"(?:(?:the|(?P<which>this|next|last))\s)?month(?P<d>(?!))?(?![\w'\u2019])",
        counts.of_month,
    ),
    (rf"(?:the\s)?(?:very\s)?last\sday\s(?:of|in)\s(?P<m>{MONTH}){_YEAR}", counts.last_day),
    (rf"(?P<n>{COUNT})\s(?P<wd>{WEEKDAYS})\s(?:from\s(?:now|today)|(?P<ago>ago|back))(?!\w)", counts.weekdays_on),
    (rf"(?P<wd>{WEEKDAY})\safter\snext(?!\s?\w)", counts.weekdays_on),
    (rf"(?P<n>{COUNT})\s{_UNIT}\s(?:from\s(?:now|today)|hence)(?P<ago>(?!))?(?!\w)", read.distance),
    (
        rf"(?:the\s)?(?P<nth>{NTH})\s(?P<wd>{WEEKDAY})\s(?:of|in)\s"
        rf"(?:(?P<m>{MONTH})(?!\s{{1,2}}\d\d?(?!\d)){_YEAR}|(?:the\s)?(?P<which>this|next|last)?\s?month(?!\w))",
        read.nth_weekday,
    ),
    (
        rf"(?:a|(?P<n>one|two|three|1|2|3))\s(?P<unit>weeks?|fortnight)\s(?:(?:from|on|after)\s(?:this\s|next\s)?"
        rf"(?P<wd>{WEEKDAY}|today|tomorrow)|(?P<wd2>today|tomorrow))(?!\w)",
        read.weeks_on,
    ),
    (rf"(?P<wd>{WEEKDAY}|today|tomorrow)(?P<wd2>(?!))?\s(?P<unit>week|fortnight)(?![\w'\u2019])", read.weeks_on),
    (rf"(?:(?P<which>this|next|last)\s)?(?P<h>{HOLIDAY}){_YEAR}", read.holiday),
    (rf"{_WD}(?P<m>{MONTH})\s{{1,2}}(?:the\s)?{_DAY}(?![\w:]){_TO_DAY}{_YEAR}", read.month_day),
    (rf"{_WD}(?:the\s)?{_DAY}{_TO_DAY_FIRST}\s{{1,2}}(?:of\s)?(?P<m>{MONTH}){_YEAR}", read.month_day),
    (
        rf"(?:(?P<prep>{_PERIOD_BEFORE})\s{{1,2}})?(?P<m>{MONTH})(?:,?\s(?P<y>(?:19|20)\d\d)(?!\w)|(?!\w|\s{{1,2}}\d))",
        read.month,
    ),
    (rf"(?:(?P<wd>{WEEKDAY}),?\s)?the\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)(?!\w){DAY_END}", read.ordinal),
    (rf"(?P<wd>{WEEKDAY}),?\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)(?!\w)", read.ordinal),
    (rf"{_WD}(?:the\s)?(?P<d>{DAY_WORD})\s(?:day\s)?of\s(?P<m>{MONTH}){_YEAR}", read.worded),
    (rf"{_WD}(?P<m>{MONTH})\s(?:the\s)?(?P<d>{DAY_WORD}){_YEAR}", read.worded),
    (
        rf"(?:(?P<wd>{WEEKDAY}),?\s)?the\s(?!(?:first|second|third|fourth)(?!\w))(?P<d>{DAY_WORD}){FOLLOWED}",
        read.ordinal,
    ),
    (rf"(?P<wd>{WEEKDAY})\s(?:of|from)\s(?P<which>this|last)\sweek(?!\w)", read.weekday_of_week),
    (
        r"(?:(?<=on\s)|(?<=by\s)|(?<=or\s)|(?<=and\s)|(?<=till\s)|(?<=until\s)|(?<=after\s)|(?<=before\s)|(?<=from\s))"
        rf"(?P<d>[0-3]?\d)(?:st|nd|rd|th)(?!\w){DAY_END}(?P<wd>(?!))?",
        read.ordinal,
    ),
    (
        r"(?:(?<=on\s)|(?<=by\s)|(?<=till\s)|(?<=until\s)|(?<=after\s)|(?<=before\s))the\s"
        rf"(?P<d>(?:1\d|2\d|3[01])(?![\w.,:/%-]{0, 8}\d)){FOLLOWED}(?P<wd>(?!))?",
        read.ordinal,
    ),
    (
        r"(?:(?<=on\s)|(?<=by\s)|(?<=before\s))the\s(?P<d>first|second|third|fourth)(?P<wd>(?!))?"
        r"(?=\s{0,2}(?:$|[.,;!?)\n])|\s(?:at|please|as|if|but)(?!\w))",
        read.ordinal,
    ),
    (rf"{_WD}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?![\w/%]|\.\d)", read.numeric_short),
    (
        rf"(?:(?:the\s)?day\s(?:after\stomorrow|before\syesterday)|{_TODAY}|{_TOMORROW}|yesterday|last\snight)(?!\w)",
        read.near,
    ),
    (rf"(?:in|within)\s(?:the\snext\s)?(?P<n>{COUNT})\s{_UNIT}(?:['\u2019]?\stime)?(?!\w)", read.distance),
    (rf"(?P<n>{COUNT})\s{_UNIT}\s(?P<ago>ago|earlier)(?!\w)", read.distance),
    (r"(?:the\s)?end\sof\s(?:the\s|(?P<which>this|next|last)\s)?year(?![\w'\u2019])", counts.end_of_year),
    (r"(?:the\s)?end\sof\s(?:the\s|business\s|this\s)?(?:business\s)?day(?!\w)|(?:EOD|COB)(?!\w)", counts.end_of_day),
    (r"(?:the\s)?close\sof\sbusiness(?!\w)", counts.end_of_day),
    (
        rf"next\sweek\s(?:on\s)?(?P<wd>{WEEKDAY})|(?P<wd2>{WEEKDAY})\s(?:of\s)?next\sweek(?!\w)",
        read.weekday_next_week,
    ),
    (
        r"(?P<end>(?:the\s)?end\sof\s)?(?:the\s)?(?P<which>this|next|last|past|coming)\s"
        r"(?P<unit>week(?:end)?|month)(?![\w'\u2019])",
        read.period,
    ),
    (r"(?P<end>(?:the\s)?end\sof\s)(?:the\s)?(?P<unit>week|month)(?![\w'\u2019])", read.period),
    (r"the\s(?P<unit>weekend)(?![\w'\u2019])", read.period),
    (
        rf"(?:(?P<which>this|next|last|past|coming|upcoming)\s(?:coming\s)?)?(?P<wd>{WEEKDAY})",
        read.weekday,
    ),
)
_RULES: tuple[Rule[Moment], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{shape})", re.IGNORECASE), reader) for shape, reader in _SHAPES
)


def dates(doc: Document, moment: Moment) -> list[Found]:
    """The days named in the document, in order of appearance."""
    return joined(doc, listed(doc, counts.named_once(doc, first_claims(doc, _RULES, moment)), moment))
