#!/usr/bin/env python3
"""The rule watch: which rules of a body hold on a day, since when or until when, and what would mend them."""
import csv
import io
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import own_bodies as own  # noqa: E402
from desk import FUXING, GROUP_1, GUISHAN, OFFICES, ZHONGLI, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
VERDICTS = {True: "holds", False: "broken", None: "unknown"}


def roster(office, period, men, women, base=0, since=None, external=1, unknown=0):
    """A roster of so many members: a convener and a deputy first, the external ones last."""
    count = men + women + unknown
    sexes = ["m"] * men + ["f"] * women + [None] * unknown
    roles = (["convener", "deputy"] + ["internal"] * count)[:count - external] + ["external"] * external
    rows = [{"_row": f"m{i}", "name": f"範例{i}", "title": f"課長{i}", "role": role, **({"sex": sex} if sex else {})}
            for i, (sex, role) in enumerate(zip(sexes, roles))]
    return {"form": "task-group-roster", "office": office, "period": period, "base": base,
            "fields": {"effective_from": since or f"{int(period) + 1911}-01-01"}, "tables": {"members": rows},
            "notes": {"tables.members": "樣本"}}


def watch(d, client=None, status=200, **query):
    reply = expect_status((client or d.geo).get(f"{d.base}/watch", **query), status)
    return reply.json["watch"] if status == 200 else reply


def rule(d, office, code, date, client=None):
    listed = watch(d, client, body="task-group", unit=office, date=date)
    return next(one for one in listed if one["rule"] == code)


@test
def three_women_of_twelve_are_unlawful_four_lawful_and_five_above_40_percent(d):
    for office, women, hard, goal in ((OFFICES[0], 3, "broken", "broken"), (OFFICES[1], 4, "holds", "broken"),
                                      (OFFICES[2], 5, "holds", "holds")):
        receipt = d.accepted(roster(office, "112", 12 - women, women))
        of_hard, of_goal = (rule(d, office, code, "2023-06-01") for code in ("sex_hard", "sex_goal"))
        equal((of_hard["verdict"], of_goal["verdict"]), (hard, goal), f"{women} of 12")
        equal((of_hard["found"], of_hard["wanted"], of_hard["hard"]), (f"{women}/12", "1/3", True), "figures")
        equal((of_goal["found"], of_goal["wanted"], of_goal["hard"]), (f"{women}/12", "2/5", False), "figures")
        equal(of_hard["revision"], receipt["submission"], "the roster behind it")
    mend = rule(d, OFFICES[0], "sex_hard", "2023-06-01")["mend"]
    equal(mend, {"exchange": 1, "add": 2, "remove": 0, "free_seats": None, "within_seats": True, "lesser_sex": "f"}, "to mend")
    advice = rule(d, OFFICES[0], "sex_hard", "2023-06-01")["advice"]
    check("增聘 2 位具資格之女性委員" in advice["zh"] and "多數席次隨職務" in advice["zh"], advice["zh"])
    check("add 2 qualified women" in advice["en"] and "go with an office" in advice["en"], advice["en"])
    equal(rule(d, OFFICES[1], "sex_goal", "2023-06-01")["mend"]["exchange"], 1, "to 40 percent")
    check(rule(d, OFFICES[2], "sex_goal", "2023-06-01")["mend"] is None, "nothing to mend")


@test
def many_rosters_are_judged_and_mended_as_by_trying(d):
    chance, office, base = random.Random(5), OFFICES[3], 0
    for _ in range(40):
        men, women = chance.randint(0, 20), chance.randint(0, 20)
        if men + women < 3:
            continue
        d.accepted(roster(office, "112", men, women, base, external=0))
        base += 1
        for code, share in (("sex_hard", own.HARD), ("sex_goal", own.GOAL)):
            one = rule(d, office, code, "2023-12-31")
            equal(one["verdict"], VERDICTS[own.holds(share, men, women)], f"{men} men, {women} women: {code}")
            if one["verdict"] == "broken":
                equal((one["mend"]["exchange"], one["mend"]["add"]),
                      (own.exchanges(share, men, women), own.additions(share, men, women)), f"{men} men, {women} women: {code}")


# ---- every roster there is ----------------------------------------------------------------------------------------

MOST = 60
WATCHED = [("special-group", bureau) for bureau in ("labor", "social-affairs", "education", "police", "public-health", "environment")] + [
    (f"division-{name}", None) for name in ("employment", "population", "education", "safety", "health", "environment")] + [
        ("promotion-group", None), ("council", None)]
FIRST_DAY = own.day("2023-01-01")


def every_roster():
    """All numbers of the lesser and the greater sex up to MOST, so that few come or go from each to the next."""
    for lesser in range(MOST + 1):
        for greater in range(lesser, MOST + 1) if lesser % 2 == 0 else range(MOST, lesser - 1, -1):
            yield lesser, greater


def seatings(rosters):
    """[(sex, first day, last day or None)] that make a body have each of the rosters, day after day."""
    sitting, rows = {"m": [], "f": []}, []
    for number, roster_ in enumerate(rosters):
        day = FIRST_DAY + own.datetime.timedelta(days=number)
        for sex, wanted in zip("mf", roster_):
            while len(sitting[sex]) < wanted:
                rows.append([sex, day, None])
                sitting[sex].append(rows[-1])
            while len(sitting[sex]) > wanted:
                sitting[sex].pop()[2] = day - own.datetime.timedelta(days=1)
    return rows


def seat_all(d, slices):
    """Straight into the tables: it is the judging that is tried here."""
    token, statements, number = "00000000-0000-0000-0000-000000000001", [], 10 ** 6
    for (body, unit), rosters in zip(WATCHED, slices):
        for sex, first, last in seatings(rosters):
            number += 1
            member = f"00000000-0000-4000-8000-{number:012}"
            statements.append(f"insert into tributary.body_member values ('{member}', '68000', '{d.plan}', '{body}', "
                              f"{f'{chr(39)}{unit}{chr(39)}' if unit else 'null'}, sha256('x'), '{sex}', 'internal', 'member', null, "
                              f"false, '{first}', '{token}', {number}, now())")
            if last:
                statements.append(f"insert into tributary.body_member_end values ('{member}', '68000', '{member}', '{last}', "
                                  f"'{token}', {number}, now())")
    d.service.sql("begin;" + ";".join(statements) + ";commit")


@suite.test(seconds=180)
def every_roster_of_up_to_60_of_each_sex_is_judged_as_by_trying(d):
    rosters, seen = list(every_roster()), 0
    size = -(-len(rosters) // len(WATCHED))
    slices = [rosters[start:start + size] for start in range(0, len(rosters), size)]
    equal((len(set(rosters)), len(slices)), (61 * 62 // 2, len(WATCHED)), "rosters")
    slices = [[roster_[::-1] for roster_ in one] if number % 2 else one for number, one in enumerate(slices)]  # men, women
    seat_all(d, slices)
    try:
        for number in range(size):
            found = {(one["body"], one["unit"], one["rule"]): one for one in
                     watch(d, date=(FIRST_DAY + own.datetime.timedelta(days=number)).isoformat())}
            for (body, unit), own_slice in zip(WATCHED, slices):
                if number >= len(own_slice) or own_slice[number] == (0, 0):
                    continue
                men, women = own_slice[number]
                for code, share in (("sex_hard", own.HARD), ("sex_goal", own.GOAL)):
                    one, good = found[body, unit, code], own.holds(share, men, women)
                    equal((one["verdict"], one["found"]), (VERDICTS[good], f"{min(men, women)}/{men + women}"), f"{men} men, {women} women")
                    if not good:
                        equal((one["mend"]["exchange"], one["mend"]["add"]),
                              (own.exchanges(share, men, women), own.additions(share, men, women)), f"{men} men, {women} women: {code}")
                        equal(one["mend"]["lesser_sex"], "m" if men < women else "f" if women < men else None, f"{men} men, {women} women")
                    seen += 1
    finally:
        d.service.sql("set session_replication_role = replica; delete from tributary.body_member_end where sequence > 1000000; "
                      "delete from tributary.body_member where sequence > 1000000")
    equal(seen, 2 * (61 * 62 // 2 - 1), "judged")


@test
def history_follows_the_days_from_which_rosters_hold(d):
    office = OFFICES[4]
    revisions = [("112", "2023-03-01", 6, 6), ("112", "2023-08-01", 9, 3), ("113", "2024-01-01", 9, 4), ("113", "2024-05-15", 8, 4),
                 ("113", "2024-04-01", 7, 5), ("114", "2025-02-01", 12, 2)]
    bases, rosters = {}, []
    for period, since, men, women in revisions:
        d.accepted(roster(office, period, men, women, bases.get(period, 0), since))
        bases[period] = bases.get(period, 0) + 1
        rosters.append((int(period), own.day(since), (men, women)))
    for text in ("2023-02-28", "2023-03-01", "2023-07-31", "2023-08-01", "2024-01-01", "2024-03-31", "2024-04-20", "2024-06-01",
                 "2025-01-15", "2025-02-01", "2026-12-31"):
        when = own.day(text)
        for code, share in (("sex_hard", own.HARD), ("sex_goal", own.GOAL)):
            verdict, since, held = own.stood(lambda members: own.holds(share, *members),
                                             lambda on: own.in_force(rosters, on), own.day("2023-01-01"), when)
            one = rule(d, office, code, text)
            equal((one["verdict"], one["since"], one["last_held"]),
                  (VERDICTS[verdict], since and since.isoformat(), held and held.isoformat()), f"{code} on {text}")


@test
def a_sex_that_is_blank_leaves_open_what_depends_on_it(d):
    office = OFFICES[5]
    d.accepted(roster(office, "112", 8, 3, unknown=1))
    one = rule(d, office, "sex_hard", "2023-06-01")
    equal((one["verdict"], one["found"]), ("unknown", "3/12"), "3 or 4 of 12")
    d.accepted(roster(office, "112", 9, 2, 1, unknown=1))
    equal(rule(d, office, "sex_hard", "2023-06-01")["verdict"], "broken", "2 or 3 of 12")


@test
def conveners_deputies_and_external_members_are_counted(d):
    office = GUISHAN
    equal([one["verdict"] for one in watch(d, body="task-group", unit=office, date="2023-06-01")], ["unknown"] * 6, "no roster yet")
    document = roster(office, "112", 6, 6)
    document["tables"]["members"][0]["role"] = "internal"
    d.accepted(document)
    found = {one["rule"]: (one["verdict"], one["found"], one["wanted"]) for one in
             watch(d, body="task-group", unit=office, date="2023-06-01")}
    equal(found, {"sex_hard": ("holds", "6/12", "1/3"), "sex_goal": ("holds", "6/12", "2/5"), "external": ("holds", "1", "≤1"),
                  "convener": ("broken", "0", "1"), "deputy": ("holds", "1", "1"), "meetings": ("unknown", "0", "≥1")}, "rules")


@test
def what_is_withdrawn_is_no_roster(d):
    office = FUXING
    receipt = d.accepted(roster(office, "112", 6, 6))
    equal(rule(d, office, "sex_hard", "2023-06-01")["verdict"], "holds", "handed in")
    expect_status(d.office(office).post(f"/v1/submissions/{receipt['submission']}/withdrawal", {"reason": "x"}), 201)
    one = rule(d, office, "sex_hard", "2023-06-01")
    equal((one["verdict"], one["since"], one["revision"]), ("unknown", None, None), "withdrawn")


@test
def an_office_sees_its_own_group_and_the_city_s(d):
    mine = watch(d, d.office(GUISHAN), date="2023-06-01")
    units = {(one["body"], one["unit"]) for one in mine}
    equal({unit for body, unit in units if body == "task-group"}, {GUISHAN}, "task groups")
    equal({unit for body, unit in units if body == "liaison"}, {"group-1"}, "liaison")
    check(not any(body == "special-group" for body, _ in units), "bureaus")
    check(("council", None) in units and ("promotion-group", None) in units, "the city's")
    equal(watch(d, d.office(GUISHAN), date="2023-06-01", unit=ZHONGLI), [], "another office")
    everything = watch(d, date="2023-06-01")
    equal(len({(one["body"], one["unit"]) for one in everything}), 13 + 2 + 6 + 7 + 1, "bodies")
    equal({one["unit"] for one in everything if one["body"] == "task-group"}, set(OFFICES), "offices")
    check(set(GROUP_1) < set(OFFICES), "groups")


@test
def it_comes_as_a_table_too_and_says_what_is_asked_wrongly(d):
    d.accepted(roster(OFFICES[8], "112", 9, 3))
    text = expect_status(d.geo.get(f"{d.base}/watch", unit=OFFICES[8], date="112/6/1", format="csv"), 200).body.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if "sex_hard" in row]
    check(rows and "broken" in rows[0] and "3/12" in rows[0], text)
    for format_ in ("ods", "xlsx"):
        expect_status(d.geo.get(f"{d.base}/watch", date="2023-06-01", format=format_), 200)
    for query, status in (({"date": "x"}, 400), ({"body": "x"}, 400), ({"unit": "x"}, 400), ({"day": "2023-01-01"}, 400)):
        watch(d, status=status, **query)


@test
def the_client_shows_it(d):
    office = OFFICES[7]
    d.accepted(roster(office, "112", 9, 3))
    said = tributary(d, d.geo, "body", "watch", "--unit", office, "--date", "112/6/1")
    check("3/12" in said and "增聘 2 位" in said, said)
    said = tributary(d, d.geo, "body", "watch", "--unit", office, "--date", "2023-06-01", "--broken", lang="en")
    check("broken" in said and "deputy convener" not in said, said)
    said = tributary(d, d.office(office), "body", "show", "task-group", "--date", "112/6/1", "--unit", office)
    check("範例3" in said and "委員 12 人：男 9、女 3；外聘 1" in said, said)
    said = tributary(d, d.geo, "body", "list")
    check("各機關輪流" in said and "group-2" in said and "衛生局" in said, said)
    for words in (("body", "watch", "--date", "x"), ("body", "what"), ("body", "member", "add"), ("body", "show")):
        tributary(d, d.geo, *words, status=2)


@test
def what_was_recorded_later_does_not_count_as_of_a_moment(d):
    office = OFFICES[6]
    first = d.accepted(roster(office, "115", 10, 2))
    second = d.accepted(roster(office, "115", 7, 5, base=1))
    for receipt, found, verdict in ((first, "2/12", "broken"), (second, "5/12", "holds")):
        one = next(rule for rule in watch(d, body="task-group", unit=office, date="2026-06-01", as_of=receipt["recorded_at"]) if rule["rule"] == "sex_hard")
        equal((one["found"], one["verdict"], one["revision"]), (found, verdict, receipt["submission"]), f"as of revision {receipt['revision']}")
    watch(d, status=400, as_of="gestern")


if __name__ == "__main__":
    suite.run()
