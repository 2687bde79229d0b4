"""`python -m taskjuggler_app` is `taskjuggler`."""

from taskjuggler_app.cli import main

main()
