"""Checks a request against a vendor's OpenAPI file (cut to one operation; MIT, from twilio-oai and sendgrid-oai).

The part of JSON Schema that those files use: types, required and known properties, items, enums, lengths, patterns.
"""

import json
import re
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "openapi"
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


class Contract:
    """One operation of a vendor."""

    def __init__(self, file: str) -> None:
        self._doc = json.loads((_FOLDER / file).read_text())
        ((self.path, methods),) = self._doc["paths"].items()
        self._operation = methods["post"]

    def problems(self, path: str, content_type: str, body: dict[str, Any]) -> list[str]:
        """What the vendor would find wrong; empty for a request that fits."""
        found = [] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) else [f"no operation at {path}"]
        for parameter in map(self._resolved, self._operation["parameters"]):
            if parameter["in"] == "path":
                at = self.path.split("/").index("{" + parameter["name"] + "}")
                found += self._check(path.split("/")[at], parameter["schema"], parameter["name"])
        content = self._resolved(self._operation["requestBody"])["content"]
        kind = content_type.partition(";")[0].strip()
        return [*found, *(self._check(body, content[kind]["schema"], "body") if kind in content else [kind])]

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        node: Any = self._doc
        for part in schema["$ref"][2:].split("/"):
            node = node[part]
        return self._resolved(node)

    def _check(self, value: Any, schema: dict[str, Any], where: str) -> list[str]:
        schema = self._resolved(schema)
        kind = schema.get("type")
        if kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
            return [f"{where} is no {kind}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{where} is none of {schema['enum']}")
        if isinstance(value, str):
            found += self._check_text(value, schema, where)
        if isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
                found.append(f"{where} has {len(value)} items")
            for number, one in enumerate(value):
                found += self._check(one, schema.get("items", {}), f"{where}[{number}]")
        if isinstance(value, dict) and "properties" in schema:
            found += [f"{where} lacks {name}" for name in schema.get("required", []) if name not in value]
            for name, one in value.items():
                if name in schema["properties"]:
                    found += self._check(one, schema["properties"][name], f"{where}.{name}")
                elif not schema.get("additionalProperties"):
                    found.append(f"{where} knows no {name}")
        return found

    def _check_text(self, value: str, schema: dict[str, Any], where: str) -> list[str]:
        found = []
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
            found.append(f"{where} has {len(value)} letters")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{where} does not fit {schema['pattern']}")
        shapes = {"uri": r"https?://\S+", "email": r"[^@\s]+@[^@\s]+", "phone-number": r"\+[1-9]\d{7,14}"}
        if (shape := shapes.get(schema.get("format", ""))) and not re.fullmatch(shape, value):
            found.append(f"{where} is no {schema['format']}")
        return found
