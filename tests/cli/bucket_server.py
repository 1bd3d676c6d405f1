"""A stand-in for an S3-compatible store, on loopback: it checks every signature itself.

AWS Signature Version 4 as its documentation has it, header form: canonical request, scope, payload
hash (of the body that came, or UNSIGNED-PAYLOAD), clock within 15 minutes. PUT, GET and HEAD with
Range, DELETE; metadata is kept. What goes wrong is told it by fail(): once or for ever.
"""

import calendar
import collections
import hashlib
import hmac
import http.server
import re
import socketserver
import threading
import time
import urllib.parse

EMPTY = hashlib.sha256(b"").hexdigest()
SKEW_S = 15 * 60
ALGORITHM = "AWS4-HMAC-SHA256"


class Object:
    def __init__(self, body, headers):
        self.body, self.headers = body, headers
        self.etag = hashlib.md5(body).hexdigest()


class Refusal(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def sign(key, words):
    return hmac.new(key, words.encode(), hashlib.sha256).digest()


def signature(secret, scope, string_to_sign):
    date, region, service, end = scope.split("/")
    key = sign(sign(sign(sign(b"AWS4" + secret.encode(), date), region), service), end)
    return hmac.new(key, string_to_sign.encode(), hashlib.sha256).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = 1 << 16

    # ---- signatures

    def parse_authorization(self):
        words = self.headers.get("Authorization", "")
        if not words.startswith(ALGORITHM + " "):
            raise Refusal(403, "AccessDenied", "no signature")
        parts = dict(p.strip().split("=", 1) for p in words[len(ALGORITHM) + 1:].split(","))
        key_id, scope = parts["Credential"].split("/", 1)
        return key_id, scope, parts["SignedHeaders"].split(";"), parts["Signature"]

    def check_scope(self, key_id, scope, stamp):
        store = self.server.store
        if key_id != store.key_id:
            raise Refusal(403, "InvalidAccessKeyId", "the key is not known")
        if scope.split("/") != [stamp[:8], store.region, "s3", "aws4_request"]:
            raise Refusal(400, "AuthorizationHeaderMalformed", f"expecting {store.region}")
        at = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
        if abs(at - time.time() - store.ahead_s) > SKEW_S:
            raise Refusal(403, "RequestTimeTooSkewed", "the difference is too large")

    def canonical_request(self, signed):
        path, _, query = self.path.partition("?")
        pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
        quoted = "&".join(f"{urllib.parse.quote(k, '-_.~')}={urllib.parse.quote(v, '-_.~')}"
                          for k, v in pairs)
        lines = [f"{name}:{' '.join(self.headers.get(name, '').split())}\n" for name in signed]
        return "\n".join([self.command, urllib.parse.quote(urllib.parse.unquote(path), "/-_.~"),
                          quoted, "".join(lines), ";".join(signed),
                          self.headers.get("x-amz-content-sha256", "")])

    def check_signature(self, body):
        store = self.server.store
        key_id, scope, signed, told = self.parse_authorization()
        stamp = self.headers.get("x-amz-date", "")
        self.check_scope(key_id, scope, stamp)
        must = {"host", "x-amz-date", "x-amz-content-sha256"} | {
            n.lower() for n in self.headers if n.lower().startswith("x-amz-")}
        if signed != sorted(signed) or not must <= set(signed):
            raise Refusal(403, "AccessDenied", f"signed headers {signed}")
        request = self.canonical_request(signed)
        words = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
        if not hmac.compare_digest(signature(store.secret, scope, words), told):
            raise Refusal(403, "SignatureDoesNotMatch",
                          f"<StringToSign>{words}</StringToSign><Secret>{store.secret}</Secret>")
        payload = self.headers["x-amz-content-sha256"]
        if payload != "UNSIGNED-PAYLOAD" and payload != hashlib.sha256(body).hexdigest():
            raise Refusal(400, "XAmzContentSHA256Mismatch", "not what was signed")

    # ---- answers

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, code, message=""):
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
                f"<Message>{message}</Message><RequestId>8C2C</RequestId></Error>").encode()
        self.answer(status, body, (("Content-Type", "application/xml"),))

    def split(self):
        bucket, _, key = urllib.parse.unquote(self.path.partition("?")[0]).lstrip("/").partition("/")
        return bucket, key

    def read_body(self):
        n = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(n)
        if len(body) < n:
            raise ConnectionError("it was cut")
        return body

    def serve(self):
        store = self.server.store
        bucket, key = self.split()
        try:
            body = self.read_body()
            failure = store.note(self.command, key, self.headers.get("Range", ""))
            if failure == "cut":
                self.close_connection = True
                self.connection.close()
                return
            if failure == "busy":
                raise Refusal(503, "SlowDown", "please reduce your request rate")
            if failure == "denied":
                raise Refusal(403, "AccessDenied", f"no {store.secret} for you")
            if failure == "full":
                raise Refusal(507, "XMinioStorageFull", "the disk is full")
            self.check_signature(body)
            if bucket != store.bucket:
                raise Refusal(404, "NoSuchBucket")
            getattr(self, self.command.lower())(store, key, body, failure)
        except Refusal as r:
            self.refuse(r.status, r.code, r.message)
        except OSError:  # whoever asked was killed
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_DELETE = serve

    def put(self, store, key, body, failure):
        kept = {n.lower(): v for n, v in self.headers.items() if n.lower().startswith("x-amz-meta-")}
        if failure == "damage":
            body = body[:-1] + bytes([body[-1] ^ 1])
        thing = Object(body, kept)
        if failure == "etag":
            thing.etag = "0" * 32
        with store.lock:
            store.objects[key] = thing
        if store.after_put is not None:
            store.after_put(key)
        self.answer(200, headers=(("ETag", f'"{thing.etag}"'),))

    def get(self, store, key, body, failure):
        thing = store.objects.get(key)
        if thing is None:
            raise Refusal(404, "NoSuchKey", "the key does not exist")
        headers = [("ETag", f'"{thing.etag}"'), ("Accept-Ranges", "bytes"), *thing.headers.items()]
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not found:
            return self.answer(200, thing.body, headers)
        low, size = int(found[1]), len(thing.body)
        high = min(int(found[2]) if found[2] else size - 1, size - 1)
        if low >= size:
            raise Refusal(416, "InvalidRange")
        headers.append(("Content-Range", f"bytes {low}-{high}/{size}"))
        return self.answer(206, thing.body[low:high + 1], headers)

    head = get

    def delete(self, store, key, body, failure):
        with store.lock:
            store.objects.pop(key, None)
        self.answer(204)

    def log_message(self, *words):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


class Store:
    def __init__(self, key_id="AKIAWATCHDESK", secret="s3cr3t/of+the=desk-0123456789abcdef",
                 bucket="pages", region="eu-test-1", address="127.0.0.1"):
        self.key_id, self.secret, self.bucket, self.region = key_id, secret, bucket, region
        self.objects, self.log, self.failures = {}, [], []
        self.ahead_s = 0  # its clock, of ours
        self.after_put = None
        self.lock = threading.Lock()
        self.server = Server((address, 0), Handler)
        self.server.store = self
        self.base = "http://%s:%d" % self.server.server_address[:2]
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()

    def fail(self, what, method="", times=1):
        """busy, denied, full, cut, etag, damage."""
        self.failures.append([what, method, times])

    def note(self, method, key, span):
        with self.lock:
            self.log.append((method, key, span))
            for failure in self.failures:
                what, only, times = failure
                if only in ("", method) and times > 0:
                    failure[2] -= 1
                    return what
        return None

    def counts(self):
        return collections.Counter(method for method, _, _ in self.log)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
