package dev.twintail.store;

class MemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  ObjectStore openEmpty() {
    return new MemoryObjectStore();
  }
}
