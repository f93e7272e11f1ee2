"""The API's description for people: the OpenAPI document as one readable page, and as JSON for programs."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from tenants.accounts.access import open_to_all

METHODS = ("get", "post", "put", "patch", "delete")


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    generator = SchemaGenerator(urlconf="config.urls_company")  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


@open_to_all
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description())


@open_to_all
def page(request: HttpRequest) -> HttpResponse:
    schema = description()
    context = {"schema": schema, "operations": _operations(schema), "objects": _objects(schema)}
    return render(request, "api/reference.html", context)


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "id": operation["operationId"],
            "description": _words(operation),
            "parameters": operation.get("parameters", []),
            "request": _name(operation.get("requestBody", {})),
            "responses": {code: _name(answer) for code, answer in operation["responses"].items()},
        }
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "description": _words(part),
            "fields": [
                {
                    "name": field,
                    "type": _type(spec),
                    "required": field in part.get("required", []),
                    "description": _words(spec),
                }
                for field, spec in part.get("properties", {}).items()
            ],
            "values": part.get("enum", []),
        }
        for name, part in sorted(schema["components"]["schemas"].items())
    ]


def _words(part: dict[str, Any]) -> str:
    """The description without the marks that code carries in docstrings."""
    return str(part.get("description", "")).replace("``", "")


def _name(body: dict[str, Any]) -> str:
    content = body.get("content", {}).get("application/json", {}).get("schema", {})
    return _type(content) if content else ""


def _type(spec: dict[str, Any]) -> str:
    if "$ref" in spec:
        return str(spec["$ref"]).rsplit("/", 1)[-1]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in spec:
            return " or ".join(_type(part) for part in spec[several])
    kind = spec.get("type", "")
    if kind == "array":
        return f"list of {_type(spec.get('items', {}))}"
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"{kind} ({spec['format']})" if "format" in spec else str(kind)
