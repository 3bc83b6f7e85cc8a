package dev.fleetway.cli.command;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Label selectors as kubectl reads them: {@code tier=gold,region in (eu,us),!legacy}. */
public final class SelectorConverter implements ITypeConverter<LabelSelector> {
  private static final String KEY = "([A-Za-z0-9][A-Za-z0-9_./-]*)";
  private static final String VALUE = "([A-Za-z0-9_.-]*)";
  private static final Pattern COMMA_OUTSIDE = Pattern.compile(",(?![^(]*\\))");
  private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*==?\\s*" + VALUE);
  private static final Pattern DIFFERS = Pattern.compile(KEY + "\\s*!=\\s*" + VALUE);
  private static final Pattern IN = Pattern.compile(KEY + "\\s+(in|notin)\\s+\\(([^()]+)\\)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);

  @Override
  public LabelSelector convert(String text) {
    LabelSelectorBuilder selector = new LabelSelectorBuilder();
    for (String term : COMMA_OUTSIDE.split(text, -1)) {
      add(selector, term.strip());
    }
    return selector.build();
  }

  private static void add(LabelSelectorBuilder selector, String term) {
    Matcher equals = EQUALS.matcher(term);
    Matcher differs = DIFFERS.matcher(term);
    Matcher in = IN.matcher(term);
    Matcher exists = EXISTS.matcher(term);
    if (equals.matches()) {
      equal(selector, equals.group(1), equals.group(2));
    } else if (differs.matches()) {
      expression(selector, differs.group(1), "NotIn", List.of(differs.group(2)));
    } else if (in.matches()) {
      String operator = in.group(2).equals("in") ? "In" : "NotIn";
      List<String> values = Arrays.stream(in.group(3).split(",", -1)).map(String::strip).toList();
      expression(selector, in.group(1), operator, values);
    } else if (exists.matches()) {
      String operator = exists.group(1).isEmpty() ? "Exists" : "DoesNotExist";
      expression(selector, exists.group(2), operator, List.of());
    } else {
      throw new TypeConversionException(
          "'" + term + "' is no label selector such as tier=gold or region in (eu,us)");
    }
  }

  /** A key that is named twice must have both values, which none has: a map would keep one. */
  private static void equal(LabelSelectorBuilder selector, String key, String value) {
    Map<String, String> labels = selector.getMatchLabels();
    if (labels == null || !labels.containsKey(key)) {
      selector.addToMatchLabels(key, value);
    } else {
      expression(selector, key, "In", List.of(value));
    }
  }

  private static void expression(
      LabelSelectorBuilder selector, String key, String operator, List<String> values) {
    selector
        .addNewMatchExpression()
        .withKey(key)
        .withOperator(operator)
        .withValues(values)
        .endMatchExpression();
  }
}
