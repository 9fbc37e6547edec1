"""Budgets, training and what else the plan puts into meeting papers."""
import itertools
import re
from fractions import Fraction

import figures
from pack.desk import FUXING, NONE, offices_in, percent, suite, test, text_of
from tributary_harness import check, equal


def expected_figures(held, pack, form, columns, year, period, unit_offices):
    """The texts of a row, by the oracle: sums over the offices, rates from whole sums."""
    plan, current = held.history.at(pack.as_of, pack.basis)
    owing = plan.owing(plan.forms[form], year)
    periods = [period] if period else plan.periods_of(plan.forms[form], year)
    revisions = [one for office in unit_offices if office in owing for each in periods for one in current.get((form, office, each), [])]
    texts = []
    for column in columns:
        if "element" in column:
            element = plan.forms[form].elements[column["element"]]
            numbers = [number for state, number in (one.state(plan, element) for one in revisions) if state == figures.VALUE]
            texts.append(text_of(figures.shown(sum(numbers, Fraction(0)), element.decimal)) if numbers else NONE)
            continue
        definition = plan.indicators[column["indicator"]]
        if "part" in column:
            definition = next(part for part in definition["parts"] if part["code"] == column["part"])
        above = below = Fraction(0)
        for one in revisions:
            sides = [figures._sum_if_all_values(plan, plan.forms[form], one, definition[side]) for side in ("numerator", "denominator")]
            if None not in sides:
                above, below = above + sides[0], below + sides[1]
        texts.append(percent(above, below))
    return texts


def offices_of(held, name, pack, year):
    """The offices behind a row's name: an office, a group, a group without one, the city, the city without one."""
    plan = held.plan
    for by in ("office", "group", "city"):
        for code, (_, offices) in plan.units(by, year).items():
            if pack.names.get(name) == code:
                return offices
    group = next(code for text, code in pack.names.items() if name.startswith(text) and code.startswith("group"))
    check("不含" in name or "without" in name, name)
    return [office for office in plan.units("group", year)[group][1] if office != FUXING]


@lambda function: suite.test(function, seconds=180)
def budgets_and_training_are_sums_of_the_offices_and_rates_of_sums(held):
    compared, without = 0, 0
    for pack in held.all():
        for table in [table for part in held.plan_json["packs"]["parts"] for table in part["tables"] if not table.get("rows") and not table.get("fields")]:
            for offset in table["years"]:
                year = pack.year + offset
                title = table["title"][pack.language].replace("{year}", pack.year_text(year))
                block = pack.find_table(title)
                if block is None:
                    check(any(text.startswith(title) for text in pack.paragraphs()), f"{pack.body}: neither the table {title!r} nor why not")
                    continue
                for row in block["rows"]:
                    if row["kind"] == "group":
                        continue
                    offices = offices_of(held, row["texts"][0], pack, year)
                    without += "不含" in row["texts"][0] or "without" in row["texts"][0]
                    equal(row["texts"][1:], expected_figures(held, pack, table["form"], table["columns"], year, None, offices), f"{pack.body} {title} {row['texts'][0]}")
                    compared += len(row["texts"]) - 1
                if table.get("by_quarter"):
                    compared += compare_quarters(held, pack, table, year, title)
    check(compared > 2000, f"only {compared} figures")
    check(without > 8, f"only {without} totals without Fuxing")


def compare_quarters(held, pack, table, year, title):
    block = pack.table(title + pack.say("（各季）", ", by quarter"))
    compared, quarter = 0, None
    for row in block["rows"]:
        if row["kind"] == "group":
            quarter = re.search(r"\d", row["texts"][0]).group()
            continue
        offices = offices_of(held, row["texts"][0], pack, year)
        equal(row["texts"][1:], expected_figures(held, pack, table["form"], table["columns"], year, f"{year}Q{quarter}", offices),
              f"{pack.body} {title} {quarter} {row['texts'][0]}")
        compared += len(row["texts"]) - 1
    return compared


@test
def the_daemons_rollups_say_the_same_of_budgets_and_training(held):
    compared = 0
    for pack in held.all():
        for form, offset in (("budget-plan", 0), ("budget-execution", -1), ("training-quarterly", -1)):
            table = next(table for part in held.plan_json["packs"]["parts"] for table in part["tables"] if table["form"] == form and "rows" not in table)
            year = pack.year + offset
            title = table["title"][pack.language].replace("{year}", pack.year_text(year))
            block = pack.find_table(title)
            said = {unit["unit"]: unit for by in ("office", "group", "city")
                    for unit in pack.ask(f"rollups/{form}", period=year, by=by, basis=pack.basis)["units"]}
            rates = pack.indicators(year)
            for unit, texts in pack.rows(block) if block else []:
                for column, text in zip(table["columns"], texts[1:]):
                    if unit in said and column.get("element") in said[unit]["elements"]:
                        equal(text, text_of(said[unit]["elements"][column["element"]]["value"]), f"{pack.body} {form} {unit} {column['element']}")
                        compared += 1
                    elif unit in said and "indicator" in column and "part" not in column:
                        equal(text, text_of(rates[(column["indicator"], unit)]["rate"]), f"{pack.body} {form} {unit}")
                        compared += 1
    check(compared > 500, f"only {compared} figures")


@test
def lines_out_of_the_ordinary_stand_with_their_reasons_and_no_others(held):
    shown_lines = 0
    for pack in held.all():
        year = pack.year - 1
        title = pack.say(f"{pack.year_text(year)}年度執行率未達80%、超過100%或尚未結算之項目", f"Lines of {pack.year_text(year)} below 80 %, above 100 % or not settled")
        block = pack.find_table(title)
        _, current = held.history.at(pack.as_of, pack.basis)
        want = []
        for office in offices_in(held, pack, year):
            for one in current.get(("budget-execution", office, str(year)), []):
                for line in one.document["tables"]["lines"]:
                    budget, executed = line["gender_budget"], line["executed"]
                    rate = Fraction(executed, budget) if budget else None
                    if line["settled"] is False or (rate is not None and not Fraction(80, 100) <= rate <= 1):
                        want.append((office, str(line["no"]), str(budget), str(executed), percent(executed, budget), line.get("variance_reason") or ""))
        got = [(pack.names[texts[0]], texts[1], texts[4], texts[5], texts[6], texts[8]) for texts in (row["texts"] for row in block["rows"])] if block else []
        equal(sorted(got), sorted(want), f"{pack.body}: lines")
        shown_lines += len(got)
    check(shown_lines > 20, f"only {shown_lines} lines")


# ---- what the offices wrote, row by row ---------------------------------------------------------------------------------------


def item_text(pack, items, cell):
    """A cell of a document as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return pack.say("是", "yes") if cell else pack.say("否", "no")
    if isinstance(cell, dict):
        return pack.say("不適用", "n/a") if "not_applicable" in cell else pack.say("尚未確定", "not yet known")
    return pack.date_text(cell) if items["type"] == "date" else str(cell)


@test
def local_programmes_pages_and_measures_are_what_the_offices_wrote(held):
    rows, figures_compared = 0, 0
    for pack in held.all():
        plan, current = held.history.at(pack.as_of, pack.basis)
        for table in [table for part in held.plan_json["packs"]["parts"] for table in part["tables"] if table.get("rows") or table.get("fields")]:
            if table.get("only"):
                continue  # lines_out_of_the_ordinary_stand_with_their_reasons_and_no_others
            form = next(one for one in held.plan_json["forms"] if one["code"] == table["form"])
            if table.get("fields"):
                items = {one["code"]: one for one in form["fields"]}
            else:
                items = {one["code"]: one for one in next(one for one in form["tables"] if one["code"] == table["rows"])["columns"]}
            for offset in table["years"]:
                year = pack.year + offset
                want, silent, expected = [], [], 0
                for office in offices_in(held, pack, year):
                    if office not in plan.owing(plan.forms[form["code"]], year):
                        continue
                    expected += 1
                    known = [one for period in plan.periods_of(plan.forms[form["code"]], year) for one in current.get((form["code"], office, period), [])]
                    silent += [] if known else [office]
                    for one in known:
                        for row in [one.document["fields"]] if table.get("fields") else one.document["tables"][table["rows"]]:
                            want.append((office, *(item_text(pack, items[column["item"]], row.get(column["item"])) for column in table["columns"])))
                block = pack.find_table(table["title"][pack.language].replace("{year}", pack.year_text(year)))
                got = [(unit, *texts[1:]) for unit, texts in pack.rows(block)] if block else []
                equal(sorted(got), sorted(want), f"{pack.body} {form['code']} {year}")
                together = [office for office, _ in itertools.groupby(office for office, *_ in got)]
                equal(len(together), len(set(together)), f"{pack.body} {form['code']}: rows of an office stand apart")
                if block:
                    counted = pack.say("涵蓋機關數：", "Offices counted: ") + f"{expected - len(silent)}/{expected}"
                    note = next((note for note in block["notes"] if note.startswith(counted)), None)
                    check(note, f"{pack.body} {form['code']}: {counted} isn't among {block['notes']}")
                    for code in silent:
                        check(next(name for name, one in pack.names.items() if one == code) in note, f"{code} isn't named as silent: {note}")
                rows += len(want)
                figures_compared += sum(1 for row in want for text in row[1:] if text.isdigit())
    check(rows > 100 and figures_compared > 200, f"only {rows} rows with {figures_compared} figures")
