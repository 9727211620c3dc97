import Reports

extension CaptureDatabase {
  /// Marks the file as one of ours (`PRAGMA application_id`): "Reus".
  private static let applicationID = "1382380915"

  private static let captures = """
    CREATE TABLE captures (id INTEGER PRIMARY KEY, version TEXT NOT NULL, files TEXT, start_time TEXT, duration REAL, \
    packets INTEGER, bytes INTEGER, truncated INTEGER, drops INTEGER, requests INTEGER, ratio_low REAL, ratio_high REAL, \
    handshakes_paid INTEGER, handshakes_time_paid REAL, ideal_connections INTEGER, efficiency REAL, summary TEXT) STRICT
    """

  /// Made when the rows are there, which is faster than keeping them up to date.
  static let indexes = """
    CREATE INDEX IF NOT EXISTS exchanges_by_connection ON exchanges (capture, connection, "index");
    CREATE INDEX IF NOT EXISTS exchanges_by_server ON exchanges (capture, server);
    CREATE INDEX IF NOT EXISTS exchanges_by_host ON exchanges (capture, request_host);
    CREATE INDEX IF NOT EXISTS connections_by_id ON connections (capture, id);
    CREATE INDEX IF NOT EXISTS connections_by_server ON connections (capture, server);
    """

  /// The usual questions.
  private static let views = [
    // How much of each server's and host's traffic reused a connection?
    """
    CREATE VIEW reuse_by_server AS SELECT capture, server, request_host AS host, count(*) AS requests, \
    sum("use" = 'reused') AS reused, sum("use" = 'fresh') AS fresh, avg("use" = 'reused') AS ratio_low, \
    avg("use" <> 'fresh') AS ratio_high FROM exchanges WHERE request_start IS NOT NULL GROUP BY capture, server, request_host
    """,
    // Why was each connection opened, and what did it cost?
    """
    CREATE VIEW why_opened AS SELECT capture, server, opened_because AS cause, count(*) AS connections, \
    sum(handshake_setup) AS setup_time, max(handshake_setup) AS longest FROM connections \
    WHERE opened_because IS NOT NULL GROUP BY capture, server, opened_because
    """,
    // How did connections end, after how long an idle time?
    """
    CREATE VIEW how_closed AS SELECT capture, server, close_reason AS reason, closed_by, count(*) AS connections, \
    avg(exchanges) AS exchanges_mean, avg(idle_tail) AS idle_tail_mean, min(idle_tail) AS idle_tail_min, \
    max(idle_tail) AS idle_tail_max FROM connections GROUP BY capture, server, close_reason, closed_by
    """,
    // Which request opened each connection that could have been avoided?
    """
    CREATE VIEW avoidable_openings AS SELECT c.capture, c.id AS connection, c.client, c.server, c.opened, \
    c.opened_because AS cause, c.handshake_setup, e.request_method AS method, e.request_host AS host, \
    e.request_target AS target FROM connections c LEFT JOIN exchanges e \
    ON e.capture = c.capture AND e.connection = c.id AND e."index" = 1 \
    WHERE c.opened_because NOT IN ('first-contact', 'all-busy')
    """,
    // Which requests got no answer, and what became of their connections?
    """
    CREATE VIEW failed_requests AS SELECT e.capture, e.connection, e."index", e.client, e.server, \
    e.request_method AS method, e.request_host AS host, e.request_target AS target, e.start_time, e.idle_before, \
    e.outcome, c.close_reason, c.closed_by, c.race_kind FROM exchanges e LEFT JOIN connections c \
    ON c.capture = e.capture AND c.id = e.connection WHERE e.outcome NOT IN ('complete', 'upgraded', 'tunnel')
    """,
  ]

  /// Makes the tables of an empty database; refuses one whose tables are others.
  static func makeTables(_ summary: [Table], in database: Database) throws(DatabaseError) {
    let statements = [captures] + ([.exchanges, .connections] + summary).map(\.definition) + views
    let present = try database.texts("SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    if present.isEmpty {
      for statement in statements { try database.run(statement) }
      try database.run("PRAGMA application_id = \(applicationID)")
      return
    }
    guard try database.texts("PRAGMA application_id") == [applicationID] else {
      throw DatabaseError(description: "is a database of something else: choose another name")
    }
    guard Set(statements).isSubset(of: present) else {
      throw DatabaseError(description: "was made by another version of reusescope: choose another name")
    }
  }
}

extension Table {
  /// The statement that makes it in a database, with the number of the capture as its first column.
  fileprivate var definition: String {
    let columns = columns.map { column in
      let type =
        switch column.kind {
        case .integer, .boolean: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        }
      return "\"\(column.name)\" \(type)"
    }
    return
      "CREATE TABLE \"\(name)\" (capture INTEGER NOT NULL REFERENCES captures (id), \(columns.joined(separator: ", "))) STRICT"
  }
}
