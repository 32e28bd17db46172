package dev.twintail.store;

class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore openEmpty() {
    return new MemoryObjectStore();
  }
}
