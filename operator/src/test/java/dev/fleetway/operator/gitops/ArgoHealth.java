package dev.fleetway.operator.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * What Argo CD reads in an object: its health script is run with the object as {@code obj}.
 *
 * @param message why, for people
 */
record ArgoHealth(String status, String message) {
  private static final Path SCRIPTS = Path.of("..", "docs", "gitops", "argocd", "fleetway.dev");

  static ArgoHealth of(String kind, JsonNode object) {
    Path script = SCRIPTS.resolve(kind).resolve("health.lua");
    Globals lua = JsePlatform.standardGlobals();
    lua.set("obj", value(object));
    try {
      LuaValue health = lua.load(Files.readString(script), kind).call();
      return new ArgoHealth(health.get("status").tojstring(), health.get("message").tojstring());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LuaValue value(JsonNode node) {
    if (node.isObject()) {
      LuaTable table = new LuaTable();
      node.properties().forEach(entry -> table.set(entry.getKey(), value(entry.getValue())));
      return table;
    }
    if (node.isArray()) {
      LuaTable table = new LuaTable();
      for (int i = 0; i < node.size(); i++) {
        table.set(i + 1, value(node.get(i)));
      }
      return table;
    }
    if (node.isNumber()) {
      return LuaValue.valueOf(node.asDouble());
    }
    if (node.isBoolean()) {
      return LuaValue.valueOf(node.asBoolean());
    }
    return node.isNull() ? LuaValue.NIL : LuaValue.valueOf(node.asText());
  }
}
