import Foundation

/// What the BLAS in this process says about itself.
///
/// The symbols are exported by OpenBLAS but declared in no installed header; looking them up at run time also lets the
/// benchmark run on another BLAS, of which it then knows nothing.
enum OpenBLAS {
  /// Core type whose kernels are used, for instance "SkylakeX".
  static var coreName: String? { text("openblas_get_corename") }
  /// Version and build options.
  static var configuration: String? { text("openblas_get_config") }
  /// Threads in use.
  static var threads: Int? {
    unsafe address("openblas_get_num_threads").map {
      Int(unsafe unsafeBitCast($0, to: (@convention(c) () -> Int32).self)())
    }
  }

  private static func text(_ name: String) -> String? {
    guard let address = unsafe address(name),
      let text = unsafe unsafeBitCast(address, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    else { return nil }
    return unsafe String(cString: text).trimmingCharacters(in: .whitespaces)
  }

  private static func address(_ name: String) -> UnsafeMutableRawPointer? {
    // The handle of the program itself, which lives as long as the process.
    unsafe dlopen(nil, RTLD_LAZY).flatMap { unsafe dlsym($0, name) }
  }
}
