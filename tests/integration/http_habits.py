#!/usr/bin/env python3
"""The habits of HTTP: who may, what is there, which methods and types, problems in two languages."""
import contextlib
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import (GROUP_1, GUISHAN, OFFICES, PLAN_FILE, ZHONGLI, Desk, annual,  # noqa: E402
                  items)
from tributary_harness import (Client, Suite, check, equal, expect_status,  # noqa: E402
                               free_port, service)


@contextlib.contextmanager
def desk_with_metrics():
    port = free_port()
    with service(PLAN_FILE, settings={"TRIBUTARY_METRICS_PORT": str(port)}) as running:
        held = Desk(running)
        held.metrics = Client(port)
        yield held


suite = Suite(desk_with_metrics)
test = suite.test


def is_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def problem_of(reply, status, code=None):
    expect_status(reply, status)
    equal(reply.header("content-type", "").split(";")[0].strip(), "application/problem+json",
          f"content type of {reply}")
    problem = reply.json
    for name in ("type", "title", "status", "detail", "code"):
        check(name in problem, f"the problem lacks {name}: {reply}")
    equal(problem["status"], status, "status in the problem")
    equal(problem["type"], f"/problems/{problem['code']}", "type")
    if code:
        equal(problem["code"], code, "code")
    return problem


@test
def health_and_readiness_need_no_token(d):
    nobody = d.service.client()
    expect_status(nobody.get("/healthz"), 200)
    expect_status(nobody.get("/readyz"), 200)


@test
def metrics_are_prometheus_text_on_an_address_of_their_own(d):
    reply = expect_status(d.metrics.get("/metrics"), 200)
    check(reply.header("content-type", "").startswith("text/plain"), "content type")
    lines = reply.body.decode().splitlines()
    check(any(line.startswith("# TYPE ") for line in lines), "no # TYPE line")
    for line in lines:
        if line and not line.startswith("#"):
            float(line.rsplit(" ", 1)[1])
    check(d.service.client().get("/metrics").status in (401, 404), "metrics on the main address")


@test
def no_token_is_401_with_a_challenge(d):
    for path in ("/v1/plans", f"/v1/plans/{d.plan}", f"{d.base}/submissions",
                 f"{d.base}/indicators?year=113&by=city", "/v1/whoami"):
        reply = d.service.client().get(path)
        problem_of(reply, 401, "unauthenticated")
        check(reply.header("www-authenticate", "").lower().startswith("bearer"), "no challenge")
    problem_of(d.service.client().hand_in(d.plan, annual(GUISHAN, "113")), 401)


@test
def a_wrong_token_is_401(d):
    for token in ("nonsense", "", d.geo.token[:-1], d.geo.token + "x", d.geo.token.swapcase(),
                  "x" * 5000):
        reply = d.service.client(token).get("/v1/plans")
        check(reply.status in (401, 431, 400), f"{token[:20]!r}: {reply}")
    reply = d.service.client().get("/v1/plans", {"Authorization": f"Basic {d.geo.token}"})
    problem_of(reply, 401)


@test
def a_revoked_token_is_401_within_two_seconds(d):
    import time
    token = d.service.add_token("geo", label="to be revoked")
    client = d.service.client(token)
    expect_status(client.get("/v1/plans"), 200)
    listed = d.service.command("token", "list").stdout.decode()
    line = next(line for line in listed.splitlines() if "to be revoked" in line)
    identity = next(word for word in line.replace(",", " ").replace('"', " ").split()
                    if is_uuid(word))
    d.service.command("token", "revoke", identity)
    deadline = time.monotonic() + 2
    while client.get("/v1/plans").status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    problem_of(client.get("/v1/plans"), 401)
    check(token not in listed, "token list shows a token")


def is_uuid(word):
    try:
        uuid.UUID(word)
        return True
    except ValueError:
        return False


@test
def whoami_names_role_office_and_jurisdiction(d):
    who = expect_status(d.office(GUISHAN).get("/v1/whoami"), 200).json
    equal((who["role"], who["office"]), ("office", GUISHAN), "office")
    check("68000" in str(who["jurisdiction"]), f"jurisdiction: {who}")
    equal(expect_status(d.geo.get("/v1/whoami"), 200).json["role"], "geo", "geo")


@test
def an_office_s_hand_in_for_another_is_403(d):
    problem_of(d.office(ZHONGLI).hand_in(d.plan, annual(GUISHAN, "113")), 403, "forbidden")


@test
def unknown_things_are_404(d):
    for path, code in (("/v1/nothing", "not_found"), ("/nothing", None), ("/v1", None),
                       ("/v1/plans/no-such-plan", "unknown_plan"),
                       (f"{d.base}/forms/no-such-form", "unknown_form"),
                       (f"{d.base}/rollups/no-such-form?period=113&by=city", "unknown_form"),
                       ("/v1/plans/no-such-plan/indicators?year=113&by=city", "unknown_plan"),
                       (f"/v1/submissions/{uuid.uuid4()}", "not_found"),
                       (f"/v1/submissions/{uuid.uuid4()}/revisions", "not_found"),
                       (f"/v1/submissions/{uuid.uuid4()}/receipt", "not_found"),
                       ("/v1/submissions/no-uuid", None)):
        problem_of(d.geo.get(path), 404, code)


@test
def a_hand_in_to_an_unknown_plan_is_404(d):
    problem_of(d.geo.hand_in("no-such-plan", annual(GUISHAN, "113")), 404, "unknown_plan")


@test
def a_diff_against_nothing_is_a_clear_4xx(d):
    mine = d.accepted(annual(*d.fresh()))["submission"]
    for query in ({}, {"against": str(uuid.uuid4())}, {"against": "x"}):
        reply = d.geo.get(f"/v1/submissions/{mine}/diff", **query)
        check(reply.status in (400, 404, 422), f"{reply}")


@test
def wrong_methods_are_405_with_allow(d):
    mine = d.accepted(annual(*d.fresh()))["submission"]
    for method, path, allowed in (
            ("DELETE", "/v1/plans", {"GET"}), ("POST", f"/v1/plans/{d.plan}", {"GET"}),
            ("PUT", f"{d.base}/submissions", {"GET", "POST"}),
            ("DELETE", f"/v1/submissions/{mine}", {"GET"}),
            ("PATCH", f"{d.base}/indicators", {"GET"}), ("POST", "/healthz", {"GET"})):
        reply = d.geo.request(method, path, body=b"" if method != "DELETE" else None)
        problem_of(reply, 405, "method_not_allowed")
        allow = {one.strip() for one in reply.header("allow", "").split(",")}
        equal(allow - {"HEAD", "OPTIONS"}, allowed, f"Allow of {path}")


@test
def head_answers_like_get_without_a_body(d):
    get = d.geo.get("/v1/plans")
    reply = d.geo.request("HEAD", "/v1/plans")
    check(reply.status in (200, 405), f"{reply}")
    if reply.status == 200:
        equal(reply.body, b"", "body")
        equal(reply.header("etag"), get.header("etag"), "ETag")


@test
def types_that_are_not_made_are_406(d):
    for path in (f"{d.base}/rollups/training-annual?period=113&by=city", "/v1/plans"):
        problem_of(d.geo.get(path, {"Accept": "application/pdf"}), 406, "not_acceptable")
    expect_status(d.geo.get("/v1/plans", {"Accept": "application/pdf, */*;q=0.1"}), 200)
    expect_status(d.geo.get("/v1/plans", {"Accept": "application/*"}), 200)


@test
def types_that_are_not_read_are_415(d):
    for kind in ("application/xml", "text/plain", "multipart/form-data; boundary=x",
                 "application/x-www-form-urlencoded"):
        reply = d.office(GUISHAN).post(f"{d.base}/submissions", b"<x/>", {"Content-Type": kind})
        problem_of(reply, 415, "unsupported_media_type")


@test
def json_with_a_charset_parameter_is_read(d):
    import json
    office, year = d.fresh()
    reply = d.office(office).post(f"{d.base}/submissions", json.dumps(annual(office, year)).encode(),
                                  {"Content-Type": "application/json; charset=utf-8"})
    expect_status(reply, 201)


@test
def problems_speak_chinese_by_default_and_english_when_asked(d):
    path = "/v1/plans/no-such-plan"
    for header, chinese in ((None, True), ("zh-TW", True), ("en", False), ("en-GB,en;q=0.9", False),
                            ("fr, en;q=0.5", False), ("en;q=0.2, zh-TW;q=0.9", True), ("fr", True)):
        headers = {"Accept-Language": header} if header else None
        problem = problem_of(d.geo.get(path, headers), 404)
        equal(is_chinese(problem["title"]), chinese, f"title for {header}: {problem['title']}")
        equal(problem["code"], "unknown_plan", "the code is the same in each language")


@test
def a_problem_s_type_explains_itself_in_both_languages(d):
    for code in ("revision_conflict", "unknown_plan", "findings_refused", "body_too_large"):
        reply = expect_status(d.service.client().get(f"/problems/{code}"), 200)
        text = reply.body.decode()
        check(is_chinese(text), f"no Chinese wording: {text}")
        check(any(letter.isascii() and letter.isalpha() for letter in text), "no English wording")
    expect_status(d.service.client().get("/problems/no_such_code"), 404)


@test
def every_plan_is_listed_with_its_version(d):
    reply = expect_status(d.geo.get("/v1/plans"), 200).json
    plan = next(one for one in items(reply) if one["plan"] == d.plan)
    check(plan.get("version"), f"no version: {plan}")
    equal(reply.get("sample"), False, "sample")


@test
def a_plan_comes_whole(d):
    plan = expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200).json
    for name in ("years", "offices", "groups", "forms", "indicators", "calendar", "version"):
        check(name in plan, f"the plan lacks {name}")
    equal(len(plan["offices"]), 13, "offices")
    targets = {one["code"]: one["targets"]["113"] for one in plan["indicators"]
               if one.get("targets")}
    equal(targets, {"gm-general": "93", "gm-supervisor": "93", "ge-business": "92",
                    "cedaw-general": "28", "cedaw-supervisor": "28"}, "targets of 113")


@test
def a_form_s_definition_is_given_alone(d):
    form = expect_status(d.geo.get(f"{d.base}/forms/training-annual"), 200).json
    form = form.get("form") if isinstance(form.get("form"), dict) else form
    equal(form["code"], "training-annual", "code")
    check(any(field["code"] == "general.staff.m" for field in form["fields"]), "fields")


@test
def an_office_sees_its_own_group_only_and_no_other_office(d):
    client = d.office(GUISHAN)
    groups = d.rollup("training-annual", "113", "group", client)["units"]
    equal([unit["unit"] for unit in groups], ["group-1"], "groups")
    offices = d.rollup("training-annual", "113", "office", client)["units"]
    equal([unit["unit"] for unit in offices], [GUISHAN], "offices")
    wholes = d.rollup("training-annual", "113", "city", client)["units"]
    check("city" in [unit["unit"] for unit in wholes], "the city")


@test
def an_office_s_sources_are_its_own(d):
    for office in GROUP_1[:3]:
        expect_status(d.post(annual(office, "115")), 201)
    unit = d.indicator("gm-general", 115, "group-1", by="group", client=d.office(GROUP_1[0]))
    equal(unit["counted"], 3, "counted")
    equal([one["office"] for one in unit["sources"]], [GROUP_1[0]], "sources")
    text = d.office(GROUP_1[0]).get(f"{d.base}/indicators?year=115&by=city&format=csv").body
    own = d.listed("training-annual", GROUP_1[1], "115")[0]["submission"]
    check(own.encode() not in text, "another office's revision stands in the CSV")


@test
def replies_are_not_to_be_sniffed_or_shared(d):
    reply = expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200)
    equal(reply.header("x-content-type-options", "").lower(), "nosniff", "sniffing")
    check("public" not in reply.header("cache-control", "").lower(), "a shared cache may keep it")


@test
def an_office_s_answer_is_never_another_s_from_the_cache(d):
    path = f"{d.base}/indicators?year=115&by=city"
    for _ in range(2):
        bodies = {code: d.office(code).get(path).json for code in OFFICES[:4]}
    for code, answer in bodies.items():
        sources = {one["office"] for indicator in answer["indicators"]
                   for unit in indicator["units"] for one in unit["sources"]}
        check(sources <= {code}, f"{code} sees sources of {sources}")


@test
def a_table_that_goes_on_says_so_each_time_it_is_asked(d):
    office = d.office(ZHONGLI)
    for year in ("112", "113"):
        expect_status(office.hand_in(d.plan, annual(ZHONGLI, year)), 200, 201)
    pages = [office.get(f"{d.base}/submissions", format="csv", limit=1) for _ in range(3)]
    equal(len({page.body for page in pages}), 1, "the page")
    check(pages[0].header("tributary-next"), "more follows")
    equal(len({page.header("tributary-next") for page in pages}), 1, "what follows")


@test
def what_is_refused_before_it_is_looked_up_leaves_no_warning(d):
    for path in ("/v1/packs/x", "/v1/packs/x/file", "/v1/decisions/x"):
        expect_status(d.geo.get(path), 404)
    for client, path in ((d.office(ZHONGLI), "progress"), (d.geo, "rulings"), (d.geo, "referrals")):
        expect_status(client.request("POST", f"/v1/decisions/{uuid.uuid4()}/{path}", b"[{", {"Content-Type": "application/json"}), 400, 404)
    check("database_notice" not in d.service.log_path.read_text(encoding="utf-8"), d.service.log_tail())


if __name__ == "__main__":
    suite.run()
