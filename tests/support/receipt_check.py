"""A receipt checked with nothing but its own content, the published key and the hash rules.

leaf = SHA-256(00 | entry); node = SHA-256(01 | left | right), a tree as in RFC 6962 over one batch;
head = SHA-256(02 | previous head | root | first sequence | last sequence), the numbers 8 bytes
big-endian; the first batch's previous head is 32 zero bytes; the signature is Ed25519 over
"tributary head v1" | 00 | jurisdiction | 00 | head.
"""
import base64
import hashlib
import json

import ed25519
from canonical_json import canonical_text


def _sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_of(entry_bytes):
    return _sha256(b"\x00", entry_bytes)


def node_of(left, right):
    return _sha256(b"\x01", left, right)


def root_from_path(leaf, path, index, size):
    """The root that an RFC 6962 audit path leads to; ValueError when it can't fit the tree."""
    first, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long for its batch")
        if first & 1 or first == last:
            value = node_of(sibling, value)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            value = node_of(value, sibling)
        first, last = first >> 1, last >> 1
    if last != 0:
        raise ValueError("the path is too short for its batch")
    return value


def head_of(previous, root, first, last):
    return _sha256(b"\x02", previous, root, first.to_bytes(8, "big"), last.to_bytes(8, "big"))


def check_receipt(receipt, keys):
    """Every fault of a receipt, as sentences; `keys` is what GET /v1/keys answers."""
    faults = []

    def need(condition, sentence):
        if not condition:
            faults.append(sentence)

    log, signature = receipt["log"], receipt["signature"]
    text = log["entry"]
    entry = json.loads(text)
    need(canonical_text(entry) == text, "log.entry isn't canonical JSON (RFC 8785)")
    leaf = leaf_of(text.encode("utf-8"))
    need(leaf.hex() == log["leaf"], "log.leaf isn't SHA-256(00 | entry)")
    first, last, sequence = log["first"], log["last"], log["sequence"]
    need(first <= sequence <= last, f"sequence {sequence} outside {first}..{last}")
    try:
        root = root_from_path(leaf, [bytes.fromhex(step) for step in log["path"]],
                              sequence - first, last - first + 1)
        previous = bytes.fromhex(log["previous"])
        need(len(previous) == 32, "log.previous isn't 32 bytes")
        head = head_of(previous, root, first, last)
        need(head.hex() == log["head"], "log.head doesn't follow from leaf, path and previous head")
    except ValueError as problem:
        faults.append(str(problem))
        head = bytes.fromhex(log["head"])
    for name in ("plan", "form", "office", "period", "event", "submission", "revision", "replaces",
                 "sha256", "document_sha256", "received_at", "recorded_at"):
        need(name in entry, f"the log entry lacks {name}")
        need(entry.get(name) == receipt.get(name),
             f"{name}: receipt {receipt.get(name)!r}, log entry {entry.get(name)!r}")
    need(entry.get("sequence") == sequence, "the log entry's sequence isn't the receipt's")
    for name in ("jurisdiction", "kind", "actor", "plan_version", "stored_sha256"):
        need(name in entry, f"the log entry lacks {name}")
    key = next((key for key in keys["keys"] if key["key"] == signature["key"]), None)
    if key is None:
        faults.append(f"key {signature['key']} isn't published")
        return faults
    public = base64.b64decode(key["ed25519_public"])
    need(hashlib.sha256(public).hexdigest()[:16] == key["key"], "the key's id isn't its hash's start")
    message = (b"tributary head v1\x00" + str(entry.get("jurisdiction")).encode() + b"\x00" + head)
    need(ed25519.verify(public, message, base64.b64decode(signature["ed25519"])),
         "the Ed25519 signature of the head doesn't hold")
    return faults


def check_chain(receipts):
    """Faults of the log as far as these receipts show it: order, times, chained heads."""
    faults = []
    by_sequence = sorted(receipts, key=lambda receipt: receipt["log"]["sequence"])
    for one, next_one in zip(by_sequence, by_sequence[1:]):
        a, b = one["log"]["sequence"], next_one["log"]["sequence"]
        if a == b:
            faults.append(f"sequence {a} stands on two receipts")
        if one["recorded_at"] >= next_one["recorded_at"]:
            faults.append(f"recorded_at doesn't increase from sequence {a} to {b}: "
                          f"{one['recorded_at']} then {next_one['recorded_at']}")
    batches = {}
    for receipt in by_sequence:
        log = receipt["log"]
        shape = (log["last"], log["head"], log["previous"])
        if batches.setdefault(log["first"], shape) != shape:
            faults.append(f"two receipts of the batch from {log['first']} disagree about it")
    ordered = sorted(batches.items())
    for (_, (last, head, _)), (first, (_, _, previous)) in zip(ordered, ordered[1:]):
        if last >= first:
            faults.append(f"the batch that ends at {last} overlaps the one from {first}")
        if last + 1 == first and previous != head:
            faults.append(f"the batch from {first} doesn't chain to the head before it")
    if ordered and ordered[0][0] == 1 and ordered[0][1][2] != "00" * 32:
        faults.append("the first batch's previous head isn't 32 zero bytes")
    return faults
