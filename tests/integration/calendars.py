#!/usr/bin/python3
"""Due dates as calendars: parsed by another program's library, held line by line against RFC 5545, and by their secrets."""
import datetime
import pathlib
import re
import sys

import icalendar

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, ZHONGLI, annual, desk  # noqa: E402
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


if __name__ == "__main__":
    suite.run()
