"""Writes docs/settings.md and .env.example from the Settings class; with --check only says whether they are in step."""

import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from taskjuggler_app.core.config import Settings  # noqa: E402  # after the path, so that it also runs from elsewhere

PAGE = """# Settings

Nothing needs to be set: `make run` works without a single setting. To change one, set it in the environment or in a
file `.env` in the checkout (start from `.env.example`); the environment wins. A setting that cannot be used stops the
start with one line that names it. `taskjuggler doctor` says what is configured, what runs embedded and what is missing.

| Setting | What it is | Default |
|---|---|---|
{rows}

`CHROMIUM`, in the environment, names the browser of `make test` when it is not on the path.

This page is written by `scripts/write_settings.py` from `taskjuggler_app/core/config.py`.
"""
EXAMPLE = """# Copy to .env and uncomment what you want to change. docs/settings.md describes every setting.
{lines}
"""


def default_of(field: FieldInfo) -> str:
    """The value that a setting has when it is not given, as one would write it; "" for none."""
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    return "" if value in (None, []) else str(value)


def page() -> str:
    """docs/settings.md."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = default_of(field)
        rows.append(f"| `{name.upper()}` | {field.description} | {f'`{default}`' if default else ''} |")
    return PAGE.format(rows="\n".join(rows))


def example() -> str:
    """.env.example."""
    fields = Settings.model_fields.items()
    return EXAMPLE.format(lines="\n".join(f"\n# {f.description}\n#{n.upper()}={_quoted(f)}" for n, f in fields))


def _quoted(field: FieldInfo) -> str:
    default = default_of(field)
    return f'"{default}"' if " " in default else default


def main() -> None:
    """Write the two files, or with --check name those that are out of step and exit 1."""
    wanted = {ROOT / "docs" / "settings.md": page(), ROOT / ".env.example": example()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"{path.relative_to(ROOT)}: run scripts/write_settings.py" for path in stale) or "In step.")
        sys.exit(1 if stale else 0)
    for path in stale:
        path.write_text(wanted[path])


if __name__ == "__main__":
    main()
