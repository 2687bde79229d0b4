"""The workspace's language model as everybody uses it: within a budget, and every call on record."""
