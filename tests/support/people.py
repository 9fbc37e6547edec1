"""People who sign in, for integration tests: a browser's cookie and token against forged requests, an authenticator."""
import base64
import hashlib
import hmac
import struct

import tributary_harness as harness

PASSWORD = "correct horse battery 電池"
COOKIE = "tributary-session"


def totp(secret, moment, digits=6):
    """The code of an authenticator (RFC 6238), reckoned by itself; `secret` in base32."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return str((struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 10 ** digits).zfill(digits)


def cookie_of(reply):
    """(name, value, attributes in lower case) of the one Set-Cookie, or None."""
    header = reply.header("set-cookie")
    if header is None:
        return None
    pair, *attributes = [one.strip() for one in header.split(";")]
    name, _, value = pair.partition("=")
    return name, value, {one.lower() for one in attributes}


class Browser(harness.Client):
    """Keeps a session's cookie and sends what goes with it."""

    def __init__(self, port, timeout=30):
        super().__init__(port, None, timeout)
        self.cookie, self.csrf, self.session = None, None, None

    def request(self, method, path, body=None, headers=None, patient=False):
        sent = {}
        if self.cookie is not None:
            sent["Cookie"] = f"{COOKIE}={self.cookie}"
        if self.csrf is not None and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        sent.update(headers or {})
        reply = super().request(method, path, body, {name: value for name, value in sent.items() if value is not None},
                                patient)
        given = cookie_of(reply)
        if given:
            self.cookie = given[1] or None
            if reply.status in (200, 201) and isinstance(reply.json, dict) and "csrf" in reply.json:
                self.csrf, self.session = reply.json["csrf"], reply.json["session"]
        return reply

    def sign_in(self, login, password=PASSWORD, code=None, **more):
        body = {"login": login, "password": password, **({"totp": code} if code else {})}
        return self.request("POST", "/v1/session", body, patient=True, **more)

    def change_password(self, current, password=PASSWORD):
        return self.request("POST", "/v1/account/password", {"current": current, "password": password}, patient=True)


class People:
    """Accounts of a service, made at the command line."""

    def __init__(self, service):
        self.service, self.count = service, 0

    def browser(self):
        return Browser(self.service.port)

    def invite(self, role="office", office=None, login=None, by="password", **options):
        """A new account: its login and its first password, or (by="link") the path of its link."""
        self.count += 1
        login = login or f"{role}{self.count}"
        arguments = ["account", "add", login, "--role", role, "--name", options.pop("name", f"測試 {login}"), "--by", by]
        if office:
            arguments += ["--office", office]
        for name, value in options.items():
            arguments += [f"--{name}", value]
        return login, self.service.command(*arguments).stdout.decode().strip()

    def make(self, role="office", office=None, password=PASSWORD, **options):
        """An account whose password is set; its login."""
        login, path = self.invite(role, office, by="link", **options)
        harness.expect_status(self.browser().request("POST", path, {"password": password}, patient=True), 200)
        return login

    def signed_in(self, role="office", office=None, **options):
        """A browser in which a new account is signed in; its `login` is kept."""
        login = self.make(role, office, **options)
        browser = self.browser()
        harness.expect_status(browser.sign_in(login), 201)
        browser.login = login
        return browser

    def account(self, login):
        """The id of an account."""
        return self.service.sql(f"select account from tributary.account where login = '{login}'")
