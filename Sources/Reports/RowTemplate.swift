/// The constant text of an object in a row, cut into the fragments around its values.
struct RowTemplate {
  let fragments: [Fragment]
  /// The octets of the longest fragment, which must be within ``Fragment/limit``.
  let longest: Int

  /// - Parameter text: the object with `$` in the place of each value.
  init(_ text: String) {
    let pieces = text.split(separator: "$", omittingEmptySubsequences: false)
    fragments = pieces.map { Fragment($0) }
    longest = pieces.map(\.utf8.count).max() ?? 0
  }

  static let exchange = RowTemplate(
    #"{"type":"exchange","connection":$,"client":"$","server":"$","index":$,"use":"$","pipelined":$,"#
      + #""start_time":"$","request":$,"response":$,"idle_before":$,"wait":$,"hol_delay":$,"tcp_stall":$,"#
      + #""missing_bytes":$,"retry_of":$,"outcome":"$"}"# + "\n")

  static let request = RowTemplate(
    #"{"start":$,"end":$,"method":$,"target":$,"host":$,"version":"$.$","head_bytes":$,"body_bytes":$,"#
      + #""framing":"$","persistent":$,"complete":$}"#)

  static let response = RowTemplate(
    #"{"start":$,"end":$,"status":$,"version":"$.$","head_bytes":$,"body_bytes":$,"framing":"$","#
      + #""persistent":$,"keep_alive":$,"complete":$,"interim":[$]}"#)

  static let race = RowTemplate(#"{"kind":"$","exchange":$,"idle":$,"since_fin":$}"#)

  static let connection = RowTemplate(
    #"{"type":"connection","id":$,"client":"$","server":"$","role":"$","protocol":"$","opened":$,"closed":$,"#
      + #""opening_seen":$,"handshake":$,"opened_because":$,"exchanges":$,"fresh":$,"reused":$,"unknown":$,"#
      + #""pipelined":$,"closed_by":$,"close_kind":"$","close_reason":"$","close_header_by":$,"race":$,"#
      + #""idle":{"lead":$,"gaps":$,"total":$,"max":$,"tail":$},"advertised":$,"#
      + #""tcp":{"retransmissions":$,"out_of_order":$,"stalls":$,"stall_time":$,"missing_bytes":$},"#
      + #""bytes":{"client":$,"server":$},"packets":{"client":$,"server":$},"hosts":[$]}"# + "\n")

  static let handshake = RowTemplate(#"{"setup":$,"rtt":$,"syn_retransmissions":$}"#)
  static let keepAlive = RowTemplate(#"{"timeout":$,"max":$}"#)
  static let retry = RowTemplate(#"{"connection":$,"index":$}"#)
}
