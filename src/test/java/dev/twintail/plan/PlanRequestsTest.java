package dev.twintail.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twintail.action.ManifestPacks;
import dev.twintail.blob.Blob;
import dev.twintail.blob.Digest;
import dev.twintail.pipeline.Runs;
import dev.twintail.pipeline.SyntheticStore;
import dev.twintail.pipeline.TinyExperiment;
import dev.twintail.spec.Experiment;
import dev.twintail.store.BlobStore;
import dev.twintail.store.MemoryObjectStore;
import dev.twintail.store.ObjectStore;
import dev.twintail.store.StoreContents;
import dev.twintail.store.s3.EmbeddedS3;
import dev.twintail.store.s3.FaultyProxy;
import dev.twintail.store.s3.FaultyProxy.Fault;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How many requests a plan over S3 sends, counted by a proxy before a real server. */
class PlanRequestsTest {
  private static final Experiment EXPERIMENT = TinyExperiment.read().withRounds(70);
  private static final int ACTIONS = 70 * 17 + 1;

  private static EmbeddedS3 server;
  private static FaultyProxy proxy;
  private static ObjectStore store;
  private static Plan filled;

  @BeforeAll
  static void fill() throws Exception {
    server = EmbeddedS3.start();
    proxy = FaultyProxy.before(server.endpoint());
    store = EmbeddedS3.storeAt("plans", server.endpoint());
    MemoryObjectStore objects = new MemoryObjectStore();
    filled = SyntheticStore.fill(EXPERIMENT, objects::create);
    StoreContents.copy(objects, store);
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
    proxy.close();
    server.close();
  }

  private static SortedMap<String, Integer> requestsOf(String prefix, int pending)
      throws Exception {
    SortedMap<String, Integer> requests = Collections.synchronizedSortedMap(new TreeMap<>());
    proxy.follow(
        (request, number) -> {
          requests.merge(
              request.contains("list-type=2") ? "LIST" : request.substring(0, request.indexOf(' ')),
              1,
              Integer::sum);
          return Fault.NONE;
        });
    try (ObjectStore objects = EmbeddedS3.storeAt(prefix, proxy.endpoint())) {
      Plan plan = new Runs(objects).survey(EXPERIMENT);
      assertThat(plan.graph().nodes()).hasSize(ACTIONS);
      assertThat(plan.pending()).hasSize(pending);
      assertThat(proxy.requests()).isEqualTo(requests.values().stream().mapToInt(i -> i).sum());
    }
    return requests;
  }

  @Test
  void survey_everythingCached_listsPagesAndReadsOnePack() throws Exception {
    new ManifestPacks(store).add("20261121T093000.125Z-1f00d5e7", filled.manifests());

    Map<String, Integer> requests = requestsOf("plans", 0);

    // 1191 manifests and some 4700 blobs: at most two pages before the parts, and a page each.
    assertThat(requests).containsOnlyKeys("LIST", "GET");
    assertThat(requests.get("GET")).isEqualTo(1);
    assertThat(requests.get("LIST")).isLessThanOrEqualTo(1 + 2 * (2 + 16));

    Digest lost =
        filled
            .graph()
            .results()
            .flatMap(filled::known)
            .orElseThrow()
            .manifest()
            .output("summary.arrow");
    store.delete(BlobStore.nameOf(lost));
    assertThat(requestsOf("plans", 1).keySet()).containsExactly("GET", "LIST");
    store.create(
        BlobStore.nameOf(lost),
        Blob.of(
            (filled.graph().results().flatMap(filled::known).orElseThrow().key()
                    + " summary.arrow\n")
                .getBytes(UTF_8)));
  }

  @Test
  void survey_emptyStore_listsOnce() throws Exception {
    assertThat(requestsOf("nothing", ACTIONS)).containsExactly(Map.entry("LIST", 1));
  }

  @Test
  void survey_garbledPacks_areNotBelieved() throws Exception {
    MemoryObjectStore objects = new MemoryObjectStore();
    Plan plan = SyntheticStore.fill(TinyExperiment.read(), objects::create);
    new ManifestPacks(objects).add("20261121T093000.125Z-00000001", plan.manifests());
    byte[] pack = objects.open("packs/20261121T093000.125Z-00000001").orElseThrow().readAllBytes();
    String text = new String(pack, UTF_8);
    objects.delete("packs/20261121T093000.125Z-00000001");
    // A digit of a digest is another one: the manifest's own sum finds out, and ac/ is asked.
    int at = text.indexOf("twintail-manifest 1\n") + 20;
    pack[at] = (byte) (pack[at] == '0' ? '1' : '0');
    objects.create("packs/20261121T093000.125Z-00000001", Blob.of(pack));
    objects.create("packs/20261121T093000.125Z-00000002", Blob.of("nonsense".getBytes(UTF_8)));

    Plan survey = new Runs(objects).survey(TinyExperiment.read());

    assertThat(survey.pending()).isEmpty();
    assertThat(survey.manifests()).isEqualTo(plan.manifests());
  }
}
