"""A small business with a few weeks behind it, so that nobody's first screen is empty."""
