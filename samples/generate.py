#!/usr/bin/env python3
"""Makes the hand-made captures of this folder, octet for octet the same each time. Standard library only.

    samples/generate.py            writes FOLDER/capture.* for every case below
    samples/generate.py --check    compares them with what is there; exit status 1 where one differs

Each case is one function: what happens on the wire, in order. Addresses are the documentation ranges of RFC 5737 and
RFC 3849, checksums are right, and no octet comes from a real capture.
"""
import gzip, io, os, struct, sys

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
HERE = os.path.dirname(os.path.abspath(__file__))
START = 1_767_614_400_000_000_000  # 2026-01-05T12:00:00Z
MS = 1_000_000
ETHERNET = 1
CASES = {}


def case(name):
    def add(function):
        CASES[os.path.join(function.__name__.replace("_", "-"), name)] = function
        return function
    return add


# ---- files -------------------------------------------------------------------------------------------------------

def pcap(packets):
    """The classic format, microseconds."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, ETHERNET)
    for t, frame in packets:
        out += struct.pack("<IIII", t // 1_000_000_000, t % 1_000_000_000 // 1000, len(frame), len(frame)) + frame
    return out


def pcapng(packets):
    """One section, one interface, nanoseconds (if_tsresol 9)."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", ETHERNET, 0, 262144) + struct.pack("<HHB3xHH", 9, 1, 9, 0, 0))
    for t, frame in packets:
        out += block(6, struct.pack("<IIIII", 0, t >> 32, t & 0xFFFFFFFF, len(frame), len(frame)) + frame)
    return out


def contents(path, packets):
    data = pcapng(packets) if ".pcapng" in path else pcap(packets)
    if path.startswith("cut-short/"):
        data = data[:-500]
    if path.endswith(".gz"):
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as f:
            f.write(data)
        data = packed.getvalue()
    return data


# ---- packets -----------------------------------------------------------------------------------------------------

def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text):
    if ":" not in text:
        return bytes(map(int, text.split(".")))
    head, _, tail = text.partition("::")
    groups = [[int(g, 16) for g in part.split(":") if g] for part in (head, tail)]
    return struct.pack(">8H", *groups[0], *[0] * (8 - len(groups[0]) - len(groups[1])), *groups[1])


class Host:
    def __init__(self, ip, mac):
        self.ip, self.mac, self.identification = address(ip), bytes([2, 0, 0, 0, 0, mac]), 1


class Capture:
    """Packets in the order captured. `tags` are VLAN tags, outermost first; `options` an IPv6 extension header."""

    def __init__(self, tags=b"", options=b""):
        self.packets, self.tags, self.options, self.now = [], tags, options, START

    def add(self, source, destination, tcp, seen=True, again_after=None):
        source.identification += 1
        if len(source.ip) == 4:
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), source.identification, 0x4000, 64, 6, 0, source.ip, destination.ip)
            ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
            kind = b"\x08\x00"
        else:
            following = bytes([6]) + self.options[1:] if self.options else b""
            ip = struct.pack(">IHBB16s16s", 0x60000000, len(following) + len(tcp), self.options[0] if following else 6, 64, source.ip, destination.ip) + following
            kind = b"\x86\xdd"
        pseudo = source.ip + destination.ip + struct.pack(">II", len(tcp), 6)
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
        frame = destination.mac + source.mac + self.tags + kind + ip + tcp
        frame += bytes(max(0, 60 - len(frame)))  # Ethernet pads short frames
        if seen:
            self.packets.append((self.now, frame))
            if again_after is not None:
                self.packets.append((self.now + again_after, frame))


class Connection:
    """Both ends of one TCP connection. Every call moves the capture's clock on by what it says it takes."""

    def __init__(self, capture, client, client_port, server, server_port, isn=(1000, 500_000), rtt=20 * MS, again_after=None):
        self.capture, self.rtt, self.again_after = capture, rtt, again_after
        self.ends = {"client": [client, client_port, isn[0]], "server": [server, server_port, isn[1]]}

    def segment(self, side, flags, payload=b"", seen=True, at=None, seen_ack=None, options=b""):
        """`at`: another sequence number than the next one: a retransmission."""
        here, there = self.ends[side], self.ends["server" if side == "client" else "client"]
        sequence = here[2] if at is None else at
        acknowledged = there[2] if flags & ACK else 0
        tcp = struct.pack(">HHIIBBHHH", here[1], there[1], sequence % 2**32, acknowledged % 2**32, (5 + len(options) // 4) << 4, flags, 64240, 0, 0)
        self.capture.add(here[0], there[0], tcp + options + payload, seen, self.again_after)
        if at is None:
            here[2] += len(payload) + bool(flags & (SYN | FIN))

    def wait(self, ns):
        self.capture.now += ns

    def open(self):
        """Captured beside the client: SYN, a round trip later the SYN/ACK, and the ACK at once."""
        options = struct.pack(">BBHBBBB", 2, 4, 1460, 1, 3, 3, 7)
        self.segment("client", SYN, options=options)
        self.wait(self.rtt)
        self.segment("server", SYN | ACK, options=options)
        self.wait(MS // 100)
        self.segment("client", ACK)
        self.wait(MS // 10)
        return self

    def send(self, side, payload, cuts=(), pause=MS // 50, unseen=(), acknowledge=True):
        """One segment for each piece between `cuts`; those whose number is in `unseen` are not in the capture.
        The other side acknowledges all of it."""
        edges = [0, *cuts, len(payload)]
        for number, (a, b) in enumerate(zip(edges, edges[1:])):
            if number:
                self.wait(pause)
            self.segment(side, PSH | ACK, payload[a:b], seen=number not in unseen)
        if acknowledge:
            self.wait(pause)
            self.segment("server" if side == "client" else "client", ACK)

    def request(self, payload, **how):
        self.send("client", payload, **how)
        self.wait(self.rtt)

    def respond(self, payload, **how):
        self.send("server", payload, **how)

    def close(self, by="client"):
        other = "server" if by == "client" else "client"
        self.wait(MS)
        self.segment(by, FIN | ACK)
        self.wait(self.rtt)
        self.segment(other, FIN | ACK)
        self.wait(MS // 100)
        self.segment(by, ACK)
        self.wait(MS)


# ---- messages ----------------------------------------------------------------------------------------------------

def request(method, target, *fields, body=b"", version="1.1", host="shop.test"):
    lines = [f"{method} {target} HTTP/{version}", f"Host: {host}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


def response(status, *fields, body=b"", length=True, version="1.1"):
    reasons = {100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified",
               404: "Not Found", 413: "Content Too Large"}
    lines = [f"HTTP/{version} {status} {reasons[status]}", *fields]
    if length and status not in (100, 101, 204, 304):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def text(octets):
    return (b"The quick brown fox jumps over the lazy dog. " * (octets // 45 + 1))[:octets]


def chunked(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def masked(payload, opcode=1, mask=b"\x11\x22\x33\x44"):
    """A WebSocket frame from a client (RFC 6455 §5.2)."""
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def unmasked(payload, opcode=1):
    """A WebSocket frame from a server."""
    return bytes([0x80 | opcode, len(payload)]) + payload


def http2_frame(kind, flags, stream, payload=b""):
    """RFC 9113 §4.1."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def pair(tags=b"", options=b""):
    return Capture(tags, options), Host("192.0.2.10", 1), Host("198.51.100.20", 2)


# ---- cases -------------------------------------------------------------------------------------------------------

@case("capture.pcap")
def pipelined_one_segment():
    """Five requests in one segment; the first two answers share a segment, the fourth comes 30 ms late."""
    capture, client, server = pair()
    c = Connection(capture, client, 40001, server, 80).open()
    c.request(request("GET", "/a") + request("HEAD", "/b") + request("GET", "/c", 'If-None-Match: "c1"')
              + request("DELETE", "/d") + request("GET", "/e"))
    c.respond(response(200, body=text(100)) + b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    c.wait(5 * MS)
    c.respond(response(304, 'ETag: "c1"'))
    c.wait(30 * MS)
    c.respond(response(204))
    c.respond(response(404, "Transfer-Encoding: chunked", length=False, body=chunked(text(40), text(7))))
    c.close()
    return capture.packets


@case("capture.pcap")
def port_reuse():
    """The client restarts and opens the same four-tuple again; no FIN and no RST of the first connection is in the capture."""
    capture, client, server = pair()
    first = Connection(capture, client, 40002, server, 80, isn=(7_000, 90_000)).open()
    for n in (1, 2):
        first.request(request("GET", f"/before/{n}"))
        first.respond(response(200, body=text(200 + n)))
        first.wait(100 * MS)
    first.wait(3_000 * MS)
    second = Connection(capture, client, 40002, server, 80, isn=(3_111_222_333, 1_777_000_111)).open()
    for n in (1, 2, 3):
        second.request(request("GET", f"/after/{n}"))
        second.respond(response(200, body=text(300 + n)))
        second.wait(100 * MS)
    second.close()
    return capture.packets


@case("capture.pcap")
def sequence_wrap():
    """Both sides' sequence numbers pass 2^32: the client's within a request head, the server's within a body."""
    capture, client, server = pair()
    c = Connection(capture, client, 40003, server, 80, isn=(2**32 - 90, 2**32 - 2_000)).open()
    for n in (1, 2, 3):
        c.request(request("GET", f"/wrap/{n}"))
        body = response(200, body=text(1_500 * n))
        c.respond(body, cuts=range(1_000, len(body), 1_000))
        c.wait(50 * MS)
    c.close()
    return capture.packets


@case("capture.pcap")
def retransmitted_request():
    """The second request is sent again after 200 ms, before its answer; so is a segment of that answer."""
    capture, client, server = pair()
    c = Connection(capture, client, 40004, server, 80).open()
    c.request(request("GET", "/first"))
    c.respond(response(200, body=text(64)))
    c.wait(80 * MS)
    second, at = request("GET", "/second"), c.ends["client"][2]
    c.send("client", second, acknowledge=False)
    c.wait(200 * MS)
    c.segment("client", PSH | ACK, second, at=at)
    c.wait(c.rtt)
    c.segment("server", ACK)
    answer, at = response(200, body=text(1_200)), c.ends["server"][2]
    c.respond(answer, cuts=(700,), acknowledge=False)
    c.wait(200 * MS)
    c.segment("server", PSH | ACK, answer[700:], at=at + 700)
    c.segment("client", ACK)
    c.wait(40 * MS)
    c.request(request("GET", "/third"))
    c.respond(response(200, body=text(32)))
    c.close()
    return capture.packets


@case("capture.pcap")
def split_head_100_continue():
    """A POST whose head comes in four segments, cut inside the method, a field name and the empty line; the server says
    100 Continue before the body."""
    capture, client, server = pair()
    c = Connection(capture, client, 40005, server, 80).open()
    head = request("POST", "/upload", "Content-Type: text/plain", "Content-Length: 2500", "Expect: 100-continue")
    c.request(head, cuts=(2, head.index(b"Content-Length") + 9, len(head) - 1), pause=2 * MS)
    c.respond(response(100))
    c.wait(MS)
    c.request(text(2_500), cuts=(1_400,), pause=3 * MS)
    c.respond(response(201, "Location: /upload/1", body=text(20)), cuts=(3, 40), pause=MS)
    c.wait(60 * MS)
    c.request(request("GET", "/upload/1"))
    c.respond(response(200, body=text(2_500)), cuts=(1_460,))
    c.close()
    return capture.packets


@case("capture.pcap")
def response_gap():
    """The third of five segments of a response is not in the capture, though the client acknowledged it."""
    capture, client, server = pair()
    c = Connection(capture, client, 40006, server, 80).open()
    for n, unseen in ((1, ()), (2, (2,)), (3, ())):
        c.request(request("GET", f"/page/{n}"))
        answer = response(200, body=text(6_000))
        c.respond(answer, cuts=range(1_300, 6_000, 1_300), unseen=unseen)
        c.wait(70 * MS)
    c.close()
    return capture.packets


@case("capture.pcap")
def early_413():
    """The server answers 413 and says close while the client is still sending; the client stops 30 000 octets short."""
    capture, client, server = pair()
    c = Connection(capture, client, 40007, server, 80).open()
    c.request(request("GET", "/form"))
    c.respond(response(200, body=text(80)))
    c.wait(90 * MS)
    c.send("client", request("PUT", "/photo", "Content-Length: 50000", body=text(10_000)), cuts=range(1_400, 10_000, 1_400))
    c.respond(response(413, "Connection: close", body=text(25)), acknowledge=False)
    c.wait(MS)
    c.send("client", text(10_000), cuts=range(1_400, 10_000, 1_400), acknowledge=False)
    c.wait(MS)
    c.segment("server", FIN | ACK)
    c.wait(c.rtt)
    c.segment("client", FIN | ACK)
    c.wait(MS // 100)
    c.segment("server", RST)
    return capture.packets


@case("capture.pcap")
def captured_twice():
    """A mirror port that copies every frame at the way in and at the way out: each packet twice, 6 µs apart."""
    capture, client, server = pair()
    c = Connection(capture, client, 40008, server, 80, again_after=6_000).open()
    for n in (1, 2, 3, 4):
        c.request(request("GET", f"/mirror/{n}"))
        answer = response(200, body=text(900 * n))
        c.respond(answer, cuts=range(1_400, len(answer), 1_400), pause=MS // 10)
        c.wait(30 * MS)
    c.close("server")
    return capture.packets


@case("capture.pcap")
def qinq():
    """Two VLAN tags: 802.1ad with service 100 around 802.1Q with customer 7."""
    capture, client, server = pair(tags=b"\x88\xa8\x00\x64\x81\x00\x00\x07")
    c = Connection(capture, client, 40009, server, 8080).open()
    for n in (1, 2, 3):
        c.request(request("GET", f"/vlan/{n}"))
        c.respond(response(200, body=text(50 * n)))
        c.wait(25 * MS)
    c.close()
    return capture.packets


@case("capture.pcapng")
def ipv6():
    """IPv6 with a Destination Options header before TCP, in pcapng with nanoseconds. The server closes first."""
    options = bytes([60, 0, 1, 4, 0, 0, 0, 0])  # kind of header; next header is filled in; PadN
    capture, client, server = Capture(options=options), Host("2001:db8::10", 1), Host("2001:db8:1::20", 2)
    c = Connection(capture, client, 40010, server, 80, rtt=12_345_678).open()
    for n in (1, 2):
        c.request(request("GET", f"/six/{n}", host="[2001:db8:1::20]"))
        c.respond(response(200, "Keep-Alive: timeout=5, max=100", body=text(10 * n)))
        c.wait(1_234_567_890)
    c.wait(3_765_432_110)
    c.close("server")
    return capture.packets


@case("capture.pcap")
def websocket():
    """A reused connection becomes a WebSocket; its messages read like HTTP requests and must not count."""
    capture, client, server = pair()
    c = Connection(capture, client, 40011, server, 80).open()
    c.request(request("GET", "/"))
    c.respond(response(200, body=text(120)))
    c.wait(45 * MS)
    c.request(request("GET", "/chat", "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
    c.respond(response(101, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    for n in range(3):
        c.wait(500 * MS)
        c.request(masked(b"GET /not-http HTTP/1.1\r\n\r\n"))
        c.respond(unmasked(b"HTTP/1.1 200 OK\r\n\r\n"))
    c.request(masked(b"\x03\xe8", opcode=8))
    c.respond(unmasked(b"\x03\xe8", opcode=8))
    c.close("server")
    return capture.packets


@case("capture.pcap")
def connect_tunnel():
    """A proxy connection is reused for two requests in absolute form, then turned into a tunnel; HTTP inside the tunnel
    belongs to another connection and does not count."""
    capture, client, server = pair()
    c = Connection(capture, client, 40012, server, 3128).open()
    for n in (1, 2):
        c.request(request("GET", f"http://shop.test/item/{n}"))
        c.respond(response(200, body=text(70 * n)))
        c.wait(35 * MS)
    c.request(request("CONNECT", "inner.test:80", host="inner.test:80"))
    c.respond(response(200, "Content-Length: 999", length=False))  # no body all the same: RFC 9110 §9.3.6
    c.wait(5 * MS)
    c.request(request("GET", "/inside", host="inner.test"))
    c.respond(response(200, body=text(60)))
    c.wait(15 * MS)
    c.request(request("GET", "/inside/again", host="inner.test"))
    c.respond(response(200, body=text(60)))
    c.close()
    return capture.packets


@case("capture.pcap")
def upgrade_h2c():
    """HTTP/1.1 upgraded to HTTP/2 in the clear (RFC 7540 §3.2): frames follow the 101 from the server, the preface from
    the client."""
    capture, client, server = pair()
    c = Connection(capture, client, 40013, server, 80).open()
    c.request(request("GET", "/start", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"))
    c.respond(response(101, "Connection: Upgrade", "Upgrade: h2c") + http2_frame(4, 0, 0) + http2_frame(1, 5, 1, b"\x88"))
    c.wait(MS)
    c.request(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(4, 0, 0) + http2_frame(4, 1, 0))
    c.respond(http2_frame(4, 1, 0))
    c.wait(400 * MS)
    c.request(http2_frame(7, 0, 0, struct.pack(">II", 1, 0)))
    c.close()
    return capture.packets


@case("capture.pcap.gz")
def lost_head():
    """1000 requests on one connection; the only segment of the answer to the 500th is not in the capture. Every answer has
    a body of its own length, so that a pair that shifts shows."""
    capture, client, server = pair()
    c = Connection(capture, client, 40014, server, 80, rtt=2 * MS).open()
    for n in range(1, 1001):
        c.request(request("GET", f"/item/{n}"))
        c.respond(response(200, body=text(100 + n)), unseen=(0,) if n == 500 else ())
        c.wait(MS)
    c.close()
    return capture.packets


@case("capture.pcap")
def opened_before_capture():
    """The capture begins while the first of four answers is on its way: no SYN, no first request."""
    capture, client, server = pair()
    c = Connection(capture, client, 40015, server, 80).open()
    for n in (1, 2, 3, 4):
        c.request(request("GET", f"/list/{n}"))
        answer = response(200, body=text(3_000))
        c.respond(answer, cuts=(1_460, 2_920))
        c.wait(110 * MS)
    c.close()
    return capture.packets[6:]


@case("capture.pcap")
def cut_short():
    """The file ends in the middle of a packet record, as when a disk fills up: the last answer stays incomplete."""
    capture, client, server = pair()
    c = Connection(capture, client, 40016, server, 80).open()
    for n in (1, 2, 3):
        c.request(request("GET", f"/log/{n}"))
        answer = response(200, body=text(4_000))
        c.respond(answer, cuts=(1_460, 2_920))
        c.wait(20 * MS)
    return capture.packets[:-2]


@case("capture.pcap")
def behind_a_balancer():
    """A balancer keeps connections for longer than the application's 5 s: most are closed before their next request, and
    two requests are sent just when the server closes."""
    capture, balancer, server = pair()
    for n in range(8):
        c = Connection(capture, balancer, 41000 + n, server, 8080, rtt=2 * MS).open()
        for k in (1, 2):
            c.request(request("GET", f"/orders/{n}{k}"))
            c.respond(response(200, "Keep-Alive: timeout=5", body=text(300)))
            c.wait(400 * MS if k == 1 else 0)
        if n in (2, 5):  # 1 ms before the server's FIN is captured, which does not acknowledge it
            received = c.ends["client"][2]
            c.wait(4_999 * MS)
            c.segment("client", PSH | ACK, request("GET", f"/orders/{n}3"))
            c.wait(MS)
            sent, c.ends["client"][2] = c.ends["client"][2], received
            c.segment("server", FIN | ACK)
            c.ends["client"][2] = sent
            c.wait(c.rtt)
            c.segment("server", RST)
            c.wait(20 * MS)
        else:
            c.wait(4_999 * MS)
            c.close(by="server")
            c.wait(2_000 * MS)
    return capture.packets


@case("capture.pcap")
def closed_unasked():
    """A server that says Connection: close to every request, though the client asks to keep the connection."""
    capture, client, server = pair()
    for n in range(7):
        c = Connection(capture, client, 42000 + n, server, 80).open()
        c.request(request("GET", f"/item/{n}"))
        c.respond(response(200, "Connection: close", body=text(500)))
        c.close(by="server")
        c.wait(150 * MS)
    return capture.packets


def main():
    check, different = sys.argv[1:] == ["--check"], 0
    for path, function in CASES.items():
        file, data = os.path.join(HERE, path), contents(path, function())
        if not check:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as f:
                f.write(data)
            print(f"{path}: {len(data)} octets")
            continue
        with open(file, "rb") as f:
            there = f.read()
        if path.endswith(".gz"):  # how well it packs is zlib's business
            there, data = gzip.decompress(there), gzip.decompress(data)
        if there != data:
            print(f"samples/{path} is not what samples/generate.py makes")
            different += 1
    if check:
        print(f"{len(CASES) - different} of {len(CASES)} captures are what samples/generate.py makes")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
