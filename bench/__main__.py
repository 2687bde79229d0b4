"""Runs one benchmark by name; its last line is one flat JSON object."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """`python -m bench NAME`."""
    names = sorted(
        p.stem
        for p in Path(__file__).parent.glob("*.py")
        if not p.stem.startswith("_") and p.stem not in ("rig", "peers")
    )
    if len(sys.argv) != 2 or sys.argv[1] not in names:
        sys.exit(f"Name one benchmark: make bench B=NAME, with NAME one of {', '.join(names)}.")
    importlib.import_module(f"bench.{sys.argv[1]}").main()


main()
