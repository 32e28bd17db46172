package dev.twintail.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.blob.Blob;
import dev.twintail.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

class ListingTest {
  private static final String NAME_CHARACTERS =
      "0123456789abcdef0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz._-";

  @ParameterizedTest
  @ValueSource(strings = {"", "cas/", "cas/a", "c", "cas/00/x", "none"})
  void list_anyPrefix_isCompleteAndInOrder(String prefix) throws Exception {
    Random random = new Random(7);
    TreeSet<String> keys =
        new TreeSet<>(List.of("cas/0", "cas/a", "cas/f", "cas/~", "cas/ü", "cas/00/x"));
    for (int i = 0; i < 3000; i++) {
      StringBuilder key = new StringBuilder(i % 3 == 0 ? "" : "cas/");
      for (int c = 0; c < 3; c++) {
        key.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
      }
      keys.add(key.toString());
    }
    List<String> expected =
        keys.stream()
            .filter(key -> key.startsWith(prefix))
            .filter(key -> key.matches("[A-Za-z0-9._/-]*"))
            .toList();

    assertThat(listed(prefix, (p, after, token) -> page(keys, p, after, token)))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void list_manyPages_areAskedForSideBySide() throws Exception {
    TreeSet<String> keys = new TreeSet<>();
    for (int i = 0; i < 4096; i++) {
      keys.add(String.format("cas/%03x", i));
    }
    CyclicBarrier sixteen = new CyclicBarrier(16);

    List<String> listed =
        listed(
            "cas/",
            (prefix, after, token) -> {
              boolean first = token == null && prefix.length() == 5;
              if (first && !sixteen.isBroken()) {
                meet(sixteen);
              }
              return page(keys, prefix, after, token);
            });

    assertThat(listed).containsExactlyElementsOf(keys);
    assertThat(sixteen.isBroken()).isFalse();
  }

  @Test
  void list_moreThanAPage_isCompleteOnAServer() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start();
        S3ObjectStore store = EmbeddedS3.storeAt("many", server.endpoint())) {
      List<Callable<Boolean>> writes = new ArrayList<>();
      TreeSet<String> names = new TreeSet<>();
      for (int i = 0; i < 1300; i++) {
        String name = String.format("cas/%02x/%d", i % 251, i);
        names.add(name);
        writes.add(() -> store.create(name, Blob.of(new byte[0])));
      }
      ExecutorService writers = Executors.newFixedThreadPool(8);
      try {
        for (Future<Boolean> written : writers.invokeAll(writes)) {
          assertThat(written.get()).isTrue();
        }
      } finally {
        writers.shutdownNow();
      }

      List<String> listed = new ArrayList<>();
      store.list("", entry -> listed.add(entry.name()));
      assertThat(listed).containsExactlyElementsOf(names);
      listed.clear();
      store.list("cas/", entry -> listed.add(entry.name()));
      assertThat(listed).containsExactlyElementsOf(names);
    }
  }

  private static void meet(CyclicBarrier others) throws IOException {
    try {
      others.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException("The pages are not asked for at once", e);
    }
  }

  private static List<String> listed(String prefix, ParallelListing.PageSource pages)
      throws IOException {
    List<String> names = new ArrayList<>();
    new ParallelListing(pages, ListingTest::entry).list(prefix, entry -> names.add(entry.name()));
    return names;
  }

  private static @Nullable StoredObject entry(S3Object object) {
    return object.key().matches("[A-Za-z0-9._/-]*")
        ? new StoredObject(object.key(), 1, Instant.EPOCH)
        : null;
  }

  /** Answers as S3 does, by pages of 100. */
  private static ListObjectsV2Response page(
      NavigableSet<String> keys, String prefix, @Nullable String after, @Nullable String token) {
    String start = token != null ? token : after != null ? after : "";
    List<S3Object> objects =
        keys.tailSet(start, false).stream()
            .filter(key -> key.startsWith(prefix))
            .limit(101)
            .map(key -> S3Object.builder().key(key).size(1L).build())
            .toList();
    boolean truncated = objects.size() > 100;
    return ListObjectsV2Response.builder()
        .contents(truncated ? objects.subList(0, 100) : objects)
        .isTruncated(truncated)
        .nextContinuationToken(truncated ? objects.get(99).key() : null)
        .build();
  }
}
