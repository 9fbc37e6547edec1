"""A plan in which forms look at each other in every way a plan file can say, and documents drawn for its forms (or for
those of any other plan)."""
import random
from fractions import Fraction

from cross import UNKNOWN, UNREPORTED, value_of
from exact import plain
from plans import NUMERIC


def name(text):
    return {"zh": text, "en": text}


def item(code, kind, **more):
    return {"code": code, "name": name(code), "type": kind, **more}


def came(severity, form, **more):
    return {"form": form, "severity": severity, **more}


def element(code, table, **more):
    return {"code": code, "name": name(code), "table": table, **more}


def form(code, period, fields=(), tables=(), elements=(), checks=(), **more):
    quarters = (1, 2, 3, 4) if period == "quarter" else (None,)
    return {"code": code, "name": name(code), "period": period, "event": False, "source": "made up",
            "due": [{**({"quarter": quarter} if quarter else {}), "year_offset": 1, "month": 4, "day": 30, "kind": "hard"} for quarter in quarters],
            "fields": list(fields), "tables": [{"code": table, "name": name(table), **what} for table, what in tables],
            "elements": list(elements), "rules": [], "cross_checks": [{"source": "made up", **check} for check in checks], **more}


LINE_COLUMNS = [item("no", "key"), item("part", "key"), item("amount", "money"), item("hours", "decimal", step="0.5"), item("done", "boolean"),
                item("kinds", "codes", codes="kind"), item("title", "text")]
OFFICES = [f"680000{number}0" for number in range(1, 7)]
KIND_A = {"field": "kind", "equals": "a"}

PLAN = {
    "format": 1, "plan": "crossing-112-114", "version_note": "made up", "draft": False,
    "jurisdiction": {"code": "68000", "name": name("crossing")}, "name": name("crossing"), "years": {"from": 112, "to": 114}, "time_zone": "Asia/Taipei",
    "offices": [{"code": code, "name": name(code)} for code in OFFICES],
    "groups": [{"code": "group-1", "name": name("one"), "members": [{"office": code} for code in OFFICES]}],
    "wholes": [{"code": "city", "name": name("city"), "except": []}],
    "calendar": {"move_to_working_day": True, "due_soon_days": 14, "holidays": []},
    "code_lists": {"kind": [{"code": code, "name": name(code)} for code in "abc"]},
    "indicators": [],
    "forms": [
        form("once", "plan", [item("n", "count"), item("word", "text")]),
        form("each-quarter", "quarter", [item("n", "count"), item("hours", "decimal", step="0.5")],
             [("rows", {"columns": [item("kind", "code", codes="kind"), item("n", "count"), item("done", "boolean")]})],
             [element("rows.count", "rows", count=True), element("rows.n", "rows", sum="n"),
              element("rows.a.n", "rows", sum="n", where={"column": "kind", "equals": "a"}),
              element("rows.done", "rows", count=True, where={"column": "done", "equals": True})]),
        form("each-year", "year", [item("yes", "boolean"), item("day", "date"), item("kind", "code", codes="kind"), item("kinds", "codes", codes="kind"),
                                   item("sum", "money"), item("page", "url"), item("mail", "email"), item("hours", "decimal", step="0.5")],
             [("lines", {"key": ["no", "part"], "columns": LINE_COLUMNS})], [element("lines.count", "lines", count=True), element("lines.hours", "lines", sum="hours")]),
        form("in-force", "year", [item("since", "date"), item("n", "count"), item("word", "text")],
             [("rows", {"columns": [item("kind", "code", codes="kind")]})],
             [element("rows.count", "rows", count=True, over_periods="none"), element("rows.a", "rows", count=True, where={"column": "kind", "equals": "a"})],
             effective_from="since"),
        form("event", "year", [item("on", "date"), item("kind", "code", codes="kind"),
                               item("n", "count", **{"from": came("explain", "in-force", elements=["n"], on="on")}), item("m", "count")],
             checks=[{"kind": "at_most", "severity": "error", "parts": ["m"], "with": {"form": "in-force", "elements": ["rows.count"], "on": "on"}}], event=True),
        form("quarter-report", "quarter", [item("n", "count", **{"from": came("error", "each-quarter", elements=["n", "rows.n"])}),
                                           item("before", "count", **{"from": came("explain", "each-quarter", elements=["rows.a.n"], year_offset=-1)}),
                                           item("sum", "money", **{"from": came("warning", "each-year", field="sum")})],
             checks=[{"kind": "at_most", "severity": "explain", "parts": ["n", "before"], "with": {"form": "each-quarter", "elements": ["rows.count"]}}]),
        form("year-report", "year", [
            item("n", "count", **{"from": came("error", "each-quarter", elements=["n", "rows.n", "rows.a.n"])}),
            item("hours", "decimal", step="0.5", **{"from": came("explain", "each-quarter", elements=["hours"])}),
            item("done", "count", **{"from": came("warning", "each-quarter", elements=["rows.done"])}),
            item("yes", "boolean", **{"from": came("error", "each-year", field="yes")}), item("day", "date", **{"from": came("explain", "each-year", field="day")}),
            item("kind", "code", codes="kind", **{"from": came("error", "each-year", field="kind", year_offset=-1)}),
            item("kinds", "codes", codes="kind", **{"from": came("explain", "each-year", field="kinds")}),
            item("sum", "money", **{"from": came("error", "each-year", field="sum", year_offset=1)}), item("page", "url", **{"from": came("error", "each-year", field="page")}),
            item("mail", "email", **{"from": came("warning", "each-year", field="mail")}), item("line_hours", "decimal", step="0.5", **{"from": came("explain", "each-year", field="hours")}),
            item("word", "text", **{"from": came("error", "in-force", field="word")}), item("n_then", "count", **{"from": came("explain", "in-force", elements=["n"], on="asked_on")}),
            item("rows_before", "count", **{"from": came("error", "in-force", elements=["rows.count"], year_offset=-1)}), item("asked_on", "date"),
            item("events", "count", **{"from": came("error", "event", events=True)}), item("events_a", "count", **{"from": came("explain", "event", events=True, where=KIND_A)}),
            item("events_m", "count", **{"from": came("warning", "event", elements=["m"], where=KIND_A)}), item("once", "count", **{"from": came("error", "once", elements=["n"])})],
             [("lines", {"key": ["no", "part"], "columns": LINE_COLUMNS})],
             checks=[{"kind": "same_lines", "severity": "explain", "table": "lines", "with": {"form": "each-year", "table": "lines"},
                      "columns": ["amount", "hours", "done", "kinds", "title"]},
                     {"kind": "same_lines", "severity": "error", "table": "lines", "with": {"form": "each-year", "table": "lines", "year_offset": -1}, "columns": ["amount"]},
                     {"kind": "at_most", "severity": "warning", "parts": ["hours", "n"], "with": {"form": "each-year", "elements": ["hours", "lines.hours"]}}]),
        form("plan-report", "plan", [item("n", "count", **{"from": came("explain", "each-quarter", elements=["n"])}), item("word", "text", **{"from": came("error", "once", field="word")}),
                                     item("rows", "count", **{"from": came("warning", "in-force", elements=["rows.count"])})]),
    ],
}

WORDS = ("社會課", "人文課", "課長")
TYPES = {"text": WORDS, "url": ("https://a.example.org", "https://b.example.org/x"), "email": ("a@example.org", "b@example.org"),
         "phone": ("03-1234567", "03-7654321"), "boolean": (True, False, "yes", "no")}


class Drawer:
    """Documents of an office, drawn so that they often agree, and often miss by one."""

    def __init__(self, rng, plan):
        self.rng, self.plan = rng, plan
        self.lists = {code: [one["code"] for one in entries] for code, entries in plan.definition["code_lists"].items()}

    def chance(self, probability):
        return self.rng.random() < probability

    def date(self, year):
        rng = self.rng
        year += 1911 + rng.choice((0, 0, 0, 0, -1, 1))
        return f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"

    def value(self, column, year):
        rng, kind = self.rng, column["type"]
        if kind in ("count", "money"):
            return rng.randint(0, 4)
        if kind == "decimal":
            return rng.choice(("0", "0.5", "1.0", "1", "2.5"))
        if kind == "date":
            return self.date(year)
        if kind == "code":
            return rng.choice(self.lists[column["codes"]])
        if kind == "codes":
            some = self.lists[column["codes"]]
            return rng.sample(some, rng.randint(1, min(2, len(some))))
        return rng.choice(TYPES[kind])

    def cell(self, column, year):
        lot = self.rng.random()
        if lot < 0.78:
            return self.value(column, year)
        if lot < 0.9:
            return None
        return {"not_yet" if lot < 0.95 else "not_applicable": "x"}

    def rows(self, table, year):
        keys, rows = table.get("key") or [], []
        count = self.rng.choice((0, 1, 2, 3, 4))
        for number in range(1, count + 1):
            row = {} if keys else {"_row": f"r{number}"}
            for column in table["columns"]:
                if column["code"] in keys:
                    row[column["code"]] = self.rng.choice((number, str(number))) if column["code"] == keys[0] else self.rng.choice((1, "1", 2))
                elif column["type"] == "code":
                    row[column["code"]] = self.value(column, year)  # what rows are counted by is known
                else:
                    row[column["code"]] = self.cell(column, year) if column["type"] != "boolean" else self.value(column, year)
            rows.append(row)
        return rows

    def near(self, office, field, document, cell):
        """What the other forms hold, or nearly."""
        value = value_of(office, field["from"], document)
        if value in (UNKNOWN, UNREPORTED) or not self.chance(0.75):
            return cell
        if field["type"] not in NUMERIC:
            return value
        value = Fraction(value)
        if self.chance(0.3):
            value = max(Fraction(0), value + self.rng.choice((-1, 1)))
        return plain(value) if field["type"] == "decimal" else int(value)

    def like_the_others(self, office, check, document):
        """The lines of the other form, with one of them changed now and then."""
        others = office.current(check["with"]["form"], document["period"])
        theirs = (others[-1].get("tables") or {}).get(check["with"]["table"]) if others else None
        rows = (document.get("tables") or {}).get(check["table"])
        if not theirs or rows is None or self.chance(0.3):
            return
        table = next(one for one in self.plan.forms[document["form"]].definition["tables"] if one["code"] == check["table"])
        known = {column["code"] for column in table["columns"]}
        copied = [{code: cell for code, cell in row.items() if code in known} for row in theirs]
        if self.chance(0.3):
            copied.pop(self.rng.randrange(len(copied)))
        if rows and self.chance(0.3):
            row = self.rng.choice(rows)
            copied = [one for one in copied if str(one["no"]) != str(row["no"])] + [row]
        document["tables"][check["table"]] = copied

    def document(self, office, code, office_code, period):
        definition = self.plan.forms[code].definition
        year = self.plan.year_of(period)
        document = {"form": code, "office": office_code, "period": period}
        mood = self.rng.choice((0, 0, 0, 1))
        fields = {field["code"]: self.value(field, year) if mood == 0 and not self.chance(0.1) else self.cell(field, year)
                  for field in definition.get("fields") or [] if not field.get("personal")}
        tables = {table["code"]: self.rows(table, year) for table in definition.get("tables") or [] if not self.chance(0.1)}
        document.update({"fields": fields, "tables": tables})
        for field in definition.get("fields") or []:
            if "from" in field:
                fields[field["code"]] = self.near(office, field, document, fields[field["code"]])
        for check in definition.get("cross_checks") or []:
            if check["kind"] == "same_lines":
                self.like_the_others(office, check, document)
        return document

    def notes(self, found):
        """Notes on some of the places that were found."""
        notes = {}
        for _, _, path, _, _ in found:
            if self.chance(0.5):
                short = path.removeprefix("fields.") if self.chance(0.3) else path.rsplit(".", 1)[0] if "]." in path and self.chance(0.5) else path
                notes[short] = self.rng.choice(("已說明", "因故調整", " ", ""))
        return notes


def seeded(seed):
    return random.Random(seed)
