#!/usr/bin/env python3
"""Packs: frozen with their moment and bytes, given back, made again, compared; by whom, and held against the log."""
import contextlib
import copy
import hashlib
import json
import pathlib
import sys
import threading
import urllib.parse
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import decide, rule  # noqa: E402
from deciding import meeting as held_meeting  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, annual, desk, quarterly  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Client, Suite, check, equal, expect_status, free_port  # noqa: E402

FORMATS = ("json", "ods", "odt", "pdf")
TAOYUAN = "68000010"
OF_GROUP_1 = {"body": "liaison", "unit": "group-1", "year": 113}


@contextlib.contextmanager
def filled_desk():
    """Two offices of the two groups reported."""
    with desk() as d:
        d.supervision = d.login("supervision")
        for office in (GUISHAN, ZHONGLI):
            d.accepted(annual(office, "112"))
            d.accepted(annual(office, "113"))
            d.accepted(quarterly(office))
        yield d


suite = Suite(filled_desk)
test = suite.test


def freeze(d, status=None, client=None, headers=None, **order):
    reply = (client or d.supervision).post(f"{d.base}/packs", order or OF_GROUP_1, headers)
    expect_status(reply, *([status] if status else [200, 201]))
    return reply.json


def file_of(d, pack, form, client=None, status=200, headers=None, method="GET"):
    path = f"/v1/packs/{pack['pack']}/file?format={form}"
    return expect_status((client or d.supervision).request(method, path, None, headers), status)


def files_of(d, pack, client=None):
    return {one["format"]: file_of(d, pack, one["format"], client).body for one in pack["files"]}


def check_of(d, pack, client=None):
    return expect_status((client or d.supervision).get(f"/v1/packs/{pack['pack']}/check"), 200).json


def change_figure(d, office=GUISHAN):
    """A new revision of an annual report that says of one more person less (or again of all) that they were trained."""
    base = max(one["revision"] for one in d.listed(office=office, period="112") if one["form"] == annual(office, "112")["form"])
    d.accepted(annual(office, "112", base, **{"general.gm2h.m": 55 - base}))


def verify(d, *words, faults=0):
    done = d.service.command("verify", *words, check=False)
    equal(done.returncode != 0, faults != 0, done.stdout.decode() + done.stderr.decode())
    return done.stdout.decode()


@test
def a_pack_is_frozen_and_given_back_byte_for_byte(d):
    pack = freeze(d)
    equal((pack["body"], pack["unit"], pack["year"], pack["basis"], pack["language"], pack["seen_as"], pack["meeting"]),
          ("liaison", "group-1", 113, "latest", "zh", "supervision", None), "what it is")
    equal(pack["title"], "113年度第1組性別平等業務聯繫會議會議資料", "title")
    equal(tuple(one["format"] for one in pack["files"]), FORMATS, "formats")
    before = files_of(d, pack)
    for one in pack["files"]:
        body = before[one["format"]]
        equal((len(body), hashlib.sha256(body).hexdigest()), (one["size"], one["sha256"]), one["format"])
    check(before["pdf"].startswith(b"%PDF-"), "a PDF")
    check(zipfile.ZipFile(__import__("io").BytesIO(before["odt"])).read("mimetype").endswith(b".text"), "an ODT")
    change_figure(d)
    equal(files_of(d, pack), before, "given back after more was recorded")
    again = expect_status(d.supervision.get(f"/v1/packs/{pack['pack']}"), 200).json
    equal({key: again[key] for key in again if key != "sources"}, {key: pack[key] for key in again if key != "sources"}, "told again")
    check(again["sources"]["revision"], "revisions stand behind it")


@test
def its_json_says_what_it_answers(d):
    pack = freeze(d)
    model = json.loads(file_of(d, pack, "json").body)
    equal(model["question"], {"plan": d.plan, "plan_version": pack["plan_version"], "body": "liaison", "unit": "group-1", "year": 113,
                              "meeting": None, "basis": "latest", "language": "zh", "as_of": pack["as_of"],
                              "log_sequence": pack["log_sequence"]}, "the question")
    moment = d.service.sql(f"select tributary.moment_text(recorded_at) from tributary.log_entry where sequence = {pack['log_sequence']}")
    equal(moment, pack["as_of"], "the moment of the newest entry")
    equal(model["sources"], expect_status(d.supervision.get(f"/v1/packs/{pack['pack']}"), 200).json["sources"], "sources")
    headings = [block["text"] for block in model["blocks"] if block["kind"] == "heading" and block["level"] == 1]
    for wanted in ("會議議程", "確認前次會議紀錄", "歷次會議決議列管情形", "討論事項", "臨時動議"):
        check(wanted in headings, f"{wanted} is missing: {headings}")


@suite.test(seconds=240)
def what_says_the_same_is_not_frozen_again(d):
    pack = freeze(d)
    count = d.service.sql("select count(*) from tributary.pack")
    d.login("auditor")  # an entry of the log that changes no figure
    again = freeze(d, 200)
    equal((again["pack"], again["unchanged"]), (pack["pack"], True), "the same pack")
    equal(d.service.sql("select count(*) from tributary.pack"), count, "packs")
    other = freeze(d, 201, **{**OF_GROUP_1, "language": "en"})
    check(other["pack"] != pack["pack"] and other["title"].startswith("Liaison meeting"), other["title"])
    freeze(d, 201, **{**OF_GROUP_1, "basis": "official"})
    change_figure(d)
    newer = freeze(d, 201)
    check(newer["pack"] != pack["pack"] and newer["unchanged"] is False, "a figure changed")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = freeze(d, 200, headers=key)
    change_figure(d)
    replayed = freeze(d, 200, headers=key)
    equal(replayed["pack"], first["pack"], "the same key is answered alike")
    expect_status(d.supervision.post(f"{d.base}/packs", {**OF_GROUP_1, "language": "en"}, key), 409)


@test
def files_are_sent_as_files(d):
    pack = freeze(d)
    sha256 = {one["format"]: one["sha256"] for one in pack["files"]}
    reply = file_of(d, pack, "odt")
    equal(reply.header("etag"), f'"{sha256["odt"]}"', "entity tag")
    check(urllib.parse.quote("113年度第1組性別平等業務聯繫會議會議資料.odt") in reply.header("content-disposition"), "its name")
    equal(reply.header("content-type"), "application/vnd.oasis.opendocument.text", "its type")
    head = file_of(d, pack, "odt", method="HEAD")
    equal((head.body, head.header("content-length")), (b"", str(len(reply.body))), "HEAD")
    file_of(d, pack, "odt", status=304, headers={"If-None-Match": f'"{sha256["odt"]}"'})
    part = file_of(d, pack, "odt", status=206, headers={"Range": "bytes=10-19"})
    equal((part.body, part.header("content-range")), (reply.body[10:20], f"bytes 10-19/{len(reply.body)}"), "a part")
    equal(file_of(d, pack, "odt", status=206, headers={"Range": "bytes=-5"}).body, reply.body[-5:], "its end")
    file_of(d, pack, "odt", status=416, headers={"Range": f"bytes={len(reply.body)}-"})
    equal(file_of(d, pack, "odt", headers={"Range": "bytes=0-1", "If-Range": '"x"'}).body, reply.body, "of another version")
    for bad in ("docx", "", "ODT", "odt/"):
        file_of(d, pack, bad, status=406)


@suite.test(seconds=240)
def made_again_it_is_the_same(d):
    pack = freeze(d)
    change_figure(d)
    d.accepted(annual(ZHONGLI, "114"))
    seated = {"unit": "group-1", "name": "範例", "sex": "f", "seat": "external", "role": "member", "from": "2020-01-01"}
    expect_status(d.geo.post(f"{d.base}/bodies/liaison/members", seated), 201)
    for client in (d.supervision, d.login("auditor"), d.office(GUISHAN)):
        answer = check_of(d, pack, client)
        equal((answer["same_release"], answer["same_figures"], [one["same"] for one in answer["files"]]), (True, True, [True] * 4), "made again")
    newest = freeze(d)
    check(newest["pack"] != pack["pack"], "what was recorded since stands in a new one")
    verify(d, "--packs")


@suite.test(seconds=240)
def bytes_that_were_changed_are_told_and_never_given(d):
    """One byte of one file at a time, behind the daemon's back: only that format is damaged, and it isn't given out."""
    pack = freeze(d)
    equal([one["stored"] for one in check_of(d, pack)["files"]], [True] * 4, "before")
    kept = files_of(d, pack)
    for form in FORMATS:
        row = f"where pack = '{pack['pack']}' and format = '{form}'"
        middle = len(kept[form]) // 2
        flip = f"update tributary.pack_file set bytes = set_byte(bytes, {middle}, get_byte(bytes, {middle}) # 1) {row}"
        d.service.sql(f"set session_replication_role = replica; {flip}")
        answer = check_of(d, pack)
        equal({one["format"]: (one["stored"], one["same"]) for one in answer["files"]},
              {one: (one != form, one != form) for one in FORMATS}, f"{form}: what is told")
        equal(answer["same_figures"], True, f"{form}: the figures are held against what the log holds")
        for headers in (None, {"Range": "bytes=0-9"}, {"If-None-Match": '"x"'}):
            reply = file_of(d, pack, form, status=500, headers=headers)
            equal((reply.json["code"], reply.header("etag")), ("pack_damaged", None), f"{form}: refused")
        equal({one: file_of(d, pack, one).body for one in FORMATS if one != form}, {one: kept[one] for one in FORMATS if one != form}, "the others are given")
        expect_status(d.supervision.get(f"/v1/packs/{pack['pack']}/changes", since=pack["pack"]), 500 if form == "json" else 200)
        verify(d, faults=1)
        verify(d, "--packs", faults=1)
        check(form in tributary(d, d.supervision, "pack", "check", pack["pack"], status=1), "the client says so")
        d.service.sql(f"set session_replication_role = replica; {flip}")
    equal(files_of(d, pack), kept, "all as they were")
    verify(d, "--packs")


def as_another_release_froze(d, pack, change):
    """Rewrites a frozen pack, consistently, as another release would have made it: change(model) words it otherwise."""
    model = json.loads(file_of(d, pack, "json").body)
    change(model)
    data = json.dumps(model, ensure_ascii=False, separators=(",", ":")).encode().hex()
    d.service.sql(f"set session_replication_role = replica; update tributary.pack_file set bytes = '\\x{data}', sha256 = sha256('\\x{data}')"
                  f" where pack = '{pack['pack']}' and format = 'json';"
                  f" update tributary.pack set release = 'another', model_sha256 = sha256('another') where pack = '{pack['pack']}'")


@suite.test(seconds=240)
def other_words_of_another_release_are_a_notice(d):
    """Its rows no longer fit the log, which verify says; whether --packs has a fault of its own is what is looked at."""
    pack = freeze(d)
    check("packs" not in verify(d) and "packs checked" in verify(d, "--packs"), "packs are counted where they are made again")

    def cells(model, holding):
        return [(row["texts"], place) for block in model["blocks"] if block["kind"] == "table" for row in block["rows"] if row["kind"] != "group"
                for place, column in enumerate(block["columns"]) if place >= max(1, block["key_columns"]) and column["holding"] == holding]

    def other_words(model):
        for texts, place in cells(model, "words"):
            texts[place] = f"（{texts[place]}）"
        for texts, place in cells(model, "number"):
            texts[place] = "無" if texts[place] == "—" else texts[place]

    def other_figure(model):
        texts, place = next((texts, place) for texts, place in cells(model, "number") if (texts[place] or "").isdigit())
        texts[place] = str(int(texts[place]) + 1)

    d.service.sql("create table kept_of as select * from tributary.pack; create table kept_of_file as select * from tributary.pack_file")
    for change, fault, figures in ((other_words, False, True), (other_figure, True, False)):
        as_another_release_froze(d, pack, change)
        said = verify(d, "--packs", faults=1)
        equal("says something else" in said, fault, said)
        equal(f"NOTICE pack {pack['pack']}: another release (another) froze it" in said, not fault, said)
        answer = check_of(d, pack)
        equal((answer["same_release"], answer["same_figures"]), (False, figures), "checked by the daemon")
        d.service.sql("set session_replication_role = replica; delete from tributary.pack_file; delete from tributary.pack;"
                      " insert into tributary.pack select * from kept_of; insert into tributary.pack_file select * from kept_of_file")
    d.service.sql("drop table kept_of; drop table kept_of_file")
    verify(d, "--packs")


@suite.test(seconds=240)
def each_kind_of_body_has_one(d):
    for order in ({"body": "task-group", "unit": GUISHAN}, {"body": "liaison", "unit": "group-2"}, {"body": "promotion-group"},
                  {"body": "council"}, {"body": "special-group", "unit": "education"}, {"body": "division-health"}):
        language = "en" if order["body"] in ("task-group", "council") else "zh"
        pack = freeze(d, **order, year=113, language=language)
        model = json.loads(file_of(d, pack, "json").body)
        check(model["head"]["title"] and model["head"]["language"] == language, str(order))
        equal(check_of(d, pack)["same_figures"], True, f"{order} made again")
    equal(freeze(d, body="task-group", unit=GUISHAN, year=113)["title"], "113年度龜山區公所性別平等專案小組會議資料", "said once")


@suite.test(seconds=240)
def who_may_do_what(d):
    office, other = d.office(GUISHAN), d.office(ZHONGLI)
    mine = freeze(d, 201, office, body="task-group", year=112)
    equal((mine["unit"], mine["seen_as"]), (GUISHAN, "office"), "an office's own")
    for client, order in ((office, {"body": "task-group", "unit": ZHONGLI}), (office, OF_GROUP_1), (office, {"body": "council"}),
                          (d.login("dbas"), OF_GROUP_1), (d.login("auditor"), OF_GROUP_1), (d.login("admin"), OF_GROUP_1)):
        expect_status(client.post(f"{d.base}/packs", order), 403)
    group, city = freeze(d), freeze(d, body="council", year=113)
    def seen(client):
        return {one["pack"] for one in expect_status(client.get(f"{d.base}/packs"), 200).json["packs"]}
    check({mine["pack"], group["pack"], city["pack"]} <= seen(office), "what an office of the group sees")
    equal({mine["pack"], group["pack"]} & seen(other), set(), "what an office of the other group doesn't")
    check(city["pack"] in seen(other), "the city's")
    check({mine["pack"], group["pack"], city["pack"]} <= seen(d.login("dbas")), "who may read all")
    for path in ("", "/file", "/file?format=pdf", "/check", f"/changes?since={group['pack']}"):
        expect_status(other.get(f"/v1/packs/{mine['pack']}{path}"), 404)
        expect_status(d.service.client().get(f"/v1/packs/{mine['pack']}{path}"), 401)
    equal(check_of(d, mine, d.supervision)["same_figures"], True, "checked by the rights it was made by")
    equal(file_of(d, group, "pdf", office).body[:5], b"%PDF-", "an office of the group gets its file")


@suite.test(seconds=240)
def what_changed_since(d):
    before = freeze(d)
    change_figure(d)
    after = freeze(d, 201)
    path = f"/v1/packs/{after['pack']}/changes"
    answer = expect_status(d.supervision.get(path, since=before["pack"]), 200).json
    equal((answer["pack"], answer["since"], answer["unchanged"]), (after["pack"], before["pack"], False), "which two")
    revision = [one for one in answer["sources"] if one["kind"] == "revision"]
    equal([(one["change"], one["after"]["office"], one["after"]["number"] - one["before"]["number"]) for one in revision],
          [("changed", GUISHAN, 1)], "the revision behind it")
    check("龜山" in revision[0]["zh"] and "Guishan" in revision[0]["en"], str(revision[0]))
    models = {key: json.loads(file_of(d, pack, "json").body) for key, pack in (("before", before), ("after", after))}
    told = {(table["caption"], *row["row"]) for table in answer["tables"] for row in table["rows"]}
    check(told, "some row changed")
    equal(told, rows_that_differ(models["before"], models["after"]), "rows that differ, found by themselves")
    equal(expect_status(d.supervision.get(path, since=after["pack"]), 200).json["unchanged"], True, "since itself")
    for form, start in (("odt", b"PK"), ("pdf", b"%PDF-"), ("ods", b"PK")):
        reply = expect_status(d.supervision.get(path, since=before["pack"], format=form), 200)
        check(reply.body.startswith(start), form)
    for form in ("csv", "xlsx", "x"):
        expect_status(d.supervision.get(path, since=before["pack"], format=form), 406)
    other = freeze(d, body="council", year=113)
    expect_status(d.supervision.get(path, since=other["pack"]), 409)
    expect_status(d.supervision.get(path, since=str(uuid.uuid4())), 404)
    expect_status(d.supervision.get(path, since="x"), 404)
    expect_status(d.supervision.get(path), 400)


def rows_of(model):
    """Every row of every table by caption, what it stands under and its first columns; the other cells."""
    rows = {}
    for block in model["blocks"]:
        if block["kind"] != "table":
            continue
        under = ""
        for row in block["rows"]:
            if row["kind"] == "group":
                under = row["texts"][0]
                continue
            key, again = (block["caption"], under, *row["texts"][:block["key_columns"]]), 1
            while (*key, again) in rows:
                again += 1
            rows[(*key, again)] = row["texts"]
    return rows


def rows_that_differ(before, after):
    old, new = rows_of(before), rows_of(after)
    return {(key[0], *key[2:-1]) for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


@suite.test(seconds=240)
def lists_are_paged_and_given_as_tables(d):
    for number in range(3):
        change_figure(d)
        freeze(d, 201)
    whole = expect_status(d.supervision.get(f"{d.base}/packs", body="liaison", unit="group-1", year=113), 200).json
    paged, after = [], None
    while True:
        page = expect_status(d.supervision.get(f"{d.base}/packs", body="liaison", unit="group-1", year=113, limit=2,
                                               **({"after": after} if after else {})), 200).json
        paged += page["packs"]
        after = page["next"]
        if after is None:
            break
    equal([one["pack"] for one in paged], [one["pack"] for one in whole["packs"]], "page by page")
    check(all(one["sequence"] > two["sequence"] for one, two in zip(paged, paged[1:])), "the newest first")
    table = expect_status(d.supervision.get(f"{d.base}/packs", format="csv"), 200).body.decode("utf-8-sig")
    check(whole["packs"][0]["pack"] in table, table[:200])


@test
def what_makes_no_sense_is_refused(d):
    for order, status in (({}, 422), ({"body": "x"}, 404), ({"body": "liaison"}, 404), ({"body": "liaison", "unit": "x"}, 404),
                          ({"body": "liaison", "unit": GUISHAN}, 404), ({**OF_GROUP_1, "year": 99}, 422),
                          ({**OF_GROUP_1, "year": "113"}, 422), ({**OF_GROUP_1, "year": 113.5}, 400), ({**OF_GROUP_1, "year": 4294967409}, 422),
                          ({**OF_GROUP_1, "basis": "x"}, 422), ({**OF_GROUP_1, "language": "fr"}, 422), ({**OF_GROUP_1, "x": 1}, 422),
                          ({**OF_GROUP_1, "meeting": "x"}, 409), ({**OF_GROUP_1, "meeting": str(uuid.uuid4())}, 409),
                          ({**OF_GROUP_1, "unit": "group-1'; drop table"}, 404), ({**OF_GROUP_1, "body": 5}, 422), ({"body": "council", "unit": "x"}, 404),
                          ([], 422)):
        reply = d.supervision.post(f"{d.base}/packs", order)
        check(400 <= reply.status < 500, f"{order}: {reply}")
        check(reply.status in (status, 400, 422), f"{order}: {reply}")
    for path in ("x", "%00", "0" * 5000, str(uuid.uuid4()), str(uuid.uuid4()).upper()):
        reply = d.supervision.get(f"/v1/packs/{path}")
        check(reply.status in (400, 404, 414), f"{path[:40]}: {reply.status}")
    for query in ({"limit": 0}, {"limit": "x"}, {"after": "x"}, {"after": "9" * 30}, {"year": "x"}, {"body": "x"}, {"x": 1}):
        reply = d.supervision.get(f"{d.base}/packs", **query)
        equal(reply.status, 400, f"{query}: {reply}")
    expect_status(d.supervision.post("/v1/plans/none/packs", OF_GROUP_1), 404)


@suite.test(seconds=240)
def the_daemon_restarts_and_a_second_one_gives_the_same(d):
    pack = freeze(d)
    before = files_of(d, pack)
    d.service.stop()
    d.service.start()
    equal(files_of(d, pack), before, "after a restart")
    equal([one["same"] for one in check_of(d, pack)["files"]], [True] * 4, "made again after a restart")
    second = copy.copy(d.service)
    second.port, second.log_path, second.process = free_port(), d.service.folder / "second.log", None
    second.environment = {**d.service.environment, "TRIBUTARY_PORT": str(second.port)}
    second.start()
    try:
        client = Client(second.port, d.supervision.token, 60)
        equal(files_of(d, pack, client), before, "by another daemon")
        equal([one["same"] for one in check_of(d, pack, client)["files"]], [True] * 4, "made again by another daemon")
        equal(freeze(d, 200, client)["pack"], pack["pack"], "nothing new there")
    finally:
        second.stop()


@test
def a_file_comes_in_the_form_that_accept_or_format_asks(d):
    one = freeze(d)["pack"]
    odt, pdf = "application/vnd.oasis.opendocument.text", "application/pdf"
    for accept, query, media in ((None, {}, odt), (pdf, {}, pdf), ("*/*", {}, odt), ("application/*", {}, odt), ("application/json", {}, "application/json"),
                                 (f"{odt};q=0.5, {pdf}", {}, pdf), (f"image/png, {pdf};q=0.1", {}, pdf), (pdf, {"format": "odt"}, odt)):
        reply = expect_status(d.geo.get(f"/v1/packs/{one}/file", headers={"Accept": accept} if accept else {}, **query), 200)
        equal(reply.header("content-type"), media, f"{accept} {query}")
    for accept, query in (("image/png", {}), (f"{pdf};q=0", {}), (None, {"format": "docx"})):
        expect_status(d.geo.get(f"/v1/packs/{one}/file", headers={"Accept": accept} if accept else {}, **query), 406)


@suite.test(seconds=240)
def many_at_once_freeze_one(d):
    change_figure(d)
    replies = []

    def ask():
        client = Client(d.service.port, d.supervision.token, 60)
        replies.append(client.request("POST", f"{d.base}/packs", json.dumps(OF_GROUP_1).encode(), {"Content-Type": "application/json"}, True))
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = [reply for reply in replies if reply.status in (200, 201)]
    check(all(reply.status in (200, 201, 409, 503) for reply in replies), str([reply.status for reply in replies]))
    check(answered and len({reply.json["pack"] for reply in answered}) == 1, str([reply.status for reply in replies]))
    equal(sum(reply.status == 201 for reply in answered), 1, "frozen once")


@suite.test(seconds=240)
def a_meeting_is_laid_out(d):
    planned = {"body": "liaison", "unit": "group-2", "year": 113, "state": "planned", "day": "2099-09-12", "begins": "14:00", "place": "中壢區公所"}
    meeting = expect_status(d.supervision.post(f"{d.base}/meetings", planned), 201).json["meeting"]
    items = [{"kind": "report", "title": "評核作業說明", "proposer": "性別平等辦公室", "explanation": "如附件。"},
             {"kind": "discussion", "title": "輪值秘書單位案", "explanation": "依計畫辦理。", "proposal": "由平鎮區公所擔任。"}]
    expect_status(d.supervision.request("PUT", f"/v1/meetings/{meeting}/agenda", json.dumps({"items": items}).encode(),
                                        {"Content-Type": "application/json", "If-Match": '"0"'}), 200)
    pack = freeze(d, body="liaison", unit="group-2", year=113)
    asked = freeze(d, body="liaison", unit="group-2", year=113, meeting=meeting)
    equal((pack["meeting"], asked["meeting"]), (None, meeting), "for whichever comes next, or for this one")
    model = json.loads(file_of(d, pack, "json").body)
    words = json.dumps(model, ensure_ascii=False)
    for wanted in ("民國188年9月12日（星期六） 14:00", "中壢區公所", "評核作業說明", "輪值秘書單位案", "由平鎮區公所擔任。", "決定：", "決議："):
        check(wanted in words, f"{wanted} is missing")
    check(meeting in model["sources"]["meeting"], "the meeting stands behind it")
    expect_status(d.supervision.post(f"{d.base}/packs", {**OF_GROUP_1, "meeting": meeting}), 409)
    made = {"title": "網頁改版", "text": "照案通過。", "kind": "resolution", "due_on": "2024-06-30", "owners": [{"office": ZHONGLI}]}
    held = {"body": "liaison", "unit": "group-2", "year": 112, "state": "held", "day": "2023-09-12"}
    earlier = expect_status(d.supervision.post(f"{d.base}/meetings", held), 201).json["meeting"]
    decision = expect_status(d.supervision.post(f"/v1/meetings/{earlier}/decisions", made), 201).json
    newer = freeze(d, 201, body="liaison", unit="group-2", year=113)
    table = [block for block in json.loads(file_of(d, newer, "json").body)["blocks"] if block.get("key") == "decisions"][0]
    equal([row["texts"][0] for row in table["rows"]], [decision["number"]], "what is open enters by itself")
    expect_status(d.office(ZHONGLI).post(f"/v1/decisions/{decision['decision']}/progress", {"text": "已完成。", "proposes": "close"}), 201)
    last = freeze(d, 201, body="liaison", unit="group-2", year=113)
    answer = expect_status(d.supervision.get(f"/v1/packs/{last['pack']}/changes", since=newer["pack"]), 200).json
    check(any(one["kind"] == "decision" and one["change"] == "changed" for one in answer["sources"]), "its progress is a change")
    back = tributary(d, d.supervision, "pack", "changes", pack["pack"], newer["pack"])
    check(f"不再引用　列管事項 {decision['number']}" in back and "刪除　列管事項" not in back, "what an older pack doesn't rest on isn't deleted: " + back)
    equal(check_of(d, newer)["same_figures"], True, "made again before the progress")


@suite.test(seconds=240)
def a_task_group_confirms_the_newest_record_that_had_its_quorum(d):
    def record(day, present, decision):
        return d.accepted({"form": "task-group-meeting", "office": FUXING, "period": "114", "fields": {
            "date": day, "kind": "regular", "members": 12, "present.m": present, "present.f": 4},
            "tables": {"agenda": [{"no": "1", "kind": "discussion", "title": "案由甲"}], "decisions": [{"no": "1", "text": decision, "owner": "人事室"}]},
            "notes": {name: "名冊另送" for name in ("fields.members", "fields.present.m", "fields.present.f")}})["submission"]

    def minutes():
        frozen = freeze(d, body="task-group", unit=FUXING, year=114)
        blocks = json.loads(file_of(d, frozen, "json").body)["blocks"]
        start = next(i for i, one in enumerate(blocks) if one["kind"] == "heading" and one["text"] == "確認前次會議紀錄")
        end = next(i for i, one in enumerate(blocks[start + 1:], start + 1) if one["kind"] == "heading")
        return json.dumps(blocks[start:end], ensure_ascii=False), frozen
    said, _ = minutes()
    check("尚無前次會議" in said, said)
    counted = record("2025-04-15", 4, "照案通過。")
    record("2025-06-10", 1, "不應出現。")
    said, frozen = minutes()
    check("民國114年4月15日" in said and "照案通過。" in said and "案由甲" in said, said)
    check("不應出現。" not in said, "a meeting of five of twelve made no minutes to confirm")
    check(counted in json.dumps(frozen), "its revision is among the sources")
    expect_status(d.geo.post(f"{d.base}/meetings", {"body": "task-group", "unit": FUXING, "day": "2025-04-10"}), 201)
    check("尚無前次會議" in minutes()[0], "nothing was held before that day")


@suite.test(seconds=240)
def papers_of_a_past_meeting_show_what_it_found_open(d):
    """What it closed itself stands there with its ruling; what later meetings decided doesn't."""
    before, now, after = (held_meeting(d, "liaison", "group-1", day) for day in ("2023-09-14", "2024-09-14", "2025-09-14"))
    one = decide(d, before, owners=[{"office": GUISHAN}, {"office": TAOYUAN}], due_on="2026-06-30")
    decide(d, after, owners=[{"office": GUISHAN}], due_on="2026-06-30")
    rule(d.geo, one["decision"], now, (1, "close"), (2, "continue"))
    rule(d.geo, one["decision"], after, (2, "close"))
    pack = freeze(d, body="liaison", unit="group-1", year=113, meeting=now)
    blocks = json.loads(file_of(d, pack, "json").body)["blocks"]
    table = [block for block in blocks if block.get("key") == "decisions"][0]
    rows = [(row["texts"][0], row["texts"][6] or "", row["texts"][7] or "") for row in table["rows"]]
    number = one["number"]
    equal(rows, [(number, "", "解除列管"), (number, "", "繼續列管")], "both owners as 113 found them, and what it ruled")
    check("列管中計 1 案" in json.dumps(blocks, ensure_ascii=False), "the count is of the rows")


@suite.test(seconds=240)
def the_log_holds_it(d):
    pack = freeze(d)
    verify(d)
    row, file = f"where pack = '{pack['pack']}'", f"where pack = '{pack['pack']}' and format = 'pdf'"
    d.service.sql("set session_replication_role = replica; create table kept as select * from tributary.pack; create table kept_file as select * from tributary.pack_file")
    for change in (f"update tributary.pack set title = 'x' {row}", f"update tributary.pack set sources = '{{}}' {row}",
                   f"update tributary.pack set as_of = as_of - interval '1 microsecond' {row}", f"update tributary.pack set meeting = null, year = 112 {row}",
                   f"update tributary.pack_file set bytes = bytes || 'x' {file}", f"delete from tributary.pack_file {file}",
                   f"update tributary.pack_file set bytes = 'x', sha256 = sha256('x') {file}"):
        d.service.sql(f"set session_replication_role = replica; {change}")
        verify(d, faults=1)
        d.service.sql("set session_replication_role = replica; delete from tributary.pack_file; delete from tributary.pack;"
                      " insert into tributary.pack select * from kept; insert into tributary.pack_file select * from kept_file")
        verify(d)
    said = d.service.sql(f"select entry from tributary.log_entry where sequence = {pack['sequence']}")
    check(json.loads(said)["files"] == {one["format"]: one["sha256"] for one in pack["files"]}, said)
    equal(json.loads(said)["kind"], "pack", "its kind")
    for form in FORMATS:
        check(d.service.sql(f"update tributary.pack_file set sha256 = sha256 where format = '{form}'", check=False).returncode != 0, "append-only")


@suite.test(seconds=240)
def the_client_makes_gets_checks_and_compares(d):
    folder = d.service.folder
    out = [folder / f"pack.{form}" for form in ("odt", "pdf", "ods", "json")]
    said = tributary(d, d.supervision, "pack", "liaison", "--group", "1", "--year", "113", *[word for path in out for word in ("-o", path)])
    for path in out:
        check(path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() in said, f"{path}: {said}")
    first = said.split("識別碼 ")[1].split()[0]
    for group in ("第1組", "group-1", "第 1 組"):
        check("未另凍結" in tributary(d, d.supervision, "pack", "liaison", "--group", group, "--year", "113"), group)
    check("龜山區公所" in tributary(d, d.supervision, "pack", "task-group", "--office", "龜山", "--year", "113"), "by its short name")
    check("Guishan" in tributary(d, d.supervision, "pack", "task-group", "--office", "guishan", "--year", "113", lang="en"), "in English")
    check("龜山區公所" in tributary(d, d.office(GUISHAN), "pack", "task-group", "--year", "113"), "an office's own")
    tributary(d, d.office(GUISHAN), "pack", "council", "--year", "113", status=4)
    check(first in tributary(d, d.supervision, "pack", "list", "--body", "liaison"), "listed")
    shown = tributary(d, d.supervision, "pack", "show", first)
    check("odt" in shown and "revision" in shown, shown)
    again = folder / "again.odt"
    tributary(d, d.supervision, "pack", "get", first, "-o", again)
    equal(again.read_bytes(), out[0].read_bytes(), "the same bytes")
    tributary(d, d.supervision, "pack", "get", first, "-o", again, status=2)
    tributary(d, d.supervision, "pack", "get", first, "-o", again, "--force")
    check("內容相同" in tributary(d, d.supervision, "pack", "check", first), "checked")
    change_figure(d)
    second = json.loads(tributary(d, d.supervision, "pack", "liaison", "--group", "1", "--year", "113", "--json"))["pack"]
    said = tributary(d, d.supervision, "pack", "changes", second, first)
    check("龜山" in said and "變更" in said, said)
    check("請注意順序" not in said, "newer first")
    said = tributary(d, d.supervision, "pack", "changes", first, second)
    check(said.index("請注意順序") < said.index(first) < said.index(second), said)
    tributary(d, d.supervision, "pack", "changes", second, first, "-o", folder / "changes.odt")
    check((folder / "changes.odt").read_bytes().startswith(b"PK"), "a paper of it")
    for words in (("x",), ("liaison", "--group", "9"), ("liaison", "--group", "組"), ("liaison", "--group", "1", "-o", "x.doc"), ("get", first), ("show",)):
        tributary(d, d.supervision, "pack", *words, status=2)


if __name__ == "__main__":
    suite.run()
