import Glibc
import Testing

@testable import PacketCapture

@Suite struct RefusalTests {
  /// What a file begins with, and what it is called.
  @Test(arguments: [
    ("", "an empty file"),
    ("a", "text"),
    ("hello\nworld", "text"),
    ("\n\r\r\nnot a section header, though it begins like one", "text"),
    ("snoop\0\0\0\0\0\0\u{2}\0\0\0\u{4}", "snoop"),
    ("GMBU\u{1}\0\0\0", "Network Monitor"),
    ("RTSS\u{1}\0\0\0", "Network Monitor"),
    ("iptrace 2.0", "iptrace"),
    ("PK\u{3}\u{4}abcd", "zip"),
    ("\u{7F}ELF\u{2}\u{1}", "ELF"),
    ("<!DOCTYPE html><html>", "HTML"),
    ("  <html lang=en>", "HTML"),
    ("<?xml version=\"1.0\"?>", "XML"),
    ("{\"log\":{\"version\":\"1.2\",\"entries\":[]}}", "HAR"),
    ("{\"timestamp\":1}", "JSON"),
    ("[1,2]", "JSON"),
    ("#!/bin/sh\n", "script"),
    ("0000  45 00 00 3c 1c 46", "hex dump"),
    ("\t0x0000:  4500 003c 1c46", "hex dump"),
    ("00000000: d4c3 b2a1 0200", "hex dump"),
    ("12:34:56.789012 IP 10.0.0.1.80 > 10.0.0.2.81: Flags [S]", "tcpdump prints"),
    ("%PDF-1.7", "PDF"),
    ("BZh91AY", "bzip2"),
    ("\0\0\0\0\0\0\0\0", "never written"),
    ("\u{1}\u{2}\u{3}\u{4}\u{5}", "01 02 03 04 05"),
  ])
  func `what is no capture is named`(content: String, name: String) throws {
    let error = try #require(try refusal(of: Array(content.utf8)))
    #expect(error.message.hasPrefix("is not a capture: "))
    #expect(error.message.contains(name), "\(error)")
    #expect(error.file?.hasSuffix("test.pcap") == true)
    for compressed in [Compressed.gzip(Array(content.utf8)), Compressed.zstd(Array(content.utf8))] {
      let error = try #require(try refusal(of: compressed))
      #expect(error.message.contains(name), "\(error)")
      #expect(error.message.contains("compressed with"), "\(error)")
    }
  }

  @Test(
    arguments: [
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00], "xz -dc"),
      ([0x04, 0x22, 0x4D, 0x18, 0x64], "lz4 -dc"),
      ([0x1C, 0x00, 0x01, 0xAC, 0, 0, 0], "editcap"),
      (Array("snoop\0\0\0".utf8), "editcap -F pcap IN OUT"),
      (Array("GMBU".utf8), "editcap -F pcap IN OUT"),
      (Array("0000  45 00 00 3c 1c 46".utf8), "text2pcap IN OUT"),
    ] as [([UInt8], String)])
  func `what to do is said`(content: [UInt8], advice: String) throws {
    let error = try #require(try refusal(of: content))
    #expect(error.advice?.contains(advice) == true)
    #expect(error.description.hasSuffix(try #require(error.advice)))
  }

  @Test func `formats without a magic number are guessed`() throws {
    var erf = Octets(swapped: true)
    for second in 0..<3 as Range<UInt32> {
      erf.put(UInt32(0))
      erf.put((1_700_000_000 + second).byteSwapped)
      erf.put([2, 4] as [UInt8])
      erf.put(UInt16(16 + 20))
      erf.put(UInt16(0))
      erf.put(UInt16(18))
      erf.put([UInt8](repeating: 9, count: 20))
    }
    #expect(try refusal(of: erf.all)?.message.contains("ERF") == true)
    var trace = [UInt8](repeating: 1, count: 100)
    trace.replaceSubrange(0..<4, with: [0, 0, 1, 0])
    trace.replaceSubrange(72..<76, with: [2, 0, 2, 0xC0])
    #expect(try refusal(of: trace)?.message.contains("ETL") == true)
  }

  @Test func `a file header cut short is said to be that`() throws {
    let header = PcapFile().octets([]).all
    #expect(try refusal(of: Array(header[..<20]))?.message.contains("the file ends after 20 octets") == true)
    let section = PcapngFile.simple([]).all
    #expect(try refusal(of: Array(section[..<20]))?.message.contains("pcapng") == true)
  }

  @Test func `what cannot be opened says why`() throws {
    let scratch = try Scratch()
    #expect(throws: CaptureError(file: "/nowhere/a", message: "cannot be opened: No such file or directory")) {
      try read("/nowhere/a")
    }
    #expect(
      throws: CaptureError(file: scratch.path, message: "is a directory", advice: "name the files in it")
    ) { try read(scratch.path) }
    #expect(throws: CaptureError(file: "-", message: "cannot be read: Bad file descriptor")) {
      _ = try CaptureReader(places: [.descriptor(-1, name: "-")])
    }
    let good = try scratch.write(PcapFile().octets(somePackets()).all, as: "good")
    let bad = try scratch.write(Array("hello".utf8), as: "bad")
    #expect { try read(good, bad) } throws: { ($0 as? CaptureError)?.file == bad }
    let secret = try scratch.write(PcapFile().octets([]).all, as: "secret")
    unsafe chmod(secret, 0)
    if geteuid() != 0 {
      #expect(throws: CaptureError(file: secret, message: "cannot be opened: Permission denied")) { try read(secret) }
    }
  }

  @Test func `a file name cannot write on the terminal`() {
    let error = CaptureError(file: "a\u{1B}[2J\u{9B}b", message: "m", offset: 5, advice: "do")
    #expect(error.description == "a\\u{001B}[2J\\u{009B}b: m (at byte 5); do" || !error.description.contains("\u{1B}"))
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x9B })
    #expect(CaptureWarning(file: "-", message: "m", matters: true).description == "standard input: m")
  }
}
