"""Requests about what offices hand in, and the figures made of it."""
import itertools

import marked
from rights_target import Request, case


@case("GET /problems/{code}")
def _(_target, _who):
    return Request({"code": "revision_conflict"})


@case("GET /v1/plans/{plan}/forms/{form}")
def _(_target, _who):
    return Request({"form": "training-annual"})


@case("GET /v1/plans/{plan}/forms/{form}/template")
def _(target, _who):
    return Request({"form": "training-annual"}, {"period": "113", "office": target.office})


@case("POST /v1/plans/{plan}/submissions")
def _(target, _who):
    return Request(body=marked.document("task-group-meeting", target.office, 113, target.marks))


@case("GET /v1/submissions/{id}", "GET /v1/submissions/{id}/comparison", "GET /v1/submissions/{id}/findings", "GET /v1/submissions/{id}/receipt")
def _(target, _who):
    return Request({"id": target.held["liaison-contacts"]})


@case("GET /v1/submissions/{id}/revisions")
def _(target, _who):
    return Request({"id": target.revised()})


@case("GET /v1/submissions/{id}/reviews")
def _(target, _who):
    return Request({"id": target.held["returned"]})


@case("GET /v1/submissions/{id}/diff")
def _(target, _who):
    return Request({"id": target.revised()})


@case("GET /v1/plans/{plan}/rollups/{form}")
def _(_target, _who):
    return Request({"form": "training-annual"}, {"period": "113", "by": "office"})


@case("GET /v1/plans/{plan}/indicators")
def _(_target, _who):
    return Request(query={"year": "113", "by": "office"})


@case("GET /v1/plans/{plan}/timeliness")
def _(_target, _who):
    return Request(query={"year": "113", "by": "office"})


@case("GET /v1/plans/{plan}/obligations", "GET /v1/plans/{plan}/calendar.ics")
def _(target, _who):
    return Request(query={"year": "113", "office": target.office})


@case("GET /v1/plans/{plan}/submissions", "GET /v1/plans/{plan}/extensions", "GET /v1/plans/{plan}/reviews",
      "GET /v1/plans/{plan}/waiting")
def _(target, _who):
    return Request(query={"office": target.office})


@case("POST /v1/plans/{plan}/extensions")
def _(target, _who):
    return Request(body=target.extension_body())


@case("POST /v1/plans/{plan}/calendar-feeds")
def _(target, _who):
    return Request(body={"office": target.office})


@case("DELETE /v1/calendar-feeds/{id}")
def _(target, _who):
    return Request({"id": target.feed()["feed"]})


@case("GET /v1/calendars/{secret}")
def _(target, _who):
    return Request({"secret": target.feed()["url"].rsplit("/", 1)[1]})


@case("POST /v1/plans/{plan}/uploads")
def _(target, _who):
    return Request(body={"size": 3000, "name": target.marks.new("name of an upload") + ".pdf"})


@case("GET /v1/uploads/{id}", "DELETE /v1/uploads/{id}")
def _(target, _who):
    return Request({"id": target.open_upload(whole=False)[0]})


@case("PATCH /v1/uploads/{id}")
def _(target, _who):
    upload, data = target.open_upload(whole=False)
    return Request({"id": upload}, body=data, headers={"Content-Type": "application/octet-stream", "Upload-Offset": "0"})


@case("GET /v1/submissions/{id}/attachments")
def _(target, _who):
    attachment = target.withdrawn()
    return Request({"id": target.desk.service.sql(
        f"select revision from tributary.attachment where attachment = '{attachment}'")})


@case("POST /v1/submissions/{id}/attachments")
def _(target, who):
    upload, _ = target.open_upload(client=target.askers["geo"] if who == "geo" else None)
    return Request({"id": target.meeting()["submission"]}, body={"upload": upload, "slot": "evidence"})


@case("GET /v1/attachments/{id}")
def _(target, _who):
    return Request({"id": target.attachment()})


@case("POST /v1/attachments/{id}/withdrawal")
def _(target, _who):
    return Request({"id": target.attachment()}, body={"reason": target.marks.new("reason of a withdrawal")})


@case("GET /v1/plans/{plan}/open-data", "GET /v1/plans/{plan}/open-data/description")
def _(_target, _who):
    return Request(query={"year": "112"})


@case("POST /v1/submissions/{id}/reviews")
def _(target, who):
    """The next stage as its own reviewer would take it; an administrator's, out of turn."""
    if who == "dbas":
        return Request({"id": target.passed_by_its_task_group()}, body={"stage": "dbas", "outcome": "accept"})
    if who == "admin":
        return Request({"id": target.meeting()["submission"]}, body={
            "outcome": "accept", "break_glass": True, "reason": target.marks.new("reason of an administrator")})
    if who == "geo":
        return Request({"id": target.meeting()["submission"]}, body={
            "outcome": "return", "reason": target.marks.new("reason of a return"),
            "meeting": target.city_meeting("promotion-group")})
    submission = target.hand_in(*next(target.unreviewed))["submission"] if who == "office" else target.held["budget-plan"]
    return Request({"id": submission}, body={"stage": "task-group", "outcome": "accept",
                                             "meeting": target.held["task-group-meeting"]})


@case("POST /v1/submissions/{id}/withdrawal")
def _(target, _who):
    return Request({"id": target.meeting()["submission"]}, body={"reason": target.marks.new("reason of a submission's withdrawal")})


@case("POST /v1/submissions/{id}/attestations")
def _(target, _who):
    return Request({"id": target.meeting()["submission"]}, body=target.attestation())


@case("GET /v1/submissions/{id}/attestations")
def _(target, _who):
    return Request({"id": target.held["attested"]})


CLOSED = itertools.count(1)


@case("POST /v1/plans/{plan}/closings")
def _(_target, _who):
    number = next(CLOSED)
    return Request(body={"period": "115", "form": "local-programme", "closed": number % 2 == 1, "reason": f"第 {number} 次"})
