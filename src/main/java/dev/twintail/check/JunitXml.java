package dev.twintail.check;

import java.io.StringWriter;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as JUnit XML, which build servers show: a suite a kind, a case a claim or locked action.
 * Times are 0, since nothing is run.
 */
public final class JunitXml {
  private final XMLStreamWriter xml;

  private JunitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** Returns the whole document. */
  public static String of(CheckReport report) {
    StringWriter text = new StringWriter();
    text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    try {
      XMLStreamWriter writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      new JunitXml(writer).write(report);
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("Cannot write XML into memory", e);
    }
    return text.append('\n').toString();
  }

  private void write(CheckReport report) throws XMLStreamException {
    int tests = report.suites().stream().mapToInt(suite -> suite.cases().size()).sum();
    xml.writeStartElement("testsuites");
    attribute("name", report.title());
    attribute("tests", Integer.toString(tests));
    attribute("failures", Integer.toString(report.failed()));
    attribute("errors", "0");
    attribute("time", "0");
    for (Suite suite : report.suites()) {
      write(report.experiment(), suite);
    }
    line("");
    xml.writeEndElement();
  }

  private void write(String experiment, Suite suite) throws XMLStreamException {
    line("  ");
    xml.writeStartElement("testsuite");
    attribute("name", experiment + " " + suite.name());
    attribute("tests", Integer.toString(suite.cases().size()));
    attribute("failures", Integer.toString(suite.failures().size()));
    attribute("errors", "0");
    attribute("skipped", Integer.toString(suite.skipped().size()));
    attribute("time", "0");
    if (!suite.properties().isEmpty()) {
      line("    ");
      xml.writeStartElement("properties");
      for (Map.Entry<String, String> property : suite.properties().entrySet()) {
        line("      ");
        xml.writeEmptyElement("property");
        attribute("name", property.getKey());
        attribute("value", property.getValue());
      }
      line("    ");
      xml.writeEndElement();
    }
    for (Case one : suite.cases()) {
      write(experiment + "." + suite.name(), one);
    }
    line("  ");
    xml.writeEndElement();
  }

  private void write(String classname, Case one) throws XMLStreamException {
    line("    ");
    xml.writeStartElement("testcase");
    attribute("classname", classname);
    attribute("name", one.name());
    attribute("time", "0");
    if (one.failure().isPresent()) {
      line("      ");
      xml.writeStartElement("failure");
      attribute("type", "changed");
      attribute("message", one.name() + ": " + one.failure().get());
      xml.writeCharacters(legal(one.name() + ": " + one.failure().get()));
      xml.writeEndElement();
    }
    if (one.skipped().isPresent()) {
      line("      ");
      xml.writeEmptyElement("skipped");
      attribute("message", one.skipped().get());
    }
    if (!one.detail().isEmpty()) {
      line("      ");
      xml.writeStartElement("system-out");
      xml.writeCharacters(legal(one.detail()));
      xml.writeEndElement();
    }
    line("    ");
    xml.writeEndElement();
  }

  private void line(String indent) throws XMLStreamException {
    xml.writeCharacters("\n" + indent);
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  /** Replaces what XML cannot hold at all, not even escaped. */
  private static String legal(String text) {
    StringBuilder legal = new StringBuilder();
    text.codePoints().map(c -> isLegal(c) ? c : 0xFFFD).forEach(legal::appendCodePoint);
    return legal.toString();
  }

  private static boolean isLegal(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
