import Testing

@testable import Reports

@Test(arguments: [
  ("/a/b", "/a/b"), ("/a?", "/a?"), ("/a?token=1&x=?", "/a?"), ("?q", "?"), ("", ""), ("*", "*"),
  ("http://user:pw@host/p?q=1", "http://host/p?"), ("http://user@host", "http://host"),
  ("http://a@b@host/", "http://host/"), ("http://host/p@q", "http://host/p@q"), ("http://host?user@x", "http://?"),
  ("http://user:p?w@host/", "http://?"), ("http://user:p#w@host/", "http://#"), ("http://user:p?w/x@host/", "http://?"),
  ("http://host/p?user@x", "http://host/p?"),
  ("http://user:p/w@host/p", "http://host/p"), ("http://user:1/w@host/p", "http://user:1/w@host/p"),
  ("http://[::1]:80/p@q", "http://[::1]:80/p@q"), ("http://[::1]/p@q", "http://[::1]/p@q"),
  ("http://user:a/b@c//user:d@host", "http://host"), ("http:/user:p?w@host/", "http:/?"),
  ("//user:pw@host/p", "//host/p"), ("http:/user:pw@host/p", "http:/host/p"),
  ("/http://user:pw@host/p", "/http://host/p"),
  ("http://a//user:pw@host/p", "http://a//host/p"), ("/@scope/p", "/@scope/p"), ("/a#part", "/a#"),
  ("/a?q#part", "/a?"),
  ("user:pw@host:443", "host:443"), ("host:443", "host:443"), ("/path/user@example", "/path/user@example"),
  ("//", "//"), ("http://", "http://"), ("http://@", "http://"), ("@", ""),
])
func `targets lose queries and user-info`(_ target: String, _ expected: String) {
  #expect(String(decoding: Redaction.target(Array(target.utf8)), as: UTF8.self) == expected)
}

@Test(arguments: [
  ("shop.test", "shop.test"), ("u:p@shop.test:80", "shop.test:80"), ("", ""), ("@", ""),
  ("u:p/w@shop.test", "shop.test"),
  ("u:p//w@shop.test", "shop.test"), ("shop.test?key=1", "shop.test"),
])
func `hosts lose user-info and queries`(_ host: String, _ expected: String) {
  #expect(String(decoding: Redaction.host(Array(host.utf8)), as: UTF8.self) == expected)
}
