"""Routing: deterministic rules decide who does what, and say why."""
