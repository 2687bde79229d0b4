"""The page of permissions says what the policies do."""

from pathlib import Path

from scripts import write_permissions


def test_the_page_is_in_step_with_the_policies() -> None:
    page = Path(write_permissions.ROOT / "docs" / "permissions.md")
    assert page.read_text() == write_permissions.page(), "run scripts/write_permissions.py"


def test_every_policy_says_its_rule_in_a_sentence() -> None:
    for name, predicates in write_permissions.policies():
        for predicate in predicates:
            assert predicate.__doc__, f"{name}.{predicate.__name__}"


def test_policies_are_pure_functions_of_their_arguments() -> None:
    for _, predicates in write_permissions.policies():
        for predicate in predicates:
            assert "session" not in predicate.__code__.co_varnames
