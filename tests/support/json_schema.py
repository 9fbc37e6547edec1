"""The part of JSON Schema (2020-12 and OpenAPI 3.0) that the OpenAPI description may use.

A keyword that isn't known here is a fault, so that no constraint passes unread.
"""
import re
import uuid
from datetime import datetime
from decimal import Decimal

ANNOTATIONS = {"title", "description", "example", "examples", "default", "deprecated", "readOnly",
               "writeOnly", "$comment", "externalDocs", "xml", "discriminator", "$defs",
               "contentMediaType", "contentEncoding"}
CHECKED = {"$ref", "type", "nullable", "enum", "const", "properties", "required",
           "additionalProperties", "patternProperties", "propertyNames", "items", "prefixItems",
           "minItems", "maxItems", "uniqueItems", "oneOf", "anyOf", "allOf", "not", "pattern",
           "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
           "multipleOf", "format", "minProperties", "maxProperties"}


def resolve(root, reference):
    if not reference.startswith("#/"):
        raise ValueError(f"reference outside the document: {reference}")
    place = root
    for step in reference[2:].split("/"):
        step = step.replace("~1", "/").replace("~0", "~")
        place = place[int(step)] if isinstance(place, list) else place[step]
    return place


def unknown_keywords(schema, where="schema"):
    """Keywords this validator would silently skip, with their places."""
    faults = []
    if not isinstance(schema, dict):
        return faults
    for name, value in schema.items():
        if name not in CHECKED and name not in ANNOTATIONS and not name.startswith("x-"):
            faults.append(f"{where}: unknown keyword {name}")
        if name in ("properties", "patternProperties", "$defs"):
            for key, inner in value.items():
                faults += unknown_keywords(inner, f"{where}.{key}")
        elif name in ("oneOf", "anyOf", "allOf", "prefixItems"):
            for number, inner in enumerate(value):
                faults += unknown_keywords(inner, f"{where}.{name}[{number}]")
        elif name in ("items", "additionalProperties", "not", "propertyNames"):
            faults += unknown_keywords(value, f"{where}.{name}")
    return faults


def _is_number(value):
    return isinstance(value, (int, Decimal, float)) and not isinstance(value, bool)


_TYPES = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": _is_number,
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}


def _format_fault(form, value):
    try:
        if form == "uuid":
            uuid.UUID(value)
        elif form == "date-time":
            datetime.fromisoformat(value.replace("Z", "+00:00"))
            if not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
                return "a date-time without its offset"
        elif form == "date":
            datetime.strptime(value, "%Y-%m-%d")
    except ValueError:
        return f"not a {form}"
    return None


def faults_of(root, schema, value, where="$"):
    """Every way in which `value` breaks `schema`, as sentences with the place."""
    if schema is True or schema == {}:
        return []
    if schema is False:
        return [f"{where}: nothing is allowed here"]
    faults = []
    if "$ref" in schema:
        faults += faults_of(root, resolve(root, schema["$ref"]), value, where)
    if value is None and schema.get("nullable"):
        return faults
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(_TYPES[kind](value) for kind in kinds):
            return faults + [f"{where}: expected {'/'.join(kinds)}, got {value!r:.120}"]
    if "enum" in schema and value not in schema["enum"]:
        faults.append(f"{where}: {value!r:.120} isn't one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        faults.append(f"{where}: {value!r:.120} isn't {schema['const']!r}")
    faults += _combined_faults(root, schema, value, where)
    if isinstance(value, dict):
        faults += _object_faults(root, schema, value, where)
    elif isinstance(value, list):
        faults += _array_faults(root, schema, value, where)
    elif isinstance(value, str):
        faults += _string_faults(schema, value, where)
    elif _is_number(value):
        faults += _number_faults(schema, value, where)
    return faults


def _combined_faults(root, schema, value, where):
    faults = []
    for inner in schema.get("allOf", []):
        faults += faults_of(root, inner, value, where)
    if "anyOf" in schema and all(faults_of(root, inner, value, where) for inner in schema["anyOf"]):
        faults.append(f"{where}: {value!r:.120} fits none of anyOf")
    if "oneOf" in schema:
        fitting = sum(not faults_of(root, inner, value, where) for inner in schema["oneOf"])
        if fitting != 1:
            faults.append(f"{where}: {value!r:.120} fits {fitting} of oneOf")
    if "not" in schema and not faults_of(root, schema["not"], value, where):
        faults.append(f"{where}: {value!r:.120} is what it must not be")
    return faults


def _object_faults(root, schema, value, where):
    faults = []
    properties = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name in schema.get("required", []):
        if name not in value:
            faults.append(f"{where}: {name} is missing")
    for name, inner in value.items():
        place = f"{where}.{name}"
        known = name in properties
        if known:
            faults += faults_of(root, properties[name], inner, place)
        for pattern, inner_schema in patterns.items():
            if re.search(pattern, name):
                known = True
                faults += faults_of(root, inner_schema, inner, place)
        if not known and "additionalProperties" in schema:
            if schema["additionalProperties"] is False:
                faults.append(f"{place}: isn't described")
            else:
                faults += faults_of(root, schema["additionalProperties"], inner, place)
        if "propertyNames" in schema:
            faults += faults_of(root, schema["propertyNames"], name, place)
    if len(value) < schema.get("minProperties", 0):
        faults.append(f"{where}: too few members")
    if len(value) > schema.get("maxProperties", len(value)):
        faults.append(f"{where}: too many members")
    return faults


def _array_faults(root, schema, value, where):
    faults = []
    prefix = schema.get("prefixItems", [])
    for number, inner in enumerate(value):
        if number < len(prefix):
            faults += faults_of(root, prefix[number], inner, f"{where}[{number}]")
        elif "items" in schema:
            faults += faults_of(root, schema["items"], inner, f"{where}[{number}]")
    if len(value) < schema.get("minItems", 0):
        faults.append(f"{where}: fewer than {schema['minItems']} items")
    if len(value) > schema.get("maxItems", len(value)):
        faults.append(f"{where}: more than {schema['maxItems']} items")
    if schema.get("uniqueItems") and any(value.count(item) > 1 for item in value):
        faults.append(f"{where}: repeated items")
    return faults


def _string_faults(schema, value, where):
    faults = []
    if "pattern" in schema and not re.search(schema["pattern"], value):
        faults.append(f"{where}: {value!r:.120} doesn't match {schema['pattern']}")
    if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", len(value)):
        faults.append(f"{where}: length {len(value)} out of bounds")
    fault = _format_fault(schema.get("format"), value)
    if fault:
        faults.append(f"{where}: {value!r:.120}: {fault}")
    return faults


def _number_faults(schema, value, where):
    low, high = schema.get("minimum"), schema.get("maximum")
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    wrong = (low is not None and value < low or high is not None and value > high
             or over is not None and over is not True and value <= over
             or under is not None and under is not True and value >= under)
    if "multipleOf" in schema and Decimal(value) % Decimal(str(schema["multipleOf"])) != 0:
        wrong = True
    return [f"{where}: {value} out of bounds"] if wrong else []
