"""A receiver of events in thirty lines: checked by an off-the-shelf library, each event taken once, whatever is sent twice.

    python receiver.py PORT whsec_…          # pip install standardwebhooks

What is noted and what is done with it are one transaction: a crash leaves both or neither.
"""

import json
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

PORT, SECRET = int(sys.argv[1]), sys.argv[2]
database = sqlite3.connect(sys.argv[3] if len(sys.argv) > 3 else "received.db")
database.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY)")
database.execute("CREATE TABLE IF NOT EXISTS ideas (idea_id TEXT)")


class Receiver(BaseHTTPRequestHandler):
    def do_OPTIONS(self):  # The server's name for it. Here we agree to be sent events at all.
        self.answer(200, {"WebHook-Allowed-Origin": self.headers.get("WebHook-Request-Origin", "")})

    def do_POST(self):  # As above.
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            Webhook(SECRET).verify(body, dict(self.headers))
        except (WebhookVerificationError, ValueError):
            return self.answer(401)
        event = json.loads(body)
        with database:
            new = database.execute("INSERT OR IGNORE INTO seen VALUES (?)", [self.headers["webhook-id"]])
            if new.rowcount and event["type"] == "IdeaLogged":
                database.execute("INSERT INTO ideas VALUES (?)", [event["data"]["idea_id"]])
        return self.answer(204)

    def answer(self, status, headers=None):
        self.send_response(status)
        for name, value in {**(headers or {}), "content-length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()


HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
