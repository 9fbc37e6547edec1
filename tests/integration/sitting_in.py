#!/usr/bin/env python3
"""Who of the supervision team sits in on which meeting: given, taken back, clashes told, and proposals that are fair."""
import io
import pathlib
import random
import sys
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, ZHONGLI, desk  # noqa: E402
import own_sitting_in as own  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
TEAM = "supervision-team"


def fresh(d):
    """No meetings, no members, nothing given; the log still tells of what was."""
    d.service.sql("set session_replication_role = replica; delete from tributary.sitting_in; delete from tributary.meeting_step;"
                  "delete from tributary.meeting; delete from tributary.body_member; delete from tributary.body_member_name;"
                  "delete from tributary.body_member_end")


def seat(d, name, body=TEAM, role="member", first="2023-01-01", post="參議", **more):
    return expect_status(d.geo.post(f"{d.base}/bodies/{body}/members", {
        "name": name, "sex": "f", "seat": "internal", "role": role, "from": first, "post": post, **more}), 201).json["member"]


def leave(d, member, day):
    expect_status(d.geo.post(f"/v1/body-members/{member}/end", {"ended_on": day}), 201)


def meet(d, body, day, begins=None, ends=None, place=None, unit=None, state="planned"):
    """A meeting as it stands in the store."""
    def text(value):
        return "null" if value is None else f"'{value}'"
    one = str(uuid.uuid4())
    d.service.sql(
        "set session_replication_role = replica; insert into tributary.meeting (meeting, jurisdiction, plan, body, unit, actor, sequence, "
        f"recorded_at) values ('{one}', '68000', '{d.plan}', '{body}', {text(unit)}, gen_random_uuid(), 0, '2020-01-01');"
        "insert into tributary.meeting_step (step, meeting, jurisdiction, state, day, begins, ends, place, actor, sequence, recorded_at, reason) "
        f"values (gen_random_uuid(), '{one}', '68000', '{state}', '{day}', {text(begins)}, {text(ends)}, {text(place)}, gen_random_uuid(), "
        "-(select count(*) + 1 from tributary.meeting_step), '2020-01-01', 'x')")
    return one


def give(d, meeting, member, status=201, client=None, headers=None, **more):
    return expect_status((client or d.geo).post(f"/v1/meetings/{meeting}/sitting-in", {"member": member, **more}, headers), status).json


def read(d, year=114, client=None, status=200, **query):
    return expect_status((client or d.geo).get(f"{d.base}/sitting-in", year=str(year), **query), status).json


def propose(d, year=114, status=200, client=None, headers=None, **more):
    return expect_status((client or d.geo).post(f"{d.base}/sitting-in/propose", {"year": year, **more}, headers), status).json


def entries(d):
    return int(d.service.sql("select max(sequence) from tributary.log_entry"))


@test
def what_is_stored_is_held_against_the_log(d):
    """The first one here, as the others take away what the log tells of."""
    one = seat(d, "範例甲")
    for day in ("2025-05-20", "2025-11-20"):
        meeting = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": day}), 201).json["meeting"]
        give(d, meeting, one, reason="x")
    give(d, meeting, one, given=False, reason="公出")
    d.service.command("verify")
    stored = "tributary.sitting_in where sequence = (select max(sequence) from tributary.sitting_in)"
    for column, value in (("meeting", f"(select meeting from tributary.meeting where meeting <> '{meeting}' limit 1)"), ("given", "true"),
                          ("member", "gen_random_uuid()"), ("reason", "'x'"), ("reason", "null"), ("allocation", "gen_random_uuid()"),
                          ("actor", "gen_random_uuid()"), ("recorded_at", "recorded_at + interval '1 us'")):
        d.service.sql(f"set session_replication_role = replica; create table public.kept as select * from {stored};"
                      f"update tributary.sitting_in set {column} = {value} where sequence = (select sequence from public.kept)")
        done = d.service.command("verify", check=False)
        check(done.returncode == 1 and "sitting_in" in done.stdout.decode(), f"{column}: {done.stdout.decode()}")
        d.service.sql(f"set session_replication_role = replica; delete from {stored}; insert into tributary.sitting_in select * from "
                      "public.kept; drop table public.kept")
    d.service.command("verify")


@test
def meetings_are_given_and_taken_back(d):
    fresh(d)
    one, two = seat(d, "範例甲", post="參事"), seat(d, "範例乙")
    group, task = meet(d, "liaison", "2025-09-10", unit="group-1"), meet(d, "task-group", "2025-04-10", "14:00", "16:00", "龜山區公所", GUISHAN)
    meet(d, "council", "2025-06-20", state="cancelled")
    meet(d, TEAM, "2025-03-01")
    meet(d, "council", "2024-12-20")
    seen = read(d)
    equal([m["meeting"] for m in seen["meetings"]], [task, group], "by day, but the cancelled, the team's own, another year's")
    equal((seen["uncovered"], [m["load"] for m in seen["members"]], seen["may"]), ([task, group], [0, 0], ["give", "take_back", "propose"]), "nobody")
    equal((seen["meetings"][0]["unit_name"]["zh"][:2], seen["meetings"][0]["begins"], seen["meetings"][0]["place"]), ("龜山", "14:00", "龜山區公所"), "meeting")
    made = give(d, task, one)
    equal([(s["member"], s["name"], s["post"]) for s in made["meeting"]["sitting_in"]], [(one, "範例甲", "參事")], "given")
    give(d, task, one, status=200)
    give(d, task, two, reason="協助")
    moment = give(d, group, two)["meeting"]["sitting_in"][0]["recorded_at"]
    equal({m["member"]: m["load"] for m in read(d)["members"]}, {one: 1, two: 2}, "load")
    equal(give(d, task, one, status=422, given=False)["code"], "bad_member", "why")
    give(d, task, one, given=False, reason="公出")
    equal(give(d, task, one, status=409, given=False, reason="x")["code"], "not_sitting_in", "taken back before")
    equal({m["member"]: m["load"] for m in read(d)["members"]}, {one: 0, two: 2}, "load")
    equal({m["member"]: m["load"] for m in read(d, as_of=moment)["members"]}, {one: 1, two: 2}, "as it was")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    give(d, task, one, headers=key)
    again = d.geo.post(f"/v1/meetings/{task}/sitting-in", {"member": one}, key)
    equal((again.status, again.header("idempotent-replay")), (200, "true"), "replay")
    give(d, task, two, status=409, headers=key)


@test
def who_is_not_of_the_team_or_has_left_is_refused(d):
    fresh(d)
    one, stranger = seat(d, "範例甲"), seat(d, "範例丙", body="council")
    leave(d, one, "2025-06-30")
    before, after, gone = meet(d, "council", "2025-06-30"), meet(d, "council", "2025-07-01"), meet(d, "council", "2025-05-01", state="cancelled")
    give(d, before, one)
    equal(give(d, after, one, status=409)["code"], "member_not_serving", "left the day before")
    equal(give(d, before, stranger, status=409)["code"], "not_of_team", "of another body")
    equal(give(d, gone, one, status=409)["code"], "meeting_cancelled", "cancelled")
    equal(give(d, before, str(uuid.uuid4()), status=409)["code"], "not_of_team", "nobody")
    equal(give(d, str(uuid.uuid4()), one, status=404)["code"], "not_found", "no meeting")
    give(d, "x", one, status=404)
    give(d, meet(d, TEAM, "2025-03-01"), one, status=404)
    for sent in ({}, {"member": "x"}, {"member": 1}, {"member": one, "given": "yes"}, {"member": one, "reason": ""}, {"member": one, "x": 1},
                 {"member": "字" * 40}, {"member": one, "reason": "字" * 2001}):
        equal(expect_status(d.geo.post(f"/v1/meetings/{before}/sitting-in", sent), 422).json["code"], "bad_member", str(sent))


@test
def clashes_are_told(d):
    fresh(d)
    who = seat(d, "範例甲")
    day = "2025-04-10"
    times = [("09:00", "11:00", "甲"), ("10:00", "12:00", "乙"), ("13:00", "15:00", "甲"), ("16:00", "17:00", "乙"), (None, None, "甲"), ("14:00", None, None)]
    made = {meet(d, "task-group", day, b, e, p, unit): {"day": day, "begins": b, "ends": e, "place": p, "house": unit}
            for (b, e, p), unit in zip(times, (GUISHAN, ZHONGLI, "68000010", "68000030", "68000040", "68000050"))}
    made |= {meet(d, "special-group", "2025-10-08", b, e, p, "labor"): {"day": "2025-10-08", "begins": b, "ends": e, "place": p}
             for b, e, p in (*times, ("15:30", "17:00", "甲"), ("08:00", "09:00", None))}
    for one in made:
        give(d, one, who)
    told = {frozenset(c["meetings"]): c["clash"] for c in read(d)["clashes"]}
    wanted = {}
    for one in made:
        for other in made:
            if one < other and own.conflict(made[one], made[other]):
                wanted[frozenset((one, other))] = own.conflict(made[one], made[other])
    equal(told, wanted, "clashes")
    check({"clash", "tight"} == set(wanted.values()), wanted)
    answer = give(d, next(iter(made)), who, status=200)
    check(answer["clashes"] and all(next(iter(made)) in c["meetings"] for c in answer["clashes"]), "with the meeting's own")


@test
def who_chairs_is_busy_and_not_proposed(d):
    fresh(d)
    one, two = seat(d, "範例甲"), seat(d, "範例乙")
    seat(d, "範例甲", body="division-health", role="convener")
    seat(d, "範例乙", body="promotion-group", role="convener")
    own_meeting, other = meet(d, "division-health", "2025-05-08", "09:00", "11:00"), meet(d, "council", "2025-05-08", "10:00", "12:00")
    seen = {m["meeting"]: m for m in read(d)["meetings"]}
    equal([c["member"] for c in seen[own_meeting]["chaired_by"]], [one], "who chairs")
    equal([(m["meeting"], m["proposed"]["member"]) for m in propose(d)["proposal"]], [(own_meeting, two)], "not who chairs")
    equal([m["meeting"] for m in propose(d)["unfilled"]], [other], "and nobody for the other one at the same time")
    give(d, other, one)
    equal([(c["clash"], c["member"]) for c in read(d)["clashes"]], [("clash", one)], "in the chair elsewhere")


@test
def a_proposal_is_stored_only_once_it_is_confirmed(d):
    fresh(d)
    members = [seat(d, f"範例{n}") for n in "甲乙丙"]
    meetings = [meet(d, "special-group", f"2025-04-{n + 1:02d}", unit="education") for n in range(7)]
    give(d, meetings[0], members[0])
    meet(d, "special-group", "2025-04-20", unit="education", state="held")
    before = entries(d)
    made = propose(d)
    equal((entries(d), made["unfilled"], len(made["proposal"])), (before, [], 6), "nothing stored, what was held is past")
    equal(sorted(one["after"] for one in made["loads"]), [2, 2, 3], "even")
    equal(propose(d)["digest"], made["digest"], "the same again")
    equal(propose(d, status=409, confirm="x" * 64)["code"], "proposal_changed", "another one")
    extra = meet(d, "special-group", "2025-04-25", unit="education")
    equal(propose(d, status=409, confirm=made["digest"])["code"], "proposal_changed", "one meeting more")
    made = propose(d)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    stored = propose(d, status=201, confirm=made["digest"], headers=key)
    equal(entries(d), before + 1, "one act")
    equal({m["meeting"]: m["sitting_in"][0]["member"] for m in stored["meetings"] if m["meeting"] in [*meetings[1:], extra]},
          {m["meeting"]: m["proposed"]["member"] for m in made["proposal"]}, "as proposed")
    equal(propose(d, confirm=made["digest"], headers=key)["year"], 114, "a replay")
    equal(propose(d, status=409, confirm=propose(d)["digest"])["code"], "proposal_changed", "nothing is left to give")
    for sent in ({}, {"year": "114"}, {"year": 111}, {"year": 114, "confirm": 1}, {"year": 114, "x": 1}, {"year": 10 ** 12}):
        equal(expect_status(d.geo.post(f"{d.base}/sitting-in/propose", sent), 422).json["code"], "bad_member", str(sent))


def random_year(d, chance):
    """(members with their days, meetings) of a small year with days that collide."""
    fresh(d)
    members, meetings = {}, []
    for number in range(chance.randrange(1, 4)):
        first, last = sorted(f"2025-05-{chance.randrange(1, 9):02d}" for _ in range(2))
        name, long = f"範例{number}", chance.random() < 0.6
        one = seat(d, name, first="2023-01-01" if long else first)
        if not long:
            leave(d, one, last)
        members[one] = ("2023-01-01", "9999") if long else (first, last)
    for _ in range(chance.randrange(1, 7)):
        day = f"2025-05-{chance.randrange(1, 6):02d}"
        begins = chance.choice((None, "09:00", "13:30"))
        one = {"day": day, "begins": begins, "ends": begins and chance.choice((None, "12:00", "16:00") if begins < "12" else (None, "16:00")),
               "place": chance.choice(("甲", "乙"))}
        one["meeting"] = meet(d, "special-group", one["day"], one["begins"], one["ends"], one["place"], "education")
        meetings.append(one)
    return members, meetings


@test(seconds=300)
def no_choice_is_fairer_than_what_is_proposed(d):
    chance = random.Random(112)
    for number in range(60):
        members, meetings = random_year(d, chance)
        given = {}
        for one in meetings:
            if chance.random() < 0.3:
                who = [m for m, (first, last) in members.items() if first <= one["day"] <= last]
                if who:
                    given[one["meeting"]] = chance.choice(who)
                    give(d, one["meeting"], given[one["meeting"]])
        load = {m: list(given.values()).count(m) for m in members}
        left = [one for one in meetings if one["meeting"] not in given]
        busy = {(given[one["meeting"]], one["day"]) for one in meetings if one["meeting"] in given}

        def may(who, one):
            return members[who][0] <= one["day"] <= members[who][1] and (who, one["day"]) not in busy
        made = propose(d)
        chosen = {m["meeting"]: m["proposed"] for m in made["proposal"]}
        count, squares, greatest, least = own.best(left, list(members), may, load)
        first = {m: p["member"] for m, p in chosen.items() if may(p["member"], next(o for o in left if o["meeting"] == m))}
        check(len(chosen) >= count, f"{number}: {len(chosen)} of {count}")
        if len(chosen) == count:  # nobody had to take a second meeting of a day
            after = [load[who] + list(first.values()).count(who) for who in members]
            equal((len(first), sum(n * n for n in after), max(after), min(after)), (count, squares, greatest, least), f"{number}: {made['loads']}")
        equal({m["member"]: m["after"] for m in made["loads"]},
              {m: load[m] + [p["member"] for p in chosen.values()].count(m) for m in members}, "loads")
        everything = {**given, **{m: p["member"] for m, p in chosen.items()}}
        by_id = {one["meeting"]: one for one in meetings}
        for one in chosen:
            conflicts = {own.conflict(by_id[one], by_id[other]) for other in everything if other != one and everything[other] == everything[one]}
            check("clash" not in conflicts, f"{number}: clash")
            equal(chosen[one]["tight"], "tight" in conflicts, f"{number}: tight")
        for one in made["unfilled"]:  # whoever serves then has something at the same time
            for who, (first_day, last_day) in members.items():
                if first_day <= one["day"] <= last_day:
                    check(any(own.conflict(by_id[one["meeting"]], by_id[other]) == "clash" for other in everything if everything[other] == who),
                          f"{number}: {who} could take {one['meeting']}")


@test
def offices_see_who_sits_in_without_names(d):
    fresh(d)
    one = seat(d, "範例甲", post="參事")
    group = meet(d, "liaison", "2025-09-10", unit="group-1")
    give(d, group, one, client=d.login("supervision"))
    seen = read(d, client=d.office(GUISHAN))
    equal((seen["meetings"][0]["sitting_in"][0]["name"], seen["meetings"][0]["sitting_in"][0]["post"], seen["may"]), (None, "參事", []), "post, no name")
    for client in (d.office(GUISHAN), *(d.login(role) for role in ("dbas", "admin", "auditor"))):
        give(d, group, one, status=403, client=client)
        propose(d, status=403, client=client)
    for query, status in (({"year": "111"}, 400), ({"year": "x"}, 400), ({"year": "113", "as_of": "x"}, 400)):
        expect_status(d.geo.get(f"{d.base}/sitting-in", **query), status)


@test
def the_table_comes_as_a_file(d):
    fresh(d)
    one = seat(d, "範例甲", post="參事")
    give(d, meet(d, "liaison", "2025-09-10", "14:00", "16:00", "桃園區公所", "group-1"), one)
    meet(d, "council", "2025-12-12")
    sheet = expect_status(d.geo.get(f"{d.base}/sitting-in", year="114", format="csv"), 200).body.decode("utf-8-sig")
    check("範例甲" in sheet and "尚無人列席" in sheet and "桃園區公所" in sheet, sheet)
    for kind, member in (("ods", "content.xml"), ("xlsx", "xl/sharedStrings.xml")):
        reply = expect_status(d.geo.get(f"{d.base}/sitting-in", year="114", format=kind), 200)
        text = zipfile.ZipFile(io.BytesIO(reply.body)).read(member).decode()
        check("範例甲" in text and "列席會議分配表" in text, kind)


@test
def the_client_gives_takes_back_and_proposes(d):
    fresh(d)
    one = seat(d, "範例甲", post="參事")
    first, second = meet(d, "liaison", "2025-09-10", "14:00", "16:00", "桃園區公所", "group-1"), meet(d, "council", "2025-12-12")
    said = tributary(d, d.geo, "sitting-in", "give", first, one)
    check("範例甲" in said, said)
    said = tributary(d, d.geo, "sitting-in", "show", "--year", "114")
    check("範例甲" in said and "尚無人列席" in said and "桃園區公所" in said, said)
    said = tributary(d, d.geo, "sitting-in", "propose", "--year", "114")
    check("範例甲" in said and "--confirm" in said, said)
    digest = propose(d)["digest"]
    said = tributary(d, d.geo, "sitting-in", "propose", "--year", "114", "--confirm", digest)
    check("尚無人列席" not in said, said)
    tributary(d, d.geo, "sitting-in", "take-back", second, one, status=2)
    tributary(d, d.geo, "sitting-in", "take-back", second, one, "--reason", "公出")
    tributary(d, d.geo, "sitting-in", "nothing", status=2)
    tributary(d, d.office(GUISHAN), "sitting-in", "give", second, one, status=4)
    check("Sitting in" in tributary(d, d.geo, "sitting-in", "show", "--year", "114", lang="en"), "English")


if __name__ == "__main__":
    suite.run()
