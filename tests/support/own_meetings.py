"""A computation of its own of what the meeting rooms say: which meetings count, how they are numbered, and the year's calendar.
It shares no code with the programs: it works from the plan file and from facts that a test keeps."""
import calendar
import datetime
import itertools


def quorum(kind, members, present, external, external_present):
    """holds, broken or unknown."""
    if kind == "more_than_half":
        return "unknown" if members == 0 else "holds" if present > members / 2 else "broken"
    if kind == "half_of_external":
        return "unknown" if external == 0 else "holds" if external_present >= external / 2 else "broken"
    return "holds"


def numbers(meetings):
    """{id: 第N次} of [(id, body, unit, year, day, state, order)]."""
    found = {}
    standing = sorted((one for one in meetings if one[5] != "cancelled"), key=lambda one: (str(one[1:4]), one[4], one[6]))
    for _, group in itertools.groupby(standing, key=lambda one: one[1:4]):
        for number, one in enumerate(group, start=1):
            found[one[0]] = number
    return found


def units(plan, body, year):
    """The units of a body of the plan file in a year; [None]: one of the city."""
    def holds(one):
        return one.get("from", 0) <= year <= one.get("to", 999)
    per = body.get("per")
    if per == "office":
        return [one["code"] for one in plan["offices"] if holds(one)]
    if per == "group":
        return [one["code"] for one in plan["groups"]]
    if per == "unit":
        return [one["code"] for one in body["units"]]
    return [None]


def slots(body, year):
    """[(month or None, due date)] of the meetings that the plan file expects of a body in a ROC year."""
    said = body.get("meetings")
    if not said:
        return []
    months = said.get("months", [])
    found = []
    for place in range(max(said.get("least", 1), len(months))):
        month = months[place] if place < len(months) else None
        if "by" in said:
            due = datetime.date.fromisoformat(f"{year + 1911}-{said['by']}")
        else:
            last = month or 12
            due = datetime.date(year + 1911, last, calendar.monthrange(year + 1911, last)[1])
        found.append((month, due))
    return found


def assign(expected, held, ahead):
    """For each expected one the meeting that fulfils it, or None. `held`, `ahead`: days of regular meetings that count, and of
    those that are called or planned, in order."""
    taken = [None] * len(expected)
    for days in (held, ahead):
        left = []
        for day in days:
            own = [place for place, (month, due) in enumerate(expected)
                   if taken[place] is None and (month, due.year) == (day.month, day.year)]
            if own:
                taken[own[0]] = day
            else:
                left.append(day)
        for day in left:
            free = [place for place in range(len(expected)) if taken[place] is None]
            before = [place for place in free if expected[place][1] < day]
            if free:
                taken[before[-1] if before else free[0]] = day
    return taken


def lateness(due, day, took_place, today):
    """Days late of an expected meeting: `day` None: there is none."""
    against = day if day and (took_place or day > today) else today
    return max(0, (against - due).days)
