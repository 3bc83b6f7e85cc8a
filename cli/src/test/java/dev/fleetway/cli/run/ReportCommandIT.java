package dev.fleetway.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import java.io.StringReader;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

class ReportCommandIT extends ClusterCommands {
  @Test
  void reportsWhatAnAbortedRunDid() {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran = fleetway("report", "v105");

    assertThat(ran.exitCode()).isZero();
    assertGolden("report.md", withoutWriters(ran.out()));
    assertGolden("report.json", withoutWriters(fleetway("report", "v105", "-o", "json").out()));
  }

  @Test
  void writesJunitXmlThatKeepsToItsSchema() throws SAXException {
    given().afterTurn("05-a-cohort-aborts");

    Ran ran = fleetway("report", "v105", "-o", "junit");

    assertGolden("report-junit.xml", ran.out());
    Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(Path.of("src", "test", "resources", "junit.xsd").toFile());
    assertThatCode(
            () -> schema.newValidator().validate(new StreamSource(new StringReader(ran.out()))))
        .doesNotThrowAnyException();
  }

  @Test
  void saysThatThereIsNothingToReportYet() {
    given().beforeTurn("01-the-plan-is-frozen");

    Ran ran = fleetway("report", "v105");

    assertThat(ran.err()).isEqualTo("warning: no cohort of v105 has come to an end yet\n");
  }

  @Test
  void saysThatReportsAreGone() {
    given().afterTurn("05-a-cohort-aborts");
    client().configMaps().withName("v105-c001-a1-result").delete();

    Ran ran = fleetway("report", "v105", "-o", "junit");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "warning: the reports of 1 ended cohort are gone: somebody deleted their ConfigMaps. What"
                + " follows is incomplete\n");
    assertThat(ran.out()).contains("v105.cohort-002").doesNotContain("v105.cohort-001");
  }

  /** Kubernetes says when the test itself wrote. */
  private static String withoutWriters(String report) {
    return report
        .replaceAll("\\| \\d{4}-\\d\\d-\\d\\d [0-9:]+ CET \\|(?=\\n\\n)", "| TIME |")
        .replaceAll(
            "(\"program\": \"[^\"]*\",\\s+\"operation\": \"[A-Za-z]*\",\\s+\"time\": )\"[^\"]*\"",
            "$1\"TIME\"");
  }
}
