"""Fair choices and clashes, worked out a second way: by trying everything, minute by minute."""
import itertools


def minute(text):
    return None if text is None else int(text[:2]) * 60 + int(text[3:])


def conflict(one, other):
    """'clash', 'tight' or None of two meetings {day, begins, ends, place, house (the office, of a body of each office)}."""
    if one["day"] != other["day"]:
        return None
    spans = [(minute(m["begins"]), minute(m["ends"])) for m in (one, other)]
    (b1, e1), (b2, e2) = spans
    if b1 is None or b2 is None:
        return "tight"
    if b1 == b2:
        return "clash"
    if (b1 < b2 and e1 is None) or (b2 < b1 and e2 is None):
        return "tight"
    at_once = {m for m in range(24 * 60) if b1 <= m < (e1 or b1 + 1)} & {m for m in range(24 * 60) if b2 <= m < (e2 or b2 + 1)}
    if at_once:
        return "clash"
    between = b2 - e1 if b1 < b2 else b1 - e2
    houses = {m["house"] for m in (one, other) if m.get("house")}
    same_place = one["place"] is not None and one["place"] == other["place"] and len(houses) < 2
    return None if same_place or between >= 240 else "tight"


def choices(meetings, members, may):
    """Every way to give meetings to members, nobody two on one day: tuples of a member or None, place by place."""
    options = [[None] + [who for who in members if may(who, m)] for m in meetings]
    for choice in itertools.product(*options):
        taken = [(who, m["day"]) for who, m in zip(choice, meetings) if who is not None]
        if len(taken) == len(set(taken)):
            yield choice


def best(meetings, members, may, load):
    """(how many are given, the least sum of squares, the least greatest load, the greatest least load) of all choices."""
    scored = []
    for choice in choices(meetings, members, may):
        after = [load[who] + choice.count(who) for who in members]
        scored.append((sum(who is not None for who in choice), sum(n * n for n in after), max(after), min(after)))
    most = max(one[0] for one in scored)
    full = [one for one in scored if one[0] == most]
    return most, min(one[1] for one in full), min(one[2] for one in full), max(one[3] for one in full)
