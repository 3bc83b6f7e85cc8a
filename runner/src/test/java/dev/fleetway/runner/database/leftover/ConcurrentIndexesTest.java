package dev.fleetway.runner.database.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.runner.database.leftover.ConcurrentIndexes.Index;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrentIndexesTest {
  @Test
  void findsNamesAsTheCatalogHoldsThem() {
    ConcurrentIndexes found =
        ConcurrentIndexes.in(
            """
            -- CREATE INDEX CONCURRENTLY a ON t (a);
            CREATE INDEX CONCURRENTLY Orders_By_Date ON Orders (placed_at);
            create unique index /* now */ concurrently if not exists "Or""ders;" ON ONLY "My"."T" (a)
            """);

    assertThat(found.indexes())
        .containsExactly(
            new Index("orders_by_date", Optional.empty(), "orders", false),
            new Index("Or\"ders;", Optional.of("My"), "T", true));
    assertThat(found.repeatable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY ON t (a)",
        "CREATE INDEX a ON t (a)",
        "SELECT 'CREATE INDEX CONCURRENTLY a ON t (a)'",
        "DO $$ BEGIN EXECUTE 'x'; CREATE INDEX CONCURRENTLY a ON t (a); END $$",
        "CREATE INDEX CONCURRENTLY U&\"a\" ON t (a)",
        "CREATE INDEX CONCURRENTLY s.a ON t (a)",
        "CREATE INDEX CONCURRENTLY ${name} ON t (a)",
        "REINDEX INDEX CONCURRENTLY a",
        "DROP INDEX CONCURRENTLY IF EXISTS a",
        "",
      })
  void whatNamesNoIndexHasNone(String sql) {
    ConcurrentIndexes found = ConcurrentIndexes.in(sql);

    assertThat(found.indexes()).isEmpty();
    assertThat(found.repeatable()).isFalse();
  }

  @Test
  void aNameThatTheServerWouldCutIsNone() {
    assertThat(
            ConcurrentIndexes.in("CREATE INDEX CONCURRENTLY " + "a".repeat(64) + " ON t (a)")
                .indexes())
        .isEmpty();
    assertThat(
            ConcurrentIndexes.in("CREATE INDEX CONCURRENTLY " + "a".repeat(63) + " ON t (a)")
                .indexes())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET lock_timeout = 0; CREATE INDEX CONCURRENTLY a ON t (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS a; CREATE INDEX CONCURRENTLY a ON t (a);;",
      })
  void whatCanRunAgainIsRepeatable(String sql) {
    assertThat(ConcurrentIndexes.in(sql).repeatable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = 1; CREATE INDEX CONCURRENTLY a ON t (a)",
        "CREATE INDEX CONCURRENTLY a ON t (a); CREATE INDEX CONCURRENTLY ON t (b)",
        "DROP INDEX CONCURRENTLY b; CREATE INDEX CONCURRENTLY a ON t (a)",
        "CREATE INDEX CONCURRENTLY a ON t (a); DO 'x\\",
      })
  void whatDidMoreIsNot(String sql) {
    ConcurrentIndexes found = ConcurrentIndexes.in(sql);

    assertThat(found.indexes()).hasSize(1);
    assertThat(found.repeatable()).isFalse();
  }
}
