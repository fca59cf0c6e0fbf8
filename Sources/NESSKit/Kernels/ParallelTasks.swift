internal import CNESSKernels
internal import Dispatch

/// Runs tasks 0 ..< `count` and waits for them. Worker w of `workers` takes tasks w, w + `workers`, …; results must not
/// depend on that.
///
/// - Throws: the first failure by worker.
func runTasks(_ count: Int, workers: Int, _ task: (Int) -> ness_status) throws(KernelError) {
  let workers = min(workers, count)
  if workers <= 1 {
    for index in 0..<count { try task(index).check() }
    return
  }
  var statuses = [ness_status](repeating: .ok, count: workers)
  unsafe statuses.withUnsafeMutableBufferPointer { buffer in
    withoutActuallyEscaping(task) { task in
      // Every worker writes one element of its own, and all are done before this closure ends.
      nonisolated(unsafe) let statuses = unsafe buffer
      nonisolated(unsafe) let task = task
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for index in stride(from: worker, to: count, by: workers) {
          let status = unsafe task(index)
          if status != .ok {
            unsafe statuses[worker] = status
            return
          }
        }
      }
    }
  }
  for status in statuses { try status.check() }
}
