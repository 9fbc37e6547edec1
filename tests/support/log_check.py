"""An exported log checked with nothing but its lines, published keys and the hash rules (receipt_check.py)."""
import base64
import json

import ed25519
import receipt_check


def root_of(leaves):
    """The root of RFC 6962 over these leaves."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return receipt_check.node_of(root_of(leaves[:middle]), root_of(leaves[middle:]))


def _check_entry(line, faults):
    leaf = bytes.fromhex(line["leaf"])
    if line["entry"] is not None:
        entry = json.loads(line["entry"])
        if receipt_check.leaf_of(line["entry"].encode()) != leaf:
            faults.append(f"entry {line['sequence']}: its text doesn't give its leaf")
        if entry["sequence"] != line["sequence"]:
            faults.append(f"entry {line['sequence']} says it is {entry['sequence']}")
    return leaf


def check_log(text, keys):
    """(faults, entries) of an export; `keys` maps ids to public keys that were kept, not those of the file itself."""
    faults, lines = [], [json.loads(line) for line in text.splitlines()]
    head, end = lines[0], lines[-1]
    if head["type"] != "log" or end["type"] != "end":
        return ["the export is cut off"], 0
    previous, sequence, batch, entries = head["previous"], (head["first"] or 1) - 1, None, 0
    leaves = []

    def close():
        if not leaves:
            faults.append(f"batch {batch['batch']} has no entries")
            return
        computed = receipt_check.head_of(bytes.fromhex(batch["previous"]), root_of(leaves), batch["first"], batch["last"])
        if computed.hex() != batch["head"]:
            faults.append(f"batch {batch['batch']}: its entries don't give its head")
        if len(leaves) != batch["last"] - batch["first"] + 1:
            faults.append(f"batch {batch['batch']} isn't whole")
        message = b"tributary head v1\x00" + head["jurisdiction"].encode() + b"\x00" + bytes.fromhex(batch["head"])
        key = keys.get(batch["signature"]["key"])
        if key is None or not ed25519.verify(key, message, base64.b64decode(batch["signature"]["ed25519"])):
            faults.append(f"batch {batch['batch']}: its signature doesn't hold")

    for line in lines[1:]:
        if line["type"] == "entry":
            if line["sequence"] != sequence + 1:
                faults.append(f"entry {line['sequence']} follows {sequence}")
            sequence = line["sequence"]
            leaves.append(_check_entry(line, faults))
            entries += 1
            continue
        if line["type"] == "log" or (line["type"] == "end" and line is not lines[-1]):
            faults.append(f"a line of the type {line['type']} stands in between")
            continue
        if batch is not None:
            close()
            previous = batch["head"]
        if line["type"] == "batch":
            if line["previous"] != previous or line["first"] != sequence + 1:
                faults.append(f"batch {line['batch']} doesn't follow the one before")
            batch, leaves = line, []
    if batch is not None and (end["head"], end["last"]) != (batch["head"], sequence):
        faults.append("the last line names another end")
    if (head["head"], head["last"]) != (end["head"], end["last"]):
        faults.append("the first and the last line disagree about the end")
    return faults, entries
