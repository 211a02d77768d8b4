"""A shop with four pages: / and /books answer, /cart answers 500 to each fourth request, /old is not found.

/slow takes 50 ms. It listens on 127.0.0.1:8089 until it is ended.
"""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

CARTS = count(1)


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status = self.status()
        body = b"<html><body>Shop %d</body></html>" % status
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def status(self):
        if length := int(self.headers.get("Content-Length") or 0):
            self.rfile.read(length)
        if self.path.startswith("/slow"):
            time.sleep(0.05)
        if self.path.startswith("/cart"):
            return 500 if next(CARTS) % 4 == 0 else 200
        return 404 if self.path.startswith("/old") else 200

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", 8089), Shop).serve_forever()
