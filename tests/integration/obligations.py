#!/usr/bin/env python3
"""Due dates, timeliness and extensions, held against a calendar of its own over random receipts around the deadlines.

    TRIBUTARY_OBLIGATIONS_SEED    seed of every chance (default 1)
"""
import contextlib
import csv
import datetime
import io
import json
import os
import pathlib
import random
import sys
import time
from decimal import ROUND_HALF_UP, Decimal

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import (FUXING, GROUP_1, GUISHAN, OFFICES, PLAN_FILE, ZHONGLI, Desk, annual, course, execution, line,  # noqa: E402
                  quarterly)
from own_calendar import DAY, PLAN, SECOND, UTC, Books, end_of, form_of, iso, moved, periods, planned, working_day  # noqa: E402
from tributary_harness import Service, Suite, check, cluster, equal, expect_status  # noqa: E402

SEED = int(os.environ.get("TRIBUTARY_OBLIGATIONS_SEED", "1"))
FORMS = ("training-annual", "training-quarterly", "budget-execution")
YEARS = (112, 113, 114)


# ---- a sample desk ------------------------------------------------------------------------------------------------

class SampleDesk(Desk):
    """A desk whose clock the test sets; what it does is in the books too."""

    def __init__(self, service):
        super().__init__(service)
        self.books, self.numbers, self.serial = Books(), {}, 0

    def at(self, moment):
        return {"Tributary-Sample-Clock": iso(moment)}

    def document(self, office, form, period, reported, provisional):
        base = self.numbers.get((office, form, period), 0)
        self.serial += 1
        year = int(period.split("Q")[0]) + 1911
        if form == "training-annual":
            document = annual(office, period, base, **{"general.excluded": self.serial, "excluded_reason": "借調"})
            if provisional:
                document["fields"]["counted_on"] = f"{year}-11-30"
        elif form == "training-quarterly":
            document = quarterly(office, period, base, courses=[
                course(date_from=..., date_to=..., name=f"課程 {self.serial}")])
        else:
            document = execution(office, period, [line(str(self.serial), name=f"計畫 {self.serial}")], base)
        if not reported:
            document.pop("tables", None)
            document["fields"] = {}
            document["notes"] = {}
        return document

    def hand_in(self, office, form, period, moment, reported=True, provisional=False):
        document = self.document(office, form, period, reported, provisional)
        reply = self.post(document, self.at(moment))
        if reply.status == 200:
            return None
        receipt = expect_status(reply, 201).json
        self.numbers[office, form, period] = receipt["revision"]
        self.books.receipts.append({
            "key": (office, form, period), "id": receipt["submission"], "reported": reported, "provisional": provisional,
            "received": datetime.datetime.fromisoformat(receipt["received_at"]),
            "recorded": datetime.datetime.fromisoformat(receipt["recorded_at"])})
        return receipt

    def extend(self, office, form, period, until, moment, reason="颱風停止上班", **more):
        reply = self.geo.post(f"{self.base}/extensions", {
            "office": office, "form": form, "period": period, "until": until.isoformat() if until else None,
            "reason": reason, **more}, self.at(moment))
        extension = expect_status(reply, 201).json
        self.books.extensions.append({"key": (office, form, period), "until": until,
                                      "recorded": datetime.datetime.fromisoformat(extension["recorded_at"])})
        return extension

    def obligations(self, client=None, **query):
        return expect_status((client or self.geo).get(f"{self.base}/obligations", **query), 200).json


@contextlib.contextmanager
def sample_desk():
    with cluster() as server:
        service = Service(server)
        try:
            service.migrate("--sample")
            service.command("plan", "load", PLAN_FILE, "--sample-clock", "2022-12-01T00:00:00Z")
            service.start()
            yield SampleDesk(service)
        finally:
            service.close()


suite = Suite(sample_desk)
test = suite.test


def chances(chance):
    """Receipts and extensions around every deadline, to the second, in the order of time."""
    steps = []
    for office in OFFICES:
        for code in FORMS:
            form = form_of(code)
            for year in YEARS:
                for period in periods(form, year):
                    deadline = end_of(moved(form, period))
                    plan_end = end_of(planned(form, period))
                    until = working_day(moved(form, period) + chance.randint(1, 20) * DAY)
                    near = [deadline - SECOND, deadline, deadline - chance.randint(1, 40 * 86400) * SECOND,
                            deadline + chance.randint(1, 30 * 86400) * SECOND, plan_end, plan_end - SECOND]
                    if chance.random() < 0.3:
                        granted = deadline + chance.randint(-20 * 86400, 5 * 86400) * SECOND
                        steps.append((granted, "extend", office, code, period, until))
                        near += [end_of(until) - SECOND, end_of(until)]
                        if chance.random() < 0.3:
                            steps.append((granted + chance.randint(1, 86400) * SECOND, "extend", office, code, period,
                                          None if chance.random() < 0.5 else until + 3 * DAY))
                    for moment in chance.sample(near, chance.choice((0, 1, 1, 1, 2))):
                        steps.append((moment, "hand_in", office, code, period,
                                      (chance.random() < 0.9, code == "training-annual" and chance.random() < 0.15)))
    return sorted(steps, key=lambda step: step[0])


def fill(d):
    if hasattr(d, "filled"):
        return
    d.filled = True
    chance = random.Random(f"obligations {SEED}")
    for moment, what, office, form, period, more in chances(chance):
        if what == "extend":
            d.extend(office, form, period, more, moment)
        else:
            d.hand_in(office, form, period, moment, *more)


def hold_against(d, moment, year, client=None, offices=OFFICES):
    answer = d.obligations(client, year=year, as_of=iso(moment))
    found = {(one["office"], one["form"], one["period"]): one for one in answer["obligations"]}
    wanted = 0
    for form in PLAN["forms"]:
        if form["code"] not in FORMS:
            continue
        for period in periods(form, year):
            for office in offices:
                one = found[office, form["code"], period]
                got = {name: one[name] for name in ("due", "due_date", "planned_date", "due_at", "timeliness", "review",
                                                    "submission", "revision", "first_received_at")}
                got["until"] = one["extension"]["until"] if one["extension"] else None
                equal(got, d.books.obligation(office, form, period, moment), f"{office} {form['code']} {period} at {moment}")
                wanted += 1
    check(wanted > 0, "nothing was compared")
    return answer


@test(seconds=240)
def obligations_are_what_an_independent_calendar_says(d):
    fill(d)
    seen = {one: 0 for one in ("on_time", "late", "excused", "none")}
    for year in YEARS:
        for moment in (datetime.datetime(2026, 6, 1, tzinfo=UTC), datetime.datetime(year + 1912, 2, 10, tzinfo=UTC)):
            for one in hold_against(d, moment, year)["obligations"]:
                seen[one["timeliness"]] += 1
    for word, count in seen.items():
        check(count >= 10, f"only {count} are {word}: {seen}")


@test(seconds=240)
def every_moment_of_the_past_is_answered_as_it_was(d):
    fill(d)
    chance = random.Random(f"moments {SEED}")
    for year in YEARS:
        deadlines = [end_of(moved(form_of(code), period)) for code in FORMS for period in periods(form_of(code), year)]
        moments = [chance.choice(deadlines) + delta for delta in (-SECOND, 0 * SECOND, -15 * DAY, -14 * DAY)]
        for moment in moments + [chance.choice(d.books.receipts)["recorded"] for _ in range(4)]:
            hold_against(d, moment, year)


@test
def the_last_second_is_in_time_and_the_next_is_late(d):
    form, period = form_of("budget-plan"), "113"
    equal(planned(form, period).isoformat(), "2024-03-31", "a Sunday")
    last = datetime.datetime(2024, 4, 1, 15, 59, 59, 999999, tzinfo=UTC)
    equal(end_of(moved(form, period)) - datetime.timedelta(microseconds=1), last, "the Monday's end in Taipei")
    for office, moment, timeliness in ((GUISHAN, last, "on_time"), (ZHONGLI, last + datetime.timedelta(microseconds=1), "late")):
        document = {"form": "budget-plan", "office": office, "period": "113", "base": 0,
                    "fields": {"total_budget": 1000000}}
        expect_status(d.post(document, d.at(moment)), 201)
        one = next(one for one in d.obligations(year=113, office=office, form="budget-plan")["obligations"])
        equal(one["timeliness"], timeliness, f"received at {moment}")
        equal((one["planned_date"], one["due_date"], one["due_at"], one["due"]),
              ("2024-03-31", "2024-04-01", "2024-04-01T15:59:59Z", "past_due"), "dates")


@test
def a_year_of_events_is_discharged_by_its_first_event_that_counts(d):
    office, form = OFFICES[2], "task-group-meeting"
    day = datetime.datetime(2024, 5, 6, 4, tzinfo=UTC)

    def meet(kind, moment, event=None, base=0):
        document = {"form": form, "office": office, "period": "113", "base": base,
                    "fields": {"date": "2024-05-06", "kind": kind, "members": 15, "present.m": 5, "present.f": 6}}
        return expect_status(d.post({**document, "event": event} if event else document, d.at(moment)), 201).json

    def state():
        return d.obligations(year=113, office=office, form=form)["obligations"][0]

    first = meet("ad_hoc", day)
    equal((state()["timeliness"], state()["events"], state()["hard"]), ("none", {"reported": 0, "expected": 1}, False),
          "an ad hoc meeting doesn't discharge the year")
    late = meet("regular", datetime.datetime(2024, 7, 1, 16, tzinfo=UTC))
    one = state()
    equal((one["timeliness"], one["events"]["reported"], one["submission"]), ("late", 1, late["submission"]), "a regular one does")
    mended = meet("regular", datetime.datetime(2024, 8, 1, tzinfo=UTC), first["event"], 1)
    one = state()
    equal((one["timeliness"], one["events"]["reported"], one["submission"]), ("late", 2, late["submission"]),
          "one that is called regular later counts from then on")
    check(mended["revision"] == 2, "the correction")


@test
def offices_see_their_own_obligations_only(d):
    fill(d)
    own = d.obligations(d.office(GUISHAN), year=113)["obligations"]
    equal({one["office"] for one in own}, {GUISHAN}, "offices listed")
    whole = d.obligations(year=113, office=GUISHAN)["obligations"]
    equal([{**one, "due": 0} for one in own], [{**one, "due": 0} for one in whole], "own rows and the city's view of them")
    expect_status(d.office(GUISHAN).get(f"{d.base}/obligations", year=113, office=ZHONGLI), 403)
    hold_against(d, datetime.datetime(2026, 6, 1, tzinfo=UTC), 113, d.office(ZHONGLI), [ZHONGLI])


def percent(part, whole):
    return None if whole == 0 else str((Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def counted(rows):
    outstanding = sum(one["due"] == "past_due" and one["review"] == "not_received" for one in rows)
    counts = {"expected": len(rows), "received": sum(one["review"] != "not_received" for one in rows),
              "outstanding": outstanding}
    for word in ("on_time", "late", "excused"):
        counts[word] = sum(one["timeliness"] == word for one in rows)
    counts["received_rate"] = percent(counts["received"], counts["expected"])
    counts["on_time_rate"] = percent(counts["on_time"] + counts["excused"], counts["received"] + outstanding)
    return counts


def units_of(by, office_codes=OFFICES):
    if by == "office":
        return {code: [code] for code in office_codes}
    if by == "group":
        groups = {}
        for group in PLAN["groups"]:
            groups[group["code"]] = [member["office"] for member in group["members"]]
        return groups
    return {whole["code"]: [code for code in office_codes if code not in whole.get("except", [])] for whole in PLAN["wholes"]}


@test(seconds=120)
def timeliness_counts_what_the_obligations_say(d):
    fill(d)
    moment = iso(datetime.datetime(2025, 2, 20, tzinfo=UTC))
    for by in ("office", "group", "city"):
        for year in YEARS:
            rows = d.obligations(year=year, as_of=moment)["obligations"]
            answer = expect_status(d.geo.get(f"{d.base}/timeliness", year=year, by=by, as_of=moment), 200).json
            keys = {(row["form"], row["period"]) for row in rows}
            equal(len(answer["timeliness"]), len(units_of(by)) * len(keys), f"rows of {by} {year}")
            for one in answer["timeliness"]:
                members = units_of(by)[one["unit"]]
                wanted = counted([row for row in rows if row["office"] in members
                                  and (row["form"], row["period"]) == (one["form"], one["period"])])
                equal({name: one[name] for name in wanted}, wanted, f"{one['unit']} {one['form']} {one['period']}")


@test
def over_time_quarters_add_up_to_their_years(d):
    fill(d)
    moment = iso(datetime.datetime(2026, 6, 1, tzinfo=UTC))
    answer = expect_status(d.geo.get(f"{d.base}/timeliness", by="group", form="training-quarterly", as_of=moment), 200).json
    equal(answer["year"], None, "year")
    equal([(one["unit"], one["year"], one["period"]) for one in answer["timeliness"]],
          [(unit, year, str(year)) for year in range(112, 116) for unit in ("group-1", "group-2")], "units and years")
    for one in answer["timeliness"]:
        rows = d.obligations(year=one["year"], form="training-quarterly", as_of=moment)["obligations"]
        wanted = counted([row for row in rows if row["office"] in units_of("group")[one["unit"]]])
        equal({name: one[name] for name in wanted}, wanted, f"{one['unit']} {one['year']}")


@test
def an_office_sees_its_group_s_and_the_city_s_numbers_but_no_other_office_s(d):
    fill(d)
    for by, units in (("office", {GUISHAN}), ("group", {"group-1"}), ("city", {whole["code"] for whole in PLAN["wholes"]})):
        own = expect_status(d.office(GUISHAN).get(f"{d.base}/timeliness", year=113, by=by), 200).json["timeliness"]
        equal({one["unit"] for one in own}, units, f"units of {by}")
        whole = expect_status(d.geo.get(f"{d.base}/timeliness", year=113, by=by), 200).json["timeliness"]
        equal(own, [one for one in whole if one["unit"] in units], f"numbers by {by}")
    check(GUISHAN in GROUP_1, "the group")


@test
def an_extension_moves_the_date_and_its_end_moves_it_back(d):
    key = (FUXING, "training-annual", "115")
    clock = datetime.datetime(2027, 1, 5, tzinfo=UTC)
    answer = d.extend(*key, datetime.date(2027, 2, 26), clock, granted_by="性別平等辦公室主任")
    equal((answer["until"], answer["granted_by"], answer["current"]), ("2027-02-26", "性別平等辦公室主任", True), "the extension")
    later = iso(clock + DAY)
    one = d.obligations(year=115, office=FUXING, form="training-annual", as_of=later)["obligations"][0]
    equal((one["planned_date"], one["due_date"], one["due"]), ("2027-01-31", "2027-02-26", "not_due"), "dates")
    equal(one["extension"]["granted_by"], "性別平等辦公室主任", "grantor")
    d.extend(*key, None, clock + 2 * DAY, reason="已如期填報")
    one = d.obligations(year=115, office=FUXING, form="training-annual", as_of=iso(clock + 3 * DAY))["obligations"][0]
    equal((one["due_date"], one["extension"]), ("2027-02-01", None), "after its end (31 January is a Sunday)")
    one = d.obligations(year=115, office=FUXING, form="training-annual", as_of=later)["obligations"][0]
    equal(one["due_date"], "2027-02-26", "as it was before its end")
    listed = expect_status(d.geo.get(f"{d.base}/extensions", office=FUXING, form="training-annual", year=115), 200).json["extensions"]
    equal([(row["until"], row["current"]) for row in listed], [("2027-02-26", False), (None, False)], "the list")
    reply = d.geo.post(f"{d.base}/extensions", {"office": FUXING, "form": "training-annual", "period": "115", "until": None,
                                                "reason": "再收回"}, d.at(clock + 4 * DAY))
    equal(expect_status(reply, 409).json["code"], "not_extended", "code")


@test
def extensions_are_refused_without_right_reason_or_later_date(d):
    right = {"office": GUISHAN, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "x"}
    path = f"{d.base}/extensions"
    for role in ("dbas", "supervision", "auditor"):
        expect_status(d.login(role).post(path, right), 403)
    expect_status(d.office(GUISHAN).post(path, right), 403)
    for change in ({"reason": ""}, {"reason": "  "}, {"reason": None}, {"until": "2027-02-01"}, {"until": "2027-01-31"},
                   {"until": "9999-12-31"}, {"until": "2027-02-30"}, {"until": 5}, {"office": "1"}, {"form": "none"}, {"period": "115Q1"}, {"period": "120"},
                   {"granted_by": 7}, {"more": 1}, {"reason": "x" * 5000}):
        equal(expect_status(d.geo.post(path, {**right, **change}), 422).json["code"], "bad_member", f"{change}")
    detail = expect_status(d.geo.post(path, {**right, "until": "2027-02-30"}), 422).json["detail"]
    check("正確的日期" in detail and "晚於" not in detail, f"no date: {detail}")
    without = {name: value for name, value in right.items() if name != "until"}
    expect_status(d.geo.post(path, without), 422)
    expect_status(d.geo.post(path, b"{", {"Content-Type": "application/json"}), 400)
    equal(d.service.sql("select count(*) from tributary.extension where office = '%s' and period = '115'" % GUISHAN), "0", "stored")


@test
def an_extension_honours_its_idempotency_key(d):
    body = {"office": ZHONGLI, "form": "training-annual", "period": "115", "until": "2027-03-02", "reason": "選務"}
    key = {"Idempotency-Key": "extension-1", **d.at(datetime.datetime(2027, 1, 20, tzinfo=UTC))}
    path = f"{d.base}/extensions"
    first = expect_status(d.geo.post(path, body, key), 201).json
    again = expect_status(d.geo.post(path, body, key), 200)
    equal((again.json, again.header("idempotent-replay")), (first, "true"), "replay")
    equal(expect_status(d.geo.post(path, {**body, "reason": "其他"}, key), 409).json["code"], "idempotency_conflict", "code")
    equal(expect_status(d.geo.post(path, body), 200).json, first, "the same again makes no new one")
    seen = expect_status(d.office(ZHONGLI).get(path, year=115), 200).json["extensions"]
    equal([one["extension"] for one in seen], [first["extension"]], "the office's own")
    others = expect_status(d.office(GUISHAN).get(path), 200).json["extensions"]
    check(all(one["office"] == GUISHAN for one in others), "another office's extension is seen")


@test
def obligations_come_as_a_table_too(d):
    fill(d)
    reply = expect_status(d.geo.get(f"{d.base}/obligations", year=113, format="csv"), 200)
    rows = list(csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig"))))
    whole = d.obligations(year=113)["obligations"]
    equal([(row["office"], row["form"], row["period"], row["timeliness"], row["due_date"]) for row in rows],
          [(one["office"], one["form"], one["period"], one["timeliness"], one["due_date"]) for one in whole], "rows")
    reply = expect_status(d.geo.get(f"{d.base}/timeliness", year=113, by="group", format="csv"), 200)
    check(reply.body.decode("utf-8-sig").startswith("unit,name,year,form,"), "heading")


@test
def a_wrong_question_is_refused_by_name(d):
    for query in ({"year": 111}, {"year": "x"}, {"form": "none"}, {"office": "1"}, {"as_of": "x"}):
        equal(expect_status(d.geo.get(f"{d.base}/obligations", **query), 400).json["code"], "bad_parameter", f"{query}")
    expect_status(d.geo.get(f"{d.base}/timeliness", by="x"), 400)
    expect_status(d.geo.get(f"{d.base}/timeliness", limit=1), 400)


@test
def an_amended_due_date_counts_from_its_version_on(d):
    amended = json.loads(json.dumps(PLAN))
    form = next(one for one in amended["forms"] if one["code"] == "training-annual")
    form["due"][0].update({"month": 2, "day": 20})
    path = d.service.write_plan(amended)
    before = iso(datetime.datetime.now(UTC) + 400 * DAY)
    d.service.command("plan", "load", path, "--sample-clock", iso(datetime.datetime.now(UTC) + 401 * DAY))
    after = iso(datetime.datetime.now(UTC) + 402 * DAY)
    deadline = time.monotonic() + 5
    while d.geo.get(d.base).json["version"] == 1 and time.monotonic() < deadline:
        time.sleep(0.05)  # the daemon looks for new versions once in a while
    for moment, day in ((before, "2025-01-31"), (after, "2025-02-20")):
        one = d.obligations(year=113, office=GUISHAN, form="training-annual", as_of=moment)["obligations"][0]
        equal(one["planned_date"], day, f"as of {moment}")


@test
def the_log_holds_what_the_extensions_say(d):
    done = d.service.command("verify")
    check(b"; 0 faults" in done.stdout, done.stdout.decode())
    d.service.sql("alter table tributary.extension disable trigger append_only;"
                  "update tributary.extension set until = until + 1 where sequence ="
                  " (select min(sequence) from tributary.extension where until is not null);"
                  "alter table tributary.extension enable trigger append_only", "tributary_owner")
    done = d.service.command("verify", check=False)
    check(done.returncode == 1 and b"(extension): what is stored says otherwise" in done.stdout, done.stdout.decode())
    d.service.sql("alter table tributary.extension disable trigger append_only;"
                  "update tributary.extension set until = until - 1 where sequence ="
                  " (select min(sequence) from tributary.extension where until is not null);"
                  "alter table tributary.extension enable trigger append_only", "tributary_owner")


if __name__ == "__main__":
    suite.run()
