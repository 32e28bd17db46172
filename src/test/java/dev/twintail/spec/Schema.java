package dev.twintail.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A JSON Schema of {@code pipelines/}, applied to YAML as an editor does it: by the 1.2 core. */
record Schema(JsonNode tree) {
  static final Path PIPELINES = Path.of("pipelines");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Schema ofExperiments() throws IOException {
    return read("twintail.schema.json");
  }

  static Schema ofDigits() throws IOException {
    return read("digits.schema.json");
  }

  private static Schema read(String file) throws IOException {
    return new Schema(MAPPER.readTree(Files.readString(PIPELINES.resolve(file))));
  }

  Set<ValidationMessage> validate(Path yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(tree);
    Load load = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build());
    Object value = load.loadFromString(Files.readString(yaml));
    return schema.validate(MAPPER.valueToTree(value));
  }
}
