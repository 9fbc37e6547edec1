#!/usr/bin/python3
"""The line to the mail server: encrypted and signed in or not at all; what holds it up; who mails nobody."""
import contextlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN  # noqa: E402
from mail_desk import address, due_plan, mail_desk  # noqa: E402
import tributary_harness as harness  # noqa: E402
from tributary_harness import Suite, check, equal  # noqa: E402

suite = Suite(contextlib.nullcontext)
test = suite.test


def settled(seconds=2.5):
    """Long enough for anything that would be made and sent."""
    time.sleep(seconds * harness.SLOWNESS)


@test
def mail_goes_encrypted_and_signed_in_or_not_at_all(_):
    for tls in ("starttls", "smtps"):
        with mail_desk(due_plan(training_annual=1), start=False, tls=tls, user=("tributary", "秘密 secret")) as d:
            d.person("wang", "office", GUISHAN)
            d.service.start()
            d.mail.wait(1)
            check(d.mail.signed_in and all(good for _, _, good in d.mail.signed_in), d.mail.signed_in)
    with mail_desk(due_plan(training_annual=1), start=False, tls="starttls") as d:
        d.person("wang", "office", GUISHAN)
        d.service.environment.pop("TRIBUTARY_SMTP_CA_FILE")
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        equal(d.mail.mails, [], "sent to a server that proved nothing")
        check("certificate" in d.column("wang", "reminder", "last_error").lower(), d.column("wang", "reminder", "last_error"))
        d.service.environment["TRIBUTARY_SMTP_CA_FILE"] = str(d.mail.certificate)
        d.service.stop()
        d.service.start()
        d.mail.wait(1)
    with mail_desk(due_plan(training_annual=1), start=False, settings={"smtp_tls": "required"}) as d:
        d.person("wang", "office", GUISHAN)
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        equal(d.mail.mails, [], "sent in the clear")


@test
def a_wrong_password_costs_no_mail(_):
    with mail_desk(due_plan(training_annual=1), start=False, tls="starttls", user=("tributary", "right")) as d:
        d.person("wang", "office", GUISHAN)
        path = pathlib.Path(d.service.environment["TRIBUTARY_SMTP_PASSWORD_FILE"])
        path.write_text("wrong\n", encoding="utf-8")
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        check(d.column("wang", "reminder", "last_error").startswith("AUTH 535"), d.column("wang", "reminder", "last_error"))
        d.service.stop()
        path.write_text("right\n", encoding="utf-8")
        d.service.start()
        d.mail.wait(1)


@test
def what_the_database_refuses_once_stops_no_later_mail(_):
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        d.person("wang", "office", GUISHAN)
        d.service.sql("revoke execute on function tributary.settle_mail from tributary_daemon")
        d.service.start()
        d.mail.wait(1)
        settled()
        check("sent" not in d.states().values(), "it couldn't say that it was sent")
        d.service.sql("grant execute on function tributary.settle_mail to tributary_daemon")
        d.queue(["wang"], 1)
        d.mail.wait(2)


@test
def without_a_mail_server_or_with_sample_data_nothing_is_made(_):
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        d.person("wang", "office", GUISHAN)
        url = d.service.environment.pop("TRIBUTARY_SMTP_URL")
        d.service.start()
        settled()
        equal(d.states(), {}, "mails without a server")
        check('"mail_off"' in d.service.log_tail(), d.service.log_tail())
        d.service.stop()
        d.service.environment["TRIBUTARY_SMTP_URL"] = url
        d.service.start()
        d.mail.wait(1)
    with mail_desk(due_plan(training_annual=1), start=False, sample=True) as d:
        d.person("wang", "office", GUISHAN)
        d.service.start()
        settled()
        equal(d.states(), {}, "mails of sample data")
        d.service.stop()
        d.service.environment["TRIBUTARY_MAIL_FROM_SAMPLES"] = "yes"
        d.service.start()
        mail = d.mail.wait(1)[0]
        check("樣本" in mail.subject and "虛構" in mail.text, mail.text)


@test
def settings_that_would_send_a_password_in_the_clear_are_refused(_):
    with mail_desk(start=False) as d:
        refuse_settings(d)


def refuse_settings(d):
    path = d.service.folder / "password"
    path.write_text("x\n", encoding="utf-8")
    path.chmod(0o600)
    loose = d.service.folder / "loose"
    loose.write_text("x\n", encoding="utf-8")
    loose.chmod(0o644)
    sign_in = {"TRIBUTARY_SMTP_USER": "a", "TRIBUTARY_SMTP_PASSWORD_FILE": str(path)}
    far = {"TRIBUTARY_SMTP_URL": "smtp://mail.example.test"}
    for settings, word in (({**far, **sign_in, "TRIBUTARY_SMTP_TLS": "off"}, "smtp_tls"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_TLS": "opportunistic"}, "smtp_tls"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_PASSWORD_FILE": str(loose)}, "smtp_password_file"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_PASSWORD_FILE": "/nowhere"}, "smtp_password_file"),
                           ({**far, "TRIBUTARY_SMTP_USER": "a"}, "smtp_user"),
                           ({"TRIBUTARY_SMTP_URL": "http://mail.example.test"}, "smtp_url"),
                           ({"TRIBUTARY_SMTP_URL": "smtp://a:b@mail.example.test"}, "smtp_url"),
                           ({"TRIBUTARY_SMTP_TLS": "perhaps"}, "smtp_tls"),
                           ({"TRIBUTARY_MAIL_FROM": "nobody"}, "mail_from"),
                           ({"TRIBUTARY_MAIL_FROM": "a <b@c.test>\r\nBcc: <d@e.test>"}, "mail_from"),
                           ({"TRIBUTARY_MAIL_BASE_URL": "http://tributary.example.test"}, "mail_base_url"),
                           ({"TRIBUTARY_MAIL_DAYS_BEFORE": "7,x"}, "mail_days_before"),
                           ({"TRIBUTARY_MAIL_WEEKDAY": "someday"}, "mail_weekday"),
                           ({"TRIBUTARY_MAIL_HOUR": "24"}, "mail_hour"),
                           ({"TRIBUTARY_MAIL_FROM_SAMPLES": "maybe"}, "mail_from_samples")):
        done = d.service.command("serve", check=False, settings={**settings, "TRIBUTARY_PORT": "0"}, timeout=20)
        equal(done.returncode, 2, f"{settings}: {done.stderr.decode()}")
        check(word in done.stderr.decode(), f"{settings}: {done.stderr.decode()}")


@test
def a_server_that_hangs_holds_up_no_stop_and_loses_no_mail(_):
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        d.person("wang", "office", GUISHAN)
        d.mail.script(address("wang"), "hang")
        d.service.start()
        deadline = time.monotonic() + 20
        while not d.mail.attempts and time.monotonic() < deadline:
            time.sleep(0.05)
        began = time.monotonic()
        d.service.stop(within=12 * harness.SLOWNESS)
        check(time.monotonic() - began < 8 * harness.SLOWNESS, f"stopped after {time.monotonic() - began:.1f} s")
        equal(d.states(), {("wang", "reminder"): "failed"}, "after the stop")
        d.service.start()
        d.mail.wait(1)


if __name__ == "__main__":
    suite.run()
