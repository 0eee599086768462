"""Stands in for `open-impact serve|work|import`, so that the supervisor is tested by itself."""

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

WORDS = sys.argv[1:]


class Ready(BaseHTTPRequestHandler):
    """Answers everything with 200 and the process's number."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

    def log_message(self, *words):
        pass


def serve(port):
    """Serve, with a process of its own below, as real web servers have."""
    below = subprocess.Popen(["sleep", "1000"])

    def end(*_):
        below.kill()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    server = HTTPServer(("127.0.0.1", port), Ready)
    server.serve_forever()


def note(word):
    """Leave a trace of having been called."""
    with (Path(os.environ["OPEN_IMPACT_DATA"]) / "trace").open("a") as trace:
        trace.write(word + "\n")


note(WORDS[0])
if WORDS[0] == os.environ.get("STAND_IN_FAILS"):
    sys.exit("Error: the stand-in fails as told")
if WORDS[0] == "serve":
    serve(int(WORDS[WORDS.index("--port") + 1]))
elif WORDS[0] == "work":
    time.sleep(1000)
