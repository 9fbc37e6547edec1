"""Requests about accounts, sessions, tokens, remarks, mails and the log."""
import time
import uuid

from people import PASSWORD, totp
from rights_target import Request, case
from tributary_harness import expect_status


# ---- accounts, sessions, tokens -------------------------------------------------------------------------------------
# What is one's own is asked of oneself as `office`; all others ask about a person of the office.

@case("POST /v1/session")
def _(target, _who):
    return Request(body={"login": target.sitter, "password": PASSWORD})


@case("GET /v1/sessions", "DELETE /v1/sessions")
def _(target, who):
    if who == "office" and target.own and hasattr(target.asking, "login"):
        return Request()
    target.session()
    return Request(query={"account": target.people.account(target.sitter)})


@case("DELETE /v1/sessions/{session}")
def _(target, who):
    if who == "office" and target.own:
        other = target.people.browser()
        expect_status(other.sign_in(getattr(target.asking, "login", target.sitter)), 201)
        return Request({"session": other.session})
    return Request({"session": target.session()})


@case("PATCH /v1/account")
def _(target, _who):
    version = target.asking.get("/v1/session")
    return Request(body={"language": "zh"}, headers={"If-Match": f'"{version.json["version"] if version.status == 200 else 1}"'})


@case("POST /v1/account/password")
def _(_target, _who):
    return Request(body={"current": PASSWORD, "password": PASSWORD + " 新"})


@case("POST /v1/account/totp")
def _(_target, _who):
    return Request(body={})


@case("DELETE /v1/account/totp")
def _(target, _who):
    if hasattr(target.asking, "login"):  # there is one to take away
        secret = expect_status(target.asking.post("/v1/account/totp", {}), 200).json["secret"]
        expect_status(target.asking.post("/v1/account/totp", {"code": totp(secret, time.time())}), 200, 201)
    return Request(body={"password": PASSWORD})


@case("GET /v1/password-resets/{link}")
def _(target, _who):
    _, path = target.people.invite("office", target.office, by="link")
    return Request({"link": path.rsplit("/", 1)[1]})


@case("POST /v1/password-resets/{link}")
def _(target, _who):
    _, path = target.people.invite("office", target.office, by="link")
    return Request({"link": path.rsplit("/", 1)[1]}, body={"password": PASSWORD})


@case("GET /v1/accounts")
def _(target, _who):
    return Request(query={"office": target.office})


@case("POST /v1/accounts")
def _(target, _who):
    return Request(body={"login": f"n{uuid.uuid4().hex[:12]}", "name": target.marks.new("name of a new person"), "role": "office",
                         "office": target.office})


@case("GET /v1/accounts/{account}")
def _(target, _who):
    return Request({"account": target.person})


@case("PATCH /v1/accounts/{account}")
def _(target, _who):
    account = target.people.account(target.people.make("office", target.office))
    version = target.desk.service.sql(f"select version from tributary.account where account = '{account}'")
    return Request({"account": account}, body={"name": target.marks.new("new name of a person")}, headers={"If-Match": f'"{version}"'})


@case("POST /v1/accounts/{account}/reset")
def _(target, _who):
    return Request({"account": target.people.account(target.people.make("office", target.office))}, body={})


@case("POST /v1/tokens")
def _(target, _who):
    return Request(body={"role": "office", "office": target.office, "label": target.marks.new("label of a token")})


@case("DELETE /v1/tokens/{token}")
def _(target, _who):
    label = target.marks.new("label of a token to revoke")
    target.desk.service.add_token("office", target.office, label)
    return Request({"token": target.desk.service.sql(f"select token from tributary.token where label = '{label}'")})


@case("GET /v1/prepared/{prepared}", "POST /v1/prepared/{prepared}/release")
def _(target, _who):
    return Request({"prepared": target.prepared()}, body={})


@case("POST /v1/prepared/{prepared}/rejection")
def _(target, _who):
    return Request({"prepared": target.prepared()}, body={"reason": target.marks.new("reason of giving back what was prepared")})


# ---- remarks --------------------------------------------------------------------------------------------------------

@case("GET /v1/submissions/{id}/remarks")
def _(target, _who):
    return Request({"id": target.remarked()[0]})


@case("POST /v1/submissions/{id}/remarks")
def _(target, _who):
    return Request({"id": target.held["webpage"]}, body={"path": "fields.updates", "text": target.marks.new("text of a remark")})


@case("POST /v1/remarks/{id}/resolution")
def _(target, _who):
    return Request({"id": target.remarked()[1]}, body={"resolved": True})


# ---- mails ----------------------------------------------------------------------------------------------------------

@case("GET /v1/audit")
def _(target, _who):
    return Request(query={"office": target.office})


@case("GET /v1/audit/head", "GET /v1/audit/export")
def _(_target, _who):
    return Request()


@case("GET /v1/audit/heads/{head}")
def _(target, _who):
    return Request({"head": target.meeting()["log"]["head"]})


@case("GET /v1/audit/{sequence}")
def _(target, _who):
    return Request({"sequence": str(target.meeting()["log"]["sequence"])})


@case("GET /v1/mails")
def _(target, _who):
    return Request(query={"office": target.office})


@case("POST /v1/mails/{id}/retry")
def _(target, _who):
    return Request({"id": target.mail()[0]}, body={})


@case("PUT /v1/account/mail-preferences")
def _(target, _who):
    tag = target.asking.get("/v1/account/mail-preferences").header("etag", "*")
    return Request(body={"opted_out": ["digest"]}, headers={"If-Match": tag})


@case("GET /v1/mail-unsubscriptions/{secret}")
def _(target, _who):
    return Request({"secret": target.mail()[1]})


@case("POST /v1/mail-unsubscriptions/{secret}")
def _(target, _who):
    return Request({"secret": target.mail()[1]}, body=b"List-Unsubscribe=One-Click",
                   headers={"Content-Type": "application/x-www-form-urlencoded"})
