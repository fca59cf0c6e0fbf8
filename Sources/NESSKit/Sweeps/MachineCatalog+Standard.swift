extension MachineCatalog {
  /// All models of this library.
  public static let standard = MachineCatalog([])
}
