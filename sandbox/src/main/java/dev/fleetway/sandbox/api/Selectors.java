package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors as predicates over objects. */
final class Selectors {
  private static final Pattern SET = Pattern.compile("^(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)$");
  private static final Pattern EQUALITY = Pattern.compile("^([^!=\\s]+)\\s*(==|=|!=)\\s*(.*)$");
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");

  private Selectors() {}

  static Predicate<ObjectNode> labels(String selector) {
    Predicate<ObjectNode> all = object -> true;
    for (String term : terms(selector)) {
      all = all.and(labelTerm(term));
    }
    return all;
  }

  private static Predicate<ObjectNode> labelTerm(String term) {
    Matcher set = SET.matcher(term);
    if (set.matches()) {
      List<String> values =
          List.of(set.group(3).split(",", -1)).stream().map(String::strip).toList();
      boolean in = set.group(2).equals("in");
      return object -> {
        JsonNode label = label(object, set.group(1));
        return in
            ? !label.isMissingNode() && values.contains(label.asText())
            : label.isMissingNode() || !values.contains(label.asText());
      };
    }
    Matcher equality = EQUALITY.matcher(term);
    if (equality.matches()) {
      boolean equal = !equality.group(2).equals("!=");
      String value = equality.group(3);
      return object -> {
        JsonNode label = label(object, equality.group(1));
        return equal == (!label.isMissingNode() && label.asText().equals(value));
      };
    }
    return term.startsWith("!")
        ? object -> label(object, term.substring(1).strip()).isMissingNode()
        : object -> !label(object, term).isMissingNode();
  }

  private static JsonNode label(ObjectNode object, String key) {
    return object.path("metadata").path("labels").path(key);
  }

  /** Field selectors: names, and what the type declares as selectable. */
  static Predicate<ObjectNode> fields(String selector, ResourceType type) {
    Predicate<ObjectNode> all = object -> true;
    for (String term : terms(selector)) {
      Matcher equality = EQUALITY.matcher(term);
      if (!equality.matches()) {
        throw ApiException.badRequest("invalid field selector: " + term);
      }
      String field = equality.group(1);
      if (!ALWAYS.contains(field) && !type.selectableFields().contains("." + field)) {
        throw ApiException.badRequest("field label not supported: " + field);
      }
      JsonPointer pointer = JsonPointer.compile("/" + field.replace('.', '/'));
      boolean equal = !equality.group(2).equals("!=");
      String value = equality.group(3);
      all = all.and(object -> equal == object.at(pointer).asText().equals(value));
    }
    return all;
  }

  /** Splits at commas outside parentheses. */
  private static List<String> terms(String selector) {
    List<String> terms = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= selector.length(); i++) {
      char c = i == selector.length() ? ',' : selector.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == selector.length())) {
        String term = selector.substring(start, i).strip();
        if (!term.isEmpty()) {
          terms.add(term);
        }
        start = i + 1;
      }
    }
    return terms;
  }
}
