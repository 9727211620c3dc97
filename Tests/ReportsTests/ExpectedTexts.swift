// Expected texts of the sample summaries. When one changes on purpose, the failing test prints the new text.

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
    Responses            3,205        3,100 × 2xx, 55 × 3xx, 50 × 4xx; 2
                                      unanswered
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
    Responses            3,205        3,100 × 2xx, 55 × 3xx, 50 × 4xx; 2
                                      unanswered
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
    - 100,000 octets acknowledged but not in the capture: packets were lost while
      capturing.

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
    Responses            3,205        3,100 × 2xx, 55 × 3xx, 50 × 4xx; 2
                                      unanswered
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
