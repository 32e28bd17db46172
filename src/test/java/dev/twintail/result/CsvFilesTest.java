package dev.twintail.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvFilesTest {
  @Test
  void encode_everyType_isOneLineARowAndQuotedWhereNeeded() {
    Table table =
        Table.builder("mixed", 1)
            .ints("i", new int[] {1, -2})
            .longs("l", new long[] {1L << 40, 0})
            .doubles("d", new double[] {0.1, Double.NaN})
            .optionalDoubles("od", new Double[] {null, 2.5})
            .strings("s", List.of("a, \"b\"", ""))
            .optionalStrings("os", Arrays.asList(null, "größe\nzwei"))
            .booleans("b", new boolean[] {true, false})
            .floats("f", 2, new float[] {1, 2, 3, 0.5f})
            .build();

    assertThat(new String(CsvFiles.encode(table), StandardCharsets.UTF_8))
        .isEqualTo(
            "i,l,d,od,s,os,b,f\n"
                + "1,1099511627776,0.1,,\"a, \"\"b\"\"\",,true,1.0 2.0\n"
                + "-2,0,NaN,2.5,\"\",\"größe\nzwei\",false,3.0 0.5\n");
  }
}
