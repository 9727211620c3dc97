import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  @Test(arguments: [
    ["capture.pcap"], ["analyze", "capture.pcap"], ["--quiet", "capture.pcap"], ["-q", "capture.pcap"],
  ])
  func `a capture gives the text`(_ arguments: [String]) throws {
    let (outcome, files) = try run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("capture.pcap\n"))
    #expect(outcome.output.contains("50.0 % of 2 requests reused a connection."))
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.errors == "")
    #expect(files.isEmpty)
  }

  @Test func `an empty capture is analysed`() throws {
    let (outcome, _) = try run(["capture.pcap"], on: TestCaptures.empty)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("The capture holds no packets."))
  }

  @Test func `width and top shape the text`() throws {
    let usual = try run(["capture.pcap"]).outcome
    #expect(usual.output.contains("SERVERS"))
    #expect(usual.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let other = try run(["capture.pcap", "--width", "200", "--top", "0"]).outcome
    #expect(other.status == 0)
    #expect(!other.output.contains("SERVERS"))
  }

  @Test func `version and help are printed`() throws {
    let version = try run(["--version"]).outcome
    #expect(version.status == 0)
    #expect(version.output.split(separator: ".").count == 3)
    #expect(try run(["--help"]).outcome.output.contains("Exit status"))
    let help = try run(["help", "analyze"]).outcome
    #expect(help.status == 0)
    for option in [
      "--json", "--exchanges", "--connections", "-f, --filter", "--server-port", "--top", "--width", "--quiet",
      "--redact", "--csv", "--sqlite", "--har", "--markdown", "--prometheus", "--limit-connections", "--limit-memory",
      "--fail-if",
    ] {
      #expect(help.output.contains(option), "\(option)")
    }
  }

  @Test(arguments: [
    [], ["capture.pcap", "--nonsense"], ["capture.pcap", "--top", "-1"], ["capture.pcap", "--top", "x"],
    ["capture.pcap", "--width", "0"], ["capture.pcap", "--server-port", "65536"],
    ["capture.pcap", "--server-port", "0"], ["capture.pcap", "--limit-connections", "0"],
    ["capture.pcap", "--limit-memory", "31M"], ["capture.pcap", "--limit-memory", "1x"],
    ["capture.pcap", "--limit-memory", "9999999999T"], ["capture.pcap", "--json"], ["capture.pcap", "--json", ""], [""],
    ["capture.pcap", "--json", "-", "--exchanges", "-"], ["capture.pcap", "--json", "-", "--connections", "-"],
  ])
  func `wrong usage is told apart`(_ arguments: [String]) throws {
    let (outcome, files) = try run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("Error: "))
    #expect(files.isEmpty)
  }

  @Test func `a limit of connections is a warning that matters`() throws {
    var frames: [TimedFrame] = []
    for port in 1...20 {
      var talk = Conversation(clientPort: 1024 + port)
      talk.handshake(at: Double(port), roundTrip: 0.5)
      talk.send("GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n", from: .client, at: Double(port) + 0.6)
      talk.send("HTTP/1.1 204 No Content\r\n\r\n", from: .server, at: Double(port) + 0.7)
      frames += talk.frames
    }
    let capture = PcapFile(frames).octets
    let all = try run(["capture.pcap", "--limit-connections", "20"], on: capture).outcome
    #expect(all.status == 0)
    #expect(all.errors == "")
    let some = try run(["capture.pcap", "--limit-connections", "8"], on: capture).outcome
    #expect(some.status == 1)
    #expect(some.errors.contains("12 open connections given up for want of room (limit 8)"))
    #expect(try run(["capture.pcap", "--limit-memory", "256MiB"], on: capture).outcome.status == 0)
  }

  @Test func `inputs that cannot be read are named`() throws {
    for (arguments, name) in [
      (["absent.pcap"], "absent.pcap"), (["capture.pcap", "absent.pcap"], "absent.pcap"), (["."], "."),
    ] {
      let (outcome, files) = try run(arguments + ["--json", "s.json"])
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("reusescope: \(name): "), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(files.isEmpty)
    }
    #expect(try run(["capture.pcap"], on: Array("no capture at all".utf8)).outcome.status == 2)
    #expect(try run(["capture.pcap", "-f", "no such filter"]).outcome.status == 2)
  }

  @Test func `a hostile name has no effect on the terminal`() throws {
    let outcome = try run(["\u{1B}[2J\u{202E}\n.pcap"]).outcome
    #expect(outcome.status == 2)
    #expect(outcome.errors.unicodeScalars.dropLast().allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
  }

  @Test func `a capture cut short is analysed, with a warning that matters`() throws {
    let loud = try run(["capture.pcap"], on: TestCaptures.cutShort).outcome
    #expect(loud.status == 1)
    #expect(loud.output.contains("50.0 %"))
    #expect(loud.errors.hasPrefix("reusescope: warning: capture.pcap: "))
    let quiet = try run(["capture.pcap", "--quiet"], on: TestCaptures.cutShort).outcome
    #expect(quiet.status == 1)
    #expect(quiet.errors == "")
  }

  @Test func `filters and ports choose packets`() throws {
    let none = try run(["capture.pcap", "--filter", "udp"]).outcome
    #expect(none.status == 0)
    #expect(none.output.contains("the filter matches none of"))
    #expect(try run(["capture.pcap", "-f", "tcp port 80"]).outcome.output.contains("50.0 %"))
    for ports in [["80"], ["8080", "80"]] {
      let options = ports.flatMap { ["--server-port", $0] }
      #expect(try run(options + ["capture.pcap"]).outcome.output.contains("50.0 %"))
    }
    #expect(try run(["--server-port", "8080", "capture.pcap"]).outcome.output.contains("No HTTP/1.x found"))
  }
}
