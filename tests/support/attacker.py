"""An outsider who has a release of open data, the plan file and patience: what can they work out?

Everything here is derived from the published rows and the plan's rules alone; the daemon's own reasoning isn't used. The
unknowns are what each office reported of each element that counts persons, in each period of the form."""
import collections
import itertools

import simplex

PERSON = "person"


def elements_of(form):
    """{element code: (unit, table, item, where)} for the elements that are fields or sums of columns."""
    found = {}
    for field in form.get("fields", []):
        if field["type"] in ("count", "money", "decimal"):
            found[field["code"]] = (field.get("unit") if field["type"] == "count" else None, None, field["code"], None)
    columns = {(table["code"], column["code"]): column for table in form.get("tables", []) for column in table["columns"]}
    for element in form.get("elements", []):
        if "sum" in element:
            column = columns[element["table"], element["sum"]]
            where = (element["where"]["column"], str(element["where"]["equals"])) if "where" in element else None
            found[element["code"]] = (column.get("unit") if column["type"] == "count" else None, element["table"],
                                      element["sum"], where)
    return found


class Attack:
    def __init__(self, plan, rows, year):
        self.plan, self.year = plan, year
        self.forms = {form["code"]: form for form in plan["forms"]}
        self.elements = {code: elements_of(form) for code, form in self.forms.items()}
        self.rows = rows
        self.sums = {(r["form"], r["period"], r["unit"], r["measure"]): r for r in rows if r["statistic"] == "sum"}
        self.members = self._members()
        self.atoms = {(r["form"], r["period"], r["unit"], r["measure"]) for r in self.sums.values()
                      if r["level"] == "office" and r["offices"] and self._is_base(r["form"], r["period"])
                      and self._counts_persons(r["form"], r["measure"])}
        self.equations = self._published() + self._rules() + self._ratios()
        self.upper = self._at_most()

    def _members(self):
        year, offices = int(self.year), [one["code"] for one in self.plan["offices"]]
        members = {office: {office} for office in offices}
        for group in self.plan["groups"]:
            members[group["code"]] = {one["office"] for one in group["members"]
                                      if one.get("from", 0) <= year <= one.get("to", 999)}
        for whole in self.plan["wholes"]:
            members[whole["code"]] = set(offices) - set(whole["except"])
        return members

    def _is_base(self, form, period):
        return self.forms[form]["period"] == "year" or "Q" in period

    def _bases(self, form, period):
        if self._is_base(form, period):
            return [period]
        return [f"{period}Q{quarter}" for quarter in (1, 2, 3, 4)]

    def _counts_persons(self, form, element):
        return self.elements[form].get(element, (None,))[0] == PERSON

    def _sum_of(self, form, period, unit, element):
        return [atom for base in self._bases(form, period) for office in self.members[unit]
                if (atom := (form, base, office, element)) in self.atoms]

    def _published(self):
        equations = []
        for (form, period, unit, element), row in self.sums.items():
            if not row["suppressed"] and row["value"] is not None and self._counts_persons(form, element):
                equations.append((collections.Counter(self._sum_of(form, period, unit, element)), int(row["value"])))
        return equations

    def _places(self):
        return sorted({(form, period, office) for form, period, office, _ in self.atoms})

    def _pairs_of_rule(self, form, rule):
        """The elements that a rule speaks of, once for each choice of rows: [(total or whole, parts)]."""
        table = rule.get("table")
        names = (rule["total"], rule["parts"]) if rule["kind"] == "sum_equals" else (rule["whole"], [rule["part"]])
        by_item = collections.defaultdict(dict)
        for code, (_, of_table, item, rows) in self.elements[form].items():
            if of_table == table:
                by_item[rows][item] = code
        for items in by_item.values():
            if names[0] in items and all(part in items for part in names[1]):
                yield items[names[0]], [items[part] for part in names[1]]

    def _rules_of_kind(self, kind):
        for form, period, office in self._places():
            for rule in self.forms[form].get("rules", []):
                if rule["kind"] == kind and rule.get("severity") == "error":
                    for whole, parts in self._pairs_of_rule(form, rule):
                        atoms = [(form, period, office, code) for code in [whole, *parts]]
                        if all(atom in self.atoms for atom in atoms):
                            yield atoms[0], atoms[1:]

    def _rules(self):
        return [({total: 1, **{part: -1 for part in parts}}, 0) for total, parts in self._rules_of_kind("sum_equals")]

    def _at_most(self):
        """[(parts, whole)]: the parts together are at most the whole."""
        return [(tuple(parts), whole) for whole, parts in self._rules_of_kind("at_most")] + list(self._some_of_the_rows())

    def _some_of_the_rows(self):
        """Rows of a table chosen by one value of a column, or another, are some of all its rows."""
        for form, period, office in self._places():
            chosen = collections.defaultdict(list)
            for code, (_, table, item, where) in self.elements[form].items():
                if where and (form, period, office, code) in self.atoms:
                    chosen[table, item, where[0]].append((form, period, office, code))
            for (table, item, _), parts in chosen.items():
                for code, (_, of_table, of_item, where) in self.elements[form].items():
                    whole = (form, period, office, code)
                    if (of_table, of_item, where) == (table, item, None) and whole in self.atoms:
                        yield tuple(parts), whole

    def _ratios(self):
        """Numerators and denominators add the offices that are counted, which the offices' own rows tell."""
        equations = []
        indicators = {one["code"]: one for one in self.plan["indicators"]}
        counted = {(r["measure"], r["unit"]) for r in self.rows
                   if r["level"] == "office" and r["statistic"] == "numerator" and r["offices"]}
        for row in self.rows:
            if row["statistic"] not in ("numerator", "denominator") or row["suppressed"] or row["value"] is None:
                continue
            indicator = indicators[row["measure"]]
            sums = [self._sum_of(indicator["form"], self.year, office, code)
                    for office in self.members[row["unit"]] if (row["measure"], office) in counted
                    for code in indicator[row["statistic"]]]
            if all(self._counts_persons(indicator["form"], code) for code in indicator[row["statistic"]]):
                equations.append((collections.Counter(itertools.chain(*sums)), int(row["value"])))
        return equations

    # ---- what follows ----

    def known(self):
        """Every sum of atoms that has exactly one possible value, by linear algebra alone."""
        reduced = simplex.eliminate([{**row, None: constant} for row, constant in self.equations])
        return Known(reduced)

    def prepare(self):
        """Splits what remains unknown into parts that have nothing to do with each other."""
        known = self.known()
        fixed = {lead: row.get(None, 0) for lead, row in known.reduced.items() if set(row) <= {lead, None}}
        equations = []
        for lead, row in known.reduced.items():
            if lead not in fixed:
                equations.append(({key: value for key, value in row.items() if key is not None}, row.get(None, 0)))
        for parts, whole in self.upper:
            if all(atom in fixed for atom in (*parts, whole)):
                continue
            row, constant = {("slack", parts, whole): 1}, 0
            for atom, sign in (*((part, 1) for part in parts), (whole, -1)):
                if atom in fixed:
                    constant -= sign * fixed[atom]
                else:
                    row[atom] = sign
            equations.append((row, constant))
        return fixed, components(equations)


class Known:
    def __init__(self, reduced):
        self.reduced = reduced

    def value(self, atoms):
        """The value of Σ atoms if it is determined, else None."""
        row = dict(collections.Counter(atoms))
        for lead in list(row):
            if lead in self.reduced and row.get(lead):
                simplex.subtract(row, self.reduced[lead], row[lead])
        constant = -row.pop(None, 0)
        return None if row else constant


def components(equations):
    """{variable: equations that have to do with it, directly or not}."""
    parent = {}

    def root(name):
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for row, _ in equations:
        names = list(row)
        for name in names:
            parent[root(name)] = root(names[0])
    groups = collections.defaultdict(list)
    for row, constant in equations:
        groups[root(next(iter(row)))].append((row, constant))
    return {name: groups[root(name)] for name in parent}
