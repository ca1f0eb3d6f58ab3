"""A mail server and a gateway on this machine, real enough to be talked to: they speak SMTP and HTTP and keep what came."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class MailServer:
    """``answer``: what it says to RCPT; ``mails``: (recipients, message) of each that it took."""

    port: int = 0
    answer: str = "250 ok"
    mails: list[tuple[list[str], bytes]] = field(default_factory=list)


@contextmanager
def mail_server(answer: str = "250 ok") -> Iterator[MailServer]:
    kept = MailServer(answer=answer)

    class Talk(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            recipients: list[str] = []
            self.say("220 test ESMTP")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "EHLO":
                    self.say("250-test")
                    self.say("250 8BITMIME")
                elif word == "RCPT":
                    recipients.append(line.partition("<")[2].rstrip(">"))
                    self.say(kept.answer)
                elif word == "DATA":
                    self.say("354 go on")
                    body = []
                    while (part := self.rfile.readline().rstrip(b"\r\n")) != b".":
                        body.append(part)
                    kept.mails.append((recipients, b"\n".join(body)))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        kept.port = server.server_address[1]
        yield from _served(server, kept)


@dataclass
class Gateway:
    """``status``: what it answers; ``asked``: (headers, body, raw bytes) of each request."""

    url: str = ""
    status: int = 200
    location: str = ""
    asked: list[tuple[dict[str, str], dict[str, Any], bytes]] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    kept = Gateway()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            kept.asked.append((dict(self.headers), json.loads(raw), raw))
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            """Nothing is printed in a test."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}/send"
        yield from _served(server, kept)


def _served(server: Any, kept: Any) -> Iterator[Any]:
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    running.start()
    try:
        yield kept
    finally:
        server.shutdown()
        running.join()
