"""What the description shows of answers: an example for each, and the fields that real answers have."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.api.v1 import examples
from tests.api.demo_client import running


@cache
def _described() -> dict[str, Any]:
    return api.create().openapi()


def _answers() -> dict[str, dict[str, Any]]:
    """METHOD path status -> the schema of the answer."""
    found = {}
    for path, operations in _described()["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status.startswith("2") and "application/json" in answer.get("content", {}):
                    found[f"{method.upper()} {path} {status}"] = answer["content"]["application/json"]["schema"]
    return found


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    schemas = _described()["components"]["schemas"]
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _errors(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value; a field that is not described is wrong too."""
    schemas = {name: {**one, "additionalProperties": one.get("additionalProperties", "properties" not in one)}
               for name, one in _described()["components"]["schemas"].items()}  # fmt: skip
    known = Draft202012Validator({**schema, "components": {"schemas": schemas}},
                                 format_checker=Draft202012Validator.FORMAT_CHECKER)  # fmt: skip
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in known.iter_errors(value)]


@pytest.mark.parametrize("answer", _answers())
def test_every_answer_has_an_example_that_its_schema_allows(answer: str) -> None:
    schema = _answers()[answer]
    shown = _whole(schema).get("examples", [])
    assert shown, f"{answer} shows nobody what comes back"
    for example in shown:
        assert _errors(schema, example) == []
        assert set(example) == set(_whole(schema)["properties"])
        assert example.get("items", True), "an empty list shows nothing"


def test_what_examples_say_is_of_fields_that_there_are() -> None:
    schemas = _described()["components"]["schemas"].values()
    fields: dict[str, set[str]] = {}
    for one in schemas:
        fields.setdefault(one.get("title", ""), set()).update(one.get("properties", {}))
    for kind, said in examples.KINDS.items():
        assert set(said) <= fields.get(kind, set()), kind
    everything = set().union(*fields.values())
    assert set(examples.FIELDS) <= everything, set(examples.FIELDS) - everything


@pytest.fixture(scope="module")
def client(server: str, migrated: str) -> Iterator[TestClient]:
    with running(server, migrated) as (client, _):
        yield client


def test_real_answers_have_the_fields_that_are_described(client: TestClient) -> None:
    """Every list, and a thing of it by every way to read it."""
    read = {path: operations["get"] for path, operations in _described()["paths"].items() if "get" in operations}
    seen = set()
    for path in read:
        if "{" in path:
            continue
        found = client.get(path, params={"show": "all"} if path.endswith("/listings") else {})
        assert found.status_code == 200, path
        _same(path, found.json())
        seen.add(path)
        things: list[dict[str, Any]] = found.json().get("items", [])
        for below in read:
            if below.startswith(f"{path}/{{") and below.count("{") == 1 and things and "id" in things[0]:
                start, end = below.index("{"), below.index("}") + 1
                answers = (client.get(f"{below[:start]}{one['id']}{below[end:]}") for one in things)
                answer = next((one for one in answers if one.status_code == 200), None)
                assert answer is not None, f"nothing in {path} has {below}"
                _same(below, answer.json())
                seen.add(below)
    assert len(seen) > 36


def _same(path: str, content: Any) -> None:
    schema = _answers()[f"GET {path} 200"]
    assert _errors(schema, content) == [], path
    items = _whole(schema)["properties"].get("items")
    if items and "$ref" in items["items"]:
        whole = set(_whole(items["items"])["properties"])
        assert all(set(one) == whole for one in content["items"]), path
    elif not items:
        assert set(content) == set(_whole(schema)["properties"]), path
