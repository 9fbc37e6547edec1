#!/usr/bin/env python3
"""The OpenAPI description is right: its form, its routes, and every real answer held against it."""
import pathlib
import re
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
import json_schema  # noqa: E402
from desk import GUISHAN, OFFICES, ZHONGLI, annual, course, desk, quarterly  # noqa: E402
from people import PASSWORD, People, totp  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
CONTRACT = [
    ("get", "/healthz"), ("get", "/readyz"), ("get", "/v1/openapi.json"), ("get", "/v1/keys"),
    ("get", "/v1/whoami"), ("get", "/v1/plans"), ("get", "/v1/plans/{plan}"),
    ("get", "/v1/plans/{plan}/forms/{form}"), ("get", "/v1/plans/{plan}/forms/{form}/template"),
    ("get", "/v1/plans/{plan}/submissions"),
    ("post", "/v1/plans/{plan}/submissions"), ("get", "/v1/submissions/{id}"),
    ("get", "/v1/submissions/{id}/revisions"), ("get", "/v1/submissions/{id}/diff"),
    ("get", "/v1/submissions/{id}/receipt"), ("get", "/v1/submissions/{id}/findings"),
    ("get", "/v1/plans/{plan}/rollups/{form}"),
    ("get", "/v1/plans/{plan}/indicators"), ("get", "/v1/plans/{plan}/obligations"),
    ("get", "/v1/plans/{plan}/timeliness"), ("get", "/v1/plans/{plan}/extensions"),
    ("post", "/v1/plans/{plan}/extensions"), ("get", "/v1/plans/{plan}/calendar.ics"),
    ("get", "/v1/plans/{plan}/calendar-feeds"), ("post", "/v1/plans/{plan}/calendar-feeds"),
    ("delete", "/v1/calendar-feeds/{id}"), ("get", "/v1/calendars/{secret}"),
    ("post", "/v1/plans/{plan}/uploads"), ("get", "/v1/uploads/{id}"), ("patch", "/v1/uploads/{id}"),
    ("delete", "/v1/uploads/{id}"), ("get", "/v1/submissions/{id}/attachments"),
    ("post", "/v1/submissions/{id}/attachments"), ("get", "/v1/attachments/{id}"),
    ("post", "/v1/attachments/{id}/withdrawal"), ("get", "/v1/plans/{plan}/open-data"),
    ("get", "/v1/submissions/{id}/remarks"), ("post", "/v1/submissions/{id}/remarks"),
    ("post", "/v1/remarks/{id}/resolution"), ("get", "/v1/submissions/{id}/comparison"),
    ("get", "/v1/plans/{plan}/open-data/description"), ("post", "/v1/submissions/{id}/reviews"),
    ("get", "/v1/submissions/{id}/reviews"), ("get", "/v1/plans/{plan}/reviews"), ("get", "/v1/plans/{plan}/waiting"),
    ("get", "/v1/plans/{plan}/meetings"), ("post", "/v1/plans/{plan}/meetings"), ("post", "/v1/submissions/{id}/withdrawal"),
    ("get", "/v1/submissions/{id}/attestations"), ("post", "/v1/submissions/{id}/attestations"),
    ("get", "/v1/plans/{plan}/closings"), ("post", "/v1/plans/{plan}/closings"),
    ("get", "/v1/plans/{plan}/bodies"), ("get", "/v1/plans/{plan}/bodies/{body}"), ("post", "/v1/plans/{plan}/bodies/{body}/members"),
    ("post", "/v1/body-members/{id}/end"), ("get", "/v1/plans/{plan}/watch"), ("get", "/v1/plans/{plan}/duties"),
    ("get", "/v1/plans/{plan}/secretariat"), ("post", "/v1/plans/{plan}/secretariat"), ("post", "/v1/plans/{plan}/secretariat/swap"),
    ("get", "/v1/plans/{plan}/sitting-in"), ("post", "/v1/meetings/{id}/sitting-in"), ("post", "/v1/plans/{plan}/sitting-in/propose")]
CONTRACT += [
    ("get", "/v1/plans/{plan}/packs"), ("post", "/v1/plans/{plan}/packs"), ("get", "/v1/packs/{id}"), ("get", "/v1/packs/{id}/file"),
    ("get", "/v1/packs/{id}/check"), ("get", "/v1/packs/{id}/changes")]
CONTRACT += [
    ("post", "/v1/session"), ("get", "/v1/session"), ("delete", "/v1/session"), ("get", "/v1/sessions"), ("delete", "/v1/sessions"),
    ("delete", "/v1/sessions/{session}"), ("patch", "/v1/account"), ("post", "/v1/account/password"), ("post", "/v1/account/totp"),
    ("delete", "/v1/account/totp"), ("get", "/v1/password-resets/{link}"), ("post", "/v1/password-resets/{link}"), ("get", "/v1/accounts"), ("post", "/v1/accounts"),
    ("get", "/v1/accounts/{account}"), ("patch", "/v1/accounts/{account}"), ("post", "/v1/accounts/{account}/reset"), ("get", "/v1/tokens"),
    ("post", "/v1/tokens"), ("delete", "/v1/tokens/{token}"), ("get", "/v1/plans/{plan}/prepared"), ("get", "/v1/prepared/{prepared}"),
    ("post", "/v1/prepared/{prepared}/release"), ("post", "/v1/prepared/{prepared}/rejection")]
CONTRACT += [
    ("get", "/v1/mails"), ("post", "/v1/mails/{id}/retry"), ("get", "/v1/account/mail-preferences"),
    ("put", "/v1/account/mail-preferences"), ("get", "/v1/mail-unsubscriptions/{secret}"),
    ("post", "/v1/mail-unsubscriptions/{secret}")]
CONTRACT += [
    ("get", "/v1/plans/{plan}/meeting-calendar"), ("get", "/v1/meetings/{id}"), ("post", "/v1/meetings/{id}/steps"), ("put", "/v1/meetings/{id}/agenda"),
    ("put", "/v1/meetings/{id}/attendance"), ("put", "/v1/meetings/{id}/resolutions")]
CONTRACT += [
    ("post", "/v1/meetings/{id}/decisions"), ("get", "/v1/plans/{plan}/decisions"), ("get", "/v1/decisions/{id}"),
    ("post", "/v1/decisions/{id}/progress"), ("post", "/v1/decisions/{id}/rulings"), ("post", "/v1/decisions/{id}/referrals"),
    ("post", "/v1/referrals/{id}/outcome")]
CONTRACT += [
    ("post", "/v1/meetings/{id}/minutes"), ("get", "/v1/meetings/{id}/minutes"), ("get", "/v1/meetings/{id}/decisions/proposal"),
    ("post", "/v1/meetings/{id}/decisions/take-over")]
CONTRACT += [("get", "/v1/audit"), ("get", "/v1/audit/head"), ("get", "/v1/audit/heads/{head}"), ("get", "/v1/audit/export"),
             ("get", "/v1/audit/{sequence}")]


def description(d):
    if not hasattr(d, "openapi"):
        reply = expect_status(d.service.client().get("/v1/openapi.json"), 200)
        check(reply.header("content-type", "").split(";")[0] in
              ("application/json", "application/vnd.oai.openapi+json"), "content type")
        d.openapi = reply.json
    return d.openapi


def prefix(api):
    for server in api.get("servers", []):
        path = re.sub(r"^[a-z]+://[^/]*", "", server["url"]).rstrip("/")
        if path:
            return path
    return ""


def routes(api):
    """{(method, whole path with {} for each parameter): (path as written, operation, path item)}"""
    found = {}
    for path, item in api["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                found[method, shape(prefix(api) + path)] = (path, operation, item)
    return found


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


def deref(api, thing):
    while isinstance(thing, dict) and "$ref" in thing:
        thing = json_schema.resolve(api, thing["$ref"])
    return thing


@test
def it_is_served_without_a_token_and_is_openapi_3(d):
    api = description(d)
    check(re.match(r"3\.[01]\.\d+$", api["openapi"]), f"openapi: {api['openapi']}")
    for name in ("title", "version"):
        check(api["info"].get(name), f"info.{name}")
    check(api["paths"], "no paths")


@test
def every_reference_leads_somewhere(d):
    api = description(d)

    def walk(thing, where):
        if isinstance(thing, dict):
            if isinstance(thing.get("$ref"), str):
                try:
                    json_schema.resolve(api, thing["$ref"])
                except (KeyError, ValueError, IndexError):
                    raise AssertionError(f"{where}: {thing['$ref']} leads nowhere") from None
            for name, inner in thing.items():
                walk(inner, f"{where}.{name}")
        elif isinstance(thing, list):
            for number, inner in enumerate(thing):
                walk(inner, f"{where}[{number}]")
    walk(api, "$")


@test
def every_operation_is_whole(d):
    api, seen = description(d), set()
    for (method, path), (_, operation, item) in routes(api).items():
        where = f"{method.upper()} {path}"
        identity = operation.get("operationId")
        check(identity, f"{where}: no operationId")
        check(identity not in seen, f"{where}: operationId {identity} stands twice")
        seen.add(identity)
        check(operation.get("summary") or operation.get("description"), f"{where}: no summary")
        check(operation.get("responses"), f"{where}: no responses")
        for status, response in operation["responses"].items():
            check(re.fullmatch(r"[1-5](\d\d|XX)|default", status), f"{where}: status {status}")
            response = deref(api, response)
            check(response.get("description") is not None, f"{where} {status}: no description")
        parameters = [deref(api, one)
                      for one in item.get("parameters", []) + operation.get("parameters", [])]
        names = [(one["in"], one["name"]) for one in parameters]
        equal(len(names), len(set(names)), f"{where}: repeated parameters")
        for one in parameters:
            check(one["in"] in ("path", "query", "header", "cookie"), f"{where}: {one['name']}")
            check("schema" in one or "content" in one, f"{where}: {one['name']} has no schema")
            if one["in"] == "path":
                check(one.get("required") is True, f"{where}: {one['name']} must be required")


@test
def path_parameters_are_those_of_the_path(d):
    api = description(d)
    for path, item in api["paths"].items():
        check(path.startswith("/"), f"path {path}")
        inside = set(re.findall(r"\{([^}]*)\}", path))
        for method, operation in item.items():
            if method in METHODS:
                declared = {deref(api, one)["name"] for one in item.get("parameters", [])
                            + operation.get("parameters", []) if deref(api, one)["in"] == "path"}
                equal(declared, inside, f"{method.upper()} {path}")


@test
def its_schemas_use_only_keywords_that_are_checked(d):
    api, faults = description(d), []
    for name, schema in api.get("components", {}).get("schemas", {}).items():
        faults += json_schema.unknown_keywords(schema, f"components.schemas.{name}")
    for (method, path), (_, operation, _) in routes(api).items():
        for status, response in operation["responses"].items():
            for kind, media in deref(api, response).get("content", {}).items():
                if "schema" in media:
                    faults += json_schema.unknown_keywords(media["schema"],
                                                           f"{method} {path} {status} {kind}")
    equal(faults, [], "keywords")


@test
def tokens_are_described(d):
    schemes = description(d)["components"]["securitySchemes"].values()
    check(any(one["type"] == "http" and one["scheme"].lower() == "bearer" for one in schemes),
          "no bearer scheme")


@test
def every_call_of_the_contract_is_described(d):
    known = routes(description(d))
    missing = [f"{method.upper()} {path}" for method, path in CONTRACT
               if (method, shape(path)) not in known]
    equal(missing, [], "not described")


def real_ids(d):
    if not hasattr(d, "ids"):
        one = d.accepted(annual(GUISHAN, "113"))["submission"]
        two = d.accepted(annual(GUISHAN, "113", 1, **{"general.gm2h.m": 1}))["submission"]
        d.accepted(quarterly(ZHONGLI, courses=[course(lecturer="王")]))
        d.ids = (one, two)
    return d.ids


def fill_path(d, path):
    one, _ = real_ids(d)
    values = {"plan": d.plan, "form": "training-annual", "id": one, "submission": one,
              "code": "revision_conflict", "secret": "x.ics", "head": "0" * 64, "sequence": "1", "body": "council"}
    values.update({name: one for name in ("session", "account", "token", "link", "prepared")})

    def value(match):
        check(match.group(1) in values, f"this test has no value for {match.group(0)} of {path}")
        return values[match.group(1)]
    return re.sub(r"\{([^}]*)\}", value, path)


@test
def wrong_methods_on_every_path_are_405_with_exactly_the_methods_described(d):
    api = description(d)
    for path, item in api["paths"].items():
        real = prefix(api) + fill_path(d, path)
        described = {method.upper() for method in item if method in METHODS}
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method in described:
                continue
            reply = d.geo.request(method, real, body=b"{}" if method != "GET" else None,
                                  headers={"Content-Type": "application/json"})
            expect_status(reply, 405)
            allow = {one.strip() for one in reply.header("allow", "").split(",") if one.strip()}
            equal(allow - {"HEAD", "OPTIONS"}, described - {"HEAD", "OPTIONS"},
                  f"Allow of {method} {real}")


def described_response(api, operation, status):
    responses = operation["responses"]
    for name in (str(status), f"{str(status)[0]}XX", "default"):
        if name in responses:
            return deref(api, responses[name])
    return None


def held_against(d, client, method, path, query="", body=None, headers=None):
    """Ask, find the operation, and hold status, type and body against its description."""
    api = description(d)
    template = next((key for key in routes(api) if key[0] == method.lower() and re.fullmatch(
        re.escape(key[1]).replace(r"\{\}", "[^/]+"), path)), None)
    check(template, f"{method} {path} isn't described")
    operation = routes(api)[template][1]
    reply = client.request(method, path + query, body=body, headers=headers)
    response = described_response(api, operation, reply.status)
    check(response, f"status {reply.status} isn't described: {reply}")
    if reply.body:
        kind = reply.header("content-type", "").split(";")[0].strip()
        content = response.get("content", {})
        check(kind in content, f"{kind} isn't described for {reply.status}: {reply}")
        schema = content[kind].get("schema")
        if kind.endswith("json"):
            check(schema, f"{reply.asked}: no schema for {kind}")
            faults = json_schema.faults_of(api, schema, reply.json)
            equal(faults[:8], [], f"{reply.asked} ({reply.status}) against its schema")
    return reply


@test
def every_read_answers_as_described(d):
    one, two = real_ids(d)
    base = d.base
    period = "?period=113&by="
    asked = [("/healthz", ""), ("/readyz", ""), ("/v1/openapi.json", ""), ("/v1/keys", ""),
             ("/v1/whoami", ""), ("/v1/plans", ""), (f"/v1/plans/{d.plan}", ""),
             (f"{base}/forms/training-annual", ""), (f"{base}/forms/training-quarterly", ""),
             *((f"{base}/forms/training-quarterly/template", f"?period=113Q2&office={GUISHAN}&format={name}")
               for name in ("json", "csv", "ods", "xlsx")),
             (f"{base}/submissions", ""), (f"{base}/submissions", "?limit=1"),
             (f"{base}/submissions", f"?office={GUISHAN}&form=training-annual&period=113"),
             (f"/v1/submissions/{one}", ""), (f"/v1/submissions/{one}/revisions", ""),
             (f"/v1/submissions/{two}/diff", f"?against={one}"),
             (f"/v1/submissions/{one}/receipt", ""), (f"/v1/submissions/{two}/findings", ""),
             ("/problems/revision_conflict", "")]
    for by in ("office", "group", "city"):
        asked += [(f"{base}/rollups/training-annual", period + by),
                  (f"{base}/rollups/training-quarterly", period + by),
                  (f"{base}/rollups/training-quarterly", f"?period=113Q2&by={by}"),
                  (f"{base}/rollups/budget-execution", period + by),
                  (f"{base}/indicators", f"?year=113&by={by}"),
                  (f"{base}/indicators", f"?year=113&by={by}&basis=official"),
                  (f"{base}/indicators", f"?year=113&by={by}&as_of=2024-01-01T00:00:00Z"),
                  (f"{base}/indicators", f"?year=113&by={by}&format=csv")]
    for query in ("", "?year=113", f"?year=113&office={GUISHAN}&form=training-annual", "?year=113&format=csv",
                  "?year=112&as_of=2024-01-01T00:00:00Z"):
        asked.append((f"{base}/obligations", query))
    asked += [(f"{base}/timeliness", query) for query in ("", "?year=113&by=office", "?by=group&format=csv")]
    asked += [(f"{base}/extensions", query) for query in ("", "?year=113", "?format=csv")]
    asked += [(f"{base}/calendar.ics", ""), (f"{base}/calendar.ics", "?lang=en&year=113"), (f"{base}/calendar-feeds", "")]
    for path, query in asked:
        for client in (d.geo, d.office(GUISHAN)):
            expect_status(held_against(d, client, "GET", path, query), 200)


@test
def uploads_and_attachments_answer_as_described(d):
    office, data = d.office(GUISHAN), files.pdf(40000)
    submission = d.accepted(quarterly(GUISHAN, "114Q4", courses=[]))["submission"]
    kind = {"Content-Type": "application/json"}

    def ask(status, method, path, body=None, headers=None):
        return expect_status(held_against(d, office, method, path, "", body, headers), status)
    opening = {"size": len(data), "name": "a.pdf"}
    given = ask(201, "POST", f"{d.base}/uploads", opening, kind).json["upload"]
    ask(422, "POST", f"{d.base}/uploads", {**opening, "size": 0}, kind)
    bytes_at = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
    order = {"upload": given, "slot": "evidence"}
    ask(409, "POST", f"/v1/submissions/{submission}/attachments", order, kind)
    ask(200, "PATCH", f"/v1/uploads/{given}", data, bytes_at)
    ask(409, "PATCH", f"/v1/uploads/{given}", data, bytes_at)
    ask(200, "GET", f"/v1/uploads/{given}")
    made = ask(201, "POST", f"/v1/submissions/{submission}/attachments", order, kind).json["attachment"]
    ask(200, "POST", f"/v1/submissions/{submission}/attachments", order, kind)
    ask(200, "GET", f"/v1/submissions/{submission}/attachments")
    ask(200, "GET", f"/v1/submissions/{submission}")
    ask(200, "GET", f"/v1/attachments/{made}")
    ask(206, "GET", f"/v1/attachments/{made}", None, {"Range": "bytes=1-5"})
    ask(416, "GET", f"/v1/attachments/{made}", None, {"Range": "bytes=99999-"})
    ask(422, "POST", f"/v1/attachments/{made}/withdrawal", {}, kind)
    ask(201, "POST", f"/v1/attachments/{made}/withdrawal", {"reason": "x"}, kind)
    other = ask(201, "POST", f"{d.base}/uploads", opening, kind).json["upload"]
    ask(204, "DELETE", f"/v1/uploads/{other}")
    ask(404, "DELETE", f"/v1/uploads/{other}")


@test
def reviews_and_meetings_answer_as_described(d):
    kind = {"Content-Type": "application/json"}

    def ask(status, method, path, body=None, client=d.geo, query=""):
        return expect_status(held_against(d, client, method, path, query, body, kind if body is not None else None), status)
    made = d.accepted(annual(GUISHAN, "112"))["submission"]
    path = f"/v1/submissions/{made}/reviews"
    ask(422, "POST", path, {"outcome": "return"})
    ask(403, "POST", path, {"outcome": "accept"}, d.login("supervision"))
    ask(201, "POST", path, {"outcome": "return", "reason": "x", "cells": ["fields.general.staff.m"]})
    ask(200, "GET", f"/v1/submissions/{made}")
    ask(200, "GET", f"{d.base}/obligations", query="?year=112")
    ask(201, "POST", path, {"outcome": "accept"})
    ask(200, "POST", path, {"outcome": "accept"})
    ask(409, "POST", path, {"outcome": "accept", "reason": "another"})
    ask(200, "GET", path)
    ask(200, "GET", f"{d.base}/reviews", query="?limit=1")
    ask(200, "GET", f"{d.base}/waiting")
    ask(422, "POST", f"{d.base}/meetings", {"body": "geo", "held_on": "2024-05-20"})
    ask(201, "POST", f"{d.base}/meetings", {"body": "council", "held_on": "113/6/20"})
    ask(200, "GET", f"{d.base}/meetings")
    sent = {"body": "liaison", "unit": "group-1", "day": "2024-10-15", "state": "called", "begins": "14:00"}
    meeting = ask(201, "POST", f"{d.base}/meetings", sent).json
    path = f"/v1/meetings/{meeting['meeting']}"
    ask(200, "POST", f"{d.base}/meetings", sent)
    ask(409, "POST", f"{d.base}/meetings", {**sent, "place": "x"})
    ask(409, "POST", f"{path}/steps", {"state": "on_record"})
    ask(201, "POST", f"{path}/steps", {"state": "held"})
    ask(200, "POST", f"{path}/steps", {"state": "held"})
    for name, body in (("agenda", {"items": meeting["agenda"]["items"]}), ("attendance", {"rows": [{"office": GUISHAN, "duty": "chair", "name": "x"}]})):
        for status, headers in ((428, {}), (412, {"If-Match": '"1"'}), (200, {"If-Match": '"0"'})):
            expect_status(held_against(d, d.geo, "PUT", f"{path}/{name}", "", body, {**kind, **headers}), status)
    shown = ask(200, "GET", path)
    item, tag = shown.json["agenda"]["items"][0]["item"], shown.header("etag")
    for status, state, match in ((200, "held", tag), (412, "on_record", '"x"')):
        expect_status(held_against(d, d.geo, "POST", f"{path}/steps", "", {"state": state}, {**kind, "If-Match": match}), status)
    expect_status(held_against(d, d.geo, "PUT", f"{path}/agenda", "", {"items": shown.json["agenda"]["items"]}, {**kind, "If-Match": tag}), 200)
    ask(422, "POST", f"{d.base}/meetings", {**sent, "day": "2024-10-16", "ends": "14:00"})
    expect_status(held_against(d, d.geo, "PUT", f"{path}/resolutions", "", {"resolutions": [{"item": item, "text": "洽悉"}]},
                               {**kind, "If-Match": '"0"'}), 200)
    for client in (d.geo, d.office(GUISHAN)):
        ask(200, "GET", path, client=client)
    ask(200, "GET", path, query=f"?as_of={meeting['recorded_at']}")
    ask(404, "GET", path, client=d.office(ZHONGLI))
    ask(200, "GET", f"{d.base}/meeting-calendar", query="?year=113")
    ask(400, "GET", f"{d.base}/meeting-calendar", query="?year=90")
    ask(201, "POST", f"{path}/minutes", {"language": "zh"})
    ask(200, "POST", f"{path}/minutes", {"language": "zh"})
    ask(422, "POST", f"{path}/minutes", {"language": "fr"})
    ask(200, "GET", f"{path}/minutes", query="?format=pdf")
    ask(406, "GET", f"{path}/minutes", query="?format=json")
    ask(200, "GET", f"{path}/decisions/proposal")
    ask(422, "POST", f"{path}/decisions/take-over", {"decisions": []})
    ask(201, "POST", f"{path}/decisions/take-over", {"decisions": [{"item": item, "owners": [{"office": GUISHAN}]}]})
    ask(409, "POST", f"{path}/decisions/take-over", {"decisions": [{"item": item, "owners": [{"office": GUISHAN}]}]})


@test
def mails_answer_as_described(d):
    account, secret = str(uuid.uuid4()), "x" * 43
    d.service.sql(f"""
        insert into tributary.account (account, jurisdiction, login, name, role, office)
        values ('{account}', '68000', 'mailed', 'x', 'office', '{GUISHAN}');
        insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, give_up_at, state, sent_at)
        select gen_random_uuid(), '68000', '{account}', '{GUISHAN}', 'return', n, '{{}}', now(),
            case n when 1 then 'sent' else 'given_up' end, case n when 1 then now() end from generate_series(1, 3) n;
        insert into tributary.mail_unsubscription select sha256('{secret}'), '68000', mail from tributary.mail limit 1""")
    person = d.service.client(d.service.add_token("office", GUISHAN, extra=("--account", "mailed")))
    admin, nobody = d.login("admin"), d.service.client()

    def ask(status, client, method, path, body=None, headers=None, query=""):
        return expect_status(held_against(d, client, method, path, query, body, headers), status)
    for query in ("", "?limit=1", "?state=sent&kind=return", f"?office={GUISHAN}", "?format=csv"):
        ask(200, d.geo, "GET", "/v1/mails", query=query)
    ask(400, d.geo, "GET", "/v1/mails", query="?state=x")
    ask(403, person, "GET", "/v1/mails")
    mails = {one["state"]: one["mail"] for one in ask(200, admin, "GET", "/v1/mails").json["mails"]}
    ask(200, admin, "POST", f"/v1/mails/{mails['given_up']}/retry", {})
    ask(409, admin, "POST", f"/v1/mails/{mails['sent']}/retry", {})
    ask(404, admin, "POST", f"/v1/mails/{uuid.uuid4()}/retry", {})
    path = "/v1/account/mail-preferences"
    tag = ask(200, person, "GET", path).header("etag")
    ask(428, person, "PUT", path, {"opted_out": []})
    ask(200, person, "PUT", path, {"opted_out": ["return"], "language": "en"}, {"If-Match": tag})
    ask(412, person, "PUT", path, {"opted_out": []}, {"If-Match": tag})
    ask(422, person, "PUT", path, {"opted_out": ["reset"]}, {"If-Match": "*"})
    ask(404, d.geo, "GET", path)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    ask(200, nobody, "GET", f"/v1/mail-unsubscriptions/{secret}")
    ask(200, nobody, "POST", f"/v1/mail-unsubscriptions/{secret}", b"List-Unsubscribe=One-Click", form)
    ask(400, nobody, "POST", f"/v1/mail-unsubscriptions/{secret}", b"", form)
    ask(404, nobody, "GET", "/v1/mail-unsubscriptions/x")


@test
def accounts_and_sessions_answer_as_described(d):
    people = People(d.service)
    login, first = people.invite("admin")
    browser = people.browser()

    def ask(status, method, path, body=None, client=browser, headers=None, query=""):
        return expect_status(held_against(d, client, method, path, query, body, headers), status).json
    ask(401, "POST", "/v1/session", {"login": login, "password": "wrong wrong wrong"})
    ask(403, "POST", "/v1/session", {"login": login, "password": first}, d.geo)
    ask(201, "POST", "/v1/session", {"login": login, "password": first})
    ask(403, "GET", "/v1/plans")
    ask(422, "POST", "/v1/account/password", {"current": first, "password": "short"})
    ask(200, "POST", "/v1/account/password", {"current": first, "password": PASSWORD})
    ask(200, "GET", "/v1/whoami")
    version = ask(200, "GET", "/v1/session")["version"]
    ask(428, "PATCH", "/v1/account", {"language": "en"})
    ask(200, "PATCH", "/v1/account", {"language": "en"}, headers={"If-Match": f'"{version}"'})
    secret = ask(200, "POST", "/v1/account/totp", {})["secret"]
    ask(200, "POST", "/v1/account/totp", {"code": totp(secret, time.time())})
    ask(200, "DELETE", "/v1/account/totp", {"password": PASSWORD})
    ask(200, "GET", "/v1/sessions")
    made = ask(201, "POST", "/v1/accounts", {"login": "described", "name": "x", "role": "office", "office": GUISHAN, "duty": "prepare"},
               headers={"Idempotency-Key": "described"})
    ask(200, "POST", "/v1/accounts", {"login": "described", "name": "x", "role": "office", "office": GUISHAN, "duty": "prepare"},
        headers={"Idempotency-Key": "described"})
    ask(409, "POST", "/v1/accounts", {"login": "described", "name": "x", "role": "geo"})
    ask(404, "POST", "/v1/password-resets/" + "A" * 43, {"password": PASSWORD}, people.browser())
    check(expect_status(people.browser().get(made["reset_path"]), 200).header("content-type").startswith("text/html"), "page")
    ask(200, "POST", made["reset_path"], {"password": PASSWORD}, people.browser())
    path = f"/v1/accounts/{made['account']}"
    version = ask(200, "GET", path)["version"]
    ask(412, "PATCH", path, {"name": "y"}, headers={"If-Match": '"99"'})
    ask(200, "PATCH", path, {"disabled": True, "reason": "x"}, headers={"If-Match": f'"{version}"'})
    ask(409, "POST", f"{path}/reset", {})
    ask(200, "PATCH", path, {"disabled": False}, headers={"If-Match": f'"{version + 1}"'})
    ask(201, "POST", f"{path}/reset", {})
    ask(200, "GET", "/v1/accounts", query="?limit=1")
    token = ask(201, "POST", "/v1/tokens", {"role": "geo", "label": "x", "network": ["127.0.0.1"]})
    ask(422, "POST", "/v1/tokens", {"role": "geo", "label": "x", "network": ["x"]})
    ask(200, "GET", "/v1/tokens", query="?limit=2")
    ask(200, "DELETE", f"/v1/tokens/{token['token']}")
    ask(404, "DELETE", f"/v1/sessions/{uuid.uuid4()}")
    ask(200, "DELETE", f"/v1/sessions/{browser.session}")
    expect_status(browser.sign_in(login), 201)
    ask(200, "DELETE", "/v1/session")
    expect_status(browser.sign_in(login), 201)
    ask(200, "DELETE", "/v1/sessions")


@test
def what_is_prepared_answers_as_described(d):
    people = People(d.service)
    clerk, head = (people.signed_in("office", ZHONGLI, duty=duty) for duty in ("prepare", "release"))

    def ask(status, method, path, body=None, client=head, headers=None):
        return expect_status(held_against(d, client, method, path, "", body, headers), status).json
    key = {"Idempotency-Key": "described-preparation"}
    one = ask(202, "POST", f"{d.base}/submissions", annual(ZHONGLI, "112"), clerk, key)["prepared"]
    ask(202, "POST", f"{d.base}/submissions", annual(ZHONGLI, "112"), clerk, key)
    ask(200, "GET", f"{d.base}/prepared")
    ask(200, "GET", f"/v1/prepared/{one}")
    ask(403, "POST", f"/v1/prepared/{one}/release", {}, clerk)
    made = ask(201, "POST", f"/v1/prepared/{one}/release", {})["submission"]
    ask(200, "POST", f"/v1/prepared/{one}/release", {})
    ask(200, "GET", f"/v1/submissions/{made}")
    ask(409, "POST", f"/v1/prepared/{one}/rejection", {"reason": "x"})
    two = ask(202, "POST", f"{d.base}/submissions", annual(ZHONGLI, "114"), clerk)["prepared"]
    ask(200, "POST", f"/v1/prepared/{two}/rejection", {"reason": "x"})
    ask(200, "GET", f"/v1/prepared/{two}")
    for query, status in (("?state=open", 200), ("?state=all&limit=1", 200), ("?state=closed", 400)):
        expect_status(held_against(d, head, "GET", f"{d.base}/prepared", query), status)


@test
def remarks_answer_as_described(d):
    submission = d.accepted(annual(OFFICES[2], "112"))["submission"]
    path = f"/v1/submissions/{submission}/remarks"
    office, key = d.office(OFFICES[2]), {"Idempotency-Key": str(uuid.uuid4())}
    body = {"path": "fields.general.staff.m", "text": "請確認"}
    for client, sent, headers, status in ((d.geo, body, key, 201), (d.geo, body, key, 200), (d.geo, {**body, "text": "x"}, key, 409),
                                          (office, {"path": "", "text": "整份"}, {}, 201), (office, {"path": "x", "text": "x"}, {}, 422),
                                          (d.login("auditor"), body, {}, 403), (d.office(ZHONGLI), body, {}, 404)):
        expect_status(held_against(d, client, "POST", path, "", sent, headers), status)
    made = d.geo.get(path).json["remarks"][0]["remark"]
    expect_status(held_against(d, office, "POST", path, "", {"answers": made, "text": "已確認"}), 201)
    settling = f"/v1/remarks/{made}/resolution"
    for sent, status in (({"resolved": True}, 201), ({"resolved": True}, 200), ({"resolved": 1}, 422)):
        expect_status(held_against(d, office, "POST", settling, "", sent), status)
    expect_status(held_against(d, office, "POST", f"/v1/remarks/{uuid.uuid4()}/resolution", "", {"resolved": True}), 404)
    for query, status in (("", 200), ("?open=true", 200), ("?limit=1", 200), ("?format=csv", 200), ("?limit=0", 400)):
        expect_status(held_against(d, office, "GET", path, query), status)
    expect_status(held_against(d, office, "GET", f"/v1/submissions/{submission}"), 200)


@test
def comparisons_answer_as_described(d):
    office = OFFICES[3]
    one = d.accepted(annual(office, "112"))["submission"]
    two = d.accepted(annual(office, "113", **{"general.gm2h.m": 1, "general.gm2h.f": ..., "general.cedaw2h.m": {"not_yet": "x"}}))
    quarter = d.accepted(quarterly(office, courses=[course()]))["submission"]
    for submission, query, status in ((two["submission"], "", 200), (two["submission"], f"?against={one}", 200),
                                      (two["submission"], "?basis=official", 200), (two["submission"], "?format=ods", 200),
                                      (quarter, "", 200), (quarter, "?against=previous", 200), (one, "", 200),
                                      (one, f"?against={quarter}", 400), (str(uuid.uuid4()), "", 404)):
        for client in (d.geo, d.office(office)):
            expect_status(held_against(d, client, "GET", f"/v1/submissions/{submission}/comparison", query), status)


@test
def decisions_answer_as_described(d):
    def ask(status, method, path, body=None, client=d.geo, query=""):
        return expect_status(held_against(d, client, method, path, query, body,
                                          {"Content-Type": "application/json"} if body is not None else None), status).json
    made, later, up = (expect_status(d.geo.post(f"{d.base}/meetings", {"body": body, "held_on": day, **more}), 201).json["meeting"]
                       for body, day, more in (("liaison", "2024-03-05", {"unit": "group-1"}), ("liaison", "2025-03-05", {"unit": "group-1"}),
                                               ("promotion-group", "2025-04-05", {})))
    path, new = f"/v1/meetings/{made}/decisions", {"title": "案由", "text": "內容", "owners": [{"office": GUISHAN}, {"agency": "社會局"}],
                                                   "due_on": "2024-12-31", "asks": {"form": "webpage", "period": "113", "text": "網址"}}
    one = ask(201, "POST", path, new)["decision"]
    ask(422, "POST", path, {**new, "owners": []})
    ask(403, "POST", path, new, d.office(GUISHAN))
    ask(404, "POST", f"/v1/meetings/{uuid.uuid4()}/decisions", new)
    ask(201, "POST", f"/v1/decisions/{one}/progress", {"text": "已辦", "proposes": "close"}, d.office(GUISHAN))
    ask(422, "POST", f"/v1/decisions/{one}/progress", {"text": ""}, d.office(GUISHAN))
    ruling = {"meeting": later, "rulings": [{"owner": 1, "outcome": "continue", "due_on": "2026-01-31", "text": "續辦"}]}
    ask(201, "POST", f"/v1/decisions/{one}/rulings", ruling)
    ask(409, "POST", f"/v1/decisions/{one}/rulings", {**ruling, "meeting": made})
    referral = ask(201, "POST", f"/v1/decisions/{one}/referrals", {"reason": "跨機關"})["referrals"][0]["referral"]
    ask(409, "POST", f"/v1/decisions/{one}/referrals", {})
    ask(201, "POST", f"/v1/referrals/{referral}/outcome", {"meeting": up, "text": "照辦"})
    mistaken = ask(201, "POST", path, new)["decision"]
    ask(422, "POST", f"/v1/decisions/{mistaken}/withdrawal", {})
    ask(201, "POST", f"/v1/decisions/{mistaken}/withdrawal", {"reason": "誤植"})
    ask(409, "POST", f"/v1/decisions/{mistaken}/withdrawal", {"reason": "誤植"})
    for client in (d.geo, d.office(GUISHAN)):
        ask(200, "GET", f"/v1/decisions/{one}", None, client)
        ask(200, "GET", f"/v1/decisions/{mistaken}", None, client)
        ask(200, "GET", f"{d.base}/obligations", None, client, "?year=113")
        for query in ("", "?state=open&body=liaison&unit=group-1", "?agenda=true&body=liaison&unit=group-1", f"?office={GUISHAN}&limit=1", "?number=113-group-1-01"):
            ask(200, "GET", f"{d.base}/decisions", None, client, query)
    ask(400, "GET", f"{d.base}/decisions", None, d.geo, "?state=x")
    expect_status(held_against(d, d.geo, "GET", f"{d.base}/decisions", "?format=csv"), 200)


@test
def packs_answer_as_described(d):
    def ask(status, method, path, body=None, client=d.geo, query=""):
        kind = {"Content-Type": "application/json"} if body is not None else None
        return expect_status(held_against(d, client, method, path, query, body, kind), status)
    order = {"body": "task-group", "unit": GUISHAN, "year": 112}
    packs = [ask(201, "POST", f"{d.base}/packs", {**order, "basis": basis}).json["pack"] for basis in ("latest", "official")]
    ask(200, "POST", f"{d.base}/packs", {**order, "basis": "official"})
    for body, status in (({}, 422), ({"body": "none"}, 404), ({**order, "year": 5}, 422), ({**order, "meeting": packs[0]}, 409)):
        ask(status, "POST", f"{d.base}/packs", body)
    ask(403, "POST", f"{d.base}/packs", order, d.office(ZHONGLI))
    for query in ("", "?body=task-group&year=112&limit=1", "?format=csv"):
        ask(200, "GET", f"{d.base}/packs", query=query)
    ask(200, "GET", f"/v1/packs/{packs[0]}")
    ask(404, "GET", "/v1/packs/x")
    ask(200, "GET", f"/v1/packs/{packs[0]}/check")
    ask(200, "GET", f"/v1/packs/{packs[1]}/changes", query=f"?since={packs[0]}")
    for form in ("odt", "pdf", "ods", "json"):
        ask(200, "GET", f"/v1/packs/{packs[0]}/file", query=f"?format={form}")
    for form in ("odt", "pdf"):
        ask(200, "GET", f"/v1/packs/{packs[1]}/changes", query=f"?since={packs[0]}&format={form}")


@test
def bodies_and_duties_answer_as_described(d):
    kind = {"Content-Type": "application/json"}

    def ask(status, method, path, body=None, client=d.geo, query=""):
        return expect_status(held_against(d, client, method, path, query, body, kind if body is not None else None), status).json
    path = f"{d.base}/bodies/council/members"
    one = {"name": "範例", "sex": "m", "seat": "external", "role": "convener", "post": "副市長", "from": "2024-01-01", "served_on_council": True}
    made = ask(201, "POST", path, one)["member"]
    ask(200, "POST", path, one)
    ask(422, "POST", path, {**one, "sex": "x"})
    ask(403, "POST", path, one, d.office(ZHONGLI))
    ask(404, "POST", f"{d.base}/bodies/none/members", one)
    ask(409, "POST", f"{d.base}/bodies/task-group/members", {**one, "unit": GUISHAN})
    ask(201, "POST", f"/v1/body-members/{made}/end", {"ended_on": "2025-12-31"})
    ask(200, "POST", f"/v1/body-members/{made}/end", {"ended_on": "2025-12-31"})
    ask(409, "POST", f"/v1/body-members/{made}/end", {"ended_on": "2020-01-01"})
    d.accepted({"form": "task-group-roster", "office": GUISHAN, "period": "112", "fields": {"effective_from": "2023-03-01"},
                "tables": {"members": [{"_row": "a", "name": "王", "sex": "m", "role": "convener"}, {"_row": "b", "sex": "m", "role": "deputy"}]},
                "notes": {"tables.members": "樣本"}})
    for client in (d.geo, d.office(GUISHAN)):
        for query in ("", "?date=2023-06-01"):
            ask(200, "GET", f"{d.base}/bodies", None, client, query)
            ask(200, "GET", f"{d.base}/watch", None, client, query)
        ask(200, "GET", f"{d.base}/bodies/council", None, client, "?date=2024-06-01")
        ask(200, "GET", f"{d.base}/bodies/task-group", None, client, f"?unit={GUISHAN}")
        for query in ("", "?year=113", "?year=113&basis=official"):
            ask(200, "GET", f"{d.base}/duties", None, client, query)
    for address in (f"{d.base}/duties", f"{d.base}/watch"):
        expect_status(held_against(d, d.geo, "GET", address, "?format=csv"), 200)


@test
def turns_and_sittings_in_answer_as_described(d):
    kind = {"Content-Type": "application/json"}

    def ask(status, method, path, body=None, client=d.geo, query=""):
        return expect_status(held_against(d, client, method, path, query, body, kind if body is not None else None), status).json
    turns = f"{d.base}/secretariat"
    for body, status in (({"unit": "group-1", "year": 112, "office": GUISHAN}, 201), ({"unit": "group-1", "year": 112, "office": GUISHAN}, 200),
                         ({"unit": "group-1", "year": 114, "office": GUISHAN, "reason": "x"}, 201), ({"unit": "group-1"}, 422),
                         ({"unit": "group-1", "year": 112, "office": OFFICES[0]}, 409), ({"unit": "group-1", "year": 113, "office": ZHONGLI}, 409)):
        ask(status, "POST", turns, body)
    ask(403, "POST", turns, {"unit": "group-1", "year": 112, "office": GUISHAN}, d.office(GUISHAN))
    for years, status in (([112, 113], 201), ([112, 112], 422)):
        ask(status, "POST", f"{turns}/swap", {"unit": "group-1", "years": years, "reason": "x"})
    ask(201, "POST", f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "held_on": "2023-09-12"})
    told = ask(201, "POST", f"{turns}/swap", {"unit": "group-1", "years": [112, 113], "reason": "x"})["findings"]
    check("changed_after_meeting" in [one["finding"] for one in told], "a turn changed after its meeting")
    ask(200, "GET", turns, query="?unit=group-1&year=112")
    ask(409, "POST", f"{turns}/swap", {"unit": "group-1", "years": [112, 114], "reason": "x"})
    member = ask(201, "POST", f"{d.base}/bodies/supervision-team/members", {
        "name": "範例督導", "sex": "m", "seat": "internal", "role": "member", "post": "參事", "from": "2023-01-01"})["member"]
    meeting = ask(201, "POST", f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": "2025-09-10", "state": "planned",
                                                      "begins": "14:00", "ends": "16:00"})["meeting"]
    ask(201, "POST", f"{d.base}/meetings", {"body": "council", "day": "2025-09-10", "state": "planned"})
    path = f"/v1/meetings/{meeting}/sitting-in"
    for body, status in (({"member": member}, 201), ({"member": member}, 200), ({"member": "x"}, 422), ({"member": str(uuid.uuid4())}, 409)):
        ask(status, "POST", path, body)
    ask(404, "POST", f"/v1/meetings/{uuid.uuid4()}/sitting-in", {"member": member})
    made = ask(200, "POST", f"{d.base}/sitting-in/propose", {"year": 114})
    ask(409, "POST", f"{d.base}/sitting-in/propose", {"year": 114, "confirm": "x"})
    ask(422, "POST", f"{d.base}/sitting-in/propose", {})
    ask(201, "POST", f"{d.base}/sitting-in/propose", {"year": 114, "confirm": made["digest"]})
    ask(201, "POST", path, {"member": member, "given": False, "reason": "公出"})
    for client in (d.geo, d.office(GUISHAN)):
        for query in ("", "?year=112", "?year=112&unit=group-1", "?as_of=2025-01-01T00:00:00Z"):
            ask(200, "GET", turns, None, client, query)
        for query in ("", "?year=114", "?year=114&as_of=2025-01-01T00:00:00Z"):
            ask(200, "GET", f"{d.base}/sitting-in", None, client, query)
    for address in (turns, f"{d.base}/sitting-in"):
        expect_status(held_against(d, d.geo, "GET", address, "?format=csv"), 200)
        ask(400, "GET", address, None, d.geo, "?year=x")


@test
def open_data_answer_as_described_to_the_city_alone(d):
    for path in (f"{d.base}/open-data", f"{d.base}/open-data/description"):
        expect_status(held_against(d, d.geo, "GET", path, "?year=112"), 200)
        expect_status(held_against(d, d.geo, "GET", path, "?year=115"), 404)
        expect_status(held_against(d, d.office(GUISHAN), "GET", path, "?year=112"), 403)


@test
def the_log_answers_as_described(d):
    one, _ = real_ids(d)
    sequence = expect_status(d.geo.get(f"/v1/submissions/{one}/receipt"), 200).json["log"]["sequence"]
    for client in (d.login("auditor"), d.geo, d.office(GUISHAN)):
        for query in ("", "?limit=1", "?kind=submission&order=oldest", f"?submission={one}", "?format=csv"):
            expect_status(held_against(d, client, "GET", "/v1/audit", query), 200)
        expect_status(held_against(d, client, "GET", f"/v1/audit/{sequence}"), 200)
        head = expect_status(held_against(d, client, "GET", "/v1/audit/head"), 200).json["head"]
        for sought in (head, "0" * 64):
            expect_status(held_against(d, client, "GET", f"/v1/audit/heads/{sought}"), 200)
    expect_status(held_against(d, d.login("auditor"), "GET", "/v1/audit/export"), 200)
    for path in ("/v1/audit?limit=0", "/v1/audit?from=x", "/v1/audit?kind=none", "/v1/audit?actor=x", "/v1/audit/heads/x"):
        path, _, query = path.partition("?")
        expect_status(held_against(d, d.geo, "GET", path, f"?{query}"), 400)
    expect_status(held_against(d, d.geo, "GET", "/v1/audit/999999"), 404)


@test
def every_described_get_is_among_those_asked(d):
    """A route added to the description must be added to this test."""
    asked = {shape(path) for method, path in CONTRACT if method == "get"} | {"/problems/{}"}
    later = [path for method, path in routes(description(d)) if method == "get"
             and path not in asked and not path.startswith("/metrics")]
    equal(later, [], "described but not asked here")


@test
def hand_ins_answer_as_described(d):
    path = f"{d.base}/submissions"
    office = d.office(OFFICES[0])
    right = annual(OFFICES[0], "113")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    steps = [(right, key, "", 201), (right, key, "", 200), ({**right, "base": 1}, {}, "", 200),
             (annual(OFFICES[0], "113", 0, **{"general.gm2h.m": 1}), {}, "", 409),
             (annual(OFFICES[0], "113", 1, **{"general.gm2h.m": 1}), key, "", 409),
             (annual(OFFICES[0], "113", 1, **{"general.gm2h.m": -1}), {}, "", 422),
             (annual(OFFICES[0], "114", **{"general.gm2h.m": -1}), {}, "?dry_run=true", 200),
             (annual(ZHONGLI, "113"), {}, "", 403), (b"{", {"Content-Type": "application/json"},
                                                     "", 400),
             (b"x", {"Content-Type": "application/xml"}, "", 415)]
    for body, headers, query, status in steps:
        expect_status(held_against(d, office, "POST", path, query, body, headers), status)


@test
def acts_answer_as_described(d):
    path = f"{d.base}/extensions"
    body = {"office": GUISHAN, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "選務"}
    for sent, status in ((body, 201), (body, 200), ({**body, "until": "2020-01-01"}, 422), ({**body, "until": None}, 201),
                         ({**body, "until": None, "reason": "x"}, 409)):
        expect_status(held_against(d, d.geo, "POST", path, "", sent), status)
    expect_status(held_against(d, d.office(GUISHAN), "POST", path, "", body), 403)
    path = f"{d.base}/calendar-feeds"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    feed = expect_status(held_against(d, d.office(GUISHAN), "POST", path, "", {}, key), 201).json
    expect_status(held_against(d, d.office(GUISHAN), "POST", path, "", {}, key), 200)
    nobody = d.service.client()
    expect_status(held_against(d, nobody, "GET", feed["url"]), 200)
    expect_status(held_against(d, nobody, "GET", feed["url"], "?lang=x"), 400)
    expect_status(held_against(d, d.geo, "DELETE", f"/v1/calendar-feeds/{feed['feed']}"), 200)
    expect_status(held_against(d, d.geo, "DELETE", f"/v1/calendar-feeds/{uuid.uuid4()}"), 404)
    expect_status(held_against(d, nobody, "GET", feed["url"]), 404)


@test
def what_changes_the_standing_of_a_submission_answers_as_described(d):
    one = expect_status(held_against(d, d.geo, "POST", f"{d.base}/submissions",
                                     "?received_at=2025-02-01T00:00:00Z&received_reason=x", annual(ZHONGLI, "113")), 201).json["submission"]
    path = f"/v1/submissions/{one}/attestations"
    body = {"received_at": "2025-01-05T08:00:00+08:00", "reason": "郵寄"}
    for client, sent, status in ((d.geo, body, 201), (d.geo, body, 200), (d.geo, {**body, "received_at": None}, 201),
                                 (d.geo, {**body, "received_at": None}, 409), (d.geo, {**body, "received_at": "x"}, 422),
                                 (d.office(ZHONGLI), body, 403)):
        expect_status(held_against(d, client, "POST", path, "", sent), status)
    expect_status(held_against(d, d.office(ZHONGLI), "GET", path), 200)
    path = f"/v1/submissions/{one}/withdrawal"
    for client, sent, status in ((d.office(ZHONGLI), {}, 422), (d.office(GUISHAN), {"reason": "x"}, 404),
                                 (d.login("dbas"), {"reason": "x"}, 403), (d.office(ZHONGLI), {"reason": "x"}, 201),
                                 (d.office(ZHONGLI), {"reason": "x"}, 409)):
        reply = expect_status(held_against(d, client, "POST", path, "", sent), status)
        if status == 201:
            gone = reply.json["submission"]
    for path, query in ((f"/v1/submissions/{gone}", ""), (f"/v1/submissions/{gone}/receipt", ""),
                        (f"/v1/submissions/{gone}/revisions", ""), (f"{d.base}/submissions", "?period=113"),
                        (f"{d.base}/obligations", "?year=113")):
        expect_status(held_against(d, d.geo, "GET", path, query), 200)
    path = f"{d.base}/closings"
    body = {"period": "115Q3", "form": None, "closed": True, "reason": "決算"}
    for client, sent, status in ((d.geo, body, 201), (d.geo, body, 200), (d.geo, {**body, "period": "199"}, 422),
                                 (d.office(ZHONGLI), body, 403)):
        expect_status(held_against(d, client, "POST", path, "", sent), status)
    for query in ("", "?format=csv", "?as_of=2024-01-01T00:00:00Z"):
        expect_status(held_against(d, d.office(ZHONGLI), "GET", path, query), 200)
    expect_status(held_against(d, d.geo, "GET", f"{d.base}/obligations", "?year=115"), 200)
    for query, status in (("", 409), ("?dry_run=true", 200)):
        expect_status(held_against(d, d.office(ZHONGLI), "POST", f"{d.base}/submissions", query,
                                   quarterly(ZHONGLI, "115Q3", courses=[])), status)
    expect_status(held_against(d, d.geo, "POST", path, "", {**body, "closed": False}), 201)
    expect_status(held_against(d, d.geo, "POST", path, "", {**body, "closed": False, "reason": "y"}), 409)


@test
def problems_answer_as_described(d):
    for path, query, headers, status in [
            ("/v1/plans/none", "", {}, 404), (f"{d.base}/forms/none", "", {}, 404),
            (f"{d.base}/rollups/none", "?period=113&by=city", {}, 404),
            (f"{d.base}/rollups/training-annual", "?period=abc&by=city", {}, None),
            (f"{d.base}/indicators", "?year=abc&by=city", {}, None),
            (f"/v1/submissions/{uuid.uuid4()}", "", {}, 404),
            (f"/v1/submissions/{uuid.uuid4()}/receipt", "", {}, 404),
            (f"{d.base}/submissions", "?limit=x", {}, 400),
            ("/v1/plans", "", {"Accept": "application/pdf"}, 406)]:
        reply = held_against(d, d.geo, "GET", path, query, headers=headers)
        if status:
            expect_status(reply, status)
    for path in ("/v1/plans", f"{d.base}/indicators", f"{d.base}/submissions", "/v1/whoami"):
        expect_status(held_against(d, d.service.client(), "GET", path), 401)


@test
def a_304_is_described(d):
    reply = expect_status(d.geo.get("/v1/plans"), 200)
    again = held_against(d, d.geo, "GET", "/v1/plans",
                         headers={"If-None-Match": reply.header("etag")})
    expect_status(again, 304)


@test
def its_examples_fit_its_schemas(d):
    api, faults = description(d), []
    for name, schema in api.get("components", {}).get("schemas", {}).items():
        if "example" in schema:
            faults += json_schema.faults_of(api, schema, schema["example"], name)
    for (method, path), (_, operation, _) in routes(api).items():
        for status, response in operation["responses"].items():
            for kind, media in deref(api, response).get("content", {}).items():
                examples = ([media["example"]] if "example" in media else []) + [
                    deref(api, one).get("value") for one in media.get("examples", {}).values()]
                for example in examples:
                    faults += json_schema.faults_of(api, media.get("schema", {}), example,
                                                    f"{method} {path} {status} {kind}")
    equal(faults[:10], [], "examples")


if __name__ == "__main__":
    suite.run()
