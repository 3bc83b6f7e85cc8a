package dev.fleetway.cli.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlProperty;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlRootElement;
import com.fasterxml.jackson.dataformat.xml.annotation.JacksonXmlText;
import com.fasterxml.jackson.dataformat.xml.ser.ToXmlGenerator;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.cli.run.Report.Cohort;
import dev.fleetway.cli.run.Report.TenantLine;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A report as JUnit XML, in which a pipeline shows tenants as test cases and cohorts as suites. A
 * cohort that ran again counts once, as it ended.
 */
final class JunitReport {
  private static final double MILLIS = 1000;

  private JunitReport() {}

  @JacksonXmlRootElement(localName = "testsuites")
  @JsonPropertyOrder({"name", "tests", "failures", "errors", "time", "suites"})
  private record Suites(
      @JacksonXmlProperty(isAttribute = true) String name,
      @JacksonXmlProperty(isAttribute = true) int tests,
      @JacksonXmlProperty(isAttribute = true) int failures,
      @JacksonXmlProperty(isAttribute = true) int errors,
      @JacksonXmlProperty(isAttribute = true) String time,
      @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "testsuite")
          List<Suite> suites) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"name", "tests", "failures", "errors", "skipped", "timestamp", "time"})
  private record Suite(
      @JacksonXmlProperty(isAttribute = true) String name,
      @JacksonXmlProperty(isAttribute = true) int tests,
      @JacksonXmlProperty(isAttribute = true) int failures,
      @JacksonXmlProperty(isAttribute = true) int errors,
      @JacksonXmlProperty(isAttribute = true) int skipped,
      @JacksonXmlProperty(isAttribute = true) String timestamp,
      @JacksonXmlProperty(isAttribute = true) String time,
      @JacksonXmlElementWrapper(useWrapping = false) @JacksonXmlProperty(localName = "testcase")
          List<Case> cases) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Case(
      @JacksonXmlProperty(isAttribute = true) String name,
      @JacksonXmlProperty(isAttribute = true) String classname,
      @JacksonXmlProperty(isAttribute = true) String time,
      Failure failure,
      Skipped skipped) {}

  private record Failure(
      @JacksonXmlProperty(isAttribute = true) String type,
      @JacksonXmlProperty(isAttribute = true) String message,
      @JacksonXmlText String text) {}

  private record Skipped(@JacksonXmlProperty(isAttribute = true) String message) {}

  static String of(Report report) {
    Map<Integer, Cohort> last = new TreeMap<>();
    report.cohorts().forEach(cohort -> last.put(cohort.number(), cohort));
    List<Suite> suites = last.values().stream().map(cohort -> suite(report.run(), cohort)).toList();
    Suites all =
        new Suites(
            report.run(),
            suites.stream().mapToInt(Suite::tests).sum(),
            suites.stream().mapToInt(Suite::failures).sum(),
            0,
            seconds(last.values().stream().mapToLong(JunitReport::millis).sum()),
            suites);
    XmlMapper mapper =
        XmlMapper.builder()
            .enable(ToXmlGenerator.Feature.WRITE_XML_DECLARATION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    try {
      return mapper.writeValueAsString(all).stripTrailing();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report that cannot be written as XML", e);
    }
  }

  private static Suite suite(String run, Cohort cohort) {
    String name = String.format(Locale.ROOT, "%s.cohort-%03d", run, cohort.number());
    return new Suite(
        name,
        cohort.tenants().size(),
        count(cohort, Outcome.Failed),
        0,
        count(cohort, Outcome.Skipped),
        cohort.started() == null ? null : cohort.started().toString(),
        seconds(millis(cohort)),
        cohort.tenants().stream().map(tenant -> testCase(name, tenant)).toList());
  }

  private static Case testCase(String suite, TenantLine tenant) {
    return new Case(
        tenant.tenant(),
        suite,
        seconds(tenant.millis() == null ? 0 : tenant.millis()),
        tenant.outcome() == Outcome.Failed ? failure(tenant) : null,
        tenant.outcome() == Outcome.Skipped ? new Skipped(String.valueOf(tenant.reason())) : null);
  }

  private static Failure failure(TenantLine tenant) {
    String message = tenant.message() == null ? "" : tenant.message();
    return new Failure(
        String.valueOf(tenant.reason()),
        message,
        "%s%s%s%n%s"
            .formatted(
                tenant.server() == null ? "" : tenant.server() + ", ",
                tenant.failedVersion() == null ? "" : "version " + tenant.failedVersion(),
                tenant.sqlState() == null ? "" : ", SQLSTATE " + tenant.sqlState(),
                tenant.reason() == null ? message : tenant.reason().hint()));
  }

  private static int count(Cohort cohort, Outcome outcome) {
    return (int) cohort.tenants().stream().filter(t -> t.outcome() == outcome).count();
  }

  private static long millis(Cohort cohort) {
    return cohort.tenants().stream().mapToLong(t -> t.millis() == null ? 0 : t.millis()).sum();
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / MILLIS);
  }
}
