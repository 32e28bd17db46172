package dev.twintail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void build_columnsOfOtherLengths_namesBoth() {
    Table.Builder builder = Table.builder("curves", 1).ints("round", new int[2]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.doubles("value", new double[3]))
        .withMessage("Cannot build table: column value has 3 rows, column round has 2");
  }

  @Test
  void build_columnTwice_isRefused() {
    Table.Builder builder = Table.builder("curves", 1).ints("round", new int[2]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.longs("round", new long[2]))
        .withMessage("Cannot build table: column round comes twice");
  }

  @Test
  void metadata_keyOfTheSchema_isRefused() {
    Table.Builder builder = Table.builder("curves", 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.metadata("schema", "summary"))
        .withMessage("Cannot build table: metadata schema comes twice");
  }

  @Test
  void strings_halfACharacter_isRefused() {
    Table.Builder builder = Table.builder("curves", 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.strings("model", List.of("\ud800")))
        .withMessageContaining("model holds text with half a character");
  }

  @Test
  void floats_unevenRows_isRefused() {
    Table.Builder builder = Table.builder("pairs", 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.floats("image", 4, new float[6]))
        .withMessage("Cannot build column image: 6 values do not fill rows of 4");
  }

  @Test
  void column_unknown_namesThoseThatAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleTables.empty().ints("rounds"))
        .withMessage(
            "Cannot read column rounds: table sample has "
                + "[round, size, mean, published, model, remark, pinned, image]");
  }

  @Test
  void column_ofOtherType_namesBothTypes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleTables.empty().doubles("published"))
        .withMessage("Cannot read column published as float64: it is nullable float64");
  }

  @Test
  void require_otherSchema_namesBoth() {
    Table table = SampleTables.empty();

    assertThat(table.require("sample", 3)).isSameAs(table);
    assertThatThrownBy(() -> table.require("summary", 4))
        .isInstanceOf(TableFormatException.class)
        .hasMessage("Cannot read table: expected summary version 4, found sample version 3");
  }

  @Test
  void arrays_changedByTheCaller_leaveTheTableAlone() {
    int[] given = {1, 2};
    Table table = Table.builder("curves", 1).ints("round", given).build();
    given[0] = 9;
    table.ints("round")[1] = 9;

    assertThat(table.ints("round")).containsExactly(1, 2);
  }
}
