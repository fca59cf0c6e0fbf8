import CNESSFiles

/// An HDF5 file that is built in memory.
///
/// The only file of the command that calls C through pointers; none leaves it.
@safe final class HDF5File {
  /// HDF5 refused, or memory is exhausted.
  struct WriteError: Error {}

  private let handle: OpaquePointer

  init() throws(WriteError) {
    guard let handle = unsafe ness_h5_create() else { throw WriteError() }
    unsafe self.handle = handle
  }

  deinit { unsafe ness_h5_destroy(handle) }

  func group(_ path: String) throws(WriteError) { try check(unsafe ness_h5_group(handle, path)) }

  func put(_ path: String, _ name: String, _ value: String) throws(WriteError) {
    try check(unsafe ness_h5_put_text(handle, path, name, value))
  }

  func put(_ path: String, _ name: String, _ value: Int) throws(WriteError) {
    try check(unsafe ness_h5_put_integer(handle, path, name, Int64(value)))
  }

  func put(_ path: String, _ name: String, _ value: Double) throws(WriteError) {
    try check(unsafe ness_h5_put_real(handle, path, name, value))
  }

  func put(_ path: String, _ name: String, _ values: [String]) throws(WriteError) {
    let good = unsafe withTexts(values) { unsafe ness_h5_put_texts(handle, path, name, values.count, $0) }
    try check(good)
  }

  func put(_ path: String, _ name: String, _ values: [Double]) throws(WriteError) {
    try check(unsafe ness_h5_put_reals(handle, path, name, values.count, values))
  }

  func put(_ path: String, _ name: String, _ values: [Int]) throws(WriteError) {
    try check(unsafe ness_h5_put_integers(handle, path, name, values.count, values.map(Int64.init)))
  }

  /// Adds a matrix given row by row.
  func add(_ path: String, rows: Int, columns: Int, _ values: [Double]) throws(WriteError) {
    precondition(
      values.count == rows * columns, "\(rows) x \(columns) values must be given, but are \(values.count)")
    try check(unsafe ness_h5_add_matrix(handle, path, rows, columns, values))
  }

  func add(_ path: String, _ values: [Double]) throws(WriteError) {
    try check(unsafe ness_h5_add_reals(handle, path, values.count, values))
  }

  func add(_ path: String, _ values: [Int]) throws(WriteError) {
    try check(unsafe ness_h5_add_integers(handle, path, values.count, values.map(Int64.init)))
  }

  func add(_ path: String, _ values: [String]) throws(WriteError) {
    let good = unsafe withTexts(values) { unsafe ness_h5_add_texts(handle, path, values.count, $0) }
    try check(good)
  }

  /// The whole file.
  func bytes() throws(WriteError) -> [UInt8] {
    var size = 0
    try check(unsafe ness_h5_image(handle, nil, 0, &size))
    var bytes = [UInt8](repeating: 0, count: size)
    try check(unsafe ness_h5_image(handle, &bytes, bytes.count, &size))
    return bytes
  }

  private func check(_ good: Bool) throws(WriteError) {
    guard good else { throw WriteError() }
  }

  /// Calls `body` with one C string per text; they share one buffer and live as long as the call.
  private func withTexts(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Bool) -> Bool {
    var buffer: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(buffer.count)
      buffer += text.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    buffer.append(0)
    return unsafe buffer.withUnsafeBufferPointer { characters in
      // One entry more than there are texts: the address of an empty array may be null.
      let pointers = unsafe (starts + [0]).map { start in
        unsafe characters.baseAddress.map { unsafe $0 + start }
      }
      return unsafe pointers.withUnsafeBufferPointer { list in
        guard let first = list.baseAddress else { return false }
        return unsafe body(first)
      }
    }
  }
}
