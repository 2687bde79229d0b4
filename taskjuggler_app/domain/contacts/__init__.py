"""People outside the workspace: lists, imports, opt-outs, messages to many."""
