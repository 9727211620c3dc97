import CPcap
import Glibc

/// The rights of this process. Capturing needs them to begin with and never again: what reads strangers' packets for hours should
/// have none.
public enum Privileges {
  /// This process may do everything.
  public static var areRoot: Bool { geteuid() == 0 }

  /// Why rights could not be given up.
  public struct Problem: Error, CustomStringConvertible {
    public let description: String
  }

  /// Gives up for good what this process may do beyond its user: to be called once, after the interface is open and before there
  /// is a second thread.
  ///
  /// As root it becomes `user`, with that user's groups; "root" stays root, as far as files go. Every capability goes, and no
  /// program can be started that gains any.
  ///
  /// - Parameter user: a user's name or number; `nil` only changes what needs no root.
  public static func drop(to user: String?) throws(Problem) {
    let isRoot = areRoot
    var staysRoot = false
    if let user {
      let account = try Account(user)
      staysRoot = account.user == 0
      guard isRoot || account.user == geteuid() else { throw Problem(description: "only root can become another user") }
      if isRoot, !staysRoot { try become(account) }
    }
    if !staysRoot {
      guard give_up_capabilities() == 0 else { throw failure("capabilities cannot be given up") }
    }
    guard forbid_new_privileges() == 0 else { throw failure("new privileges cannot be forbidden") }
  }

  private static func become(_ account: Account) throws(Problem) {
    // Groups first: the right to change them goes with the user.
    guard unsafe initgroups(account.name, account.group) == 0 else {
      throw failure("the groups of \(account.name) cannot be taken on")
    }
    guard setgid(account.group) == 0 else { throw failure("group \(account.group) cannot be taken on") }
    guard setuid(account.user) == 0 else { throw failure("user \(account.name) cannot be taken on") }
    // setuid of root changes the real, the effective and the saved user; a way back would be a hole.
    guard getuid() == account.user, geteuid() == account.user, getegid() == account.group, setuid(0) != 0 else {
      throw Problem(description: "user \(account.name) was not taken on for good")
    }
  }

  private static func failure(_ what: String) -> Problem {
    Problem(description: "\(what): \(SystemError(errno))")
  }

  private struct Account {
    var name: String
    var user: uid_t
    var group: gid_t

    init(_ name: String) throws(Problem) {
      let number = uid_t(name)
      let byName = name.utf8.contains(0) ? nil : unsafe getpwnam(name)
      guard let entry = unsafe byName ?? number.flatMap({ unsafe getpwuid($0) }) else {
        throw Problem(description: "there is no user \"\(shownName(of: name))\"")
      }
      self.name = unsafe String(cString: entry.pointee.pw_name)
      user = unsafe entry.pointee.pw_uid
      group = unsafe entry.pointee.pw_gid
    }
  }
}
