"""Requests about bodies, their meetings and decisions, turns, and packs."""
import itertools

from desk import GROUP_1, GROUP_2
from rights_target import Request, case, some_day
from tributary_harness import expect_status


@case("POST /v1/plans/{plan}/meetings")
def _(target, who):
    if who in ("office", "other"):
        return Request(body={"body": "task-group", "unit": target.office, "day": some_day()})
    return Request(body={"body": "council", "held_on": some_day()})


@case("GET /v1/meetings/{id}")
def _(target, _who):
    return Request({"id": target.held["gathering"]})


@case("POST /v1/meetings/{id}/steps")
def _(target, _who):
    return Request({"id": target.held["own gathering"]}, body={"state": "planned", "place": target.marks.new("place of a meeting")})


@case("PUT /v1/meetings/{id}/agenda")
def _(target, _who):
    body = {"items": [{"kind": "discussion", "title": target.marks.new("title of an item")}]}
    return Request({"id": target.held["own gathering"]}, body=body, headers={"If-Match": "*"})


@case("PUT /v1/meetings/{id}/attendance")
def _(target, _who):
    return Request({"id": target.held["gathering"]}, body=target.attendance(), headers={"If-Match": "*"})


@case("PUT /v1/meetings/{id}/resolutions")
def _(target, _who):
    return Request({"id": target.held["gathering"]}, body=target.resolutions(), headers={"If-Match": "*"})


@case("POST /v1/meetings/{id}/minutes")
def _(target, _who):
    return Request({"id": target.held["gathering"]}, body={"language": "zh"})


@case("GET /v1/meetings/{id}/minutes", "GET /v1/meetings/{id}/decisions/proposal")
def _(target, _who):
    return Request({"id": target.held["gathering"]})


@case("POST /v1/meetings/{id}/decisions/take-over")
def _(target, _who):
    meeting, item = target.resolved_meeting()
    return Request({"id": meeting}, body={"decisions": [{"item": item, "owners": [{"office": target.office}]}]})


@case("POST /v1/meetings/{id}/decisions")
def _(target, who):
    where = target.held["task-group-meeting"] if who in ("office", "other") else target.held["gathering"]
    return Request({"id": where}, body=target.decision())


@case("GET /v1/decisions/{id}")
def _(target, _who):
    return Request({"id": target.held["decision"]})


@case("POST /v1/decisions/{id}/progress")
def _(target, _who):
    return Request({"id": target.held["decision"]}, body=target.progress())


@case("POST /v1/decisions/{id}/rulings")
def _(target, _who):
    return Request({"id": target.held["decision"]}, body=target.ruling())


@case("POST /v1/decisions/{id}/referrals")
def _(target, _who):
    return Request({"id": target.decided(False)}, body={"reason": target.marks.new("reason of a referral")})


@case("POST /v1/decisions/{id}/withdrawal")
def _(target, _who):
    return Request({"id": target.decided(False)}, body={"reason": target.marks.new("reason of a withdrawal")})


@case("POST /v1/referrals/{id}/outcome")
def _(target, _who):
    return Request({"id": target.referred(target.decided(False))}, body=target.outcome())


@case("GET /v1/plans/{plan}/bodies/{body}")
def _(target, _who):
    return Request({"body": "task-group"}, {"unit": target.office})


@case("POST /v1/plans/{plan}/bodies/{body}/members")
def _(target, _who):
    return Request({"body": "promotion-group"}, body=target.seating())


ENDED = itertools.count(1)


@case("POST /v1/body-members/{id}/end")
def _(target, _who):
    return Request({"id": target.held["member"]}, body={"ended_on": f"2026-{next(ENDED) % 12 + 1:02d}-01"})


@case("GET /v1/plans/{plan}/secretariat")
def _(target, _who):
    return Request(query={"year": "112", "unit": target.group})


@case("POST /v1/plans/{plan}/secretariat")
def _(target, _who):
    return Request(body={"unit": target.group, "year": 112, "office": target.office, "reason": target.marks.new("reason of a turn")})


@case("POST /v1/plans/{plan}/secretariat/swap")
def _(target, _who):
    """The turns are as they were before each exchange."""
    target.turn()
    another = next(office for office in (GROUP_1 if target.office in GROUP_1 else GROUP_2) if office != target.office)
    expect_status(target.desk.geo.post(f"{target.base}/secretariat", {"unit": target.group, "year": 113, "office": another, "reason": "x"}), 200, 201)
    return Request(body={"unit": target.group, "years": [112, 113], "reason": target.marks.new("reason of an exchange")})


@case("GET /v1/plans/{plan}/sitting-in")
def _(_target, _who):
    return Request(query={"year": "114"})


@case("POST /v1/meetings/{id}/sitting-in")
def _(target, _who):
    return Request({"id": target.held["to sit in on"]}, body={"member": target.held["sitter"]})


@case("POST /v1/plans/{plan}/sitting-in/propose")
def _(_target, _who):
    return Request(body={"year": 114})


@case("POST /v1/plans/{plan}/packs")
def _(target, _who):
    return Request(body={"body": "task-group", "unit": target.office, "year": 114})


@case("GET /v1/packs/{id}")
@case("GET /v1/packs/{id}/file")
@case("GET /v1/packs/{id}/check")
def _(target, _who):
    return Request({"id": target.held["pack"][0]})


@case("GET /v1/packs/{id}/changes")
def _(target, _who):
    return Request({"id": target.held["pack"][0]}, {"since": target.held["pack"][1]})


@case("GET /v1/plans/{plan}/duties")
def _(target, _who):
    return Request(query={"year": "113", "office": target.office})
