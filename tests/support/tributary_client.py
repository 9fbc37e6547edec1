"""The client program, run for a principal of a desk."""
from tributary_harness import equal


def tributary(d, client, *words, status=0, lang="zh", settings=None, stdin=None):
    """Run it; what it printed on standard output and standard error."""
    home = d.service.folder / "home"
    done = d.service.command(*words, "--lang", lang, program="tributary", check=False, stdin=stdin, settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": client.token,
        "TRIBUTARY_PLAN": d.plan, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s"),
        "COLUMNS": "0", **(settings or {})})
    said = done.stdout.decode() + done.stderr.decode()
    equal(done.returncode, status, f"{words}: {said}")
    return said
