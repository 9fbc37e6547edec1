#!/usr/bin/env python3
"""The log as those read it who audit it: what is there for whom, page by page, each entry with its proof."""
import base64
import contextlib
import hashlib
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import ed25519  # noqa: E402
import receipt_check  # noqa: E402
from desk import GUISHAN, OFFICES, ZHONGLI, annual, desk, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def auditor(d):
    return d.login("auditor")


def fill(d):
    """Hand-ins of three offices, a correction, an extension."""
    if not hasattr(d, "receipts"):
        d.receipts = {}
        for office in (GUISHAN, ZHONGLI, OFFICES[0]):
            d.receipts[office] = [d.accepted(annual(office, "113")), d.accepted(annual(office, "114")),
                                  d.accepted(quarterly(office, courses=[]))]
        d.receipts[GUISHAN].append(d.accepted(annual(GUISHAN, "113", 1, **{"general.gm2h.m": 50})))
        expect_status(d.geo.post(f"{d.base}/extensions", {
            "office": ZHONGLI, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "選務"}), 201)
    return d.receipts


def asked(client, **query):
    return expect_status(client.get("/v1/audit", **query), 200).json


def every_entry(client, **query):
    """All pages."""
    entries, after = [], None
    while True:
        page = asked(client, after=after, **query)
        entries += page["entries"]
        after = page["next"]
        if after is None:
            return entries


@test
def the_auditor_reads_everything_the_newest_first(d):
    fill(d)
    entries = every_entry(auditor(d), limit=1000)
    last = int(d.service.sql("select sequence from tributary.log_head"))
    equal([one["sequence"] for one in entries], list(range(last, 0, -1)), "sequence numbers")
    moments = [one["recorded_at"] for one in reversed(entries)]
    equal(moments, sorted(set(moments)), "moments")
    for one in entries:
        equal((one["entry"]["kind"], one["entry"]["sequence"]), (one["kind"], one["sequence"]), "kind and sequence")
        check(one["kind_name"]["zh"] != one["kind"] and one["kind_name"]["en"], f"no words for {one['kind']}")


@test
def pages_join_without_gap_or_repetition_in_both_orders(d):
    fill(d)
    whole = every_entry(auditor(d), limit=1000)
    for limit in (1, 3, len(whole) - 1, len(whole)):
        equal(every_entry(auditor(d), limit=limit), whole, f"pages of {limit}")
        equal(every_entry(auditor(d), limit=limit, order="oldest"), whole[::-1], f"pages of {limit}, the oldest first")


@test
def each_filter_gives_what_it_says_and_all_of_it(d):
    receipts = fill(d)
    whole = every_entry(auditor(d), limit=1000)
    actor = next(one["actor"]["id"] for one in whole if one["kind"] == "extension")
    chosen = {"kind": "submission", "office": ZHONGLI, "actor": actor, "plan": d.plan}
    for name, value in chosen.items():
        def of(one, name=name):
            return (one["actor"] or {}).get("id") if name == "actor" else one[name]
        expected = [one for one in whole if of(one) == value]
        check(expected, f"nothing to find for {name}")
        equal(every_entry(auditor(d), limit=2, **{name: value}), expected, f"filter {name}")
    expected = [one for one in whole if one["kind"] == "submission" and one["office"] == GUISHAN]
    equal(every_entry(auditor(d), kind="submission", office=GUISHAN), expected, "two filters")
    first, _, _, corrected = receipts[GUISHAN]
    expected = [one for one in whole if one["submission"] in (first["submission"], corrected["submission"])]
    equal(len(expected), 2, "entries of a submission with two revisions")
    for receipt in (first, corrected):
        equal(every_entry(auditor(d), submission=receipt["submission"]), expected, "filter submission")


@test
def moments_bound_a_range_and_both_ends_belong_to_it(d):
    fill(d)
    whole = every_entry(auditor(d), limit=1000)
    low, high = whole[-3]["recorded_at"], whole[2]["recorded_at"]
    equal(every_entry(auditor(d), **{"from": low, "to": high}), whole[2:-2], "from and to")
    equal(every_entry(auditor(d), **{"from": whole[0]["recorded_at"]}), whole[:1], "the newest")
    equal(every_entry(auditor(d), to=whole[-1]["recorded_at"]), whole[-1:], "the oldest")
    equal(every_entry(auditor(d), **{"from": "2100-01-01T00:00:00Z"}), [], "a day to come")
    equal(every_entry(auditor(d), to="1999-01-01T00:00:00Z"), [], "a day before")


@test
def who_acted_is_said_by_label_role_and_office(d):
    fill(d)
    for one in every_entry(auditor(d), kind="submission"):
        equal((one["actor"]["label"], one["actor"]["role"], one["actor"]["office"]),
              (f"test office {one['office']}", "office", one["office"]), "actor")
    extension = asked(auditor(d), kind="extension")["entries"][0]
    equal(extension["actor"]["label"], "test geo", "label")
    d.service.sql("begin; update tributary.token set label = '(已刪除)' where label = 'test geo'; commit", "tributary_owner")
    equal(asked(auditor(d), kind="extension")["entries"][0]["actor"]["label"], "(已刪除)", "a label that was erased")
    d.service.sql("update tributary.token set label = 'test geo' where label = '(已刪除)'", "tributary_owner")


@test
def an_office_reads_what_is_about_itself_and_no_more(d):
    fill(d)
    whole = every_entry(auditor(d), limit=1000)
    for office in (GUISHAN, ZHONGLI):
        client = d.office(office)
        mine = every_entry(client, limit=2)
        check(mine, "nothing")
        about = [one for one in whole if one["office"] == office
                 and one["kind"] in ("submission", "extension")]
        equal([one["sequence"] for one in mine], [one["sequence"] for one in about], "entries about itself")
        for one in whole:
            reply = client.get(f"/v1/audit/{one['sequence']}")
            expect_status(reply, 200 if one in about else 404)
        expect_status(client.get("/v1/audit", office=OFFICES[0]), 403)
        expect_status(client.get("/v1/audit", kind="export"), 403)
    extension = next(one for one in every_entry(d.office(ZHONGLI)) if one["kind"] == "extension")
    equal((extension["actor"]["role"], extension["actor"]["label"]), ("geo", None), "who granted it, without a name")


@test
def the_city_reads_what_happened_to_plans_and_submissions(d):
    fill(d)
    whole = every_entry(auditor(d), limit=1000)
    opened = ("submission", "plan", "extension", "retention")
    for role in ("geo", "dbas", "supervision"):
        client = d.login(role)
        whole = every_entry(auditor(d), limit=1000)
        equal(every_entry(client, limit=1000), [one for one in whole if one["kind"] in opened], f"what {role} reads")
        for kind in ("export", "signing_key"):
            expect_status(client.get("/v1/audit", kind=kind), 403)
        for one in whole[:8]:
            expect_status(client.get(f"/v1/audit/{one['sequence']}"), 200 if one["kind"] in opened else 404)
    equal(every_entry(d.login("admin"), limit=1000), every_entry(auditor(d), limit=1000), "what admin reads")


@test
def every_entry_comes_with_its_proof(d):
    fill(d)
    keys = {one["key"]: base64.b64decode(one["ed25519_public"])
            for one in expect_status(d.service.client().get("/v1/keys"), 200).json["keys"]}
    for one in every_entry(auditor(d), limit=1000):
        entry = expect_status(auditor(d).get(f"/v1/audit/{one['sequence']}"), 200).json
        log, signature = entry["log"], entry["signature"]
        leaf = receipt_check.leaf_of(log["entry"].encode())
        equal(leaf.hex(), log["leaf"], "leaf")
        root = receipt_check.root_from_path(leaf, [bytes.fromhex(step) for step in log["path"]],
                                            log["sequence"] - log["first"], log["last"] - log["first"] + 1)
        head = receipt_check.head_of(bytes.fromhex(log["previous"]), root, log["first"], log["last"])
        equal(head.hex(), log["head"], "head")
        check(ed25519.verify(keys[signature["key"]], b"tributary head v1\x0068000\x00" + head,
                             base64.b64decode(signature["ed25519"])), f"signature of entry {one['sequence']}")


@test
def the_newest_head_is_that_of_the_newest_entry(d):
    fill(d)
    for client in (auditor(d), d.geo, d.office(GUISHAN)):
        head = expect_status(client.get("/v1/audit/head"), 200).json
        newest = asked(auditor(d), limit=1)["entries"][0]
        equal((head["last"], head["recorded_at"]), (newest["sequence"], newest["recorded_at"]), "where it stands")
        d.service.command("verify", "--head", head["head"])


@test
def a_receipts_head_is_known_to_everybody_and_another_is_not(d):
    receipt = fill(d)[GUISHAN][0]
    for client in (auditor(d), d.geo, d.office(ZHONGLI)):
        answer = expect_status(client.get(f"/v1/audit/heads/{receipt['log']['head']}"), 200).json
        equal((answer["known"], answer["first"], answer["last"]),
              (True, receipt["log"]["first"], receipt["log"]["last"]), "the receipt's head")
        answer = expect_status(client.get(f"/v1/audit/heads/{'ab' * 32}"), 200).json
        equal((answer["known"], answer["last"]), (False, None), "a head from elsewhere")
        check(answer["newest"]["sequence"] >= receipt["log"]["last"], "the newest")


@test
def bad_questions_are_refused_by_name(d):
    for query in ({"limit": "0"}, {"limit": "1001"}, {"after": "x"}, {"order": "up"}, {"from": "yesterday"}, {"to": "1"},
                  {"actor": "'; drop table tributary.log_entry; --"}, {"submission": "1"}, {"kind": "x"}):
        reply = expect_status(auditor(d).get("/v1/audit", **query), 400)
        check(next(iter(query)) in reply.json["detail"], reply)
    equal(asked(auditor(d), office="' or true --")["entries"], [], "SQL in a text")
    for path in ("0", "-1", "1x", "+1", "99999999999999999999999", "%31%00"):
        expect_status(auditor(d).get(f"/v1/audit/{path}"), 404, 400)
    for path in ("/v1/audit", "/v1/audit/1", "/v1/audit/head", f"/v1/audit/heads/{'0' * 64}"):
        expect_status(d.service.client().get(path), 401)


@test
def the_log_comes_as_a_table_too(d):
    fill(d)
    whole = every_entry(auditor(d), limit=1000)
    lines = expect_status(auditor(d).get("/v1/audit", format="csv"), 200).body.decode("utf-8-sig").splitlines()
    check(lines[0].startswith("sequence,recorded_at,kind,"), lines[0])
    equal(len(lines) - 1, len(whole), "rows")
    equal([int(line.split(",")[0]) for line in lines[1:]], [one["sequence"] for one in whole], "sequence numbers")
    for kind in ("ods", "xlsx"):
        check(expect_status(auditor(d).get("/v1/audit", format=kind), 200).body.startswith(b"PK"), f"a workbook: {kind}")
    page = expect_status(auditor(d).get("/v1/audit", format="csv", limit=2, kind="submission"), 200)
    equal(page.header("tributary-next"), str([one["sequence"] for one in whole if one["kind"] == "submission"][1]), "next")


def exports(d):
    return asked(auditor(d), kind="export", limit=1000)["entries"]


@test
def a_table_for_the_city_is_recorded_before_it_is_given_with_the_digest_of_its_bytes(d):
    first = fill(d)[GUISHAN][0]["submission"]
    for path, query in ((f"{d.base}/rollups/training-annual", {"period": "113"}), (f"{d.base}/indicators", {"year": "113"}),
                        (f"{d.base}/submissions", {"office": GUISHAN}), (f"/v1/submissions/{first}", {}),
                        (f"{d.base}/obligations", {"year": "113"}), ("/v1/audit", {"kind": "plan"})):
        for kind in ("csv", "ods", "xlsx"):
            for _ in range(2):  # what is kept for a second reader is recorded as well
                before = len(exports(d))
                client = d.geo if kind == "csv" else d.login("supervision")
                body = expect_status(client.get(path, format=kind, **query), 200).body
                made = exports(d)
                equal(len(made), before + 1, f"exports after {path} as {kind}")
                entry = made[0]["entry"]
                equal((entry["path"], entry["format"], entry["bytes"], entry["sha256"], entry["office"]),
                      (path, kind, len(body), hashlib.sha256(body).hexdigest(), query.get("office")), "entry")
                equal(made[0]["actor"]["label"], "test geo" if kind == "csv" else "test supervision", "who")
    equal(made[0]["plan"], None, "plan of the log")
    check(any(one["submission"] == first and one["plan"] is None for one in exports(d)), "the submission is named")
    d.service.command("verify")


@test
def what_is_given_to_the_public_is_recorded_in_every_format(d):
    for kind in ("json", "csv", "ods"):
        before = len(exports(d))
        expect_status(d.geo.get(f"{d.base}/open-data", year="112", format=kind), 200)
        equal(len(exports(d)), before + 1, f"open data as {kind}")


@test
def plain_reads_problems_and_an_offices_own_tables_are_no_exports(d):
    fill(d)
    before = int(d.service.sql("select sequence from tributary.log_head"))
    for client, path, query, status in (
            (d.geo, f"{d.base}/rollups/training-annual", {"period": "113"}, 200),
            (d.geo, f"{d.base}/rollups/training-annual", {"period": "113Q9", "format": "csv"}, 400),
            (d.geo, f"{d.base}/rollups/none", {"period": "113", "format": "csv"}, 404),
            (d.office(GUISHAN), f"{d.base}/rollups/training-annual", {"period": "113", "format": "ods"}, 200),
            (d.office(GUISHAN), "/v1/audit", {"format": "csv"}, 200)):
        expect_status(client.get(path, **query), status)
    expect_status(d.geo.request("HEAD", f"{d.base}/indicators?year=113&format=csv"), 200)
    equal(int(d.service.sql("select sequence from tributary.log_head")), before, "entries")


@contextlib.contextmanager
def locked_log(d):
    """The log's lock in somebody else's hand: nothing can be recorded."""
    held = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-h", d.service.cluster.socket, "-U", "tributary_owner",
                             "-d", d.service.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        held.stdin.write("begin; select 'held' from tributary.log_head for update;\n")
        held.stdin.flush()
        equal(held.stdout.readline().strip(), "held", "the lock")
        yield
    finally:
        held.communicate("rollback;\n", timeout=30)


@test
def no_copy_is_given_that_could_not_be_recorded_and_plain_reads_go_on(d):
    fill(d)
    expect_status(d.geo.get(f"{d.base}/indicators", year="113"), 200)
    supervision = d.login("supervision")
    with locked_log(d):
        plain = d.geo.get(f"{d.base}/indicators", year="113")
        refused = supervision.get(f"{d.base}/indicators", year="113", format="csv")
    expect_status(plain, 200)
    expect_status(refused, 503)
    equal(refused.header("content-type"), "application/problem+json", "what is given instead")
    check(refused.header("etag") is None and refused.header("content-disposition") is None, refused.headers)


if __name__ == "__main__":
    suite.run()
