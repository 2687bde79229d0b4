"""The product as a person meets it: real processes, real browser."""
