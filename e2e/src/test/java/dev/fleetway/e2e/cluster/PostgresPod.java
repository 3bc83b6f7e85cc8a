package dev.fleetway.e2e.cluster;

/**
 * The database server of a scenario: a pod under the restricted profile and its Service. The user
 * id fits the image of the test cluster; the official images take any.
 */
public final class PostgresPod {
  public static final String NAME = "postgres";
  public static final String USER = "postgres";
  public static final int PORT = 5432;
  public static final int CONNECTIONS = 200;

  /** Where the small disk is. */
  public static final String SMALL_DISK = "/small";

  private static final String IMAGE_VARIABLE = "FLEETWAY_POSTGRES_IMAGE";

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: postgres}
      spec:
        selector: {app: postgres}
        ports: [{port: 5432}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: postgres-superuser}
      stringData: {password: "@PASSWORD@"}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: postgres, labels: {app: postgres}}
      spec:
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 1
        securityContext:
          {runAsNonRoot: true, runAsUser: 70, runAsGroup: 70, fsGroup: 70, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: postgres
            image: @IMAGE@
            imagePullPolicy: IfNotPresent
            args: [-c, max_connections=@CONNECTIONS@, -c, shared_buffers=64MB, -c, fsync=off, -c, log_statement=none]
            env:
              - {name: PGDATA, value: /pgdata/data}
              - name: POSTGRES_PASSWORD
                valueFrom: {secretKeyRef: {name: postgres-superuser, key: password}}
              - name: PGPASSWORD
                valueFrom: {secretKeyRef: {name: postgres-superuser, key: password}}
            ports: [{containerPort: 5432}]
            readinessProbe:
              exec: {command: [pg_isready, -q, -h, 127.0.0.1, -U, postgres]}
              periodSeconds: 1
              timeoutSeconds: 5
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            volumeMounts: [{name: data, mountPath: /pgdata}, {name: small, mountPath: /small}]
        volumes:
          - {name: data, emptyDir: {}}
          - {name: small, emptyDir: {medium: Memory, sizeLimit: 24Mi}}
      """;

  private PostgresPod() {}

  /** The image: {@code postgres:17}, or what the environment says. */
  public static String image() {
    String image = System.getenv(IMAGE_VARIABLE);
    return image == null || image.isBlank() ? "postgres:17" : image;
  }

  /** A server that takes so many connections, and has a disk of 24 MiB beside the usual one. */
  static String manifest(String image, String password, int connections) {
    return MANIFEST
        .replace("@IMAGE@", image)
        .replace("@PASSWORD@", password)
        .replace("@CONNECTIONS@", Integer.toString(connections));
  }
}
