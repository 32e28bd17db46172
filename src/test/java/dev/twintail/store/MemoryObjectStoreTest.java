package dev.twintail.store;

import org.junit.jupiter.api.DisplayName;

@DisplayName("memory")
class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() {
    return new MemoryObjectStore();
  }
}
