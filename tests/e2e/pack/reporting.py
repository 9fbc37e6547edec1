"""Who reported what and how timely, and how far the reviews have come."""
from pack.desk import NONE, offices_in, percent, squeeze, test
from tributary_harness import check, equal


@test
def how_complete_and_timely_offices_are_is_what_the_daemon_answers(held):
    counts = ("expected", "received", "on_time", "excused", "late", "outstanding")
    compared = 0
    for pack in held.all():
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度填報情形統計", f"How complete and how timely: {pack.year_text(year)}"))
            sums = {}
            for by in ("office", "group", "city"):
                for one in pack.ask("timeliness", year=year, by=by)["timeliness"]:
                    for name in counts:
                        sums.setdefault(one["unit"], dict.fromkeys(counts, 0))[name] += one[name]
            for unit, texts in pack.rows(table):
                want = sums[unit]
                part, all_of = want["received"], want["expected"]
                timely, due = want["on_time"] + want["excused"], want["received"] + want["outstanding"]
                equal(texts[1:], [str(want[name]) for name in counts] + [str(all_of - part - want["outstanding"]), percent(part, all_of), percent(timely, due)],
                      f"{pack.body} {year} {unit}")
                compared += 1
    check(compared > 100, f"only {compared} rows")


@test
def each_form_of_each_office_says_how_it_came(held):
    words = {"on_time": ("準時", "on time"), "late": ("遲報", "late"), "excused": ("展延內", "extended")}
    compared = 0
    for pack in held.all():
        names = {one["code"]: one["name"][pack.language] for one in held.plan_json["forms"]}
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度各表件填報情形", f"Forms of {pack.year_text(year)}, one by one"))
            offices = [next(code for name, code in pack.names.items() if squeeze(name) == squeeze(column["heading"])) for column in table["columns"][3:]]
            want = {}
            for one in pack.ask("obligations", year=year)["obligations"]:
                quarter = one["period"].partition("Q")[2]
                period = one["period"].partition("Q")[0]
                shown = pack.say("計畫期間", "whole plan") if period == "plan" else pack.year_text(int(period)) + pack.say("年", "")
                if quarter:
                    shown += pack.say(f"第{quarter}季", f", Q{quarter}")
                word = words.get(one["timeliness"])
                if not word:
                    word = (("逾期", "overdue") if one["due"] == "past_due" else
                            ("展延中", "extended") if one["extension"] else ("未到期", "not due"))
                want[(names[one["form"]], shown, one["office"])] = pack.say(*word)
            for row in table["rows"]:
                for office, text in zip(offices, row["texts"][3:]):
                    equal(text, want.get((row["texts"][0], row["texts"][1], office), NONE), f"{pack.body} {row['texts'][:2]} {office}")
                    compared += 1
            told = {(row["texts"][0], row["texts"][1]) for row in table["rows"]}
            for (form, period, office), word in want.items():
                check((form, period) in told or office not in offices or word in ("未到期", "not due"), f"{pack.body} leaves out {form} {period} {office}: {word}")
    check(compared > 700, f"only {compared} cells")


# ---- reviews ------------------------------------------------------------------------------------------------------------

STATES = {"not_received": ("未收件", "not received"), "received": ("已收件", "received"), "returned": ("退回補正", "returned"),
          "accepted": ("審查中", "under review"), "official": ("已核定", "official")}


def stage_of(held, body):
    """Where the body, or the first above it that does, decides on forms."""
    bodies = {one["code"]: one for one in held.plan_json["bodies"]}
    while body and not bodies[body].get("stage"):
        body = bodies[body].get("refers_to")
    return bodies[body]["stage"]


def passing(held, pack):
    """{(form, period): {office: obligation}} of what passes the body and was received, or is due, of somebody whom the pack covers."""
    stage = stage_of(held, pack.body)
    forms = {one["code"] for one in held.plan_json["forms"] if stage in [step["stage"] for step in one["review"]]}
    found = {}
    for year in (pack.year - 1, pack.year):
        for one in pack.ask("obligations", year=year)["obligations"]:
            if one["form"] in forms and one["office"] in offices_in(held, pack, year):
                found.setdefault((one["form"], one["period"]), {})[one["office"]] = one
    return {key: known for key, known in found.items()
            if any(one["review"] != "not_received" or one["due"] == "past_due" for one in known.values())}


def review_text(held, pack, one):
    word = pack.say(*STATES[one["review"]])
    if one["next"]:
        stage = next(stage for stage in held.plan_json["review_stages"] if stage["code"] == one["next"]["stage"])
        return pack.say(f"{word}\n待{stage['name']['zh']}", f"{word},\nnext: {stage['name']['en']}")
    return word + pack.say("\n審查完竣", ",\nreviewed") if one["review"] in ("accepted", "official") else word


@test
def how_far_each_review_has_come_is_what_the_daemon_answers(held):
    compared = 0
    for pack in held.all():
        known = passing(held, pack)
        names = {one["code"]: one["name"][pack.language] for one in held.plan_json["forms"]}
        table = pack.table(pack.say("各機關表件審查情形", "How far the reviews have come"))
        columns = {}
        for form, period in known:
            when = pack.say("計畫期間", "whole plan") if period == "plan" else pack.year_text(int(period.partition("Q")[0]))
            columns[pack.say(f"{when}年{names[form]}", f"{names[form]}, {when}")] = known[(form, period)]
        equal(sorted(column["heading"] for column in table["columns"][1:]), sorted(columns), f"{pack.body}: what passes it")
        for unit, texts in pack.rows(table):
            for column, text in zip(table["columns"][1:], texts[1:]):
                one = columns[column["heading"]].get(unit)
                equal(text, review_text(held, pack, one) if one else NONE, f"{pack.body} {unit} {column['heading']}")
                compared += 1
        equal(sorted(unit for unit, _ in pack.rows(table)), sorted(offices_in(held, pack, pack.year)), "offices")
    check(compared > 200, f"only {compared} states")


@test
def what_was_returned_stands_with_its_cells_and_reason(held):
    seen = 0
    for pack in held.all():
        stages = {one["code"]: one["name"][pack.language] for one in held.plan_json["review_stages"]}
        names = {one["code"]: one["name"][pack.language] for one in held.plan_json["forms"]}
        want = [(office, names[form], pack.year_text(int(period)), stages[one["ticket"]["stage"]], str(len(one["ticket"]["cells"])), one["ticket"]["reason"])
                for (form, period), known in passing(held, pack).items() for office, one in known.items() if one["review"] == "returned"]
        table = pack.find_table(pack.say("退回補正中之表件", "Returned and not yet corrected"))
        got = [(unit, *texts[1:]) for unit, texts in pack.rows(table)] if table else []
        equal(sorted(got), sorted(want), f"{pack.body}: returned")
        matrix = pack.table(pack.say("各機關表件審查情形", "How far the reviews have come"))
        equal(pack.say("退回補正中之表件：無。", "Nothing stands returned.") in matrix["notes"], not want, f"{pack.body}: nothing returned")
        seen += len(got)
    check(seen > 0, "nothing was returned in any pack")
