#!/usr/bin/env python3
"""Bodies and who sits on them over time: recorded, ended, read by those who may, erased, and held against the log."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GROUP_1, GUISHAN, OFFICES, ZHONGLI, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402
import own_bodies as own  # noqa: E402

suite = Suite(desk)
test = suite.test


def add(d, body, name, client=None, status=201, headers=None, **changes):
    sent = {"name": name, "sex": "f", "seat": "internal", "role": "member", "from": "2023-01-01", **changes}
    return expect_status((client or d.geo).post(f"{d.base}/bodies/{body}/members", sent, headers), status).json


def end(d, member, day, client=None, status=201, headers=None):
    return expect_status((client or d.geo).post(f"/v1/body-members/{member}/end", {"ended_on": day}, headers), status).json


def show(d, body, client=None, status=200, **query):
    return expect_status((client or d.geo).get(f"{d.base}/bodies/{body}", **query), status).json


def names(d, body, **query):
    return sorted(one["name"] for one in show(d, body, **query)["members"])


@test
def the_plan_says_which_bodies_there_are_and_their_rules(d):
    listed = {one["body"]: one for one in expect_status(d.geo.get(f"{d.base}/bodies"), 200).json["bodies"]}
    equal({kind: sum(one["kind"] == kind for one in listed.values()) for kind in
           ("task_group", "liaison", "special_group", "division", "council", "team")},
          {"task_group": 1, "liaison": 1, "special_group": 1, "division": 7, "council": 1, "team": 1}, "kinds")
    equal([one["unit"] for one in listed["liaison"]["units"]], ["group-1", "group-2"], "groups")
    equal(sorted(one["unit"] for one in listed["task-group"]["units"]), OFFICES, "offices")
    equal([one["name"]["zh"] for one in listed["special-group"]["units"]],
          ["勞動局", "社會局", "教育局", "警察局", "衛生局", "環境保護局"], "bureaus")
    equal([listed[code]["secretariat"]["zh"] for code in listed if listed[code]["kind"] == "division"],
          ["勞動局", "社會局", "教育局", "警察局", "衛生局", "環境保護局", "性別平等辦公室"], "secretariats")
    equal(listed["council"]["seats"], {"least": 33, "most": 41, "external_least": 14, "external_most": 21, "council_least": 0}, "council")
    equal((listed["task-group"]["quorum"], listed["special-group"]["quorum"], listed["council"]["quorum"]),
          ("more_than_half", "half_of_external", None), "quorum")
    check(listed["liaison"]["rotating"] and listed["liaison"]["notes_to"] == "promotion-group", "liaison")
    mine = {one["body"]: [unit["unit"] for unit in one["units"]] for one in d.office(GUISHAN).get(f"{d.base}/bodies").json["bodies"]}
    equal((mine["task-group"], mine["liaison"], mine["special-group"], mine["council"]), ([GUISHAN], ["group-1"], [], [None]), "an office's")


@test
def members_sit_from_their_first_to_their_last_day(d):
    one = add(d, "division-health", "甲", role="convener", **{"from": "112/3/1"}, post="參事")
    equal({key: one[key] for key in ("name", "sex", "seat", "role", "post", "from", "to", "served_on_council", "unit", "body")},
          {"name": "甲", "sex": "f", "seat": "internal", "role": "convener", "post": "參事", "from": "2023-03-01", "to": None,
           "served_on_council": False, "unit": None, "body": "division-health"}, "as recorded")
    add(d, "division-health", "乙", sex="m", **{"from": "2023-06-01"})
    equal(end(d, one["member"], "2023-12-31")["to"], "2023-12-31", "ended")
    for date, wanted in (("2023-02-28", []), ("2023-03-01", ["甲"]), ("2023-06-01", ["乙", "甲"]), ("2023-12-31", ["乙", "甲"]),
                         ("2024-01-01", ["乙"])):
        equal(names(d, "division-health", date=date), sorted(wanted), date)
    counts = show(d, "division-health", date="2023-12-31")["counts"]
    equal((counts["members"], counts["m"], counts["f"], counts["conveners"]), (2, 1, 1, 1), "counts")
    equal(end(d, one["member"], "2023-12-31", status=200)["to"], "2023-12-31", "the same again")
    equal(end(d, one["member"], "2024-03-31")["to"], "2024-03-31", "later after all")
    equal(end(d, one["member"], None)["to"], None, "taken back")
    equal(end(d, one["member"], None, status=409)["code"], "member_not_ended", "nothing to take back")
    equal(end(d, one["member"], "2023-02-27", status=409)["code"], "member_not_begun", "before it began")
    equal(end(d, one["member"], "2023-02-28")["to"], "2023-02-28", "never was one")
    equal(names(d, "division-health", date="2023-06-01"), ["乙"], "the other one stays")
    end(d, str(uuid.uuid4()), "2024-01-01", status=404)
    end(d, "x", "2024-01-01", status=404)
    for sent in ({}, {"ended_on": 5}, {"ended_on": "x"}, {"ended_on": "2024-01-01", "x": 1}):
        expect_status(d.geo.post(f"/v1/body-members/{one['member']}/end", sent), 422)


@test
def the_same_again_is_the_same_and_keys_are_honoured(d):
    one = add(d, "division-safety", "丙")
    equal(add(d, "division-safety", "丙", status=200), one, "the same again")
    check(add(d, "division-safety", "丙", role="deputy")["member"] != one["member"], "another role")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    two = add(d, "division-safety", "丁", headers=key)
    reply = d.geo.post(f"{d.base}/bodies/division-safety/members",
                       {"name": "丁", "sex": "f", "seat": "internal", "role": "member", "from": "2023-01-01"}, key)
    equal((reply.status, reply.json, reply.header("idempotent-replay")), (200, two, "true"), "a replay")
    equal(add(d, "division-safety", "戊", status=409, headers=key)["code"], "idempotency_conflict", "other content")


@test
def who_may_record_and_what(d):
    for role in ("dbas", "admin", "auditor"):
        add(d, "council", "己", d.login(role), status=403)
    add(d, "council", "己", d.office(GUISHAN), status=403)
    one = add(d, "liaison", "己", d.login("supervision"), unit="group-1", seat="external", served_on_council=True)
    end(d, one["member"], "2024-01-01", d.office(GUISHAN), status=403)
    equal(add(d, "task-group", "己", status=409, unit=GUISHAN)["code"], "roster_body", "from its roster")
    equal(add(d, "nothing", "己", status=404)["code"], "unknown_body", "no such body")
    for changes in ({"unit": "group-1"}, {"sex": "x"}, {"seat": "x"}, {"role": "x"}, {"from": "x"}, {"from": None}, {"extra": 1},
                    {"served_on_council": True}, {"served_on_council": 1}, {"post": "x" * 201}, {"post": ""}):
        equal(add(d, "council", "己", status=422, **changes)["code"], "bad_member", str(changes))
    for name in ("", "x" * 151, 5, None):
        equal(add(d, "council", name, status=422)["code"], "bad_member", str(name))
    equal(add(d, "liaison", "己", status=422)["code"], "bad_member", "a group's body without its group")
    equal(add(d, "liaison", "己", status=422, unit="group-9")["code"], "bad_member", "no such group")


@test
def offices_read_who_sits_for_their_group_and_the_city_without_names(d):
    add(d, "liaison", "庚", unit="group-2", seat="external")
    add(d, "special-group", "辛", unit="education")
    add(d, "promotion-group", "壬", post="參事")
    office = d.office(ZHONGLI)
    for body, query in (("liaison", {"unit": "group-2"}), ("promotion-group", {})):
        seen = show(d, body, office, **query)
        check(seen["members"] and all(one["name"] is None for one in seen["members"]), f"{body}: {seen['members']}")
        equal(seen["counts"], show(d, body, **query)["counts"], "counts")
    for body, unit in (("liaison", "group-1"), ("special-group", "education"), ("task-group", GUISHAN)):
        show(d, body, office, status=403, unit=unit)
    equal(show(d, "task-group", office)["unit"], ZHONGLI, "its own task group")
    for body, query in (("nothing", {}), ("liaison", {}), ("liaison", {"unit": "x"}), ("council", {"unit": "x"})):
        equal(show(d, body, status=404, **query)["code"], "unknown_body", body)
    check(set(GROUP_1) & {GUISHAN}, "groups")


def council(d, men, women, external, executive=1):
    """A council of its own day: so many men and women, of them so many external."""
    for i in range(men + women):
        role = {0: "convener", 1: "deputy", 2: "executive_secretary" if executive else "member"}.get(i, "member")
        add(d, "council", f"委員{i}", sex="m" if i < men else "f", role=role, **{"from": "2024-01-01"},
            seat="external" if i >= men + women - external else "internal")


@test
def the_council_s_rules_are_watched_over_its_members(d):
    council(d, 24, 10, 15)
    found = {one["rule"]: one for one in d.geo.get(f"{d.base}/watch", body="council", date="2024-06-01").json["watch"]}
    equal({code: (one["verdict"], one["found"], one["wanted"]) for code, one in found.items()}, {
        "sex_hard": ("broken", "10/34", "1/3"), "sex_goal": ("broken", "10/34", "2/5"), "seats": ("holds", "34", "33–41"),
        "external": ("holds", "15", "14–21"), "convener": ("holds", "1", "1"), "deputy": ("holds", "1", "1"),
        "executive_secretary": ("holds", "1", "1"), "meetings": ("unknown", "0", "≥2")}, "rules")
    equal(found["sex_hard"]["mend"], {"exchange": own.exchanges(own.HARD, 24, 10), "add": own.additions(own.HARD, 24, 10), "remove": 0,
                                      "free_seats": 7, "within_seats": True, "lesser_sex": "f"}, "to one third")
    equal(found["sex_goal"]["mend"], {"exchange": own.exchanges(own.GOAL, 24, 10), "add": own.additions(own.GOAL, 24, 10), "remove": 0,
                                      "free_seats": 7, "within_seats": True, "lesser_sex": "f"}, "to 40 percent")
    check("空額 7 席" in found["sex_hard"]["advice"]["zh"], found["sex_hard"]["advice"])
    before = {one["rule"]: one for one in d.geo.get(f"{d.base}/watch", body="council", date="2023-06-01").json["watch"]}
    equal({one["verdict"] for one in before.values()}, {"unknown"}, "before it sat")
    for one, day in zip(show(d, "council", date="2024-06-01")["members"], ("2024-07-31", "2024-08-31")):
        end(d, one["member"], day)
    later = {one["rule"]: one for one in d.geo.get(f"{d.base}/watch", body="council", date="2024-12-31").json["watch"]}
    equal((later["convener"]["verdict"], later["convener"]["since"], later["convener"]["last_held"]),
          ("broken", "2024-08-01", "2024-07-31"), "the convener left")


@test
def a_liaison_meeting_has_two_advisers_one_of_whom_served_on_the_council(d):
    def rules(date):
        return {one["rule"]: one["verdict"] for one in
                d.geo.get(f"{d.base}/watch", body="liaison", unit="group-2", date=date).json["watch"]}
    add(d, "liaison", "癸一", unit="group-2", seat="external", **{"from": "2025-01-01"})
    equal(rules("2025-06-01")["council_external"], "broken", "none served")
    one = add(d, "liaison", "癸二", unit="group-2", seat="external", served_on_council=True, **{"from": "2025-07-01"})
    equal((rules("2025-08-01")["external"], rules("2025-08-01")["council_external"]), ("holds", "holds"), "one served")
    check("convener" not in rules("2025-08-01"), "whoever has the secretariat convenes a meeting: no seat is asked for")
    end(d, one["member"], "2025-09-30")
    equal(rules("2025-10-01")["council_external"], "broken", "gone again")


@test
def names_can_be_erased_and_the_seats_stay(d):
    one = add(d, "division-education", "範例待刪")
    found = d.service.command("personal", "find", "範例待").stdout.decode()
    check(one["member"] in found and "division-education" in found, found)
    d.service.command("personal", "erase", "範例待刪", "--yes")
    seen = show(d, "division-education")["members"][0]
    equal((seen["name"], seen["sex"], seen["member"]), (None, "f", one["member"]), "erased")
    equal(d.service.sql("select count(*) from tributary.log_entry where entry like '%範例待刪%'"), "0", "in the log")
    d.service.command("verify")


@test
def what_is_stored_is_held_against_the_log(d):
    add(d, "division-employment", "範例甲")
    one = add(d, "division-employment", "範例乙")
    end(d, one["member"], "2024-01-01")
    d.service.command("verify")
    for change, undone in (
            (f"update tributary.body_member set sex = 'm' where member = '{one['member']}'",
             f"update tributary.body_member set sex = 'f' where member = '{one['member']}'"),
            (f"update tributary.body_member set post = 'x' where member = '{one['member']}'",
             f"update tributary.body_member set post = null where member = '{one['member']}'"),
            (f"update tributary.body_member_end set ended_on = '2025-01-01' where member = '{one['member']}'",
             f"update tributary.body_member_end set ended_on = '2024-01-01' where member = '{one['member']}'"),
            (f"update tributary.body_member_name set name = 'x' where member = '{one['member']}'",
             f"update tributary.body_member_name set name = '範例乙' where member = '{one['member']}'")):
        for statement, status in ((change, 1), (undone, 0)):
            d.service.sql(f"set session_replication_role = replica; {statement}")
            done = d.service.command("verify", check=False)
            equal(done.returncode != 0, status != 0, f"{statement}: {done.stdout.decode()}{done.stderr.decode()}")


@test
def the_client_records_and_ends_a_member(d):
    said = tributary(d, d.geo, "body", "member", "add", "division-population", "--name", "範例丙", "--sex", "f", "--role", "convener",
                     "--from", "113/1/1", "--post", "顧問")
    member = said.split()[-1]
    check("範例丙" in said and "113年1月1日" in said, said)
    said = tributary(d, d.geo, "body", "show", "division-population")
    check("範例丙" in said and "顧問" in said and member in said, said)
    check(all(word in said for word in ("女", "召集人", "內聘", "至")) and "convener" not in said and "展期" not in said, said)
    said = tributary(d, d.geo, "body", "member", "end", member, "--on", "113/12/31")
    check("113年12月31日" in said, said)
    tributary(d, d.geo, "body", "member", "end", member, "--take-back")
    for words in (("member", "add", "division-population", "--name", "x", "--sex", "f"), ("member", "end", member)):
        tributary(d, d.geo, "body", *words, status=2)
    tributary(d, d.office(GUISHAN), "body", "member", "end", member, "--on", "113/12/31", status=4)


if __name__ == "__main__":
    suite.run()
