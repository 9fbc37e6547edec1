"""A line between the daemon and PostgreSQL that a test cuts where it likes."""
import contextlib
import pathlib
import select
import shutil
import socket
import struct
import tempfile
import threading

PORT = 5432


class Line:
    """Listens on a Unix socket and carries bytes to PostgreSQL's, until a cut. What it carries is read a little: frames
    of the client's, to know whose line it is and when it says COMMIT.

    plan(role, number) is asked for each new connection of the daemon's writer ("tributaryd writer") or others, and gives
    None (carries for ever) or a cut:
      ("bytes up", n), ("bytes down", n)   after n bytes from, or to, the daemon, in the middle of whatever it is
      ("before commit", n)   the n-th COMMIT doesn't get through
      ("after commit", n)    the n-th COMMIT gets through; its answer doesn't
      ("with commit", n)     the n-th COMMIT gets through, and the line is dead at once, before it is done
    """

    def __init__(self, target, plan):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trib-line-", dir="/tmp"))
        self.target, self.plan = target, plan
        self.cuts, self.lock = {}, threading.Lock()
        self.numbers = {}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / f".s.PGSQL.{PORT}"))
        self.listener.listen(64)
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def close(self):
        self.closing = True
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def carry(self, near):
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.target)
            Call(self, near, far).run()
        except OSError:
            pass
        finally:
            for end in (near, far):
                with contextlib.suppress(OSError):
                    end.close()

    def begin(self, role):
        with self.lock:
            number = self.numbers[role] = self.numbers.get(role, 0) + 1
            return self.plan(role, number)

    def count(self, kind):
        with self.lock:
            self.cuts[kind] = self.cuts.get(kind, 0) + 1


class Call:
    """One connection through the line."""

    def __init__(self, line, near, far):
        self.line, self.near, self.far = line, near, far
        self.frames, self.started, self.commits = b"", False, 0
        self.kind, self.number = None, 0
        self.up = self.down = 0
        self.waiting_for_answer = False

    def run(self):
        while True:
            ready, _, _ = select.select([self.near, self.far], [], [], 0.5)
            for end in ready:
                data = end.recv(65536)
                if not data or (self.upward(data) if end is self.near else self.downward(data)):
                    return
            if self.line.closing:
                return

    def cut(self):
        self.line.count(self.kind)
        return True

    def upward(self, data):
        said_commit = self.read(data)
        if self.kind == "before commit" and said_commit and self.commits >= self.number:
            return self.cut()
        if self.kind == "bytes up" and self.up + len(data) >= self.number:
            self.far.sendall(data[:self.number - self.up])
            return self.cut()
        self.up += len(data)
        self.far.sendall(data)
        if said_commit and self.commits >= self.number:
            if self.kind == "with commit":
                return self.cut()
            self.waiting_for_answer = True
        return False

    def downward(self, data):
        if self.kind == "after commit" and self.waiting_for_answer:
            return self.cut()
        if self.kind == "bytes down" and self.down + len(data) >= self.number:
            self.near.sendall(data[:self.number - self.down])
            return self.cut()
        self.down += len(data)
        self.near.sendall(data)
        return False

    def read(self, data):
        """Whether a Bind of the statement `commit` ends in these bytes."""
        self.frames += data
        said_commit = False
        while True:
            head = 1 if self.started else 0
            if len(self.frames) < head + 4:
                return said_commit
            length = head + struct.unpack_from("!I", self.frames, head)[0]
            if len(self.frames) < length:
                return said_commit
            frame, self.frames = self.frames[:length], self.frames[length:]
            if not self.started:
                self.started = self.start(frame)
            elif frame[:1] == b"B" and frame[5:].split(b"\0")[1] == b"commit":
                self.commits += 1
                said_commit = True

    def start(self, frame):
        if len(frame) == 8:  # a question about encryption; the start follows
            return False
        words = frame[8:].split(b"\0")
        names = dict(zip(words[::2], words[1::2]))
        chosen = self.line.begin(names.get(b"application_name", b"").decode())
        if chosen:
            self.kind, self.number = chosen
        return True


def random_cut(chance):
    kind = chance.choice(["bytes up", "bytes down", "before commit", "after commit", "after commit", "with commit"])
    if kind.startswith("bytes"):
        return kind, chance.randint(1, 60000)
    return kind, chance.randint(1, 12)
