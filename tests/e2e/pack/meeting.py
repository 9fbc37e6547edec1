"""What a meeting is about: the last minutes, decisions, rules of the bodies, duties."""
import datetime

from pack.desk import NONE, offices_in, test
from tributary_harness import check, equal

KINDS = {"opening": ("主席致詞", "Opening by the chair"), "minutes": ("確認前次會議紀錄", "Minutes of the last meeting"),
         "tracking": ("歷次決議列管情形", "Decisions that are tracked"), "report": ("報告事項", "Reports"), "discussion": ("討論事項", "Discussion"),
         "motion": ("臨時動議", "Motions from the floor"), "closing": ("散會", "Closing")}
OUTCOMES = {"close": ("解除列管", "close"), "hand_over": ("自行列管", "hand over"), "continue": ("繼續列管", "keep open")}


def named(pack, one):
    return one and one["zh" if pack.language == "zh" else "en"]


def occasion(pack):
    """(the meeting that the pack is for, the last one held before it): whole, as the daemon answers; None where there is none."""
    unit = {"unit": pack.unit} if pack.unit else {}
    listed = pack.ask("meetings", body=pack.body, **unit)["meetings"]
    of_year = [one for one in listed if one["year"] == pack.year and one["state"] != "cancelled"]
    coming = [one for one in of_year if one["state"] in ("planned", "called")]
    meeting = (coming or of_year[-1:] or [None])[0]
    held = [one for one in listed if one["held_on"] and (meeting is None or one["day"] < meeting["day"])]
    return tuple(one and whole(pack, one["meeting"]) for one in (meeting, held[-1] if held else None))


def whole(pack, identifier):
    answer = pack.held.geo.get(f"/v1/meetings/{identifier}", as_of=pack.as_of)
    equal(answer.status, 200, str(answer))
    return answer.json


@test
def the_last_minutes_are_what_was_resolved(held):
    rows = 0
    for pack in held.all():
        _, last = occasion(pack)
        table = pack.find_table(pack.say("前次會議決議事項", "Resolutions of the last meeting"))
        want = [[pack.say(*KINDS[item["kind"]]), item["title"], item["resolution"]["text"]]
                for item in (last["agenda"]["items"] if last and pack.body != "task-group" else []) if item["resolution"]]
        equal([row["texts"] for row in table["rows"]] if table else [], want, f"{pack.body}: resolutions")
        if last and last["minutes_number"] and pack.body != "task-group":
            check(any(last["minutes_number"] in text for text in pack.paragraphs()), f"{pack.body}: {last['minutes_number']} isn't named")
        rows += len(want)
    check(rows > 8, f"only {rows} resolutions")


@test
def an_offices_last_meeting_is_its_record(held):
    pack = held.pack("guishan")
    _, current = held.history.at(pack.as_of, pack.basis)
    records = sorted((one.document["fields"]["date"], one) for (form, office, _), known in current.items()
                     if form == "task-group-meeting" and office == pack.unit for one in known)
    records = [(day, one) for day, one in records if day < f"{pack.year + 1912}-01-01" and
               2 * (one.document["fields"]["present.m"] + one.document["fields"]["present.f"]) > one.document["fields"]["members"]]
    form = next(one for one in held.plan_json["forms"] if one["code"] == "task-group-meeting")
    lists = {code: {entry["code"]: entry["name"]["zh"] for entry in entries} for code, entries in held.plan_json["code_lists"].items()}
    for table in form["tables"]:
        block = pack.table(f"前次會議：{table['name']['zh']}")
        want = [[lists[column["codes"]][row[column["code"]]] if column.get("codes") else
                 pack.date_text(row.get(column["code"])) if column["type"] == "date" else str(row.get(column["code"], ""))
                 for column in table["columns"]] for row in records[-1][1].document["tables"][table["code"]]]
        equal([row["texts"] for row in block["rows"]], want, table["code"])
    year, month, day = map(int, records[-1][0].split("-"))
    check(any(f"民國{year - 1911}年{month}月{day}日" in text for text in pack.paragraphs()), "the day of the last meeting isn't told")


# ---- decisions ------------------------------------------------------------------------------------------------------------


def local_day(moment):
    return (datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")) + datetime.timedelta(hours=8)).date().isoformat()


def rulings(owner, meeting):
    """(what this meeting ruled, what earlier ones did, in order)."""
    here = [one for one in owner["rulings"] if meeting and one["meeting"] == meeting["meeting"]]
    earlier = [one for one in owner["rulings"] if one not in here and (meeting is None or one["day"] <= meeting["day"])]
    return here[-1] if here else None, earlier


def owner_row(pack, decision, owner, meeting):
    """The texts of an owner's row, without what was decided, and whether it was late; None where it was done before the meeting."""
    here, earlier = rulings(owner, meeting)
    if earlier and earlier[-1]["outcome"] != "continue":
        return None, False
    held_on = meeting and meeting["held_on"]
    reports = [one for one in owner["progress"] if not held_on or local_day(one["recorded_at"]) <= held_on]
    due = ([decision["first_due_on"]] + [one["due_on"] for number, one in enumerate(earlier) if one["due_on"] and
                                          all(other["meeting"] != one["meeting"] for other in earlier[number + 1:])])[-1] if held_on else owner["due_on"]
    waits = bool(reports) and reports[-1]["proposes"] != "continue" and (not earlier or reports[-1]["recorded_at"] > earlier[-1]["recorded_at"])
    late = bool(due) and not waits and due < (held_on or local_day(pack.as_of)) and (bool(held_on) or owner["state"] == "open")
    word = lambda outcome: pack.say(*OUTCOMES[outcome]) if outcome else ""  # noqa: E731
    return [decision["number"], named(pack, owner["name"]), pack.date_text(due) + (pack.say("\n（已逾期）", "\n(overdue)") if late else ""),
            "\n".join(f"{pack.date_text(local_day(one['recorded_at']))} {one['text']}" for one in reports) or pack.say("尚未填報", "not reported yet"),
            word(reports[-1]["proposes"] if reports else None), word(earlier[-1]["outcome"] if earlier else None), word(here["outcome"] if here else None)], late


@test
def open_decisions_stand_as_the_meeting_found_them(held):
    rows = tables = 0
    for pack in held.all():
        meeting, _ = occasion(pack)
        want, open_ones, overdue = [], 0, 0
        for decision in pack.ask("decisions", limit=500)["decisions"]:
            own = (decision["body"], decision["unit"]) == (pack.body, pack.unit)
            referred = [one for one in decision["referrals"] if (one["to_body"], one.get("to_unit")) == (pack.body, pack.unit) and not one["outcome"]]
            if not (own or referred) or (meeting and decision["meeting"]["day"] >= meeting["day"]):
                continue
            found = [owner_row(pack, decision, owner, meeting) for owner in decision["owners"]]
            if own and not any(row for row, _ in found):
                continue
            open_ones += 1
            overdue += any(late for _, late in found)
            want += [row for row, _ in found if row]
        table = pack.find_table(pack.say("歷次會議決議事項列管情形", "Open decisions of earlier meetings"))
        equal([row["texts"][:2] + row["texts"][3:] for row in table["rows"]] if table else [], want, f"{pack.body}: decisions")
        counts = pack.say(f"列管中計 {open_ones} 案，其中已逾期 {overdue} 案", f"{open_ones} decisions are open, {overdue} of them overdue")
        equal(any(text.startswith(counts) for text in pack.paragraphs()), open_ones > 0, f"{pack.body}: {counts}")
        rows, tables = rows + len(want), tables + bool(table)
    check(rows > 8 and tables > 1, f"only {rows} rows in {tables} tables")


# ---- rules and duties --------------------------------------------------------------------------------------------------------


def concerned(pack):
    """The verdicts on the body itself, on those that report to it by however many steps, and on a group's offices' bodies."""
    bodies = {one["code"]: one for one in pack.held.plan_json["bodies"]}

    def reports(code):
        while code:
            if pack.body in (bodies[code].get("refers_to"), bodies[code].get("notes_to")):
                return True
            code = bodies[code].get("refers_to")
        return False

    for one in pack.ask("watch")["watch"]:
        if one["body"] == pack.body:
            if pack.unit in (None, one["unit"]):
                yield one
        elif pack.body == "liaison":
            if bodies[one["body"]].get("per") == "office" and one["unit"] in offices_in(pack.held, pack, pack.year):
                yield one
        elif pack.body != "task-group" and reports(one["body"]):
            yield one


@test
def the_rules_of_the_bodies_are_what_the_watch_says(held):
    compared, broken_ones = 0, 0
    words = {"holds": ("符合", "holds"), "broken": ("不符", "broken")}
    for pack in held.all():
        known = list(concerned(pack))
        headings = {named(pack, one["rule_name"]): one["rule"] for one in known}
        table = pack.table(pack.say("各組織規定符合情形", "Rules of the bodies at a glance"))
        equal(sorted(column["heading"] for column in table["columns"][1:]), sorted(headings), f"{pack.body}: rules")
        want = {}
        for one in known:
            counted = pack.say("" if "/" in one["found"] else "次" if one["rule"] == "meetings" else "人", "")
            text = (f"{one['found']}{counted}{pack.say(' ', ', ')}{pack.say(*words[one['verdict']])}" if one["verdict"] in words else
                    pack.say(f"{one['found']}{counted} 未屆期", f"{one['found']} so far") if one["rule"] == "meetings" else pack.say("無資料", "unknown"))
            want.setdefault((one["body"], one["unit"]), {"": named(pack, one["unit_name"]) if one["unit"] else named(pack, one["name"])})[one["rule"]] = text
        rows = [row["texts"] for row in table["rows"] if row["kind"] != "group"]
        equal(rows, [[row[""]] + [row.get(headings[column["heading"]], NONE) for column in table["columns"][1:]] for row in want.values()], f"{pack.body}: verdicts")
        compared += sum(len(row) - 1 for row in rows)
        broken = [[named(pack, one["unit_name"]) if one["unit"] else named(pack, one["name"]),
                   named(pack, one["rule_name"]) + ("" if one["hard"] else pack.say("（努力目標）", " (goal)")), one["found"], one["wanted"],
                   pack.date_text(one["since"]), pack.date_text(one["last_held"]), named(pack, one["advice"])] for one in known if one["verdict"] == "broken"]
        table_of_broken = pack.find_table(pack.say("未符合規定者及建議", "Rules that are broken, and advice"))
        equal([row["texts"] for row in table_of_broken["rows"]] if table_of_broken else [], broken, f"{pack.body}: broken")
        all_hold = pack.say("有資料之各組織均符合規定。", "All rules hold wherever members are on record.")
        equal(all_hold in table["notes"], not broken, f"{pack.body}: all rules hold")
        broken_ones += len(broken)
    check(compared > 200 and broken_ones > 0, f"only {compared} verdicts, {broken_ones} broken")


@test
def the_yearly_duties_are_what_the_daemon_answers(held):
    words = {"done": ("完成", "done"), "missed": ("未完成", "missed"), "open": ("辦理中", "open"), "not_yet_due": ("未到期", "not yet due")}
    compared = 0
    for pack in held.all():
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度應辦事項辦理情形", f"Yearly duties of {pack.year_text(year)}"))
            said = {}
            for one in pack.ask("duties", year=year, basis=pack.basis)["duties"]:
                text = pack.say(*words[one["state"]])
                if isinstance(one["gap"], int) and one["gap"] > 0:
                    text += pack.say(f"\n差{one['gap']}人", f"\n{one['gap']} short")
                said[(one["office"], one["duty"])] = text
            for unit, texts in pack.rows(table):
                for duty, text in zip(held.plan_json["duties"], texts[1:]):
                    equal(text, said.get((unit, duty["code"]), NONE), f"{pack.body} {year} {unit} {duty['code']}")
                    compared += 1
    check(compared > 600, f"only {compared} duties")
