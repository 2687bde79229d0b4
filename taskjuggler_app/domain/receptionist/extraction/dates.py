"""Days a message names, resolved from the day of receipt; ISO 8601, a range has `until`.

Patterns only, no free search: "may I ask" and "march over there" are no dates. A day without a year is the next
such day, unless the sentence tells of the past; a weekday is the next one after the day of receipt.
"""

import re

from taskjuggler_app.domain.receptionist.extraction import date_readings as read
from taskjuggler_app.domain.receptionist.extraction.calendar import COUNT, MONTH, WEEKDAY, Moment
from taskjuggler_app.domain.receptionist.extraction.context import FOLLOWED
from taskjuggler_app.domain.receptionist.extraction.document import Document, Rule, first_claims
from taskjuggler_app.domain.receptionist.extraction.ranges import joined
from taskjuggler_app.domain.receptionist.extraction.values import Found

_WD = rf"(?:(?P<wd>{WEEKDAY})\.?,?\s{{1,2}}(?:the\s)?)?"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s{1,2}(?P<y>(?:19|20)\d\d)(?!\w))?"
_TO_DAY = r"(?:\s?[-\u2013]\s?(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?!\w|:|\s?[ap]\.?m))?"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)"
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
    (rf"{_WD}(?P<m>{MONTH})\s{{1,2}}(?:the\s)?{_DAY}(?![\w:]){_TO_DAY}{_YEAR}", read.month_day),
    (rf"{_WD}(?:the\s)?{_DAY}{_TO_DAY}\s{{1,2}}(?:of\s)?(?P<m>{MONTH}){_YEAR}", read.month_day),
    (
        rf"(?:(?P<prep>{_PERIOD_BEFORE})\s{{1,2}})?(?P<m>{MONTH})(?:,?\s(?P<y>(?:19|20)\d\d)(?!\w)|(?!\w|\s{{1,2}}\d))",
        read.month,
    ),
    (rf"(?:(?P<wd>{WEEKDAY}),?\s)?the\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)(?!\w){FOLLOWED}", read.ordinal),
    (rf"{_WD}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?![\w/%]|\.\d)", read.numeric_short),
    (
        rf"(?:(?:the\s)?day\s(?:after\stomorrow|before\syesterday)|{_TODAY}|{_TOMORROW}|yesterday|last\snight)(?!\w)",
        read.near,
    ),
    (rf"(?:in|within)\s(?:the\snext\s)?(?P<n>{COUNT})\s{_UNIT}(?!\w)", read.distance),
    (rf"(?P<n>{COUNT})\s{_UNIT}\s(?:(?P<ago>ago|earlier)|from\s(?:now|today))(?!\w)", read.distance),
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
    return joined(doc, first_claims(doc, _RULES, moment))
