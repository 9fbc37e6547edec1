"""Documents of every form of the Taoyuan plan, right in each, with a mark of its own in every text that a person writes.

What one office wrote can so be looked for in what another one is given, byte by byte."""
import itertools
import json

from desk import PLAN_FILE, course, event, line

FORMS = {form["code"]: form for form in json.loads(PLAN_FILE.read_text(encoding="utf-8"))["forms"]}
MEMBERS = [{"sex": "m" if n % 2 else "f", "role": {1: "convener", 2: "deputy", 12: "external"}.get(n, "internal")}
           for n in range(1, 13)]


class Marks:
    """Texts that stand nowhere else: `word` and a number. `planted` names what carries each."""

    def __init__(self, word):
        self.word, self.planted, self._numbers = word, {}, itertools.count(1)

    def new(self, carrier):
        mark = f"{self.word}{next(self._numbers):04d}x"
        self.planted[mark] = carrier
        return mark

    def text(self, carrier, kind="text"):
        mark = self.new(carrier)
        return {"email": f"{mark}@example.org", "url": f"https://{mark}.example.org/gender"}.get(kind, mark)


def bare(form, year):
    """(period, fields, tables) with the figures and codes that the form asks for; the texts are filled in afterwards."""
    day = f"{year + 1911}-04-20"
    period = str(year)
    return {
        "implementation-plan": ("plan", {"discussed_on": "2023-04-20", "sent_on": "2023-04-25"}, {}),
        "liaison-contacts": (period, {"effective_from": f"{year + 1911}-01-02", "liaison.section_chief": True,
                                      "liaison.phone": "03-320-2200", "deputy.phone": "03-320-2201"}, {}),
        "task-group-roster": (period, {"effective_from": f"{year + 1911}-01-02"}, {"members": MEMBERS}),
        "task-group-meeting": (period, {"date": day, "kind": "regular", "members": 12, "present.m": 5, "present.f": 5},
                               {"agenda": [{"no": "1", "kind": "report"}], "decisions": [{"no": "1"}]}),
        "budget-plan": (period, {"total_budget": 523000000}, {"lines": [line("1", executed=..., settled=...)]}),
        "training-quarterly": (f"{year}Q2", {}, {
            "courses": [course(date_from=day, date_to=day, **{"attendance.m": 90, "attendance.f": 120, "attendance.total": 210})],
            "outreach": [event(date=day)]}),
        "training-annual": (period, {
            **{f"{who}.{what}.{sex}": count for who, count in (("general", 60), ("supervisor", 9))
               for what in ("staff", "gm2h", "cedaw1h", "cedaw2h") for sex in "mf"},
            **{f"business.{what}.{sex}": 1 for what in ("staff", "ge10h") for sex in "mf"},
            "general.excluded": 3, "counted_on": f"{year + 1911}-12-31"}, {}),
        "budget-execution": (period, {"total_budget": 523000000}, {"lines": [line("1")]}),
        "local-programme": (period, {}, {"programmes": [{"budget": 150000, "reached.m": 20, "reached.f": 95, "reached.o": 1,
                                                         "reached.total": 116}]}),
        "webpage": (period, {"last_updated": f"{year + 1911}-12-05", "updates": 6}, {}),
        "other-measures": (period, {}, {"measures": [{"date": f"{year + 1911}-08-15"}]}),
        "annual-report": (period, {}, {}),
    }[form]


def fill(items, cells, marks, carrier):
    for item in items:
        if item["type"] in ("text", "email", "url") and item["code"] not in cells:
            cells[item["code"]] = marks.text(f"{carrier} {item['code']}", item["type"])
    return cells


def document(form, office, year, marks, **more):
    """A document of the form, marked all through: each text, and a note on its first cell."""
    period, fields, tables = bare(form, year)
    known = {item["code"] for item in FORMS[form].get("fields", [])}
    fields = fill(FORMS[form].get("fields", []), {code: value for code, value in fields.items() if code in known}, marks, form)
    rows = {table["code"]: [fill(table["columns"], {code: value for code, value in row.items() if value is not ...}, marks,
                                 f"{form} {table['code']}") for row in tables.get(table["code"], [])]
            for table in FORMS[form].get("tables", [])}
    made = {"form": form, "office": office, "period": period, **({"fields": fields} if known else {}),
            **({"tables": rows} if rows else {}), **more}
    if fields:
        made["notes"] = {f"fields.{next(iter(fields))}": marks.text(f"{form} note")}
    return made
