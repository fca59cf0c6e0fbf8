extension MachineCatalog {
  /// The machines of this package that are made from parameters alone.
  public static let standard = MachineCatalog([
    ChiralClockMachine.kind, SpinChainMachine.kind, QubitRotorMachine.kind,
  ])
}
