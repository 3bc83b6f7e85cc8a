// Command kube-apiserver is the API server of the oldest Kubernetes that Fleetway
// supports, for the tests that ./e2e/oldest-kubernetes runs.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
