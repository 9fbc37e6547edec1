"""Random plans, amendments and documents from a seeded generator.

What the contract leaves open isn't generated: a filter column that is not yet known, rows without
any value, an office in no group, a group left without members.
"""
import copy
import json
from fractions import Fraction

from exact import plain

GREATEST = 2 ** 53
HAN = "桃園龜山八德大溪蘆竹復興中壢楊梅平鎮龍潭觀音新屋一二三四五六七八九十甲乙丙丁"
LATIN = "abcdefghijklmnopqrstuvwxyz"
# type: what is one, and what is none
ADDRESSES = {
    "url": (["https://example.org", "http://example.org/a?b=c#龜山", "https://例子.example.org/"],
            ["example.org", "ftp://example.org/", "https://exa mple.org", "https://", "javascript:alert(1)"]),
    "email": (["a@example.org", "性平.聯絡人+x@sub.example.org"],
              ["a", "a@b", "@example.org", "a@b@example.org", "a b@example.org"]),
    "phone": (["03-3322101", "(03)332-2101#6789", "+886 3 332 2101 ext. 12", "03-3322101轉6789", "0912345678", "03-3322101 分機12"],
              ["市話", "ext", "03-332210x", "03-3322101 分", "03/3322101"]),
}
REASONS = ["人事室1月15日結算", "尚待主計室核對", "本年度未辦理", "no such staff", "x"]


class Generator:
    def __init__(self, rng):
        self.rng = rng
        self.used = set()

    def chance(self, probability):
        return self.rng.random() < probability

    def name(self):
        return {"zh": "".join(self.rng.choices(HAN, k=self.rng.randint(2, 6))),
                "en": "".join(self.rng.choices(LATIN, k=self.rng.randint(3, 9))).capitalize()}

    def word(self):
        while True:
            word = "".join(self.rng.choices(LATIN, k=self.rng.randint(3, 7)))
            if word not in self.used:
                self.used.add(word)
                return word

    # ---------------------------------------------------------------- plan

    def plan(self):
        rng = self.rng
        self.first = rng.randint(105, 118)
        self.last = self.first + rng.randint(1, 3)
        jurisdiction = str(rng.randint(90001, 99999))
        definition = {
            "format": 1, "plan": f"{self.word()}-{self.first}-{self.last}",
            "version_note": "random", "draft": False,
            "jurisdiction": {"code": jurisdiction, "name": self.name()}, "name": self.name(),
            "years": {"from": self.first, "to": self.last}, "time_zone": "Asia/Taipei",
            **self._offices(jurisdiction),
            "calendar": {"move_to_working_day": True, "due_soon_days": 14,
                         "holidays": [{"date": f"{self.first + 1911}-01-01", "name": self.name()}]},
            "code_lists": {"kinds": [{"code": self.word(), "name": self.name()}
                                     for _ in range(rng.randint(2, 5))]},
            "forms": [], "indicators": [],
        }
        self.kinds = [one["code"] for one in definition["code_lists"]["kinds"]]
        periods = ["year", "quarter"] + ["year"] * rng.randint(0, 1)
        rng.shuffle(periods)
        offices = [one["code"] for one in definition["offices"]]
        for period in periods:
            form = self._form(period, offices)
            definition["forms"].append(form)
            definition["indicators"] += [self._indicator(definition, form)
                                         for _ in range(rng.randint(1, 3))]
        definition["forms"].insert(rng.randint(0, 2), self._form("plan", offices))
        definition["forms"].insert(rng.randint(0, 3), {**self._form("year", offices), "event": True})
        return definition

    def _offices(self, jurisdiction):
        rng = self.rng
        groups = [{"code": f"group-{number + 1}", "name": self.name(), "members": []}
                  for number in range(rng.randint(1, 4))]
        count = rng.randint(len(groups), len(groups) + 9)
        codes = [f"{jurisdiction}{number:03d}" for number in rng.sample(range(1, 999), count)]
        offices = [{"code": code, "name": self.name()} for code in codes]
        for number, office in enumerate(offices):
            # the first office of each group stays for good, so no group is ever empty
            group = number if number < len(groups) else rng.randrange(len(groups))
            member = {"office": office["code"]}
            if number >= len(groups) and self.chance(0.15):
                if self.chance(0.5):
                    office["from"] = member["from"] = self.first + 1
                else:
                    office["to"] = member["to"] = self.last - 1
            groups[group]["members"].append(member)
        for office in offices[len(groups):]:
            if "from" not in office and "to" not in office and self.chance(0.25):
                move_office(groups, office["code"], rng.randint(self.first + 1, self.last),
                            rng.randrange(len(groups)))
        for group in groups:
            rng.shuffle(group["members"])
        wholes = [{"code": "city", "name": self.name(), "except": []}]
        for code in rng.sample(codes, min(len(codes) - 1, rng.randint(0, 2))):
            wholes.append({"code": f"city-except-{code}", "name": self.name(), "except": [code]})
        return {"offices": offices, "groups": groups, "wholes": wholes}

    def _due(self, period):
        quarters = (1, 2, 3, 4) if period == "quarter" else (None,)
        return [{**({"quarter": quarter} if quarter else {}),
                 "year_offset": 1 if quarter in (None, 4) else 0,
                 "month": {1: 4, 2: 7, 3: 10}.get(quarter, 1), "day": 28,
                 "kind": self.rng.choice(["hard", "soft"]), "source": "random"}
                for quarter in quarters]

    def _form(self, period, offices):
        rng = self.rng
        form = {"code": f"{self.word()}-form", "name": self.name(), "period": period, "event": False,
                "source": "random", "due": self._due(period), "fields": [], "tables": [],
                "elements": [], "rules": []}
        if self.chance(0.25) and len(offices) > 3:
            form["owed_by"] = [code for code in offices if self.chance(0.75)] or offices[:1]
        self._fields(form, rng.randint(1, 4))
        tables = rng.randint(1, 2) if period == "quarter" else rng.randint(0, 2)
        for _ in range(tables):
            self._table(form)
        return form

    def _fields(self, form, groups):
        rng = self.rng
        for _ in range(groups):
            stem = self.word()
            kind = rng.choice(["count", "count", "count", "money", "decimal"])
            step = rng.choice(["0.5", "0.1", "0.01"])
            for part in ("staff", "trained"):
                for sex in ("m", "f"):
                    field = self._numeric(f"{stem}.{part}.{sex}", kind, True)
                    form["fields"].append(field | ({"step": step} if kind == "decimal" else {}))
            if self.chance(0.6):
                form["rules"] += [{"kind": "at_most", "code": "exceeds_whole", "severity": "error",
                                   "source": "random", "part": f"{stem}.trained.{sex}",
                                   "whole": f"{stem}.staff.{sex}"} for sex in ("m", "f")]
        form["fields"].append({"code": f"{self.word()}.remark", "name": self.name(), "type": "text"})
        form["fields"].append({"code": f"{self.word()}.sort", "name": self.name(), "type": "code",
                               "codes": "kinds"})
        form["fields"].append({"code": f"{self.word()}.done", "name": self.name(),
                               "type": "boolean"})
        form["fields"] += [{"code": f"{self.word()}.{kind}", "name": self.name(), "type": kind}
                           for kind in ("url", "email", "phone", "date") if self.chance(0.7)]
        if form["period"] == "year" and self.chance(0.7):
            form["fields"].append({"code": "counted_on", "name": self.name(), "type": "date"})
            form["provisional_until_year_end"] = "counted_on"
        rng.shuffle(form["fields"])

    def _numeric(self, code, kind, is_field):
        column = {"code": code, "name": self.name(), "type": kind}
        if kind == "decimal":
            column["step"] = self.rng.choice(["0.5", "0.1", "0.01"])
        if is_field:
            column["over_offices"] = "none" if self.chance(0.08) else "sum"
            column["over_periods"] = "none" if self.chance(0.2) else "sum"
        return column

    def _table(self, form):
        rng = self.rng
        table = {"code": self.word(), "name": self.name(), "columns": []}
        if self.chance(0.35):
            table["key"] = ["no"]
            table["columns"].append({"code": "no", "name": self.name(), "type": "key"})
        table["columns"] += [
            {"code": "title", "name": self.name(), "type": "text"},
            {"code": "settled", "name": self.name(), "type": "boolean"},
            {"code": "kind", "name": self.name(), "type": "code", "codes": "kinds"},
            {"code": "on", "name": self.name(), "type": "date"},
            {"code": "page", "name": self.name(), "type": "url"}]
        sexes = ["m", "f", "o"][:rng.randint(2, 3)]
        table["columns"] += [self._numeric(f"present.{sex}", "count", False) for sex in sexes]
        table["columns"].append(self._numeric("present.total", "count", False))
        table["columns"].append(self._numeric("hours", "decimal", False))
        table["columns"].append(self._numeric("money", "money", False))
        if self.chance(0.7):
            form["rules"].append({"kind": "sum_equals", "code": "sum_mismatch", "severity": "error",
                                  "source": "random", "table": table["code"],
                                  "total": "present.total",
                                  "parts": [f"present.{sex}" for sex in sexes],
                                  **({"blank_part_is_zero": True} if self.chance(0.4) else {})})
        if self.chance(0.5):
            form["rules"].append({"kind": "in_period", "code": "date_outside_period",
                                  "severity": "error", "source": "random", "table": table["code"],
                                  "date": "on"})
        form["tables"].append(table)
        self._elements(form, table)

    def _elements(self, form, table):
        code = table["code"]
        form["elements"].append({"code": f"{code}.count", "name": self.name(), "table": code,
                                 "count": True, **self._ways()})
        for column in table["columns"]:
            if column["type"] in ("count", "money", "decimal"):
                form["elements"].append({"code": f"{code}.{column['code']}", "name": self.name(),
                                         "table": code, "sum": column["code"], **self._ways()})
        filters = [{"column": "settled", "equals": True}, {"column": "settled", "equals": False}]
        filters += [{"column": "kind", "equals": kind} for kind in self.kinds[:2]]
        for where in self.rng.sample(filters, self.rng.randint(0, 2)):
            form["elements"].append({"code": f"{code}.{self.word()}.count", "name": self.name(), "table": code,
                                     "count": True, "where": where, **self._ways()})
        for number, where in enumerate(self.rng.sample(filters, self.rng.randint(1, 4))):
            what = self.rng.choice(["money", "hours", "present.m"])
            element = {"code": f"{code}.some{number}.{what}", "name": self.name(), "table": code,
                       "sum": what, "where": where, **self._ways()}
            if self.chance(0.4):
                element["rollup"] = False
            form["elements"].append(element)

    def _ways(self):
        return {"over_offices": "sum", "over_periods": "none" if self.chance(0.1) else "sum"}

    def _indicator(self, definition, form):
        rng = self.rng
        kinds = {column["code"]: column for column in form["fields"]}
        # "none" elements don't add, so they can't stand in a rate of several offices or quarters
        whole, ended = [], []
        for field in form["fields"]:
            if field["type"] in ("count", "money", "decimal"):
                adds = field["over_offices"] == "sum" and (
                    field["over_periods"] == "sum" or form["period"] == "year")
                (ended if field["type"] == "decimal" else whole).append(
                    field["code"]) if adds else None
        for element in form["elements"]:
            if element["over_periods"] == "sum" or form["period"] == "year":
                decimal = element.get("sum") == "hours"
                (ended if decimal else whole).append(element["code"])
        stems = [code for code in kinds if code.endswith(".staff.m") and code in whole]
        indicator = {"code": f"{self.word()}-rate", "name": self.name(), "form": form["code"],
                     "source": "random"}
        targets = True
        if stems and self.chance(0.6):
            stem = rng.choice(stems)[:-len(".staff.m")]
            parts = [f"{stem}.trained.{sex}" for sex in ("m", "f")]
            wholes = [f"{stem}.staff.{sex}" for sex in ("m", "f")]
            good = all(code in whole for code in parts + wholes)
            indicator["numerator"], indicator["denominator"] = (
                (parts, wholes) if good else ([rng.choice(whole)], [rng.choice(whole)]))
        elif len(ended) >= 2 and self.chance(0.3):
            indicator["numerator"], indicator["denominator"] = [ended[0]], [ended[1]]
            targets = False
        elif whole:
            indicator["numerator"] = rng.sample(whole, min(len(whole), rng.randint(1, 3)))
            indicator["denominator"] = rng.sample(whole, min(len(whole), rng.randint(1, 2)))
        else:
            indicator["numerator"], indicator["denominator"] = [ended[0]], [ended[-1]]
            targets = False
        if targets and self.chance(0.75):
            indicator["targets"] = self._targets(definition)
            if self.chance(0.4):
                indicator["office_targets"] = {
                    office["code"]: {str(year): self._target() for year in
                                     range(self.first, self.last + 1) if self.chance(0.7)}
                    for office in rng.sample(definition["offices"],
                                             min(2, len(definition["offices"])))}
        return indicator

    def _target(self):
        return self.rng.choice([str(self.rng.randint(1, 99)), f"{self.rng.randint(1, 99)}.5", "100"])

    def _targets(self, _definition):
        return {str(year): self._target() for year in range(self.first, self.last + 1)}

    # ----------------------------------------------------------- amendment

    def amend(self, definition):
        """A later version: other targets, an office that moves, a field and a column added."""
        rng = self.rng
        plan = copy.deepcopy(definition)
        plan["version_note"] = f"amended {rng.randint(1, 999)}"
        for indicator in plan["indicators"]:
            if "targets" in indicator:
                indicator["targets"] = self._targets(plan)
        groups = plan["groups"]
        settled = {group["members"][0]["office"] for group in groups}
        movable = [one["code"] for one in plan["offices"]
                   if "from" not in one and "to" not in one and one["code"] not in settled
                   and sum(member["office"] == one["code"] for group in groups
                           for member in group["members"]) == 1]
        for code in rng.sample(movable, min(len(movable), 2)):
            here = next(group for group in groups
                        if any(member["office"] == code for member in group["members"]))
            if sum("from" not in member and "to" not in member for member in here["members"]) > 1:
                move_office(groups, code, rng.randint(self.first + 1, self.last),
                            rng.randrange(len(groups)))
        form = rng.choice(plan["forms"])
        form["fields"].append({**self._numeric(f"{self.word()}.later", "count", True),
                               "over_offices": "sum"})
        tables = [(one, table) for one in plan["forms"] for table in one["tables"]]
        if tables:
            form, table = rng.choice(tables)
            column = self._numeric(f"{self.word()}.later", "count", False)
            table["columns"].append(column)
            form["elements"].append({"code": f"{table['code']}.{column['code']}",
                                     "name": self.name(), "table": table["code"],
                                     "sum": column["code"], "over_offices": "sum",
                                     "over_periods": "sum"})
        return plan

    # ------------------------------------------------------------ documents

    def document(self, form, office, period):
        document = {"form": form["code"], "office": office, "period": period}
        mood = self.rng.choice([0.0, 0.0, 0.1, 0.3, 1.0])  # how much of it is wanting
        fields = {}
        for field in form["fields"]:
            cell, given = self.cell(field, period, mood)
            if given:
                fields[field["code"]] = cell
        if form["fields"] and not (not fields and self.chance(0.5)):
            document["fields"] = fields
        tables = {}
        for table in form["tables"]:
            what = self.rng.random()
            if what < 0.12 or mood == 1.0 and self.chance(0.8):
                continue
            tables[table["code"]] = [] if what < 0.24 else self._rows(form, table, period, mood)
        if tables or self.chance(0.3):
            document["tables"] = tables
        self._obey(form, document)
        if self.chance(0.3):
            document["notes"] = {}
        return document

    def cell(self, column, period, mood, row=False):
        """(cell, is it given at all)"""
        draw = self.rng.random()
        if draw < 0.35 * mood:
            return None, False
        if draw < 0.5 * mood:
            return None, True
        if column["code"] in ("settled", "kind") and row:
            return self.value(column, period), True
        if draw < 0.8 * mood:
            return {"not_yet": self.rng.choice(REASONS)}, True
        if draw < 1.0 * mood:
            return {"not_applicable": self.rng.choice(REASONS)}, True
        return self.value(column, period), True

    def value(self, column, period):
        rng, kind = self.rng, column["type"]
        if kind in ("count", "money"):
            return rng.choice([0, rng.randint(0, 9), rng.randint(0, 400), rng.randint(0, 400),
                               rng.randint(0, 10 ** 6), rng.randint(0, GREATEST), GREATEST])
        if kind == "decimal":
            step = Fraction(column["step"])
            amount = plain(step * rng.choice([0, rng.randint(0, 40), rng.randint(0, 40),
                                              rng.randint(0, 10 ** 6)]))
            return amount + ".0" if "." not in amount and self.chance(0.2) else amount
        if kind == "date":
            return self._date(period)
        if kind == "code":
            return rng.choice(self.kinds)
        if kind == "boolean":
            return rng.choice([True, False, True, False, "yes", "no"])
        if kind == "key":
            return rng.randint(0, 10 ** 6)
        if kind in ADDRESSES:
            return rng.choice(ADDRESSES[kind][0])
        return self.name()["zh"] + rng.choice(["", "，備註", " \"x\"", "\n第二行", "𠮷"])

    def _date(self, period):
        rng = self.rng
        year, _, quarter = period.partition("Q")
        year = self.first if year == "plan" else year
        months = ([3 * int(quarter) - 2, 3 * int(quarter)] if quarter else [1, 12])
        month = rng.randint(*months)
        if not quarter and self.chance(0.4):
            return f"{int(year) + 1911}-12-31"
        return f"{int(year) + 1911}-{month:02d}-{rng.randint(1, 28):02d}"

    def _rows(self, form, table, period, mood):
        rows, names = [], self.rng.sample(range(1000), 40)
        some_named = self.rng.choice(["all", "none", "some"])
        for number in range(self.rng.choice([1, 1, 2, 3, self.rng.randint(4, 12)])):
            row = {}
            if "key" in table:
                row["no"] = names[number] if self.chance(0.6) else f"列{names[number]}"
            elif some_named == "all" or some_named == "some" and self.chance(0.5):
                row["_row"] = f"r{names[number]}"
            for column in table["columns"]:
                if column["code"] == "no":
                    continue
                cell, given = self.cell(column, period, 0 if column["code"] == "title" else mood,
                                        row=True)
                if given:
                    row[column["code"]] = cell
            rows.append(row)
        if "key" not in table and self.chance(0.15):
            rows.append({key: value for key, value in rows[-1].items() if key != "_row"})
        return rows

    @staticmethod
    def _obey(form, document):
        """Bend the cells so that every rule of the form holds."""
        for rule in form["rules"]:
            if rule["kind"] == "at_most":
                fields = document.get("fields") or {}
                part, whole = fields.get(rule["part"]), fields.get(rule["whole"])
                if is_value(part) and is_value(whole) and Fraction(part) > Fraction(whole):
                    fields[rule["part"]], fields[rule["whole"]] = whole, part
            if rule["kind"] == "sum_equals":
                for row in (document.get("tables") or {}).get(rule["table"]) or []:
                    _obey_sum(rule, row)

    # ------------------------------------------------------ wrong documents

    def spoil(self, form, document):
        """(a wrong copy, {(code, path)} that must be found), or None where nothing fits."""
        rng = self.rng
        wrong = json.loads(json.dumps(document))
        wrong.setdefault("fields", {})
        numeric = [field for field in form["fields"] if field["type"] in ("count", "money")]
        others = {kind: [field for field in form["fields"] if field["type"] == kind]
                  for kind in ("decimal", "date", "code", "boolean", "text", *ADDRESSES)}
        ways = [self._spoil_unknown]
        for kind, bad in (("decimal", [("1,5", "bad_decimal"), ("abc", "bad_decimal"),
                                       ("0.001", "bad_step|bad_decimal"), (3, "wrong_type")]),
                          ("date", [("2024-02-30", "bad_date"), ("yesterday", "bad_date"),
                                    (20240101, "wrong_type")]),
                          ("code", [("no-such-code", "unknown_code"), (7, "wrong_type")]),
                          ("boolean", [(1, "wrong_type")]),
                          *((kind, [(word, "bad_address") for word in words] + [(5, "wrong_type")])
                            for kind, (_, words) in ADDRESSES.items()),
                          ("text", [("x" * 2001, "text_too_long"), (5, "wrong_type")])):
            if others[kind]:
                ways.append(lambda w, e, k=kind, b=bad: self._spoil_field(
                    w, e, rng.choice(others[k]), b))
        if numeric:
            ways += [lambda w, e: self._spoil_field(w, e, rng.choice(numeric), [
                (-1, "negative"), (GREATEST + 1, "number_too_large"),
                ("12", "wrong_type"), (True, "wrong_type"), ([], "wrong_type"),
                (1.5, "not_an_integer"), ({"not_yet": ""}, "reason_empty"),
                ({"not_applicable": ""}, "reason_empty")])] * 3
        if any(rows and len(rows) > 0 for rows in (wrong.get("tables") or {}).values()):
            ways += [self._spoil_row] * 2
        expected, taken = set(), set()
        for way in rng.sample(ways, min(len(ways), rng.randint(1, 3))):
            path = way(wrong, taken)
            if path:
                expected.add(path)
        return (wrong, expected) if expected else None

    def _spoil_field(self, wrong, taken, field, bad):
        value, code = self.rng.choice(bad)
        if field["code"] in taken:
            return None
        taken.add(field["code"])
        wrong["fields"][field["code"]] = value
        return code, f"fields.{field['code']}"

    def _spoil_unknown(self, wrong, taken):
        name = self.rng.choice(["zzz", "general.nobody"])
        if name in taken:
            return None
        taken.add(name)
        if self.chance(0.5):
            wrong["fields"][name] = 1
            return "unknown_field", f"fields.{name}"
        wrong.setdefault("tables", {})[name] = []
        return "unknown_table", f"tables.{name}"

    def _spoil_row(self, wrong, taken):
        rng = self.rng
        code, rows = rng.choice([(code, rows) for code, rows in wrong["tables"].items() if rows])
        row = rng.choice(rows)
        if "no" in row:
            identity = row["no"]
        else:
            identity = row.setdefault("_row", "spoiled")
        if (code, identity) in taken:
            return None
        taken.add((code, identity))
        path = f"tables.{code}[{identity}]"
        finding, cells = rng.choice([
            ("unknown_column", ("zzz", 1)), ("negative", ("money", -5)),
            ("number_too_large", ("money", GREATEST + 1)), ("bad_decimal", ("hours", "1.2.3")),
            ("wrong_type", ("hours", 1)), ("unknown_code", ("kind", "no-such-code")),
            ("wrong_type", ("settled", 3)), ("bad_address", ("page", "www.example.org")), ("wrong_type", ("money", "7"))])
        row[cells[0]] = cells[1]
        return finding, f"{path}.{cells[0]}"


def is_value(cell):
    return cell is not None and not isinstance(cell, dict)


def _obey_sum(rule, row):
    """The total equals the sum; with a part open, it may be more than what is known of it."""
    parts = [row.get(part) for part in rule["parts"]]
    if not is_value(row.get(rule["total"])):
        return
    known = sum(part for part in parts if is_value(part))
    if known > GREATEST:
        row.pop(rule["total"])
    elif any(_is_open(part, rule.get("blank_part_is_zero")) for part in parts):
        row[rule["total"]] = max(row[rule["total"]], known)
    else:
        row[rule["total"]] = known


def _is_open(part, blank_is_zero):
    """Not yet known, or blank; a part that isn't applicable adds nothing."""
    return not blank_is_zero if part is None else isinstance(part, dict) and "not_yet" in part


def move_office(groups, code, year, to):
    """From `year` on the office belongs to the group at index `to`."""
    for number, group in enumerate(groups):
        for member in group["members"]:
            if member["office"] == code and "from" not in member and "to" not in member:
                if number == to:
                    return
                member["to"] = year - 1
                groups[to]["members"].append({"office": code, "from": year})
                return
