"""A psql that stays open, for a test that asks thousands of short questions: each would start a program and a connection."""
import itertools
import os
import subprocess

from tributary_harness import HarnessError


class SqlSession:
    def __init__(self, service, database=None):
        self.numbers = itertools.count(1)
        self.process = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-h", service.cluster.socket, "-U", service.cluster.superuser, "-d", database or service.database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})

    def sql(self, text):
        """Run SQL; the answer is unaligned, without headings."""
        end = f"-- answer {next(self.numbers)}"
        self.process.stdin.write(f"{text};\nselect '{end}';\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == end:
                break
            lines.append(line)
        else:
            raise HarnessError(f"psql ended: {''.join(lines)}\n{text[:400]}")
        if any("ERROR:" in line for line in lines):
            raise HarnessError(f"SQL failed: {''.join(lines)}\n{text[:400]}")
        return "".join(lines).strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
