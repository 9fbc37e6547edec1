#!/usr/bin/env python3
"""Files attached to submissions: sent piece by piece, told by content, kept with their hash, given back byte for byte."""
import hashlib
import pathlib
import re
import socket
import sys
import threading
import time
import urllib.parse
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, annual, desk, quarterly  # noqa: E402
from tributary_harness import SLOWNESS, Suite, check, equal, expect_status  # noqa: E402

MIB = 1024 * 1024
suite = Suite(lambda: desk(settings={"TRIBUTARY_ATTACHMENT_UPLOADS": "12"}))
test = suite.test


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def memory(d):
    """(now, highest) resident memory of the daemon in KiB."""
    text = pathlib.Path(f"/proc/{d.service.process.pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text).group(1)) for name in ("VmRSS", "VmHWM"))


def open_upload(d, office, data, name="minutes.pdf", **more):
    return d.office(office).post(f"{d.base}/uploads", {"size": len(data), "name": name, **more})


def send(d, office, upload, offset, piece, **headers):
    return d.office(office).request("PATCH", f"/v1/uploads/{upload}", body=bytes(piece), headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": str(offset), **headers})


def upload(d, office, data, name="minutes.pdf", piece=MIB, **more):
    """The id of a file sent whole."""
    opened = expect_status(open_upload(d, office, data, name, **more), 201).json
    for offset in range(0, len(data), piece):
        reply = expect_status(send(d, office, opened["upload"], offset, data[offset:offset + piece]), 200)
        equal(reply.json["offset"], min(offset + piece, len(data)), "offset after a piece")
    return opened["upload"]


def attach_to(d, office, submission, given, slot="evidence", headers=None, **more):
    return d.office(office).post(f"/v1/submissions/{submission}/attachments",
                                 {"upload": given, "slot": slot, **more}, headers)


def meeting(d, office=GUISHAN):
    """The submission of one meeting; a new one each time."""
    document = {"form": "task-group-meeting", "office": office, "period": "113", "fields": {"date": "2024-06-17", "kind": "regular"}}
    return d.accepted(document)["submission"]


def report(d, office, period):
    """A submission with room for evidence, one for each office and quarter."""
    return d.accepted(quarterly(office, period, courses=[]))["submission"]


def attached(d, office, submission, data, name="minutes.pdf", slot="evidence", **more):
    return expect_status(attach_to(d, office, submission, upload(d, office, data, name), slot, **more), 201).json


def give_up(d, office, given):
    d.office(office).request("DELETE", f"/v1/uploads/{given}")


def refused(d, office, submission, data, code):
    given = upload(d, office, data)
    reply = attach_to(d, office, submission, given)
    give_up(d, office, given)
    equal((reply.status, reply.status == 422 and reply.json["code"]), (422, code), data[:60])


@test
def a_small_file_comes_back_byte_for_byte_with_its_hash_name_and_type(d):
    data = files.pdf(70000)
    submission = meeting(d)
    made = attached(d, GUISHAN, submission, data, "會議紀錄.pdf", "minutes")
    equal((made["sha256"], made["size"], made["type"], made["name"], made["slot"]),
          (sha256(data), len(data), "application/pdf", "會議紀錄.pdf", "minutes"), "attachment")
    check(made["log"]["sequence"] > 0 and made["withdrawn"] is None and made["recorded_at"], made)
    reply = expect_status(d.office(GUISHAN).get(f"/v1/attachments/{made['attachment']}"), 200)
    check(reply.body == data, "other bytes came back")
    equal(reply.header("content-type"), "application/pdf")
    equal(reply.header("content-length"), str(len(data)))
    equal(reply.header("etag"), f'"{sha256(data)}"')
    equal(reply.header("x-content-type-options"), "nosniff")
    check("sandbox" in reply.header("content-security-policy"), "no sandbox")
    shown = reply.header("content-disposition")
    check(shown.startswith('attachment; filename="attachment.pdf"') and
          shown.endswith("filename*=UTF-8''" + urllib.parse.quote("會議紀錄.pdf")), shown)


@test(seconds=120)
def twenty_mebibytes_go_in_and_out_byte_for_byte_in_little_memory(d):
    data = files.pdf(20 * MIB, seed=7)
    submission = meeting(d)
    memory_before, _ = memory(d)
    pathlib.Path(f"/proc/{d.service.process.pid}/clear_refs").write_text("5")
    began = time.monotonic()
    given = upload(d, GUISHAN, data)
    sent = time.monotonic()
    made = expect_status(attach_to(d, GUISHAN, submission, given, "minutes"), 201).json
    recorded = time.monotonic()
    _, while_uploading = memory(d)
    pathlib.Path(f"/proc/{d.service.process.pid}/clear_refs").write_text("5")
    reply = expect_status(d.geo.get(f"/v1/attachments/{made['attachment']}"), 200)
    read = time.monotonic()
    _, while_reading = memory(d)
    check(reply.body == data, "other bytes came back")
    print(f"# 20 MiB: sent in {sent - began:.2f} s, attached in {recorded - sent:.2f} s, read in {read - recorded:.2f} s; "
          f"resident {memory_before / 1024:.1f} MiB before, at most {while_uploading / 1024:.1f} MiB while sending and "
          f"attaching, {while_reading / 1024:.1f} MiB while reading")
    if SLOWNESS > 1:
        return  # the sanitizers keep what was freed for a while
    check(while_uploading - memory_before < 16 * 1024, "sending takes more than 16 MiB of memory")
    check(while_reading - memory_before < 16 * 1024, "reading takes more than 16 MiB of memory")


@test
def an_upload_tells_its_offset_and_goes_on_from_there(d):
    data = files.pdf(200000, seed=3)
    opened = expect_status(open_upload(d, GUISHAN, data), 201)
    given = opened.json["upload"]
    equal((opened.json["offset"], opened.json["piece"]), (0, MIB), "a new upload")
    equal(opened.header("location"), f"/v1/uploads/{given}")
    check(opened.json["expires_at"].endswith("Z"), "expires_at")
    expect_status(send(d, GUISHAN, given, 0, data[:65536]), 200)
    asked = expect_status(d.office(GUISHAN).get(f"/v1/uploads/{given}"), 200)
    equal((asked.json["offset"], asked.header("upload-offset")), (65536, "65536"), "offset")
    head = expect_status(d.office(GUISHAN).request("HEAD", f"/v1/uploads/{given}"), 200)
    equal(head.header("upload-offset"), "65536", "HEAD")
    equal(expect_status(attach_to(d, GUISHAN, meeting(d), given), 409).json["code"], "upload_incomplete")
    expect_status(send(d, GUISHAN, given, 65536, data[65536:]), 200)
    made = expect_status(attach_to(d, GUISHAN, meeting(d), given), 201).json
    equal(made["sha256"], sha256(data))


@test
def a_piece_at_another_offset_is_refused_with_the_right_one_and_changes_nothing(d):
    data = files.pdf(100000, seed=4)
    given = expect_status(open_upload(d, GUISHAN, data), 201).json["upload"]
    expect_status(send(d, GUISHAN, given, 0, data[:40000]), 200)
    for offset in (0, 39999, 40001, 100000, 10 ** 14):
        reply = expect_status(send(d, GUISHAN, given, offset, data[:20000]), 409)
        equal((reply.json["code"], reply.json["offset"], reply.header("upload-offset")),
              ("upload_offset", 40000, "40000"), offset)
    for wrong in ("-1", "x", "", "1e3", "9" * 40):
        expect_status(send(d, GUISHAN, given, wrong, data[:20000]), 400)
    for piece in (b"", data[40000:40100], data[40000:] + b"x"):
        equal(expect_status(send(d, GUISHAN, given, 40000, piece), 422).json["code"], "upload_piece", len(piece))
    expect_status(d.office(GUISHAN).request("PATCH", f"/v1/uploads/{given}", body=b"{}", headers={
        "Content-Type": "application/json", "Upload-Offset": "40000"}), 415)
    expect_status(send(d, GUISHAN, given, 40000, data[40000:]), 200)
    equal(attach_to(d, GUISHAN, meeting(d), given).json["sha256"], sha256(data))


@test
def of_two_clients_at_once_each_piece_is_taken_once(d):
    data = files.pdf(2 * MIB, seed=5)
    given = expect_status(open_upload(d, GUISHAN, data), 201).json["upload"]
    taken, problems = [], []

    def work():
        offset = 0
        while offset < len(data):
            reply = send(d, GUISHAN, given, offset, data[offset:offset + 65536])
            if reply.status == 200:
                taken.append(offset)
            elif reply.status != 409:
                problems.append(str(reply))
                return
            offset = reply.json["offset"]
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(problems, [], "other answers than 200 and 409")
    equal(sorted(taken), list(range(0, len(data), 65536)), "pieces taken")
    equal(expect_status(attach_to(d, GUISHAN, meeting(d), given), 201).json["sha256"], sha256(data))


@test
def what_is_announced_is_checked_and_limited(d):
    base, client = f"{d.base}/uploads", d.office(GUISHAN)
    for body, status, code in [
            ({"size": 20 * MIB + 1, "name": "a.pdf"}, 413, "attachment_too_large"),
            ({"size": 0, "name": "a.pdf"}, 422, "bad_member"), ({"size": -1, "name": "a.pdf"}, 422, "bad_member"),
            ({"size": "5", "name": "a.pdf"}, 422, "bad_member"), ({"size": 5}, 422, "bad_member"),
            ({"size": 5, "name": ""}, 422, "bad_member"), ({"size": 5, "name": "x" * 1001}, 422, "bad_member"),
            ({"size": 5, "name": "a\0b"}, 400, "malformed_json"),
            ({"size": 5, "name": "a", "sha256": "abc"}, 422, "bad_member"),
            ({"size": 5, "name": "a", "other": 1}, 422, "bad_member"), ([], 422, "bad_member")]:
        equal(expect_status(client.post(base, body), status).json["code"], code, body)
    expect_status(client.post("/v1/plans/none/uploads", {"size": 5, "name": "a.pdf"}), 404)
    expect_status(d.login("dbas").post(base, {"size": 5, "name": "a.pdf"}), 403)
    expect_status(d.service.client().post(base, {"size": 5, "name": "a.pdf"}), 401)


@test
def open_uploads_are_limited_per_token_and_giving_up_makes_room(d):
    data = files.pdf(20000)
    first = [expect_status(open_upload(d, FUXING, data), 201).json["upload"] for _ in range(12)]
    full = expect_status(open_upload(d, FUXING, data), 429)
    equal(full.json["code"], "too_many_uploads")
    expect_status(open_upload(d, GUISHAN, data), 201)
    expect_status(d.office(FUXING).request("DELETE", f"/v1/uploads/{first[0]}"), 204)
    expect_status(d.office(FUXING).request("DELETE", f"/v1/uploads/{first[0]}"), 404)
    expect_status(d.office(FUXING).get(f"/v1/uploads/{first[0]}"), 404)
    expect_status(open_upload(d, FUXING, data), 201)
    d.service.sql(f"update tributary.upload set expires_at = now() where office = '{FUXING}'")
    expect_status(d.office(FUXING).get(f"/v1/uploads/{first[1]}"), 404)
    equal(expect_status(send(d, FUXING, first[1], 0, data), 404).json["code"], "upload_gone")
    last = expect_status(open_upload(d, FUXING, data), 201).json["upload"]
    equal(d.service.sql(f"select string_agg(upload::text, ' ') from tributary.upload where office = '{FUXING}'"), last,
          "uploads left after they expired")


@test
def bytes_in_flight_are_limited_per_office(d):
    data = files.pdf(20 * MIB)
    d.service.sql(f"delete from tributary.upload where office = '{ZHONGLI}'")
    other = d.service.login("office", ZHONGLI, "a second token")
    for client in (d.office(ZHONGLI), other):
        for _ in range(5):
            expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": "a.pdf"}), 201)
    equal(expect_status(other.post(f"{d.base}/uploads", {"size": 1, "name": "a.pdf"}), 429).json["code"],
          "too_many_uploads")
    d.service.sql(f"delete from tributary.upload where office = '{ZHONGLI}'")


@test
def a_claimed_hash_must_be_given(d):
    data = files.pdf(30000, seed=8)
    right = upload(d, GUISHAN, data, sha256=sha256(data))
    wrong = upload(d, GUISHAN, data, sha256="0" * 64)
    submission = meeting(d)
    equal(expect_status(attach_to(d, GUISHAN, submission, wrong), 422).json["code"], "upload_differs")
    expect_status(attach_to(d, GUISHAN, submission, right), 201)
    give_up(d, GUISHAN, wrong)


@test(seconds=120)
def kinds_are_told_by_content_and_the_name_follows(d):
    submission = report(d, GUISHAN, "112Q1")
    macro = [("Basic/script-lc.xml", b"<x/>", False)]
    for data, given, name, kind in [
            (files.pdf(), "a.exe", "a.pdf", "application/pdf"), (files.png(), "照片.JPG", "照片.png", "image/png"),
            (files.jpeg(), "photo.JPEG", "photo.JPEG", "image/jpeg"), (files.odt(), "紀錄.odt", "紀錄.odt", files.ODT),
            (files.docx(), "紀錄", "紀錄.docx", files.DOCX)]:
        made = attached(d, GUISHAN, submission, data, given)
        equal((made["name"], made["type"]), (name, kind), given)
    html = b"<!DOCTYPE html><script>alert(1)</script>" * 20
    for data, code in [
            (html, "attachment_type_refused"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "attachment_type_refused"),
            (b"MZ" + bytes(500), "attachment_type_refused"), (b"\x7fELF" + bytes(500), "attachment_type_refused"),
            (b"#!/bin/sh\nrm -rf /\n", "attachment_type_refused"), (b"plain words", "attachment_type_refused"),
            (b"GIF89a" + bytes(100), "attachment_type_refused"), (html + files.pdf(), "attachment_type_refused"),
            (files.package([("a.txt", b"x", False)]), "attachment_type_refused"),
            (files.pdf() + files.package([("a.txt", b"x", False)]), "attachment_ambiguous"),
            (files.jpeg() + files.odt(), "attachment_ambiguous"),
            (files.pdf()[:-30], "attachment_damaged"), (files.png()[:-1], "attachment_damaged"),
            (files.jpeg()[:-2], "attachment_damaged"), (files.odt()[:-10], "attachment_damaged"),
            (files.odt(content=files.noise(200), stored=True), "attachment_encrypted"),
            (files.odt(more=[("encrypted-package", b"x", False)]), "attachment_encrypted"),
            (files.odt(more=macro), "attachment_macros"),
            (files.docx(more=[("word/vbaProject.bin", b"x", False)]), "attachment_macros")]:
        refused(d, GUISHAN, submission, data, code)


@test
def hostile_names_are_made_harmless(d):
    submission = report(d, GUISHAN, "112Q2")
    for given, name in [("../../etc/passwd", "passwd.pdf"), ("C:\\Windows\\a.pdf", "a.pdf"), ("..", "attachment.pdf"),
                        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"), ("\u202efdp.exe", "fdp.pdf"),
                        ("a\u200b\u2066b.pdf", "ab.pdf"), (".htaccess", "htaccess.pdf"), ("a\"b;.pdf", "a_b;.pdf"),
                        ("113.06.17 會議", "113.06.17 會議.pdf"), ("長" * 300, "長" * 194 + ".pdf")]:
        made = attached(d, GUISHAN, submission, files.pdf(seed=len(given) + 50), given)
        equal(made["name"], name, given)
        reply = expect_status(d.office(GUISHAN).get(f"/v1/attachments/{made['attachment']}"), 200)
        check(reply.header("set-cookie") is None, "a header was slipped in")
        encoded = reply.header("content-disposition").split("filename*=UTF-8''")[1]
        equal(urllib.parse.unquote(encoded), name, "filename*")


@test
def only_declared_kinds_are_taken_and_no_more_than_the_plan_says(d):
    given = upload(d, GUISHAN, files.pdf(seed=20))
    without = d.accepted(annual(GUISHAN, "112"))["submission"]
    submission = meeting(d)
    for where, slot in ((without, "evidence"), (submission, "photo")):
        equal(expect_status(attach_to(d, GUISHAN, where, given, slot), 404).json["code"], "no_such_slot")
    expect_status(attach_to(d, GUISHAN, submission, given, "minutes"), 201)
    made = [attached(d, GUISHAN, submission, files.pdf(seed=30 + i), slot="minutes") for i in range(4)]
    sixth = upload(d, GUISHAN, files.pdf(seed=40))
    equal(expect_status(attach_to(d, GUISHAN, submission, sixth, "minutes"), 409).json["code"], "attachment_slot_full")
    expect_status(d.office(GUISHAN).post(f"/v1/attachments/{made[0]['attachment']}/withdrawal", {"reason": "檔案錯誤"}), 201)
    expect_status(attach_to(d, GUISHAN, submission, sixth, "minutes"), 201)


@test
def attaching_again_answers_as_the_first_time(d):
    submission = meeting(d)
    given, key = upload(d, GUISHAN, files.pdf(seed=60)), {"Idempotency-Key": str(uuid.uuid4())}
    first = expect_status(attach_to(d, GUISHAN, submission, given, headers=key), 201)
    again = expect_status(attach_to(d, GUISHAN, submission, given, headers=key), 200)
    equal((again.json, again.header("idempotent-replay")), (first.json, "true"), "replay")
    equal(expect_status(attach_to(d, GUISHAN, submission, given), 200).json, first.json, "without the key")
    equal(expect_status(attach_to(d, GUISHAN, submission, given, "minutes"), 409).json["code"], "upload_used")
    equal(expect_status(attach_to(d, GUISHAN, meeting(d), given), 409).json["code"], "upload_used")
    other = upload(d, GUISHAN, files.pdf(seed=61))
    equal(expect_status(attach_to(d, GUISHAN, submission, other, headers=key), 409).json["code"], "idempotency_conflict")
    give_up(d, GUISHAN, other)
    for body, status in (({"slot": "evidence"}, 422), ({"upload": "x", "slot": "evidence"}, 422),
                         ({"upload": str(uuid.uuid4()), "slot": "evidence"}, 404)):
        expect_status(d.office(GUISHAN).post(f"/v1/submissions/{submission}/attachments", body), status)


@test
def a_required_kind_is_missing_in_the_obligation_until_it_is_attached(d):
    def missing(**query):
        answer = expect_status(d.office(ZHONGLI).get(f"{d.base}/obligations", year="114", **query), 200).json
        one, = (one for one in answer["obligations"] if one["form"] == "task-group-meeting")
        return one["missing_attachments"]
    equal(missing(), [], "while nothing is handed in")
    document = {"form": "task-group-meeting", "office": ZHONGLI, "period": "114", "fields": {"date": "2025-06-17", "kind": "regular"}}
    submission = d.accepted(document)["submission"]
    equal(missing(), ["minutes"], "after the hand-in")
    attached(d, ZHONGLI, submission, files.pdf(3000))
    equal(missing(), ["minutes"], "with evidence only")
    given = attached(d, ZHONGLI, submission, files.pdf(3001), slot="minutes")
    equal(missing(), [], "with minutes")
    expect_status(d.office(ZHONGLI).post(f"/v1/attachments/{given['attachment']}/withdrawal", {"reason": "誤傳"}), 201)
    equal(missing(), ["minutes"], "after they were withdrawn")
    equal(missing(as_of=given["recorded_at"]), [], "as it was before")


@test
def a_withdrawal_needs_a_reason_and_keeps_the_bytes(d):
    data, submission = files.png(), meeting(d)
    made = attached(d, GUISHAN, submission, data)
    where, client = f"/v1/attachments/{made['attachment']}/withdrawal", d.office(GUISHAN)
    for body in ({}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 2001}):
        expect_status(client.post(where, body), 422)
    expect_status(d.office(ZHONGLI).post(where, {"reason": "x"}), 404)
    expect_status(d.login("dbas").post(where, {"reason": "x"}), 403)
    gone = expect_status(client.post(where, {"reason": "傳錯檔案"}), 201).json
    equal(gone["withdrawn"]["reason"], "傳錯檔案")
    expect_status(client.post(where, {"reason": "傳錯檔案"}), 200)
    equal(expect_status(client.post(where, {"reason": "別的理由"}), 409).json["code"], "attachment_withdrawn")
    listed = d.geo.get(f"/v1/submissions/{submission}/attachments").json["attachments"]
    equal([one["withdrawn"]["reason"] for one in listed], ["傳錯檔案"], "listed")
    check(expect_status(client.get(f"/v1/attachments/{made['attachment']}"), 200).body == data, "the bytes are gone")


@test
def attachments_are_listed_on_every_revision_of_the_submission(d):
    first = d.accepted(quarterly(GUISHAN, "114Q1", courses=[]))
    made = attached(d, GUISHAN, first["submission"], files.odt(seed=9), "a.odt")
    second = d.accepted({**quarterly(GUISHAN, "114Q1", base=1), "tables": {"outreach": []}})
    for one in (first["submission"], second["submission"]):
        for client in (d.office(GUISHAN), d.geo):
            equal(client.get(f"/v1/submissions/{one}").json["attachments"], [made], "in the submission")
            equal(client.get(f"/v1/submissions/{one}/attachments").json, {"attachments": [made]}, "in the list")
    table = expect_status(d.geo.get(f"/v1/submissions/{first['submission']}/attachments", format="csv"), 200)
    check(made["attachment"].encode() in table.body and b"a.odt" in table.body, table.body)


@test
def an_office_sees_and_touches_no_file_of_another(d):
    data = files.pdf(seed=70)
    submission = meeting(d)
    given = upload(d, GUISHAN, data)
    other = d.office(ZHONGLI)
    for method in ("GET", "HEAD", "DELETE"):
        expect_status(other.request(method, f"/v1/uploads/{given}"), 404)
    expect_status(send(d, ZHONGLI, given, 0, data), 404)
    expect_status(attach_to(d, ZHONGLI, submission, given), 404)
    expect_status(attach_to(d, ZHONGLI, meeting(d, ZHONGLI), given), 404)
    made = expect_status(attach_to(d, GUISHAN, submission, given), 201).json
    expect_status(attach_to(d, ZHONGLI, meeting(d, ZHONGLI), given), 404)
    for path in (f"/v1/attachments/{made['attachment']}", f"/v1/submissions/{submission}/attachments",
                 f"/v1/attachments/{uuid.uuid4()}", "/v1/attachments/x"):
        expect_status(other.get(path), 404)
    expect_status(d.service.client().get(f"/v1/attachments/{made['attachment']}"), 401)
    for role in ("geo", "auditor", "supervision"):
        check(d.login(role).get(f"/v1/attachments/{made['attachment']}").body == data, role)


@test
def the_same_file_is_stored_once_and_no_office_learns_it(d):
    data = files.pdf(300000, seed=80)
    one = attached(d, GUISHAN, meeting(d), data)
    before = int(d.service.sql("select count(*) from tributary.attachment_piece"))
    two = attached(d, ZHONGLI, meeting(d, ZHONGLI), data)
    equal(int(d.service.sql("select count(*) from tributary.attachment_piece")), before, "pieces")
    equal(int(d.service.sql("select count(*) from tributary.attachment_content where sha256 = "
                            f"decode('{sha256(data)}', 'hex')")), 1, "contents")
    equal(set(one), set(two), "members told")
    check(one["attachment"] != two["attachment"], "one attachment for two offices")
    for office, made in ((GUISHAN, one), (ZHONGLI, two)):
        check(d.office(office).get(f"/v1/attachments/{made['attachment']}").body == data, "other bytes")
    expect_status(d.office(ZHONGLI).get(f"/v1/attachments/{one['attachment']}"), 404)
    equal(expect_status(d.office(ZHONGLI).get(f"/v1/submissions/{two['submission']}/attachments"), 200)
          .json["attachments"], [two], "the list of the second office")


@test
def downloads_resume_by_ranges(d):
    data = files.pdf(700000, seed=90)
    made = attached(d, GUISHAN, meeting(d), data)
    path, client, size = f"/v1/attachments/{made['attachment']}", d.office(GUISHAN), len(data)
    etag = f'"{sha256(data)}"'
    for asked, first, last in [("0-0", 0, 0), ("0-", 0, size - 1), ("100-", 100, size - 1), ("262143-262144", 262143, 262144),
                               ("5-600000", 5, 600000), ("-10", size - 10, size - 1), (f"-{size * 2}", 0, size - 1),
                               (f"10-{size * 3}", 10, size - 1)]:
        reply = expect_status(client.get(path, headers={"Range": f"bytes={asked}"}), 206)
        equal(reply.header("content-range"), f"bytes {first}-{last}/{size}", asked)
        equal(reply.header("content-length"), str(last - first + 1), asked)
        check(reply.body == data[first:last + 1], f"other bytes for {asked}")
    for asked in (f"{size}-", f"{size}-{size + 5}", "-0"):
        reply = expect_status(client.get(path, headers={"Range": f"bytes={asked}"}), 416)
        equal(reply.header("content-range"), f"bytes */{size}", asked)
    for asked in ("bytes=5-1", "bytes=a-b", "bytes=0-1,5-6", "items=0-1", "bytes=", "bytes=-"):
        check(expect_status(client.get(path, headers={"Range": asked}), 200).body == data, asked)
    expect_status(client.get(path, headers={"Range": "bytes=0-1", "If-Range": etag}), 206)
    expect_status(client.get(path, headers={"Range": "bytes=0-1", "If-Range": '"other"'}), 200)
    expect_status(client.get(path, headers={"If-None-Match": etag}), 304)
    head = expect_status(client.request("HEAD", path), 200)
    equal((head.header("content-length"), head.header("accept-ranges"), head.body), (str(size), "bytes", b""), "HEAD")


@test
def a_reader_who_leaves_in_the_middle_harms_nobody(d):
    data = files.pdf(5 * MIB, seed=91)
    made = attached(d, GUISHAN, meeting(d), data)

    for wanted in (0, 1, 100000, 1000000):
        with socket.create_connection(("127.0.0.1", d.service.port), timeout=10) as line:
            line.sendall(f"GET /v1/attachments/{made['attachment']} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                         f"{d.geo.token}\r\n\r\n".encode())
            got = 0
            while got < wanted:
                got += len(line.recv(65536))
    check(d.geo.get(f"/v1/attachments/{made['attachment']}").body == data, "other bytes")


@test
def a_reader_who_stands_still_does_not_hold_up_the_end(d):
    made = attached(d, GUISHAN, meeting(d), files.pdf(8 * MIB, seed=92))
    with socket.create_connection(("127.0.0.1", d.service.port), timeout=10) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(f"GET /v1/attachments/{made['attachment']} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                     f"{d.geo.token}\r\n\r\n".encode())
        line.recv(1000)
        began = time.monotonic()
        d.service.stop()
        check(time.monotonic() - began < 10 * SLOWNESS, "the end waited for a reader who takes nothing")
        d.service.start()
    for client in (d.geo, d.office(GUISHAN), d.office(ZHONGLI)):
        client.forget()
    check(len(d.geo.get(f"/v1/attachments/{made['attachment']}").body) == 8 * MIB, "other bytes")


@test
def verify_reads_every_byte_and_sees_what_was_changed(d):
    made = attached(d, GUISHAN, meeting(d), files.pdf(600000, seed=95))
    said = d.service.command("verify").stdout.decode()
    check(re.search(r"[1-9]\d* attached files.* 0 faults", said), said)
    content = d.service.sql(f"select content from tributary.attachment where attachment = '{made['attachment']}'")
    change = "set session_replication_role = replica; "
    for do, undo, words in [
            (f"update tributary.attachment_piece set bytes = set_byte(bytes, 1000, get_byte(bytes, 1000) # 1) "
             f"where content = '{content}' and start = 262144", None, "its bytes don't give its hash"),
            (f"update tributary.attachment set name = 'other.pdf' where attachment = '{made['attachment']}'",
             f"update tributary.attachment set name = 'minutes.pdf' where attachment = '{made['attachment']}'",
             "(attachment): what is stored says otherwise")]:
        d.service.sql(change + do)
        done = d.service.command("verify", check=False)
        check(done.returncode == 1 and words in done.stdout.decode(), done.stdout.decode())
        d.service.sql(change + (undo or do))
    check(" 0 faults" in d.service.command("verify").stdout.decode(), "faults after all was put right")


@test
def the_store_itself_keeps_the_bytes_of_attachments(d):
    attached(d, GUISHAN, meeting(d), files.pdf(seed=97))
    for statement in ("delete from tributary.attachment_piece", "update tributary.attachment_piece set start = start + 1",
                      "truncate tributary.attachment_piece", "delete from tributary.attachment_content",
                      "delete from tributary.attachment", "update tributary.attachment set name = 'x'"):
        done = d.service.cluster.sql(statement, d.service.database, "tributary_owner", check=False)
        check(done.returncode != 0 and ("append-only" in done.stderr or "stay" in done.stderr), f"{statement}: {done.stderr}")


if __name__ == "__main__":
    suite.run()
