"""Paying for a plan, from the first month to the last."""
