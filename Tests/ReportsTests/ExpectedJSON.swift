// Expected summaries as JSON. When one changes on purpose, the failing test prints the new text.

/// Neither races nor load: the same in all that have none.
private let expectedNoLoadJSON = #"""
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
      "series": [],
      "endpoints": [],
      "ports": []
    },
    "balance": [],
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
      "status_classes": {"none": 2, "1xx": 0, "2xx": 3100, "3xx": 55, "4xx": 50, "5xx": 0, "other": 0},
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
      "gaps_by_length": [],
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
        "delay": {"count": 88, "min": 0.000001, "p50": 0.0012, "p90": 0.009, "p99": 0.03, "max": 0.03, "mean": 0.0013636363636363635, "sum": 0.12},
        "delays_by_length": []
      },
      "queueing": {
        "exchanges": 34,
        "bound": 1.2
      },
      "tcp": {
        "stalls": {"count": 5, "min": 0.0004, "p50": 0.0011, "p90": 0.012, "p99": 0.012, "max": 0.0123, "mean": 0.0038, "sum": 0.019},
        "stalls_by_length": [],
        "exchanges": 4
      }
    },
  \#(expectedNoLoadJSON)
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
    "servers_folded": 0,
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
    "pools_folded": 0,
    "pools_returned": 0,
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
    "hosts_folded": 0,
    "findings": [],
    "warnings": [
      {"message": "100,000 octets acknowledged but not in the capture: packets were lost while capturing.", "matters": false},
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
      "status_classes": {"none": 0, "1xx": 0, "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0, "other": 0},
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
      "gaps_by_length": [],
      "reuse_by_gap": []
    },
    "hol": {
      "http": {
        "pipelined_exchanges": 0,
        "pipelined_connections": 0,
        "delayed": 0,
        "delay": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
        "delays_by_length": []
      },
      "queueing": {
        "exchanges": 0,
        "bound": 0
      },
      "tcp": {
        "stalls": {"count": 0, "min": null, "p50": null, "p90": null, "p99": null, "max": null, "mean": null, "sum": 0},
        "stalls_by_length": [],
        "exchanges": 0
      }
    },
  \#(expectedNoLoadJSON)
    "servers": [],
    "servers_omitted": 0,
    "servers_folded": 0,
    "pools": [],
    "pools_omitted": 0,
    "pools_folded": 0,
    "pools_returned": 0,
    "hosts": [],
    "hosts_omitted": 0,
    "hosts_folded": 0,
    "findings": [],
    "warnings": []
  }

  """#
