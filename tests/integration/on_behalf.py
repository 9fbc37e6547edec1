#!/usr/bin/env python3
"""The Gender Equality Office hands in for an office: as the office could, marked as such wherever it shows, provably so."""
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import FUXING, GUISHAN, OFFICES, ZHONGLI, annual, course, desk, document_of, find, quarterly  # noqa: E402
from receipt_check import check_receipt  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
OTHERS = ("dbas", "supervision", "admin", "auditor")


def by_geo(d, document, headers=None, status=201, **query):
    return expect_status(d.geo.hand_in(d.plan, document, headers, **query), status).json


def entry_of(receipt):
    return json.loads(receipt["log"]["entry"])


def faults(d):
    done = d.service.command("verify", check=False)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


@test
def what_geo_hands_in_for_an_office_is_shown_as_such_everywhere(d):
    receipt = by_geo(d, annual(GUISHAN, "113"))
    equal((receipt["on_behalf"], receipt["office"], receipt["revision"], receipt["attested"]), (True, GUISHAN, 1, None), "receipt")
    equal(entry_of(receipt)["on_behalf"], True, "the log's entry")
    equal(check_receipt(receipt, d.geo.get("/v1/keys").json), [], "faults of the receipt")
    for client in (d.geo, d.office(GUISHAN)):
        one = client.get(f"/v1/submissions/{receipt['submission']}").json
        equal((one["on_behalf"], document_of(one)["fields"]["general.staff.m"]), (True, 61), "GET submission")
        equal(client.get(f"/v1/submissions/{receipt['submission']}/receipt").json["on_behalf"], True, "the receipt again")
        listed = d.listed("training-annual", GUISHAN, "113", client=client)
        equal([one["on_behalf"] for one in listed], [True], "list")
        table = client.get(f"/v1/submissions/{receipt['submission']}/revisions", format="csv").body.decode("utf-8-sig").splitlines()
        place = table[0].split(",").index("on_behalf")
        equal(table[1].split(",")[place], "true", "table of revisions")
        one = client.get(f"{d.base}/obligations", year=113, office=GUISHAN, form="training-annual").json["obligations"][0]
        equal((one["on_behalf"], one["review"], one["submission"]), (True, "received", receipt["submission"]), "obligation")


@test
def what_an_office_hands_in_itself_is_not(d):
    receipt = d.accepted(annual(ZHONGLI, "113"))
    equal(receipt["on_behalf"], False, "receipt")
    check("on_behalf" not in entry_of(receipt), "the entry speaks of a behalf")
    equal(d.geo.get(f"/v1/submissions/{receipt['submission']}").json["on_behalf"], False, "GET submission")


@test
def base_and_conflict_are_judged_as_for_the_office(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    conflict = by_geo(d, annual(office, year, 0, **{"general.gm2h.m": 1}), status=409)
    equal((conflict["code"], conflict["current"]["submission"]), ("revision_conflict", first["submission"]), "conflict")
    second = by_geo(d, annual(office, year, 1, **{"general.gm2h.m": 1}))
    equal((second["revision"], second["replaces"]), (2, first["submission"]), "second")
    equal(by_geo(d, annual(office, year, 1, **{"general.gm2h.m": 1}), status=200)["unchanged"], True, "the same again")
    third = d.accepted(annual(office, year, 2, **{"general.gm2h.m": 2}))
    revisions = d.geo.get(f"/v1/submissions/{third['submission']}/revisions").json["revisions"]
    equal([one["on_behalf"] for one in revisions], [False, True, False], "who handed in which revision")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    fourth = by_geo(d, annual(office, year, 3), key)
    reply = expect_status(d.geo.hand_in(d.plan, annual(office, year, 3), key), 200)
    equal((reply.json["submission"], reply.header("idempotent-replay")), (fourth["submission"], "true"), "replay")


@test
def who_handed_it_in_on_behalf_cannot_accept_it(d):
    receipt = by_geo(d, annual(OFFICES[7], "112"))
    where = f"/v1/submissions/{receipt['submission']}/reviews"
    equal(expect_status(d.geo.post(where, {"outcome": "accept"}), 409).json["code"], "own_submission", "the same person")
    another = d.service.login("geo")
    equal(expect_status(another.post(where, {"outcome": "accept"}), 201).json["official"], True, "a colleague")
    found = by_geo(d, annual(OFFICES[7], "112", 1, **{"general.gm2h.m": 1}), status=422)["findings"]
    check([one for one in found if one["path"] == "fields.general.gm2h.m" and one["severity"] == "error"],
          f"what was accepted changes on behalf: {found}")


@test
def findings_refuse_it_as_they_would_the_office(d):
    office, year = d.fresh()
    refused = by_geo(d, annual(office, year, **{"general.gm2h.m": 62}), status=422)
    find(refused["findings"], "exceeds_whole", "fields.general.gm2h.m")
    find(by_geo(d, annual("68000999", year), status=422)["findings"], "unknown_office", "office")
    equal(d.listed("training-annual", office, year), [], "stored after a refusal")


@test
def other_roles_hand_in_for_nobody_but_may_try_dry_runs(d):
    office, year = d.fresh()
    for role in OTHERS:
        client = d.login(role)
        for query in ({}, {"on_behalf": "true"}):
            expect_status(client.hand_in(d.plan, annual(office, year), **query), 403)
        dry = expect_status(client.hand_in(d.plan, annual(office, year), dry_run="true"), 200).json
        equal(dry["outcome"], "recorded", f"dry run of {role}")
    dry = by_geo(d, annual(office, year), status=200, dry_run="true", on_behalf="true")
    equal(dry["outcome"], "recorded", "dry run of geo")
    equal(d.listed("training-annual", office, year), [], "stored")


@test
def an_office_cannot_pretend_to_act_for_itself_or_another(d):
    office = d.office(GUISHAN)
    for query in ({"on_behalf": "true"}, {"received_at": "2025-01-20T00:00:00Z", "received_reason": "x"}):
        for target in (GUISHAN, ZHONGLI):
            expect_status(office.hand_in(d.plan, annual(target, "114"), **query), 403)
    expect_status(office.hand_in(d.plan, annual(ZHONGLI, "114")), 403)
    equal(d.listed("training-annual", period="114", office=GUISHAN), [], "stored")


@test
def csv_files_and_personal_values_go_the_same_way(d):
    text = ("#form,training-quarterly\n#office,%s\n#period,113Q2\n#table,outreach\n"
            "name,date,attendance.m,attendance.f,attendance.o,attendance.total\n社區宣導,113.5.20,1,2,0,3\n" % FUXING)
    receipt = expect_status(d.geo.hand_in(d.plan, text.encode(), {"Content-Type": "text/csv"}), 201).json
    equal((receipt["on_behalf"], receipt["counts"]["rows"]), (True, 1), "receipt of a file")
    receipt = by_geo(d, quarterly(FUXING, "113Q2", 1, courses=[course(lecturer="王小明")]))
    document = document_of(d.office(FUXING).get(f"/v1/submissions/{receipt['submission']}").json)
    equal(document["tables"]["courses"][0]["lecturer"], "王小明", "the personal value, as the office reads it")
    expect_status(d.office(ZHONGLI).get(f"/v1/submissions/{receipt['submission']}"), 404)


def upload(client, d, data, status=201):
    opened = expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": "minutes.pdf"}), status)
    one = opened.json["upload"]
    expect_status(client.request("PATCH", f"/v1/uploads/{one}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    return one


@test
def geo_attaches_for_the_office_and_it_shows(d):
    submission = by_geo(d, quarterly(OFFICES[3], "113Q1", courses=[]))["submission"]
    data, where = files.pdf(30000), f"/v1/submissions/{submission}/attachments"
    one = upload(d.geo, d, data)
    made = expect_status(d.geo.post(where, {"upload": one, "slot": "evidence"}), 201).json
    equal((made["on_behalf"], made["office"]), (True, OFFICES[3]), "attachment")
    own = upload(d.office(OFFICES[3]), d, files.png())
    expect_status(d.office(OFFICES[3]).post(where, {"upload": own, "slot": "evidence"}), 201)
    listed = d.office(OFFICES[3]).get(where).json["attachments"]
    equal([one["on_behalf"] for one in listed], [True, False], "list")
    table = d.geo.get(where, format="csv").body.decode("utf-8-sig").splitlines()
    equal(table[1].split(",")[table[0].split(",").index("on_behalf")], "true", "table")
    gone = expect_status(d.geo.post(f"/v1/attachments/{made['attachment']}/withdrawal", {"reason": "重複"}), 201).json
    equal((gone["withdrawn"]["reason"], gone["withdrawn"]["on_behalf"]), ("重複", True), "withdrawal")
    for role in OTHERS:
        expect_status(d.login(role).post(f"{d.base}/uploads", {"size": 5, "name": "a"}), 403)
        expect_status(d.login(role).post(where, {"upload": own, "slot": "evidence"}), 403)


@test
def an_upload_belongs_to_who_announced_it(d):
    data, office = files.pdf(30000), d.office(GUISHAN)
    ours, theirs = upload(d.geo, d, data), upload(office, d, data)
    second_geo = d.service.login("geo")
    for client, other in ((office, ours), (second_geo, ours), (d.geo, theirs), (d.office(ZHONGLI), theirs)):
        expect_status(client.get(f"/v1/uploads/{other}"), 404)
        expect_status(client.request("DELETE", f"/v1/uploads/{other}"), 404)
        expect_status(client.request("PATCH", f"/v1/uploads/{other}", body=b"x", headers={
            "Content-Type": "application/octet-stream", "Upload-Offset": "30000"}), 404)
    submission = d.accepted(quarterly(GUISHAN, "113Q1", courses=[]))["submission"]
    where = f"/v1/submissions/{submission}/attachments"
    expect_status(d.geo.post(where, {"upload": theirs, "slot": "evidence"}), 404)
    expect_status(office.post(where, {"upload": ours, "slot": "evidence"}), 404)
    expect_status(d.geo.request("DELETE", f"/v1/uploads/{ours}"), 204)


@test
def an_earlier_receipt_is_attested_with_the_hand_in(d):
    office, year = OFFICES[5], "113"
    before = d.geo.get(f"{d.base}/obligations", year=113, office=office, form="training-annual").json["obligations"][0]
    equal(before["timeliness"], "none", "before")
    receipt = by_geo(d, annual(office, year), received_at="2025-01-20T09:30:00+08:00", received_reason="郵寄，1月20日收文")
    attested = {"received_at": "2025-01-20T01:30:00.000000Z", "reason": "郵寄，1月20日收文", "by": "test geo",
                "recorded_at": receipt["recorded_at"]}
    equal(receipt["attested"], attested, "receipt")
    check(receipt["received_at"] > "2025-02" and receipt["recorded_at"] > "2025-02", "the true moments were replaced")
    equal(sorted(entry_of(receipt)["attested"]), ["by_sha256", "reason_sha256", "received_at"], "the entry: no words of people")
    for client in (d.geo, d.office(office)):
        one = client.get(f"/v1/submissions/{receipt['submission']}").json
        equal((one["attested"], one["received_at"]), (attested, receipt["received_at"]), "GET submission")
        equal(client.get(f"/v1/submissions/{receipt['submission']}/receipt").json["attested"], attested, "receipt again")
    one = d.geo.get(f"{d.base}/obligations", year=113, office=office, form="training-annual").json["obligations"][0]
    equal((one["timeliness"], one["attested"], one["first_received_at"]), ("on_time", attested, attested["received_at"]),
          "obligation")
    same = by_geo(d, annual(office, year), status=200, received_at="2025-01-20T09:30:00+08:00", received_reason="郵寄，1月20日收文")
    equal((same["unchanged"], same["attested"]), (True, attested), "the same once more")
    other = by_geo(d, annual(office, year), status=409, received_at="2025-01-21T09:30:00+08:00", received_reason="x")
    equal((other["code"], other["current"]["submission"]), ("attest_afterwards", receipt["submission"]),
          "the same content, another receipt")


@test
def bad_moments_and_reasons_are_refused_and_sql_is_only_text(d):
    office, year = d.fresh()
    for at, reason, status in (
            ("2025-01-20", "x", 400), ("gestern", "x", 400), ("", "x", 400), ("2025-01-20T00:00:00Z", None, 422),
            ("2025-01-20T00:00:00Z", "", 422), ("2025-01-20T00:00:00Z", "  ", 422), ("2025-01-20T00:00:00Z", "x" * 2001, 422),
            (None, "x", 400), (f"{int(year) + 1910}-12-31T15:59:59.999999Z", "x", 422), ("2199-01-01T00:00:00Z", "x", 422)):
        reply = d.geo.hand_in(d.plan, annual(office, year), received_at=at, received_reason=reason)
        expect_status(reply, status)
    expect_status(d.geo.request("POST", f"{d.base}/submissions?received_at=2025-01-20T00:00:00Z&received_reason=a%00b",
                                annual(office, year)), 400)
    expect_status(d.geo.hand_in(d.plan, annual(office, year), on_behalf="yes"), 400)
    equal(d.listed("training-annual", office, year), [], "stored")
    words = "'); drop table tributary.revision; -- \"\\ 郵寄"
    receipt = by_geo(d, annual(office, year), received_at=f"{int(year) + 1910}-12-31T16:00:00Z", received_reason=words)
    equal(receipt["attested"]["reason"], words, "reason")
    longest = "郵" * 700  # an address is at most 8 KiB
    receipt = by_geo(d, annual(office, year, 1, **{"general.gm2h.m": 3}), received_at=f"{int(year) + 1912}-01-05T00:00:00Z",
                     received_reason=longest)
    equal(receipt["attested"]["reason"], longest, "a long reason")


@test
def verify_holds_behalf_against_the_log(d):
    receipt = by_geo(d, annual(OFFICES[9], "112"), received_at="2025-01-20T00:00:00Z", received_reason="郵寄")
    equal(faults(d)[0], 0, faults(d)[1])
    identity = receipt["submission"]
    for change, undo in (
            (f"update tributary.revision set on_behalf = false where id = '{identity}'",
             f"update tributary.revision set on_behalf = true where id = '{identity}'"),
            (f"update tributary.attestation set reason = 'x' where revision = '{identity}'",
             f"update tributary.attestation set reason = '郵寄' where revision = '{identity}'"),
            (f"update tributary.attestation set received_at = received_at - interval '1 day' where revision = '{identity}'",
             f"update tributary.attestation set received_at = received_at + interval '1 day' where revision = '{identity}'")):
        d.service.sql(f"set session_replication_role = replica; {change}")
        status, said = faults(d)
        check(status != 0 and identity in said, f"{change}: {said}")
        d.service.sql(f"set session_replication_role = replica; {undo}")
    equal(faults(d)[0], 0, faults(d)[1])


@test
def the_client_hands_in_on_behalf_and_says_so(d):
    path = d.service.folder / "behalf.json"
    path.write_text(json.dumps(annual(OFFICES[8], "112")), encoding="utf-8")
    said = tributary(d, d.geo, "submit", path, "--on-behalf", "--received-at", "2024-01-20T09:30:00+08:00",
                     "--received-reason", "郵寄")
    check("性平辦代報" in said, said)
    identity = d.listed("training-annual", OFFICES[8], "112")[0]["submission"]
    said = tributary(d, d.geo, "show", identity)
    check("性平辦代報" in said and "郵寄" in said and "113年1月20日" in said, said)
    check("on behalf" in tributary(d, d.office(OFFICES[8]), "show", identity, lang="en"), "in English")
    check("性平辦代報" in tributary(d, d.geo, "status"), "status")
    check("性平辦代報" in tributary(d, d.geo, "revisions", identity), "revisions")
    check("性平辦代報" in tributary(d, d.geo, "receipt", "show", identity), "receipt")
    receipts = list((d.service.folder / "home" / "s").rglob("receipts/*.json"))
    for receipt in receipts:
        if b'"on_behalf":true' in receipt.read_bytes():
            tributary(d, d.geo, "receipt", "verify", receipt)
            forged = d.service.folder / "forged.json"
            forged.write_bytes(receipt.read_bytes().replace(b'"on_behalf":true', b'"on_behalf":false', 1))
            tributary(d, d.geo, "receipt", "verify", forged, status=1)
            break
    else:
        check(False, f"no receipt on behalf is kept: {receipts}")
    tributary(d, d.office(OFFICES[8]), "submit", path, "--on-behalf", status=4)
    tributary(d, d.geo, "submit", path, "--received-at", "2024-01-20T09:30:00+08:00", status=2)
    tributary(d, d.geo, "submit", path, "--received-at", "1月20日", "--received-reason", "x", status=2)
    quarter = by_geo(d, quarterly(OFFICES[8], "112Q1", courses=[]))["submission"]
    scan = d.service.folder / "scan.pdf"
    scan.write_bytes(files.pdf(20000))
    tributary(d, d.geo, "attach", quarter, scan, "--as", "evidence")
    check("性平辦代報" in tributary(d, d.office(OFFICES[8]), "attachments", quarter), "attachments")
    answer = json.loads(tributary(d, d.geo, "status", "--json", "--office", OFFICES[8]))
    equal(answer["server"]["submissions"][0]["on_behalf"], True, "--json")


if __name__ == "__main__":
    suite.run()
