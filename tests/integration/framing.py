#!/usr/bin/env python3
"""HTTP framing on raw sockets: what a proxy and we could read differently is refused and closed."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, annual, desk  # noqa: E402
from tributary_harness import RawConnection, Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def say(d, head, body=b"", ending="\r\n"):
    """(answer, closed) of a request given by its lines; {base} and {token} are filled in."""
    lines = [line.format(base=d.base, token=d.office(GUISHAN).token) for line in head]
    with RawConnection(d.service.port) as raw:
        raw.send((ending.join(lines) + ending * 2).encode() + body)
        reply = raw.read_reply()
        return reply, raw.is_closed(within=5)


def refused_and_closed(d, head, body=b"", ending="\r\n"):
    reply, closed = say(d, head, body, ending)
    if reply is not None:
        equal(reply[0], 400, f"status for {head}")
    check(closed, f"the connection stayed open after {head}")
    return reply


def problem(d, head, body=b""):
    reply = refused_and_closed(d, head, body)
    check(reply is not None, f"no answer to {head}")
    check(reply[1].get("content-type", "").startswith("application/problem+json"),
          f"not a problem: {reply}")
    equal(json.loads(reply[2])["status"], 400, "status in the problem")


POST = ["POST {base}/submissions HTTP/1.1", "Host: localhost", "Authorization: Bearer {token}",
        "Content-Type: application/json"]
GET = ["GET /v1/plans HTTP/1.1", "Host: localhost", "Authorization: Bearer {token}"]


def smuggled(d):
    return json.dumps(annual(GUISHAN, "113")).encode()


@test
def content_length_with_transfer_encoding_is_400_and_closes(d):
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled(d)), smuggled(d))
    problem(d, POST + [f"Content-Length: {len(body)}", "Transfer-Encoding: chunked"], body)
    problem(d, POST + ["Transfer-Encoding: chunked", f"Content-Length: {len(body)}"], body)


@test
def two_content_lengths_are_400_and_close(d):
    body = smuggled(d)
    problem(d, POST + [f"Content-Length: {len(body)}", f"Content-Length: {len(body) - 1}"], body)
    problem(d, POST + [f"Content-Length: {len(body)}", f"Content-Length: {len(body)}"], body)


@test
def a_content_length_that_is_no_number_is_400_and_closes(d):
    body = smuggled(d)
    for length in (f"{len(body)}, {len(body)}", f"+{len(body)}", f"-{len(body)}", "0x10", "ten",
                   f"{len(body)} 1", "99999999999999999999999"):
        reply = refused_or_too_large(d, POST + [f"Content-Length: {length}"], body)
        check(reply is None or reply[0] in (400, 413), f"{length}: {reply}")


def refused_or_too_large(d, head, body):
    reply, closed = say(d, head, body)
    check(closed, f"the connection stayed open after {head[-1]}")
    return reply


@test
def unknown_transfer_encodings_are_refused(d):
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled(d)), smuggled(d))
    for coding in ("xchunked", "chunked, identity", "gzip, chunked", "identity", " chunked\t,"):
        reply, closed = say(d, POST + [f"Transfer-Encoding: {coding}"], body)
        check(reply is None or reply[0] in (400, 501), f"{coding}: {reply}")
        check(closed, f"{coding}: the connection stayed open")


@test
def two_transfer_encodings_are_refused(d):
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled(d)), smuggled(d))
    reply, closed = say(d, POST + ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
                        body)
    check(reply is None or reply[0] in (400, 501), f"{reply}")
    check(closed, "the connection stayed open")


@test
def a_missing_host_is_400_and_closes(d):
    problem(d, [line for line in GET if not line.startswith("Host")])


@test
def two_hosts_are_400_and_close(d):
    problem(d, GET + ["Host: elsewhere"])


@test
def bare_line_feeds_are_400_and_close(d):
    refused_and_closed(d, GET, ending="\n")
    with RawConnection(d.service.port) as raw:
        raw.send(f"GET /v1/plans HTTP/1.1\r\nHost: localhost\nAuthorization: Bearer "
                 f"{d.office(GUISHAN).token}\r\n\r\n".encode())
        reply = raw.read_reply()
        check(reply is None or reply[0] == 400, f"one bare LF among CR LF: {reply}")
        check(raw.is_closed(within=5), "the connection stayed open")


@test
def a_folded_line_is_refused_or_read_as_part_of_its_header(d):
    """RFC 9112, 5.2 leaves the choice; what it must not be is a header of its own."""
    hidden = "X-Folded: a\r\n Content-Length: 5"
    reply, _ = say(d, GET[:1] + GET[2:] + ["X-Folded: a\r\n Host: localhost"])
    check(reply is None or reply[0] == 400, f"a folded Host counts as one: {reply}")
    with RawConnection(d.service.port) as raw:
        lines = [line.format(token=d.office(GUISHAN).token) for line in GET + [hidden]]
        raw.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        reply = raw.read_reply()
        if reply and reply[0] == 200:
            raw.send(("\r\n".join(lines) + "\r\n\r\n").encode())
            reply = raw.read_reply()
            check(reply and reply[0] == 200, f"the next request was swallowed: {reply}")
        else:
            check(reply is None or reply[0] == 400, f"reply {reply}")


@test
def a_folded_framing_header_is_refused_or_counts(d):
    body = smuggled(d)
    for line in ("Transfer-Encoding:\r\n chunked", f"Content-Length:\r\n {len(body) - 1}"):
        refused_and_closed(d, POST + [f"Content-Length: {len(body)}", line], body)


@test
def spaced_headers_are_400_and_close(d):
    for line in ("X-Spaced : a", "No colon at all"):
        reply, closed = say(d, GET + [line])
        check(reply is None or reply[0] in (400, 431), f"{line!r}: {reply}")
        check(closed, f"{line!r}: the connection stayed open")


@test
def a_second_request_hidden_in_a_body_is_not_answered(d):
    hidden = (f"GET /v1/plans HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              f"{d.geo.token}\r\n\r\n").encode()
    with RawConnection(d.service.port) as raw:
        raw.send("\r\n".join(POST).format(base=d.base, token=d.office(GUISHAN).token).encode()
                 + b"\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden)
        first = raw.read_reply()
        check(first is None or first[0] == 400, f"first answer: {first}")
        check(raw.read_reply() is None, "the hidden request was answered")


@test
def a_request_line_that_is_none_is_refused(d):
    for line in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n",
                 b"GET /v1/plans\r\n\r\n", b"GET /v1/plans HTTP/9.9\r\nHost: x\r\n\r\n",
                 b"get /v1/plans HTTP/1.1\r\nHost: x\r\n\r\n"):
        with RawConnection(d.service.port) as raw:
            raw.send(line)
            reply = raw.read_reply()
            check(reply is None or 400 <= reply[0] <= 505, f"{line!r}: {reply}")


@test
def endless_headers_are_refused(d):
    reply, _ = say(d, GET + [f"X-{number}: {'y' * 1000}" for number in range(200)])
    check(reply is None or reply[0] in (400, 413, 431), f"{reply and reply[0]}")


@test
def right_requests_on_one_connection_are_each_answered(d):
    request = "\r\n".join(GET).format(token=d.geo.token).encode() + b"\r\n\r\n"
    with RawConnection(d.service.port) as raw:
        raw.send(request * 3)
        equal([raw.read_reply()[0] for _ in range(3)], [200, 200, 200], "pipelined answers")


@test
def http_1_0_without_host_is_answered_or_refused_but_closed(d):
    with RawConnection(d.service.port) as raw:
        raw.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        reply = raw.read_reply()
        check(reply and reply[0] in (200, 400), f"{reply}")
        check(raw.is_closed(within=5), "the connection stayed open")


@test
def expect_100_continue_is_honoured(d):
    body = json.dumps(annual(GUISHAN, "114")).encode()
    with RawConnection(d.service.port) as raw:
        raw.send("\r\n".join(POST + [f"Content-Length: {len(body)}", "Expect: 100-continue"])
                 .format(base=d.base, token=d.office(GUISHAN).token).encode() + b"\r\n\r\n")
        first = raw.read_reply()
        equal(first[0], 100, "interim answer")
        raw.send(body)
        equal(raw.read_reply()[0], 201, "answer")


@test
def nothing_refused_here_was_stored(d):
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")
    expect_status(d.geo.get("/v1/plans"), 200)


if __name__ == "__main__":
    suite.run()
