/// Reference systems and golden files shared by the test targets.
public enum TestSupport {}
