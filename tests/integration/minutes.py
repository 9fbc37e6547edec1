#!/usr/bin/env python3
"""Minutes drafted from a meeting's agenda, frozen and given back; and what it resolved taken over into tracking, held against a
table written by hand (tests/support/resolutions.tsv)."""
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import day, decide, report, rule  # noqa: E402
from deciding import listed as decisions_listed  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
NAMES = ("範例甲", "範例乙", "範例丙")
PROPOSED = "請龜山、復興區公所於12月底前提報參訓人數。"
OFFICES = {"桃園": "68000010", "中壢": "68000020", "大溪": "68000030", "楊梅": "68000040", "蘆竹": "68000050", "大園": "68000060", "龜山": "68000070",
           "八德": "68000080", "龍潭": "68000090", "平鎮": "68000100", "新屋": "68000110", "觀音": "68000120", "復興": "68000130"}


def listed(d, unit, year):
    return decisions_listed(d, body="liaison", unit=unit, year=year)


def put(d, meeting, what, body, client=None, status=200):
    return expect_status((client or d.geo).request("PUT", f"/v1/meetings/{meeting}/{what}", body, {"If-Match": "*"}), status).json


def play(d, day, unit="group-1", resolved=None, attended=True, body="liaison"):
    """A meeting with an agenda, people and resolutions by the number of the item; its id and the items' ids."""
    one = expect_status(d.geo.post(f"{d.base}/meetings", {"body": body, "unit": unit, "day": day, "begins": "14:00", "ends": "16:20",
                                                          "place": "龜山區公所大禮堂", "state": "held"}), 201).json
    meeting = one["meeting"]
    items = [{"kind": "opening", "title": "主席致詞"}, {"kind": "minutes", "title": "確認前次會議紀錄"}, {"kind": "tracking", "title": "歷次決議列管情形"},
             {"kind": "report", "title": "執行成果", "proposer": "性別平等辦公室"},
             {"kind": "discussion", "title": "加開場次一案", "proposer": "龜山區公所", "explanation": "說明之文", "proposal": "辦法之文"},
             {"kind": "discussion", "title": "跨區合作一案"}, {"kind": "motion", "title": "臨時動議"}, {"kind": "closing", "title": "散會"}]
    ids = [item["item"] for item in put(d, meeting, "agenda", {"items": items})["agenda"]["items"]]
    if attended:
        put(d, meeting, "attendance", {"rows": [
            {"part": "present", "office": GUISHAN, "post": "區長", "sex": "f", "name": NAMES[0], "duty": "chair"},
            {"part": "present", "seat": "external", "served": True, "post": "諮詢委員", "sex": "m", "name": NAMES[1]},
            {"part": "sitting_in", "post": "組員", "sex": "f", "name": NAMES[2], "duty": "recorder"},
            {"part": "excused", "office": FUXING, "post": "課長", "sex": "m", "authorised": True}]})
    if resolved:
        put(d, meeting, "resolutions", {"resolutions": [{"item": ids[number], "text": text} for number, text in resolved.items()]})
    return meeting, ids


def on_record(d, meeting, number="府性平字第1130019999號"):
    expect_status(d.geo.post(f"/v1/meetings/{meeting}/steps", {"state": "on_record", "document_number": number}), 201)


def minute(d, meeting, status=201, client=None, **sent):
    return expect_status((client or d.geo).post(f"/v1/meetings/{meeting}/minutes", {"language": "zh", **sent}), status).json


def file(d, pack, format, client=None, status=200):
    return expect_status((client or d.geo).get(f"/v1/packs/{pack['pack']}/file", format=format), status).body


def model(d, pack):
    return json.loads(file(d, pack, "json"))


def words(block):
    return "".join(run["text"] for run in block.get("runs", [])) or block.get("text") or ""


def texts(paper):
    return [words(block) for block in paper["blocks"] if block["kind"] in ("heading", "paragraph", "box", "item")]


def table(paper, caption):
    return next((block for block in paper["blocks"] if block["kind"] == "table" and block["caption"] == caption), None)


def pdf_text(content):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        kept.write(content)
        kept.flush()
        return subprocess.run(["pdftotext", "-layout", kept.name, "-"], capture_output=True, text=True, check=True).stdout


@test
def a_draft_has_the_usual_form_and_boxes_for_what_is_missing(d):
    meeting, _ = play(d, "2024-09-27", resolved={3: "洽悉。", 4: PROPOSED})
    pack = minute(d, meeting)
    equal((pack["of"], pack["title"], pack["meeting"], pack["body"], pack["unit"], pack["year"]),
          ("minutes", "桃園市政府113年度第1組性別平等業務聯繫會議紀錄（草案）", meeting, "liaison", "group-1", 113), "what it is")
    equal([one["format"] for one in pack["files"]], ["json", "ods", "odt", "pdf"], "its files")
    paper = model(d, pack)
    headings = [(block["level"], block["number"] + block["text"]) for block in paper["blocks"] if block["kind"] == "heading"]
    equal(headings, [(1, "壹、時間：113年9月27日（星期五）下午2時"), (1, "貳、地點：龜山區公所大禮堂"), (1, "參、主席：龜山區公所 區長"),
                     (1, "肆、出席、列席、請假及缺席人員"), (1, "伍、主席致詞"), (1, "陸、確認前次會議紀錄"), (1, "柒、歷次決議列管情形"),
                     (1, "捌、報告事項"), (2, "一、執行成果（報告單位：性別平等辦公室）"), (1, "玖、討論事項"),
                     (2, "一、案由：加開場次一案（提案單位：龜山區公所）"), (2, "二、案由：跨區合作一案"), (1, "壹拾、臨時動議"), (1, "壹拾壹、散會：下午4時20分")], "headings")
    said = texts(paper)
    for text in ("紀錄：組員", "決定：洽悉。", "說明：說明之文", "辦法：辦法之文", f"決議：{PROPOSED}",
                 "出席2人（男1人、女1人；其中外聘委員1人），列席1人，請假1人，缺席0人。", "無列管中之決議事項。"):
        check(text in said, f"{text} isn't among {said}")
    equal([block["text"] for block in paper["blocks"] if block["kind"] == "box"], ["決定：", "決定：", "決議：", "決議："], "boxes")
    people = table(paper, "出席、列席、請假及缺席人員")
    equal([row["texts"] for row in people["rows"]],
          [["出席人員（2人）"], ["龜山區公所", "區長", "主席"], ["", "諮詢委員", "外聘委員、現任或曾任性平會委員"], ["列席人員（1人）"], ["", "組員", "紀錄"],
           ["請假人員（1人）"], ["復興區公所", "課長", ""]], "people")
    pages = pdf_text(file(d, pack, "pdf")).split("\f")[:-1]
    check(len(pages) > 1 and all("草案" in page for page in pages), "a draft says so on each page")


@test
def the_final_one_bears_its_number_and_says_what_nobody_resolved(d):
    meeting, _ = play(d, "2024-10-08", "group-2", resolved={3: "洽悉。"})
    draft = minute(d, meeting)
    equal(minute(d, meeting, 200)["pack"], draft["pack"], "the same again")
    equal(minute(d, meeting, 200)["unchanged"], True, "and it says so")
    english = minute(d, meeting, language="en")
    check(english["pack"] != draft["pack"] and english["title"] == "Minutes: Liaison meeting on gender equality, Group 2, 2024: Draft", str(english["title"]))
    on_record(d, meeting)
    final = minute(d, meeting)
    check(final["pack"] != draft["pack"], "another one")
    equal(final["title"], "桃園市政府113年度第2組性別平等業務聯繫會議紀錄", "no draft any more")
    paper = model(d, final)
    check("文號：府性平字第1130019999號" in texts(paper) and "決議：（未登錄）" in texts(paper) and "無。" in texts(paper), str(texts(paper)))
    check(not [block for block in paper["blocks"] if block["kind"] == "box"] and "草案" not in pdf_text(file(d, final, "pdf")), "no boxes, no draft")
    checked = expect_status(d.geo.get(f"/v1/packs/{draft['pack']}/check"), 200).json
    check(checked["same_figures"] and all(one["same"] for one in checked["files"]), f"made again at its moment: {checked}")
    changes = expect_status(d.geo.get(f"/v1/packs/{final['pack']}/changes", since=draft["pack"]), 200).json
    equal((changes["pack"], changes["since"]), (final["pack"], draft["pack"]), "changes")
    packs = lambda **query: [one["pack"] for one in expect_status(d.geo.get(f"{d.base}/packs", **query), 200).json["packs"]]  # noqa: E731
    equal((packs(of="minutes", meeting=meeting), packs(of="pack"), packs(meeting=str(uuid.uuid4()))),
          ([final["pack"], english["pack"], draft["pack"]], [], []), "lists")
    equal(expect_status(d.geo.get(f"{d.base}/packs", of="x"), 400).json["code"], "bad_parameter", "another kind")
    d.service.command("verify")


@test
def minutes_tell_what_their_own_meeting_found_and_ruled_whenever_they_are_made(d):
    first, ids = play(d, "2023-10-05", "education", resolved={4: PROPOSED}, body="special-group")
    one = decide(d, first, item=ids[4], owners=[{"office": GUISHAN}, {"office": FUXING}])
    today = day()
    second, _ = play(d, today, "education", resolved={2: "餘依裁示。"}, body="special-group")
    report(d.office(GUISHAN), one["decision"], "已辦二場。")
    draft = table(model(d, minute(d, second)), "歷次決議列管情形")
    equal(draft["rows"][0]["texts"], [one["number"], "請各區公所盤點\n請主辦機關辦理。", "龜山區公所\n復興區公所", "龜山區公所：已辦二場。", "□繼續列管\n□解除列管\n□自行列管"], "to be ruled")
    earlier, _ = play(d, day(-30), "education", body="special-group")
    empty = table(model(d, minute(d, earlier)), "歷次決議列管情形")
    equal(empty["rows"][0]["texts"][3], "尚未填報", "what was reported after its day isn't its to tell")
    due = day(90)
    year, month, date = (int(part) for part in due.split("-"))
    rule(d.geo, one["decision"], earlier, (1, "close"), (2, "continue", due))
    rows = table(model(d, minute(d, earlier)), "歷次決議列管情形")["rows"]
    equal(rows[0]["texts"][4], f"龜山區公所：解除列管\n復興區公所：繼續列管（期限{year - 1911}/{month}/{date}）", "ruled")
    decide(d, second, title="後來之案")
    rule(d.geo, one["decision"], second, (2, "close"))
    equal(table(model(d, minute(d, earlier, 200)), "歷次決議列管情形")["rows"], rows, "what came later changes nothing")
    ruled = table(model(d, minute(d, second)), "歷次決議列管情形")["rows"]
    equal([row["texts"][2:] for row in ruled], [["復興區公所", "尚未填報", "解除列管"]], "only who was left open")
    check(table(model(d, minute(d, first)), "歷次決議列管情形") is None, "its own decision isn't an earlier one")


@test
def nobody_is_named_in_what_is_frozen_but_in_a_draft_of_those_who_may(d):
    meeting, _ = play(d, "2023-09-26", resolved={4: PROPOSED})
    pack = minute(d, meeting)
    d.geo.post(f"/v1/meetings/{meeting}/minutes", {"language": "en"})
    for format in "odt", "ods", "json", "pdf":
        content = file(d, pack, format)
        if format in ("odt", "ods"):
            content = b"".join(zipfile.ZipFile(io.BytesIO(content)).read(name) for name in zipfile.ZipFile(io.BytesIO(content)).namelist())
        text = pdf_text(content) if format == "pdf" else content.decode("utf-8", "replace")
        check(not any(name in text for name in NAMES), f"a name in {format}")
    for role in "geo", "supervision":
        reply = expect_status(d.login(role).get(f"/v1/meetings/{meeting}/minutes", format="pdf"), 200)
        text = pdf_text(reply.body)
        check(all(name in text for name in NAMES), f"{role}: {text[:400]}")
    expect_status(d.geo.get(f"/v1/meetings/{meeting}/minutes", format="ods"), 406)
    expect_status(d.geo.get(f"/v1/meetings/{meeting}/minutes", language="fr"), 400)
    equal(len(file(d, pack, "pdf", client=d.office(GUISHAN))) > 1000, True, "an office of the group reads the frozen one")
    file(d, pack, "pdf", client=d.office(ZHONGLI), status=404)
    for client in d.office(GUISHAN), d.login("dbas"), d.login("auditor"), d.login("admin"):
        expect_status(client.get(f"/v1/meetings/{meeting}/minutes"), 403)
        minute(d, meeting, 403, client)
        expect_status(client.get(f"/v1/meetings/{meeting}/decisions/proposal"), 403)
        expect_status(client.post(f"/v1/meetings/{meeting}/decisions/take-over", {"decisions": []}), 403)


@test
def only_what_was_held_is_minuted(d):
    planned = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": "2024-03-01"}), 201).json["meeting"]
    equal(minute(d, planned, 409)["code"], "meeting_not_held", "planned")
    equal(expect_status(d.geo.get(f"/v1/meetings/{planned}/decisions/proposal"), 409).json["code"], "meeting_not_held", "planned")
    for id in (str(uuid.uuid4()), "x", "%00", "' or 1=1"):
        for ask in (lambda p: d.geo.post(p + "/minutes", {}), lambda p: d.geo.get(p + "/minutes"), lambda p: d.geo.get(p + "/decisions/proposal"),
                    lambda p: d.geo.post(p + "/decisions/take-over", {"decisions": []})):
            reply = ask(f"/v1/meetings/{id.replace(' ', '%20')}")
            check(reply.status in (400, 404), f"{id}: {reply.status}")
    meeting, _ = play(d, "2024-09-26", "labor", attended=False, body="special-group")
    for sent, status in (({"language": "fr"}, 422), ({"language": 5}, 422), ({"x": 1}, 422), ([], 422)):
        reply = d.geo.post(f"/v1/meetings/{meeting}/minutes", sent)
        check(reply.status in (400, status), f"{sent}: {reply.status}")
    paper = model(d, minute(d, meeting))
    check("出席人員：" in texts(paper), "nobody wrote down who was there")
    council = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-20", "document_number": "甲字第1號"}), 201).json["meeting"]
    equal(minute(d, council)["title"], "桃園市政府113年度性別主流化推動組第1次會議紀錄", "of a body of the city, recorded by its day")


# ---- taking over -----------------------------------------------------------------------------------------------------


def proposal(d, meeting):
    return expect_status(d.geo.get(f"/v1/meetings/{meeting}/decisions/proposal"), 200).json["decisions"]


def take(d, meeting, rows, status=201, headers=None, client=None):
    return expect_status((client or d.geo).post(f"/v1/meetings/{meeting}/decisions/take-over", {"decisions": rows}, headers), status).json


def row_of(proposed, **changes):
    return {name: proposed[name] for name in ("item", "kind", "title", "text", "owners", "due_on", "asks")} | changes


@test
def what_is_proposed_is_what_a_person_reads_in_the_texts(d):
    lines = [line.split("\t") for line in (pathlib.Path(__file__).resolve().parents[1] / "support/resolutions.tsv").read_text().splitlines()
             if not line.startswith("#")]
    check(len(lines) > 40, str(len(lines)))
    for held, unit in sorted({(line[0], line[1]) for line in lines}):
        rows = [line for line in lines if line[:2] == [held, unit]]
        meeting = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": unit, "day": held, "state": "held"}), 201, 200).json["meeting"]
        items = put(d, meeting, "agenda", {"items": [{"kind": "discussion", "title": f"第{n}案"} for n in range(len(rows))]})["agenda"]["items"]
        put(d, meeting, "resolutions", {"resolutions": [{"item": item["item"], "text": line[2]} for item, line in zip(items, rows)]})
        for found, (_, _, text, owners, due, asks) in zip(proposal(d, meeting), rows):
            expected = [{"office": OFFICES[name]} if name in OFFICES else {"agency": name} for name in owners.split(",") if name]
            equal((found["owners"], found["due_on"] or "", (found["asks"] or {"text": ""})["text"], found["ready"]), (expected, due, asks, bool(expected)), text)
            for one in (*found["recognised"]["owners"], *found["recognised"]["days"]):
                equal(text[one["at"]:one["at"] + one["length"]], one["name"], "where it stands")
            for one in found["recognised"]["requests"]:
                equal(text[one["at"]:one["at"] + one["length"]], one["verb"], "where it stands")


@test
def what_is_confirmed_is_recorded_once(d):
    meeting, ids = play(d, "2025-05-06", resolved={3: "洽悉。", 4: PROPOSED, 5: "請主處研議。"})
    proposed = proposal(d, meeting)
    equal([(one["item"], one["kind"], one["ready"]) for one in proposed], [(ids[3], "direction", False), (ids[4], "resolution", True), (ids[5], "resolution", False)], "proposed")
    key = {"Idempotency-Key": "take-over-1"}
    rows = [row_of(proposed[1]), row_of(proposed[2], owners=[{"agency": "主計處"}], due_on="115/1/31")]
    taken = take(d, meeting, rows, headers=key)
    equal([(one["number"], one["due_on"], [own["name"]["zh"] for own in one["owners"]], one["asks"] and one["asks"]["text"]) for one in taken["decisions"]],
          [("114-group-1-01", "2025-12-31", ["龜山區公所", "復興區公所"], "參訓人數"), ("114-group-1-02", "2026-01-31", ["主計處"], None)], "taken")
    equal(take(d, meeting, rows, 200, key), taken, "sent again")
    equal(take(d, meeting, rows, 409)["code"], "taken_over", "by another request")
    equal(take(d, meeting, rows, 409, {"Idempotency-Key": "take-over-2"})["code"], "taken_over", "by another key")
    equal([one["item"] for one in proposal(d, meeting)], [ids[3]], "what is left")
    equal(len(listed(d, "group-1", 114)), 2, "each once")
    expect_status(d.geo.post(f"/v1/meetings/{meeting}/decisions/take-over", {"decisions": rows[:1]}, key), 409)
    d.service.command("verify")


@test
def nothing_is_recorded_where_one_row_is_wrong(d):
    meeting, ids = play(d, "2023-03-03", "group-2", resolved={3: "洽悉。", 4: PROPOSED, 5: "請龜山區公所辦理。"})
    good = row_of(proposal(d, meeting)[1])
    other = row_of(proposal(d, meeting)[2])
    for bad in ({**other, "owners": []}, {**other, "item": str(uuid.uuid4())}, {**other, "item": ids[0]}, {**other, "item": None}, {**other, "item": good["item"]},
                {**other, "due_on": "2月30日"}, {**other, "owners": [{"office": "1"}]}, {**other, "x": 1}, {**other, "kind": "x"}, {**other, "title": ""},
                {**other, "asks": {"form": "x"}}, 5, None, []):
        equal(take(d, meeting, [good, bad], 422)["code"], "bad_member", str(bad)[:80])
    for rows in ([], "x", None, [good] * 51, {}):
        equal(take(d, meeting, rows, 422)["code"], "bad_member", str(rows)[:40])
    equal(take(d, meeting, [good], 400, {"Idempotency-Key": "k" * 195})["code"], "bad_request", "a key with no room for a number")
    equal(listed(d, "group-2", 112), [], "nothing was recorded")
    take(d, meeting, [{"item": ids[5], "owners": [{"office": GUISHAN}]}])
    first = listed(d, "group-2", 112)[0]
    equal((first["title"], first["text"]), ("跨區合作一案", "請龜山區公所辦理。"), "what is left out is the item's")


@test
def of_several_at_once_each_item_is_taken_over_by_one(d):
    meeting, _ = play(d, "2025-10-07", "group-2", resolved={3: "請性平辦彙整。", 4: PROPOSED, 5: "請龜山區公所辦理。"})
    rows = [row_of(one) for one in proposal(d, meeting)]
    replies = []

    def run(number):
        client = d.login("geo")
        replies.append(client.post(f"/v1/meetings/{meeting}/decisions/take-over", {"decisions": rows if number % 2 else rows[::-1]},
                                   {"Idempotency-Key": f"race-{number}"}).status)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(set(replies) <= {201, 409}, str(replies))
    items = [one["item"] for one in listed(d, "group-2", 114)]
    equal(sorted(items), sorted(row["item"] for row in rows), f"each once: {replies}")
    equal([one["number"] for one in listed(d, "group-2", 114)], ["114-group-2-01", "114-group-2-02", "114-group-2-03"], "without gaps")
    d.service.command("verify")


# ---- the client ------------------------------------------------------------------------------------------------------


@test
def the_client_drafts_minutes_and_takes_over(d):
    meeting, _ = play(d, "2026-03-03", resolved={3: "洽悉。", 4: PROPOSED, 5: "請研議。"})
    with tempfile.TemporaryDirectory() as folder:
        odt, pdf, named = (pathlib.Path(folder) / name for name in ("m.odt", "m.pdf", "n.pdf"))
        tributary(d, d.geo, "pack", "minutes", "liaison", "--group", "1", "--year", "115", "-o", str(odt), "-o", str(pdf))
        tributary(d, d.geo, "pack", "minutes", meeting, "--names", "-o", str(named))
        check(zipfile.is_zipfile(odt) and NAMES[0] not in pdf_text(pdf.read_bytes()) and NAMES[0] in pdf_text(named.read_bytes()), "files")
    place = ["decision", "take-over", "115/3/3", "--body", "liaison", "--group", "1"]
    shown = tributary(d, d.geo, *place)
    check("龜山區公所" in shown and "參訓人數" in shown, shown)
    equal(listed(d, "group-1", 115), [], "showing records nothing")
    for wrong in (["--item", "9"], ["--item", "1"], ["--item", "x"], ["--owner", "八德"], ["--item", "4", "--owner", "無此"], ["--item", "4", "--due", "x"]):
        tributary(d, d.geo, *place, *wrong, status=2)
    check("4, 5, 6" in tributary(d, d.geo, *place, "--item", "3", status=2), "which numbers there are, as the agenda has them")
    numbers = [line.split()[0] for line in shown.splitlines() if line[:4].strip() in ("4", "5", "6")]
    equal(numbers, ["4", "5", "6"], shown)
    tributary(d, d.geo, *place, "--confirm", "--item", "6", "--owner", "八德", "--agency", "主計處", "--due", "115-12-31")
    equal([one["number"] for one in listed(d, "group-1", 115)], ["115-group-1-01"], "the one that was named, and no other")
    tributary(d, d.geo, *place, "--confirm")
    equal([(one["number"], [own["name"]["zh"] for own in one["owners"]], one["due_on"]) for one in listed(d, "group-1", 115)],
          [("115-group-1-01", ["八德區公所", "主計處"], "2026-12-31"), ("115-group-1-02", ["龜山區公所", "復興區公所"], "2026-12-31")], "recorded")
    check("未辨識出主辦機關" in tributary(d, d.geo, *place, "--confirm", status=2), "what is left has no owner")
    tributary(d, d.geo, *place, "--item", "4", "--owner", "龜山")
    for order in (["--confirm"], ["--item", "4"]):
        check("沒有尚未列管的決議" in tributary(d, d.geo, *place, *order, status=2), "nothing is left")


if __name__ == "__main__":
    suite.run()
