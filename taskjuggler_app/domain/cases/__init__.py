"""The case log: one append-only, hash-chained record of what happened in a workspace, and by whom."""
