// The way into libFuzzer, which has a C interface only: the one file of the harness that the compiler does not check.
import Glibc

#if LIBFUZZER
  import CLibFuzzer
#endif

/// Runs the target with inputs that libFuzzer makes up, as its options on the command line say. Does not return.
func runLibFuzzer() -> Never {
  #if LIBFUZZER
    // The address sanitizer and libFuzzer report a trap; Swift's own backtracer would hide it from them.
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv as UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { octets, count in
      target.run(unsafe Array(UnsafeBufferPointer(start: octets, count: count)))
      return 0
    }
    exit(status)
  #else
    find("built without libFuzzer")
  #endif
}

func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

func remove(_ path: String) { _ = unsafe unlink(path) }
