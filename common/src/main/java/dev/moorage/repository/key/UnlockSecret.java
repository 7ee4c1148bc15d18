package dev.moorage.repository.key;

/** What a person or a machine brings to open a key slot. Its text form says nothing secret. */
public sealed interface UnlockSecret permits Passphrase, KeyFile, RecoveryKey {

  /** The kind of slot that it opens. */
  SlotKind kind();

  /** The bytes of which the slot's key is derived; slow where the secret may be weak. */
  byte[] stretched(Stretching stretching, byte[] salt);
}
