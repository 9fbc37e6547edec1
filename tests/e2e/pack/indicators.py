"""The indicators of a pack: tables, trends, what chance could do, and their charts."""
import math

from pack.desk import CITY, NONE, percent, test, text_of
from tributary_harness import check, equal


@test
def each_kpi_has_the_daemons_and_the_oracles_figures(held):
    compared = 0
    for pack in held.all():
        year = pack.year - 1
        daemon = pack.indicators(year)
        for one in pack.kpis():
            oracle = pack.oracle(one["code"], year)
            name = one["name"][pack.language]
            table = pack.table(pack.say(f"{pack.year_text(year)}年{name}", f"{name}, {pack.year_text(year)}"))
            for unit, texts in pack.rows(table):
                said, known = daemon[(one["code"], unit)], oracle[unit]
                counted = said["counted"] > 0
                equal((said["numerator"], said["denominator"], said["rate"], said["gap"], said["met"]),
                      (known["numerator"], known["denominator"], known["rate"], known["gap"], known["met"]), f"daemon and oracle: {one['code']} {unit}")
                equal(texts[1:5], [str(said["numerator"]) if counted else NONE, str(said["denominator"]) if counted else NONE,
                                   text_of(said["rate"]), one["targets"][str(year)]], f"{pack.body} {one['code']} {unit}")
                equal(texts[5], NONE if known["met"] is None else pack.say("達成", "met") if known["met"] else pack.say("未達", "below"), f"{pack.body} {unit}: verdict")
                equal(texts[6], text_of(known["gap"]), f"{pack.body} {unit}: gap")
                for missing in known["missing"] if len(known["missing"]) < len(oracle) and unit not in held.offices else []:
                    office = next(text for text, code in pack.names.items() if code == missing)
                    check(office in texts[7], f"{unit} doesn't name {office}: {texts[7]}")
                if known["missing"] and known["bounds"]["low"] and unit not in held.offices:
                    check(f"{known['bounds']['low']}–{known['bounds']['high']}%" in texts[7], f"{unit}: bounds {known['bounds']} in {texts[7]}")
                compared += 1
            expected = {code for code in pack.names.values()}
            shown = {unit for unit, _ in pack.rows(table)}
            check(shown <= expected and CITY in shown, f"units {shown}")
    check(compared > 150, f"only {compared} rows")


@test
def the_overview_and_the_trend_hold_the_same_rates(held):
    compared = 0
    for pack in held.all():
        for year, suffix in ((pack.year - 1, ("", "")), (pack.year, ("（截至資料時點）", " so far"))):
            caption = pack.say(f"{pack.year_text(year)}年指標達成情形{suffix[0]}", f"Indicators of {pack.year_text(year)}{suffix[1]}")
            daemon = pack.indicators(year)
            if not any(unit["counted"] for (code, name), unit in daemon.items() if name == CITY and code == pack.kpis()[0]["code"]):
                check(caption not in [block["caption"] for block in pack.blocks("table")], f"{caption}: of nothing")
                continue
            table = pack.table(caption)
            units = [pack.names[column["group"]] for column in table["columns"][2::2]]
            for row, one in zip(table["rows"], pack.kpis()):
                want = [one["name"][pack.language], one["targets"][str(year)]]
                for unit in units:
                    want += [text_of(daemon[(one["code"], unit)]["rate"]), text_of(daemon[(one["code"], unit)]["gap"])]
                equal(row["texts"], want, f"{pack.body} {caption}")
                compared += len(want)
        compared += compare_trend(held, pack)
    check(compared > 300, f"only {compared} cells")


def compare_trend(held, pack):
    first, last = held.plan_json["years"]["from"], held.plan_json["years"]["to"]
    table = pack.table(pack.say(f"{pack.year_text(first)}年至{pack.year_text(last)}年指標達成率",
                                f"The indicators from {pack.year_text(first)} to {pack.year_text(last)}"))
    kpis = {one["name"][pack.language]: one for one in pack.kpis()}
    compared, one = 0, None
    for row in table["rows"]:
        if row["kind"] == "group":
            one = kpis[row["texts"][0]]
            continue
        for year, text in zip(range(first, last + 1), row["texts"][1:]):
            if row["texts"][0] == pack.say("目標", "Target"):
                equal(text, one["targets"][str(year)], "target")
                continue
            unit = pack.oracle(one["code"], year)[pack.names[row["texts"][0]]]
            complete = unit["counted"] == unit["expected"]
            want = (NONE if not unit["counted"] or year > pack.year else unit["rate"] if complete and not unit["surely_provisional"] else
                    pack.say(f"{unit['rate']}%（{unit['counted']}/{unit['expected']}）", f"{unit['rate']}% ({unit['counted']}/{unit['expected']})"))
            equal(text, want, f"{pack.body} trend {one['code']} {year} {row['texts'][0]}")
            compared += 1
    for chart in pack.charts("lines"):
        one = next(one for name, one in kpis.items() if name in chart["caption"])
        for series in chart["series"]:
            for year, point in zip(range(first, last + 1), series["points"]):
                unit = pack.oracle(one["code"], year)[pack.names[series["name"]]]
                drawn = unit["counted"] == unit["expected"] and unit["counted"] and not unit["surely_provisional"] and year <= pack.year
                equal(point["value"], unit["rate"] if drawn else None, f"{pack.body} line {one['code']} {year} {series['name']}")
                compared += 1
    return compared


@test
def the_bars_are_the_tables_figures(held):
    drawn = 0
    for pack in held.all():
        daemon = pack.indicators(pack.year - 1)
        for chart in pack.charts("bars"):
            one = next(one for one in pack.kpis() if one["name"][pack.language] in chart["caption"])
            rows = [unit for unit, _ in pack.rows(pack.table(chart["caption"]))]
            for series in chart["series"]:
                equal([pack.names[point["label"]] for point in series["points"]], rows, f"{pack.body} {chart['caption']}: units")
                for point in series["points"]:
                    said = daemon[(one["code"], pack.names[point["label"]])]
                    gap = said["gap"] if isinstance(said["gap"], int) and said["gap"] > 0 else None
                    equal((point["value"], point["target"], point["standing"], point["remark"]),
                          (said["rate"], one["targets"][str(pack.year - 1)], {True: "met", False: "below", None: "none"}[said["met"]],
                           pack.say(f"差{gap}人", f"{gap} short") if gap else ""), f"{pack.body} {chart['caption']} {point['label']}")
                    drawn += 1
    check(drawn > 150, f"only {drawn} bars")


# ---- what chance could do, by fractions -----------------------------------------------------------------------------------


def chance(whole, part, size):
    """The least and the most of `size` people, beyond either of which lie at most 2.5 %."""
    ways = {k: math.comb(part, k) * math.comb(whole - part, size - k) for k in range(max(0, size - whole + part), min(size, part) + 1)}
    total, below, low, high = math.comb(whole, size), 0, None, None
    for k, many in ways.items():
        if low is None and (below + many) * 40 > total:
            low = k
        below += many
        if high is None and (total - below) * 40 <= total:
            high = k
    return low, high


@test
def the_ranges_of_chance_are_exact(held):
    compared = 0
    for pack in held.all():
        year = pack.year - 1
        table = pack.table(pack.say(f"{pack.year_text(year)}年各機關比率與機率範圍", f"Rates of {pack.year_text(year)} and the range of chance"))
        kpis = [one for one in pack.kpis() if any(column["group"] == one["name"][pack.language] for column in table["columns"])]
        equal(len(kpis), 5, "indicators compared")
        middle = pack.unit if pack.body == "liaison" else "group-1" if pack.body == "task-group" else CITY
        for unit, texts in pack.rows(table):
            for i, one in enumerate(kpis):
                known = pack.oracle(one["code"], year)
                people, rate, limits = texts[1 + 3 * i:4 + 3 * i]
                if not known[unit]["counted"]:
                    equal((people, rate, limits), (NONE, NONE, NONE), unit)
                    continue
                size = known[unit]["denominator"]
                small = unit in held.offices and size < held.plan_json["packs"]["small"]["below"]
                equal((people, rate), (f"{size}{'*' if small else ''}", known[unit]["rate"]), f"{unit} {one['code']}")
                if unit not in held.offices:
                    continue
                low, high = chance(known[middle]["denominator"], known[middle]["numerator"], size)
                side = (pack.say("低於\n", "below\n") if known[unit]["numerator"] < low else
                        pack.say("高於\n", "above\n") if known[unit]["numerator"] > high else "")
                equal(limits, f"{side}{percent(low, size)}–{percent(high, size)}", f"{pack.body} {unit} {one['code']}")
                compared += 1
    check(compared > 100, f"only {compared} ranges")


@test
def the_funnels_hold_every_office_and_exact_limits(held):
    compared = 0
    for pack in held.all():
        for chart in pack.charts("funnel"):
            one = next(one for one in pack.kpis() if one["name"][pack.language] in chart["caption"])
            known = pack.oracle(one["code"], pack.year - 1)
            middle = known[pack.unit if pack.body == "liaison" else CITY]
            for point in chart["series"][0]["points"]:
                unit = known[pack.names[point["label"]]]
                equal((point["value"], point["size"], point["standing"]), (unit["rate"], str(unit["denominator"]), "met" if unit["met"] else "below"),
                      f"{pack.body} {one['code']} {point['label']}")
                equal(point["small"], unit["denominator"] < held.plan_json["packs"]["small"]["below"], "small")
            for limit in chart["limits"]:
                size = int(limit["size"])
                low, high = chance(middle["denominator"], middle["numerator"], size)
                equal((limit["low"], limit["high"], limit["value"]), (percent(low, size), percent(high, size), middle["rate"]), f"limits of {size}")
                compared += 1
    check(compared > 300, f"only {compared} limits")


# ---- budgets, training ------------------------------------------------------------------------------------------------------
