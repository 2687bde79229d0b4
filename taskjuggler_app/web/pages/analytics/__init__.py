"""Numbers: what a manager asks on a Monday."""
