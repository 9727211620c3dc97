// Expected reports of the sample summaries. When a report changes on purpose, the failing test prints the new text.

let expectedBusyText = #"""
  shop.pcapng
  61.3 s from 2026-11-21T01:32:41Z, 91,462 packets, 22.1 MB, Ethernet

  87.3 % of 3,207 requests reused a connection.
  407 handshakes (1.23 s) paid; 58 would have been enough.
  Main cause: after-server-idle-close (68.8 %), server closed it when idle.

  No findings: nothing here is beyond its threshold.

    Reuse ratio          87.3 %       2,800 reused, 407 first on a new connection
    Requests/connection  7.9          mean; p50 4, p90 20, p99 100, max 1,000
    Multi-use            54.1 %       of 407 HTTP connections had several requests
    Handshakes paid      407          1.23 s spent; each p50 2.10 ms, p99 10.0 ms
    Handshakes saved     2,800        5.88 s saved, by the median of each pool
    Ideal connections    58           the fewest that could have done the same
    Reuse efficiency     88.9 %       of the handshakes that could be saved were

  SERVERS  most requests first; paid, cost: handshakes, their time
    server              requests  conns   reuse  paid    cost  ideal  timeout
    10.77.0.2:80           3,000    310  89.7 %   310  940 ms     40      5 s
    [2001:db8::1]:8080       207     97  53.1 %    97  294 ms     18        –
    timeout: as advertised in Keep-Alive.

  WHY CONNECTIONS WERE OPENED
    cause                    conns   share     cost  meaning
    after-server-idle-close    280  68.8 %   850 ms  server closed it when idle
    missed-reuse                61  15.0 %   180 ms  an idle one was open
    all-busy                    45  11.1 %   140 ms  all open ones were in use
    first-contact               12   2.9 %  36.0 ms  there was none before
    after-close-header           7   1.7 %  20.0 ms  Connection: close
    after-failure                2   0.5 %  8.00 ms  reset, refused or cut off
    Several processes behind one client address are seen as one client.

  IDLE GAPS BETWEEN REQUESTS
    2,800 gaps: p50 120 ms, p90 4.20 s, p99 4.90 s, max 4.99 s.
    Connections were idle 83.0 % of the time they were open.
    A keep-alive timeout of … keeps … of these gaps:
        1 s    62.0 %  █████████████████████████
        2 s    74.0 %  ██████████████████████████████
        5 s     100 %  ████████████████████████████████████████

  HEAD-OF-LINE BLOCKING
    Pipelining  none
    Queueing    34 requests followed at once on a busy connection: held back by
                1.20 s in all at most
    TCP stalls  5, 19.0 ms in all, each p50 1.10 ms, max 12.3 ms; 4 exchanges
                touched

  HOW CONNECTIONS ENDED
    reason             closed by  conns   share  meaning
    server-idle-close  server       352  86.5 %  idle, e.g. timed out
    open               –             44  10.8 %  open at the end
    close-header       server         9   2.2 %  Connection: close was sent
    mid-exchange       client         2   0.5 %  a message was under way

  HOSTS  most requests first
    host              requests  conns   reuse
    shop.test            3,100    400  87.1 %
    static.shop.test       107     60  93.5 %

  ACCOUNTING
    Packets   91,462: all analysed as TCP.
    Payload   18.2 MB: all delivered, each byte once.

  """#

let expectedUncertainText = #"""
  2 files: web-1.pcap.gz, web-2.pcap.gz
  2 h 3 min from 2026-11-21T01:32:41Z, 91,462 packets, 22.1 MB, Linux cooked v2,
  Ethernet
  ! 1 warning at the end: figures may be off.

  87.3–94.5 % of 3,207 requests reused a connection.
  407 handshakes (1.23 s) paid, 114 connections of other protocols included.

  No findings: nothing here is beyond its threshold.

    Reuse ratio          87.3–94.5 %  2,800 reused, 177 first on a new connection,
                                      230 unknown
                                      unknown: first seen on connections opened
                                      before the capture
                                      uncertain: bytes of message heads are
                                      missing on 3 connections
                                      uncertain: 1,204 packets dropped, any of
                                      which may hold a request
    Requests/connection  7.9          mean; p50 4, p90 20, p99 100, max 1,000
    Multi-use            54.1 %       of 407 HTTP connections had several requests
    Handshakes paid      407          1.23 s spent; each p50 2.10 ms, p99 10.0 ms;
                                      14 not timed
    Handshakes saved     2,800        5.88 s saved, by the median of each pool;
                                      120 not timed
    Handshakes failed    3            2 refused, 1 unanswered
    SYN retransmissions  6            each adds a second or more
    Ideal connections    58           the fewest that could have done the same
    Reuse efficiency     88.9 %       a lower bound: handshakes of other protocols
                                      count
    Of 530 TCP connections, 123 carried no HTTP request (110 TLS, 4 other, 9
    without data); handshakes count all.

  SERVERS  top 2 of 14, most requests first; paid, cost: handshakes, their time
    server              requests  conns        reuse  paid    cost  ideal  timeout
    10.77.0.2:80           3,000    310  82.0–89.7 %   310  940 ms     40      5 s
    [2001:db8:1111:2222:3333:4444:5555:6666]:65535
                             207     97       53.1 %    97  294 ms     18        –
    timeout: as advertised in Keep-Alive.

  WHY CONNECTIONS WERE OPENED
    cause                    conns   share     cost  meaning
    after-server-idle-close    280  68.8 %   850 ms  server closed it when idle
    missed-reuse                61  15.0 %   180 ms  an idle one was open
    all-busy                    45  11.1 %   140 ms  all open ones were in use
    first-contact               12   2.9 %  36.0 ms  there was none before
    after-close-header           7   1.7 %  20.0 ms  Connection: close
    after-failure                2   0.5 %  8.00 ms  reset, refused or cut off
    Several processes behind one client address are seen as one client.

  IDLE GAPS BETWEEN REQUESTS
    2,800 gaps: p50 120 ms, p90 4.20 s, p99 4.90 s, max 4.99 s.
    Connections were idle 83.0 % of the time they were open.
    A keep-alive timeout of … keeps … of these gaps:
        1 s    62.0 %  █████████████████████████
        2 s    74.0 %  ██████████████████████████████
        5 s     100 %  ████████████████████████████████████████

  HEAD-OF-LINE BLOCKING
    Pipelining  120 requests on 3 connections; 88 waited behind earlier answers,
                120 ms in all at most, each p50 1.20 ms, max 30.0 ms
    Queueing    34 requests followed at once on a busy connection: held back by
                1.20 s in all at most
    TCP stalls  5, 19.0 ms in all, each p50 1.10 ms, max 12.3 ms; 4 exchanges
                touched

  HOW CONNECTIONS ENDED
    reason             closed by  conns   share  meaning
    server-idle-close  server       352  86.5 %  idle, e.g. timed out
    open               –             44  10.8 %  open at the end
    close-header       server         9   2.2 %  Connection: close was sent
    mid-exchange       client         2   0.5 %  a message was under way

  HOSTS  most requests first
    host              requests  conns   reuse
    shop.test            3,100    400  87.1 %
    static.shop.test       107     60  93.5 %

  ACCOUNTING
    Packets   91,462:
                  80,000  analysed as TCP
                  10,000  not TCP
                     400  not IP
                      62  not decodable
                   1,000  captured twice
                IPv4: protocol 17, 9,900
                Ethernet: type 0x0806, 400
                IPv4: protocol 1, 100
                TCP: too short, 62
    Payload   18.2 MB:
                 18.0 MB  delivered
                  130 kB  retransmitted
                  100 kB  missing: acknowledged, not captured
    The capturing system dropped 1,204 packets: they are not here.
    The capture ends in the middle of a packet or is damaged.

  WARNINGS
    ! web-2.pcap.gz: ends in the middle of a packet.
    - 100000 octets were acknowledged but are not in the capture: packets were
      lost while capturing.

  """#

let expectedHostileText = #"""
  \x1b]0;owned\x07.pcap
  61.3 s from 2026-11-21T01:32:41Z, 91,462 packets, 22.1 MB, link\xe2\x80\xaetype

  87.3 % of 3,207 requests reused a connection.
  407 handshakes (1.23 s) paid; 58 would have been enough.
  Main cause: after-server-idle-close (68.8 %), server closed it when idle.

  No findings: nothing here is beyond its threshold.

    Reuse ratio          87.3 %       2,800 reused, 407 first on a new connection
    Requests/connection  7.9          mean; p50 4, p90 20, p99 100, max 1,000
    Multi-use            54.1 %       of 407 HTTP connections had several requests
    Handshakes paid      407          1.23 s spent; each p50 2.10 ms, p99 10.0 ms
    Handshakes saved     2,800        5.88 s saved, by the median of each pool
    Ideal connections    58           the fewest that could have done the same
    Reuse efficiency     88.9 %       of the handshakes that could be saved were

  SERVERS  most requests first; paid, cost: handshakes, their time
    server              requests  conns   reuse  paid    cost  ideal  timeout
    10.77.0.2:80           3,000    310  89.7 %   310  940 ms     40      5 s
    [2001:db8::1]:8080       207     97  53.1 %    97  294 ms     18        –
    timeout: as advertised in Keep-Alive.

  WHY CONNECTIONS WERE OPENED
    cause                    conns   share     cost  meaning
    after-server-idle-close    280  68.8 %   850 ms  server closed it when idle
    missed-reuse                61  15.0 %   180 ms  an idle one was open
    all-busy                    45  11.1 %   140 ms  all open ones were in use
    first-contact               12   2.9 %  36.0 ms  there was none before
    after-close-header           7   1.7 %  20.0 ms  Connection: close
    after-failure                2   0.5 %  8.00 ms  reset, refused or cut off
    Several processes behind one client address are seen as one client.

  IDLE GAPS BETWEEN REQUESTS
    2,800 gaps: p50 120 ms, p90 4.20 s, p99 4.90 s, max 4.99 s.
    Connections were idle 83.0 % of the time they were open.
    A keep-alive timeout of … keeps … of these gaps:
        1 s    62.0 %  █████████████████████████
        2 s    74.0 %  ██████████████████████████████
        5 s     100 %  ████████████████████████████████████████

  HEAD-OF-LINE BLOCKING
    Pipelining  none
    Queueing    34 requests followed at once on a busy connection: held back by
                1.20 s in all at most
    TCP stalls  5, 19.0 ms in all, each p50 1.10 ms, max 12.3 ms; 4 exchanges
                touched

  HOW CONNECTIONS ENDED
    reason             closed by  conns   share  meaning
    server-idle-close  server       352  86.5 %  idle, e.g. timed out
    open               –             44  10.8 %  open at the end
    close-header       server         9   2.2 %  Connection: close was sent
    mid-exchange       client         2   0.5 %  a message was under way

  HOSTS  most requests first
    host                                                   requests  conns   reuse
    a\x1b[2J.test\x0d\x0aX: y                                    10      1  90.0 %
    \xe2\x80\xaemoc.elpmaxe\xe2\x80\xa8\xc2\x85                   9      1  88.9 %
    \xfflonglonglonglonglonglonglonglonglon…nglonglonglonglonglonglonglonglonglong
                                                                  8      1  87.5 %
    例え.テスト                                                   7      1  85.7 %
    (none)                                                        6      1  83.3 %
    user:secret@shop.test                                         5      1  80.0 %

  ACCOUNTING
    Packets   91,462:
                  91,461  analysed as TCP
                       1  not IP
                \x7f: \xc2\x9b1m, 1
    Payload   18.2 MB: all delivered, each byte once.

  WARNINGS
    - a\x1b[31mred\x00

  """#

let expectedEncryptedText = #"""
  standard input
  3.00 s from 1970-01-01T00:00:00Z, 1,500 packets, 900 kB, Ethernet

  No HTTP/1.x found: nothing to say about connection reuse.

    Seen: 23 TCP connections: 20 TLS, 1 HTTP/2, 2 without data.

    How to capture HTTP:
    - TLS hides the requests: capture where they are in the clear, such as between
      the proxy that ends TLS and the application behind it.
    - HTTP/2 is not analysed.
    - 700 packets are cut: capture whole packets (tcpdump -s 0).
    - On the client, server or proxy: tcpdump -i any -s 0 -w capture.pcap tcp

  ACCOUNTING
    Packets   1,500:
                   1,400  analysed as TCP
                     100  not TCP
                IPv4: protocol 17, 100
    Payload   800 kB:
                  500 kB  delivered
                  300 kB  missing: cut by the snapshot length

  """#

let expectedEmptyText = #"""
  Capture
  0 packets, 0 B

  No HTTP/1.x found: nothing to say about connection reuse.

    The capture holds no packets.

    How to capture HTTP:
    - On the client, server or proxy: tcpdump -i any -s 0 -w capture.pcap tcp

  ACCOUNTING
    Packets   none.
    Payload   none.

  """#

let expectedUncertainJSON = #"""
  {
    "reusescope": "0.1.0",
    "capture": {
      "files": ["web-1.pcap.gz", "web-2.pcap.gz"],
      "start": "2026-11-21T01:32:41.123456789Z",
      "duration": 7384,
      "packets": 91462,
      "bytes": 22134567,
      "link_types": ["Linux cooked v2", "Ethernet"],
      "truncated": true,
      "drops": 1204,
      "time_steps_back": 0,
      "cut_packets": 12
    },
    "ledger": {
      "packets": 91462,
      "tcp": 80000,
      "other_ports": 0,
      "duplicate_frames": 1000,
      "fragments": 0,
      "not_ip": 400,
      "not_tcp": 10000,
      "undecodable": 62,
      "limit": 0,
      "stops": [
        {"layer": "IPv4", "reason": "protocol 17", "packets": 9900},
        {"layer": "Ethernet", "reason": "type 0x0806", "packets": 400},
        {"layer": "IPv4", "reason": "protocol 1", "packets": 100},
        {"layer": "TCP", "reason": "too short", "packets": 62}
      ],
      "payload_bytes": 18230114,
      "delivered": 18000000,
      "retransmitted": 130114,
      "overlapping": 0,
      "missing_cut": 0,
      "missing_unseen": 100000,
      "out_of_window": 0,
      "after_close": 0,
      "dropped_by_limit": 0
    },
    "connections": {
      "total": 530,
      "opening_seen": 407,
      "http": 407,
      "by_protocol": [
        {"protocol": "http/1.1", "connections": 400},
        {"protocol": "http/1.0", "connections": 7},
        {"protocol": "tls", "connections": 110},
        {"protocol": "other", "connections": 4},
        {"protocol": "empty", "connections": 9}
      ],
      "short": 187,
      "persistent": 220,
      "unused": 0,
      "open_with_one": 0,
      "peak_open": 44,
      "peak_busy": 31,
      "roles_inferred": 0,
      "roles_guessed": 0,
      "heads_hit": 3,
      "missing_bytes": 0
    },
    "exchanges": {
      "total": 3207,
      "with_request": 3207,
      "fresh": 177,
      "reused": 2800,
      "unknown": 230,
      "responses_without_request": 0,
      "pipelined": 0,
      "retries": 0,
      "outcomes": [
        {"outcome": "complete", "exchanges": 3205},
        {"outcome": "unanswered", "exchanges": 2}
      ],
      "status_classes": {"none": 2, "1xx": 0, "2xx": 3100, "3xx": 55, "4xx": 50, "5xx": 0},
      "request_body_bytes": 120000,
      "response_body_bytes": 16000000
    },
    "reuse": {
      "ratio": [0.8730901153726224, 0.9448082319925164],
      "multi_use_share": 0.5405405405405406,
      "requests_per_connection": {"count": 407, "min": 1, "p50": 4, "p90": 20, "p99": 100, "max": 1000, "mean": 7.87960687960688},
      "handshakes": {
        "paid": 407,
        "failed": 3,
        "refused": 2,
        "timed_out": 1,
        "saved": 2800,
        "time_paid": 1.234,
        "time_saved": 5.88,
        "paid_not_timed": 14,
        "saved_not_timed": 120,
        "syn_retransmissions": 6,
        "setup": {"count": 407, "min": 0.0018, "p50": 0.0021, "p90": 0.004, "p99": 0.01, "max": 1.003, "mean": 0.003031941031941032, "sum": 1.234},
        "rtt": {"count": 407, "min": 0.0018, "p50": 0.0021, "p90": 0.003, "p99": 0.004, "max": 0.005, "mean": 0.0022113022113022115, "sum": 0.9}
      },
      "ideal_connections": 58,
      "efficiency": 0.889171165449349
    },
    "causes": [
      {"cause": "first-contact", "connections": 12, "setup_time": 0.036},
      {"cause": "missed-reuse", "connections": 61, "setup_time": 0.18},
      {"cause": "all-busy", "connections": 45, "setup_time": 0.14},
      {"cause": "after-server-idle-close", "connections": 280, "setup_time": 0.85},
      {"cause": "after-client-idle-close", "connections": 0, "setup_time": 0},
      {"cause": "after-close-header", "connections": 7, "setup_time": 0.02},
      {"cause": "after-http10", "connections": 0, "setup_time": 0},
      {"cause": "after-failure", "connections": 2, "setup_time": 0.008},
      {"cause": "after-unknown", "connections": 0, "setup_time": 0}
    ],
    "capture_start": 0,
    "closes": [
      {"reason": "server-idle-close", "closed_by": "server", "connections": 352},
      {"reason": "open", "closed_by": null, "connections": 44},
      {"reason": "close-header", "closed_by": "server", "connections": 9},
      {"reason": "mid-exchange", "closed_by": "client", "connections": 2}
    ],
    "idle": {
      "gaps": {"count": 2800, "min": 0.0002, "p50": 0.12, "p90": 4.2, "p99": 4.9, "max": 4.99, "mean": 0.7142857142857143, "sum": 2000},
      "lead": {"count": 407, "min": 0.00003, "p50": 0.00004, "p90": 0.00006, "p99": 0.001, "max": 0.002, "mean": 7.371007371007371e-05, "sum": 0.03},
      "tail": {"count": 363, "min": 5, "p50": 5.001, "p90": 5.003, "p99": 5.01, "max": 5.011, "mean": 5, "sum": 1815},
      "share": 0.83,
      "idle_time": 3815,
      "open_time": 4596,
      "connection_memory": null,
      "memory_byte_seconds": null,
      "reuse_by_gap": [
        [0.01, 0.18],
        [0.1, 0.45],
        [0.98, 0.62],
        [1.9, 0.74],
        [4, 0.88],
        [4.99, 1]
      ]
    },
    "hol": {
      "http": {
        "pipelined_exchanges": 120,
        "pipelined_connections": 3,
        "delayed": 88,
        "delay": {"count": 88, "min": 0.000001, "p50": 0.0012, "p90": 0.009, "p99": 0.03, "max": 0.03, "mean": 0.0013636363636363635, "sum": 0.12}
      },
      "queueing": {
        "exchanges": 34,
        "bound": 1.2
      },
      "tcp": {
        "stalls": {"count": 5, "min": 0.0004, "p50": 0.0011, "p90": 0.012, "p99": 0.012, "max": 0.0123, "mean": 0.0038, "sum": 0.019},
        "exchanges": 4
      }
    },
    "races": [],
    "races_omitted": 0,
    "load": {
      "interval": 0,
      "series": [],
      "peaks": {
        "open": null,
        "busy": null,
        "openings": null,
        "requests": null
      }
    },
    "time_wait": {
      "duration": 60,
      "port_range": 28232,
      "connections": 0,
      "peak": 0,
      "at": null,
      "endpoints": [],
      "ports": []
    },
    "balance": [],
    "servers": [
      {
        "server": "10.77.0.2:80",
        "connections": 310,
        "exchanges": 3000,
        "fresh": 310,
        "reused": 2690,
        "unknown": 230,
        "ratio": [0.82, 0.897],
        "opening_seen": 310,
        "requests_per_connection": {"count": 407, "min": 1, "p50": 4, "p90": 20, "p99": 100, "max": 1000, "mean": 7.87960687960688},
        "handshakes": {
          "paid": 310,
          "failed": 0,
          "time_paid": 0.94,
          "time_saved": 5.6,
          "saved_not_timed": 0,
          "setup": {"count": 407, "min": 0.0018, "p50": 0.0021, "p90": 0.004, "p99": 0.01, "max": 1.003, "mean": 0.003031941031941032, "sum": 1.234}
        },
        "ideal_connections": 40,
        "efficiency": 0.9087837837837838,
        "idle_gaps": {"count": 2800, "min": 0.0002, "p50": 0.12, "p90": 4.2, "p99": 4.9, "max": 4.99, "mean": 0.7142857142857143, "sum": 2000},
        "idle_time": 0,
        "open_time": 0,
        "memory_byte_seconds": null,
        "inferred_timeout": null,
        "inferred_client_timeout": null,
        "advertised_timeout": 5,
        "inferred_request_limit": null,
        "advertised_max": 100,
        "timeout_margin": null,
        "close_races": 0,
        "causes": [
          {"cause": "after-server-idle-close", "connections": 280, "setup_time": 0.85}
        ],
        "closes": [
          {"reason": "server-idle-close", "closed_by": "server", "connections": 266}
        ]
      },
      {
        "server": "[2001:db8:1111:2222:3333:4444:5555:6666]:65535",
        "connections": 97,
        "exchanges": 207,
        "fresh": 97,
        "reused": 110,
        "unknown": 0,
        "ratio": [0.5314009661835749, 0.5314009661835749],
        "opening_seen": 97,
        "requests_per_connection": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null},
        "handshakes": {
          "paid": 97,
          "failed": 0,
          "time_paid": 0.294,
          "time_saved": 0.33,
          "saved_not_timed": 0,
          "setup": {"count": 97, "min": 0.001, "p50": 0.003, "p90": 0.004, "p99": 0.005, "max": 0.009, "mean": 0.0030309278350515462, "sum": 0.294}
        },
        "ideal_connections": 18,
        "efficiency": null,
        "idle_gaps": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
        "idle_time": 0,
        "open_time": 0,
        "memory_byte_seconds": null,
        "inferred_timeout": null,
        "inferred_client_timeout": null,
        "advertised_timeout": null,
        "inferred_request_limit": null,
        "advertised_max": null,
        "timeout_margin": null,
        "close_races": 0,
        "causes": [],
        "closes": []
      }
    ],
    "servers_omitted": 12,
    "pools": [
      {
        "client": "10.77.0.1",
        "server": "10.77.0.2:80",
        "tls": false,
        "connections": 310,
        "exchanges": 3000,
        "fresh": 310,
        "reused": 2690,
        "unknown": 0,
        "ratio": [0.8966666666666666, 0.8966666666666666],
        "opening_seen": 310,
        "requests_per_connection": {"count": 407, "min": 1, "p50": 4, "p90": 20, "p99": 100, "max": 1000, "mean": 7.87960687960688},
        "handshakes": {
          "paid": 310,
          "failed": 0,
          "time_paid": 0.94,
          "time_saved": 5.6,
          "saved_not_timed": 0,
          "setup": {"count": 407, "min": 0.0018, "p50": 0.0021, "p90": 0.004, "p99": 0.01, "max": 1.003, "mean": 0.003031941031941032, "sum": 1.234}
        },
        "ideal_connections": 40,
        "efficiency": 0.9087837837837838,
        "peak_open": 44,
        "parallel_share": 0.97
      }
    ],
    "pools_omitted": 0,
    "hosts": [
      {
        "host": "shop.test",
        "connections": 400,
        "exchanges": 3100,
        "fresh": 400,
        "reused": 2700,
        "unknown": 0,
        "ratio": [0.8709677419354839, 0.8709677419354839],
        "idle_gaps": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0}
      },
      {
        "host": "static.shop.test",
        "connections": 60,
        "exchanges": 107,
        "fresh": 7,
        "reused": 100,
        "unknown": 0,
        "ratio": [0.9345794392523364, 0.9345794392523364],
        "idle_gaps": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0}
      }
    ],
    "hosts_omitted": 0,
    "findings": [],
    "warnings": [
      {"message": "100000 octets were acknowledged but are not in the capture: packets were lost while capturing.", "matters": false},
      {"message": "web-2.pcap.gz: ends in the middle of a packet.", "matters": true}
    ]
  }

  """#

let expectedEmptyJSON = #"""
  {
    "reusescope": "0.1.0",
    "capture": {
      "files": [],
      "start": null,
      "duration": 0,
      "packets": 0,
      "bytes": 0,
      "link_types": [],
      "truncated": false,
      "drops": null,
      "time_steps_back": 0,
      "cut_packets": 0
    },
    "ledger": {
      "packets": 0,
      "tcp": 0,
      "other_ports": 0,
      "duplicate_frames": 0,
      "fragments": 0,
      "not_ip": 0,
      "not_tcp": 0,
      "undecodable": 0,
      "limit": 0,
      "stops": [],
      "payload_bytes": 0,
      "delivered": 0,
      "retransmitted": 0,
      "overlapping": 0,
      "missing_cut": 0,
      "missing_unseen": 0,
      "out_of_window": 0,
      "after_close": 0,
      "dropped_by_limit": 0
    },
    "connections": {
      "total": 0,
      "opening_seen": 0,
      "http": 0,
      "by_protocol": [],
      "short": 0,
      "persistent": 0,
      "unused": 0,
      "open_with_one": 0,
      "peak_open": 0,
      "peak_busy": 0,
      "roles_inferred": 0,
      "roles_guessed": 0,
      "heads_hit": 0,
      "missing_bytes": 0
    },
    "exchanges": {
      "total": 0,
      "with_request": 0,
      "fresh": 0,
      "reused": 0,
      "unknown": 0,
      "responses_without_request": 0,
      "pipelined": 0,
      "retries": 0,
      "outcomes": [],
      "status_classes": {"none": 0, "1xx": 0, "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0},
      "request_body_bytes": 0,
      "response_body_bytes": 0
    },
    "reuse": {
      "ratio": null,
      "multi_use_share": null,
      "requests_per_connection": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null},
      "handshakes": {
        "paid": 0,
        "failed": 0,
        "refused": 0,
        "timed_out": 0,
        "saved": 0,
        "time_paid": 0,
        "time_saved": 0,
        "paid_not_timed": 0,
        "saved_not_timed": 0,
        "syn_retransmissions": 0,
        "setup": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
        "rtt": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0}
      },
      "ideal_connections": 0,
      "efficiency": null
    },
    "causes": [],
    "capture_start": 0,
    "closes": [],
    "idle": {
      "gaps": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
      "lead": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
      "tail": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
      "share": null,
      "idle_time": 0,
      "open_time": 0,
      "connection_memory": null,
      "memory_byte_seconds": null,
      "reuse_by_gap": []
    },
    "hol": {
      "http": {
        "pipelined_exchanges": 0,
        "pipelined_connections": 0,
        "delayed": 0,
        "delay": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0}
      },
      "queueing": {
        "exchanges": 0,
        "bound": 0
      },
      "tcp": {
        "stalls": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
        "exchanges": 0
      }
    },
    "races": [],
    "races_omitted": 0,
    "load": {
      "interval": 0,
      "series": [],
      "peaks": {
        "open": null,
        "busy": null,
        "openings": null,
        "requests": null
      }
    },
    "time_wait": {
      "duration": 60,
      "port_range": 28232,
      "connections": 0,
      "peak": 0,
      "at": null,
      "endpoints": [],
      "ports": []
    },
    "balance": [],
    "servers": [],
    "servers_omitted": 0,
    "pools": [],
    "pools_omitted": 0,
    "hosts": [],
    "hosts_omitted": 0,
    "findings": [],
    "warnings": []
  }

  """#
