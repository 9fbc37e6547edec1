"""RFC 8785 (JCS) for what documents hold: objects, lists, text, whole numbers, true, false, null."""
import hashlib

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r",
          '"': '\\"', "\\": "\\\\"}


def _text(value):
    return '"' + "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c)
                         for c in value) + '"'


def canonical_text(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if abs(value) > 2 ** 53:
            raise ValueError(f"{value} isn't exact as an I-JSON number")
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical_text, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{canonical_text(value[name])}"
                              for name in names) + "}"
    raise TypeError(f"{type(value).__name__} has no place in a document")


def canonical_bytes(value):
    return canonical_text(value).encode("utf-8")


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


def row_identity(row):
    """What the server names a row that has neither `_row` nor a key: h and eight hex digits."""
    return "h" + sha256_hex(canonical_bytes(row))[:8]


def canonical_document(document, keyed_tables=()):
    """The canonical bytes that `document_sha256` is taken of: without base, with row identities.

    `keyed_tables`: tables whose rows the plan identifies by key columns; they are left as sent.
    """
    whole = {name: value for name, value in document.items() if name != "base"}
    if isinstance(whole.get("tables"), dict):
        whole["tables"] = {name: (rows if name in keyed_tables else _with_identities(rows))
                           for name, rows in whole["tables"].items()}
    return canonical_bytes(whole)


def _with_identities(rows):
    seen, result = {}, []
    for row in rows:
        if "_row" in row:
            result.append(row)
            continue
        name = row_identity(row)
        seen[name] = seen.get(name, 0) + 1
        result.append({**row, "_row": name if seen[name] == 1 else f"{name}-{seen[name]}"})
    return result
