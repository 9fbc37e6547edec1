#!/usr/bin/env python3
"""Turns of a rotating secretariat: recorded and exchanged, suggested where none is, held against an independent oracle."""
import json
import pathlib
import random
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import day, meeting  # noqa: E402
from desk import GROUP_1, GROUP_2, GUISHAN, PLAN_FILE, ZHONGLI, desk  # noqa: E402
from own_rotation import Rotation  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def record(d, unit, year, office, status=201, client=None, headers=None, **more):
    sent = {"unit": unit, "year": year, "office": office, **more}
    return expect_status((client or d.geo).post(f"{d.base}/secretariat", sent, headers), status).json


def swap(d, unit, years, reason="颱風停班，兩區對調", status=201, client=None, headers=None):
    sent = {"unit": unit, "years": years, "reason": reason}
    return expect_status((client or d.geo).post(f"{d.base}/secretariat/swap", sent, headers), status).json


def read(d, client=None, status=200, **query):
    return expect_status((client or d.geo).get(f"{d.base}/secretariat", **query), status).json


def unit_of(d, unit, year, **query):
    return read(d, unit=unit, year=str(year), **query)["units"][0]


def turn(d, unit, year, **query):
    """(recorded office, suggested office) of a year."""
    first = unit_of(d, unit, year, **query)["years"][0]
    return (first["turn"] or {}).get("office"), (first["suggestion"] or {}).get("office")


def clear(d):
    """Put away what was recorded until restore(), as if nothing had been: the log still tells of it."""
    d.service.sql("set session_replication_role = replica; create table if not exists public.put_away (like tributary.secretariat_turn);"
                  "insert into public.put_away select * from tributary.secretariat_turn; delete from tributary.secretariat_turn")


def restore(d):
    clear(d)
    d.service.sql("set session_replication_role = replica; insert into tributary.secretariat_turn select * from public.put_away;"
                  "delete from public.put_away")


@test
def turns_are_recorded_and_who_never_had_one_is_suggested_first(d):
    equal(turn(d, "group-1", 112), (None, GROUP_1[0]), "nothing recorded: the plan's first")
    made = record(d, "group-1", 112, GROUP_1[2])
    equal([(one["year"], one["office"], one["current"]) for one in made["turns"]], [(112, GROUP_1[2], True)], "recorded")
    equal((made["findings"], made["body"]), ([], "liaison"), "fair")
    equal(turn(d, "group-1", 112), (GROUP_1[2], None), "recorded")
    equal(turn(d, "group-1", 113), (None, GROUP_1[0]), "the first of those who never had one")
    record(d, "group-1", 113, GROUP_1[0])
    equal(turn(d, "group-1", 114), (None, GROUP_1[1]), "the next")
    seen = unit_of(d, "group-1", 113)
    equal([(one["year"], bool(one["turn"])) for one in seen["years"]], [(113, True), (114, False)], "this year and the next")
    check("尚未輪值" in seen["years"][1]["suggestion"]["reason"]["zh"], seen)
    check("never had a turn" in seen["years"][1]["suggestion"]["reason"]["en"], seen)
    equal([one["year"] for one in unit_of(d, "group-1", 115)["years"]], [115], "the plan's last year")
    whole = read(d, year="113")
    equal([one["unit"] for one in whole["units"]], ["group-1", "group-2"], "both groups")
    check("區長或副區長" in whole["convener"]["zh"], whole["convener"])
    equal((whole["may"], read(d, d.login("dbas"))["may"]), (["record", "swap"], []), "who may")


@test
def a_turn_changes_only_with_a_reason_and_history_stays(d):
    unit, one, two = "group-2", GROUP_2[3], GROUP_2[4]
    record(d, unit, 112, one)
    equal(record(d, unit, 112, one, status=200)["turns"][0]["office"], one, "the same again")
    equal(record(d, unit, 112, two, status=409)["code"], "turn_reason_missing", "why")
    record(d, unit, 112, two, reason="首長異動")
    seen = unit_of(d, unit, 112)
    equal([(t["office"], t["reason"], t["current"]) for t in seen["history"]], [(one, None, False), (two, "首長異動", True)], "history")
    before = seen["history"][0]["recorded_at"]
    equal(turn(d, unit, 112, as_of=before), (one, None), "as it was")
    equal(record(d, unit, 113, GROUP_1[0], status=409)["code"], "turn_not_in_group", "another group's")
    for body in ({"unit": unit, "year": 111, "office": one}, {"unit": unit, "year": 116, "office": one}, {"unit": unit, "year": "113", "office": one},
                 {"unit": "group-9", "year": 113, "office": one}, {"unit": unit, "year": 113}, {"year": 113, "office": one},
                 {"unit": unit, "year": 113, "office": one, "extra": 1}, {"unit": unit, "year": 113, "office": one, "reason": ""},
                 {"unit": unit, "year": 113, "office": one, "reason": "字" * 2001}, {"unit": unit, "year": 113, "office": one, "body": "council"},
                 {"unit": unit, "year": True, "office": one}, {"unit": unit, "year": 113.5, "office": one}, {"unit": [], "year": 113, "office": one}):
        equal(expect_status(d.geo.post(f"{d.base}/secretariat", body), 422).json["code"], "bad_member", str(body))


@test
def an_exchange_is_one_act_and_is_undone_by_another(d):
    clear(d)
    one, two = GROUP_1[0], GROUP_1[1]
    record(d, "group-1", 112, one)
    record(d, "group-1", 113, two)
    before = int(d.service.sql("select max(sequence) from tributary.log_entry"))
    made = swap(d, "group-1", [112, 113])
    equal([(t["year"], t["office"], t["swapped_with"]) for t in made["turns"]], [(112, two, 113), (113, one, 112)], "exchanged")
    equal(int(d.service.sql("select max(sequence) from tributary.log_entry")), before + 1, "one entry")
    swap(d, "group-1", [113, 112], "恢復原輪值")
    equal((turn(d, "group-1", 112), turn(d, "group-1", 113)), ((one, None), (two, None)), "undone")
    equal(len(unit_of(d, "group-1", 112)["history"]), 6, "all of it stays")
    suggested = turn(d, "group-1", 114)[1]
    made = swap(d, "group-1", [113, 114])
    equal([(t["year"], t["office"]) for t in made["turns"]], [(113, suggested), (114, two)], "with what was suggested")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    once = swap(d, "group-1", [112, 114], headers=key)
    reply = d.geo.post(f"{d.base}/secretariat/swap", {"unit": "group-1", "years": [112, 114], "reason": "颱風停班，兩區對調"}, key)
    equal((reply.status, reply.json, reply.header("idempotent-replay")), (200, once, "true"), "a replay exchanges nothing")
    record(d, "group-1", 112, GROUP_1[5], reason="x")
    record(d, "group-1", 114, GROUP_1[5], reason="x")
    equal(swap(d, "group-1", [112, 114], status=409)["code"], "same_turn", "the same office")
    expect_status(d.geo.post(f"{d.base}/secretariat/swap", {"unit": "group-1", "years": [112, 114], "reason": "颱風停班，兩區對調"}, key), 200)
    clear(d)
    equal(swap(d, "group-1", [113, 114], status=409)["code"], "no_turn", "nothing to exchange")
    for years in ([113], [113, 113], [113, 114, 115], [111, 112], "x", None, [113, "114"]):
        equal(swap(d, "group-1", years, status=422)["code"], "bad_member", str(years))
    equal(swap(d, "group-1", [112, 113], reason=None, status=422)["code"], "bad_member", "no reason")


@test
def a_second_turn_before_another_s_first_is_told_and_taken(d):
    clear(d)
    record(d, "group-1", 112, GUISHAN)
    made = record(d, "group-1", 114, GUISHAN)
    equal([(f["finding"], f["year"], f["office"], [w["office"] for w in f["waiting"]]) for f in made["findings"]],
          [("second_turn_before_first", 114, GUISHAN, [one for one in GROUP_1 if one != GUISHAN])], "told")
    equal(unit_of(d, "group-1", 114)["findings"], made["findings"], "and stays to be seen")
    record(d, "group-1", 113, GROUP_1[0])
    equal([w["office"] for w in unit_of(d, "group-1", 114)["findings"][0]["waiting"]],
          [one for one in GROUP_1[1:] if one != GUISHAN], "one fewer waits")


def move_an_office(d, year):
    """The plan amended: the fourth office of group 1 is in group 2 from a year on."""
    plan = json.loads(PLAN_FILE.read_text())
    one, two = plan["groups"]
    moving = one["members"][3]
    two["members"].append({"office": moving["office"], "from": year})
    moving["to"] = year - 1
    plan["version_note"] = f"改列第2組，自{year}年"
    d.service.command("plan", "load", d.service.write_plan(plan))
    deadline = time.monotonic() + 10
    while d.geo.get(f"/v1/plans/{d.plan}").json["version_note"] != plan["version_note"]:
        check(time.monotonic() < deadline, "the amended plan isn't served")
        time.sleep(0.05)
    return moving["office"]


def play(d, chance, unit, members):
    """A random history, held against the oracle after it."""
    clear(d)
    own = Rotation(members, this_year=115)
    for _ in range(chance.randrange(8)):
        if own.turns and chance.random() < 0.4:
            years = chance.sample(range(112, 116), 2)
            problem = own.hindrance(*years)
            answer = swap(d, unit, years, status=409 if problem else 201)
            if problem:
                equal(answer["code"], problem, f"{own.turns} {years}")
            else:
                own.swap(*years)
                equal(sorted((t["year"], t["office"]) for t in answer["turns"]), sorted((y, own.turns[y]) for y in years), "swap")
        else:
            year, office = chance.randrange(112, 116), chance.choice(list(members))
            if office not in own.present(year):
                equal(record(d, unit, year, office, status=409, reason="x")["code"], "turn_not_in_group", f"{office} {year}")
                continue
            record(d, unit, year, office, reason="x", status=200 if own.is_same(year, office) else 201)
            own.record(year, office)
    for year in range(112, 116):
        equal(turn(d, unit, year), (own.turns.get(year), None if year in own.turns else own.suggest(year)), f"{own.turns} {year}")
    for year in range(112, 115):
        after = unit_of(d, unit, year)["years"][1]
        if not after["turn"]:
            equal((after["suggestion"] or {}).get("office"), own.suggest(year + 1, year), f"{own.turns} after {year}")
    equal([(f["year"], f["office"], [w["office"] for w in f["waiting"]]) for f in unit_of(d, unit, 112)["findings"]],
          own.findings(), f"{own.turns}")


@test(seconds=120)
def random_histories_suggest_what_the_oracle_suggests(d):
    chance = random.Random(113)
    for _ in range(8):
        play(d, chance, "group-1", {office: (112, 115) for office in GROUP_1})
        play(d, chance, "group-2", {office: (112, 115) for office in GROUP_2})
    for year in (114, 115):
        moved = move_an_office(d, year)
        for _ in range(8):
            play(d, chance, "group-1", {office: (112, year - 1 if office == moved else 115) for office in GROUP_1})
            play(d, chance, "group-2", {**{office: (112, 115) for office in GROUP_2}, moved: (year, 115)})
    restore(d)
    d.service.command("verify")


@test
def offices_read_their_own_group_s_and_record_nothing(d):
    clear(d)
    record(d, "group-1", 112, GUISHAN)
    record(d, "group-2", 112, ZHONGLI, client=d.login("supervision"))
    seen = read(d, d.office(GUISHAN), year="112")
    equal(([one["unit"] for one in seen["units"]], seen["may"]), (["group-1"], []), "its own")
    read(d, d.office(GUISHAN), status=403, unit="group-2")
    for client in (d.office(GUISHAN), *(d.login(role) for role in ("dbas", "admin", "auditor"))):
        record(d, "group-1", 113, GUISHAN, status=403, client=client)
        swap(d, "group-1", [112, 113], status=403, client=client)
    for query, status in (({"unit": "x"}, 404), ({"body": "council"}, 404), ({"body": "x"}, 404), ({"year": "x"}, 400), ({"year": "111"}, 400),
                          ({"year": "113Q1"}, 400), ({"as_of": "x"}, 400)):
        read(d, status=status, **query)
    table = expect_status(d.geo.get(f"{d.base}/secretariat", format="csv"), 200).body.decode("utf-8-sig")
    check(GUISHAN in table and ZHONGLI in table, table)


@test
def what_is_stored_is_held_against_the_log(d):
    clear(d)
    record(d, "group-2", 112, GROUP_2[0])
    swap(d, "group-2", [112, 113])
    restore(d)
    d.service.command("verify")
    where = "where sequence = (select max(sequence) from tributary.secretariat_turn)"
    for column, value in (("office", "'x'"), ("year", "year + 10"), ("reason", "'x'"), ("swapped_with", "114"), ("unit", "'group-1'"),
                          ("plan", "'x'"), ("body", "'x'"), ("turn", "gen_random_uuid()"), ("actor", "gen_random_uuid()")):
        d.service.sql(f"set session_replication_role = replica; create table public.kept as select *, ctid as kept_at from "
                      f"tributary.secretariat_turn {where}; update tributary.secretariat_turn set {column} = {value} "
                      f"where ctid = (select max(kept_at) from public.kept)")
        done = d.service.command("verify", check=False)
        check(done.returncode == 1 and "secretariat_turn" in done.stdout.decode(), f"{column}: {done.stdout.decode()}")
        d.service.sql(f"set session_replication_role = replica; delete from tributary.secretariat_turn where sequence = (select max(sequence) "
                      "from public.kept); alter table public.kept drop column kept_at; insert into tributary.secretariat_turn "
                      "select * from public.kept; drop table public.kept")
    d.service.command("verify")


@test
def the_client_records_shows_and_exchanges_turns(d):
    clear(d)
    said = tributary(d, d.geo, "secretariat", "record", "112", GUISHAN, "--unit", "group-1")
    check("112" in said and "龜山" in said, said)
    said = tributary(d, d.geo, "secretariat", "show", "--year", "112")
    check("龜山" in said and "建議" in said, said)
    said = tributary(d, d.geo, "secretariat", "swap", "112", "113", "--unit", "group-1", "--reason", "對調")
    check("龜山" in said and "113" in said, said)
    said = tributary(d, d.geo, "secretariat", "record", "115", GUISHAN, "--unit", "group-1")
    check("未曾輪值" in said, said)
    tributary(d, d.geo, "secretariat", "history", "--unit", "group-1")
    for words in (("--unit", "第1組"), ("--unit", "第 1 組"), ("--group", "1"), ("--group", "第1組")):
        said = tributary(d, d.geo, "secretariat", "show", "--year", "112", *words)
        check("第1組" in said and "第2組" not in said, said)
        tributary(d, d.geo, "secretariat", "history", *words)
    said = tributary(d, d.geo, "secretariat", "swap", "112", "113", "--group", "1", "--reason", "再對調")
    check("龜山" in said and "112" in said, said)
    tributary(d, d.geo, "secretariat", "record", "114", GUISHAN, "--group", "9", status=2)
    tributary(d, d.geo, "secretariat", "show", "--unit", "組", status=2)
    tributary(d, d.geo, "secretariat", "swap", "112", "113", "--unit", "group-1", status=2)
    tributary(d, d.geo, "secretariat", "record", "112", status=2)
    tributary(d, d.geo, "secretariat", "nothing", status=2)
    tributary(d, d.office(GUISHAN), "secretariat", "record", "114", GUISHAN, "--unit", "group-1", status=4)


def late(findings):
    return [(f["year"], f["office"], [m["day"] for m in f["meetings"]]) for f in findings if f["finding"] == "changed_after_meeting"]


@test
def a_turn_changed_after_its_meeting_is_taken_and_told_with_the_days(d):
    clear(d)
    one, two, three = GROUP_2[:3]
    first = meeting(d, "liaison", "group-2", "2024-09-10")
    meeting(d, "liaison", "group-1", "2025-09-10")
    expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-2", "day": day(30), "year": 115}), 201)
    for year, office in ((113, one), (114, two), (115, three)):
        equal(late(record(d, "group-2", year, office)["findings"]), [], "what is recorded first changes nothing")
    equal(late(swap(d, "group-2", [114, 115])["findings"]), [], "none of its meetings has been held")
    before = read(d, unit="group-2", year="113")["units"][0]["history"][-1]["recorded_at"]
    made = swap(d, "group-2", [113, 114])
    equal(([t["office"] for t in made["turns"]], late(made["findings"])), ([three, one], [(113, three, ["2024-09-10"])]), "told and recorded")
    equal(made["findings"][0]["meetings"][0]["meeting"], first, "which one")
    check("已召開" in made["findings"][0]["message"]["zh"], str(made))
    second = meeting(d, "liaison", "group-2", "2024-12-10")
    meeting(d, "liaison", "group-2", "2025-09-11")
    equal(late(unit_of(d, "group-2", 113)["findings"]), [(113, three, ["2024-09-10", "2024-12-10"]), (114, one, ["2025-09-11"])],
          "both years, and what was recorded later")
    equal(late(unit_of(d, "group-2", 113, as_of=before)["findings"]), [], "as it was then")
    expect_status(d.geo.post(f"/v1/meetings/{second}/steps", {"state": "cancelled", "reason": "誤植"}), 201, 409)
    changed = record(d, "group-2", 114, GROUP_2[4], reason="誤登")
    equal(late(changed["findings"])[-1], (114, GROUP_2[4], ["2025-09-11"]), "another office in its stead")
    said = tributary(d, d.geo, "secretariat", "swap", "113", "114", "--group", "2", "--reason", "更正")
    check("113 年度會議已於 113年9月10日、113年12月10日 召開" in said and "114 年度會議已於 114年9月11日 召開" in said, said)
    said = tributary(d, d.geo, "secretariat", "show", "--year", "113", "--group", "2", lang="en")
    check("the turn of ROC 113 became" in said and "on 2024-09-10, 2024-12-10" in said, said)
    restore(d)
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
