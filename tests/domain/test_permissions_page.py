"""The page of permissions says what the policies do."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "write_permissions.py"))


def test_the_page_is_in_step_with_the_policies() -> None:
    page = (ROOT / "docs" / "permissions.md").read_text()
    assert page == SCRIPT["page"](), "run scripts/write_permissions.py"


def test_every_policy_says_its_rule_in_a_sentence() -> None:
    for name, predicates in SCRIPT["policies"]():
        for predicate in predicates:
            assert predicate.__doc__, f"{name}.{predicate.__name__}"


def test_policies_are_pure_functions_of_their_arguments() -> None:
    for _, predicates in SCRIPT["policies"]():
        for predicate in predicates:
            assert "session" not in predicate.__code__.co_varnames
