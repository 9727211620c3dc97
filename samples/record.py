#!/usr/bin/env python3
"""Records the captures of real servers and clients in this folder, and what the servers themselves logged.

    sudo samples/record.py LAB [NAME...]      LAB: the traffic lab's lab.py

Writes FOLDER/capture.pcap and FOLDER/truth.json. Needs root, /dev/net/tun and nginx, tcpdump, iproute2, ethtool, curl
and apache2-utils. Each load is bounded, and stays between two network namespaces that the lab makes and removes. A new
recording has other times and ports than the one before it: run samples/renew after it and review the difference.
"""
import importlib.util, json, os, random, sys, threading

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 2026


def load(path):
    spec = importlib.util.spec_from_file_location("lab", path)
    lab = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lab)

    class Lab(lab.Lab):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.cip, self.sip = "10.77.1.1", "10.77.1.2"
    lab.Lab = Lab
    return lab


def sequential(lab, host, *plan):
    lab.scripted("sequential", host, 80, json.dumps(plan), 0.01, timeout=300)


def reuse_basic(lab, pcap, rng):
    return lab.over_nginx(rng, pcap, lambda net, rng: sequential(net, net.sip, ["f100"] * 5, ["f1000", "f5000", "f100"], ["f100"], ["f1000"] * 9))


def no_reuse(lab, pcap, rng):
    return lab.over_nginx(rng, pcap, lambda net, rng: net.client("ab", "-n", "20", "-c", "2", f"http://{net.sip}/f1000") and None)


def http10_keepalive(lab, pcap, rng):
    return lab.over_nginx(rng, pcap, lambda net, rng: net.client("ab", "-k", "-n", "30", "-c", "2", f"http://{net.sip}/f1000") and None)


def methods_and_framing(lab, pcap, rng):
    return lab.SCENARIOS["methods-and-framing"](rng, pcap)


def lossy(lab, pcap, rng):
    link = {"seed": 5, "delay_ms": 3, "jitter_ms": 3, "loss": 0.04, "duplicate": 0.03}
    return lab.over_nginx(rng, pcap, lambda net, rng: sequential(net, net.sip, ["f1000", "f20000", "f5000"], ["f20000", "f1000"], ["f5000"] * 4), bad_link=link)


def pipelined(lab, pcap, rng):
    return lab.SCENARIOS["pipelined"](rng, pcap)


def close_race(lab, pcap, rng):
    truth = lab.SCENARIOS["close-race"](rng, pcap)
    for i, connection in enumerate(truth["connections"]):  # sent, but never read by the server: not in its log
        connection["requests"].append({"method": "GET", "target": f"/lost?i={i}", "status": None})
    return truth


def server_timeout(lab, pcap, rng):
    def drive(net, rng):
        net.scripted("gaps", net.sip, 80, json.dumps([0.1, 0.5, 2.0, 0.3, 2.5, 0.1, 0.1, 2.0]), 1)
    return lab.over_nginx(rng, pcap, drive, keepalive_timeout="1s", header_timeout="1s")


def mixed(lab, pcap, rng):
    """Several kinds of clients at once, against nginx with a keep-alive timeout of 1 s and a slow scripted server, 20 ms away."""
    scripted, link = [], {"seed": 0, "delay_ms": 10, "jitter_ms": 0, "loss": 0, "duplicate": 0}

    def drive(net, rng):
        log, me = os.path.join(net.dir, "scripted.json"), os.path.abspath(lab.__file__)
        net.start(net.sns, sys.executable, me, "_server", net.sip, "8080", log)
        net.wait_port(8080)
        base = f"http://{net.sip}"
        loads = [
            lambda: net.scripted("gaps", net.sip, 80, json.dumps([0.1, 0.4, 1.6, 0.2, 0.8, 2.1, 0.3]), 1),
            lambda: net.client("ab", "-n", "8", "-c", "1", base + "/f100"),
            lambda: net.client("ab", "-k", "-n", "12", "-c", "1", base + "/f100"),
            lambda: net.client("curl", "-s", "-o", "/dev/null", base + "/f5000", "-o", "/dev/null", base + "/nope", "-o", "/dev/null", base + "/f1000"),
            lambda: net.client("curl", "-s", "-H", "Expect: 100-continue", "--data-binary", "x" * 3000, base + "/post"),
            lambda: net.scripted("missed", net.sip, 80, 4),
            lambda: net.scripted("pipeline", net.sip, 8080, json.dumps([20, 60, 5, 120])),
        ]
        threads = [threading.Thread(target=load) for load in loads]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        scripted.extend({**c, "server": f"{net.sip}:8080"} for c in json.load(open(log)))
    truth = lab.over_nginx(rng, pcap, drive, bad_link=link, keepalive_timeout="1s", header_timeout="1s")
    truth["connections"] += scripted
    return truth


def body_octets(logged):
    """nginx counts the 25 octets of its own "HTTP/1.1 100 Continue" into $body_bytes_sent: "ok" becomes 27."""
    return 2 if logged["target"] == "/post" else logged["body_bytes"]


def exchange(number, logged):
    row = {"use": "reused" if number else "fresh", "request": {"method": logged["method"], "target": logged["target"]}}
    if logged["status"] is None:
        return {**row, "response": None}
    row["response"] = {"status": logged["status"]}
    if logged["method"] != "HEAD":
        row["response"]["body_bytes"] = body_octets(logged)
    return row


# How many connections the clients of a case hold open at once.
OPEN_AT_ONCE = {"reuse-basic": 1, "no-reuse": 2, "http10-keepalive": 2, "lossy": 1, "pipelined": 1, "close-race": 1, "server-timeout": 1}


def write_truth(name, path, truth):
    rows = []
    for c in truth["connections"]:
        connection = {"client": c["client"], "server": c.get("server", truth["server"]), "opening_seen": True}
        exchanges = ",\n".join("      " + json.dumps(exchange(n, logged)) for n, logged in enumerate(c["requests"]))
        rows.append(f'    {{"connection": {json.dumps(connection)},\n     "exchanges": [\n{exchanges}\n    ]}}')
    requests = sum(len(c["requests"]) for c in truth["connections"])
    summary = {"exchanges": {"with_request": requests}, "reuse": {"handshakes": {"paid": len(rows), "saved": requests - len(rows)}}}
    if name in OPEN_AT_ONCE:
        summary["connections"] = {"peak_open": OPEN_AT_ONCE[name]}
    with open(path, "w") as f:
        f.write('{\n  "exit": 0,\n  "summary": ' + json.dumps(summary) + ',\n  "connections": [\n' + ",\n".join(rows) + "\n  ]\n}\n")


CASES = [reuse_basic, no_reuse, http10_keepalive, methods_and_framing, lossy, pipelined, close_race, server_timeout, mixed]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    lab, only = load(sys.argv[1]), sys.argv[2:]
    for record in CASES:
        name = record.__name__.replace("_", "-")
        if only and name not in only:
            continue
        folder = os.path.join(HERE, name)
        os.makedirs(folder, exist_ok=True)
        pcap = os.path.join(folder, "capture.pcap")
        truth = record(lab, pcap, random.Random(f"{name}/{SEED}"))
        write_truth(name, os.path.join(folder, "truth.json"), truth)
        print(f"{name}: {len(truth['connections'])} connections, {os.path.getsize(pcap)} octets", flush=True)


if __name__ == "__main__":
    main()
