"""Every relative link in the Markdown files leads somewhere."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def broken() -> list[str]:
    """One line for each link to a file that is not there."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in listed.stdout.split("\n"):
        page = ROOT / name
        if not page.is_file():
            continue
        for target in _LINK.findall(page.read_text()):
            path = target.split("#")[0]
            if path and "://" not in path and not path.startswith("mailto:") and not (page.parent / path).exists():
                found.append(f"{name}: {target}")
    return found


if __name__ == "__main__":
    problems = broken()
    print("\n".join(problems) or "Every link leads somewhere.")
    sys.exit(1 if problems else 0)
