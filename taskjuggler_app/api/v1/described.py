"""The API's description: FastAPI's own, with the refusals, the tags of versions and the key added in one place."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from taskjuggler_app.api.v1 import examples
from taskjuggler_app.api.v1.problems import MEDIA_TYPE, Problem

_REFUSALS = {
    "401": "No key, or one that is unknown, revoked or expired",
    "403": "The key, or the person it stands for, may not do this",
    "404": "Not there, or not yours to see",
    "409": "The state of the thing does not allow it (any more)",
    "413": "More than we take",
    "422": "The request cannot be used; `errors` names the fields",
    "429": "Too many requests, or too much; Retry-After says when to come back",
}
_HEADERS = {
    "RateLimit-Limit": "Requests a minute",
    "RateLimit-Remaining": "How many are left",
    "RateLimit-Reset": "Seconds until they are whole again",
}


def description(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The function that gives the description, made once."""

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _complete(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    openapi_version="3.1.0",
                    description=app.description,
                    routes=app.routes,
                    separate_input_output_schemas=False,
                )
            )
        return app.openapi_schema

    return described


def _complete(made: dict[str, Any]) -> dict[str, Any]:
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs", {}), "Problem": problem}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for name in [one for one in schemas if one.startswith("Listed")]:
        for one in _items_of(schemas, name):
            one.pop("required", None)
    _with_tuples(made)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "A key from Settings"}}
    made["security"] = [{"key": []}]
    for path in made["paths"].values():
        for method, operation in path.items():
            _operation(method, operation)
    _with_examples(made["paths"], schemas)
    return made


def _with_examples(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say of each schema that an answer has what such an answer looks like."""
    for operation in (one for path in paths.values() for one in path.values()):
        for status, answer in operation["responses"].items():
            shown = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
            found = schemas.get(shown.rpartition("/")[2])
            if status.startswith("2") and found is not None:
                found.setdefault("examples", [examples.of(found, schemas)])


def _with_tuples(part: Any) -> None:
    """Say tuples as arrays of what their places may hold: tools read `prefixItems` in different ways."""
    if isinstance(part, dict):
        if places := part.pop("prefixItems", None):
            part["items"] = {"anyOf": places}
        for one in part.values():
            _with_tuples(one)
    elif isinstance(part, list):
        for one in part:
            _with_tuples(one)


def _items_of(schemas: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The schema of a list's items: `fields` may leave out any of theirs."""
    reference = schemas[name]["properties"]["items"].get("items", {}).get("$ref", "")
    found = schemas.get(reference.rpartition("/")[2])
    return [found] if found else []


def _operation(method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    headers = {name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()}
    for status, answer in answers.items():
        if status.startswith("2"):
            answer.setdefault("headers", {}).update(headers)
            content = answer.get("content", {})
            shown = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            if method == "get" and "/Listed" in shown:
                content["text/csv"] = {"schema": {"type": "string"}}
                answer["headers"]["Next-Cursor"] = {
                    "description": "In CSV: of the next page",
                    "schema": {"type": "string"},
                }
            elif method == "get" and "304" not in answers:
                answer["headers"]["ETag"] = {"description": "For If-None-Match", "schema": {"type": "string"}}
    if method == "get" and any("ETag" in one.get("headers", {}) for one in answers.values()):
        answers["304"] = {"description": "You have it already"}
    refusals = dict(_REFUSALS)
    if "requestBody" in operation:
        refusals["400"] = "The body is not text that can be read"
    if any(one["name"].lower() == "if-match" for one in operation.get("parameters", [])):
        refusals["412"] = "It changed since the version that If-Match names"
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, said in refusals.items():
        answers[status] = {"description": said, "content": content}
