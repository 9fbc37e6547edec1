"""A calendar and books of its own: when forms are due and how timely receipts were, sharing no code with the program."""
import datetime
import json
import zoneinfo

from desk import PLAN_FILE

PLAN = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
TAIPEI = zoneinfo.ZoneInfo(PLAN["time_zone"])
UTC = datetime.timezone.utc
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)

HOLIDAYS = {datetime.date.fromisoformat(one["date"]) for one in PLAN["calendar"]["holidays"]}
WORKED = {datetime.date.fromisoformat(one["date"]) for one in PLAN["calendar"].get("working_days", [])}


def working_day(day):
    while day not in WORKED and (day.weekday() >= 5 or day in HOLIDAYS):
        day += DAY
    return day


def form_of(code):
    return next(form for form in PLAN["forms"] if form["code"] == code)


def periods(form, year):
    if form["period"] == "quarter":
        return [f"{year}Q{quarter}" for quarter in range(1, 5)]
    if form["period"] == "plan":
        return ["plan"] if year == PLAN["years"]["from"] else []
    return [str(year)]


def planned(form, period):
    """The date that the plan says, or None."""
    year = PLAN["years"]["from"] if period == "plan" else int(period.split("Q")[0])
    quarter = int(period.split("Q")[1]) if "Q" in period else None
    for due in form["due"]:
        if due.get("quarter") == quarter:
            return datetime.date(year + due["year_offset"] + 1911, due["month"], due["day"])
    return None


def moved(form, period):
    day = planned(form, period)
    return working_day(day) if PLAN["calendar"]["move_to_working_day"] else day


def end_of(day):
    """The first moment after a day in Taipei."""
    return datetime.datetime.combine(day + DAY, datetime.time(), TAIPEI).astimezone(UTC)


def iso(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Books:
    """What was handed in, withdrawn, granted and attested, in the order of the log, and what follows from it."""

    def __init__(self):
        self.receipts, self.extensions, self.attestations = [], [], []

    def came(self, receipt, moment):
        """When a receipt counts as received: as the newest attestation says, or when it came."""
        said = [one for one in self.attestations if one["id"] == receipt["id"] and one["recorded"] <= moment]
        return (said[-1]["received"] if said else None) or receipt["received"]

    def obligation(self, office, form, period, moment):
        known = [one for one in self.receipts if one["key"] == (office, form["code"], period) and one["recorded"] <= moment]
        granted = [one for one in self.extensions if one["key"] == (office, form["code"], period) and one["recorded"] <= moment]
        until = granted[-1]["until"] if granted else None
        day = moved(form, period)
        last = max(day, until) if until else day
        there = bool(known) and known[-1]["reported"] and not known[-1]["provisional"]
        gone = max((place for place, one in enumerate(known) if one.get("withdrawn")), default=-1)
        discharges = [one for one in known[gone + 1:] if one["reported"] and not one["provisional"]]
        first = min(self.came(one, moment) for one in discharges) if there else None
        if first is None:
            timeliness = "none"
        elif first < end_of(day):
            timeliness = "on_time"
        elif until and first < end_of(until):
            timeliness = "excused"
        else:
            timeliness = "late"
        today = moment.astimezone(TAIPEI).date()
        left = (last - today).days
        due = "past_due" if left < 0 else "due_soon" if left <= PLAN["calendar"]["due_soon_days"] else "not_due"
        return {"due": due, "due_date": last.isoformat(), "planned_date": planned(form, period).isoformat(),
                "due_at": (end_of(last) - SECOND).strftime("%Y-%m-%dT%H:%M:%SZ"), "timeliness": timeliness,
                "review": "received" if there else "not_received",
                "submission": known[-1]["id"] if known else None, "revision": len(known) or None,
                "first_received_at": iso(first) if first else None,
                "until": until.isoformat() if until else None}
