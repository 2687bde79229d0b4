"""Great-circle distance in the database: haversine on a sphere of 3,958.8 miles."""

import math
from typing import Any

from sqlalchemy import ColumnElement, Float, case, func, literal
from sqlalchemy.sql.roles import ExpressionElementRole

EARTH_MILES = 3958.8


def miles_to(
    latitude: ExpressionElementRole[Any],
    longitude: ExpressionElementRole[Any],
    *,
    from_latitude: float,
    from_longitude: float,
) -> ColumnElement[Any]:
    """Miles from a place to what the two columns say, all in degrees; NULL where they say nothing."""
    there, here = func.radians(latitude), literal(math.radians(from_latitude), Float(53))
    across = func.sin((there - here) / 2)
    along = func.sin((func.radians(longitude) - literal(math.radians(from_longitude), Float(53))) / 2)
    root = across * across + func.cos(there) * func.cos(here) * along * along
    at_most_1 = case((root > 1.0, literal(1.0, Float(53))), else_=root)
    return 2 * EARTH_MILES * func.asin(func.sqrt(at_most_1))
