#!/usr/bin/python3
"""Due dates as calendars: parsed by another program's library, held line by line against RFC 5545, and by their secrets."""
import datetime
import pathlib
import re
import sys

import icalendar

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, ZHONGLI, annual, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
UNTIL = datetime.date(2027, 3, 19)


def lines_of(reply):
    """The content lines unfolded, after a look at every physical one."""
    equal(reply.header("content-type"), "text/calendar; charset=utf-8", "content type")
    check(reply.body.endswith(b"\r\n"), "the last line has no end")
    physical = reply.body[:-2].split(b"\r\n")
    for line in physical:
        check(len(line) <= 75, f"{len(line)} octets in one line: {line!r}")
        check(b"\n" not in line and b"\r" not in line, f"a bare line end: {line!r}")
        line.decode("utf-8")  # a character is never cut
        check(line.strip(), "an empty line")
    logical = re.sub(rb"\r\n[ \t]", b"", reply.body[:-2]).decode("utf-8").split("\r\n")
    for line in logical:
        name, colon, value = line.partition(":")
        check(colon and re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z-]+)*", name), f"no content line: {line}")
        check(not re.search(r"[\x00-\x1f\x7f]", value), f"a control character: {line!r}")
    return logical


def events_of(reply):
    lines_of(reply)
    calendar = icalendar.Calendar.from_ical(reply.body)
    equal(calendar.errors, [], "errors of the calendar")
    events = list(calendar.walk("VEVENT"))
    for event in events:
        equal(event.errors, [], f"errors of {event.get('UID')}")
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"):
            check(name in event, f"{event.get('UID')} has no {name}")
        equal(event.decoded("DTEND") - event.decoded("DTSTART"), datetime.timedelta(days=1), "one day")
        check(not isinstance(event.decoded("DTSTART"), datetime.datetime), "an all-day event")
    equal(len({str(event["UID"]) for event in events}), len(events), "a UID stands twice")
    return calendar, events


def by_uid(events):
    return {str(event["UID"]): event for event in events}


def years(d):
    return [one for one in d.geo.get(d.base).json["years"].values()]


def all_obligations(d, office=None):
    first, last = years(d)
    return [one for year in range(first, last + 1)
            for one in expect_status(d.geo.get(f"{d.base}/obligations", year=year, office=office), 200).json["obligations"]]


def made(d, client, office=None):
    answer = expect_status(client.post(f"{d.base}/calendar-feeds", {"office": office}), 201).json
    check(re.fullmatch(r"/v1/calendars/[A-Za-z0-9_-]{43}\.ics", answer["url"]), answer["url"])
    return answer


@test
def an_office_s_calendar_has_one_event_for_each_obligation_on_its_day(d):
    d.accepted(annual(GUISHAN, "113"))
    calendar, events = events_of(d.office(GUISHAN).get(f"{d.base}/calendar.ics"))
    obligations = all_obligations(d, GUISHAN)
    equal(len(events), len(obligations), "events")
    days = sorted((str(one["due_date"])) for one in obligations)
    equal(sorted(event.decoded("DTSTART").isoformat() for event in events), days, "days")
    equal(str(calendar["X-WR-CALNAME"]), "龜山區公所填報期限", "name")
    for name in ("VERSION", "PRODID", "METHOD", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        check(name in calendar, f"no {name}")
    done = next(event for event in events if "/training-annual/113/" in str(event["UID"]))
    check(str(done["SUMMARY"]).startswith("已收件："), done["SUMMARY"])
    equal(len(done.walk("VALARM")), 0, "alarms of what is received")
    open_ones = [event for event in events if not str(event["SUMMARY"]).startswith("已收件：")]
    for event in open_ones:
        equal([alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")],
              [datetime.timedelta(days=-7), datetime.timedelta(days=-1)], "alarms")


@test
def an_extension_moves_the_event_and_raises_its_sequence(d):
    path = f"{d.base}/calendar.ics"
    before = by_uid(events_of(d.office(ZHONGLI).get(path))[1])
    expect_status(d.geo.post(f"{d.base}/extensions", {
        "office": ZHONGLI, "form": "training-annual", "period": "115", "until": UNTIL.isoformat(),
        "reason": "選務繁忙, 人手不足; 詳如\n公文\\附件"}), 201)
    after = by_uid(events_of(d.office(ZHONGLI).get(path))[1])
    equal(set(before), set(after), "UIDs")
    moved = [uid for uid in after if before[uid].decoded("DTSTART") != after[uid].decoded("DTSTART")]
    equal(len(moved), 1, "moved events")
    event = after[moved[0]]
    equal(event.decoded("DTSTART"), UNTIL, "day")
    check(event["SEQUENCE"] > before[moved[0]]["SEQUENCE"], "SEQUENCE")
    check("選務繁忙, 人手不足; 詳如\n公文\\附件" in str(event["DESCRIPTION"]), event["DESCRIPTION"])
    for uid in set(after) - set(moved):
        equal(after[uid]["SEQUENCE"], before[uid]["SEQUENCE"], uid)
    expect_status(d.geo.post(f"{d.base}/extensions", {
        "office": ZHONGLI, "form": "training-annual", "period": "115", "until": None, "reason": "收回"}), 201)
    back = by_uid(events_of(d.office(ZHONGLI).get(path))[1])[moved[0]]
    equal(back.decoded("DTSTART"), before[moved[0]].decoded("DTSTART"), "day again")
    check(back["SEQUENCE"] > event["SEQUENCE"], "SEQUENCE rises again")


@test
def the_city_s_calendar_gathers_offices_and_tells_extended_ones_apart(d):
    expect_status(d.geo.post(f"{d.base}/extensions", {
        "office": OFFICES[0], "form": "training-annual", "period": "115", "until": UNTIL.isoformat(), "reason": "整修"}), 201)
    calendar, events = events_of(d.geo.get(f"{d.base}/calendar.ics", year=115, form="training-annual", lang="en"))
    equal(len(events), 2, "one for the twelve, one for the extended office")
    shared = next(event for event in events if "/all@" in str(event["UID"]))
    own = next(event for event in events if f"/{OFFICES[0]}@" in str(event["UID"]))
    check("0 of 12 received" in str(shared["SUMMARY"]), shared["SUMMARY"])
    equal(str(shared["DESCRIPTION"]).count(","), 11, "offices listed")
    equal(own.decoded("DTSTART"), UNTIL, "day")
    equal(str(calendar["X-WR-CALNAME"]), "Taoyuan City: reports due", "name in English")


@test
def a_feed_is_read_without_a_token_and_shows_what_its_office_may_see(d):
    feed = made(d, d.office(GUISHAN))
    equal(feed["office"], GUISHAN, "an office's feed is its own")
    nobody = d.service.client()
    reply = expect_status(nobody.get(feed["url"]), 200)
    check(reply.body == d.office(GUISHAN).get(f"{d.base}/calendar.ics").body, "not the office's own calendar")
    check(all(f"/{GUISHAN}@" in uid for uid in by_uid(events_of(reply)[1])), "only its own")
    city = made(d, d.geo)
    check(any("/all@" in uid for uid in by_uid(events_of(nobody.get(city["url"]))[1])), "the whole city")
    english = nobody.get(feed["url"], lang="en")
    equal(str(events_of(english)[0]["X-WR-CALNAME"]), "Guishan District Office: reports due", "name")


@test
def what_calendar_programs_send_is_understood(d):
    feed, nobody = made(d, d.office(GUISHAN)), d.service.client()
    for accept in ("text/calendar", "text/calendar, */*;q=0.1", "*/*", "text/*", "text/calendar;charset=utf-8, text/plain"):
        expect_status(nobody.get(feed["url"], {"Accept": accept}), 200)
    expect_status(nobody.get(feed["url"], {"Accept": "application/json"}), 406)
    reply = expect_status(nobody.get(feed["url"]), 200)
    again = nobody.get(feed["url"], {"If-None-Match": reply.header("etag")})
    equal((again.status, again.body), (304, b""), "unchanged")
    head = expect_status(nobody.request("HEAD", feed["url"]), 200)
    equal(head.header("etag"), reply.header("etag"), "HEAD")


@test
def a_feed_that_is_taken_back_opens_nothing_any_more(d):
    mine, nobody = made(d, d.office(GUISHAN)), d.service.client()
    path = f"/v1/calendar-feeds/{mine['feed']}"
    expect_status(d.office(ZHONGLI).request("DELETE", path), 404)
    expect_status(d.login("auditor").request("DELETE", path), 403)
    expect_status(nobody.get(mine["url"]), 200)
    equal(expect_status(d.office(GUISHAN).request("DELETE", path), 200).json["feed"], mine["feed"], "feed")
    expect_status(nobody.get(mine["url"]), 404)
    check(expect_status(d.office(GUISHAN).request("DELETE", path), 200).json["revoked_at"], "again is no fault")
    expect_status(d.geo.request("DELETE", "/v1/calendar-feeds/none"), 404)
    listed = expect_status(d.office(GUISHAN).get(f"{d.base}/calendar-feeds"), 200).json["feeds"]
    check(any(one["feed"] == mine["feed"] and one["revoked_at"] for one in listed), "listed as taken back")
    check(all(one["office"] == GUISHAN and "url" not in one for one in listed), "only its own, without secrets")


@test
def an_office_makes_no_feed_of_another_or_of_the_city(d):
    office = d.office(GUISHAN)
    expect_status(office.post(f"{d.base}/calendar-feeds", {"office": ZHONGLI}), 403)
    equal(made(d, office, GUISHAN)["office"], GUISHAN, "its own by name")
    equal(expect_status(office.post(f"{d.base}/calendar-feeds", {}), 201).json["office"], GUISHAN, "its own by default")
    for body in ({"office": "1"}, {"office": 5}, {"more": 1}, []):
        expect_status(office.post(f"{d.base}/calendar-feeds", body), 422)


@test
def wrong_secrets_open_nothing(d):
    nobody = d.service.client()
    url = made(d, d.geo)["url"]
    for wrong in ("/v1/calendars/x.ics", url[:-5] + ("A" if url[-5] != "A" else "B") + ".ics", url[:-4], "/v1/calendars/" + "a" * 43 + ".ics"):
        expect_status(nobody.get(wrong), 404)
    secret = url.split("/")[-1][:-4]
    equal(d.service.sql(f"select count(*) from tributary.calendar_feed f where f::text like '%{secret}%'"), "0", "stored secrets")
    check(secret not in d.service.log_tail(10000), "the secret stands in the program's log")
    check(b"; 0 faults" in d.service.command("verify").stdout, "verify")


# ---- meetings ---------------------------------------------------------------------------------------------------------

def plan_meeting(d, body, on, unit=None, client=None, **more):
    sent = {"body": body, "day": on, **({"unit": unit} if unit else {}), **more}
    return expect_status((client or d.geo).post(f"{d.base}/meetings", sent), 201).json["meeting"]


def step(d, meeting, state, client=None, **more):
    return expect_status((client or d.geo).post(f"/v1/meetings/{meeting}/steps", {"state": state, **more}), 201).json


def meetings_of(reply):
    """The events of meetings by the ids of these, each sound by itself."""
    lines_of(reply)
    calendar = icalendar.Calendar.from_ical(reply.body)
    events = [event for event in calendar.walk("VEVENT") if str(event["UID"]).split("/")[0] in ("meeting", "record")]
    for event in [calendar, *events]:
        equal(event.errors, [], f"errors of {event.get('UID')}")
    for event in events:
        for name in ("DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED"):
            check(name in event, f"{event.get('UID')} has no {name}")
    named = {str(event["UID"]).split("/")[1].removesuffix(".tributary"): event for event in events}
    equal(len(named), len(events), "a UID stands twice")
    return named


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.timezone.utc)


@test
def a_meeting_stays_one_event_from_plan_to_record(d):
    office, path = d.office(GUISHAN), f"{d.base}/calendar.ics"
    feed = made(d, office)["url"]
    nobody = d.service.client()
    one = plan_meeting(d, "liaison", "2025-10-15", "group-1")
    uids, sequences = set(), []

    def seen(status, **wanted):
        event = meetings_of(nobody.get(feed))[one]
        equal(event.to_ical(), meetings_of(office.get(path))[one].to_ical(), "the feed's and one's own")
        equal(str(event["STATUS"]), status, "STATUS")
        uids.add(str(event["UID"]))
        sequences.append(int(event["SEQUENCE"]))
        for name, value in wanted.items():
            equal(event.decoded(name.upper()), value, name)
        return event
    event = seen("TENTATIVE", dtstart=datetime.date(2025, 10, 15), dtend=datetime.date(2025, 10, 16))
    equal(str(event["SUMMARY"]), "性別平等業務聯繫會議 第1組（114年）", "summary")
    equal(len(event.walk("VALARM")), 2, "alarms of what is to come")
    step(d, one, "called", begins="07:30", ends="16:00", place="市府 1201 會議室", document_number="府社婦字第1140012345號")
    event = seen("CONFIRMED", dtstart=utc(2025, 10, 14, 23, 30), dtend=utc(2025, 10, 15, 8, 0))
    equal((str(event["LOCATION"]), "府社婦字第1140012345號" in str(event["DESCRIPTION"])), ("市府 1201 會議室", True), "where")
    step(d, one, "called", day="2025-10-22", begins="14:00", ends="16:00", reason="颱風停班")
    seen("CONFIRMED", dtstart=utc(2025, 10, 22, 6, 0), dtend=utc(2025, 10, 22, 8, 0))
    step(d, one, "held")
    equal(len(seen("CONFIRMED").walk("VALARM")), 0, "alarms of what is over")
    step(d, one, "on_record", document_number="府社婦字第1140054321號")
    check("府社婦字第1140054321號" in str(seen("CONFIRMED")["DESCRIPTION"]), "the minutes")
    equal(len(uids), 1, "UIDs")
    check(all(a < b for a, b in zip(sequences, sequences[1:])), f"SEQUENCE {sequences}")


@test
def a_cancelled_meeting_is_told_as_cancelled(d):
    one = plan_meeting(d, "council", "2025-06-20", begins="09:30")
    before = meetings_of(d.geo.get(f"{d.base}/calendar.ics"))[one]
    step(d, one, "cancelled", reason="改期, 另行通知")
    after = meetings_of(d.geo.get(f"{d.base}/calendar.ics", lang="en"))[one]
    equal((str(after["UID"]), str(after["STATUS"]), after["SEQUENCE"] > before["SEQUENCE"]), (str(before["UID"]), "CANCELLED", True), "cancelled")
    check(str(after["SUMMARY"]).startswith("Cancelled: ") and "改期, 另行通知" in str(after["DESCRIPTION"]), str(after))
    equal(len(after.walk("VALARM")), 0, "alarms")


@test
def an_office_sees_the_meetings_it_has_part_in_and_the_city_all(d):
    ids = {name: plan_meeting(d, body, "2026-12-15", unit, year=115) for name, body, unit in (
        ("group 1", "liaison", "group-1"), ("group 2", "liaison", "group-2"), ("city", "promotion-group", None))}
    held = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "held_on": "2023-10-01"}), 201).json["meeting"]
    own = plan_meeting(d, "task-group", "2024-04-20", client=d.office(GUISHAN))
    other = plan_meeting(d, "task-group", "2024-04-21", client=d.office(ZHONGLI))
    mine, city = (set(meetings_of(expect_status(client.get(f"{d.base}/calendar.ics"), 200))) for client in (d.office(GUISHAN), d.geo))
    check({ids["group 1"], ids["city"], held, own} <= mine and not {ids["group 2"], other} & mine, f"the office's: {mine}")
    check({*ids.values(), held, own, other} <= city, f"the city's: {city}")
    equal(str(meetings_of(d.geo.get(f"{d.base}/calendar.ics", year=112))[held]["STATUS"]), "CONFIRMED", "held before it was planned here")
    named = set(meetings_of(d.geo.get(f"{d.base}/calendar.ics", office=ZHONGLI)))
    check({ids["group 2"], ids["city"], other} <= named and not {ids["group 1"], own} & named, f"that of an office: {named}")
    equal(set(meetings_of(d.geo.get(f"{d.base}/calendar.ics", form="training-annual"))), set(), "of one form")

    record = {"form": "task-group-meeting", "office": GUISHAN, "period": "113", "fields": {
        "date": "2024-04-20", "kind": "regular", "members": 12, "present.m": 5, "present.f": 4},
        "notes": {"fields.members": "x", "fields.present.m": "x", "fields.present.f": "x"}}
    before = meetings_of(d.geo.get(f"{d.base}/calendar.ics"))
    d.accepted(record)
    ad_hoc = d.accepted({**record, "fields": {**record["fields"], "date": "2024-09-09", "kind": "ad_hoc"}})
    after = meetings_of(d.geo.get(f"{d.base}/calendar.ics"))
    equal((str(before[own]["STATUS"]), str(after[own]["STATUS"])), ("TENTATIVE", "CONFIRMED"), "its record stands for what was planned")
    check(after[own]["SEQUENCE"] > before[own]["SEQUENCE"], "SEQUENCE")
    equal(set(after) - set(before), {ad_hoc["event"]}, "one more that only its record tells of")
    event = after[ad_hoc["event"]]
    equal(event.decoded("DTSTART"), datetime.date(2024, 9, 9), "its day")
    check("龜山區公所" in str(event["SUMMARY"]) and "臨時會議" in str(event["SUMMARY"]), event["SUMMARY"])
    check(ad_hoc["event"] not in meetings_of(d.office(ZHONGLI).get(f"{d.base}/calendar.ics")), "another office's")


@test
def meetings_alone_make_a_calendar_too(d):
    whole = d.geo.get(f"{d.base}/calendar.ics", only="meetings", lang="en")
    calendar = icalendar.Calendar.from_ical(whole.body)
    equal(str(calendar["X-WR-CALNAME"]), "Taoyuan City: meetings", "name")
    equal(len(list(calendar.walk("VEVENT"))), len(meetings_of(whole)), "nothing but meetings")
    some = set(meetings_of(d.geo.get(f"{d.base}/calendar.ics", body="liaison", unit="group-1")))
    check(some and some < set(meetings_of(whole)), f"of one group: {some}")
    for query, code in (({"only": "x"}, "bad_parameter"), ({"body": "x"}, "bad_parameter"), ({"only": "meetings", "form": "training-annual"}, "bad_parameter")):
        equal(expect_status(d.geo.get(f"{d.base}/calendar.ics", **query), 400).json["code"], code, str(query))
    path = d.service.folder / "meetings.ics"
    tributary(d, d.geo, "meeting", "calendar", "--ics", str(path), "--year", "114", "--body", "liaison", "--unit", "group-1")
    equal(path.read_bytes(), d.geo.get(f"{d.base}/calendar.ics", only="meetings", year=114, body="liaison", unit="group-1", lang="zh").body, "the file")
    check("BEGIN:VCALENDAR" in tributary(d, d.geo, "meeting", "calendar", "--ics", "-"), "standard output")
    tributary(d, d.geo, "meeting", "calendar", "--ics", "-", "--body", "x", status=2)
    check(b"; 0 faults" in d.service.command("verify").stdout, "verify")


if __name__ == "__main__":
    suite.run()
