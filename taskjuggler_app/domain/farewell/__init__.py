"""A person goes: asking for it, what stands in the way, what is taken away and what stays."""
