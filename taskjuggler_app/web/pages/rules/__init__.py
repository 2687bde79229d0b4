"""The rules that decide where messages go."""
