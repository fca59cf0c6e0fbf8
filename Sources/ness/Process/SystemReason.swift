import Foundation

/// The operating system's reason for a failed file operation, without Foundation's words around it.
func systemReason(_ error: any Error) -> String {
  let outer = error as NSError
  let inner = (outer.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
  let candidates = [inner, outer].compactMap { $0 }
  guard let posix = candidates.first(where: { $0.domain == NSPOSIXErrorDomain }) else {
    return outer.localizedDescription
  }
  let text = posix.localizedDescription
  guard let sentence = text.range(of: "could not be completed. ") else { return text }
  return String(text[sentence.upperBound...])
}
