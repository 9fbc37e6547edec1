#!/usr/bin/env python3
"""Handing in: receipts, revisions, conflicts, keys against doubling, lists, differences, ETags."""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import canonical_json  # noqa: E402  pylint: disable=wrong-import-position
from desk import (FUXING, GUISHAN, OFFICES, ZHONGLI, annual, course, desk,  # noqa: E402
                  document_of, event, find, items, quarterly)
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")


@test
def a_receipt_has_every_field_of_the_contract(d):
    office, year = d.fresh()
    body = json.dumps(annual(office, year), ensure_ascii=False, indent=2).encode()
    reply = d.office(office).hand_in(d.plan, body, {"Content-Type": "application/json"})
    receipt = expect_status(reply, 201).json
    uuid.UUID(receipt["submission"])
    equal(receipt["plan"], d.plan, "plan")
    equal(receipt["form"], "training-annual", "form")
    equal(receipt["office"], office, "office")
    equal(receipt["period"], year, "period")
    equal(receipt.get("event", "absent"), None, "event")
    equal(receipt["revision"], 1, "revision")
    equal(receipt.get("replaces", "absent"), None, "replaces")
    equal(receipt["sha256"], hashlib.sha256(body).hexdigest(), "sha256 of the bytes sent")
    equal(receipt["document_sha256"], hashlib.sha256(
        canonical_json.canonical_document(json.loads(body))).hexdigest(), "document_sha256")
    for name in ("received_at", "recorded_at"):
        check(MOMENT.match(receipt[name]), f"{name} isn't UTC with six decimals: {receipt[name]}")
    check(receipt["received_at"] <= receipt["recorded_at"], "recorded before it was received")
    equal(receipt["counts"], {"fields": 21, "rows": 0}, "counts")
    equal([one for one in receipt["findings"] if one["severity"] == "error"], [], "errors")
    check(receipt["log"]["sequence"] >= 1, "log.sequence")
    for name in ("leaf", "head"):
        check(re.fullmatch(r"[0-9a-f]{64}", receipt["log"][name]), f"log.{name}")
    check(isinstance(receipt["log"]["path"], list), "log.path isn't a list")
    check(receipt["signature"]["key"] and receipt["signature"]["ed25519"], "signature")


@test
def rows_are_counted_in_the_receipt(d):
    receipt = d.accepted(quarterly(GUISHAN, "113Q2", courses=[course("a"), course("b")],
                                   outreach=[event("c")]))
    equal(receipt["counts"]["rows"], 3, "rows")


@test
def a_second_hand_in_is_revision_2_and_replaces_the_first(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 56}))
    equal(second["revision"], 2, "revision")
    equal(second["replaces"], first["submission"], "replaces")
    check(second["submission"] != first["submission"], "two revisions share an id")
    check(second["recorded_at"] > first["recorded_at"], "recorded_at doesn't increase")


@test
def of_two_clerks_from_revision_2_the_second_gets_409_naming_revision_3(d):
    office, year = d.fresh()
    d.accepted(annual(office, year))
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    third = d.accepted(annual(office, year, 2, **{"general.gm2h.m": 51}))
    reply = expect_status(d.post(annual(office, year, 2, **{"general.gm2h.m": 52})), 409)
    equal(reply.header("content-type", "").split(";")[0], "application/problem+json", "type")
    problem = reply.json
    equal(problem["code"], "revision_conflict", "code")
    equal(problem["current"]["revision"], 3, "current.revision")
    equal(problem["current"]["submission"], third["submission"], "current.submission")
    equal(problem["current"]["recorded_at"], third["recorded_at"], "current.recorded_at")
    equal(d.revisions("training-annual", office, year), [1, 2, 3], "revisions stored")
    fields = document_of(d.geo.get(f"/v1/submissions/{third['submission']}").json)["fields"]
    equal(fields["general.gm2h.m"], 51, "the first clerk's value")
    merged = d.accepted(annual(office, year, 3, **{"general.gm2h.m": 52}))
    equal(merged["revision"], 4, "the second clerk, from revision 3")


@test
def no_base_means_revision_0_and_conflicts_with_what_is_there(d):
    office, year = d.fresh()
    document = annual(office, year)
    del document["base"]
    d.accepted(document)
    changed = annual(office, year, **{"general.gm2h.m": 1})
    del changed["base"]
    problem = expect_status(d.post(changed), 409).json
    equal((problem["code"], problem["current"]["revision"]), ("revision_conflict", 1), "conflict")
    equal(d.revisions("training-annual", office, year), [1], "revisions")


@test
def a_base_that_is_not_there_yet_is_refused(d):
    office, year = d.fresh()
    expect_status(d.post(annual(office, year, 7)), 409, 422, 400)
    equal(d.listed("training-annual", office, year), [], "stored")


@test
def clerks_racing_from_the_same_revision_leave_one_winner(d):
    office, year = d.fresh()
    d.accepted(annual(office, year))
    documents = [annual(office, year, 1, **{"general.gm2h.m": number}) for number in range(8)]
    d.office(office)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = sorted(reply.status for reply in pool.map(d.post, documents))
    equal(statuses, [201] + [409] * 7, "statuses")
    equal(d.revisions("training-annual", office, year), [1, 2], "revisions")


@test
def equal_content_answers_200_unchanged_and_makes_no_revision(d):
    office, year = d.fresh()
    document = annual(office, year)
    first = d.accepted(document)
    again = expect_status(d.post({**document, "base": 1}), 200).json
    equal(again["unchanged"], True, "unchanged")
    equal(again["submission"], first["submission"], "submission")
    equal(again["revision"], 1, "revision")
    equal(d.revisions("training-annual", office, year), [1], "revisions")


@test
def order_of_members_and_blanks_between_them_make_no_other_document(d):
    office, year = d.fresh()
    document = annual(office, year)
    d.accepted(document)
    turned = json.dumps({**dict(reversed(document.items())), "base": 1,
                         "fields": dict(reversed(document["fields"].items()))}, indent=4)
    reply = d.office(office).hand_in(d.plan, turned.encode(), {"Content-Type": "application/json"})
    equal(expect_status(reply, 200).json["unchanged"], True, "unchanged")


@test
def null_instead_of_a_value_is_another_document(d):
    office, year = d.fresh()
    d.accepted(annual(office, year))
    equal(d.accepted(annual(office, year, 1, **{"general.gm2h.m": None}))["revision"], 2,
          "revision")


@test
def going_back_to_an_earlier_content_is_a_new_revision(d):
    office, year = d.fresh()
    d.accepted(annual(office, year))
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 1}))
    equal(d.accepted(annual(office, year, 2))["revision"], 3, "revision")


@test
def an_idempotency_key_with_the_same_content_answers_as_the_first_time(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = expect_status(d.post(annual(office, year), key), 201)
    again = expect_status(d.post(annual(office, year), key), 200)
    equal(again.header("idempotent-replay"), "true", "Idempotent-Replay")
    equal(again.json, first.json, "receipt")
    equal(d.revisions("training-annual", office, year), [1], "revisions")


@test
def a_replay_stays_the_same_after_a_newer_revision(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = expect_status(d.post(annual(office, year), key), 201).json
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 1}))
    again = expect_status(d.post(annual(office, year), key), 200)
    equal(again.json["submission"], first["submission"], "submission")
    equal(d.revisions("training-annual", office, year), [1, 2], "revisions")


@test
def an_idempotency_key_with_other_content_is_409_and_stores_nothing(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    d.accepted(annual(office, year), key)
    reply = expect_status(d.post(annual(office, year, 1, **{"general.gm2h.m": 1}), key), 409)
    equal(reply.json["code"], "idempotency_conflict", "code")
    equal(d.revisions("training-annual", office, year), [1], "revisions")


@test
def an_idempotency_key_that_is_no_plain_text_is_refused(d):
    """Bytes that the database takes for no text must not reach the batch."""
    for key in ("\xff\xfe", "caf\xe9", "x" * 201):
        expect_status(d.post(annual(OFFICES[6], "115"), headers={"Idempotency-Key": key}), 400)


@test
def a_refused_request_does_not_use_its_idempotency_key_up(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    find(d.refused(annual(office, year, **{"general.staff.m": -1}), key), "negative")
    receipt = expect_status(d.post(annual(office, year), key), 201)
    equal(receipt.header("idempotent-replay"), None, "Idempotent-Replay")


@test
def a_conflicting_request_does_not_use_its_idempotency_key_up(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    d.accepted(annual(office, year))
    expect_status(d.post(annual(office, year, 0, **{"general.gm2h.m": 1}), key), 409)
    expect_status(d.post(annual(office, year, 1, **{"general.gm2h.m": 1}), key), 201)


@test
def idempotency_keys_of_two_principals_are_apart(d):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    d.accepted(quarterly(GUISHAN, "113Q1", courses=[], outreach=[]), key)
    d.accepted(quarterly(ZHONGLI, "113Q1", courses=[], outreach=[]), key)


@test
def the_same_key_sent_eight_times_at_once_makes_one_revision(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    d.office(office)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: d.post(annual(office, year), key), range(8)))
    equal(sorted(reply.status for reply in replies), [200] * 7 + [201], "statuses")
    equal(len({reply.json["submission"] for reply in replies}), 1, "submissions named")
    equal(d.revisions("training-annual", office, year), [1], "revisions")


@test
def a_dry_run_answers_200_with_the_findings_and_stores_nothing(d):
    office, year = d.fresh()
    good = expect_status(d.post(annual(office, year), dry_run="true"), 200).json
    equal([one for one in good["findings"] if one["severity"] == "error"], [], "errors")
    wrong = annual(office, year, **{"general.staff.m": -1, "general.gm2h.f": 93})
    findings = expect_status(d.post(wrong, dry_run="true"), 200).json["findings"]
    find(findings, "negative", "fields.general.staff.m")
    find(findings, "exceeds_whole", "fields.general.gm2h.f")
    equal(d.listed("training-annual", office, year), [], "stored")


@test
def a_dry_run_leaves_figures_and_keys_untouched(d):
    office, year = d.fresh()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    before = d.unit("training-annual", year, "city")["reported"]
    expect_status(d.post(annual(office, year), key, dry_run="true"), 200)
    equal(d.unit("training-annual", year, "city")["reported"], before, "reported")
    expect_status(d.post(annual(office, year), key), 201)
    equal(d.unit("training-annual", year, "city")["reported"], before + 1, "reported")


@test
def a_revision_gives_its_document_back(d):
    document = quarterly(FUXING, "113Q2", courses=[course("x1"), course(
        "x2", hours={"not_yet": "待講師確認"}, lecturer="王小明", kind="other", method="online")],
        outreach=[])
    receipt = d.accepted(document)
    held = document_of(expect_status(
        d.geo.get(f"/v1/submissions/{receipt['submission']}"), 200).json)
    for name in ("form", "office", "period"):
        equal(held[name], document[name], name)
    equal(held["tables"]["courses"], document["tables"]["courses"], "courses")
    equal(held["tables"]["outreach"], [], "outreach")


@test
def an_earlier_revision_still_gives_its_own_document(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 3}))
    held = document_of(d.geo.get(f"/v1/submissions/{first['submission']}").json)
    equal(held["fields"]["general.gm2h.m"], 55, "revision 1")


@test
def revisions_are_listed_from_any_of_them(d):
    office, year = d.fresh()
    ids = [d.accepted(annual(office, year, base, **{"general.gm2h.m": base}))["submission"]
           for base in range(3)]
    for one in ids:
        listed = items(expect_status(d.geo.get(f"/v1/submissions/{one}/revisions"), 200).json)
        equal(sorted((entry["revision"], entry["submission"]) for entry in listed),
              list(zip((1, 2, 3), ids)), "revisions")


@test
def a_diff_names_each_changed_cell_and_no_other(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    second = d.accepted(annual(office, year, 1, **{
        "general.gm2h.m": 40, "general.gm2h.f": {"not_yet": "人事室"}, "excluded_reason": "x",
        "business.ge10h.m": ...}))
    answer = expect_status(d.geo.get(f"/v1/submissions/{second['submission']}/diff",
                                     against=first["submission"]), 200).json
    equal(sorted(change["path"] for change in items(answer)),
          ["fields.business.ge10h.m", "fields.excluded_reason", "fields.general.gm2h.f",
           "fields.general.gm2h.m"], "paths")
    changed = next(one for one in items(answer) if one["path"] == "fields.general.gm2h.m")
    values = [value for name, value in changed.items() if name != "path"]
    check(55 in values and 40 in values, f"both values stand in the change: {changed}")


@test
def a_diff_of_rows_names_them_by_their_identity(d):
    first = d.accepted(quarterly(ZHONGLI, "113Q2", courses=[course("a1"), course("a2")]))
    second = d.accepted(quarterly(ZHONGLI, "113Q2", 1, courses=[
        course("a2", hours="3.5"), course("a3")]))
    answer = expect_status(d.geo.get(f"/v1/submissions/{second['submission']}/diff",
                                     against=first["submission"]), 200).json
    paths = [change["path"] for change in items(answer)]
    check("tables.courses[a2].hours" in paths, f"the changed cell: {paths}")
    for row in ("a1", "a3"):
        check(any(path.startswith(f"tables.courses[{row}]") for path in paths),
              f"row {row}: {paths}")
    check(not any(path.startswith("tables.courses[a2]") and not path.endswith(".hours")
                  for path in paths), f"only what changed: {paths}")


@test
def rows_without_identity_are_given_a_stable_one(d):
    row = course(_row=...)
    document = quarterly(OFFICES[0], "113Q2", courses=[row, row, course("mine")])
    receipt = d.accepted(document)
    name = canonical_json.row_identity(row)
    held = document_of(d.geo.get(f"/v1/submissions/{receipt['submission']}").json)
    equal([one["_row"] for one in held["tables"]["courses"]], [name, f"{name}-2", "mine"], "_row")
    equal(receipt["document_sha256"], hashlib.sha256(
        canonical_json.canonical_document(document)).hexdigest(), "document_sha256")
    again = expect_status(d.post({**document, "base": 1}), 200).json
    equal(again["unchanged"], True, "unchanged")


@test
def a_receipt_can_be_had_again(d):
    office, year = d.fresh()
    receipt = d.accepted(annual(office, year))
    again = expect_status(d.office(office).get(
        f"/v1/submissions/{receipt['submission']}/receipt"), 200).json
    for name in ("submission", "plan", "form", "office", "period", "event", "revision", "replaces",
                 "sha256", "document_sha256", "received_at", "recorded_at", "log"):
        equal(again.get(name), receipt.get(name), name)


@test
def a_rollup_carries_an_etag_and_answers_304_until_something_is_handed_in(d):
    path = f"{d.base}/rollups/training-annual?period=115&by=group"
    first = expect_status(d.geo.get(path), 200)
    etag = first.header("etag")
    check(etag, "no ETag")
    same = expect_status(d.geo.get(path, {"If-None-Match": etag}), 304)
    equal(same.body, b"", "a 304 has no body")
    equal(same.header("etag"), etag, "ETag of the 304")
    expect_status(d.geo.get(path, {"If-None-Match": f'"other", {etag}'}), 304)
    expect_status(d.geo.get(path, {"If-None-Match": '"other"'}), 200)
    d.accepted(annual(OFFICES[3], "115"))
    after = expect_status(d.geo.get(path, {"If-None-Match": etag}), 200)
    check(after.header("etag") != etag, "the ETag didn't change")
    check(after.body != first.body, "the figures didn't change")


@test
def an_etag_of_the_geo_is_not_one_for_an_office(d):
    path = f"{d.base}/indicators?year=115&by=city"
    geo = expect_status(d.geo.get(path), 200)
    office = expect_status(d.office(GUISHAN).get(path, {"If-None-Match": geo.header("etag")}), 200)
    check(office.body != geo.body or office.header("etag") == geo.header("etag"), "confused")


@test
def plans_documents_and_indicators_carry_etags(d):
    office, year = d.fresh()
    receipt = d.accepted(annual(office, year))
    for path in (f"/v1/plans/{d.plan}", "/v1/plans", f"{d.base}/forms/training-annual",
                 f"/v1/submissions/{receipt['submission']}", f"{d.base}/indicators?year=113&by=city",
                 f"{d.base}/submissions?form=training-annual"):
        reply = expect_status(d.geo.get(path), 200)
        check(reply.header("etag"), f"{path}: no ETag")
        expect_status(d.geo.get(path, {"If-None-Match": reply.header("etag")}), 304)


@test
def a_receipted_figure_is_shown_by_the_very_next_read(d):
    for number in range(20):
        path = f"{d.base}/rollups/training-quarterly?period=112Q4&by=city"
        d.geo.get(path)
        d.accepted(quarterly(OFFICES[5], "112Q4", number, courses=[
            course(f"r{number}", date_from="2023-11-02", date_to="2023-11-02",
                   **{"attendance.m": number, "attendance.f": 0, "attendance.total": number})]))
        unit = d.geo.get(path).json["units"][0]
        equal(unit["elements"]["courses.attendance.m"]["value"], number, "read after receipt")


@test
def a_list_is_paged_by_key_without_gaps_or_repeats(d):
    for quarter in (1, 2, 3):
        for office in OFFICES[7:11]:
            expect_status(d.post(quarterly(office, f"115Q{quarter}", courses=[], outreach=[])), 201)
    whole = {one["submission"] for one in d.listed("training-quarterly", limit=500)}
    check(len(whole) >= 12, f"{len(whole)} listed")
    seen, after, pages = [], None, 0
    while True:
        answer = expect_status(d.geo.get(f"{d.base}/submissions", form="training-quarterly",
                                         limit=5, after=after), 200).json
        page = items(answer)
        check(len(page) <= 5, f"{len(page)} on a page of 5")
        seen += [one["submission"] for one in page]
        after, pages = answer.get("next"), pages + 1
        if not after or pages > 200:
            break
    equal(len(seen), len(set(seen)), "repeats")
    equal(set(seen), whole, "what the pages hold")


@test
def a_list_shows_each_submission_once_with_its_newest_revision(d):
    office, year = d.fresh()
    d.accepted(annual(office, year))
    newest = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 2}))
    listed = d.listed("training-annual", office, year)
    equal([(one["submission"], one["revision"]) for one in listed],
          [(newest["submission"], 2)], "listed")


@test
def a_list_with_a_bad_limit_or_cursor_is_a_clear_400(d):
    for query in ({"limit": "none"}, {"limit": "-1"}, {"limit": "0"}, {"after": "%%%nonsense"}):
        reply = d.geo.get(f"{d.base}/submissions", **query)
        expect_status(reply, 400)


@test
def an_office_lists_its_own_submissions_only(d):
    d.accepted(quarterly(GUISHAN, "115Q1", courses=[], outreach=[]))
    d.accepted(quarterly(ZHONGLI, "115Q1", courses=[], outreach=[]))
    listed = d.listed("training-quarterly", client=d.office(GUISHAN), limit=500)
    equal({one["office"] for one in listed}, {GUISHAN}, "offices listed")
    reply = d.office(GUISHAN).get(f"{d.base}/submissions", office=ZHONGLI)
    check(reply.status == 403 or reply.status == 200 and items(reply.json) == [],
          f"another office's list: {reply}")


@test
def roles_that_only_read_cannot_hand_in(d):
    office, year = d.fresh()
    for role in ("auditor", "supervision"):
        expect_status(d.login(role).hand_in(d.plan, annual(office, year)), 403)
    equal(d.listed("training-annual", office, year), [], "stored")


@test
def every_reading_role_reads_the_whole_city(d):
    office, year = d.fresh()
    receipt = d.accepted(annual(office, year))
    for role in ("geo", "supervision", "dbas", "admin", "auditor"):
        reader = d.login(role)
        expect_status(reader.get(f"/v1/submissions/{receipt['submission']}"), 200)
        unit = d.indicator("gm-general", year, "city", client=reader)
        check(any(one["office"] == office for one in unit["sources"]), f"{role}: no sources")


@test
def received_at_is_when_it_reached_us(d):
    office, year = d.fresh()
    before = time.time()
    receipt = d.accepted(annual(office, year))
    after = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(before - 1))
    late = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(after + 2))
    check(stamp <= receipt["received_at"] <= late, f"{receipt['received_at']} isn't now")


if __name__ == "__main__":
    suite.run()
