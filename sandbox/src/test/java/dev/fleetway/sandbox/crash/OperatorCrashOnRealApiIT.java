package dev.fleetway.sandbox.crash;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.sandbox.SandboxFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The same with a kube-apiserver, whose admission, validation and timing are the real ones, and
 * with a client that repeats failed requests as in a release.
 *
 * <p>Unless {@code -Dfleetway.crashes=all} is given, only the first story meets a death at each of
 * its writes, and each story meets a mishap at all of its own writes together. {@code
 * -Dfleetway.kills=1000} says how many random deaths there are, {@code -Dfleetway.seed=…} which.
 */
@RealApiServer
class OperatorCrashOnRealApiIT {
  private static final int KILLS = Integer.getInteger("fleetway.kills", 40);
  private static final long SEED = Long.getLong("fleetway.seed", 1);

  private static CrashMatrix matrix;

  @BeforeAll
  static void playUndisturbed(ApiServer server) {
    matrix = new CrashMatrix(SandboxFixture.endpoint(server), true);
  }

  @AfterAll
  static void stop() {
    matrix.close();
  }

  @TestFactory
  List<DynamicNode> endsAsIfNothingHadGoneWrong() {
    List<DynamicNode> tests = new ArrayList<>();
    for (Story story : Story.values()) {
      tests.add(
          CrashMatrix.ALL
              ? matrix.atEachWrite(story, Fault.MISHAPS)
              : matrix.atAllWrites(story, Fault.MISHAPS));
    }
    for (Story story : CrashMatrix.ALL ? Story.values() : new Story[] {Story.TENANT_FAILS}) {
      tests.add(matrix.atEachWrite(story, Fault.KILLS));
    }
    return tests;
  }

  @TestFactory
  List<DynamicNode> endsAsIfTheOperatorHadNotDiedAgainAndAgain() {
    return matrix.atRandom(KILLS, SEED);
  }
}
