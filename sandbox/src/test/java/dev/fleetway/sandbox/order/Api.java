package dev.fleetway.sandbox.order;

import dev.fleetway.api.testing.ApiServer;

/** An API server that a test class may use. */
interface Api {
  String kubeconfig();

  /** Creates a namespace that nobody else uses, and returns its name. */
  String freshNamespace();

  /** A kube-apiserver. */
  static Api of(ApiServer server, String namespaces) {
    return new Api() {
      @Override
      public String kubeconfig() {
        return server.kubeConfigYaml();
      }

      @Override
      public String freshNamespace() {
        return server.freshNamespace(namespaces);
      }
    };
  }
}
