"""A mail server on loopback for tests (aiosmtpd): it keeps what it gets, and misbehaves when told to.

    with mail_server(tls="starttls", user=("tributary", "secret")) as server:
        server.script("a@example.test", "rcpt:550 5.1.1 no such user", "data:451 4.3.0 later")
        server.mails        # every message whose end was answered with 250, or should have been

A script is a list of steps for one receiver, one for each attempt: "rcpt:CODE …" and "data:CODE …" answer so,
"hang" never answers the end of the message, "drop" closes the line after the message instead of answering,
"drop-kept" keeps the message and then closes the line.
"""
import asyncio
import contextlib
import email
import email.policy
import logging
import pathlib
import ssl
import subprocess
import tempfile
import threading
import time
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # what a test provokes is no news
warnings.filterwarnings("ignore", module="aiosmtpd")


class Message:
    """One message as it came."""

    def __init__(self, sender, receivers, data):
        self.at = time.monotonic()
        self.sender, self.receivers, self.data = sender, list(receivers), data
        self.parsed = email.message_from_bytes(data, policy=email.policy.default)

    def __getitem__(self, name):
        return self.parsed[name]

    @property
    def id(self):
        return self.parsed["Message-ID"].strip()

    @property
    def receiver(self):
        return self.receivers[0]

    @property
    def subject(self):
        return self.parsed["Subject"]

    @property
    def text(self):
        return self.parsed.get_content().replace("\r\n", "\n")


class _Handler:
    def __init__(self, owner):
        self.owner = owner

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        del server, session, rcpt_options
        self.owner.attempts.append(address)
        step = self.owner.step_of(address)
        if step and step.startswith("rcpt:"):
            self.owner.take_step(address)
            return step[5:]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        del session
        address = envelope.rcpt_tos[0]
        message = Message(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        step = self.owner.step_of(address)
        if step:
            self.owner.take_step(address)
        if step and step.startswith("data:"):
            return step[5:]
        if step == "hang":
            await asyncio.sleep(300)
        if step and step.startswith("drop"):
            if step == "drop-kept":
                self.owner.keep(message)
            server.transport.abort()
            return "421 gone"
        self.owner.keep(message)
        if self.owner.delay:
            await asyncio.sleep(self.owner.delay)
        return "250 OK"


class _Controller(Controller):
    def factory(self):
        return SMTP(self.handler, **self.SMTP_kwargs)


class MailServer:
    def __init__(self, tls, user, delay):
        self.tls, self.user, self.delay = tls, user, delay
        self.lock = threading.Lock()
        self.mails, self.attempts, self.signed_in = [], [], []
        self._scripts = {}
        self.folder = tempfile.TemporaryDirectory(prefix="trib-mail-")
        self.certificate = pathlib.Path(self.folder.name) / "certificate.pem"
        self.controller = None

    def script(self, address, *steps):
        with self.lock:
            self._scripts[address] = list(steps)

    def step_of(self, address):
        with self.lock:
            return next(iter(self._scripts.get(address, [])), None)

    def take_step(self, address):
        with self.lock:
            self._scripts[address].pop(0)

    def keep(self, message):
        with self.lock:
            self.mails.append(message)

    def to(self, address):
        with self.lock:
            return [one for one in self.mails if one.receiver == address]

    def clear(self):
        with self.lock:
            self.mails, self.attempts = [], []

    def _context(self):
        key = pathlib.Path(self.folder.name) / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", str(key), "-out", str(self.certificate)], check=True, capture_output=True, timeout=60)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        return context

    def _authenticate(self, server, session, envelope, mechanism, data):
        del server, session, envelope
        good = (data.login.decode(), data.password.decode()) == self.user
        self.signed_in.append((mechanism, data.login.decode(), good))
        return AuthResult(success=good, handled=good)

    def start(self, port=0):
        options = {"enable_SMTPUTF8": False, "timeout": 60}
        if self.user:
            options.update(authenticator=self._authenticate, auth_required=True, auth_require_tls=self.tls != "none")
        if self.tls == "starttls":
            options.update(tls_context=self._context(), require_starttls=True)
        handler = _Handler(self)
        secure = self._context() if self.tls == "smtps" else None
        if secure:
            options["auth_require_tls"] = False  # the whole line is TLS
        self.controller = _Controller(handler, hostname="127.0.0.1", port=port or _free_port(), ssl_context=secure,
                                      ready_timeout=30, **options)
        self.controller.start()
        self.port = self.controller.port
        return self

    def stop(self):
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def url(self):
        return f"{'smtps' if self.tls == 'smtps' else 'smtp'}://127.0.0.1:{self.port}"

    def settings(self, **more):
        """What the daemon needs to know of it."""
        settings = {"TRIBUTARY_SMTP_URL": self.url, "TRIBUTARY_MAIL_FROM": "匯流 <tributary@example.test>",
                    "TRIBUTARY_MAIL_BASE_URL": "https://tributary.example.test", "TRIBUTARY_MAIL_PER_MINUTE": "60000",
                    "TRIBUTARY_MAIL_RETRY_SECONDS": "1", "TRIBUTARY_MAIL_HOUR": "0"}
        if self.tls != "none":
            settings["TRIBUTARY_SMTP_CA_FILE"] = str(self.certificate)
            settings["TRIBUTARY_SMTP_TLS"] = "required"
        if self.user:
            path = pathlib.Path(self.folder.name) / "password"
            path.write_text(self.user[1] + "\n", encoding="utf-8")
            path.chmod(0o600)
            settings["TRIBUTARY_SMTP_USER"], settings["TRIBUTARY_SMTP_PASSWORD_FILE"] = self.user[0], str(path)
        settings.update({f"TRIBUTARY_{name.upper()}": value for name, value in more.items()})
        return settings

    def wait(self, count, within=20, address=None):
        """The mails (to an address) once there are so many; fails when there aren't in time."""
        deadline = time.monotonic() + within
        while True:
            found = self.to(address) if address else list(self.mails)
            if len(found) >= count:
                return found
            if time.monotonic() > deadline:
                seen = [(one.receiver, one.subject) for one in self.mails]
                raise AssertionError(f"{len(found)} of {count} mails within {within} s; all: {seen}")
            time.sleep(0.05)


def _free_port():
    import socket  # pylint: disable=import-outside-toplevel
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def mail_server(tls="none", user=None, delay=0):
    """A server that listens; tls: none, starttls or smtps."""
    server = MailServer(tls, user, delay).start()
    try:
        yield server
    finally:
        server.stop()
        server.folder.cleanup()
